package workbench

import (
	"math"
	"strconv"
	"strings"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
	"github.com/rftgrader/rftgrader/grader/workbench/figures"
	"github.com/rftgrader/rftgrader/grader/workbench/report"
)

// htmlForm writes the report for a browser.
type htmlForm struct {
	report *report.Writer
	groups map[promptKey]int
}

func newHTMLForm() form {
	return &htmlForm{report: report.New(), groups: map[promptKey]int{}}
}

func (f *htmlForm) head() []byte { return f.report.Head() }

func (f *htmlForm) row(dst []byte, at row, o *batch.Outcome) ([]byte, error) {
	r := o.Item.Rollout
	out := report.Rollout{
		ID: r.ID, Place: at.place(), Group: f.group(r), Answer: r.Response(), FoundAt: -1,
		Length: answerLength(r), Seconds: o.Took.Seconds(),
	}
	if !r.Reference.Missing() {
		out.Reference = pretty(r.Reference)
	}
	for _, m := range r.Prompt() {
		out.Prompt = append(out.Prompt, report.Turn{Role: m.Role, Text: messageText(m)})
	}
	if n := len(r.Messages); n > 0 && r.Messages[n-1].FromModel() && len(r.Messages[n-1].ToolCalls) > 0 {
		out.Answer = strings.TrimLeft(out.Answer+"\n"+toolCalls(r.Messages[n-1]), "\n")
	}
	if !o.Graded() {
		out.Fault, out.Cause = string(o.Fault()), grader.Explain(o.Err)
		return f.report.Rollout(dst, out)
	}
	score := o.Result.Score
	out.Score, out.Found, out.Reason = &score, o.Result.Found, o.Result.Reason
	if before, mark, _, _ := marked(out.Answer, out.Found); mark != "" {
		out.FoundAt = len(before)
	}
	for _, m := range o.Result.Metrics {
		out.Metrics = append(out.Metrics, report.Metric{Name: m.Name, Value: m.Value})
	}
	return f.report.Rollout(dst, out)
}

// group returns the number of the rollout's prompt, or -1.
func (f *htmlForm) group(r *grader.Rollout) int {
	if len(r.Prompt()) == 0 {
		return -1
	}
	whole := r.PromptKey()
	key := promptKey(whole[:])
	n, ok := f.groups[key]
	if !ok {
		n = len(f.groups)
		f.groups[key] = n
	}
	return n
}

func (f *htmlForm) tail(s *summary, t *tally, gates []gateResult) ([]byte, error) {
	out := report.Summary{
		Spec: s.Spec.Path, Hash: s.Spec.short, Inputs: s.Inputs, Complete: s.Complete, Threshold: t.threshold,
		Rollouts: s.Rollouts, Graded: s.Graded, Ungraded: s.Ungraded.Total, Scores: t.scores,
	}
	for _, g := range s.Spec.Graders {
		out.Graders = append(out.Graders, g.Name+" ("+g.Kind+")")
	}
	for _, a := range s.Guidance {
		out.Guidance = append(out.Guidance, a.Text+" ("+a.Source+")")
	}
	for _, g := range gates {
		out.Gates = append(out.Gates, report.Gate{Name: g.name, Failed: g.failed})
	}
	for _, m := range s.Metrics {
		out.Metrics = append(out.Metrics, report.MetricFigures{Name: printable(m.Name, 60), Mean: float64(m.Mean), Min: m.Min, Max: m.Max, Count: m.Count, Reward: m.Type == grader.MetricReward})
	}
	out.Least, out.Greatest = t.least, t.greatest
	if r := s.Reward; r != nil {
		if !t.ranged {
			out.Least, out.Greatest = min(0, r.Min), max(1, r.Max)
		}
		for _, b := range r.Histogram {
			out.Histogram = append(out.Histogram, report.Bin{From: b.From, To: b.To, Count: b.Count})
		}
	}
	for _, n := range t.lengths {
		out.Lengths = append(out.Lengths, float64(n))
	}
	for _, x := range t.took {
		out.Seconds = append(out.Seconds, float64(x))
	}
	out.Figures = reportFigures(s)
	if s.Groups.Groups > 0 {
		for _, p := range s.Groups.Pass {
			out.Passes = append(out.Passes, report.Pass{K: p.K, Prompts: p.Prompts, PassAtK: known(float64(p.PassAtK)), BestOfK: known(float64(p.BestOfK))})
		}
	}
	if s.Length != nil {
		out.LengthRank = known(float64(s.Length.Spearman))
	}
	out.Groups = reportGroups(t)
	return f.report.Tail(out)
}

// reportFigures are the numbers at the head of a report.
func reportFigures(s *summary) []report.Figure {
	out := []report.Figure{{Name: "rollouts", Value: strconv.Itoa(s.Rollouts)}}
	add := func(name, value string) { out = append(out, report.Figure{Name: name, Value: value}) }
	if s.Selected != nil {
		add("of rollouts, by "+printable(s.Selected.Where, 100), strconv.Itoa(s.Selected.Of))
	}
	if s.Ungraded.Total > 0 {
		add("ungraded", strconv.Itoa(s.Ungraded.Total))
	}
	if r := s.Reward; r != nil {
		add("mean reward", known(float64(r.Mean)))
		add("sd", known(float64(r.SD)))
		add("median", number(r.P50))
		add("answer found", percent(s.Found.Count, s.Graded))
	}
	if g := s.Groups; g.Groups > 0 {
		add("groups", strconv.Itoa(g.Groups))
		add("without variance", percent(g.Flat, g.Groups))
		add("mean sd in a group", known(float64(g.Within)))
		if g.AllRight != nil && g.AllWrong != nil {
			add("all right", percent(*g.AllRight, g.Groups))
			add("all wrong", percent(*g.AllWrong, g.Groups))
		}
	}
	if l := s.Labels; l != nil {
		add("labelled", strconv.Itoa(l.Count))
		for _, f := range []struct {
			name string
			x    figure
		}{{"kappa", l.Kappa}, {"AUC", l.AUC}, {"accuracy", l.Accuracy}, {"Spearman", l.Spearman}} {
			if !math.IsNaN(float64(f.x)) {
				add(f.name, known(float64(f.x)))
			}
		}
	}
	if r := s.Repeat; r != nil && !math.IsNaN(float64(r.Share)) {
		add("noise, of the spread", sharePercent(float64(r.Share)))
	}
	if l := s.Latency; l != nil {
		add("median time", report.Duration(l.P50))
		add("time, p99", report.Duration(l.P99))
	}
	return out
}

// reportGroups are the groups with two or more graded rollouts.
func reportGroups(t *tally) []report.Group {
	type sums struct {
		n   int
		sum float64
		of  report.Group
	}
	groups := make([]sums, len(t.prompts))
	for i, g := range t.group {
		if g == figures.Ungrouped {
			continue
		}
		x, at := t.scores[i], &groups[g]
		if at.n == 0 {
			at.of.Least, at.of.Greatest = x, x
		}
		at.n++
		at.sum += x
		at.of.Least, at.of.Greatest = min(at.of.Least, x), max(at.of.Greatest, x)
	}
	var out []report.Group
	for _, g := range groups {
		if g.n > 1 {
			g.of.Mean = g.sum / float64(g.n)
			out = append(out, g.of)
		}
	}
	return out
}
