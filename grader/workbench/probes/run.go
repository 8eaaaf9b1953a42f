package probes

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
)

// A Good is a rollout whose answer is thought to be good.
type Good struct {
	Place   string // what stands for it in a report
	Rollout *grader.Rollout
}

// Options say what the grader's scores mean.
type Options struct {
	Least float64 // the worst score; 0 by default
	Full  float64 // the best one; 0 is the best score of the good rollouts
	// Allow is the share of a good rollout's margin over the least score that counts as
	// little, from 0 to 1; 0 is a quarter.
	Allow float64
	// Most is how many answers of each probe are tried on one rollout; 0 is all.
	Most int
	// Concurrency is that of [batch.Runner].
	Concurrency int
}

// Paid is a probe that earned more than its bound.
type Paid struct {
	Probe   string          `json:"probe"`
	Says    string          `json:"says"`
	Place   string          `json:"place"` // of the good rollout
	Good    float64         `json:"good"`  // its score
	Bound   float64         `json:"bound"`
	Score   float64         `json:"score"`
	Reason  string          `json:"reason"`
	Answer  string          `json:"answer"`
	Rollout *grader.Rollout `json:"-"` // the probe, as it was graded
}

// JSON returns the probe as a rollout in the form that trainers send, with an id that
// says what it is.
func (p Paid) JSON() any {
	return asSent(p.Probe+" of "+p.Place, p.Rollout)
}

// A Tally counts what came of one probe.
type Tally struct {
	Probe    string `json:"probe"`
	Tried    int    `json:"tried"`    // answers
	Paid     int    `json:"paid"`     // answers that earned too much
	Ungraded int    `json:"ungraded"` // answers without a score
}

// A Report says what came of all probes.
type Report struct {
	Good    int     `json:"good"`    // rollouts that probes were made of
	Passed  int     `json:"passed"`  // rollouts that earn too little, could not be graded, or want no answer
	Tallies []Tally `json:"tallies"` // of the probes that could be tried, in the order of All
	Paid    []Paid  `json:"paid"`
}

// Run derives every probe from the good rollouts and grades them. A rollout that earns
// less than half of the best score is no good one, and is passed over. Nothing of the
// rollouts is changed. The error is that of ctx, or that there is nothing to work with.
func Run(ctx context.Context, g grader.Grader, goods []Good, o Options) (*Report, error) {
	if o.Allow == 0 {
		o.Allow = 0.25
	}
	r := &run{grader: g, options: o, report: &Report{Paid: []Paid{}, Tallies: []Tally{}}}
	if err := r.choose(ctx, goods); err != nil {
		return nil, err
	}
	if len(r.goods) == 0 {
		return r.report, nil
	}
	if err := r.prepare(ctx); err != nil {
		return nil, err
	}
	for _, p := range All() {
		if err := r.try(ctx, p); err != nil {
			return nil, err
		}
	}
	return r.report, nil
}

type run struct {
	grader  grader.Grader
	options Options
	report  *Report
	goods   []*subject
}

// subject is a good rollout in work.
type subject struct {
	Good
	material
	score, alone float64
}

// grade grades answers to the prompts of subjects. Where a grader compares rollouts, each
// answer is compared with the good one alone, whose score is returned too.
func (r *run) grade(ctx context.Context, of []*subject, answers []grader.Message) (outcomes []batch.Outcome, good []float64, err error) {
	runner := &batch.Runner{Grader: r.grader, Concurrency: r.options.Concurrency}
	_, compares := r.grader.(grader.BatchGrader)
	good = make([]float64, len(of))
	items := make([]grader.Item, len(of))
	for i, s := range of {
		items[i] = item(answered(s.Rollout, answers[i]))
		good[i] = s.score
	}
	if !compares {
		outcomes = runner.Run(ctx, items)
		return outcomes, good, context.Cause(ctx)
	}
	for i, s := range of {
		pair := runner.Run(ctx, []grader.Item{item(s.Rollout), items[i]})
		if err := context.Cause(ctx); err != nil {
			return nil, nil, err
		}
		if pair[0].Graded() {
			good[i] = pair[0].Result.Score
		}
		outcomes = append(outcomes, pair[1])
	}
	return outcomes, good, nil
}

