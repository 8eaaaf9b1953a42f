package remote

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"sync"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// HandlerOptions say how a function runs programs. The zero value is usable.
type HandlerOptions struct {
	// Log is told of faults of the sandbox, and nothing of programs. Nil: nobody is.
	Log *slog.Logger
	// Reserve is the time before the function's deadline that is kept for ending the
	// program and answering. 0: one second, or a quarter of the time that there is.
	Reserve time.Duration
	// Sweep ends what programs have left, after each of them, and returns how many
	// it has killed. Its context ends within the Reserve. Nil: the executor is
	// believed to leave nothing.
	Sweep func(context.Context) (killed int, err error)
	// Spent is called, once, when a program may have changed the environment: it left
	// processes, they could not be swept, or the executor panicked. The answer
	// at hand is still given; the process should end after it. The handler refuses every
	// request from then on.
	Spent func(cause error)
}

// Handler returns the function's half of the protocol, which runs programs with
// the executor, one at a time. It can be given to aws-lambda-go as it is.
//
// It returns no error: what goes wrong is in the answer as a word, and in the log.
func Handler(executor sandbox.Executor, o HandlerOptions) func(ctx context.Context, payload []byte) ([]byte, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	h := &handler{executor: executor, options: o, turn: make(chan struct{}, 1)}
	return h.handle
}

type handler struct {
	executor sandbox.Executor
	options  HandlerOptions
	turn     chan struct{}
	spent    bool // while the turn is held
	tell     sync.Once
}

func (h *handler) handle(ctx context.Context, payload []byte) ([]byte, error) {
	r, err := readRequest(payload)
	if err != nil {
		h.log(ctx, "a request was refused", err)
		return h.answer(answer{ID: r.ID, Error: codeRequest})
	}
	select {
	case h.turn <- struct{}{}:
		defer func() { <-h.turn }()
	case <-ctx.Done():
		return h.answer(answer{ID: r.ID, Error: codeTimeout})
	}
	if h.spent {
		return h.answer(answer{ID: r.ID, Error: codeSpent})
	}
	if r.Op == opReport {
		report := h.executor.Report()
		return h.answer(answer{ID: r.ID, Report: &report})
	}
	a := h.run(ctx, r)
	a.ID = r.ID
	return h.answer(a)
}

func (h *handler) answer(a answer) ([]byte, error) {
	a.Version = version
	payload, err := jsonv2.Marshal(a)
	if err != nil {
		h.log(context.Background(), "an answer could not be written", err)
		return jsonv2.Marshal(answer{Version: version, ID: a.ID, Error: codePermanent})
	}
	return payload, nil
}

func (h *handler) log(ctx context.Context, what string, err error) {
	h.options.Log.LogAttrs(ctx, slog.LevelError, what, slog.String("cause", err.Error()))
}

// A work is a request that was read.
type work struct {
	Version int      `json:"version"`
	Op      string   `json:"op"`
	ID      string   `json:"id"`
	Program *program `json:"program"`
	TimeMS  int64    `json:"time_ms"`
	Most    int      `json:"most"`
	Inputs  []input  `json:"inputs"`
}

// readRequest returns what it could read besides an error.
func readRequest(payload []byte) (work, error) {
	var w work
	if err := jsonv2.Unmarshal(payload, &w, strict); err != nil {
		if !name(w.ID) {
			w.ID = ""
		}
		return w, errors.New("it is not the JSON of a request of this version")
	}
	switch {
	case !name(w.ID):
		w.ID = ""
		return w, errors.New("it has no id")
	case w.Version != version:
		return w, fmt.Errorf("its version is %d, and not %d", w.Version, version)
	case w.Op == opReport:
		return w, nil
	case w.Op != opRun:
		return w, errors.New("its operation is unknown")
	case w.Program == nil || w.Program.Language == nil:
		return w, errors.New("it has no program or language")
	case !w.Program.Limits.valid() || !w.Program.Runtime.valid():
		return w, errors.New("a limit is below zero")
	case w.TimeMS <= 0 || w.TimeMS > defaultTimeout.Milliseconds() || w.Most < minPayload || w.Most > maxPayload:
		return w, errors.New("its time or size is out of range")
	}
	return w, nil
}

