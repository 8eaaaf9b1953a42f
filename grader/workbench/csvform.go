package workbench

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
)

// csvForm writes a table (RFC 4180) with a column for each grader. What a
// spreadsheet would take for a formula gets an apostrophe before it, because a
// model wrote it.
type csvForm struct {
	graders []string
	onLine  *strings.Replacer // keeps a cell on its line
	buf     bytes.Buffer
	w       *csv.Writer
}

func newCSVForm(graders []string) *csvForm {
	f := &csvForm{graders: graders, onLine: strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\x00", "")}
	f.w = csv.NewWriter(&f.buf)
	return f
}

func (f *csvForm) head() []byte {
	names := []string{"id", "place", "aggregate_reward_score"}
	names = append(names, f.graders...)
	names = append(names, "found", "reason", "length", "seconds", "ungraded", "cause", "metrics")
	line, _ := f.line(nil, names) // a buffer takes anything
	return line
}

func (f *csvForm) row(dst []byte, at row, o *batch.Outcome) ([]byte, error) {
	id := o.Item.Rollout.ID
	if id == "" && string(o.Item.ID) != "null" && string(o.Item.ID) != `""` {
		id = string(oneLine(o.Item.ID))
	}
	cells := []string{id, at.place(), ""}
	if o.Graded() {
		cells[2] = float(o.Result.Score)
	}
	for _, name := range f.graders {
		cell := ""
		if x, ok := metric(o, name); ok && o.Graded() {
			cell = float(x)
		}
		cells = append(cells, cell)
	}
	cells = append(cells, o.Result.Found, o.Result.Reason, strconv.Itoa(answerLength(o.Item.Rollout)), float(o.Took.Seconds()), "", "", "")
	tail := cells[len(cells)-3:]
	if o.Graded() {
		metrics, err := metricsObject(o.Result.Metrics)
		if err != nil {
			return dst, err
		}
		tail[2] = metrics
	} else {
		tail[0], tail[1] = string(o.Fault()), grader.Explain(o.Err)
	}
	return f.line(dst, cells)
}

func (f *csvForm) tail(*summary, *tally, []gateResult) ([]byte, error) { return nil, nil }

// metricsObject writes metrics as a JSON object, of those with one name the first.
func metricsObject(ms []grader.Metric) (string, error) {
	var b bytes.Buffer
	enc := jsontext.NewEncoder(&b)
	if err := enc.WriteToken(jsontext.BeginObject); err != nil {
		return "", err
	}
	seen := map[string]bool{}
	for _, m := range ms {
		name := strings.ToValidUTF8(m.Name, "\uFFFD")
		if seen[name] {
			continue
		}
		seen[name] = true
		for _, t := range []jsontext.Token{jsontext.String(name), jsontext.Float(m.Value)} {
			if err := enc.WriteToken(t); err != nil {
				return "", err
			}
		}
	}
	if err := enc.WriteToken(jsontext.EndObject); err != nil {
		return "", err
	}
	return strings.TrimSpace(b.String()), nil
}

func (f *csvForm) line(dst []byte, cells []string) ([]byte, error) {
	for i, c := range cells {
		cells[i] = f.cell(c)
	}
	f.buf.Reset()
	if err := f.w.Write(cells); err != nil {
		return dst, err
	}
	f.w.Flush()
	return append(dst, f.buf.Bytes()...), f.w.Error()
}

// cell keeps a cell on its line, and from being a formula.
func (f *csvForm) cell(s string) string {
	s = f.onLine.Replace(strings.ToValidUTF8(s, "\uFFFD"))
	if s != "" && strings.ContainsRune("=+-@\t", rune(s[0])) {
		if _, err := strconv.ParseFloat(s, 64); err != nil {
			return "'" + s
		}
	}
	return s
}

func float(x float64) string {
	if x == 0 {
		return "0" // and not -0
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}
