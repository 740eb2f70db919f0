// SPDX-License-Identifier: Apache-2.0

package main

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"k8s.io/client-go/rest"
)

// runGet prints the HTTP status of `get PATH` on the first line and the body after it, whatever the
// status is; only a server that does not answer is an error.
func runGet(args []string) int {
	flags := flag.NewFlagSet("get", flag.ContinueOnError)
	kubeconfig := flags.String("kubeconfig", "", "kubeconfig to use")
	accept := flags.String("accept", "application/json", "Accept header")
	timeout := flags.Duration("timeout", 30*time.Second, "bound for the answer")
	if err := flags.Parse(args); err != nil || flags.NArg() != 1 {
		return 2
	}
	if err := get(*kubeconfig, flags.Arg(0), *accept, *timeout); err != nil {
		return fail(fmt.Errorf("get: %w", err))
	}
	return 0
}

func get(kubeconfig, path, accept string, timeout time.Duration) error {
	config, err := connect(kubeconfig)
	if err != nil {
		return err
	}
	config.Timeout = timeout
	client, err := rest.HTTPClientFor(config)
	if err != nil {
		return err
	}
	request, err := http.NewRequest(http.MethodGet, config.Host+path, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Accept", accept)
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	fmt.Println(answer.StatusCode)
	_, err = io.Copy(os.Stdout, answer.Body)
	return err
}
