// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	authentication "k8s.io/api/authentication/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

const scannerTokenSeconds = 24 * 3600

func writeCertificateKubeconfigs(dir string, cluster clientcmdapi.Cluster) error {
	certificates, err := filepath.Glob(filepath.Join(dir, "pki", "clients", "*.crt"))
	if err != nil || len(certificates) == 0 {
		return fmt.Errorf("no client certificate in %s: %v", dir, err)
	}
	for _, path := range certificates {
		certificate, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		key, err := os.ReadFile(strings.TrimSuffix(path, ".crt") + ".key")
		if err != nil {
			return err
		}
		name := strings.TrimSuffix(filepath.Base(path), ".crt")
		user := clientcmdapi.AuthInfo{ClientCertificateData: certificate, ClientKeyData: key}
		if err := writeKubeconfig(dir, name, cluster, user); err != nil {
			return err
		}
	}
	return nil
}

func writeTokenKubeconfig(ctx context.Context, client kubernetes.Interface, dir string, cluster clientcmdapi.Cluster) error {
	seconds := int64(scannerTokenSeconds)
	request := &authentication.TokenRequest{Spec: authentication.TokenRequestSpec{ExpirationSeconds: &seconds}}
	answer, err := client.CoreV1().ServiceAccounts(scannerNamespace).CreateToken(ctx, scannerName, request, meta.CreateOptions{})
	if err != nil {
		return fmt.Errorf("token of %s: %w", scannerName, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "kubeconfig", "sa-token"), []byte(answer.Status.Token), 0o600); err != nil {
		return err
	}
	return writeKubeconfig(dir, "sa-token", cluster, clientcmdapi.AuthInfo{Token: answer.Status.Token})
}

// writeKubeconfig writes DIR/kubeconfig/NAME.yaml with one cluster, user and context.
func writeKubeconfig(dir, name string, cluster clientcmdapi.Cluster, user clientcmdapi.AuthInfo) error {
	config := clientcmdapi.NewConfig()
	config.Clusters["testcluster"] = &cluster
	config.AuthInfos[name] = &user
	config.Contexts[name] = &clientcmdapi.Context{Cluster: "testcluster", AuthInfo: name}
	config.CurrentContext = name
	return clientcmd.WriteToFile(*config, filepath.Join(dir, "kubeconfig", name+".yaml"))
}
