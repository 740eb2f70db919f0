// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"strconv"
	"strings"
	"time"

	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// runWait waits for the named conditions one after the other:
//
//	ready            /readyz answers 200
//	serviceaccounts  every namespace has its default service account
//	controllers      every workload has the pods (or owned objects) it can have
//	pods             every pod runs or has ended (needs nodes and the scheduler)
//	nodes=N          N nodes are Ready
//	group=NAME       aggregated discovery names the API group, whoever serves it
func runWait(args []string) int {
	flags := flag.NewFlagSet("wait", flag.ContinueOnError)
	kubeconfig := flags.String("kubeconfig", "", "kubeconfig to use")
	timeout := flags.Duration("timeout", 60*time.Second, "bound for all conditions together")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	config, err := connect(*kubeconfig)
	if err != nil {
		return fail(fmt.Errorf("wait: %w", err))
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return fail(fmt.Errorf("wait: %w", err))
	}
	ctx, cancel := context.WithTimeout(context.Background(), *timeout)
	defer cancel()
	for _, condition := range flags.Args() {
		if err := waitFor(ctx, client, condition); err != nil {
			return fail(fmt.Errorf("wait: %w", err))
		}
	}
	return 0
}

// A shortage names something that is still missing, or answers "" when nothing is.
type shortage func(context.Context, kubernetes.Interface) (string, error)

func waitFor(ctx context.Context, client kubernetes.Interface, condition string) error {
	if condition == "ready" {
		return waitReady(ctx, client, 0)
	}
	missing, err := shortageOf(condition)
	if err != nil {
		return err
	}
	return poll(ctx, condition, func(ctx context.Context) (bool, string) {
		what, err := missing(ctx, client)
		if err != nil {
			return false, err.Error()
		}
		return what == "", what
	})
}

func shortageOf(condition string) (shortage, error) {
	switch condition {
	case "serviceaccounts":
		return missingServiceAccounts, nil
	case "controllers":
		return unsettledWorkload, nil
	case "pods":
		return pendingPod, nil
	}
	if group, isGroup := strings.CutPrefix(condition, "group="); isGroup {
		return func(ctx context.Context, client kubernetes.Interface) (string, error) {
			return undiscoveredGroup(ctx, client, group)
		}, nil
	}
	count, isNodes := strings.CutPrefix(condition, "nodes=")
	wanted, err := strconv.Atoi(count)
	if !isNodes || err != nil {
		return nil, fmt.Errorf("unknown condition %q", condition)
	}
	return func(ctx context.Context, client kubernetes.Interface) (string, error) {
		return missingNodes(ctx, client, wanted)
	}, nil
}

func missingServiceAccounts(ctx context.Context, client kubernetes.Interface) (string, error) {
	namespaces, err := client.CoreV1().Namespaces().List(ctx, meta.ListOptions{})
	if err != nil {
		return "", err
	}
	accounts, err := client.CoreV1().ServiceAccounts("").List(ctx, meta.ListOptions{FieldSelector: "metadata.name=default"})
	if err != nil {
		return "", err
	}
	has := map[string]bool{}
	for _, account := range accounts.Items {
		has[account.Namespace] = true
	}
	for _, namespace := range namespaces.Items {
		if !has[namespace.Name] && namespace.Status.Phase == core.NamespaceActive {
			return "none in " + namespace.Name, nil
		}
	}
	return "", nil
}

func undiscoveredGroup(ctx context.Context, client kubernetes.Interface, group string) (string, error) {
	const aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
	answer, err := client.Discovery().RESTClient().Get().AbsPath("/apis").SetHeader("Accept", aggregated).DoRaw(ctx)
	if err != nil {
		return "", err
	}
	var groups struct{ Items []meta.PartialObjectMetadata }
	if err := json.Unmarshal(answer, &groups); err != nil {
		return "", err
	}
	for _, each := range groups.Items {
		if each.Name == group {
			return "", nil
		}
	}
	return "not discovered", nil
}

func missingNodes(ctx context.Context, client kubernetes.Interface, wanted int) (string, error) {
	nodes, err := client.CoreV1().Nodes().List(ctx, meta.ListOptions{})
	if err != nil {
		return "", err
	}
	ready := 0
	for _, node := range nodes.Items {
		for _, condition := range node.Status.Conditions {
			if condition.Type == core.NodeReady && condition.Status == core.ConditionTrue {
				ready++
			}
		}
	}
	if ready < wanted {
		return fmt.Sprintf("%d of %d ready", ready, wanted), nil
	}
	return "", nil
}

