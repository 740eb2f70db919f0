// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/google/cel-go/cel"
	"k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/apiserver/pkg/cel/environment"
	"k8s.io/apiserver/pkg/cel/library"
)

const (
	celTimeout   = 10 * time.Second
	celLineLimit = 64 << 20
)

// Declared for every expression, as in a ValidatingAdmissionPolicy; a line may declare others.
var celStandard = []string{"object", "oldObject", "params", "request", "namespaceObject", "variables"}

// A question is one line of input. Members other than these are variables of type dyn, plain JSON.
type question struct {
	expression string
	variables  map[string]any
}

// An answer is one line of output, in the order of the input.
type answer struct {
	Compile  string   `json:"compile,omitempty"`  // the compiler's text
	Error    string   `json:"error,omitempty"`    // the evaluation's text
	Value    any      `json:"value,omitempty"`    // tagged, see taggedValue
	Type     string   `json:"type,omitempty"`     // what the checker says of the expression
	Cost     *uint64  `json:"cost,omitempty"`     // units the evaluation was charged
	Estimate []uint64 `json:"estimate,omitempty"` // units that the compiler expects, at least and at most
}

// A judge compiles and evaluates in Kubernetes' environment for one version.
type judge struct {
	base *environment.EnvSet
	new  bool                // what a new policy may use, not what a stored one may
	envs map[string]*cel.Env // by names of extra variables
}

// runCEL answers each line {"expr": …, NAME: value…} of standard input with one line.
func runCEL(args []string) int {
	flags := flag.NewFlagSet("cel", flag.ContinueOnError)
	compatibility := flags.String("compatibility", "", "as a server of this version, such as 1.30 (default: the build's own)")
	newExpressions := flags.Bool("new", false, "compile as for a new policy, not for a stored one")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	target := environment.DefaultCompatibilityVersion()
	if *compatibility != "" {
		parsed, err := version.ParseGeneric(*compatibility)
		if err != nil {
			return fail(fmt.Errorf("cel: %w", err))
		}
		target = parsed
	}
	j := &judge{base: baseEnvironment(target), new: *newExpressions, envs: map[string]*cel.Env{}}
	if err := j.answerAll(os.Stdin); err != nil {
		return fail(fmt.Errorf("cel: %w", err))
	}
	return 0
}

// baseEnvironment bridges a change of signature: up to 1.34 there was a second argument, whether to
// count the cost of the newer functions as well.
func baseEnvironment(target *version.Version) *environment.EnvSet {
	function := reflect.ValueOf(environment.MustBaseEnvSet)
	arguments := []reflect.Value{reflect.ValueOf(target)}
	if function.Type().NumIn() == 2 {
		arguments = append(arguments, reflect.ValueOf(true))
	}
	return function.Call(arguments)[0].Interface().(*environment.EnvSet)
}

func (j *judge) answerAll(input io.Reader) error {
	lines := bufio.NewScanner(input)
	lines.Buffer(make([]byte, 1<<16), celLineLimit)
	for lines.Scan() {
		if len(strings.TrimSpace(lines.Text())) == 0 {
			continue
		}
		q, err := parseQuestion(lines.Bytes())
		if err != nil {
			return err
		}
		printJSON(j.answer(q))
	}
	return lines.Err()
}

// parseQuestion reads numbers as the API server does: whole ones that fit are int64, others float64.
func parseQuestion(line []byte) (question, error) {
	members := map[string]any{}
	if err := json.Unmarshal(line, &members); err != nil {
		return question{}, err
	}
	expression, ok := members["expr"].(string)
	if !ok {
		return question{}, fmt.Errorf("no expr in %.100q", line)
	}
	delete(members, "expr")
	// "bindings" are variables in the tagged form of answers, for values that JSON has not.
	tagged, _ := members["bindings"].(map[string]any)
	delete(members, "bindings")
	for name, value := range tagged {
		plain, err := untagged(value)
		if err != nil {
			return question{}, fmt.Errorf("binding %s: %w", name, err)
		}
		members[name] = plain
	}
	return question{expression, members}, nil
}

func (j *judge) answer(q question) answer {
	env, err := j.environment(q)
	if err != nil {
		return answer{Compile: err.Error()}
	}
	ast, issues := env.Compile(q.expression)
	if issues.Err() != nil {
		return answer{Compile: issues.Err().Error()}
	}
	kind := ast.OutputType().String()
	// As the API server estimates where no schema tells the size of a variable.
	expected, err := env.EstimateCost(ast, &library.CostEstimator{})
	if err != nil {
		return answer{Compile: err.Error(), Type: kind}
	}
	estimate := []uint64{expected.Min, expected.Max}
	program, err := env.Program(ast, cel.InterruptCheckFrequency(100))
	if err != nil {
		return answer{Compile: err.Error(), Type: kind}
	}
	ctx, cancel := context.WithTimeout(context.Background(), celTimeout)
	defer cancel()
	bindAuthorizer(q.variables)
	value, details, err := program.ContextEval(ctx, q.variables)
	if err != nil {
		return answer{Error: err.Error(), Type: kind, Estimate: estimate}
	}
	return answer{Value: taggedValue(value), Type: kind, Cost: details.ActualCost(), Estimate: estimate}
}

// environment is that of stored or new expressions, with all variables of the question declared dyn.
func (j *judge) environment(q question) (*cel.Env, error) {
	var extra []string
	for name := range q.variables {
		if !slices.Contains(celStandard, name) {
			extra = append(extra, name)
		}
	}
	slices.Sort(extra)
	key := strings.Join(extra, " ")
	if env, found := j.envs[key]; found {
		return env, nil
	}
	options := []cel.EnvOption{
		cel.Variable("authorizer", library.AuthorizerType),
		cel.Variable("authorizer.requestResource", library.ResourceCheckType),
	}
	for _, name := range append(extra, celStandard...) {
		options = append(options, cel.Variable(name, cel.DynType))
	}
	base := j.base.StoredExpressionsEnv()
	if j.new {
		base = j.base.NewExpressionsEnv()
	}
	env, err := base.Extend(options...)
	if err != nil {
		return nil, err
	}
	j.envs[key] = env
	return env, nil
}
