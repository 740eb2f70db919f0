// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"net/url"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/embed"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubemark "k8s.io/kubernetes/cmd/kubemark/app"
)

const (
	etcdReadyTimeout = 20 * time.Second
	etcdQuotaBytes   = 8 << 30
)

// runAPIServer takes `--etcd-dir=DIR` as first argument; the rest is kube-apiserver's.
// etcd listens on a unix socket inside DIR, so no second port can be taken or guessed; DIR becomes the
// working directory, so that the other flags need absolute paths.
func runAPIServer(args []string) int {
	const flag = "--etcd-dir="
	if len(args) == 0 || !strings.HasPrefix(args[0], flag) {
		return fail(fmt.Errorf("apiserver: the first argument must be %sDIR", flag))
	}
	store, endpoint, err := startEtcd(strings.TrimPrefix(args[0], flag))
	if err != nil {
		return fail(err)
	}
	defer store.Close()
	stopOnSignal(store)
	return runComponent(apiserver.NewAPIServerCommand(), append([]string{"--etcd-servers=" + endpoint}, args[1:]...))
}

// stopOnSignal ends the store alone at SIGUSR1: a test wants to see what a server without one does.
func stopOnSignal(store *embed.Etcd) {
	wanted := make(chan os.Signal, 1)
	signal.Notify(wanted, syscall.SIGUSR1)
	go func() {
		<-wanted
		store.Close()
	}()
}

func runControllerManager(args []string) int {
	return runComponent(controllermanager.NewControllerManagerCommand(), args)
}

func runScheduler(args []string) int {
	return runComponent(scheduler.NewSchedulerCommand(), args)
}

func runHollowNode(args []string) int {
	return runComponent(kubemark.NewHollowNodeCommand(), args)
}

// runComponent ends by itself after TESTCLUSTER_TTL seconds, so that a test that was killed leaves
// nothing behind for ever.
func runComponent(c *cobra.Command, args []string) int {
	if seconds, err := strconv.Atoi(os.Getenv("TESTCLUSTER_TTL")); err == nil && seconds > 0 {
		time.AfterFunc(time.Duration(seconds)*time.Second, func() {
			fmt.Fprintf(os.Stderr, "testcluster: ending after %d seconds, as TESTCLUSTER_TTL says\n", seconds)
			os.Exit(0)
		})
	}
	c.SetArgs(args)
	return cli.Run(c)
}

// startEtcd runs a single-member store that may lose everything with the machine: fsync is off.
func startEtcd(dir string) (*embed.Etcd, string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, "", err
	}
	// Relative names, because a socket's name is at most 107 bytes long; etcd 3.5 wants a port in them.
	if err := os.Chdir(dir); err != nil {
		return nil, "", err
	}
	client := url.URL{Scheme: "unix", Host: "localhost:1"}
	peer := url.URL{Scheme: "unix", Host: "localhost:2"}
	config := embed.NewConfig()
	config.Dir = "data"
	config.ListenClientUrls, config.AdvertiseClientUrls = []url.URL{client}, []url.URL{client}
	config.ListenPeerUrls, config.AdvertisePeerUrls = []url.URL{peer}, []url.URL{peer}
	config.InitialCluster = config.InitialClusterFromName(config.Name)
	config.UnsafeNoFsync = true
	config.QuotaBackendBytes = etcdQuotaBytes
	config.LogLevel = "error"
	store, err := embed.StartEtcd(config)
	if err != nil {
		return nil, "", fmt.Errorf("etcd: %w", err)
	}
	select {
	case <-store.Server.ReadyNotify():
		return store, client.String(), nil
	case err := <-store.Err():
		return nil, "", fmt.Errorf("etcd: %w", err)
	case <-time.After(etcdReadyTimeout):
		store.Close()
		return nil, "", fmt.Errorf("etcd: not ready after %s", etcdReadyTimeout)
	}
}
