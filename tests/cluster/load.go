// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"flag"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	apps "k8s.io/api/apps/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

const (
	maxLoadPods       = 100000
	maxLoadNamespaces = 5000
	maxLoadWorkers    = 32
	podsPerDeployment = 5
	podsPerNode       = 100
)

// A loader creates objects that look like a busy cluster's. The same numbers give the same objects.
type loader struct {
	client     kubernetes.Interface
	pods       int
	namespaces int
	objects    atomic.Int64
}

// runLoad fills a cluster through its API, as controllers and kubelets would have done; it needs
// neither of them. It ends with one line of JSON: objects, pods, seconds.
func runLoad(args []string) int {
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	kubeconfig := flags.String("kubeconfig", "", "kubeconfig to use")
	pods := flags.Int("pods", 10000, "pods to create, each about 10 KB of JSON as the server answers it")
	namespaces := flags.Int("namespaces", 200, "namespaces to spread them over")
	workers := flags.Int("workers", 8, "concurrent requests")
	timeout := flags.Duration("timeout", 20*time.Minute, "bound for everything")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if *pods < 0 || *pods > maxLoadPods || *namespaces < 1 || *namespaces > maxLoadNamespaces || *workers < 1 || *workers > maxLoadWorkers {
		return fail(fmt.Errorf("load: at most %d pods, %d namespaces, %d workers", maxLoadPods, maxLoadNamespaces, maxLoadWorkers))
	}
	config, err := connect(*kubeconfig)
	if err != nil {
		return fail(fmt.Errorf("load: %w", err))
	}
	config.ContentType = "application/vnd.kubernetes.protobuf"
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return fail(fmt.Errorf("load: %w", err))
	}
	ctx, cancel := context.WithTimeout(context.Background(), *timeout)
	defer cancel()
	start := time.Now()
	l := &loader{client: client, pods: *pods, namespaces: *namespaces}
	if err := l.fill(ctx, *workers); err != nil {
		return fail(fmt.Errorf("load: %w", err))
	}
	printJSON(map[string]any{"objects": l.objects.Load(), "pods": l.pods, "seconds": time.Since(start).Seconds()})
	return 0
}

// fill shares the namespaces among workers; the first error ends all.
func (l *loader) fill(ctx context.Context, workers int) error {
	if err := l.fillCluster(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	work := make(chan int)
	var group sync.WaitGroup
	for i := 0; i < workers; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for index := range work {
				if err := l.fillNamespace(ctx, index); err != nil {
					cancel(fmt.Errorf("%s: %w", namespaceName(index), err))
					return
				}
			}
		}()
	}
feed:
	for index := 0; index < l.namespaces; index++ {
		select {
		case work <- index:
		case <-ctx.Done():
			break feed
		}
	}
	close(work)
	group.Wait()
	return context.Cause(ctx)
}

// counted takes the answer of a creation apart and counts it.
func counted[T any](l *loader, object T, err error) (T, error) {
	if err == nil {
		l.objects.Add(1)
	}
	return object, err
}

func (l *loader) fillCluster(ctx context.Context) error {
	for i := 0; i <= l.pods/podsPerNode; i++ {
		node := loadNode(i)
		created, err := l.client.CoreV1().Nodes().Create(ctx, node, meta.CreateOptions{FieldManager: "kubelet"})
		if _, err = counted(l, created, err); err != nil {
			return err
		}
		created.Status = node.Status
		if _, err := l.client.CoreV1().Nodes().UpdateStatus(ctx, created, meta.UpdateOptions{FieldManager: "kubelet"}); err != nil {
			return err
		}
	}
	for i := 0; i < 50; i++ {
		role, err := l.client.RbacV1().ClusterRoles().Create(ctx, loadClusterRole(i), loadOptions)
		if _, err = counted(l, role, err); err != nil {
			return err
		}
		bound, err := l.client.RbacV1().ClusterRoleBindings().Create(ctx, loadClusterRoleBinding(i), loadOptions)
		if _, err = counted(l, bound, err); err != nil {
			return err
		}
	}
	return nil
}

