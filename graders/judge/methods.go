package judge

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/rftgrader/rftgrader/graders/judge/converse"
	"github.com/rftgrader/rftgrader/graders/judge/prompt"
	"github.com/rftgrader/rftgrader/graders/judge/rubric"
)

var errNotApplicable = errors.New("the judge says that the rubric does not apply to this rollout: leave such rows out, or grade them with another rubric")

// closing are the last words of a question about one answer.
const closing = "Judge the piece " + prompt.Candidate + " now, by your instructions."

// absolute judges by a number on a scale.
type absolute struct {
	system string
	output converse.Output
	scale  rubric.Scale
	invert bool
}

func (a *absolute) opine(ctx context.Context, j *judge, p *panelist, sample int, m *material) (opinion, tally, error) {
	var o opinion
	t, err := j.ask(ctx, p, question{a.system, a.output, m.pieces(), closing}, sample, func(said *converse.Answer) error {
		v, err := readNumber(said, a.scale)
		if err != nil {
			return err
		}
		if o.score = a.scale.Unit(v); a.invert {
			o.score = 1 - o.score
		}
		o.reason = fmt.Sprintf("%v on %v to %v. %s", v, a.scale.Min, a.scale.Max, reasonIn(said))
		return nil
	})
	return o, t, err
}

// labelled judges by one of several labels.
type labelled struct {
	system        string
	output        converse.Output
	labels        rubric.Labels
	notApplicable bool
}

func (l *labelled) opine(ctx context.Context, j *judge, p *panelist, sample int, m *material) (opinion, tally, error) {
	var o opinion
	t, err := j.ask(ctx, p, question{l.system, l.output, m.pieces(), closing}, sample, func(said *converse.Answer) error {
		label, err := readLabel(said, l.names())
		switch {
		case err != nil:
			return err
		case label == rubric.NotApplicable:
			return notApplicable()
		}
		o = opinion{score: l.labels[label], reason: label + ". " + reasonIn(said)}
		return nil
	})
	return o, t, err
}

func (l *labelled) names() []string {
	names := l.labels.Names()
	if l.notApplicable {
		names = append(names, rubric.NotApplicable)
	}
	return names
}

// pairwise compares the answer with the reference answer.
type pairwise struct {
	system string
	output converse.Output
	swap   bool
}

const closingPair = "Compare the candidates now, by your instructions."

// opine asks in both orders, or in one that depends on nothing but the texts.
func (w *pairwise) opine(ctx context.Context, j *judge, p *panelist, sample int, m *material) (opinion, tally, error) {
	reference, left := prompt.Cut(m.reference, j.shows.maxCandidate, j.shows.cut)
	other := prompt.Piece{Text: reference, Left: left}
	pieces := m.context()
	compare := func(first, second prompt.Piece, points *float64, reason *string) (tally, error) {
		first.Name, second.Name = prompt.Numbered(1), prompt.Numbered(2)
		q := question{w.system, w.output, append(pieces[:len(pieces):len(pieces)], first, second), closingPair}
		return j.ask(ctx, p, q, sample, func(said *converse.Answer) error {
			v, err := readChoice(said)
			if err == nil {
				*points, *reason = v, reasonIn(said)
			}
			return err
		})
	}
	var forth, back float64 // what the candidate shown first gets: 1, 0.5 or 0
	var why, again string
	if !w.swap {
		if ours, theirs := sha256.Sum256([]byte(m.candidate.Text)), sha256.Sum256([]byte(reference)); bytes.Compare(ours[:], theirs[:]) < 0 {
			t, err := compare(m.candidate, other, &forth, &why)
			return opinion{score: forth, reason: outcome(forth) + why}, t, err
		}
		t, err := compare(other, m.candidate, &back, &why)
		return opinion{score: 1 - back, reason: outcome(1-back) + why}, t, err
	}
	var one, two tally
	err := together(
		func() (err error) { one, err = compare(m.candidate, other, &forth, &why); return err },
		func() (err error) { two, err = compare(other, m.candidate, &back, &again); return err },
	)
	one.add(two)
	reason := outcome(forth) + why + "\nin the other order: " + outcome(1-back) + again
	return opinion{score: (forth + 1 - back) / 2, bias: forth + back - 1, reason: reason}, one, err
}

// outcome says in words what an answer's points are beside the reference.
func outcome(points float64) string {
	switch points {
	case 0:
		return "the reference is better. "
	case 1:
		return "the answer is better. "
	}
	return "neither is better. "
}

// context is what both candidates of a comparison share: the reference is one
// of them.
func (m *material) context() []prompt.Piece {
	var out []prompt.Piece
	for _, p := range m.shared {
		if p.Name != prompt.Reference {
			out = append(out, p)
		}
	}
	return out
}
