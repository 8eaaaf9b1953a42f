package gradertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rftgrader/rftgrader/grader"
)

// T is the part of [testing.T] that the suite uses.
type T interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

var _ T = (*testing.T)(nil)

// Run checks a kind against the contract of [grader.Grader] on the case files
// in a folder. It reports every violation it finds, each with the rule. All
// three files must be there, with at least one case each; a kind that reads no
// reference and so cannot meet malformed data leaves malformed.jsonl empty.
func Run(t T, kind *grader.Kind, folder string) {
	t.Helper()
	if err := grader.Validate(kind); err != nil {
		t.Fatalf("the kind itself: %v", err)
		return
	}
	s := &suite{t: t, kind: kind}
	full := s.read(folder, FullFile, 1, true)
	zero := s.read(folder, ZeroFile, 0, true)
	malformed := s.read(folder, MalformedFile, 0, false)
	for _, c := range append(full, zero...) {
		s.scored(c)
	}
	for _, c := range malformed {
		s.malformed(c)
	}
	s.together(append(append(full, zero...), malformed...))
	for _, c := range full {
		s.hostile(c)
	}
}

type suite struct {
	t    T
	kind *grader.Kind
}

func (s *suite) read(folder, file string, score float64, want bool) []Case {
	s.t.Helper()
	cases, err := ReadCases(filepath.Join(folder, file), score)
	switch {
	case errors.Is(err, os.ErrNotExist):
		s.t.Errorf("%s is missing in %s: the suite needs cases", file, folder)
	case err != nil:
		s.t.Errorf("%v", err)
	case want && len(cases) == 0:
		s.t.Errorf("%s has no cases", file)
	}
	return cases
}

func (s *suite) builder(c Case) func() (grader.Grader, error) {
	return func() (grader.Grader, error) { return s.kind.New(&grader.Env{Name: "case"}, c.Options) }
}

func (s *suite) report(c Case, vs []violation) {
	s.t.Helper()
	for _, v := range vs {
		s.t.Errorf("%s: %s", c.Name, v)
	}
}

func (s *suite) scored(c Case) {
	s.t.Helper()
	if c.Err != nil {
		s.t.Errorf("%s: the rollout cannot be read: %s; cases of this file need a readable one", c.Name, grader.Explain(c.Err))
		return
	}
	out, vs := checkCase(s.builder(c), c.Rollout)
	s.report(c, vs)
	switch {
	case out.panicked != nil:
	case out.err != nil:
		s.report(c, []violation{{ruleFault, fmt.Sprintf("want score %v, got the error %s", c.Score, grader.Explain(out.err))}})
	case out.result.Score != c.Score:
		s.report(c, []violation{{ruleScore, fmt.Sprintf("want score %v, got %v", c.Score, out)}})
	}
}

func (s *suite) malformed(c Case) {
	s.t.Helper()
	if c.Err != nil {
		return // The decoder has found it; no grader is ever asked.
	}
	out, vs := checkCase(s.builder(c), c.Rollout)
	s.report(c, vs)
	if out.panicked == nil && grader.FaultOf(out.err) != grader.FaultData {
		s.report(c, []violation{{ruleData, fmt.Sprintf("want a *grader.DataError, got %v", out)}})
	}
}

// together grades the cases that share their options with one grader.
func (s *suite) together(cases []Case) {
	s.t.Helper()
	byOptions := map[string][]Case{}
	var order []string
	for _, c := range cases {
		if c.Err != nil {
			continue
		}
		key := string(c.Options)
		if byOptions[key] == nil {
			order = append(order, key)
		}
		byOptions[key] = append(byOptions[key], c)
	}
	for _, key := range order {
		group := byOptions[key]
		g, err := s.builder(group[0])()
		if err != nil {
			continue // Reported for each case.
		}
		rollouts := make([]*grader.Rollout, len(group))
		alone := make([]graded, len(group))
		for i, c := range group {
			rollouts[i], alone[i] = c.Rollout, grade(context.Background(), g, c.Rollout)
		}
		s.report(group[0], checkConcurrency(g, rollouts, alone))
		s.report(group[0], checkContext(g, rollouts[0], alone[0]))
		if bg, ok := g.(grader.BatchGrader); ok {
			s.report(group[0], checkBatch(bg, rollouts))
		}
	}
}

// hostile grades answers that say nothing, or too much, to a prompt whose
// reference is good. None may panic, and one that says nothing earns nothing.
func (s *suite) hostile(c Case) {
	s.t.Helper()
	if c.Err != nil {
		return
	}
	g, err := s.builder(c)()
	if err != nil {
		return
	}
	for _, h := range hostileAnswers() {
		r := *c.Rollout
		r.Messages = append(append([]grader.Message(nil), c.Rollout.Prompt()...),
			grader.Message{Role: "assistant", Content: grader.TextContent(h.text)})
		out := grade(context.Background(), g, &r)
		name := c
		name.Name += ", answer replaced by " + h.name
		s.report(name, checkCall(out, &r))
		if h.says == nothing && out.err == nil && out.result.Score > 0 {
			s.report(name, []violation{{ruleHostile, fmt.Sprintf("got %v", out)}})
		}
	}
}

type speech int

const (
	nothing speech = iota
	something
)

type hostileAnswer struct {
	name, text string
	says       speech
}

// hostileBytes is the size of the large answers: twice the largest that a
// model writes in 128k tokens.
const hostileBytes = 1 << 20

func hostileAnswers() []hostileAnswer {
	return []hostileAnswer{
		{"the empty string", "", nothing},
		{"white space", " \n\t\u00a0\u2003 \n", nothing},
		{"zero-width characters", strings.Repeat("\u200b\u2060\ufeff", 50), nothing},
		{"a thought that never ends", "<think>" + strings.Repeat("so it goes on and ", 50), nothing},
		{"NUL bytes", strings.Repeat("\x00", 64), something},
		{"invalid UTF-8", strings.Repeat("\xff\xfe\xc3\x28", 64), something},
		{"1 MB of opening braces", strings.Repeat(`\boxed{`, hostileBytes/7), something},
		{"1 MB of brackets", strings.Repeat("([{", hostileBytes/3), something},
		{"1 MB of digits", strings.Repeat("9", hostileBytes), something},
		{"1 MB of opening tags", strings.Repeat("<answer>", hostileBytes/8), something},
		{"1 MB of backslashes", strings.Repeat(`\`, hostileBytes), something},
		{"1 MB of fences", strings.Repeat("```\n", hostileBytes/4), something},
		{"1 MB of hashes", strings.Repeat("#### ", hostileBytes/5), something},
	}
}
