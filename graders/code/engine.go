package code

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
)

// An Engine makes executors of one kind. The name is what a spec writes as
// executor.
type Engine struct {
	Name string
	Open func(ctx context.Context, s Setup) (sandbox.Executor, error)
}

// A Setup is what an executor is made of. It is made only of options, so that
// graders with the same options can share an executor.
type Setup struct {
	// Languages are those that programs may be in.
	Languages []*sandbox.Language
	// Require are the names of the languages that must be there.
	Require []string
	Limits  sandbox.Limits
	Remote  RemoteOptions
	Log     *slog.Logger
}

// Jail runs programs as confined processes of this machine.
func Jail() Engine {
	return Engine{Name: "jail", Open: func(ctx context.Context, s Setup) (sandbox.Executor, error) {
		j, err := jail.New(ctx, jail.Options{Languages: s.Languages, Require: s.Require, Limits: s.Limits, Log: s.Log})
		if err != nil {
			return nil, err
		}
		return j, nil
	}}
}

// A pool keeps the executors that graders share. An executor is closed when the
// last grader that uses it is.
type pool struct {
	mu   sync.Mutex
	open map[string]*shared
}

type shared struct {
	sandbox.Executor
	key     string
	users   int
	scripts chan struct{} // the places of tests that are programs
}

// get returns the executor of an engine with a setup, which it makes if there
// is none.
func (p *pool) get(ctx context.Context, e Engine, s Setup) (*shared, error) {
	languages, err := jsonv2.Marshal(s.Languages, jsonv2.Deterministic(true))
	if err != nil {
		return nil, grader.Permanentf("name the executor %s: %w", e.Name, err)
	}
	// What is required is no part of it: whoever gets an executor looks whether
	// it has that.
	key := fmt.Sprintf("%s %s %+v %+v", e.Name, languages, s.Limits, s.Remote)
	p.mu.Lock()
	defer p.mu.Unlock()
	if x := p.open[key]; x != nil {
		x.users++
		return x, nil
	}
	executor, err := e.Open(ctx, s)
	var option *grader.OptionError
	switch {
	case errors.As(err, &option):
		return nil, err
	case err != nil:
		return nil, typed(e.Name, err)
	}
	x := &shared{Executor: executor, key: key, users: 1, scripts: make(chan struct{}, runtime.GOMAXPROCS(0))}
	if p.open == nil {
		p.open = map[string]*shared{}
	}
	p.open[key] = x
	return x, nil
}

// put gives an executor back.
func (p *pool) put(x *shared) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if x.users--; x.users > 0 {
		return nil
	}
	delete(p.open, x.key)
	return x.Close()
}

// typed makes an error say whose fault it is.
func typed(name string, err error) error {
	var permanent *grader.PermanentError
	if grader.FaultOf(err) != grader.FaultPermanent || errors.As(err, &permanent) {
		return err
	}
	return grader.Permanentf("executor %s: %w", name, err)
}

// Languages returns the languages that are built in, each of them new.
func Languages() []*sandbox.Language { return jail.Languages() }
