package workbench

import (
	"fmt"
	"math"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/rftgrader/rftgrader/grader/workbench/calibration"
)

// calibrationTable writes a report for a person.
func calibrationTable(r *calibration.Report, paint paint) string {
	var parts []string
	t := newGrid(paint)
	t.AppendRow(table.Row{paint.bold("rows"), fmt.Sprintf("%d: %d compared", r.Rows, r.Compared)})
	for _, left := range []struct {
		n    int
		text string
	}{{r.WithoutHuman, "without a label of people"}, {r.WithoutMajority, "without a majority of labels"}, {r.WithoutJudge, "without a score of the judge"}} {
		if left.n > 0 && left.n < r.Rows {
			t.AppendRow(table.Row{"", paint.warn(fmt.Sprintf("%d %s", left.n, left.text))})
		}
	}
	parts = append(parts, t.Render())

	t = newGrid(paint, "judge and people", "", "95% interval")
	t.SetColumnConfigs([]table.ColumnConfig{right(2)})
	rows := 0
	add := func(name string, f *calibration.Figure) {
		if f == nil {
			return
		}
		rows++
		interval := ""
		if f.Interval != nil {
			interval = number(f.Interval[0]) + " to " + number(f.Interval[1])
		}
		t.AppendRow(table.Row{name, number(f.Value), interval})
	}
	add("accuracy", r.Accuracy)
	add("Cohen's kappa", r.CohenKappa)
	add("weighted kappa, linear", r.KappaLinear)
	add("weighted kappa, quadratic", r.KappaQuadratic)
	add("Pearson", r.Pearson)
	add("Spearman", r.Spearman)
	add("Kendall's tau-b", r.KendallTauB)
	add(fmt.Sprintf("AUC (%d positive)", r.Positives), r.AUC)
	if w := r.WithoutTies; w != nil && w.Accuracy != nil {
		rows++
		t.AppendRow(table.Row{fmt.Sprintf("accuracy without ties (%d)", w.N), number(*w.Accuracy), ""})
	}
	if rows > 0 {
		parts = append(parts, t.Render())
	}
	if len(r.Confusion) > 0 {
		parts = append(parts, confusionTable(r, paint))
	}
	parts = append(parts, figureTables(r, paint)...)
	return strings.Join(parts, "\n\n") + "\n"
}

func confusionTable(r *calibration.Report, paint paint) string {
	t := newGrid(paint, "people said", "judge said", "rows")
	t.SetColumnConfigs([]table.ColumnConfig{right(3)})
	for _, c := range r.Confusion {
		t.AppendRow(table.Row{printable(c.Human, 40), printable(c.Judge, 40), c.Count})
	}
	return t.Render()
}

// figureTables writes the figures that have no interval.
func figureTables(r *calibration.Report, paint paint) []string {
	type line struct {
		name string
		x    *float64
	}
	var parts []string
	add := func(title string, lines ...line) {
		t := newGrid(paint, title, "")
		t.SetColumnConfigs([]table.ColumnConfig{right(2)})
		for _, l := range lines {
			text := "not defined"
			if l.x != nil {
				text = number(*l.x)
			}
			t.AppendRow(table.Row{l.name, text})
		}
		parts = append(parts, t.Render())
	}
	if len(r.RaterPairs) > 0 {
		var lines []line
		for _, p := range r.RaterPairs {
			lines = append(lines, line{fmt.Sprintf("Cohen's kappa of %d and %d", p.A, p.B), p.Kappa})
		}
		add("people among themselves", append(lines, line{"Fleiss' kappa", r.FleissKappa})...)
	}
	if s := r.Repeats; s != nil {
		add(fmt.Sprintf("repeats (%d answers, %d scores each)", s.N, s.Scores),
			line{"all scores equal, share of answers", s.AllEqual}, line{"pairs of scores equal", s.PairsEqual},
			line{"mean sd within an answer", s.WithinSD}, line{"ICC(2,1)", s.ICC21}, line{"ICC(1,1)", s.ICC11}, line{"ICC(3,1)", s.ICC31},
			line{"Krippendorff's alpha (interval)", s.Alpha}, line{"mean of means", s.MeanOfMeans}, line{"median is mean, share of answers", s.MedianIsMean})
	}
	if s := r.Position; s != nil {
		lines := []line{{"position bias, -1 to 1", s.Bias}}
		if s.Readable > 0 {
			lines = append(lines, line{"verdicts for the first shown", s.FirstShare}, line{"orders that agree", s.Agreement})
		}
		add(fmt.Sprintf("place (%d judged in both orders)", s.N), lines...)
	}
	if s := r.Length; s != nil {
		add(fmt.Sprintf("correlation with length (%d texts)", s.N),
			line{"judge, Spearman", s.Judge.Spearman}, line{"judge, Pearson", s.Judge.Pearson},
			line{"people, Spearman", s.Human.Spearman}, line{"people, Pearson", s.Human.Pearson})
	}
	return parts
}

