// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"strings"
	"time"

	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/util/keyutil"
)

// The server takes a token for so long after its end, and asks for none that lives less than ten minutes: this one
// is dated back.
const (
	tokenLeeway = time.Minute
	tokenIssuer = "https://kubernetes.default.svc"
)

// runToken prints a token of the scanner's service account that the server takes for `-for`; for up to ten seconds
// more where it has seen it, because it remembers.
func runToken(args []string) int {
	flags := flag.NewFlagSet("token", flag.ContinueOnError)
	kubeconfig := flags.String("kubeconfig", "", "kubeconfig to use")
	key := flags.String("key", "", "private key that signs service account tokens")
	life := flags.Duration("for", time.Second, "how long the server takes it")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	token, err := signToken(*kubeconfig, *key, time.Now().Add(*life-tokenLeeway))
	if err != nil {
		return fail(fmt.Errorf("token: %w", err))
	}
	fmt.Println(token)
	return 0
}

func signToken(kubeconfig, keyFile string, end time.Time) (string, error) {
	parsed, err := keyutil.PrivateKeyFromFile(keyFile)
	if err != nil {
		return "", err
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	if !ok {
		return "", fmt.Errorf("%s is no EC key", keyFile)
	}
	claims, err := scannerClaims(kubeconfig, end)
	if err != nil {
		return "", err
	}
	encoded := base64.RawURLEncoding.EncodeToString
	signed := encoded([]byte(`{"alg":"ES256"}`)) + "." + encoded(claims)
	digest := sha256.Sum256([]byte(signed))
	r, s, err := ecdsa.Sign(rand.Reader, key, digest[:])
	if err != nil {
		return "", err
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return strings.Join([]string{signed, encoded(signature)}, "."), nil
}

func scannerClaims(kubeconfig string, end time.Time) ([]byte, error) {
	config, err := connect(kubeconfig)
	if err != nil {
		return nil, err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	account, err := client.CoreV1().ServiceAccounts(scannerNamespace).Get(context.Background(), scannerName, meta.GetOptions{})
	if err != nil {
		return nil, err
	}
	begin := end.Add(-time.Hour).Unix()
	return json.Marshal(map[string]any{
		"iss": tokenIssuer, "aud": []string{tokenIssuer}, "iat": begin, "nbf": begin, "exp": end.Unix(),
		"sub": "system:serviceaccount:" + scannerNamespace + ":" + scannerName,
		"kubernetes.io": map[string]any{
			"namespace":      scannerNamespace,
			"serviceaccount": map[string]string{"name": scannerName, "uid": string(account.UID)},
		},
	})
}
