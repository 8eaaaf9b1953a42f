package judge

import (
	"fmt"
	"regexp"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/judge/gate"
)

// Gates say which answers score as the worst without a call.
type Gates struct {
	Contentless bool     `json:"contentless" doc:"whether answers without content, such as a lone colon or an opening, are kept from the judge; empty ones always are"`
	Allow       []string `json:"allow,omitzero" doc:"answers that pass the gate for content all the same, as they are written"`
	MaxBytes    int      `json:"max_bytes" doc:"the most bytes of an answer; 0 for no limit"`
	MaxTokens   int      `json:"max_tokens" doc:"the most tokens of an answer, as estimated from its characters; 0 for no limit"`
	Require     string   `json:"require" doc:"a regular expression (RE2) that the answer must match"`
	Forbid      string   `json:"forbid" doc:"a regular expression (RE2) that the answer must not match"`
}

func defaultGates() Gates { return Gates{Contentless: true} }

// gates stand between the answers and the judge.
type gates struct {
	gate.Gates
	refuseAbove int // bytes that the judge may see, 0 where longer answers are cut
}

func newGates(o Options) (gates, error) {
	g := gates{Gates: gate.Gates{
		Contentless: o.Gates.Contentless, Allow: o.Gates.Allow,
		MaxBytes: o.Gates.MaxBytes, MaxTokens: o.Gates.MaxTokens,
	}}
	if o.Truncate == TruncateRefuse {
		g.refuseAbove = o.MaxCandidateBytes
	}
	if g.MaxBytes < 0 {
		return g, grader.Optionf("/gates/max_bytes", "want 0 or more, got %d", g.MaxBytes)
	}
	if g.MaxTokens < 0 {
		return g, grader.Optionf("/gates/max_tokens", "want 0 or more, got %d", g.MaxTokens)
	}
	for _, p := range []struct {
		name, pattern string
		to            *[]*regexp.Regexp
	}{{"require", o.Gates.Require, &g.Require}, {"forbid", o.Gates.Forbid, &g.Forbid}} {
		if p.pattern == "" {
			continue
		}
		re, err := regexp.Compile(p.pattern)
		if err != nil {
			return g, grader.Optionf("/gates/"+p.name, "want a regular expression (RE2): %w", err)
		}
		*p.to = append(*p.to, re)
	}
	return g, nil
}

// closed says why no judge sees an answer, and "" where one does.
func (g *gates) closed(m *material) string {
	why := g.Check(m.whole)
	if why == gate.Pass && g.refuseAbove > 0 && m.long {
		return fmt.Sprintf("%s: the judge sees at most %d bytes (max_candidate_bytes)", gate.TooLong, g.refuseAbove)
	}
	return string(why)
}
