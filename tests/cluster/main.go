// SPDX-License-Identifier: Apache-2.0

// One program with everything a test needs of a Kubernetes cluster: the control plane's own
// components, and small tools that fill and question it.
package main

import (
	"fmt"
	"os"
)

// A command takes the arguments after its name and answers with the exit code.
type command struct {
	name    string
	summary string
	run     func(args []string) int
}

func commands() []command {
	return []command{
		{"apiserver", "embedded etcd and kube-apiserver in one process (--etcd-dir, then kube-apiserver's flags)", runAPIServer},
		{"controller-manager", "kube-controller-manager", runControllerManager},
		{"scheduler", "kube-scheduler", runScheduler},
		{"hollow-node", "a kubelet without containers (kubemark)", runHollowNode},
		{"faults", "a reverse proxy in front of an API server that breaks what it is told to", runFaults},
		{"token", "print a token of a service account that ends when told, signed with the cluster's own key", runToken},
		{"ports", "print N free loopback ports outside the ephemeral range", runPorts},
		{"setup", "bindings, service accounts and kubeconfigs of a fresh cluster", runSetup},
		{"apply", "create or update the objects of manifest files", runApply},
		{"wait", "wait, bounded, until the server, nodes or controllers are done", runWait},
		{"get", "print status and body of a path of the API", runGet},
		{"cel", "evaluate JSON lines with Kubernetes' own CEL environment", runCEL},
		{"cel-bench", "time the expressions of a file over the JSON objects of another", runCELBench},
		{"load", "create many realistic objects for benchmarks", runLoad},
	}
}

func main() {
	if len(os.Args) > 1 {
		for _, c := range commands() {
			if c.name == os.Args[1] {
				// The components parse os.Args themselves.
				os.Args = append([]string{c.name}, os.Args[2:]...)
				os.Exit(c.run(os.Args[1:]))
			}
		}
	}
	fmt.Fprintln(os.Stderr, "usage: testcluster COMMAND [flags]")
	for _, c := range commands() {
		fmt.Fprintf(os.Stderr, "  %-20s %s\n", c.name, c.summary)
	}
	os.Exit(2)
}

// fail prints one sentence and answers the exit code of a command that could not do its job.
func fail(err error) int {
	fmt.Fprintf(os.Stderr, "testcluster: %v\n", err)
	return 1
}
