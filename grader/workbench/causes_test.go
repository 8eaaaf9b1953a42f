package workbench_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
)

// failing fails with its answer as the cause, and a detail that quotes it.
func failing() *grader.Kind {
	return kindOf(func(_ context.Context, r *grader.Rollout) (grader.Result, error) {
		if r.Response() == "good" {
			return grader.Result{Score: 1}, nil
		}
		err := grader.Dataf("/reference_answer", "%s", strings.Fields(r.Response())[0])
		err.Detail = "secret of " + r.ID
		return grader.Result{}, err
	})
}

type causesOfSummary struct {
	Causes []struct {
		Class, Place, ID, Cause string
		Count                   int
	}
}

func TestCausesAreCounted(t *testing.T) {
	// Of seven causes the last is the most frequent, and the first one rare.
	var text strings.Builder
	for i := range 7 {
		for j := range i + 1 {
			text.WriteString(rolloutLine(fmt.Sprintf("%d-%d", i, j), "p", fmt.Sprintf("cause%d %d", i, j)))
		}
	}
	text.WriteString(rolloutLine("fine", "p", "good"))
	args := []string{"grade", "--quiet", "--spec", specFile(t, "it"), "-"}
	r := run(t.Context(), strings.NewReader(text.String()), []*grader.Kind{failing()}, args...)
	require.Zero(t, r.code)
	_, table, _ := strings.Cut(r.stdout.String(), "\n\n")
	table, _, _ = strings.Cut(table, "\n\n")
	require.Equal(t, `ungraded  rollouts  cause, where it came first
data            28  7 causes; the 5 most frequent are:
                 7  standard input:22, id "6-0":
                    it: /reference_answer: cause6 (secret of 6-0)
                 6  standard input:16, id "5-0":
                    it: /reference_answer: cause5 (secret of 5-0)
                 5  standard input:11, id "4-0":
                    it: /reference_answer: cause4 (secret of 4-0)
                 4  standard input:7, id "3-0":
                    it: /reference_answer: cause3 (secret of 3-0)
                 3  standard input:4, id "2-0":
                    it: /reference_answer: cause2 (secret of 2-0)`, table)

	r = run(t.Context(), strings.NewReader(text.String()), []*grader.Kind{failing()}, append(args, "--format", "json")...)
	require.NotContains(t, r.stdout.String(), "secret")
	var s causesOfSummary
	require.NoError(t, json.Unmarshal(r.stdout.Bytes(), &s))
	require.Len(t, s.Causes, 5)
	require.Equal(t, "it: /reference_answer: cause6", s.Causes[0].Cause)
	require.Equal(t, 7, s.Causes[0].Count)
	require.Equal(t, "standard input:22", s.Causes[0].Place)
}

func TestCausesWithoutEndAreBounded(t *testing.T) {
	input := &lines{left: 3000, line: func(i int) string {
		if i == 0 {
			return rolloutLine("fine", "p", "good")
		}
		return rolloutLine(fmt.Sprint(i), "p", fmt.Sprintf("cause%d%s", i, strings.Repeat("x", 8<<10)))
	}}
	r := run(t.Context(), input, []*grader.Kind{failing()}, "grade", "--quiet", "--spec", specFile(t, "it"), "-")
	require.Zero(t, r.code)
	require.Contains(t, r.stdout.String(), "data          2999  more than 1000 causes; the 5 most frequent are:")
	for line := range strings.Lines(r.stdout.String()) {
		require.Less(t, len(line), 1100)
	}
}

func TestFaultDeepInARolloutIsOfShortText(t *testing.T) {
	const deep = 3000
	line := `{"id":"a","messages":[{"role":"assistant","content":"x"}],"reference_answer":` + strings.Repeat("[", deep) + `{"n":1,"n":2}` + strings.Repeat("]", deep) + "}\n"
	wide := `{"id":"b","messages":[{"role":"assistant","content":"x"}],"` + strings.Repeat("name ", 500) + `":{"n":1,"n":2}}` + "\n"
	r := run(t.Context(), strings.NewReader(line+wide), testKinds(), "grade", "--format", "json", "--spec", specFile(t, "word"), "-")
	require.Equal(t, 2, r.code)
	var s causesOfSummary
	require.NoError(t, json.Unmarshal(r.stdout.Bytes(), &s))
	require.Len(t, s.Causes, 2)
	for _, c := range s.Causes {
		require.Less(t, len(c.Cause), 240, c.Cause)
	}
	for line := range strings.Lines(r.stderr.String()) {
		require.Less(t, len(line), 400)
	}
}

func TestIDsOfManyRollouts(t *testing.T) {
	input := &lines{left: 20_000, line: func(i int) string { return rolloutLine(fmt.Sprint(i%19_990), "p", "good") }}
	r := run(t.Context(), input, []*grader.Kind{failing()}, "grade", "--spec", specFile(t, "it"), "-")
	require.Zero(t, r.code)
	require.Equal(t, "rft: note: 10 ids occur more than once (first: \"0\")\n", r.stderr.String())
}

func TestIDOfSeveralEqualNames(t *testing.T) {
	text := `{"id":{"a":1,"a":2},"messages":[]}` + "\n" + rolloutLine("b", "p", "good")
	r := run(t.Context(), strings.NewReader(text), []*grader.Kind{failing()}, "grade", "--quiet", "--format", "json", "--spec", specFile(t, "it"), "-")
	require.Zero(t, r.code, r.stderr.String())
	require.True(t, json.Valid(r.stdout.Bytes()))
	require.Contains(t, r.stdout.String(), `"graded": 1,`)
}