func (h *handler) run(ctx context.Context, w work) answer {
	end, timeout := time.Now().Add(time.Duration(w.TimeMS)*time.Millisecond), false
	if deadline, ok := ctx.Deadline(); ok {
		reserve := h.options.Reserve
		if reserve <= 0 {
			reserve = min(time.Second, time.Until(deadline)/4)
		}
		if deadline = deadline.Add(-reserve); deadline.Before(end) {
			end, timeout = deadline, true
		}
	}
	limited, cancel := context.WithDeadline(ctx, end)
	defer cancel()
	p := sandbox.Program{Language: w.Program.Language, Source: string(w.Program.Source), Entry: w.Program.Entry, Limits: w.Program.Limits.read()}
	p.Language.Limits = w.Program.Runtime.read()
	inputs := make([]sandbox.Input, len(w.Inputs))
	for i, in := range w.Inputs {
		inputs[i] = sandbox.Input{Stdin: in.Stdin, Call: in.Call}
	}
	c := &collector{room: w.Most - envelope}
	built, err := h.execute(limited, p, inputs, c.take)
	h.sweep(ctx)
	switch {
	case c.err != nil:
		h.log(ctx, "an output could not be written", c.err)
		return answer{Error: codePermanent}
	case err == nil && built.Failure == "" && len(c.outputs) == 0 && len(inputs) > 0 && c.full:
		return answer{Error: codeSize}
	case err == nil, len(c.outputs) > 0:
		return answer{Build: writeBuild(built), Outputs: c.outputs}
	case limited.Err() != nil && errors.Is(err, limited.Err()):
		if timeout {
			return answer{Error: codeTimeout}
		}
		return answer{Error: codeDeadline}
	}
	h.log(ctx, "the executor could not run a program", err)
	if passes(err) {
		return answer{Error: codeTransient}
	}
	return answer{Error: codePermanent}
}

func (h *handler) execute(ctx context.Context, p sandbox.Program, inputs []sandbox.Input, take func(int, sandbox.Output) bool) (b sandbox.Build, err error) {
	defer func() {
		if caught := recover(); caught != nil {
			err = fmt.Errorf("the executor panicked with a %T: this is a fault of the executor", caught)
			h.spend(err)
		}
	}()
	return h.executor.Run(ctx, p, inputs, take)
}

// sweepTime bounds a sweep.
const sweepTime = time.Second

func (h *handler) sweep(ctx context.Context) {
	if h.options.Sweep == nil {
		return
	}
	limit := sweepTime
	if deadline, ok := ctx.Deadline(); ok {
		limit = min(limit, time.Until(deadline)/2)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	killed, err := h.options.Sweep(ctx)
	switch {
	case err != nil:
		h.spend(fmt.Errorf("processes of a program may be alive: %w", err))
	case killed > 0:
		h.spend(fmt.Errorf("a program left %d processes", killed))
	}
}

func (h *handler) spend(cause error) {
	h.spent = true
	h.tell.Do(func() {
		h.log(context.Background(), "the environment is spent", cause)
		if h.options.Spent != nil {
			h.options.Spent(cause)
		}
	})
}

// A collector keeps outputs as long as there is room in the answer.
type collector struct {
	room    int
	outputs []jsontext.Value
	full    bool
	err     error
}

func (c *collector) take(_ int, out sandbox.Output) bool {
	value, err := jsonv2.Marshal(writeOutput(out))
	if err != nil {
		c.err = err
		return false
	}
	if c.full = len(value)+1 > c.room; c.full {
		return false
	}
	c.room -= len(value) + 1
	c.outputs = append(c.outputs, value)
	return out.Failure != sandbox.TimeLimit
}

func writeOutput(out sandbox.Output) output {
	return output{
		Failure: out.Failure, Stdout: out.Stdout, Value: out.Value, Stderr: out.Stderr[max(0, len(out.Stderr)-maxStderr):],
		Exit: int64(max(0, min(out.Exit, math.MaxInt32))),
		CPU:  max(0, int64(out.Usage.CPU)), Wall: max(0, int64(out.Usage.Wall)), Memory: max(0, out.Usage.Memory),
	}
}

func writeBuild(b sandbox.Build) *build {
	return &build{
		Failure: b.Failure, Log: b.Log[:min(len(b.Log), maxLog)],
		CPU: max(0, int64(b.Usage.CPU)), Wall: max(0, int64(b.Usage.Wall)), Memory: max(0, b.Usage.Memory),
	}
}

// passes reports whether an executor's error is one that may be gone the next
// time. A context that ended is of the caller's side, and so is not the program's.
func passes(err error) bool {
	switch grader.FaultOf(err) {
	case grader.FaultTransient, grader.FaultDeadline:
		return true
	}
	return false
}