// table writes a plan for a person.
func (plan *judgePlan) table(paint paint) string {
	t := newGrid(paint)
	rollouts := fmt.Sprint(plan.Rollouts)
	if plan.Rollouts != plan.Read {
		rollouts += fmt.Sprintf(", reckoned from %d", plan.Read)
	}
	if plan.Ungraded > 0 {
		rollouts += paint.warn(fmt.Sprintf("; %d of those read are ungraded", plan.Ungraded))
	}
	t.AppendRow(table.Row{paint.bold("rollouts"), rollouts})
	t.AppendRow(table.Row{paint.bold("calls"), whole(plan.Calls)})
	t.AppendRow(table.Row{paint.bold("time"), minutesText(plan.Minutes)})
	cost := "not known: give prices in the spec"
	if plan.CostUSD != nil {
		cost = "USD " + dollars(*plan.CostUSD)
	}
	t.AppendRow(table.Row{paint.bold("cost"), cost})
	fits := fmt.Sprintf("%d rollouts in %s: fits into %s", plan.Batch, minutesText(plan.BatchMinutes), minutesText(&plan.TimeoutMinutes))
	if !plan.Fits {
		fits = paint.warn(strings.Replace(fits, ": fits", ": does not fit", 1))
	}
	if plan.MostRollouts != nil {
		fits += fmt.Sprintf("; at most %d do", *plan.MostRollouts)
	}
	t.AppendRow(table.Row{paint.bold("batch"), fits})
	parts := []string{t.Render()}
	for _, m := range plan.Models {
		parts = append(parts, m.table(paint))
	}
	parts = append(parts, "No model was asked: calls are counted with simulated verdicts, and tokens are estimates.")
	return strings.Join(parts, "\n\n") + "\n"
}

func (m modelPlan) table(paint paint) string {
	t := newGrid(paint, "model "+m.Model, "")
	t.SetColumnConfigs([]table.ColumnConfig{right(2)})
	row := func(name, value string) { t.AppendRow(table.Row{name, value}) }
	row("calls", whole(m.Calls))
	if m.Shared > 0 {
		row("questions answered by an equal one", whole(m.Shared))
	}
	row("tokens in", whole(m.Input))
	if m.CacheRead+m.CacheWrite > 0 {
		row("tokens read from the prompt cache", whole(m.CacheRead))
		row("tokens written to it", whole(m.CacheWrite))
	}
	row("tokens out", whole(m.Output))
	quota := func(name string, n int, from string) {
		switch from {
		case "":
			row(name, "no quota given")
		case "usual":
			row(name, fmt.Sprintf("%d (usual; your account's may differ)", n))
		default:
			row(name, fmt.Sprintf("%d (%s)", n, from))
		}
	}
	quota("requests per minute", m.Quota.RPM, m.Quota.RPMFrom)
	quota("tokens per minute", m.Quota.TPM, m.Quota.TPMFrom)
	row("burn-down of tokens out", number(m.Quota.Burndown))
	row("tokens reserved by a call", whole(m.Schedule.Reserved))
	row("tokens charged for a call", whole(m.Schedule.Settled))
	if m.Schedule.InFlight > 0 {
		row("calls in flight at most", fmt.Sprint(m.Schedule.InFlight))
	}
	if m.Schedule.PerMinute != nil {
		row("calls per minute at most", whole(*m.Schedule.PerMinute))
	}
	row("time", minutesText(m.Schedule.Minutes)+", held back by "+map[string]string{
		"rpm": "requests per minute", "tpm": "tokens per minute", "concurrency": "the concurrency", "latency": "nothing but its latency",
	}[m.Schedule.Bound])
	if m.CostUSD != nil {
		row("cost", fmt.Sprintf("USD %s (prices of the %s)", dollars(*m.CostUSD), m.Priced))
	}
	return t.Render()
}

// whole writes a number of things that are counted.
func whole(x float64) string { return fmt.Sprintf("%.0f", math.Ceil(x-1e-9)) }

func dollars(x float64) string {
	if x < 1 {
		return number(x)
	}
	return fmt.Sprintf("%.2f", x)
}

func minutesText(m *float64) string {
	switch {
	case m == nil:
		return "no time: not even one call fits into the quota"
	case *m < 2:
		return seconds(*m * 60)
	}
	return number(math.Round(*m*10)/10) + " min"
}
