// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A fault is what happens to the requests whose path and query match On, counted from 1 by Nth: "2", "1-3", "2-";
// every one unless given. Byte positions below zero count from the end of the body.
type fault struct {
	On  string `json:"on"`
	Nth string `json:"nth"`

	// Before the server is asked.
	Delay duration `json:"delay"`
	Page  int      `json:"page"` // replaces the limit of lists, so that few objects are many pages

	// Instead of asking it.
	Answer *reply `json:"answer"`
	Expire string `json:"expire"` // 410: "token" with one that goes on, as the server makes it, "bare" without
	Drop   bool   `json:"drop"`   // the connection ends without a word

	// To what it says.
	Type    string   `json:"type"` // content type
	Gzip    bool     `json:"gzip"`
	Shorten *int64   `json:"shorten"` // a whole answer that has no more bytes than this
	Corrupt *int64   `json:"corrupt"` // position of a byte that changes
	Cut     *int64   `json:"cut"`     // the connection ends behind so many bytes
	Reset   *int64   `json:"reset"`   // the same with a TCP reset
	Endless string   `json:"endless"` // at the first colon, text that repeats for ever
	Dribble duration `json:"dribble"` // time between single bytes
	Hangup  bool     `json:"hangup"`  // after the answer the connection ends unannounced

	pattern     *regexp.Regexp
	first, last int
	fired       atomic.Int64
}

type reply struct {
	Status  int               `json:"status"`
	Type    string            `json:"type"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
}

type duration time.Duration

func (d *duration) UnmarshalJSON(text []byte) error {
	var words string
	if err := json.Unmarshal(text, &words); err != nil {
		return err
	}
	parsed, err := time.ParseDuration(words)
	*d = duration(parsed)
	return err
}

// A faultRow is one listener. Chance is the share of requests, in percent, that get one of the matching faults, which is
// then the same for the same seed, run, path and count; without it, every matching fault happens.
type faultRow struct {
	Name   string   `json:"name"`
	TLS    string   `json:"tls"` // an entry of servingCertificates
	Faults []*fault `json:"faults"`
	Chance uint32   `json:"chance"`
}

func readFaultRows(file string) ([]*faultRow, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var rows []*faultRow
	if err := json.Unmarshal(text, &rows); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	for _, row := range rows {
		for _, f := range row.Faults {
			if err := f.prepare(); err != nil {
				return nil, fmt.Errorf("%s: row %s: %w", file, row.Name, err)
			}
		}
	}
	return rows, nil
}

func (f *fault) prepare() (err error) {
	if f.pattern, err = regexp.Compile(f.On); err != nil {
		return err
	}
	f.first, f.last = 1, int(^uint(0)>>1)
	if f.Nth == "" {
		return nil
	}
	from, to, isRange := strings.Cut(f.Nth, "-")
	if f.first, err = strconv.Atoi(from); err != nil {
		return err
	}
	if !isRange {
		f.last = f.first
	} else if to != "" {
		f.last, err = strconv.Atoi(to)
	}
	return err
}

// faultPlan decides what happens to the requests of one run: a run that comes again, in whatever order its requests
// arrive, meets the same faults.
type faultPlan struct {
	row  *faultRow
	salt string // seed and run

	mutex sync.Mutex
	seen  map[string]int
}

func (p *faultPlan) count(key string) int {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.seen[key]++
	return p.seen[key]
}

func (p *faultPlan) faultsFor(target string) []*fault {
	found := p.choose(target)
	for _, f := range found {
		f.fired.Add(1)
	}
	return found
}

func (p *faultPlan) choose(target string) []*fault {
	var found []*fault
	for i, f := range p.row.Faults {
		if !f.pattern.MatchString(target) {
			continue
		}
		if p.row.Chance > 0 {
			found = append(found, f)
			continue
		}
		if n := p.count(strconv.Itoa(i)); n >= f.first && n <= f.last {
			found = append(found, f)
		}
	}
	if p.row.Chance == 0 || len(found) == 0 {
		return found
	}
	hash := fnv.New64a()
	fmt.Fprintf(hash, "%s %s %d", p.salt, target, p.count(target))
	drawn := mixed(hash.Sum64())
	if uint32(drawn%100) >= p.row.Chance {
		return nil
	}
	return found[(drawn>>32)%uint64(len(found)):][:1]
}

// mixed spreads what FNV leaves close together (the finalizer of MurmurHash3).
func mixed(hash uint64) uint64 {
	hash = (hash ^ hash>>33) * 0xff51afd7ed558ccd
	hash = (hash ^ hash>>33) * 0xc4ceb9fe1a85ec53
	return hash ^ hash>>33
}
