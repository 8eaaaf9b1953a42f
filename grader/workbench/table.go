package workbench

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/rftgrader/rftgrader/grader"
)

// table writes the summary for a person.
func (s *summary) table(paint paint, utf8 bool) string {
	parts := []string{s.overview(paint)}
	if s.Ungraded.Total > 0 {
		parts = append(parts, s.causes(paint))
	}
	if s.Reward != nil {
		parts = append(parts, s.rewards(paint), s.histogram(paint, utf8))
	}
	if len(s.Metrics) > 0 {
		parts = append(parts, s.metrics(paint))
	}
	if s.Groups.Groups > 0 {
		parts = append(parts, s.groups(paint), s.passes(paint))
	}
	if s.Length != nil && s.Graded > 1 {
		parts = append(parts, s.lengths(paint))
	}
	parts = append(parts, s.extras(paint)...)
	return strings.Join(parts, "\n\n") + "\n"
}

func (s *summary) overview(paint paint) string {
	t := newGrid(paint)
	var graders []string
	for _, g := range s.Spec.Graders {
		graders = append(graders, g.Name+" ("+g.Kind+")")
	}
	t.AppendRow(table.Row{paint.bold("spec"), s.Spec.Path + ", hash " + s.Spec.short})
	t.AppendRow(table.Row{paint.bold("graders"), strings.Join(graders, ", ")})
	if s.Selected != nil {
		t.AppendRow(table.Row{paint.bold("where"), fmt.Sprintf("%s: %d of %d rollouts", printable(s.Selected.Where, 200), s.Rollouts, s.Selected.Of)})
	}
	graded := fmt.Sprintf("%d graded, %d ungraded", s.Graded, s.Ungraded.Total)
	if s.Ungraded.Total > 0 {
		graded = paint.warn(graded)
	}
	t.AppendRow(table.Row{paint.bold("rollouts"), fmt.Sprintf("%d: %s", s.Rollouts, graded)})
	if s.Equal > 0 {
		t.AppendRow(table.Row{paint.bold("repeats"), fmt.Sprintf("%d, answered with the result of an equal rollout", s.Equal)})
	}
	if notes := s.IDs.notes(); len(notes) > 0 {
		t.AppendRow(table.Row{paint.bold("ids"), strings.Join(notes, "; ")})
	}
	t.AppendRow(table.Row{paint.bold("time"), fmt.Sprintf("%s, %s rollouts/s", seconds(s.Seconds), number(math.Round(s.RolloutsPerSecond)))})
	if !s.Complete {
		t.AppendRow(table.Row{paint.bold("not all"), paint.warn("the input was not graded to its end")})
	}
	return t.Render()
}

func (s *summary) causes(paint paint) string {
	t := newGrid(paint, "ungraded", "rollouts", "cause, where it came first")
	t.SetColumnConfigs([]table.ColumnConfig{right(2)})
	for _, fault := range grader.Faults() {
		all := s.allCauses[fault]
		shown := all.shown()
		class := string(fault)
		if len(all.order) > 1 {
			t.AppendRow(table.Row{class, all.total, all.number()})
			class = ""
		}
		for _, c := range shown {
			t.AppendRow(table.Row{class, c.Count, c.table()})
		}
	}
	return t.Render()
}

// number says how many causes there are, and that not all are shown.
func (c *causes) number() string {
	n := strconv.Itoa(len(c.order))
	if c.more {
		n = "more than " + n
	}
	n += " causes"
	if len(c.order) > shownCauses {
		n += fmt.Sprintf("; the %d most frequent are", shownCauses)
	}
	return n + ":"
}

// table writes a cause for the person who asked, who may see the data.
func (c *cause) table() string {
	where := c.Place
	if id := string(c.ID); id != "null" {
		where += ", id " + id
	}
	lines := append([]string{printable(where, 120) + ":"}, wrap(printable(c.explained, 1000), 76)...)
	return strings.Join(lines, "\n")
}

func (s *summary) rewards(paint paint) string {
	t := newGrid(paint, "mean reward", "sd", "min", "p10", "p25", "p50", "p75", "p90", "max", "answer found")
	r := s.Reward
	row := table.Row{}
	for _, x := range []float64{float64(r.Mean), float64(r.SD), r.Min, r.P10, r.P25, r.P50, r.P75, r.P90, r.Max} {
		row = append(row, number(x))
	}
	var columns []table.ColumnConfig
	for i := range len(row) + 1 {
		columns = append(columns, right(i+1))
	}
	t.SetColumnConfigs(columns)
	t.AppendRow(append(row, percent(s.Found.Count, s.Graded)))
	return t.Render()
}

