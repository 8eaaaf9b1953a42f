package judge

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
	"github.com/rftgrader/rftgrader/graders/judge/prompt"
)

// groupJudge ranks the rollouts of one prompt together. Grade and what cannot
// be ranked use the method of the judge.
type groupJudge struct {
	*judge
	min, max int
	ranking  *ranking
}

// ranking asks for an order of several answers.
type ranking struct {
	system    string
	form      converse.Form
	reasoning bool
	swap      bool
}

// A contestant is one answer, however many rollouts gave it.
type contestant struct {
	m    *material
	hash [sha256.Size]byte
	at   []int // indices of the rollouts
}

// GradeBatch ranks the rollouts of each prompt. Answers that read the same are
// one contestant, and contestants stand in the order of their hashes, so that
// the order of the rollouts changes nothing.
func (g *groupJudge) GradeBatch(ctx context.Context, rs []*grader.Rollout) ([]grader.Result, []error) {
	results, errs := make([]grader.Result, len(rs)), make([]error, len(rs))
	groups := map[[sha256.Size]byte][]*contestant{}
	gated := map[[sha256.Size]byte]bool{}
	var order [][sha256.Size]byte
	for i, r := range rs {
		m, err := g.shows.material(r)
		if err != nil {
			errs[i] = err
			continue
		}
		key := m.group(r)
		if why := g.gates.closed(m); why != "" {
			results[i], gated[key] = g.gated(m, why), true
			continue
		}
		if groups[key] == nil {
			order = append(order, key)
		}
		hash := sha256.Sum256([]byte(m.candidate.Text))
		at := slices.IndexFunc(groups[key], func(c *contestant) bool { return c.hash == hash })
		if at < 0 {
			at = len(groups[key])
			groups[key] = append(groups[key], &contestant{m: m, hash: hash})
		}
		groups[key][at].at = append(groups[key][at].at, i)
	}
	var wg sync.WaitGroup
	for _, key := range order {
		wg.Go(func() { g.gradeGroup(ctx, groups[key], gated[key], results, errs) })
	}
	wg.Wait()
	return results, errs
}

