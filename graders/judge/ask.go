package judge

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
	"github.com/rftgrader/rftgrader/graders/judge/prompt"
)

// A question is what a judge is asked at once.
type question struct {
	system  string // equal byte for byte for all rollouts
	output  converse.Output
	pieces  []prompt.Piece
	closing string
}

// mostReask bounds how often a question is asked again.
const mostReask = 5

// ask puts a question to a model, and again where the answer holds no verdict.
// Read is given the answer; it keeps the verdict, or says why there is none.
func (j *judge) ask(ctx context.Context, p *panelist, q question, sample int, read func(*converse.Answer) error) (t tally, err error) {
	defer caught(&err)
	for try := 0; ; try++ {
		a, err := converse.Through(ctx, p.caller).Converse(ctx, p.request(q, sample*(mostReask+1)+try))
		if err != nil {
			if e, ok := errors.AsType[*converse.Error](err); ok {
				t.charge(p, e.Usage, e.Attempts, 0)
			}
			return t, converse.AsFault(fmt.Errorf("%s: %w", p.id, err))
		}
		t.charge(p, a.Usage, a.Attempts, a.Latency)
		err = read(a)
		if err == nil {
			return t, nil
		}
		if _, final := errors.AsType[*grader.DataError](err); final {
			return t, err
		}
		if try >= j.reask {
			return t, converse.AsFault(fmt.Errorf("%s: no verdict: %w", p.id, &converse.Error{Class: converse.Malformed, Code: err.Error(), Err: err}))
		}
	}
}

// caught makes a panic of a goroutine of ours the error of the rollout that it
// works for. What a panic says may quote the data.
func caught(err *error) {
	switch v := recover().(type) {
	case nil:
	case runtime.Error:
		*err = grader.Permanentf("the judge panicked: %w: this is a fault of the grader", v)
	default:
		*err = grader.Permanentf("the judge panicked (%T): this is a fault of the grader", v)
	}
}

// request draws a fresh code for the fences of every request.
func (p *panelist) request(q question, sample int) *converse.Request {
	r := p.base.Clone()
	m := prompt.Render(q.pieces, q.closing)
	r.System = []string{q.system}
	r.Messages = []converse.Message{{Role: converse.User, Text: m.Text}}
	r.Fence = m.Code
	r.Output = q.output
	r.Sample = sample
	return r
}
