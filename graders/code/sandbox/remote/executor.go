package remote

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// An Executor implements [sandbox.Executor] by invoking a function. It holds no
// conversations: a program in a function cannot be asked anything between two
// invocations.
type Executor struct {
	options   Options
	url       string
	signer    *v4.Signer
	transport http.RoundTripper
	own       *http.Transport // the transport, where it is its own
	places    chan struct{}
	closed    atomic.Bool

	asking sync.Mutex
	asked  *sandbox.Report
}

var _ sandbox.Executor = (*Executor)(nil)

// Run implements [sandbox.Executor]. Inputs that come after the one at which
// take returned false may have been run all the same, in the same invocation. A
// program that takes several invocations is built in each.
func (e *Executor) Run(ctx context.Context, p sandbox.Program, inputs []sandbox.Input, take func(int, sandbox.Output) bool) (sandbox.Build, error) {
	if err := ctx.Err(); err != nil {
		return sandbox.Build{}, err
	}
	r, err := e.prepare(p, inputs)
	if err != nil {
		return sandbox.Build{}, &grader.PermanentError{Err: err}
	}
	select {
	case e.places <- struct{}{}:
		defer func() { <-e.places }()
	case <-ctx.Done():
		return sandbox.Build{}, ctx.Err()
	}
	var first *sandbox.Build
	for done := 0; first == nil || done < len(inputs); {
		a, err := e.runSome(ctx, r, done)
		if err != nil {
			return sandbox.Build{}, err
		}
		switch {
		case first == nil:
			first = &a.build
			if first.Failure != "" {
				return *first, nil
			}
		case a.build.Failure != "":
			return sandbox.Build{}, grader.Permanentf("the program was built for its first inputs in %s, and not for those after them", e.options.Function)
		}
		for _, out := range a.outputs {
			more := take(done, out)
			if done++; !more {
				return *first, nil
			}
		}
	}
	return *first, nil
}

// A run is a program with its inputs, ready to be sent.
type run struct {
	program *program
	limits  sandbox.Limits
	inputs  []jsontext.Value
	frame   int // the size of a request without inputs
	tenant  string
}

func (e *Executor) prepare(p sandbox.Program, inputs []sandbox.Input) (*run, error) {
	if e.closed.Load() {
		return nil, errors.New("the remote executor is closed")
	}
	if p.Language == nil {
		return nil, errors.New("the program has no language")
	}
	l := p.Limits.Or(e.options.Limits)
	r := &run{
		limits: l,
		program: &program{
			Language: p.Language, Runtime: writeLimits(p.Language.Limits), Source: text(p.Source), Entry: p.Entry, Limits: writeLimits(l),
		},
	}
	if !r.program.Limits.valid() || !r.program.Runtime.valid() {
		return nil, errors.New("a limit of the program is below zero")
	}
	// Anything grows by a third at most, and one output has to fit.
	if most := int64(e.options.Payload-2*envelope-2*maxStderr) * 3 / 4; l.Output > most {
		return nil, fmt.Errorf("an output of %d bytes may not fit the answer of a function: lower the limit of output to %d or less", l.Output, most)
	}
	if e.options.Tenant {
		r.tenant = newID()
	}
	frame, err := jsonv2.Marshal(e.request(r, nil, time.Hour))
	if err != nil {
		return nil, errors.New("the program cannot be sent: its language or entry is not UTF-8")
	}
	r.frame = len(frame) + len(`,"inputs":[]`) + len("0000000") // the time may get longer
	for i, in := range inputs {
		value, err := jsonv2.Marshal(input{Stdin: in.Stdin, Call: in.Call})
		if err != nil {
			return nil, fmt.Errorf("input %d cannot be sent: %w", i, err)
		}
		if r.frame+len(value) > e.options.Payload {
			return nil, fmt.Errorf("input %d and the program do not fit a request of %d bytes: make it smaller, or run programs on the machine that grades", i, e.options.Payload)
		}
		r.inputs = append(r.inputs, value)
	}
	if r.frame > e.options.Payload {
		return nil, fmt.Errorf("the program does not fit a request of %d bytes", e.options.Payload)
	}
	return r, nil
}

func (e *Executor) request(r *run, inputs []jsontext.Value, budget time.Duration) *request {
	return &request{
		Version: version, Op: opRun, ID: newID(), Program: r.program, Inputs: inputs,
		TimeMS: max(1, budget.Milliseconds()), Most: e.options.Payload,
	}
}

// some returns as many of the inputs from the given one as fit a request.
func (e *Executor) some(r *run, from int) []jsontext.Value {
	size, to := r.frame, from
	for to < len(r.inputs) && size+len(r.inputs[to])+1 <= e.options.Payload || to == from && to < len(r.inputs) {
		size += len(r.inputs[to]) + 1
		to++
	}
	return r.inputs[from:to]
}

// leastBudget is a time in which no function can do anything.
const leastBudget = 20 * time.Millisecond

