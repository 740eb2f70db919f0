// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apiserver/pkg/cel/environment"
)

// What one run of runCELBench measured, with the members that tests/bench/cel.cpp prints, too.
type celTimes struct {
	Objects     int     `json:"objects"`
	Expressions int     `json:"expressions"`
	True        int     `json:"true"`
	False       int     `json:"false"`
	Errors      int     `json:"errors"`
	Parse       float64 `json:"parse"`    // seconds
	Evaluate    float64 `json:"evaluate"` // seconds
}

// runCELBench times each expression (a line of the first file) on each JSON object (a line of the second) in Kubernetes' own environment,
// on unstructured maps, in one thread. GOMAXPROCS=1 keeps the collector on it, too.
func runCELBench(args []string) int {
	if len(args) != 2 {
		return 2
	}
	times, err := benchCEL(args[0], args[1])
	if err != nil {
		return fail(fmt.Errorf("cel-bench: %w", err))
	}
	printJSON(times)
	return 0
}

func benchCEL(expressions, objects string) (*celTimes, error) {
	programs, err := compileLines(expressions)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(objects)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(make([]byte, 1<<16), celLineLimit)
	times := &celTimes{Expressions: len(programs)}
	for lines.Scan() {
		if err := times.add(programs, lines.Bytes()); err != nil {
			return nil, err
		}
	}
	return times, lines.Err()
}

func compileLines(path string) ([]cel.Program, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	judge := &judge{base: baseEnvironment(environment.DefaultCompatibilityVersion()), envs: map[string]*cel.Env{}}
	env, err := judge.environment(question{})
	if err != nil {
		return nil, err
	}
	var programs []cel.Program
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		ast, issues := env.Compile(line)
		if issues.Err() != nil {
			return nil, issues.Err()
		}
		program, err := env.Program(ast, cel.InterruptCheckFrequency(100))
		if err != nil {
			return nil, err
		}
		programs = append(programs, program)
	}
	return programs, nil
}

func (t *celTimes) add(programs []cel.Program, line []byte) error {
	start := time.Now()
	object := map[string]any{}
	if err := json.Unmarshal(line, &object); err != nil {
		return err
	}
	parsed := time.Now()
	variables := map[string]any{"object": object}
	for _, program := range programs {
		value, _, err := program.ContextEval(context.Background(), variables)
		switch {
		case err != nil:
			t.Errors++
		case value == types.True:
			t.True++
		default:
			t.False++
		}
	}
	t.Objects++
	t.Parse += parsed.Sub(start).Seconds()
	t.Evaluate += time.Since(parsed).Seconds()
	return nil
}
