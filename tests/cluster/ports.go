// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"math/rand"
	"net"
	"strconv"
)

// Below the ephemeral range (32768 and up), so that no outgoing connection takes a port between
// the moment it was found free and the moment a server listens on it.
const (
	firstPort    = 20000
	portCount    = 12000
	portAttempts = 1000
)

// runPorts prints N free loopback ports, one a line. Two callers may get the same one, rarely:
// whoever listens second fails and asks again.
func runPorts(args []string) int {
	wanted := 1
	if len(args) > 0 {
		n, err := strconv.Atoi(args[0])
		if err != nil || n < 1 || n > 1000 {
			return fail(fmt.Errorf("ports: %q is not a count from 1 to 1000", args[0]))
		}
		wanted = n
	}
	for attempt := 0; attempt < portAttempts && wanted > 0; attempt++ {
		port := firstPort + rand.Intn(portCount)
		listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			continue
		}
		defer listener.Close() // held until all are found, so that none is printed twice
		fmt.Println(port)
		wanted--
	}
	if wanted > 0 {
		return fail(fmt.Errorf("ports: no free port after %d attempts", portAttempts))
	}
	return 0
}