func (e *Executor) runSome(ctx context.Context, r *run, from int) (answered, error) {
	inputs := e.some(r, from)
	var a answered
	err := e.persist(ctx, func(ctx context.Context, attempt *attempt) error {
		if attempt.budget < leastBudget {
			return fmt.Errorf("no time is left to invoke %s: %w", e.options.Function, context.DeadlineExceeded)
		}
		req := e.request(r, inputs, attempt.budget)
		payload, err := jsonv2.Marshal(req)
		if err != nil {
			return lasting(errors.New("the request cannot be written"))
		}
		body, err := e.invoke(ctx, payload, r.tenant, e.options.Payload)
		if err != nil {
			return err
		}
		if a, err = readRun(body.payload, req.ID, len(inputs), r.limits); err != nil {
			return death(fmt.Errorf("the answer of %s is none: %w", body.who, err))
		}
		return e.reported(a.code, body.who, attempt)
	})
	return a, err
}

// reported says what an error of the function is to the caller.
func (e *Executor) reported(code, who string, a *attempt) error {
	switch code {
	case "":
		return nil
	case codeTransient:
		return e.fromWithin(fmt.Errorf("%s could not run the program for now: see its log", who))
	case codeSpent:
		return e.fromWithin(fmt.Errorf("an execution environment of %s is spent and did not end: make it end", who))
	case codeRequest:
		return lasting(fmt.Errorf("%s does not understand the request: deploy the same version on both sides", who))
	case codeSize:
		return lasting(fmt.Errorf("an output does not fit the answer of %s: lower the limit of output", who))
	case codeTimeout:
		return lasting(fmt.Errorf("the time-out of %s is too short to build the program and run one input: raise it, or lower the limits of time", who))
	case codeDeadline:
		switch {
		case time.Since(a.start) < a.budget/2:
			return death(fmt.Errorf("%s says that time ran out, and it did not", who))
		case a.ours:
			return lasting(fmt.Errorf("%s had %v to build the program and run one input: raise the time-out of the remote executor", who, a.budget))
		}
		return fmt.Errorf("time ran out in %s: %w", who, context.DeadlineExceeded)
	}
	return lasting(fmt.Errorf("%s cannot run the program: see its log", who))
}

// Report implements [sandbox.Executor]: it asks the function once, and takes a
// minute at most. Where the function does not answer, the report has no
// toolchains, no protection is active, and it is asked again next time.
func (e *Executor) Report() sandbox.Report {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	r, err := e.Ask(ctx)
	if err != nil {
		return sandbox.Report{Executor: executorName, Protections: []sandbox.Protection{separate(false, "the function gave no report: "+err.Error())}}
	}
	return r
}

const executorName = "remote"

func separate(active bool, detail string) sandbox.Protection {
	return sandbox.Protection{
		Name: "function", Active: active, Detail: detail,
		Stops: "programs that break out of a sandbox from reaching the grader: its process, expected outputs, credentials and answer",
	}
}

func (e *Executor) tenancy() sandbox.Protection {
	p := sandbox.Protection{Name: "tenant", Active: e.options.Tenant, Stops: "programs that survive from seeing another program's inputs and answering for it"}
	if !p.Active {
		p.Detail = "the option is off: programs follow one another in an environment"
	}
	return p
}

// Ask returns the report of the function: what holds its programs, and that it
// is a function of its own. An answer is kept.
func (e *Executor) Ask(ctx context.Context) (sandbox.Report, error) {
	e.asking.Lock()
	defer e.asking.Unlock()
	if e.asked == nil {
		r, err := e.ask(ctx)
		if err != nil {
			return sandbox.Report{}, err
		}
		e.asked = &r
	}
	r := *e.asked
	r.Protections = slices.Clone(r.Protections)
	return r, nil
}

func (e *Executor) ask(ctx context.Context) (sandbox.Report, error) {
	if err := ctx.Err(); err != nil {
		return sandbox.Report{}, err
	}
	tenant := ""
	if e.options.Tenant {
		tenant = newID()
	}
	var report sandbox.Report
	err := e.persist(ctx, func(ctx context.Context, a *attempt) error {
		req := &request{Version: version, Op: opReport, ID: newID()}
		payload, err := jsonv2.Marshal(req)
		if err != nil {
			return lasting(err)
		}
		body, err := e.invoke(ctx, payload, tenant, maxReport)
		if err != nil {
			return err
		}
		var code string
		if report, code, err = readReport(body.payload, req.ID); err != nil {
			return death(fmt.Errorf("the answer of %s is none: %w", body.who, err))
		}
		return e.reported(code, body.who, a)
	})
	if err != nil {
		return sandbox.Report{}, err
	}
	protections := []sandbox.Protection{separate(true, "programs run in "+e.options.Function), e.tenancy()}
	for _, p := range report.Protections {
		if p.Name != protections[0].Name && p.Name != protections[1].Name {
			protections = append(protections, p)
		}
	}
	return sandbox.Report{Executor: executorName, Protections: protections, Toolchains: report.Toolchains}, nil
}

// Close gives up idle connections. Runs that have begun go on.
func (e *Executor) Close() error {
	e.closed.Store(true)
	if e.own != nil {
		e.own.CloseIdleConnections()
	}
	return nil
}

// newID returns 128 bits by chance.
func newID() string {
	var b [16]byte
	rand.Read(b[:]) // It never fails.
	return hex.EncodeToString(b[:])
}
