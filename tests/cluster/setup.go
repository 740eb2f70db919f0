// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

var systemNamespaces = []string{"default", "kube-system", "kube-public", "kube-node-lease"}

// runSetup turns a starting API server into a cluster that tests can use: DIR/kubeconfig/*.yaml for
// every client certificate in DIR/pki/clients and for a service account, and what those may do.
func runSetup(args []string) int {
	flags := flag.NewFlagSet("setup", flag.ContinueOnError)
	dir := flags.String("dir", "", "the cluster's folder")
	server := flags.String("server", "", "URL of the API server")
	pid := flags.Int("pid", 0, "process of the API server: setup ends early when it is gone")
	timeout := flags.Duration("timeout", 60*time.Second, "bound for the whole set-up")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	ctx, cancel := context.WithTimeout(context.Background(), *timeout)
	defer cancel()
	if err := setUp(ctx, *dir, *server, *pid); err != nil {
		return fail(fmt.Errorf("setup: %w", err))
	}
	return 0
}

func setUp(ctx context.Context, dir, server string, pid int) error {
	ca, err := os.ReadFile(filepath.Join(dir, "pki", "ca.crt"))
	if err != nil {
		return err
	}
	cluster := clientcmdapi.Cluster{Server: server, CertificateAuthorityData: ca}
	if err := writeCertificateKubeconfigs(dir, cluster); err != nil {
		return err
	}
	config, err := connect(filepath.Join(dir, "kubeconfig", "admin.yaml"))
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	if err := waitReady(ctx, client, pid); err != nil {
		return err
	}
	for _, namespace := range systemNamespaces {
		if err := waitNamespace(ctx, client, namespace); err != nil {
			return err
		}
		if err := ensureServiceAccount(ctx, client, namespace, "default"); err != nil {
			return err
		}
	}
	if err := aggregateRoles(ctx, client); err != nil {
		return err
	}
	if err := grant(ctx, client); err != nil {
		return err
	}
	return writeTokenKubeconfig(ctx, client, dir, cluster)
}

// waitReady ends early when the server's process is gone. Zero stands for a process of others.
func waitReady(ctx context.Context, client kubernetes.Interface, pid int) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	err := poll(ctx, "/readyz", func(ctx context.Context) (bool, string) {
		if pid > 0 && syscall.Kill(pid, 0) != nil {
			cancel(fmt.Errorf("the API server's process %d ended", pid))
			return false, "process gone"
		}
		attempt, stop := context.WithTimeout(ctx, 2*time.Second)
		defer stop()
		_, err := client.Discovery().RESTClient().Get().AbsPath("/readyz").DoRaw(attempt)
		if err != nil {
			return false, err.Error()
		}
		return true, ""
	})
	if cause := context.Cause(ctx); err != nil && cause != nil && cause != context.DeadlineExceeded {
		return cause
	}
	return err
}

func waitNamespace(ctx context.Context, client kubernetes.Interface, name string) error {
	return poll(ctx, "namespace "+name, func(ctx context.Context) (bool, string) {
		_, err := client.CoreV1().Namespaces().Get(ctx, name, meta.GetOptions{})
		if err != nil {
			return false, err.Error()
		}
		return true, ""
	})
}

// ensureServiceAccount does at once what the controller manager does later, or never where none
// runs: pods are refused in a namespace without a `default` service account.
func ensureServiceAccount(ctx context.Context, client kubernetes.Interface, namespace, name string) error {
	account := &core.ServiceAccount{ObjectMeta: meta.ObjectMeta{Namespace: namespace, Name: name}}
	_, err := client.CoreV1().ServiceAccounts(namespace).Create(ctx, account, meta.CreateOptions{})
	return ignoreExisting(err)
}

func ignoreExisting(err error) error {
	if errors.IsAlreadyExists(err) {
		return nil
	}
	return err
}
