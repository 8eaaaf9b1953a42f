package format

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/answer"
	"github.com/rftgrader/rftgrader/graders/internal/compared"
)

type format struct {
	constraints []*constraint
	credit      float64 // of all constraints
}

// Grade checks every constraint on the rollout.
func (g *format) Grade(_ context.Context, r *grader.Rollout) (grader.Result, error) {
	res := grader.Result{Metrics: make([]grader.Metric, 0, len(g.constraints)+1)}
	w := newWritten(r)
	if w.nothing != "" {
		for _, c := range g.constraints {
			res.Metrics = append(res.Metrics, grader.Measure(c.name, 0))
		}
		res.Metrics = append(res.Metrics, grader.Measure(answerFound, 0))
		res.Reason = "nothing is paid for form alone: " + w.nothing
		return res, nil
	}
	earned := 0.0
	reasons := make([]string, len(g.constraints))
	for i, c := range g.constraints {
		met := 0.0
		why := c.check(w)
		if why == "" {
			met, why = 1, "met"
		}
		earned += met * c.credit
		res.Metrics = append(res.Metrics, grader.Measure(c.name, met))
		reasons[i] = c.name + ": " + why
		if len(g.constraints) > 1 {
			reasons[i] += " (" + strconv.FormatFloat(met*c.credit, 'g', 4, 64) + " of " + strconv.FormatFloat(c.credit, 'g', 4, 64) + ")"
		}
	}
	res.Metrics = append(res.Metrics, grader.Measure(answerFound, 1))
	res.Score = min(1, earned/g.credit)
	res.Found = w.answer.Text
	res.Reason = strings.Join(reasons, "; ")
	return res, nil
}

// written is what the model wrote.
type written struct {
	response  string
	answer    answer.Found
	reasoning string // without marks
	before    bool   // the reasoning stands before the answer, or beside the content
	nothing   string // why there is nothing that could be paid for
}

func newWritten(r *grader.Rollout) *written {
	w := &written{response: r.Response()}
	w.answer = compared.Answer(w.response)
	switch {
	case !w.answer.OK:
		w.nothing = w.answer.Why
		return w
	case !says(unmarked(w.answer.Text)):
		w.nothing = "the answer says nothing"
		return w
	}
	before := unmarked(w.response[:w.answer.Start])
	if beside := r.Messages[len(r.Messages)-1].Reasoning; says(beside) {
		w.reasoning, w.before = beside, true
		return w
	}
	w.before = says(before)
	w.reasoning = strings.TrimSpace(before + "\n" + unmarked(w.response[w.answer.End:]))
	return w
}

// A part says which text a constraint looks at.
type part struct {
	name string
	find answer.Finders
}

func compilePart(name string) (part, error) {
	switch name {
	case "", InResponse:
		return part{name: InResponse}, nil
	case InAnswer, InReasoning:
		return part{name: name}, nil
	}
	find, err := answer.Parse(name)
	return part{name, find}, err
}

// of returns the part of what was written, or why it is not there.
func (p part) of(w *written) (text, why string) {
	switch p.name {
	case InResponse:
		text = w.response
	case InAnswer:
		text = w.answer.Text
	case InReasoning:
		text = w.reasoning
	default:
		found := p.find.Find(w.response)
		if !found.OK {
			return "", found.Why
		}
		text = found.Text
	}
	if text = strings.TrimSpace(text); !says(unmarked(text)) {
		return "", "the " + p.name + " says nothing"
	}
	return text, ""
}

// check says why a constraint is not met; "" where it is.
func (c *constraint) check(w *written) string {
	s, why := c.part.of(w)
	if why != "" {
		return why
	}
	for _, check := range []func(s string) string{c.checkPattern, c.checkEnds, c.checkScript, c.checkForbidden} {
		if why := check(s); why != "" {
			return why
		}
	}
	if len(c.tags) > 0 {
		if why := c.inOrder(s); why != "" {
			return why
		}
	}
	return c.checkReasoning(w)
}

func (c *constraint) checkPattern(s string) string {
	if c.never != nil && c.never.MatchString(s) {
		return "the forbidden pattern matches"
	}
	if c.pattern == nil {
		return ""
	}
	var at []int
	if c.pattern.NumSubexp() == 0 {
		if at = c.pattern.FindStringIndex(s); at == nil {
			return "the pattern does not match"
		}
	} else if at = c.pattern.FindStringSubmatchIndex(s); at == nil {
		return "the pattern does not match"
	}
	for i, name := range c.pattern.SubexpNames() {
		if name != "" && (at[2*i] < 0 || !says(unmarked(s[at[2*i]:at[2*i+1]]))) {
			return fmt.Sprintf("the group %q of the pattern says nothing", name)
		}
	}
	if c.elements != nil && c.elements.MatchString(s) {
		return "an element that the pattern names is empty"
	}
	return ""
}

func (c *constraint) checkEnds(s string) string {
	rest, ok := strings.CutPrefix(s, c.starts)
	if !ok {
		return "it does not start with " + grader.Excerpt(c.starts)
	}
	if !strings.HasSuffix(s, c.ends) {
		return "it does not end with " + grader.Excerpt(c.ends)
	}
	if rest, ok = strings.CutSuffix(rest, c.ends); !ok || !says(unmarked(rest)) {
		return "nothing stands beside how it starts and ends"
	}
	return ""
}

func (c *constraint) checkScript(s string) string {
	if c.scripts == nil {
		return ""
	}
	letters, right := 0, 0
	for _, r := range unmarked(s) {
		if !unicode.IsLetter(r) || unicode.In(r, unicode.Common, unicode.Inherited) || compared.BlankLetter(r) {
			continue
		}
		letters++
		if unicode.In(r, c.scripts...) {
			right++
		}
	}
	if letters == 0 {
		return "it holds no letters"
	}
	if share := float64(right) / float64(letters); share < c.share {
		return fmt.Sprintf("%.4g of its letters are of the script, fewer than %v", share, c.share)
	}
	return ""
}

func (c *constraint) checkForbidden(s string) string {
	if c.forbid == nil {
		return ""
	}
	s = fold(s)
	for _, text := range c.forbid {
		if strings.Contains(s, text) {
			return "it holds the forbidden " + grader.Excerpt(text)
		}
	}
	return ""
}

func (c *constraint) checkReasoning(w *written) string {
	switch {
	case c.absent && says(w.reasoning):
		return "there is reasoning"
	case c.closed && !w.before:
		return "no reasoning that says something stands before the answer"
	case c.closed && !enough(w.reasoning, c.words):
		return fmt.Sprintf("the reasoning has fewer than %d words", c.words)
	}
	return ""
}
