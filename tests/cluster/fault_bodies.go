// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

var errCut = errors.New("cut on purpose")

// brokenBody gives an answer's bytes as a fault wants them. Whole: `bytes` is known from the start.
type brokenBody struct {
	bytes   []byte
	endless []byte        // repeats behind the bytes
	pause   time.Duration // before each byte
	cut     bool          // at the end, the connection ends
	reset   *net.TCPConn  // and not gently
}

func (b *brokenBody) Read(into []byte) (int, error) {
	if b.pause > 0 {
		time.Sleep(b.pause)
		into = into[:1]
	}
	if len(b.bytes) == 0 && len(b.endless) > 0 {
		b.bytes = b.endless
	}
	if len(b.bytes) > 0 {
		n := copy(into, b.bytes)
		b.bytes = b.bytes[n:]
		return n, nil
	}
	if b.reset != nil {
		_ = b.reset.SetLinger(0)
	}
	if b.cut {
		return 0, errCut
	}
	return 0, io.EOF
}

func (b *brokenBody) Close() error { return nil }

// position is an offset into `size` bytes; below zero it counts from the end.
func position(offset int64, size int) int {
	if offset < 0 {
		offset += int64(size)
	}
	return int(max(0, min(offset, int64(size))))
}

func compressed(plain []byte) []byte {
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, _ = writer.Write(plain)
	_ = writer.Close()
	return packed.Bytes()
}

// breakAnswer changes what the server said.
func (f *fault) breakAnswer(response *http.Response, connection *net.TCPConn) error {
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	_ = response.Body.Close()
	if f.Type != "" {
		response.Header.Set("Content-Type", f.Type)
	}
	if f.Gzip {
		content = compressed(content)
		response.Header.Set("Content-Encoding", "gzip")
	}
	if f.Corrupt != nil && len(content) > 0 {
		content[min(position(*f.Corrupt, len(content)), len(content)-1)] ^= 0x15
	}
	if f.Shorten != nil {
		content = content[:position(*f.Shorten, len(content))]
	}
	body := &brokenBody{bytes: content, pause: time.Duration(f.Dribble)}
	response.ContentLength = int64(len(content))
	response.Header.Set("Content-Length", strconv.Itoa(len(content)))
	if f.Cut != nil {
		body.bytes, body.cut = content[:position(*f.Cut, len(content))], true
	}
	if f.Reset != nil {
		body.bytes, body.cut, body.reset = content[:position(*f.Reset, len(content))], true, connection
	}
	if f.Endless != "" {
		body.bytes = content[:bytes.IndexByte(content, ':')+1]
		body.endless = bytes.Repeat([]byte(f.Endless), 1+(16<<10)/len(f.Endless))
		response.ContentLength = -1
		response.Header.Del("Content-Length")
	}
	response.Body = body
	return nil
}

// expired is what a server says of a continue token that is too old, with a token that goes on from the same place in
// the newest state, as the server makes them: resource version -1.
func expired(token string, withToken bool) reply {
	status := map[string]any{
		"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Expired", "code": http.StatusGone,
		"message": "The provided continue parameter is too old",
	}
	if next, err := newestState(token); err == nil && withToken {
		status["metadata"] = map[string]string{"continue": next}
	}
	body, _ := json.Marshal(status)
	return reply{Status: http.StatusGone, Type: "application/json", Body: string(body)}
}

func newestState(token string) (string, error) {
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return "", err
	}
	var state map[string]any
	if err := json.Unmarshal(text, &state); err != nil {
		return "", err
	}
	state["rv"] = -1
	text, err = json.Marshal(state)
	return base64.RawURLEncoding.EncodeToString(text), err
}
