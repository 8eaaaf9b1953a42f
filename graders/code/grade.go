package code

import (
	"cmp"
	"context"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/answer"
	"github.com/rftgrader/rftgrader/graders/code/fence"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
	"github.com/rftgrader/rftgrader/graders/code/suite"
)

func itoa(i int) string { return strconv.Itoa(i) }

// Grade finds the code in the answer, runs it on the tests and says what they
// earn.
func (g *codeGrader) Grade(ctx context.Context, r *grader.Rollout) (grader.Result, error) {
	t, err := g.task(r)
	if err != nil {
		return grader.Result{}, err
	}
	body := answer.Strip(r.Response())
	code, ok, why := fence.Search{
		Names:  append([]string{t.language.Name}, t.language.Aliases...),
		Policy: g.Code.Policy,
		Raw:    g.Code.Raw, Defines: definer(t),
	}.Find(body.Text())
	if body.Why() != "" {
		ok, why = false, body.Why()
	}
	if !ok {
		return g.result(t, "", outcome{}, "no code: "+why), nil
	}
	if len(code) > maxSource {
		return g.result(t, code, outcome{}, "the code is longer than 1 MiB"), nil
	}
	out, err := g.run(ctx, t, code)
	if err != nil {
		return grader.Result{}, typed(g.Options.Executor, err)
	}
	flaky := false
	for range g.Flaky {
		if out.passed() == 0 {
			break
		}
		again, err := g.run(ctx, t, code)
		if err != nil {
			return grader.Result{}, typed(g.Options.Executor, err)
		}
		if !again.same(out) {
			flaky = true
			if g.score(t, again) < g.score(t, out) {
				out = again
			}
		}
	}
	out.flaky = flaky
	if out.note != "" {
		why += " (" + out.note + ")"
	}
	return g.result(t, code, out, why+": "+out.reason(t, g.stops())), nil
}

// maxSource bounds the text of a program in bytes.
const maxSource = 1 << 20

// A task is what a rollout is graded by.
type task struct {
	*suite.Suite
	where    string // of the tests
	language *sandbox.Language
	limits   sandbox.Limits
	guess    float64 // what the best constant answer would earn, 0 to 1
}

func (g *codeGrader) task(r *grader.Rollout) (*task, error) {
	ref, err := g.lookup(r)
	if err != nil {
		return nil, err
	}
	name, where, err := g.Language.of(r)
	if err != nil {
		return nil, err
	}
	language := jail.Find(g.languages, name)
	if language == nil {
		return nil, &grader.DataError{Where: where, Detail: "the language is " + grader.Excerpt(name),
			Err: grader.Permanentf("no language of that name: there are %s, and option languages defines others", g.languageNames()).Err}
	}
	entry, _, err := g.Entry.of(r)
	if err != nil {
		return nil, err
	}
	s, err := suite.Parse(ref.Raw(), ref.Where(), suite.Hint{Form: g.form(), Entry: entry})
	if err != nil {
		return nil, err
	}
	t := &task{Suite: s, where: ref.Where(), language: language, limits: within(g.Limits.limits(), s.Limits)}
	switch {
	case (s.Form == suite.Check || s.Form == suite.Asserts) && language.Name != "python":
		return nil, grader.Dataf(t.where, "tests of the form %s are for python, and the language is %s", s.Form, language.Name)
	case s.Form == suite.Function && language.Driver == "":
		return nil, grader.Dataf(t.where, "functions of %s cannot be called: give tests of the form stdio", language.Name)
	case g.Score == ScoreGroups && len(s.Groups) == 0:
		return nil, grader.Dataf(t.where, "the tests have no groups, which score: groups wants: add them, or use another score")
	}
	if err := g.installed(language.Name); err != nil {
		return nil, err
	}
	if s.Form == suite.Function && language.Driver != jail.DriverPython {
		s.Prelude = false
	}
	if err := t.makeRoom(g.Limits.limits()); err != nil {
		return nil, err
	}
	if g.Guess == GuessSubtract && g.Score != ScoreAll {
		t.guess = g.constant(s)
	}
	return t, nil
}

// makeRoom lets a program write what the tests want of it.
func (t *task) makeRoom(spec sandbox.Limits) error {
	most := cmp.Or(spec.Output, raisable*sandbox.DefaultLimits().Output)
	for i := range t.Cases {
		want := int64(t.Cases[i].WantedSize())
		if want > most {
			return grader.Dataf(t.where, "case %d wants %d bytes of output, and a program may write %d: raise limits.output of the grader, or leave the case out", i, want, most)
		}
		t.limits.Output = max(t.limits.Output, min(most, want+want/4+outputMargin))
	}
	return nil
}

// outputMargin is how many bytes beyond a quarter more than is wanted a program
// may write.
const outputMargin = 64 << 10

// stops reports whether the first failure ends a run.
func (g *codeGrader) stops() bool { return g.Score == ScoreAll && g.StopEarly }

// lookup finds the tests. Without the option they are at /tests, unless the
// whole reference says that it is tests itself.
func (g *codeGrader) lookup(r *grader.Rollout) (grader.Reference, error) {
	if !g.Tests.IsZero() {
		return r.Lookup(g.Tests)
	}
	whole, err := r.Lookup(grader.MustPointer(""))
	if err != nil {
		return whole, err
	}
	var names struct {
		Kind jsontext.Value `json:"kind"`
	}
	if err := whole.Decode(&names); err == nil && len(names.Kind) > 0 {
		return whole, nil
	}
	if inner, err := r.Lookup(grader.MustPointer("/tests")); err == nil {
		return inner, nil
	}
	return whole, nil
}