func item(r *grader.Rollout) grader.Item {
	return grader.Item{ID: []byte("null"), Rollout: r}
}

// answered returns the rollout with another answer.
func answered(r *grader.Rollout, answer grader.Message) *grader.Rollout {
	c := *r
	c.Messages = append(slices.Clone(r.Prompt()), answer)
	return &c
}

// choose grades the rollouts and keeps the good ones.
func (r *run) choose(ctx context.Context, goods []Good) error {
	items := make([]grader.Item, len(goods))
	for i, g := range goods {
		if g.Rollout == nil {
			return errors.New("a good rollout is nil")
		}
		items[i] = item(g.Rollout)
	}
	outcomes := (&batch.Runner{Grader: r.grader, Concurrency: r.options.Concurrency}).Run(ctx, items)
	if err := context.Cause(ctx); err != nil {
		return err
	}
	best := r.options.Full
	if best == 0 {
		best = math.Inf(-1)
		for _, o := range outcomes {
			if o.Graded() {
				best = max(best, o.Result.Score)
			}
		}
	}
	for i, o := range outcomes {
		if wantsNothing(goods[i].Rollout.Reference) || !o.Graded() || o.Result.Score <= r.options.Least || o.Result.Score < r.options.Least+(best-r.options.Least)/2 {
			r.report.Passed++
			continue
		}
		s := &subject{Good: goods[i], score: o.Result.Score}
		s.rollout, s.response, s.found = s.Rollout, s.Rollout.Response(), strings.TrimSpace(o.Result.Found)
		s.readCalls()
		r.goods = append(r.goods, s)
	}
	r.report.Good = len(r.goods)
	return nil
}

// wantsNothing reports whether a reference is empty: no call is wanted, for one, and any
// text may be right.
func wantsNothing(r grader.Reference) bool {
	v := jsontext.Value(r.Raw())
	for range 3 {
		var list []jsontext.Value
		var members map[string]jsontext.Value
		switch {
		case jsonv2.Unmarshal(v, &list) == nil && v.Kind() == '[':
			return len(list) == 0
		case jsonv2.Unmarshal(v, &members) != nil || v.Kind() != '{':
			return false
		case len(members) != 1:
			return len(members) == 0
		}
		for _, inner := range members {
			v = inner
		}
	}
	return false
}

const (
	maxDonors  = 3
	maxOptions = 11

	maxNeighbours = 20
)

// prepare finds what the probes need of other rows: answers that are wrong here.
func (r *run) prepare(ctx context.Context) error {
	type donor struct {
		to       *subject
		response string
		found    string
	}
	var donors []donor
	var of []*subject
	var answers []grader.Message
	for i, s := range r.goods {
		var seen []string
		for k := 1; k < len(r.goods); k++ {
			other := r.goods[(i+k)%len(r.goods)]
			if string(other.Rollout.Reference.Raw()) == string(s.Rollout.Reference.Raw()) || other.found != "" && same(other.found, s.found) {
				continue
			}
			if other.found != "" && len(s.options) < maxOptions && !slices.ContainsFunc(s.options, func(o string) bool { return same(o, other.found) }) {
				s.options = append(s.options, other.found)
			}
			if len(seen) < maxDonors && strings.TrimSpace(other.response) != "" && !slices.Contains(seen, other.response) && !s.holds(lastLine(other.response)) {
				seen = append(seen, other.response)
				donors = append(donors, donor{s, other.response, other.found})
				of, answers = append(of, s), append(answers, spoken(other.response))
			}
			for _, c := range other.called {
				if len(s.neighbours) < maxNeighbours && !slices.ContainsFunc(slices.Concat(s.called, s.neighbours), func(o grader.ToolCall) bool { return sameCall(o, c) }) {
					s.neighbours = append(s.neighbours, c)
				}
			}
		}
		if s.found != "" && !s.isDocument() {
			s.wrong = changed(s.found)
		}
	}
	outcomes, good, err := r.grade(ctx, of, answers)
	if err != nil {
		return err
	}
	// Answers of two rows may be equal in ways that their looks do not tell. Where some
	// donors are paid and others are not, those that are paid are right here too.
	paid := map[*subject][]string{}
	for i, d := range donors {
		if o := outcomes[i]; o.Graded() && o.Result.Score > r.little(good[i]) {
			paid[d.to] = append(paid[d.to], d.response)
			continue
		}
		if len(d.to.donors) == 0 && d.found != "" {
			d.to.wrong = d.found
		}
		d.to.donors = append(d.to.donors, d.response)
	}
	for s, responses := range paid {
		if len(s.donors) == 0 {
			s.donors = responses
		}
	}
	return r.aloneScores(ctx)
}

