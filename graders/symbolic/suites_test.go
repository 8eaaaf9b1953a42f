package symbolic_test

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/symbolic"
	"github.com/rftgrader/rftgrader/graders/symbolic/equal"
	"github.com/rftgrader/rftgrader/testdata"
)

// A suiteCase is a line of the collected cases.
type suiteCase struct {
	Suite, ID, Answer, Kind, Category, Note string
	Gold                                    gold
	Expected, Policy                        bool
}

// A gold is a reference: a text or, now and then, a list of texts.
type gold struct{ json.RawMessage }

func (g gold) text() string {
	var s string
	if json.Unmarshal(g.RawMessage, &s) != nil {
		return string(g.RawMessage)
	}
	return s
}

func readLines[T any](t testing.TB, path string) []T {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	var out []T
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, 1<<26)
	for scanner.Scan() {
		var c T
		require.NoError(t, json.Unmarshal(scanner.Bytes(), &c))
		out = append(out, c)
	}
	require.NoError(t, scanner.Err())
	return out
}

func suiteCases(t testing.TB) []suiteCase {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(testdata.Shared(t, "cases", "math"), "*.jsonl"))
	require.NoError(t, err)
	var out []suiteCase
	for _, f := range files {
		out = append(out, readLines[suiteCase](t, f)...)
	}
	return out
}

func rollout(t testing.TB, gold any, response string) *grader.Rollout {
	t.Helper()
	ref, err := grader.NewReference(gold)
	require.NoError(t, err)
	return &grader.Rollout{Messages: []grader.Message{{Role: "assistant", Content: grader.TextContent(response)}}, Reference: ref}
}

// A verdict is what the engine says of a case, and the time that it took.
type verdict struct {
	accepted bool
	reason   string
	found    string
	took     time.Duration
}

func run(t testing.TB, g grader.Grader, c suiteCase) verdict {
	t.Helper()
	if c.Kind == "pair" {
		start := time.Now()
		r := equal.Decide(c.Gold.text(), c.Answer, equal.Options{})
		return verdict{r.Verdict == equal.Equal, r.Verdict.String() + ": " + r.Reason, c.Answer, time.Since(start)}
	}
	if c.Gold.RawMessage[0] == '[' {
		var err error
		g, err = symbolic.Kind.New(nil, []byte(`{"reference": ""}`))
		require.NoError(t, err)
	}
	r := rollout(t, c.Gold.RawMessage, c.Answer)
	start := time.Now()
	res, err := g.Grade(context.Background(), r)
	took := time.Since(start)
	if err != nil {
		return verdict{reason: err.Error(), took: took}
	}
	return verdict{res.Score == 1, res.Reason, res.Found, took}
}

// A row is a line of the table.
type row struct {
	name               string
	n, right           int
	falsePos, falseNeg int
	negatives          int
	policy, policyOK   int
}

func (r *row) add(c suiteCase, v verdict) {
	if c.Policy {
		r.policy++
		if v.accepted == c.Expected {
			r.policyOK++
		}
		return
	}
	r.n++
	if !c.Expected {
		r.negatives++
	}
	switch {
	case v.accepted == c.Expected:
		r.right++
	case v.accepted:
		r.falsePos++
	default:
		r.falseNeg++
	}
}

func (r *row) share() float64 { return 100 * float64(r.right) / float64(max(r.n, 1)) }

// rowOf says which row of the table a suite belongs to.
func rowOf(suite string) string {
	switch suite {
	case "hard_categories", "hardverify_math", "synth_math", "issues_reported", "latex2sympy_parse":
		return suite
	}
	return "peers' own suites"
}

// TestSuites measures the grader on the collected cases and prints the table.
func TestSuites(t *testing.T) {
	g, err := symbolic.Kind.New(nil, nil)
	require.NoError(t, err)
	rows, categories := map[string]*row{}, map[string]*row{}
	get := func(m map[string]*row, name string) *row {
		if m[name] == nil {
			m[name] = &row{name: name}
		}
		return m[name]
	}
	total := &row{name: "all"}
	var times []time.Duration
	failures := os.Getenv("RFT_FAILURES")
	for _, c := range suiteCases(t) {
		v := run(t, g, c)
		times = append(times, v.took)
		get(rows, rowOf(c.Suite)).add(c, v)
		if c.Suite == "hard_categories" {
			get(categories, c.Category).add(c, v)
		}
		total.add(c, v)
		if v.accepted != c.Expected && failures != "" && strings.Contains(rowOf(c.Suite)+c.Suite+c.Category, strings.TrimPrefix(failures, "all")) {
			kind := "FN"
			if v.accepted {
				kind = "FP"
			}
			t.Logf("%s policy=%v %s %s | %q | %q | found %q | %s | %s", kind, c.Policy, c.Suite, c.ID, clip(c.Gold.text()), clip(c.Answer), clip(v.found), v.reason, c.Note)
		}
		if failures != "" && v.took > 2*time.Millisecond {
			t.Logf("SLOW %v %s %s", v.took, c.Suite, c.ID)
		}
	}
	table(t, "suite", rows)
	table(t, "category", categories)
	slices.Sort(times)
	t.Logf("false positives: %d of %d; median %v, p95 %v, p99 %v, slowest %v", total.falsePos, total.negatives,
		times[len(times)/2], times[len(times)*95/100], times[len(times)*99/100], times[len(times)-1])
	for name, want := range map[string]float64{
		"peers' own suites": 97, "hard_categories": 95, "hardverify_math": 88, "synth_math": 99.7, "issues_reported": 95, "latex2sympy_parse": 94,
	} {
		require.GreaterOrEqual(t, rows[name].share(), want, name)
	}
	for _, r := range categories {
		require.GreaterOrEqual(t, r.share(), 85.0, r.name)
	}
	require.LessOrEqual(t, 100*total.falsePos, total.negatives)
}

func table(t *testing.T, head string, rows map[string]*row) {
	t.Helper()
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 4, 2, ' ', 0)
	fmt.Fprintf(w, "%s\tn\tright %%\tfalse positives\tfalse negatives\tpolicy\n", head)
	list := make([]*row, 0, len(rows))
	for _, r := range rows {
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b *row) int { return cmp.Compare(a.name, b.name) })
	for _, r := range list {
		fmt.Fprintf(w, "%s\t%d\t%.1f\t%d\t%d\t%d/%d\n", r.name, r.n, r.share(), r.falsePos, r.falseNeg, r.policyOK, r.policy)
	}
	w.Flush()
	t.Log("\n" + b.String())
}

func clip(s string) string {
	if len(s) > 160 {
		return s[:60] + "..." + s[len(s)-100:]
	}
	return s
}
