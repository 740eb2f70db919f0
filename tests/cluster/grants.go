// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"reflect"
	"slices"

	rbac "k8s.io/api/rbac/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/kubernetes"
)

const (
	scannerNamespace  = "kube-system"
	scannerName       = "testcluster-scanner"
	aggregationRounds = 4 // view feeds edit, which feeds admin
)

// aggregateRoles does what a controller does later, or never where none runs: it fills `view`, `edit`
// and `admin` from the roles that their labels select.
func aggregateRoles(ctx context.Context, client kubernetes.Interface) error {
	for round := 0; round < aggregationRounds; round++ {
		roles, err := client.RbacV1().ClusterRoles().List(ctx, meta.ListOptions{})
		if err != nil {
			return err
		}
		changed := false
		for i := range roles.Items {
			role := &roles.Items[i]
			if role.AggregationRule == nil {
				continue
			}
			rules, err := aggregated(role, roles.Items)
			if err != nil {
				return err
			}
			if reflect.DeepEqual(rules, role.Rules) {
				continue
			}
			changed = true
			role.Rules = rules
			if _, err := client.RbacV1().ClusterRoles().Update(ctx, role, meta.UpdateOptions{}); err != nil {
				return err
			}
		}
		if !changed {
			break
		}
	}
	return nil
}

// aggregated joins the rules of the selected roles, in their order, each rule once.
func aggregated(into *rbac.ClusterRole, all []rbac.ClusterRole) ([]rbac.PolicyRule, error) {
	var rules []rbac.PolicyRule
	for _, from := range all {
		selected := false
		for i := range into.AggregationRule.ClusterRoleSelectors {
			selector, err := meta.LabelSelectorAsSelector(&into.AggregationRule.ClusterRoleSelectors[i])
			if err != nil {
				return nil, err
			}
			selected = selected || selector.Matches(labels.Set(from.Labels))
		}
		if !selected || from.Name == into.Name {
			continue
		}
		for _, rule := range from.Rules {
			if !slices.ContainsFunc(rules, func(r rbac.PolicyRule) bool { return reflect.DeepEqual(r, rule) }) {
				rules = append(rules, rule)
			}
		}
	}
	return rules, nil
}

// grant gives each test identity its rights; `nothing` has none beyond every authenticated user's.
func grant(ctx context.Context, client kubernetes.Interface) error {
	if err := ensureServiceAccount(ctx, client, scannerNamespace, scannerName); err != nil {
		return err
	}
	roles := client.RbacV1().ClusterRoles()
	if _, err := roles.Create(ctx, scannerRole(), meta.CreateOptions{}); ignoreExisting(err) != nil {
		return err
	}
	user := func(name string) rbac.Subject {
		return rbac.Subject{Kind: rbac.UserKind, APIGroup: rbac.GroupName, Name: name}
	}
	account := rbac.Subject{Kind: rbac.ServiceAccountKind, Namespace: scannerNamespace, Name: scannerName}
	for _, b := range []*rbac.ClusterRoleBinding{
		binding("testcluster-viewer", "view", user("viewer")),
		binding("testcluster-monitor", "system:monitoring", user("monitor")),
		binding(scannerName, scannerName, account),
	} {
		_, err := client.RbacV1().ClusterRoleBindings().Create(ctx, b, meta.CreateOptions{})
		if ignoreExisting(err) != nil {
			return err
		}
	}
	return nil
}

func binding(name, role string, subject rbac.Subject) *rbac.ClusterRoleBinding {
	return &rbac.ClusterRoleBinding{
		ObjectMeta: meta.ObjectMeta{Name: name},
		RoleRef:    rbac.RoleRef{APIGroup: rbac.GroupName, Kind: "ClusterRole", Name: role},
		Subjects:   []rbac.Subject{subject},
	}
}

// scannerRole reads everything but secrets, and the server's own flags.
func scannerRole() *rbac.ClusterRole {
	read := func(group string, resources ...string) rbac.PolicyRule {
		return rbac.PolicyRule{APIGroups: []string{group}, Resources: resources, Verbs: []string{"get", "list"}}
	}
	rules := []rbac.PolicyRule{
		read("", "configmaps", "endpoints", "events", "limitranges", "namespaces", "nodes", "persistentvolumeclaims",
			"persistentvolumes", "pods", "podtemplates", "replicationcontrollers", "resourcequotas", "serviceaccounts", "services"),
		{NonResourceURLs: []string{"/flagz", "/statusz", "/metrics", "/version"}, Verbs: []string{"get"}},
	}
	for _, group := range []string{"admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io",
		"apps", "autoscaling", "batch", "certificates.k8s.io", "coordination.k8s.io", "discovery.k8s.io",
		"flowcontrol.apiserver.k8s.io", "gateway.networking.k8s.io", "networking.k8s.io", "node.k8s.io", "policy",
		"rbac.authorization.k8s.io", "resource.k8s.io", "scheduling.k8s.io", "storage.k8s.io"} {
		rules = append(rules, read(group, "*"))
	}
	return &rbac.ClusterRole{ObjectMeta: meta.ObjectMeta{Name: scannerName}, Rules: rules}
}