// barWidth is the length of a histogram's longest bar, in characters.
const barWidth = 40

func (s *summary) histogram(paint paint, utf8 bool) string {
	most := 0
	for _, b := range s.Reward.Histogram {
		most = max(most, b.Count)
	}
	t := newGrid(paint, "reward from", "to", "", "rollouts")
	t.SetColumnConfigs([]table.ColumnConfig{right(1), right(2), right(4)})
	for _, b := range s.Reward.Histogram {
		t.AppendRow(table.Row{number(b.From), number(b.To), bar(b.Count, most, utf8), b.Count})
	}
	return t.Render()
}

// bar draws a share of barWidth, in eighths of a character where there are
// such characters. What is not nothing is never drawn as nothing.
func bar(n, most int, utf8 bool) string {
	if n == 0 || most == 0 {
		return ""
	}
	if !utf8 {
		return strings.Repeat("#", max(1, int(math.Round(float64(n)*barWidth/float64(most)))))
	}
	eighths := max(1, int(math.Round(float64(n)*barWidth*8/float64(most))))
	s := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		s += string([]rune("▏▎▍▌▋▊▉")[rest-1])
	}
	return s
}

func (s *summary) metrics(paint paint) string {
	t := newGrid(paint, "metric", "type", "rollouts", "mean", "min", "max")
	t.SetColumnConfigs([]table.ColumnConfig{right(3), right(4), right(5), right(6)})
	for _, m := range s.Metrics {
		t.AppendRow(table.Row{printable(m.Name, 60), string(m.Type), m.Count, number(float64(m.Mean)), number(m.Min), number(m.Max)})
	}
	return t.Render()
}

func (s *summary) groups(paint paint) string {
	g := s.Groups
	t := newGrid(paint, "groups (prompts with 2 or more graded rollouts)", "", "")
	t.SetColumnConfigs([]table.ColumnConfig{right(2), right(3)})
	t.AppendRow(table.Row{"all", g.Groups, ""})
	t.AppendRow(table.Row{"without variance: no signal for training", g.Flat, percent(g.Flat, g.Groups)})
	if g.AllRight != nil && g.AllWrong != nil {
		t.AppendRow(table.Row{"  all right", *g.AllRight, percent(*g.AllRight, g.Groups)})
		t.AppendRow(table.Row{"  all wrong", *g.AllWrong, percent(*g.AllWrong, g.Groups)})
	} else {
		t.AppendRow(table.Row{"  all right, all wrong: not known, since the spec has no range", "", ""})
	}
	return t.Render()
}

func right(column int) table.ColumnConfig {
	return table.ColumnConfig{Number: column, Align: text.AlignRight, AlignHeader: text.AlignRight}
}

// number writes up to four decimals, and very large and small numbers with an
// exponent.
func number(x float64) string {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return "too large"
	}
	if a := math.Abs(x); a != 0 && (a < 1e-4 || a >= 1e9) {
		return strconv.FormatFloat(x, 'g', 4, 64)
	}
	s := strconv.FormatFloat(x, 'f', 4, 64)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}

// printable keeps what others wrote from driving a terminal, and from filling
// it: at most so many characters of it are shown.
func printable(s string, most int) string {
	n := 0
	var b strings.Builder
	for _, r := range s {
		if n++; n > most {
			b.WriteString("...")
			break
		}
		if !unicode.IsPrint(r) {
			r = unicode.ReplacementChar
		}
		b.WriteRune(r)
	}
	return b.String()
}

// percent writes a share. Neither what is not all is written as 100%, nor what
// is not nothing as 0%.
func percent(n, of int) string {
	p := 100 * float64(n) / float64(of)
	switch {
	case n == 0:
		return "0%"
	case n == of:
		return "100%"
	case p < 0.05:
		return "<0.1%"
	case p >= 99.95:
		return ">99.9%"
	}
	return strconv.FormatFloat(p, 'f', 1, 64) + "%"
}

func seconds(s float64) string {
	switch {
	case s < 0.1:
		return strconv.FormatFloat(s*1000, 'f', 1, 64) + " ms"
	case s < 10:
		return strconv.FormatFloat(s, 'f', 2, 64) + " s"
	}
	return strconv.FormatFloat(s, 'f', 0, 64) + " s"
}
