// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// runFaults stands in front of an API server and breaks what the rows of a file say. Each row has a port of its own;
// `{"ROW": PORT, …}` on standard output names them, "tunnel" being that of an HTTP proxy. A first path segment `run-N`
// is a run with counts of its own. The program ends with its standard input, and prints then how often each fault of each
// row came to pass.
func runFaults(args []string) int {
	flags := flag.NewFlagSet("faults", flag.ContinueOnError)
	server := flags.String("server", "", "URL of the API server")
	pki := flags.String("pki", "", "folder with ca.crt and ca.key")
	rows := flags.String("rows", "", "JSON file of the rows")
	seed := flags.Uint64("seed", 1, "for rows with a chance")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	table, err := readFaultRows(*rows)
	if err != nil {
		return fail(fmt.Errorf("faults: %w", err))
	}
	ports, err := serveFaults(*server, *pki, table, *seed)
	if err != nil {
		return fail(fmt.Errorf("faults: %w", err))
	}
	printJSON(ports)
	_, _ = io.Copy(io.Discard, os.Stdin)
	printJSON(firings(table))
	return 0
}

func firings(rows []*faultRow) map[string][]int64 {
	counts := map[string][]int64{}
	for _, row := range rows {
		for _, f := range row.Faults {
			counts[row.Name] = append(counts[row.Name], f.fired.Load())
		}
	}
	return counts
}

func serveFaults(server, pki string, rows []*faultRow, seed uint64) (map[string]int, error) {
	upstream, err := upstreamOf(server, pki)
	if err != nil {
		return nil, err
	}
	ports := map[string]int{}
	for _, row := range rows {
		config, err := tlsConfig(row.TLS, pki)
		if err != nil {
			return nil, fmt.Errorf("row %s: %w", row.Name, err)
		}
		breaker := &breaker{upstream: upstream, row: row, seed: seed, plans: map[string]*faultPlan{}}
		if ports[row.Name], err = listen(breaker, config); err != nil {
			return nil, err
		}
	}
	ports["tunnel"], err = listen(http.HandlerFunc(tunnel), nil)
	return ports, err
}

type connectionKey struct{}

// listen serves HTTP/1.1, as our client speaks it, with TLS or without.
func listen(handler http.Handler, config *tls.Config) (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	port := listener.Addr().(*net.TCPAddr).Port
	server := &http.Server{
		Handler:  handler,
		ErrorLog: log.New(io.Discard, "", 0), // refused handshakes are what tests want
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, connectionKey{}, c)
		},
	}
	if config != nil {
		listener = tls.NewListener(listener, config)
	}
	go func() { _ = server.Serve(listener) }()
	return port, nil
}

func tcpOf(request *http.Request) *net.TCPConn {
	connection := request.Context().Value(connectionKey{})
	if secure, ok := connection.(*tls.Conn); ok {
		connection = secure.NetConn()
	}
	tcp, _ := connection.(*net.TCPConn)
	return tcp
}

type upstream struct {
	address   *url.URL
	transport *http.Transport
}

func upstreamOf(server, pki string) (*upstream, error) {
	address, err := url.Parse(server)
	if err != nil {
		return nil, err
	}
	ca, err := os.ReadFile(filepath.Join(pki, "ca.crt"))
	if err != nil {
		return nil, err
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(ca)
	// Whoever asks decides about gzip, and whose token it is: it passes through.
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}, DisableCompression: true, MaxIdleConnsPerHost: 64}
	return &upstream{address, transport}, nil
}

// breaker serves one row.
type breaker struct {
	upstream *upstream
	row      *faultRow
	seed     uint64

	mutex sync.Mutex
	plans map[string]*faultPlan
}

var runSegment = regexp.MustCompile(`^/run-[0-9]+`)

func (b *breaker) plan(run string) *faultPlan {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.plans[run] == nil {
		b.plans[run] = &faultPlan{row: b.row, salt: fmt.Sprintf("%d %s", b.seed, run), seen: map[string]int{}}
	}
	return b.plans[run]
}

func (b *breaker) ServeHTTP(writer http.ResponseWriter, request *http.Request) {
	run := runSegment.FindString(request.URL.Path)
	request.URL.Path = request.URL.Path[len(run):]
	request.URL.RawPath = ""
	faults := b.plan(run).faultsFor(request.URL.RequestURI())
	for _, f := range faults {
		time.Sleep(time.Duration(f.Delay))
		if f.Hangup {
			defer func() { time.AfterFunc(20*time.Millisecond, func() { _ = tcpOf(request).Close() }) }()
		}
		if f.Drop {
			panic(http.ErrAbortHandler)
		}
		if instead := f.insteadOf(request); instead != nil {
			instead.write(writer)
			return
		}
		f.reshape(request)
	}
	b.forward(faults, writer, request)
}

func (b *breaker) forward(faults []*fault, writer http.ResponseWriter, request *http.Request) {
	proxy := httputil.ReverseProxy{
		Transport:     b.upstream.transport,
		FlushInterval: -1,
		ErrorLog:      log.New(io.Discard, "", 0),
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = b.upstream.address.Scheme, b.upstream.address.Host
		},
		ModifyResponse: func(response *http.Response) error {
			for _, f := range faults {
				if err := f.breakAnswer(response, tcpOf(request)); err != nil {
					return err
				}
			}
			return nil
		},
		// A server that breaks off is one, seen through us.
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
	}
	proxy.ServeHTTP(writer, request)
}

// insteadOf is the answer to a request that the server is not asked, or nil.
func (f *fault) insteadOf(request *http.Request) *reply {
	if f.Answer != nil {
		return f.Answer
	}
	if f.Expire == "" {
		return nil
	}
	gone := expired(request.URL.Query().Get("continue"), f.Expire == "token")
	return &gone
}

func (f *fault) reshape(request *http.Request) {
	if f.Gzip {
		request.Header.Del("Accept-Encoding")
	}
	if query := request.URL.Query(); f.Page > 0 && query.Has("limit") {
		query.Set("limit", strconv.Itoa(f.Page))
		request.URL.RawQuery = query.Encode()
	}
}

func (a *reply) write(writer http.ResponseWriter) {
	body := a.Body
	if body == "" && a.Status >= 400 {
		text, _ := json.Marshal(map[string]any{
			"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": strings.ReplaceAll(http.StatusText(a.Status), " ", ""),
			"message": "the fault proxy says so", "code": a.Status,
		})
		body = string(text)
	}
	kind := a.Type
	if kind == "" {
		kind = "application/json"
	}
	writer.Header().Set("Content-Type", kind)
	for name, value := range a.Headers {
		writer.Header().Set(name, value)
	}
	writer.WriteHeader(a.Status)
	_, _ = io.WriteString(writer, body)
}
