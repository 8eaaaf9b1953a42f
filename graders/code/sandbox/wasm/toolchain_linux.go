//go:build linux && (amd64 || arm64)

package wasm

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// A toolchain makes modules of one language.
type toolchain struct {
	name    string
	version string // empty: it is not there
	missing error  // why not
	calls   bool   // it has a driver
	// prepare gets what all programs need; it is done once.
	prepare func(ctx context.Context) error
	// compile makes main.wasm in dir of the program there.
	compile func(ctx context.Context, dir string, p sandbox.Program) (toolEnd, error)

	lock     lock
	prepared bool
}

// A lock is a mutex that nobody waits for after the end of a context.
type lock chan struct{}

func newLock() lock { return make(lock, 1) }

func (l lock) take(ctx context.Context) error {
	select {
	case l <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l lock) give() { <-l }

// prepareTime bounds each tool that prepares a toolchain.
const prepareTime = 2 * time.Minute

// findToolchains looks for compilers that the confined can execute.
func (e *Executor) findToolchains(ctx context.Context) map[string]*toolchain {
	found := map[string]*toolchain{}
	for _, t := range []*toolchain{e.findC(ctx), e.findCPP(ctx), e.findGo(ctx)} {
		t.lock = newLock()
		found[t.name] = t
	}
	return found
}

// version runs the first of the candidates for a program that can be run, and
// returns its path and what it says.
func (e *Executor) version(ctx context.Context, name string, args ...string) (path, version string, err error) {
	dir, err := e.folder()
	if err != nil {
		return "", "", err
	}
	defer os.RemoveAll(dir)
	var failed error
	for _, path := range e.find(name) {
		end, err := e.run(ctx, tool{args: append([]string{path}, args...), dir: dir, time: 10 * time.Second})
		if err == nil && end.failure == "" && firstLine(end.log) != "" {
			return path, firstLine(end.log), nil
		}
		if grader.FaultOf(err) == grader.FaultTransient || ctx.Err() != nil {
			failed = err
		}
	}
	if failed != nil {
		return "", "", failed
	}
	return "", "", grader.Permanentf("wasm needs %s, and there is none that a confined user can run: install it below /usr", name)
}

// absent is a toolchain that is not there.
func absent(name string, err error) *toolchain { return &toolchain{name: name, missing: err} }

// ready prepares the toolchain when it is needed first.
func (t *toolchain) ready(ctx context.Context) error {
	if err := t.lock.take(ctx); err != nil {
		return err
	}
	defer t.lock.give()
	if t.missing != nil || t.prepared {
		return t.missing
	}
	err := t.prepare(ctx)
	var lasting *grader.PermanentError
	switch {
	case err == nil:
		t.prepared = true
	case errors.As(err, &lasting) && ctx.Err() == nil:
		t.missing = err
	}
	return err
}

// build compiles a program in its folder.
func (t *toolchain) build(ctx context.Context, dir string, p sandbox.Program) (sandbox.Build, error) {
	end, err := t.compile(ctx, dir, p)
	build := sandbox.Build{Failure: end.failure, Log: end.log, Usage: end.usage}
	if err == nil && build.Failure == "" {
		if _, err := os.Stat(filepath.Join(dir, moduleName)); err != nil {
			build.Failure = sandbox.CompileError
		}
	}
	return build, err
}
