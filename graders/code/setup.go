package code

import (
	"context"
	"errors"
	"sync"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// A memory keeps what was found out about texts of tests, which many rollouts
// share: that they can be used, or what is wrong with them.
type memory struct {
	mu    sync.Mutex
	found map[string]string
}

// maxMemory bounds how many texts are remembered.
const maxMemory = 1 << 12

func (m *memory) get(key string) (fault string, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	fault, ok = m.found[key]
	return fault, ok
}

func (m *memory) put(key, fault string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.found == nil || len(m.found) >= maxMemory {
		m.found = map[string]string{}
	}
	m.found[key] = fault
}

// setup checks that what the tests import is there, without the program: a
// program must not pay for it, and must not be able to say so itself.
func (g *codeGrader) setup(ctx context.Context, t *task) error {
	if t.Imports == "" {
		return nil
	}
	key := t.language.Name + "\x00" + t.Imports
	fault, known := g.checked.get(key)
	if !known {
		p := sandbox.Program{Language: t.language, Source: t.Imports, Limits: t.limits}
		build, err := g.executor.Run(ctx, p, []sandbox.Input{{}}, func(_ int, out sandbox.Output) bool {
			if out.Failure != "" {
				fault = joined(className(out.Failure), failed(out).why)
			}
			return false
		})
		if err != nil {
			return err
		}
		if build.Failure != "" {
			fault = className(build.Failure)
		}
		g.checked.put(key, fault)
	}
	if fault != "" {
		return &grader.DataError{Where: t.where, Detail: fault, Err: errors.New("the imports of the tests fail without any program: take out those that this machine has not got, or install them where programs run")}
	}
	return nil
}
