// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"path/filepath"
	"time"
)

// A servingCertificate is what a row shows instead of the API server's own.
type servingCertificate struct {
	selfSigned bool
	names      []string
	addresses  []net.IP
	from, to   time.Duration // validity, from now
	newestTLS  uint16
}

var loopback = []net.IP{net.IPv4(127, 0, 0, 1)}

func servingCertificates() map[string]servingCertificate {
	const hour = time.Hour
	return map[string]servingCertificate{
		"good":          {addresses: loopback, from: -hour, to: hour},
		"self-signed":   {addresses: loopback, from: -hour, to: hour, selfSigned: true},
		"expired":       {addresses: loopback, from: -2 * hour, to: -hour},
		"not-yet-valid": {addresses: loopback, from: hour, to: 2 * hour},
		"cn-only":       {from: -hour, to: hour},
		"wrong-host":    {names: []string{"elsewhere.example"}, from: -hour, to: hour},
		"tls-1.1":       {addresses: loopback, from: -hour, to: hour, newestTLS: tls.VersionTLS11},
	}
}

// tlsConfig makes the certificate of that name, signed by the cluster's own authority in `pki`.
func tlsConfig(name, pki string) (*tls.Config, error) {
	if name == "" {
		name = "good"
	}
	wanted, known := servingCertificates()[name]
	if !known {
		return nil, fmt.Errorf("no serving certificate %q", name)
	}
	authority, err := tls.LoadX509KeyPair(filepath.Join(pki, "ca.crt"), filepath.Join(pki, "ca.key"))
	if err != nil {
		return nil, err
	}
	certificate, err := wanted.sign(authority)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{Certificates: []tls.Certificate{*certificate}, MaxVersion: wanted.newestTLS}
	if wanted.newestTLS != 0 {
		config.MinVersion = tls.VersionTLS10
	}
	return config, nil
}

func (c servingCertificate) sign(authority tls.Certificate) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()),
		Subject:      pkix.Name{CommonName: "127.0.0.1"},
		DNSNames:     c.names,
		IPAddresses:  c.addresses,
		NotBefore:    now.Add(c.from),
		NotAfter:     now.Add(c.to),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	parent, signer := template, crypto.PrivateKey(key)
	if !c.selfSigned {
		signer = authority.PrivateKey
		if parent, err = x509.ParseCertificate(authority.Certificate[0]); err != nil {
			return nil, err
		}
	}
	encoded, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{encoded}, PrivateKey: key}, nil
}