// fillNamespace gives namespace `index` its share of the pods, and what belongs to them.
func (l *loader) fillNamespace(ctx context.Context, index int) error {
	name := namespaceName(index)
	created, err := l.client.CoreV1().Namespaces().Create(ctx, loadNamespace(index), loadOptions)
	if _, err = counted(l, created, err); err != nil {
		return err
	}
	if err := ensureServiceAccount(ctx, l.client, name, "default"); err != nil {
		return err
	}
	if err := l.fillConfiguration(ctx, name); err != nil {
		return err
	}
	first, last := index*l.pods/l.namespaces, (index+1)*l.pods/l.namespaces
	for app := 0; first < last; app++ {
		count := min(podsPerDeployment, last-first)
		if err := l.fillApp(ctx, name, app, first, count); err != nil {
			return err
		}
		first += count
	}
	return nil
}

func (l *loader) fillConfiguration(ctx context.Context, namespace string) error {
	for i := 0; i < 10; i++ {
		config, err := l.client.CoreV1().ConfigMaps(namespace).Create(ctx, loadConfigMap(i), loadOptions)
		if _, err = counted(l, config, err); err != nil {
			return err
		}
		secret, err := l.client.CoreV1().Secrets(namespace).Create(ctx, loadSecret(i), loadOptions)
		if _, err = counted(l, secret, err); err != nil {
			return err
		}
	}
	for i := 0; i < 5; i++ {
		policy, err := l.client.NetworkingV1().NetworkPolicies(namespace).Create(ctx, loadNetworkPolicy(i), loadOptions)
		if _, err = counted(l, policy, err); err != nil {
			return err
		}
		role, err := l.client.RbacV1().Roles(namespace).Create(ctx, loadRole(i), loadOptions)
		if _, err = counted(l, role, err); err != nil {
			return err
		}
	}
	return nil
}

// fillApp creates one Deployment with all that hangs on it, down to `count` running pods.
func (l *loader) fillApp(ctx context.Context, namespace string, app, firstPod, count int) error {
	account, err := l.client.CoreV1().ServiceAccounts(namespace).Create(ctx, loadServiceAccount(app), loadOptions)
	if _, err = counted(l, account, err); err != nil {
		return err
	}
	bound, err := l.client.RbacV1().RoleBindings(namespace).Create(ctx, loadRoleBinding(namespace, app), loadOptions)
	if _, err = counted(l, bound, err); err != nil {
		return err
	}
	service, err := l.client.CoreV1().Services(namespace).Create(ctx, loadService(app), loadOptions)
	if _, err = counted(l, service, err); err != nil {
		return err
	}
	deployment, err := l.client.AppsV1().Deployments(namespace).Create(ctx, loadDeployment(namespace, app, count), loadOptions)
	if deployment, err = counted(l, deployment, err); err != nil {
		return err
	}
	controller := meta.CreateOptions{FieldManager: "kube-controller-manager"}
	set, err := l.client.AppsV1().ReplicaSets(namespace).Create(ctx, loadReplicaSet(deployment), controller)
	if set, err = counted(l, set, err); err != nil {
		return err
	}
	for i := 0; i < count; i++ {
		if err := l.fillPod(ctx, set, firstPod+i); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) fillPod(ctx context.Context, owner *apps.ReplicaSet, index int) error {
	pods := l.client.CoreV1().Pods(owner.Namespace)
	pod, err := pods.Create(ctx, loadPod(owner, index), meta.CreateOptions{FieldManager: "kube-controller-manager"})
	if pod, err = counted(l, pod, err); err != nil {
		return err
	}
	pod.Status = runningStatus(pod, index)
	_, err = pods.UpdateStatus(ctx, pod, meta.UpdateOptions{FieldManager: "kubelet"})
	return err
}

var loadOptions = meta.CreateOptions{FieldManager: "kubectl"}
