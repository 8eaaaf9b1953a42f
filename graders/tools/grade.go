package tools

import (
	"context"
	"fmt"
	"strings"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/internal/compared"
	"github.com/rftgrader/rftgrader/graders/internal/jsonvalue"
)

type tools struct {
	Options
	compare *jsonvalue.Comparer
}

// Grade compares the calls of the last message with those of the reference.
func (g *tools) Grade(_ context.Context, r *grader.Rollout) (grader.Result, error) {
	want, err := g.wanted(r)
	if err != nil {
		return grader.Result{}, err
	}
	got := g.called(r)
	res := grader.Result{Found: describe(got)}
	found, names := 1.0, 0.0
	switch {
	case len(want) == 0:
		said := compared.Answer(r.Response())
		switch {
		case len(got) > 0:
			res.Reason = "no call is wanted: it calls " + res.Found
		case !said.OK:
			found = 0
			res.Reason = "no answer: " + said.Why
		case !compared.Says(said.Text):
			found = 0
			res.Reason = "no answer: it says nothing"
		default:
			res.Score, names, res.Found = 1, 1, said.Text
			res.Reason = "no call is wanted, and there is none"
		}
	case len(got) == 0:
		found = 0
		res.Reason = "no answer: the last message calls no tool"
	case len(got) > maxCalls:
		res.Reason = fmt.Sprintf("the last message has more than %d calls", maxCalls)
	default:
		var paired int
		res.Score, paired, res.Reason = g.score(want, got)
		names = float64(paired) / float64(len(want))
	}
	res.Metrics = []grader.Metric{
		grader.Measure("answer_found", found),
		grader.Measure("calls", float64(len(got))),
		grader.Measure("names", names),
	}
	return res, nil
}

// score pairs the calls and says how many pairs there are, and why this score.
func (g *tools) score(want, got []call) (score float64, paired int, reason string) {
	// A pair whose arguments are all wrong is a pair still.
	const pair = 1e-6
	value := make([][]float64, len(want))
	comparisons := make([][]jsonvalue.Comparison, len(want))
	for i, w := range want {
		value[i], comparisons[i] = make([]float64, len(got)), make([]jsonvalue.Comparison, len(got))
		for j, c := range got {
			if c.name == w.name {
				comparisons[i][j] = g.arguments(w, c)
				value[i][j] = pair + comparisons[i][j].Score
			}
		}
	}
	pairing := pairInOrder
	if g.Order == OrderAny {
		pairing = pairAnyhow
	}
	sum, same := 0.0, 0
	var whys []string
	for i, j := range pairing(value, len(got)) {
		if j < 0 {
			whys = append(whys, fmt.Sprintf("call %d of %s is missing", i+1, grader.Excerpt(want[i].name)))
			continue
		}
		paired++
		c := comparisons[i][j]
		if c.Same {
			same++
			sum++
			continue
		}
		if !c.Forbidden {
			sum += g.NameCredit + (1-g.NameCredit)*c.Score
		}
		whys = append(whys, fmt.Sprintf("call %d of %s: %s", i+1, grader.Excerpt(want[i].name), c.Why))
	}
	total := len(want)
	if extra := len(got) - paired; extra > 0 {
		whys = append(whys, fmt.Sprintf("%d of %d calls are not in the reference", extra, len(got)))
		switch g.Extra {
		case jsonvalue.ExtraCount:
			total = max(len(want), len(got))
		case jsonvalue.ExtraForbid:
			sum = 0
		}
	}
	score = sum / float64(total)
	right := same == len(want) && (len(got) == paired || g.Extra == jsonvalue.ExtraAllow)
	if !right && !g.Partial {
		score = 0
	}
	const most = 4
	switch {
	case len(whys) == 0:
		return score, paired, "all calls are right"
	case len(whys) > most:
		whys = append(whys[:most], fmt.Sprintf("and %d more", len(whys)-most))
	}
	return score, paired, strings.Join(whys, "; ")
}

// arguments compares the arguments of two calls of one name.
func (g *tools) arguments(want, got call) jsonvalue.Comparison {
	switch {
	case g.Arguments == ArgumentsIgnore:
		return jsonvalue.Comparison{Score: 1, Same: true}
	case got.fault != "":
		return jsonvalue.Comparison{Why: got.fault}
	}
	return g.compare.Compare(want.arguments, got.arguments)
}

// describe names calls for people.
func describe(calls []call) string {
	const most = 8
	var names []string
	for _, c := range calls[:min(len(calls), most)] {
		name := c.name
		if name == "" {
			name = "(" + c.fault + ")"
		}
		names = append(names, strings.Trim(grader.Excerpt(name), `"`))
	}
	if len(calls) > most {
		names = append(names, "...")
	}
	return strings.Join(names, ", ")
}
