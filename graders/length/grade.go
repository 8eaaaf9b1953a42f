package length

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/answer"
	"github.com/rftgrader/rftgrader/graders/internal/compared"
)

type length struct{ Options }

// Grade measures the text of the rollout.
func (g *length) Grade(_ context.Context, r *grader.Rollout) (grader.Result, error) {
	text, why := g.text(r)
	if why != "" {
		return g.result(0, 0, "", why), nil
	}
	switch g.Mode {
	case ModeOverlong:
		n := count(text, g.Unit)
		penalty := g.penalty(n)
		return g.result(1+penalty, n, text, fmt.Sprintf("%s, of which %v are free and %v the limit", g.counted(n), g.Max-g.Cache, g.Max)), nil
	case ModeRepetition:
		share, total := repeated(text, g.Unit, g.NGram)
		score := 1 - clamp((share-g.Allow)/(g.Limit-g.Allow))
		return g.result(score, share, text, fmt.Sprintf("%.4g of %d n-grams of %d %s are repeated", share, total, g.NGram, g.Unit)), nil
	}
	n := count(text, g.Unit)
	score, verdict := g.inRange(n)
	return g.result(score, n, text, g.counted(n)+", "+verdict), nil
}

// text returns the text that counts, or why nothing is paid.
func (g *length) text(r *grader.Rollout) (text, why string) {
	response := r.Response()
	found := compared.Answer(response)
	if !found.OK {
		return "", "no answer: " + found.Why
	}
	if !compared.Says(found.Text) {
		return "", "no answer: it says nothing"
	}
	switch g.Text {
	case TextResponse:
		if beside := r.Messages[len(r.Messages)-1].Reasoning; !compared.Blank(beside) {
			response = beside + "\n" + response
		}
		return response, ""
	case TextReasoning:
		text = reasoning(r, response, found)
		if !compared.Says(text) {
			return "", "no reasoning"
		}
		return text, ""
	}
	return found.Text, ""
}

// reasoning returns what the last message has beside its content or, without
// that, what stands in the response around the answer.
func reasoning(r *grader.Rollout, response string, found answer.Found) string {
	if beside := r.Messages[len(r.Messages)-1].Reasoning; !compared.Blank(beside) {
		return beside
	}
	parts := []string{unmarked(response[:found.Start]), unmarked(response[found.End:])}
	return strings.TrimSpace(strings.Join(parts, "\n"))
}

// unmarked cuts off the marks that open and close reasoning at the ends of s.
func unmarked(s string) string {
	const longest = 60 // bytes of a mark
	s = strings.TrimSpace(s)
	if s != "" && (s[0] == '<' || s[0] == '[') {
		if n := strings.IndexAny(s[:min(len(s), longest)], ">]"); n > 0 {
			s = s[n+1:]
		}
	}
	if s != "" && (s[len(s)-1] == '>' || s[len(s)-1] == ']') {
		from := max(0, len(s)-longest)
		if n := strings.LastIndexAny(s[from:], "<["); n >= 0 {
			s = s[:from+n]
		}
	}
	return strings.TrimSpace(s)
}

// penalty is that of DAPO, from -1 to 0.
func (g *length) penalty(n float64) float64 {
	return -clamp((n - (g.Max - g.Cache)) / g.Cache)
}

func (g *length) inRange(n float64) (score float64, verdict string) {
	beside, width := 0.0, 0.0
	switch {
	case n < g.Min:
		beside, width, verdict = g.Min-n, g.Below, fmt.Sprintf("less than %v", g.Min)
	case g.Max > 0 && n > g.Max:
		beside, width, verdict = n-g.Max, g.Above, fmt.Sprintf("more than %v", g.Max)
	default:
		return 1, "in the range"
	}
	if beside >= width {
		return 0, verdict
	}
	score = 1 - beside/width
	if g.Ramp == RampCosine {
		score = (1 + math.Cos(math.Pi*beside/width)) / 2
	}
	return score, verdict
}

func clamp(x float64) float64 { return max(0, min(1, x)) }

// counted says how much there is: "12 words", "about 40 tokens".
func (g *length) counted(n float64) string {
	s := fmt.Sprintf("%v %s", n, g.Unit)
	if n == 1 {
		s = strings.TrimSuffix(s, "s")
	}
	if g.Unit == UnitTokens {
		s = "about " + s
	}
	return s
}

func (g *length) result(score, measured float64, found, reason string) grader.Result {
	metrics := []grader.Metric{grader.Measure(string(g.Unit), measured)}
	switch g.Mode {
	case ModeRepetition:
		metrics[0].Name = "repeated_share"
	case ModeOverlong:
		metrics = append(metrics, grader.Measure("overlong_penalty", score-1))
	}
	m := grader.Measure("answer_found", 0)
	if found != "" {
		m.Value = 1
	}
	return grader.Result{Score: score, Metrics: append(metrics, m), Found: found, Reason: reason}
}
