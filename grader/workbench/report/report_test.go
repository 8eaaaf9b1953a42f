package report_test

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/report"
)

// write makes a report of rollouts.
func write(t testing.TB, s report.Summary, rollouts []report.Rollout) string {
	t.Helper()
	w := report.New()
	b := w.Head()
	for _, r := range rollouts {
		var err error
		b, err = w.Rollout(b, r)
		require.NoError(t, err)
	}
	tail, err := w.Tail(s)
	require.NoError(t, err)
	return string(append(b, tail...))
}

// visible is what stands on the page without the script.
func visible(t testing.TB, page string) string {
	t.Helper()
	_, from, ok := strings.Cut(page, "<header>")
	require.True(t, ok)
	html, _, ok := strings.Cut(from, "<dialog")
	require.True(t, ok)
	return html
}

// rowsOf reads the rollouts back.
func rowsOf(t testing.TB, page string) []map[string]any {
	t.Helper()
	m := regexp.MustCompile(`(?s)<script type="application/json" id="rows">(.*?)</script>`).FindStringSubmatch(page)
	require.NotNil(t, m)
	var rows []map[string]any
	require.NoError(t, json.Unmarshal([]byte(m[1]), &rows))
	return rows
}

func score(x float64) *float64 { return &x }

func rollout(i int, answer string) report.Rollout {
	return report.Rollout{
		ID: fmt.Sprint("id-", i), Place: fmt.Sprintf("rollouts.jsonl:%d", i), Score: score(float64(i % 2)), Found: "FOUND", FoundAt: strings.Index(answer, "FOUND"),
		Reason: "equal", Group: i / 4, Prompt: []report.Turn{{Role: "user", Text: strings.Repeat("question ", 50)}}, Answer: answer,
		Reference: strings.Repeat("reference ", 20), Length: len(answer), Seconds: 0.001,
		Metrics: []report.Metric{{Name: "correct", Value: float64(i % 2)}, {Name: "format", Value: 1}},
	}
}

func TestReportsStaySmall(t *testing.T) {
	for name, answer := range map[string]string{
		"short":      "so FOUND",
		"long":       strings.Repeat("reasoning ", 600) + "FOUND" + strings.Repeat(" behind", 600),
		"to escape":  strings.Repeat("<&>\u2028\x01", 800) + "FOUND",
		"many bytes": strings.Repeat("数学", 1000) + "FOUND",
	} {
		t.Run(name, func(t *testing.T) {
			var rollouts []report.Rollout
			for i := range 1000 {
				rollouts = append(rollouts, rollout(i, answer))
			}
			page := write(t, report.Summary{}, rollouts)
			require.Less(t, len(page), 1_000_000)
			require.True(t, utf8.ValidString(page))
			rows := rowsOf(t, page)
			require.Len(t, rows, 1000)
			for _, r := range rows {
				require.Equal(t, "FOUND", r["k"])
			}
			require.Equal(t, name != "short", strings.Contains(visible(t, page), "Long texts are cut"))
			if name != "short" {
				require.Contains(t, rows[999]["b"], " […] ")
			}
		})
	}
}

func TestPromptsStandOnceForEachGroup(t *testing.T) {
	rows := rowsOf(t, write(t, report.Summary{}, []report.Rollout{rollout(0, "a"), rollout(1, "b"), rollout(4, "c"), {Group: -1, Prompt: []report.Turn{{Role: "user", Text: "x"}}}}))
	require.NotNil(t, rows[0]["q"])
	require.Nil(t, rows[1]["q"])
	require.NotNil(t, rows[2]["q"])
	require.NotNil(t, rows[3]["q"])
	require.Nil(t, rows[3]["s"])
}

func TestTheTableEndsAtMaxRows(t *testing.T) {
	w := report.New()
	for range report.MaxRows {
		_, err := w.Rollout(nil, report.Rollout{Group: -1})
		require.NoError(t, err)
	}
	line, err := w.Rollout(nil, report.Rollout{Group: -1})
	require.NoError(t, err)
	require.Empty(t, line)
	tail, err := w.Tail(report.Summary{})
	require.NoError(t, err)
	require.Contains(t, string(tail), fmt.Sprintf("The table has the first %d of %d rollouts", report.MaxRows, report.MaxRows+1))
}

func TestCharts(t *testing.T) {
	s := report.Summary{
		Histogram: []report.Bin{{From: 0, To: 0.5, Count: 3}, {From: 0.5, To: 1, Count: 1}},
		Groups:    []report.Group{{Least: 0, Mean: 0.5, Greatest: 1}, {Least: 1, Mean: 1, Greatest: 1}},
		Scores:    []float64{0, 0, 0, 1}, Lengths: []float64{10, 11, 500, 20}, Greatest: 1,
		Seconds: []float64{0, 1e-5, 2, math.SmallestNonzeroFloat64},
		Metrics: []report.MetricFigures{{Name: "<b>", Mean: 0.5, Max: 1}, {Name: "words", Mean: 5, Max: 20}, {Name: "penalty", Mean: -0.5, Min: -1}},
		Passes:  []report.Pass{{K: 1, Prompts: 2, PassAtK: "0.5", BestOfK: "0.6"}},
		Gates:   []report.Gate{{Name: "mean", Failed: "below"}, {Name: "fine"}},
	}
	page := visible(t, write(t, s, nil))
	require.Equal(t, 4, strings.Count(page, `<svg viewBox="0 0 520 220"`))
	require.Contains(t, page, "<title>3 rollouts from 0 to 0.5</title>")
	require.Contains(t, page, `<rect class="flat"`)
	require.Contains(t, page, "1 of 2 groups")
	require.Contains(t, page, "2 of about reward 0, 0 to 11 characters")
	require.Contains(t, page, `<rect class="bar" width="25" height="8"/>`)   // 5 of 20
	require.Contains(t, page, `<rect class="minus" width="50" height="8"/>`) // -0.5 of 1
	require.Contains(t, page, "Gate failed: mean: below")
	require.NotContains(t, page, "fine")
	require.Contains(t, page, "&lt;b&gt;")
	require.NotContains(t, page, "NaN")
	require.NotContains(t, page, "http://")
	require.NotContains(t, page, "https://")
}

func TestChartsOfNothing(t *testing.T) {
	page := write(t, report.Summary{Metrics: []report.MetricFigures{{Name: "m", Mean: math.Inf(1), Min: math.NaN(), Max: math.Inf(1)}}, Scores: []float64{1}, Lengths: []float64{0}, Least: 1, Greatest: 1}, nil)
	require.NotContains(t, visible(t, page), "NaN")
	require.NotContains(t, visible(t, page), "Inf")
	require.Empty(t, rowsOf(t, page))
}

func TestDuration(t *testing.T) {
	for s, want := range map[float64]string{2.5: "2.5 s", 0.0123: "12.3 ms", 4.5e-6: "4.5 µs", 1e-8: "10 ns", 120: "120 s"} {
		require.Equal(t, want, report.Duration(s))
	}
}

func BenchmarkRollout(b *testing.B) {
	w := report.New()
	r := rollout(1, strings.Repeat("reasoning ", 200)+"FOUND")
	r.Group = -1
	var line []byte
	for i := 0; b.Loop(); i++ {
		if i%report.MaxRows == 0 {
			w = report.New()
		}
		var err error
		if line, err = w.Rollout(line[:0], r); err != nil {
			b.Fatal(err)
		}
	}
}
