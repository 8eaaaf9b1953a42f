// Package judgeplan reckons what judges will ask, before any model is asked: calls,
// tokens, time under quotas, and cost.
//
// A [Planner] stands where the model would. It answers with simulated verdicts, so
// that gates, repeats, swapped orders and shared questions count as they will. Tokens
// of input are estimated as the pacing of calls does (models.InputTokens: one for
// every three bytes, more than most texts have); of output as [Planner.Answer] says.
package judgeplan

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/rftgrader/rftgrader/grader/workbench/conversestub"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
	"github.com/rftgrader/rftgrader/graders/judge/models"
)

// ReasoningTokens is what the reasons before a verdict are taken for: a few
// sentences.
const ReasoningTokens = 120

// A Planner counts what judges ask. The zero value is ready for use.
type Planner struct {
	// Samples, if above 0, is how often every question is asked, whatever the
	// spec says.
	Samples int
	// AnswerTokens, if above 0, is the length of every answer; otherwise it is the
	// simulated verdict's, and [ReasoningTokens] where reasons are wanted, at
	// most the request's limit, and the budget for thinking.
	AnswerTokens int

	mu     sync.Mutex
	asked  map[string]bool
	prefix map[string]bool
	demand map[string]*Demand
}

// Demand is what one model is asked.
type Demand struct {
	Model string `json:"model"`
	// Calls are questions that differ; Shared were answered by an equal one.
	Calls  float64 `json:"calls"`
	Shared float64 `json:"shared"`
	// Tokens of input, without those read from and written to the prompt cache.
	Input      float64 `json:"input_tokens"`
	CacheRead  float64 `json:"cache_read_tokens"`
	CacheWrite float64 `json:"cache_write_tokens"`
	Output     float64 `json:"output_tokens"`
	// Limit is the sum of the limits of the answers, which the service reserves.
	Limit float64 `json:"max_tokens"`
}

// Wrap returns the Planner, whatever c is. It is meant for [converse.Intercept].
func (p *Planner) Wrap(converse.Caller) converse.Caller { return p }

// Converse counts a question and answers it with a simulated verdict.
func (p *Planner) Converse(ctx context.Context, q *converse.Request) (*converse.Answer, error) {
	if err := ctx.Err(); err != nil {
		return nil, &converse.Error{Class: converse.Deadline, Err: err}
	}
	verdict := conversestub.Planted(conversestub.QuestionOf(q))
	a := &converse.Answer{Text: []string{verdict}, Stop: converse.StopEndTurn, Form: converse.FormSchema, Attempts: 1}
	a.Usage, a.Shared = p.count(q, verdict)
	return a, nil
}

func (p *Planner) count(q *converse.Request, verdict string) (u converse.Usage, shared bool) {
	times := 1.0
	if p.Samples > 0 {
		// One question stands for all its repeats.
		q = q.Clone()
		q.Sample = 0
		times = float64(p.Samples)
	}
	m := models.Lookup(q.Model)
	fit := m.Fit(q)
	key := q.Key()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asked == nil {
		p.asked, p.prefix, p.demand = map[string]bool{}, map[string]bool{}, map[string]*Demand{}
	}
	d, ok := p.demand[q.Model]
	if !ok {
		d = &Demand{Model: q.Model}
		p.demand[q.Model] = d
	}
	if p.asked[key] {
		d.Shared += times
		return converse.Usage{}, true
	}
	p.asked[key] = true
	u.Input = models.InputTokens(fit)
	u.Output = p.answerTokens(q, fit, verdict)
	if static := models.EstimateTokens(fit.System...); q.Cache != "" && m.CacheMin > 0 && static >= m.CacheMin {
		text := q.Model + "\x00" + strings.Join(fit.System, "\x00")
		u.Input -= static
		if p.prefix[text] {
			u.CacheRead = static
		} else {
			u.CacheWrite = static
			p.prefix[text] = true
		}
		d.CacheRead += float64(u.CacheRead) * times
		d.CacheWrite += float64(u.CacheWrite)
		d.CacheRead += float64(u.CacheWrite) * (times - 1)
	}
	limit := fit.MaxTokens
	if limit == 0 {
		limit = m.MaxOutput
	}
	d.Calls += times
	d.Input += float64(u.Input) * times
	d.Output += float64(u.Output) * times
	d.Limit += float64(limit) * times
	return u, false
}

func (p *Planner) answerTokens(q, fit *converse.Request, verdict string) int {
	n := p.AnswerTokens
	if n == 0 {
		n = models.EstimateTokens(verdict) + q.Thinking
		if strings.Contains(string(q.Output.Schema), `"reasoning"`) {
			n += ReasoningTokens
		}
	}
	if fit.MaxTokens > 0 {
		n = min(n, fit.MaxTokens)
	}
	return n
}

// Demand returns what each model was asked, in the order of their ids.
func (p *Planner) Demand() []Demand {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []Demand
	for _, d := range p.demand {
		all = append(all, *d)
	}
	slices.SortFunc(all, func(a, b Demand) int { return cmp.Compare(a.Model, b.Model) })
	return all
}

// Scale returns the demand of factor times as many rollouts.
func (d Demand) Scale(factor float64) Demand {
	d.Calls *= factor
	d.Shared *= factor
	d.Input *= factor
	d.CacheRead *= factor
	d.CacheWrite *= factor
	d.Output *= factor
	d.Limit *= factor
	return d
}

// Cost returns what the demand costs in US dollars.
func (d Demand) Cost(p models.Price) float64 {
	write := p.CacheWrite
	if write == 0 {
		write = p.In
	}
	return (d.Input*p.In + d.Output*p.Out + d.CacheRead*p.CacheRead + d.CacheWrite*write) / 1e6
}
