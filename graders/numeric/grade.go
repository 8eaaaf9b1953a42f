package numeric

import (
	"context"
	"fmt"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/answer"
	"github.com/rftgrader/rftgrader/graders/numeric/number"
)

type numeric struct {
	find      answer.Finders
	reference grader.Pointer
	format    number.Format
	percent   Percent
	units     bool
	digits    int
	rel       float64
	within    float64 // 0 without partial credit

	absValue, relValue number.Value
}

// Grade compares the number of the answer with that of the reference.
func (g *numeric) Grade(_ context.Context, r *grader.Rollout) (grader.Result, error) {
	want, text, err := g.readReference(r)
	if err != nil {
		return grader.Result{}, err
	}
	found := g.find.Find(r.Response())
	if !found.OK {
		return g.result(found, 0, 0, "no answer: "+found.Why), nil
	}
	got, err := number.Read(found.Text, g.format)
	if err != nil {
		return g.result(found, 0, 0, found.Why+": "+grader.Excerpt(found.Text)+" is not one number: "+err.Error()), nil
	}
	c := g.compare(got, want)
	reason := found.Why + ": " + grader.Excerpt(found.Text) + " " + c.verdict + " " + grader.Excerpt(text)
	res := g.result(found, 1, c.score, reason)
	if g.within > 0 {
		res.Metrics[len(res.Metrics)-1].Value = c.relativeError
	}
	return res, nil
}

// readReference returns the reference and how it is written.
func (g *numeric) readReference(r *grader.Rollout) (number.Reading, string, error) {
	ref, err := r.Lookup(g.reference)
	if err != nil {
		return number.Reading{}, "", err
	}
	text, err := ref.Text()
	if err != nil {
		return number.Reading{}, "", err
	}
	format := g.format
	if raw := ref.Raw(); len(raw) > 0 && raw[0] != '"' {
		format = number.Format{} // JSON's own numbers
	}
	want, err := number.Read(text, format)
	if err != nil {
		remedy := "point the option reference at a number, or grade this row with another kind"
		if _, other := number.Read(text, number.Format{DecimalComma: !format.DecimalComma}); other == nil {
			remedy = "set the option decimal to the mark that the data uses"
		}
		return want, text, &grader.DataError{
			Where:  ref.Where(),
			Err:    fmt.Errorf("the reference is not one number: %w: %s", err, remedy),
			Detail: "the reference is " + grader.Excerpt(text),
		}
	}
	return want, text, nil
}

// result returns a Result with the metrics that every result has.
func (g *numeric) result(found answer.Found, read, score float64, reason string) grader.Result {
	metrics := make([]grader.Metric, 2, 3)
	metrics[0] = grader.Measure("answer_found", 0)
	if found.OK {
		metrics[0].Value = 1
	}
	metrics[1] = grader.Measure("number_read", read)
	if g.within > 0 {
		metrics = append(metrics, grader.Measure("relative_error", 1))
	}
	return grader.Result{Score: score, Metrics: metrics, Found: found.Text, Reason: reason}
}
