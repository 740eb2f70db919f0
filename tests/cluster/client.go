// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

const pollInterval = 50 * time.Millisecond

// connect loads a kubeconfig for use without client-side throttling.
func connect(kubeconfig string) (*rest.Config, error) {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, fmt.Errorf("kubeconfig %s: %w", kubeconfig, err)
	}
	config.QPS = -1
	config.UserAgent = "testcluster"
	return config, nil
}

// poll calls `done` until it answers true or the context ends; then it says what was still
// missing: `done` answers its reason with false.
func poll(ctx context.Context, what string, done func(context.Context) (bool, string)) error {
	for {
		ok, reason := done(ctx)
		if ok {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waited in vain for %s: %s", what, reason)
		case <-time.After(pollInterval):
		}
	}
}

// printJSON writes one line of JSON to standard output.
func printJSON(value any) {
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value)
}
