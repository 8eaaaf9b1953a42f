package spec

import (
	"errors"
	"log/slog"
	"sync"

	"github.com/rftgrader/rftgrader/grader"
)

// A builder makes a Spec of a document.
type builder struct {
	reader
	log    *slog.Logger
	shelf  *shelf
	shared sync.Map // of the graders
}

func (b *builder) build(d *document) (*Spec, error) {
	var parts []part
	resolved := map[string][]byte{}
	for _, e := range d.graders {
		if e.kind == nil {
			continue
		}
		options, r, ok := b.options(e)
		if !ok {
			continue
		}
		g, err := e.kind.New(b.env(e.name), options)
		if err != nil {
			b.optionFault(e, err)
			continue
		}
		resolved[e.name] = r
		parts = append(parts, newPart(e.name, g))
	}
	b.shelf.shut()
	closeAll := closeOnce(parts)
	var hash string
	if len(b.faults) == 0 {
		var err error
		if hash, err = d.hash(resolved, b.shelf); err != nil {
			b.fail(d.root.at, "", "the options have no canonical JSON: %w", err)
		}
	}
	if err := b.err(); err != nil {
		if closing := closeAll(); closing != nil {
			err = errors.Join(err, closing)
		}
		return nil, err
	}
	s := &Spec{
		hash:    hash,
		policy:  d.policy,
		bounds:  d.bounds,
		kinds:   map[string]string{},
		options: resolved,
		close:   closeAll,
		limit:   d.concurrency,
		reserve: d.reserve,

		sweepers: sweepersOf(parts),
	}
	for _, e := range d.graders {
		s.names = append(s.names, e.name)
		s.kinds[e.name] = e.kind.Name()
	}
	s.whole = newComposite(d, parts)
	return s, nil
}

func (b *builder) env(name string) *grader.Env {
	env := &grader.Env{Name: name, Shared: &b.shared}
	if b.log != nil {
		env.Log = b.log.With("grader", name)
	}
	if b.shelf.read != nil {
		env.Files = func(file string) ([]byte, error) { return b.shelf.take(name, file) }
	}
	return env
}
