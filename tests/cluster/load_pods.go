// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// Every eighth app is privileged, every third runs hardened, and so on: a scan finds both good and bad.
func hardened(app int) bool { return app%3 == 0 }

func pointer[T any](value T) *T { return &value }

// digest is a hexadecimal name that depends on its parts alone.
func digest(length int, parts ...any) string {
	sum := sha256.Sum256([]byte(fmt.Sprint(parts...)))
	return hex.EncodeToString(sum[:])[:length]
}

func appName(app int) string { return fmt.Sprintf("app-%03d", app) }

func appLabels(app int) map[string]string {
	return map[string]string{
		"app.kubernetes.io/name": appName(app), "app.kubernetes.io/instance": appName(app) + "-main",
		"app.kubernetes.io/version": fmt.Sprintf("%d.%d.0", 1+app%3, app), "app.kubernetes.io/part-of": "shop",
		"app.kubernetes.io/managed-by": "Helm", "team": fmt.Sprintf("team-%d", app%7),
	}
}

func loadDeployment(namespace string, app, replicas int) *apps.Deployment {
	selector := map[string]string{"app.kubernetes.io/name": appName(app)}
	return &apps.Deployment{
		ObjectMeta: meta.ObjectMeta{Name: appName(app), Labels: appLabels(app),
			Annotations: map[string]string{"deployment.kubernetes.io/revision": "1", "meta.helm.sh/release-name": appName(app)}},
		Spec: apps.DeploymentSpec{
			Replicas: pointer(int32(replicas)),
			Selector: &meta.LabelSelector{MatchLabels: selector},
			Template: podTemplate(namespace, app),
		},
	}
}

func loadReplicaSet(deployment *apps.Deployment) *apps.ReplicaSet {
	hash := digest(9, deployment.Namespace, deployment.Name)
	template := *deployment.Spec.Template.DeepCopy()
	template.Labels["pod-template-hash"] = hash
	return &apps.ReplicaSet{
		ObjectMeta: meta.ObjectMeta{
			Name: deployment.Name + "-" + hash, Labels: template.Labels, Annotations: deployment.Annotations,
			OwnerReferences: []meta.OwnerReference{owner("Deployment", deployment)},
		},
		Spec: apps.ReplicaSetSpec{
			Replicas: deployment.Spec.Replicas,
			Selector: &meta.LabelSelector{MatchLabels: map[string]string{
				"app.kubernetes.io/name": deployment.Name, "pod-template-hash": hash}},
			Template: template,
		},
	}
}

func owner(kind string, object meta.Object) meta.OwnerReference {
	return meta.OwnerReference{APIVersion: "apps/v1", Kind: kind, Name: object.GetName(), UID: object.GetUID(),
		Controller: pointer(true), BlockOwnerDeletion: pointer(true)}
}

func loadPod(set *apps.ReplicaSet, index int) *core.Pod {
	template := set.Spec.Template.DeepCopy()
	pod := &core.Pod{ObjectMeta: template.ObjectMeta, Spec: template.Spec}
	// 7919 is odd, so that no two indexes below 2^20 share a suffix.
	pod.Name = fmt.Sprintf("%s-%05x", set.Name, index*7919%(1<<20))
	pod.GenerateName = set.Name + "-"
	pod.OwnerReferences = []meta.OwnerReference{owner("ReplicaSet", set)}
	pod.Spec.NodeName = nodeName(index / podsPerNode)
	return pod
}

func podTemplate(namespace string, app int) core.PodTemplateSpec {
	annotations := map[string]string{
		"prometheus.io/scrape": "true", "prometheus.io/port": "9090",
		"checksum/config": digest(64, "config", namespace, app),
	}
	spec := core.PodSpec{
		ServiceAccountName: appName(app),
		InitContainers:     []core.Container{{Name: "migrate", Image: image("migrate", app), Args: []string{"up"}}},
		Containers:         []core.Container{mainContainer(app), sidecar(app)},
		Volumes: []core.Volume{
			{Name: "config", VolumeSource: core.VolumeSource{ConfigMap: &core.ConfigMapVolumeSource{
				LocalObjectReference: core.LocalObjectReference{Name: "config-0"}}}},
			{Name: "tmp", VolumeSource: core.VolumeSource{EmptyDir: &core.EmptyDirVolumeSource{}}},
		},
	}
	if hardened(app) {
		spec.AutomountServiceAccountToken = pointer(false)
		spec.SecurityContext = &core.PodSecurityContext{RunAsNonRoot: pointer(true), RunAsUser: pointer(int64(10001)),
			FSGroup: pointer(int64(10001)), SeccompProfile: &core.SeccompProfile{Type: core.SeccompProfileTypeRuntimeDefault}}
	}
	if app%11 == 5 {
		spec.HostNetwork = true
	}
	return core.PodTemplateSpec{ObjectMeta: meta.ObjectMeta{Labels: appLabels(app), Annotations: annotations}, Spec: spec}
}

