// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"

	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	rbac "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

func namespaceName(index int) string { return fmt.Sprintf("load-%04d", index) }
func nodeName(index int) string      { return fmt.Sprintf("load-node-%04d", index) }
func nodeAddress(index int) string   { return fmt.Sprintf("10.32.%d.%d", index>>8, index&255) }

func loadNode(index int) *core.Node {
	capacity := core.ResourceList{core.ResourceCPU: resource.MustParse("32"), core.ResourceMemory: resource.MustParse("128Gi"),
		core.ResourcePods: resource.MustParse("110")}
	return &core.Node{
		ObjectMeta: meta.ObjectMeta{Name: nodeName(index), Labels: map[string]string{"kubernetes.io/os": "linux",
			"kubernetes.io/arch": "amd64", "kubernetes.io/hostname": nodeName(index), "topology.kubernetes.io/zone": fmt.Sprintf("zone-%d", index%3)}},
		Status: core.NodeStatus{
			Capacity: capacity, Allocatable: capacity,
			Addresses:  []core.NodeAddress{{Type: core.NodeInternalIP, Address: nodeAddress(index)}, {Type: core.NodeHostName, Address: nodeName(index)}},
			Conditions: []core.NodeCondition{{Type: core.NodeReady, Status: core.ConditionTrue, Reason: "KubeletReady"}},
			NodeInfo:   core.NodeSystemInfo{KubeletVersion: "v1.37.2", OperatingSystem: "linux", Architecture: "amd64", ContainerRuntimeVersion: "containerd://2.1.4"},
		},
	}
}

// loadNamespace labels two of five for Pod Security: one to enforce, one to warn.
func loadNamespace(index int) *core.Namespace {
	labels := map[string]string{"team": fmt.Sprintf("team-%d", index%7)}
	if index%5 == 1 {
		labels["pod-security.kubernetes.io/enforce"] = "privileged"
	}
	if index%5 == 2 {
		labels["pod-security.kubernetes.io/audit"] = "restricted"
	}
	return &core.Namespace{ObjectMeta: meta.ObjectMeta{Name: namespaceName(index), Labels: labels}}
}

func loadConfigMap(index int) *core.ConfigMap {
	return &core.ConfigMap{
		ObjectMeta: meta.ObjectMeta{Name: fmt.Sprintf("config-%d", index), Labels: appLabels(index)},
		Data: map[string]string{
			"LOG_LEVEL":   "info",
			"config.yaml": strings.Repeat(fmt.Sprintf("upstream: http://app-%03d:8080/api\ntimeout: 30s\n", index), 8),
		},
	}
}

func loadSecret(index int) *core.Secret {
	return &core.Secret{
		ObjectMeta: meta.ObjectMeta{Name: fmt.Sprintf("secret-%d", index), Labels: appLabels(index)},
		StringData: map[string]string{"password": "load-test-" + digest(24, "secret", index)},
	}
}

func loadServiceAccount(app int) *core.ServiceAccount {
	return &core.ServiceAccount{ObjectMeta: meta.ObjectMeta{Name: appName(app), Labels: appLabels(app)}}
}

func loadService(app int) *core.Service {
	return &core.Service{
		ObjectMeta: meta.ObjectMeta{Name: appName(app), Labels: appLabels(app)},
		Spec: core.ServiceSpec{
			// Headless: each cluster address would be an object of its own to create.
			ClusterIP: core.ClusterIPNone, Selector: map[string]string{"app.kubernetes.io/name": appName(app)},
			Ports: []core.ServicePort{{Name: "http", Port: 80, TargetPort: intstr.FromString("http")}},
		},
	}
}

// loadNetworkPolicy 0 denies everything by default; the others allow something to one app each.
func loadNetworkPolicy(index int) *networking.NetworkPolicy {
	policy := &networking.NetworkPolicy{
		ObjectMeta: meta.ObjectMeta{Name: fmt.Sprintf("policy-%d", index)},
		Spec:       networking.NetworkPolicySpec{PolicyTypes: []networking.PolicyType{networking.PolicyTypeIngress}},
	}
	if index == 0 {
		policy.Name = "default-deny"
		return policy
	}
	policy.Spec.PodSelector = meta.LabelSelector{MatchLabels: map[string]string{"app.kubernetes.io/name": appName(index)}}
	policy.Spec.Ingress = []networking.NetworkPolicyIngressRule{{
		From:  []networking.NetworkPolicyPeer{{PodSelector: &meta.LabelSelector{MatchLabels: map[string]string{"team": fmt.Sprintf("team-%d", index)}}}},
		Ports: []networking.NetworkPolicyPort{{Port: pointer(intstr.FromInt32(8080))}},
	}}
	return policy
}

func loadRules(index int) []rbac.PolicyRule {
	rules := []rbac.PolicyRule{
		{APIGroups: []string{""}, Resources: []string{"configmaps", "pods", "services"}, Verbs: []string{"get", "list", "watch"}},
		{APIGroups: []string{"apps"}, Resources: []string{"deployments"}, Verbs: []string{"get", "list", "patch"}},
	}
	switch index % 10 {
	case 3:
		rules = append(rules, rbac.PolicyRule{APIGroups: []string{""}, Resources: []string{"secrets"}, Verbs: []string{"get", "list"}})
	case 7:
		rules = append(rules, rbac.PolicyRule{APIGroups: []string{"*"}, Resources: []string{"*"}, Verbs: []string{"*"}})
	}
	return rules
}

func loadRole(index int) *rbac.Role {
	return &rbac.Role{ObjectMeta: meta.ObjectMeta{Name: fmt.Sprintf("role-%d", index)}, Rules: loadRules(index)}
}

func loadRoleBinding(namespace string, app int) *rbac.RoleBinding {
	return &rbac.RoleBinding{
		ObjectMeta: meta.ObjectMeta{Name: appName(app)},
		RoleRef:    rbac.RoleRef{APIGroup: rbac.GroupName, Kind: "Role", Name: fmt.Sprintf("role-%d", app%5)},
		Subjects:   []rbac.Subject{{Kind: rbac.ServiceAccountKind, Namespace: namespace, Name: appName(app)}},
	}
}

func loadClusterRoleName(index int) string { return fmt.Sprintf("load-role-%02d", index) }

func loadClusterRole(index int) *rbac.ClusterRole {
	return &rbac.ClusterRole{ObjectMeta: meta.ObjectMeta{Name: loadClusterRoleName(index)}, Rules: loadRules(index)}
}

func loadClusterRoleBinding(index int) *rbac.ClusterRoleBinding {
	return binding(loadClusterRoleName(index), loadClusterRoleName(index),
		rbac.Subject{Kind: rbac.ServiceAccountKind, Namespace: namespaceName(index), Name: appName(0)})
}