// group identifies what the answers of a group have in common.
func (m *material) group(r *grader.Rollout) [sha256.Size]byte {
	h := sha256.New()
	key := r.PromptKey()
	h.Write(key[:])
	for _, p := range m.shared {
		fmt.Fprintf(h, "%s %d\n%s", p.Name, len(p.Text), p.Text)
	}
	for _, it := range m.items {
		fmt.Fprintf(h, "%v %d\n%s", it.worth, len(it.Text), it.Text)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

func (g *groupJudge) gradeGroup(ctx context.Context, cs []*contestant, gated bool, results []grader.Result, errs []error) {
	slices.SortFunc(cs, func(a, b *contestant) int { return bytes.Compare(a.hash[:], b.hash[:]) })
	if len(cs) >= g.min && len(cs) <= g.max {
		err := g.rank(ctx, cs, gated, results)
		if err == nil {
			return
		}
		if !unrankable(err) {
			for _, c := range cs {
				for _, i := range c.at {
					errs[i] = err
				}
			}
			return
		}
	}
	var wg sync.WaitGroup
	for _, c := range cs {
		wg.Go(func() {
			res, err := g.verdict(ctx, c.m, len(c.at))
			for _, i := range c.at {
				if errs[i] = err; err == nil {
					results[i] = res
					results[i].Metrics = append(slices.Clone(res.Metrics), grader.Measure("ranked", 0))
				}
			}
		})
	}
	wg.Wait()
}

// unrankable reports whether the answers cannot be ranked but may be judged one
// by one.
func unrankable(err error) bool {
	switch converse.ClassOf(err) {
	case converse.Malformed, converse.Truncated, converse.TooLong, converse.Capability:
		return true
	}
	return false
}

// A placing is what one model says of a group: a score for each contestant.
type placing struct {
	scores []float64
	bias   float64
	reason string
}

// rank has the panel rank a group. The best of n gets 1 and the last 0; where
// answers stood at the gates too, these are last.
func (g *groupJudge) rank(ctx context.Context, cs []*contestant, gated bool, results []grader.Result) error {
	ballots, t, err := poll(ctx, g.judge,
		func(ctx context.Context, p *panelist, sample int) (placing, tally, error) {
			return g.ranking.place(ctx, g.judge, p, sample, cs, gated)
		},
		func(a, b placing) bool { return slices.Equal(a.scores, b.scores) })
	if err != nil {
		return err
	}
	bias := 0.0
	var reasons []string
	for _, b := range ballots {
		bias += b.value.bias / float64(len(ballots))
		reasons = append(reasons, b.by+": "+b.value.reason)
	}
	rollouts := 0
	for _, c := range cs {
		rollouts += len(c.at)
	}
	for k, c := range cs {
		votes := make([]vote, len(ballots))
		for i, b := range ballots {
			votes[i] = vote{b.value.scores[k], b.weight}
		}
		score := aggregate(votes, g.samples.Aggregate, g.samples.Trim)
		metrics := []grader.Metric{
			grader.Measure("gated", 0), grader.Measure("valid_verdicts", float64(len(ballots))), grader.Measure("spread", spread(votes)),
			grader.Measure("ranked", 1),
		}
		if g.ranking.swap {
			metrics = append(metrics, grader.Measure("position_bias", bias))
		}
		metrics = append(metrics, t.metrics(rollouts)...)
		for _, i := range c.at {
			results[i] = grader.Result{
				Score:   g.reward.of(score),
				Metrics: slices.Clone(metrics),
				Found:   c.m.found(),
				Reason:  fmt.Sprintf("candidate %d of %d in the ranking. %s", k+1, len(cs), strings.Join(reasons, "\n")),
			}
		}
	}
	return nil
}

const closingRanking = "Rank the candidates now, by your instructions."

// place asks for a ranking in the order of the contestants and, with swap, in
// the reverse order.
func (r *ranking) place(ctx context.Context, j *judge, p *panelist, sample int, cs []*contestant, gated bool) (placing, tally, error) {
	n := len(cs)
	ask := func(order []int, places *[]int, reason *string) (tally, error) {
		pieces := slices.Clone(cs[0].m.shared)
		for shown, k := range order {
			piece := cs[k].m.candidate
			piece.Name = prompt.Numbered(shown + 1)
			pieces = append(pieces, piece)
		}
		q := question{r.system, prompt.Ranking(r.form, r.reasoning, n), pieces, closingRanking}
		return j.ask(ctx, p, q, sample, func(said *converse.Answer) error {
			ids, err := readRanking(said, n)
			if err == nil {
				*places, *reason = ids, reasonIn(said)
			}
			return err
		})
	}
	forth := make([]int, n)
	back := make([]int, n)
	for i := range n {
		forth[i], back[n-1-i] = i, i
	}
	slots := n
	if gated {
		slots++
	}
	points := make([]int, n)
	var best, again []int // numbers as they were shown, from 1, the best first
	var why, whyAgain string
	if !r.swap {
		t, err := ask(forth, &best, &why)
		if err != nil {
			return placing{}, t, err
		}
		addPoints(points, forth, best, slots)
		return placing{scores: shares(points, slots-1), reason: why}, t, nil
	}
	var one, two tally
	err := together(
		func() (err error) { one, err = ask(forth, &best, &why); return err },
		func() (err error) { two, err = ask(back, &again, &whyAgain); return err },
	)
	one.add(two)
	if err != nil {
		return placing{}, one, err
	}
	addPoints(points, forth, best, slots)
	addPoints(points, back, again, slots)
	return placing{
		scores: shares(points, 2*(slots-1)),
		bias:   (agreement(best) + agreement(again)) / 2,
		reason: why + "\nin the reverse order: " + whyAgain,
	}, one, nil
}

// addPoints gives the contestants a point for each place above the last, by a
// ranking of the order in which they were shown.
func addPoints(points, order, best []int, slots int) {
	for place, shown := range best {
		points[order[shown-1]] += slots - 1 - place
	}
}

// shares are points as shares of the most that there are, so that equal points
// are equal scores.
func shares(points []int, most int) []float64 {
	out := make([]float64, len(points))
	for i, p := range points {
		out[i] = float64(p) / float64(most)
	}
	return out
}

// agreement is Kendall's rank correlation between the order in which answers
// were shown and that in which they were ranked: 1 where the first shown is the
// best and so on. Its mean over both orders is the position bias: what is there
// whatever the answers are.
func agreement(best []int) float64 {
	n, sum := len(best), 0
	for i := range n {
		for k := i + 1; k < n; k++ {
			sum += cmp.Compare(best[k], best[i])
		}
	}
	return float64(2*sum) / float64(n*(n-1))
}
