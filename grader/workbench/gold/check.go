package gold

import (
	"context"
	"math"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
)

// A Record is a training record that is checked, and what came of it.
type Record struct {
	Line   int
	Prompt *grader.Rollout // without an answer

	Err    error   // the grader cannot read the record or its reference
	Best   float64 // the score of the best form, NaN where there is none
	Reason string  // of the best form
	Tried  int     // forms
}

// Full reports whether the reference earned full marks.
func (r *Record) Full(marks float64) bool { return r.Best >= marks-1e-9 }

// Check grades the reference of each record in its forms, one after the other, until
// one earns full marks. It changes the records, and returns how many gradings there
// were. Where there is no form, an answer without content is graded, so that a fault
// of the data shows.
func Check(ctx context.Context, runner *batch.Runner, forms Forms, marks float64, records []*Record) (gradings int, err error) {
	type try struct {
		of      *Record
		answers []string
	}
	open := make([]try, 0, len(records))
	judged := forms.Judged() != ""
	for _, r := range records {
		r.Best = math.NaN()
		if r.Err != nil {
			continue
		}
		var answers []string
		if !judged {
			answers = forms.Answers(r.Prompt)
		}
		if len(answers) == 0 {
			answers = []string{""}
		}
		open = append(open, try{r, answers})
	}
	for k := 0; len(open) > 0; k++ {
		items := make([]grader.Item, len(open))
		for i, t := range open {
			items[i] = grader.Item{ID: []byte("null"), Rollout: Answered(t.of.Prompt, t.answers[k])}
		}
		outcomes := runner.Run(ctx, items)
		if err := context.Cause(ctx); err != nil {
			return gradings, err
		}
		gradings += len(items)
		next := open[:0]
		for i, o := range outcomes {
			t := open[i]
			t.of.Tried++
			if !o.Graded() {
				t.of.Err = o.Err
				continue
			}
			if !(t.of.Best >= o.Result.Score) {
				t.of.Best, t.of.Reason = o.Result.Score, o.Result.Reason
			}
			if !t.of.Full(marks) && k+1 < len(t.answers) {
				next = append(next, t)
			}
		}
		open = next
	}
	return gradings, nil
}