func pendingPod(ctx context.Context, client kubernetes.Interface) (string, error) {
	pods, err := client.CoreV1().Pods("").List(ctx, meta.ListOptions{FieldSelector: "status.phase=Pending"})
	if err != nil {
		return "", err
	}
	if len(pods.Items) > 0 {
		first := pods.Items[0]
		return fmt.Sprintf("%d pending, such as %s/%s", len(pods.Items), first.Namespace, first.Name), nil
	}
	return "", nil
}

// unsettledWorkload names a workload whose controller has not done all it can. Pods that admission
// refuses count as done: the controller says so in a ReplicaFailure condition.
func unsettledWorkload(ctx context.Context, client kubernetes.Interface) (string, error) {
	for _, check := range []shortage{
		unsettledDeployment, unsettledReplicaSet, unsettledStatefulSet, unsettledDaemonSet, unsettledJob,
	} {
		if missing, err := check(ctx, client); missing != "" || err != nil {
			return missing, err
		}
	}
	return "", nil
}

func unsettledDeployment(ctx context.Context, client kubernetes.Interface) (string, error) {
	list, err := client.AppsV1().Deployments("").List(ctx, meta.ListOptions{})
	if err != nil {
		return "", err
	}
	for _, d := range list.Items {
		refused := false
		for _, condition := range d.Status.Conditions {
			refused = refused || condition.Type == apps.DeploymentReplicaFailure && condition.Status == core.ConditionTrue
		}
		if d.Status.ObservedGeneration < d.Generation || !refused && d.Status.Replicas < *d.Spec.Replicas {
			return fmt.Sprintf("Deployment %s/%s has %d pods", d.Namespace, d.Name, d.Status.Replicas), nil
		}
	}
	return "", nil
}

func unsettledReplicaSet(ctx context.Context, client kubernetes.Interface) (string, error) {
	list, err := client.AppsV1().ReplicaSets("").List(ctx, meta.ListOptions{})
	if err != nil {
		return "", err
	}
	for _, r := range list.Items {
		refused := len(r.Status.Conditions) > 0
		if r.Status.ObservedGeneration < r.Generation || !refused && r.Status.Replicas != *r.Spec.Replicas {
			return fmt.Sprintf("ReplicaSet %s/%s has %d pods", r.Namespace, r.Name, r.Status.Replicas), nil
		}
	}
	return "", nil
}

// Without a kubelet the first pod of an ordered set never becomes ready and the second never comes.
func unsettledStatefulSet(ctx context.Context, client kubernetes.Interface) (string, error) {
	list, err := client.AppsV1().StatefulSets("").List(ctx, meta.ListOptions{})
	if err != nil {
		return "", err
	}
	for _, s := range list.Items {
		wanted := *s.Spec.Replicas
		if s.Spec.PodManagementPolicy != apps.ParallelPodManagement {
			wanted = min(wanted, 1)
		}
		if s.Status.ObservedGeneration < s.Generation || s.Status.Replicas < wanted {
			return fmt.Sprintf("StatefulSet %s/%s has %d pods", s.Namespace, s.Name, s.Status.Replicas), nil
		}
	}
	return "", nil
}

func unsettledDaemonSet(ctx context.Context, client kubernetes.Interface) (string, error) {
	list, err := client.AppsV1().DaemonSets("").List(ctx, meta.ListOptions{})
	if err != nil {
		return "", err
	}
	for _, d := range list.Items {
		if d.Status.ObservedGeneration < d.Generation || d.Status.CurrentNumberScheduled < d.Status.DesiredNumberScheduled {
			return fmt.Sprintf("DaemonSet %s/%s has %d pods", d.Namespace, d.Name, d.Status.CurrentNumberScheduled), nil
		}
	}
	return "", nil
}

func unsettledJob(ctx context.Context, client kubernetes.Interface) (string, error) {
	list, err := client.BatchV1().Jobs("").List(ctx, meta.ListOptions{})
	if err != nil {
		return "", err
	}
	for _, j := range list.Items {
		suspended := j.Spec.Suspend != nil && *j.Spec.Suspend
		if !suspended && len(j.Status.Conditions) == 0 && j.Status.Active+j.Status.Succeeded+j.Status.Failed == 0 {
			return fmt.Sprintf("Job %s/%s has no pod", j.Namespace, j.Name), nil
		}
	}
	return "", nil
}
