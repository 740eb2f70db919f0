// SPDX-License-Identifier: Apache-2.0

package main

import (
	"io"
	"net"
	"net/http"
)

// tunnel is an HTTP proxy for CONNECT: a server behind one counts as far away, so that its answers are asked for in
// gzip form.
func tunnel(writer http.ResponseWriter, request *http.Request) {
	if request.Method != http.MethodConnect {
		http.Error(writer, "CONNECT only", http.StatusMethodNotAllowed)
		return
	}
	server, err := net.Dial("tcp", request.Host)
	if err != nil {
		http.Error(writer, err.Error(), http.StatusBadGateway)
		return
	}
	client, _, err := http.NewResponseController(writer).Hijack()
	if err != nil {
		_ = server.Close()
		return
	}
	_, _ = io.WriteString(client, "HTTP/1.1 200 OK\r\n\r\n")
	go pour(server, client)
	pour(client, server)
}

// pour copies until one side ends, and ends the other: a cut must arrive as one.
func pour(into, from net.Conn) {
	_, _ = io.Copy(into, from)
	_ = into.Close()
	_ = from.Close()
}
