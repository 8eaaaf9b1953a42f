package workbench

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rftgrader/rftgrader/grader/batch"
	"github.com/rftgrader/rftgrader/grader/spec"
)

// A form is how rollouts are written. Each rollout is at most one line.
type form interface {
	head() []byte
	row(dst []byte, at row, o *batch.Outcome) ([]byte, error)
	// tail is what stands behind the rollouts.
	tail(*summary, *tally, []gateResult) ([]byte, error)
}

// The forms of rollouts. Those of summaries are formatTable and formatJSON.
const (
	formatJSONL = "jsonl"
	formatCSV   = "csv"
	formatJUnit = "junit"
	formatHTML  = "html"
)

func isRolloutForm(format string) bool {
	return slices.Contains([]string{formatJSONL, formatCSV, formatJUnit, formatHTML}, format)
}

// formOf returns the form that a file's name asks for, or else.
func formOf(path, otherwise string) string {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".jsonl", ".ndjson", ".json":
		return formatJSONL
	case ".csv":
		return formatCSV
	case ".xml":
		return formatJUnit
	case ".html", ".htm":
		return formatHTML
	}
	if isRolloutForm(otherwise) {
		return otherwise
	}
	return formatJSONL
}

// newForm returns the form of a name; JSONL is nil.
func newForm(name string, s *spec.Spec, threshold float64) form {
	switch name {
	case formatCSV:
		return newCSVForm(s.Graders())
	case formatJUnit:
		return &junitForm{threshold: threshold}
	case formatHTML:
		return newHTMLForm()
	}
	return nil
}

// open opens the files of --out, and standard output where it gets rollouts. A
// form that a file gets already leaves standard output to the summary.
func (g *grading) open() error {
	threshold := g.tally().threshold
	printed := isRolloutForm(g.options.format)
	for _, path := range g.options.outs {
		name := formOf(path, g.options.format)
		printed = printed && name != g.options.format
		if err := g.outputs.add(g, path, newForm(name, g.spec, threshold)); err != nil {
			return err
		}
		if path == standardStream {
			g.summaryTo = g.program.stderr
		}
	}
	switch {
	case !printed:
		return nil
	case slices.Contains(g.options.outs, standardStream):
		return errors.New("--out - and --format want standard output both: name a file")
	}
	g.summaryTo = nil
	return g.outputs.add(g, standardStream, newForm(g.options.format, g.spec, threshold))
}

// outputs are all places that the rollouts are written to.
type outputs []*results

func (o *outputs) add(g *grading, path string, f form) error {
	for _, r := range *o {
		if filepath.Clean(r.path) == filepath.Clean(path) {
			return errors.New("--out " + path + " is named twice")
		}
	}
	r, err := g.program.newResults(path, g.options.spec, f, g.inputs)
	if err == nil {
		*o = append(*o, r)
	}
	return err
}

func (o outputs) each(do func(*results) error) error {
	var errs []error
	for _, r := range o {
		if err := do(r); err != nil && !slices.Contains(errs, err) {
			errs = append(errs, err)
		}
	}
	if len(errs) == 1 {
		return errs[0]
	}
	return errors.Join(errs...)
}

func (o outputs) write(at row, out *batch.Outcome) error {
	return o.each(func(r *results) error { return r.write(at, out) })
}

func (o outputs) flush() error { return o.each((*results).flush) }

func (o outputs) end(s *summary, t *tally, gates []gateResult) error {
	return o.each(func(r *results) error { return r.end(s, t, gates) })
}

func (o outputs) finish(keep bool) error {
	return o.each(func(r *results) error { return r.finish(keep) })
}

func (o outputs) abandon() {
	for _, r := range o {
		r.abandon()
	}
}

// names are where the results are when all went well.
func (o outputs) names() []string {
	var names []string
	for _, r := range o {
		if name := r.name(); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// kept says behind the error that ended a run where the results are.
func (o outputs) kept() string {
	var b strings.Builder
	for _, r := range o {
		b.WriteString(r.kept())
	}
	return b.String()
}
