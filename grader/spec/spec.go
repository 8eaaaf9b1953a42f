package spec

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rftgrader/rftgrader/grader"
)

// A Spec is a grader spec that was read, checked and built. It may be used by
// many goroutines at once.
type Spec struct {
	whole   grader.Grader
	hash    string
	policy  grader.Policy
	bounds  *bounds
	names   []string
	kinds   map[string]string
	options map[string][]byte
	close   func() error
	limit   int
	reserve time.Duration

	sweepers []part
}

// An Option changes how a spec is built.
type Option func(*builder)

// WithLogger gives the graders a logger; each writes with its name in the
// attribute "grader".
func WithLogger(l *slog.Logger) Option { return func(b *builder) { b.log = l } }

// WithFiles gives the graders files beside the spec, by the name that the spec
// has for them. For [Open] it replaces the spec's folder.
func WithFiles(files func(name string) ([]byte, error)) Option {
	return func(b *builder) { b.shelf.read = files }
}

// Open reads, checks and builds the spec in a file. Files that its options
// name are read relative to the folder of the spec, and must lie in it.
//
// Faults in the spec are an [*Error], or several that are joined.
func Open(path string, kinds []*grader.Kind, opts ...Option) (*Spec, error) {
	text, err := readSpec(path)
	if err != nil {
		return nil, fmt.Errorf("read the spec: %w", err)
	}
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("open the folder of the spec: %w", err)
	}
	defer root.Close()
	beside := WithFiles(func(name string) ([]byte, error) { return readBeside(root, name) })
	return Parse(path, text, kinds, append([]Option{beside}, opts...)...)
}

func readSpec(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxSpecBytes+1))
}

// Parse reads, checks and builds the spec in a text; name stands for it in
// error messages. A text that is JSON, or whose name ends in .json, is read as
// JSON, and any other as YAML. Without [WithFiles] there are no files beside it.
//
// Faults in the spec are an [*Error], or several that are joined.
func Parse(name string, text []byte, kinds []*grader.Kind, opts ...Option) (*Spec, error) {
	if err := grader.Validate(kinds...); err != nil {
		return nil, fmt.Errorf("the kinds of this program: %w", err)
	}
	b := &builder{shelf: &shelf{contents: map[fileKey][]byte{}}}
	for _, o := range opts {
		o(b)
	}
	b.reader = reader{report: &report{src: newSource(name, text)}, kinds: kinds}
	root := b.tree(len(text))
	if root == nil {
		return nil, b.err()
	}
	d := b.document(root)
	return b.build(d)
}

// tree reads the text as JSON or YAML. It returns nil when it cannot.
func (b *builder) tree(size int) *node {
	start := place{1, 1}
	if size > maxSpecBytes {
		b.src = newSource(b.src.name, nil)
		b.fail(start, "", "the spec is larger than %d bytes: put long texts into files beside it", maxSpecBytes)
		return nil
	}
	if at, err := b.src.check(); err != nil {
		b.fail(at, "", "%w", err)
		return nil
	}
	asJSON := strings.EqualFold(filepath.Ext(b.src.name), ".json")
	if !asJSON && !strings.HasPrefix(strings.TrimLeft(b.src.text, " \t\n"), "{") {
		return readYAML(b.report)
	}
	tried := &report{src: b.src}
	root, at, err := readJSON(tried)
	switch {
	case err == nil:
		b.faults = append(b.faults, tried.faults...)
		return root
	case !asJSON:
		return readYAML(b.report)
	}
	b.fail(at, "", "%w", err)
	return nil
}

// Grader returns the grader that the spec describes: the formula, or the route
// to one, over its graders. It is a [grader.BatchGrader] if and only if one of
// them is. What it promises is this:
//
//   - A grader is called at most once for a rollout, and only if the formula
//     needs its score. Its error is the error of the rollout, with its name.
//   - The metrics hold the score of each grader that was called, as a reward
//     component, followed by that grader's own metrics as measures named
//     grader.metric.
//   - Found is the first answer that was found, in the order of the formula.
//   - Reason is that of the only grader, or says for each that was called what
//     its score was, and why.
//   - A score outside the spec's range by more than 1e-9 (times the bound, if
//     that is more than 1) is a [*grader.PermanentError]; by less, it is the bound.
func (s *Spec) Grader() grader.Grader { return s.whole }

// Hash identifies what decides rewards: SHA-256 in hexadecimal over the kinds
// and options of the graders with the defaults filled in, the files that they
// read, score, route, range, on_error and max_ungraded. Comments, layout, the
// order of members, concurrency and reserve are no part of it.
func (s *Spec) Hash() string { return s.hash }

// ShortHash returns the first 12 characters of the hash, for logs.
func (s *Spec) ShortHash() string { return s.hash[:12] }

// Policy says what happens to rollouts that were not graded.
func (s *Spec) Policy() grader.Policy { return s.policy }

// Concurrency returns how many rollouts are graded at once, or 0 for the default.
func (s *Spec) Concurrency() int { return s.limit }

// Reserve returns how long before the deadline grading stops, or 0 for the default.
func (s *Spec) Reserve() time.Duration { return s.reserve }

// Range returns the bounds of the score, if the spec gives them.
func (s *Spec) Range() (lo, hi float64, ok bool) {
	if s.bounds == nil {
		return 0, 0, false
	}
	return s.bounds.lo, s.bounds.hi, true
}

// Graders returns the names of the graders in the order of the spec.
func (s *Spec) Graders() []string { return slices.Clone(s.names) }

// KindOf returns the name of a grader's kind, or "" if there is no such grader.
func (s *Spec) KindOf(name string) string { return s.kinds[name] }

// OptionsOf returns the options of a grader as JSON, with the defaults filled in: what
// it really runs with. It returns nil if there is no such grader.
func (s *Spec) OptionsOf(name string) []byte { return slices.Clone(s.options[name]) }

// Close closes the graders that are an [io.Closer]. Calls after the first do
// nothing and return the same.
func (s *Spec) Close() error { return s.close() }

// closeOnce closes what of the graders can be closed.
func closeOnce(parts []part) func() error {
	return sync.OnceValue(func() error {
		var errs []error
		for _, p := range parts {
			if c, ok := p.grader.(io.Closer); ok {
				if err := c.Close(); err != nil {
					errs = append(errs, fmt.Errorf("close %s: %w", p.name, err))
				}
			}
		}
		return errors.Join(errs...)
	})
}
