package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

//go:embed page/report.html
var page string

// A Summary is what the report says of all rollouts.
type Summary struct {
	Spec, Hash string
	Graders    []string
	Inputs     []string
	Complete   bool
	Threshold  float64 // from which on a rollout passes

	Rollouts, Graded, Ungraded int

	Figures   []Figure
	Guidance  []string
	Gates     []Gate
	Histogram []Bin
	Metrics   []MetricFigures
	Passes    []Pass
	// Groups are the groups with two or more rollouts.
	Groups []Group
	// Scores and Lengths are those of the graded rollouts; Least and Greatest bound the
	// scores of the charts.
	Scores, Lengths []float64
	Least, Greatest float64
	LengthRank      string // the correlation of ranks
	Seconds         []float64
}

// A Figure is a number with its name, as it is shown.
type Figure struct{ Name, Value string }

// A Gate is a gate with the reason for which it failed, or "".
type Gate struct{ Name, Failed string }

// A Bin counts rollouts with rewards between two bounds.
type Bin struct {
	From, To float64
	Count    int
}

// MetricFigures describe one metric.
type MetricFigures struct {
	Name            string
	Mean, Min, Max  float64
	Count           int
	Reward, Outside bool // whether it is a part of the reward; Outside is set by the report
}

// A Pass is a row of the table of pass@k.
type Pass struct {
	K, Prompts       int
	PassAtK, BestOfK string
}

// A Group is the rewards of one prompt.
type Group struct{ Least, Mean, Greatest float64 }

// Tail returns what stands behind the rollouts.
func (w *Writer) Tail(s Summary) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("]</script>\n")
	about := struct {
		Names     []string `json:"names"`
		Threshold float64  `json:"threshold"`
		Rows      int      `json:"rows"`
		Kept      int      `json:"kept"`
		Cut       int      `json:"cut"`
	}{w.names, s.Threshold, w.rows, w.kept, w.cut}
	data, err := jsonv2.Marshal(about, jsontext.EscapeForHTML(true), jsontext.EscapeForJS(true))
	if err != nil {
		return nil, fmt.Errorf("encode the report: %w", err)
	}
	fmt.Fprintf(&b, "<script type=\"application/json\" id=\"about\">%s</script>\n", data)
	t, err := template.New("report").Funcs(template.FuncMap{"number": number}).Parse(page)
	if err != nil {
		return nil, fmt.Errorf("the report's page: %w", err)
	}
	view := struct {
		Summary
		Histogram histogram
		Metrics   []metricBar
		Strip     strip
		Scatter   scatter
		Latency   histogram
		Rows      int
		Kept      int
		Cut       int
	}{
		Summary: s, Histogram: histogramOf(s.Histogram), Metrics: metricBars(s.Metrics), Strip: stripOf(s.Groups, s.Least, s.Greatest),
		Scatter: scatterOf(s.Lengths, s.Scores, s.Least, s.Greatest), Latency: latencyOf(s.Seconds), Rows: w.rows, Kept: w.kept, Cut: w.cut,
	}
	if err := t.Execute(&b, view); err != nil {
		return nil, fmt.Errorf("the report's page: %w", err)
	}
	fmt.Fprintf(&b, "<script>%s</script>\n</body>\n</html>\n", script)
	return b.Bytes(), nil
}