func image(name string, app int) string {
	return fmt.Sprintf("registry.example.com/shop/%s-%03d:%d.%d.0", name, app, 1+app%3, app)
}

func resources() core.ResourceRequirements {
	return core.ResourceRequirements{
		Requests: core.ResourceList{core.ResourceCPU: resource.MustParse("100m"), core.ResourceMemory: resource.MustParse("128Mi")},
		Limits:   core.ResourceList{core.ResourceMemory: resource.MustParse("256Mi")},
	}
}

func probe(path string) *core.Probe {
	return &core.Probe{ProbeHandler: core.ProbeHandler{HTTPGet: &core.HTTPGetAction{Path: path, Port: intstr.FromString("http")}}}
}

func mainContainer(app int) core.Container {
	c := core.Container{
		Name: "main", Image: image("server", app), Args: []string{"serve", "--config=/etc/app/config.yaml", "--listen=:8080"},
		Ports: []core.ContainerPort{{Name: "http", ContainerPort: 8080}, {Name: "metrics", ContainerPort: 9090}},
		Env: []core.EnvVar{
			{Name: "POD_NAME", ValueFrom: &core.EnvVarSource{FieldRef: &core.ObjectFieldSelector{FieldPath: "metadata.name"}}},
			{Name: "UPSTREAM_URL", Value: "http://app-000.load-0000.svc.cluster.local:8080/api/v1"},
			{Name: "DB_PASSWORD", ValueFrom: &core.EnvVarSource{SecretKeyRef: &core.SecretKeySelector{
				LocalObjectReference: core.LocalObjectReference{Name: "secret-0"}, Key: "password"}}},
		},
		EnvFrom:        []core.EnvFromSource{{ConfigMapRef: &core.ConfigMapEnvSource{LocalObjectReference: core.LocalObjectReference{Name: "config-1"}}}},
		Resources:      resources(),
		LivenessProbe:  probe("/healthz"),
		ReadinessProbe: probe("/readyz"),
		VolumeMounts: []core.VolumeMount{{Name: "config", MountPath: "/etc/app", ReadOnly: true},
			{Name: "tmp", MountPath: "/tmp"}},
	}
	switch {
	case hardened(app):
		c.SecurityContext = &core.SecurityContext{AllowPrivilegeEscalation: pointer(false), ReadOnlyRootFilesystem: pointer(true),
			Capabilities: &core.Capabilities{Drop: []core.Capability{"ALL"}}}
	case app%8 == 7:
		c.SecurityContext = &core.SecurityContext{Privileged: pointer(true)}
	}
	return c
}

func sidecar(app int) core.Container {
	return core.Container{
		Name: "exporter", Image: image("exporter", app), Args: []string{"--target=http://127.0.0.1:8080"},
		Ports: []core.ContainerPort{{Name: "exporter", ContainerPort: 9100}}, Resources: resources(),
	}
}

// runningStatus is what a kubelet reports of a healthy pod, at a fixed time.
func runningStatus(pod *core.Pod, index int) core.PodStatus {
	since := meta.NewTime(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	status := core.PodStatus{
		Phase: core.PodRunning, QOSClass: core.PodQOSBurstable, StartTime: &since,
		HostIP: nodeAddress(index / podsPerNode), HostIPs: []core.HostIP{{IP: nodeAddress(index / podsPerNode)}},
	}
	address := fmt.Sprintf("10.%d.%d.%d", 64+index>>16, index>>8&255, index&255)
	if pod.Spec.HostNetwork {
		address = status.HostIP
	}
	status.PodIP, status.PodIPs = address, []core.PodIP{{IP: address}}
	for _, kind := range []core.PodConditionType{core.PodReadyToStartContainers, core.PodInitialized, core.PodReady,
		core.ContainersReady, core.PodScheduled} {
		status.Conditions = append(status.Conditions, core.PodCondition{Type: kind, Status: core.ConditionTrue, LastTransitionTime: since})
	}
	for _, c := range pod.Spec.InitContainers {
		state := core.ContainerState{Terminated: &core.ContainerStateTerminated{Reason: "Completed", StartedAt: since, FinishedAt: since}}
		status.InitContainerStatuses = append(status.InitContainerStatuses, containerStatus(pod, c, state))
	}
	for _, c := range pod.Spec.Containers {
		state := core.ContainerState{Running: &core.ContainerStateRunning{StartedAt: since}}
		status.ContainerStatuses = append(status.ContainerStatuses, containerStatus(pod, c, state))
	}
	return status
}

func containerStatus(pod *core.Pod, c core.Container, state core.ContainerState) core.ContainerStatus {
	return core.ContainerStatus{
		Name: c.Name, Image: c.Image, ImageID: "registry.example.com/shop@sha256:" + digest(64, c.Image),
		ContainerID: "containerd://" + digest(64, pod.Namespace, pod.Name, c.Name),
		Ready:       true, Started: pointer(state.Running != nil), State: state,
	}
}
