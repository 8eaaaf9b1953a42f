package workbench

import (
	"fmt"
	"math"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
)

// passes tells of pass@k, best of k and the spread within groups.
func (s *summary) passes(paint paint) string {
	g := s.Groups
	t := newGrid(paint, "of k answers", "prompts", "pass@k", "best of k")
	t.SetColumnConfigs([]table.ColumnConfig{right(1), right(2), right(3), right(4)})
	for _, p := range g.Pass {
		t.AppendRow(table.Row{p.K, p.Prompts, known(float64(p.PassAtK)), known(float64(p.BestOfK))})
	}
	size := fmt.Sprint(g.Least)
	if g.Least != g.Most {
		size = fmt.Sprintf("%d to %d", g.Least, g.Most)
	}
	lines := []string{
		fmt.Sprintf("A reward of %s or more passes. A prompt has %s graded rollouts.", number(g.Threshold), size),
		fmt.Sprintf("Groups: mean of the means %s, sd of the means %s, mean sd within a group %s.", known(float64(g.MeanOfMeans)), known(float64(g.Between)), known(float64(g.Within))),
	}
	return t.Render() + "\n" + strings.Join(lines, "\n")
}

// known writes a figure that may not be defined.
func known(x float64) string {
	if math.IsNaN(x) {
		return "-"
	}
	return number(x)
}

func (s *summary) lengths(paint paint) string {
	l := s.Length
	t := newGrid(paint, "answer length", "mean", "min", "max", "correlation with reward", "of ranks")
	t.SetColumnConfigs([]table.ColumnConfig{right(2), right(3), right(4), right(5), right(6)})
	t.AppendRow(table.Row{"characters", number(math.Round(float64(l.Mean))), number(l.Min), number(l.Max), known(float64(l.Pearson)), known(float64(l.Spearman))})
	return t.Render()
}

// extras are the parts that flags ask for, and what they all come to.
func (s *summary) extras(paint paint) []string {
	var parts []string
	if s.Labels != nil && s.Labels.Count > 0 {
		parts = append(parts, s.Labels.table(paint)...)
	}
	if s.Repeat != nil {
		parts = append(parts, s.Repeat.table(paint))
	}
	if s.Selected != nil && len(s.Selected.shown) > 0 {
		parts = append(parts, s.selected(paint))
	}
	if len(s.Guidance) > 0 {
		parts = append(parts, s.advice(paint))
	}
	return parts
}

func (l *labelSummary) table(paint paint) []string {
	t := newGrid(paint, "against "+printable(l.Label, 60), "passes", "fails")
	t.SetColumnConfigs([]table.ColumnConfig{right(2), right(3)})
	var lines []string
	if c := l.Confusion; c != nil {
		t.AppendRow(table.Row{"labelled right", c.TruePositive, c.FalseNegative})
		t.AppendRow(table.Row{"labelled wrong", c.FalsePositive, c.TrueNegative})
		lines = []string{t.Render(), fmt.Sprintf("%s labelled, %d disagree: accuracy %s, precision %s, recall %s, kappa %s, AUC %s.",
			count(l.Count, "rollout"), *l.Disagree, known(float64(l.Accuracy)), known(float64(l.Precision)), known(float64(l.Recall)), known(float64(l.Kappa)), known(float64(l.AUC)))}
	} else {
		lines = []string{fmt.Sprintf("%s\n%s labelled: rank correlation (Spearman) %s, Kendall tau-b %s, Pearson %s.",
			paint.bold("against "+printable(l.Label, 60)), count(l.Count, "rollout"), known(float64(l.Spearman)), known(float64(l.TauB)), known(float64(l.Pearson)))}
	}
	if len(l.Worst) == 0 {
		return []string{strings.Join(lines, "\n")}
	}
	w := newGrid(paint, "worst disagreements", "id", "reward", "label", "found", "reason")
	w.SetColumnConfigs([]table.ColumnConfig{right(3), right(4)})
	for _, d := range l.Worst {
		w.AppendRow(table.Row{d.Place, d.ID, number(d.Score), number(d.Label), d.Found, d.Reason})
	}
	return []string{strings.Join(lines, "\n"), w.Render()}
}

func (r *repeatSummary) table(paint paint) string {
	lines := []string{
		paint.bold(fmt.Sprintf("graded %d times", r.Times)),
		fmt.Sprintf("%s graded each time: %s always with one reward; ICC(1,1) %s.", count(r.Rollouts, "rollout"), sharePercent(float64(r.AllEqual)), known(float64(r.ICC))),
		fmt.Sprintf("sd of a rollout's rewards (noise) %s; sd between rollouts %s, within groups %s.", known(float64(r.Within)), known(float64(r.Between)), known(float64(r.Group))),
	}
	if !math.IsNaN(float64(r.Share)) {
		lines = append(lines, fmt.Sprintf("The noise is %s of the spread that a training learns from.", sharePercent(float64(r.Share))))
	}
	if r.Wavering > 0 {
		lines = append(lines, paint.warn(fmt.Sprintf("%s graded in some of the times only.", count(r.Wavering, "rollout"))))
	}
	return strings.Join(lines, "\n")
}

func sharePercent(x float64) string {
	if math.IsNaN(x) {
		return "-"
	}
	return number(math.Round(x*1000)/10) + "%"
}

func (s *summary) selected(paint paint) string {
	t := newGrid(paint, "selected", "id", "reward", "found", "reason")
	t.SetColumnConfigs([]table.ColumnConfig{right(3)})
	for _, r := range s.Selected.shown {
		score := "-"
		if r.score != nil {
			score = number(*r.score)
		}
		t.AppendRow(table.Row{r.place, r.id, score, r.found, r.reason})
	}
	text := t.Render()
	if more := s.Rollouts - len(s.Selected.shown); more > 0 {
		text += fmt.Sprintf("\nand %d more: --format jsonl or csv, or --out, has them all", more)
	}
	return text
}

func (s *summary) advice(paint paint) string {
	lines := []string{paint.bold("guidance")}
	for _, a := range s.Guidance {
		for i, line := range wrap(a.Text+" ("+a.Source+")", 86) {
			mark := "  "
			if i == 0 {
				mark = paint.warn("! ")
			}
			lines = append(lines, mark+line)
		}
	}
	return strings.Join(lines, "\n")
}
