package judge

import (
	"context"
	_ "embed"
	"errors"
	"fmt"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/judge/bedrock"
	"github.com/rftgrader/rftgrader/graders/judge/calls"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
	"github.com/rftgrader/rftgrader/graders/judge/models"
)

//go:embed doc.go
var source string

// Kind is the kind judge.
var Kind = grader.Define("judge", grader.PackageDoc(source), defaults(), build)

// judge grades rollouts one by one.
type judge struct {
	panel   []*panelist
	close   func() error
	shows   shows
	gates   gates
	reward  Reward
	samples Samples
	reask   int
	method  method
	ranking *ranking // in mode group
}

// A panelist is one model.
type panelist struct {
	id     string
	weight float64
	price  *models.Price // nil if it was not given
	caller converse.Caller
	base   converse.Request // what all requests to it have in common
}

// A method is a form of the verdict.
type method interface {
	// opine has one model judge one rollout once. It asks as many questions as
	// the form needs.
	opine(ctx context.Context, j *judge, p *panelist, sample int, m *material) (opinion, tally, error)
}

// An opinion is what one model thinks of one rollout.
type opinion struct {
	score  float64 // 0 to 1
	parts  []part
	bias   float64 // see tilt
	reason string
}

// A part is the verdict on one criterion.
type part struct {
	name  string // "" for a rollout's own criteria
	value float64
	there bool // false where it does not apply
}

func build(env *grader.Env, o Options) (grader.Grader, error) {
	j, err := assemble(env, o)
	if err != nil {
		return nil, err
	}
	connections := 0
	settings := make([]calls.Settings, len(j.panel))
	for i := range j.panel {
		settings[i] = settingsOf(o, i)
		connections += settings[i].Concurrency
	}
	base := bedrock.New(connections)
	lanes := lanesOf(env)
	var callers []*calls.Caller
	for i, p := range j.panel {
		c := lanes.New(base, p.id, p.base.Region, modelOf(o, i), settings[i])
		p.caller = c
		callers = append(callers, c)
	}
	j.close = func() error {
		var errs []error
		for _, c := range callers {
			errs = append(errs, c.Close())
		}
		return errors.Join(append(errs, base.Close())...)
	}
	return j.grader(o), nil
}

// lanesOf returns the ways to models that the judges of one spec share.
func lanesOf(env *grader.Env) *calls.Lanes {
	type key struct{}
	if env == nil || env.Shared == nil {
		return &calls.Lanes{}
	}
	lanes, _ := env.Shared.LoadOrStore(key{}, &calls.Lanes{})
	return lanes.(*calls.Lanes)
}

// grader returns j, with GradeBatch in mode group.
func (j *judge) grader(o Options) grader.Grader {
	if o.Mode == ModeGroup {
		return &groupJudge{judge: j, min: o.Group.Min, max: o.Group.Max, ranking: j.ranking}
	}
	return j
}

// Close ends the judge's calls and closes its connections.
func (j *judge) Close() error { return j.close() }

// Grade judges one rollout.
func (j *judge) Grade(ctx context.Context, r *grader.Rollout) (grader.Result, error) {
	m, err := j.shows.material(r)
	if err != nil {
		return grader.Result{}, err
	}
	if why := j.gates.closed(m); why != "" {
		return j.gated(m, why), nil
	}
	return j.verdict(ctx, m, 1)
}

// gated is the result of an answer that no judge sees.
func (j *judge) gated(m *material, why string) grader.Result {
	return grader.Result{
		Score:   j.reward.Min,
		Found:   m.found(),
		Metrics: []grader.Metric{grader.Measure("gated", 1), grader.Measure("valid_verdicts", 0)},
		Reason:  "no judge was asked: " + why,
	}
}

// verdict has the panel judge one answer, which so many rollouts gave.
func (j *judge) verdict(ctx context.Context, m *material, rollouts int) (grader.Result, error) {
	ballots, t, err := poll(ctx, j,
		func(ctx context.Context, p *panelist, sample int) (opinion, tally, error) {
			return j.method.opine(ctx, j, p, sample, m)
		},
		func(a, b opinion) bool { return a.score == b.score })
	if err != nil {
		return grader.Result{}, err
	}
	votes := make([]vote, len(ballots))
	bias := 0.0
	for i, b := range ballots {
		votes[i] = vote{b.value.score, b.weight}
		bias += b.value.bias / float64(len(ballots))
	}
	score := aggregate(votes, j.samples.Aggregate, j.samples.Trim)
	res := grader.Result{Score: j.reward.of(score), Found: m.found(), Reason: reasonOf(ballots)}
	res.Metrics = append(res.Metrics, grader.Measure("gated", 0), grader.Measure("valid_verdicts", float64(len(ballots))), grader.Measure("spread", spread(votes)))
	res.Metrics = append(res.Metrics, partMetrics(ballots)...)
	if m, ok := j.method.(*pairwise); ok && m.swap {
		res.Metrics = append(res.Metrics, grader.Measure("position_bias", bias))
	}
	if m.candidate.Left.Bytes > 0 {
		res.Metrics = append(res.Metrics, grader.Measure("truncated", 1))
	}
	res.Metrics = append(res.Metrics, t.metrics(rollouts)...)
	return res, nil
}

// of maps a score from 0 to 1 to a reward.
func (r Reward) of(score float64) float64 {
	switch score {
	case 0:
		return r.Min
	case 1:
		return r.Max
	}
	return r.Min + score*(r.Max-r.Min)
}

// partMetrics gives the mean verdict on each criterion. A rollout's own
// criteria have no names that metrics could share, so they are counted.
func partMetrics(ballots []ballot[opinion]) (out []grader.Metric) {
	if len(ballots[0].value.parts) == 0 {
		return nil
	}
	met, applied := 0.0, 0.0
	for i, p := range ballots[0].value.parts {
		var votes []vote
		for _, b := range ballots {
			if q := b.value.parts[i]; q.there {
				votes = append(votes, vote{q.value, b.weight})
			}
		}
		if len(votes) == 0 {
			continue
		}
		v := mean(votes)
		met += v
		applied++
		if p.name != "" {
			out = append(out, grader.Reward("criterion_"+p.name, v))
		}
	}
	if ballots[0].value.parts[0].name == "" {
		out = append(out, grader.Measure("criteria", applied), grader.Measure("criteria_met", met))
	}
	return out
}

func reasonOf(ballots []ballot[opinion]) string {
	if len(ballots) == 1 {
		return ballots[0].value.reason
	}
	text := ""
	for i, b := range ballots {
		if i > 0 {
			text += "\n"
		}
		text += fmt.Sprintf("%s: %.4g: %s", b.by, b.value.score, b.value.reason)
	}
	return text
}