func lastLine(s string) string {
	s = strings.TrimSpace(s)
	return s[strings.LastIndexByte(s, '\n')+1:]
}

// aloneScores grades what needs no form: the answer, and each text of the reference.
func (r *run) aloneScores(ctx context.Context) error {
	var of []*subject
	var answers []grader.Message
	for _, s := range r.goods {
		s.alone = r.options.Least
		for _, t := range append(s.referenceTexts(), s.found) {
			if t != "" {
				of, answers = append(of, s), append(answers, spoken(t))
			}
		}
	}
	outcomes, _, err := r.grade(ctx, of, answers)
	for i := range outcomes {
		if outcomes[i].Graded() {
			of[i].alone = max(of[i].alone, outcomes[i].Result.Score)
		}
	}
	return err
}

// little is the bound of what deserves little.
func (r *run) little(good float64) float64 {
	return r.options.Least + r.options.Allow*(good-r.options.Least)
}

// bound returns what a probe of a good rollout may earn. Prose that is compared by its
// words is right in part where another text shares them, and all but right where it is
// a part of one.
func (r *run) bound(p Probe, s *subject, good float64) float64 {
	little := r.little(good)
	if s.isProse() {
		little = max(little, r.options.Least+(good-r.options.Least)/2)
	}
	switch {
	case p.Bound == NoMore, p.Holds && s.isProse():
		return good
	case p.Bound == AsAlone:
		return max(little, s.alone)
	case p.Bound == Half:
		return max(little, r.options.Least+(good-r.options.Least)/2)
	}
	return little
}

// slack is what rounding may add to a score.
const slack = 1e-9

// try grades one probe on all good rollouts.
func (r *run) try(ctx context.Context, p Probe) error {
	var of []*subject
	var answers []grader.Message
	for _, s := range r.goods {
		all := p.answers(&s.material)
		if r.options.Most > 0 {
			all = all[:min(len(all), r.options.Most)]
		}
		for _, answer := range all {
			if len(answer.ToolCalls) > 0 || s.form != inTags && len(s.called) > 0 || answer.Content.Text() != s.response {
				of, answers = append(of, s), append(answers, answer)
			}
		}
	}
	if len(answers) == 0 {
		return nil
	}
	outcomes, good, err := r.grade(ctx, of, answers)
	if err != nil {
		return err
	}
	tally := Tally{Probe: p.Name}
	for i, o := range outcomes {
		tally.Tried++
		if !o.Graded() {
			tally.Ungraded++
			continue
		}
		bound := r.bound(p, of[i], good[i])
		if o.Result.Score <= bound+slack {
			continue
		}
		tally.Paid++
		r.report.Paid = append(r.report.Paid, Paid{
			Probe: p.Name, Says: p.Says, Place: of[i].Place, Good: good[i], Bound: bound, Score: o.Result.Score,
			Reason: o.Result.Reason, Answer: told(answers[i]), Rollout: o.Item.Rollout,
		})
	}
	r.report.Tallies = append(r.report.Tallies, tally)
	return nil
}
