package workbench_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
	"github.com/rftgrader/rftgrader/grader/spec"
	"github.com/rftgrader/rftgrader/grader/spec/specschema"
	"github.com/rftgrader/rftgrader/graders"
)

func helpOf(t *testing.T, topic string) string {
	t.Helper()
	r := run(t.Context(), nil, graders.All, "help", topic)
	require.Zero(t, r.code, r.stderr.String())
	for line := range strings.Lines(r.stdout.String()) {
		require.LessOrEqual(t, len([]rune(line)), 97, "a line for a terminal: %s", line)
	}
	return r.stdout.String()
}

// specMembers are what the schema of specs knows: their members, and the
// functions of formulas.
func specMembers(t *testing.T) (members, functions []string) {
	t.Helper()
	text, err := specschema.For(graders.All)
	require.NoError(t, err)
	var schema struct {
		Properties map[string]struct {
			PropertyNames struct{ Not struct{ Enum []string } }
		}
	}
	require.NoError(t, json.Unmarshal(text, &schema))
	for name := range schema.Properties {
		members = append(members, name)
	}
	return members, schema.Properties["graders"].PropertyNames.Not.Enum
}

func TestHelpOfSpecsIsComplete(t *testing.T) {
	help := helpOf(t, "spec")
	members, _ := specMembers(t)
	require.Greater(t, len(members), 8)
	for _, name := range members {
		require.Regexp(t, `(?m)^`+name+`: `, help)
	}
	for _, fault := range grader.Faults() {
		require.Contains(t, help, string(fault)+": ...")
	}
	require.Contains(t, help, fmt.Sprintf("1 to 1000. The default is %d.", batch.DefaultConcurrency))
	require.Contains(t, help, fmt.Sprintf("The default is %v.", grader.DefaultPolicy().MaxUngraded))
}

func TestExampleOfSpecsHasTheDefaults(t *testing.T) {
	example := regexp.MustCompile(`(?m)^  version: 1\n(  .*\n)+`).FindString(helpOf(t, "spec"))
	s, err := spec.Parse("grader.yaml", []byte(strings.ReplaceAll("\n"+example, "\n  ", "\n")), graders.All)
	require.NoError(t, err, example)
	defer s.Close()
	require.Equal(t, []string{"correct", "polite"}, s.Graders())
	require.Equal(t, grader.DefaultPolicy().MaxUngraded, s.Policy().MaxUngraded)
	for _, fault := range grader.Faults() {
		require.Equal(t, grader.DefaultPolicy().Action(fault), s.Policy().Action(fault), "%s", fault)
	}
}

func TestHelpOfFormulasIsComplete(t *testing.T) {
	help := helpOf(t, "formula")
	_, functions := specMembers(t)
	require.Len(t, functions, 12)
	for _, name := range functions {
		require.Regexp(t, `(?m)^  `+name+`\(`, help)
	}
	for _, op := range []string{"+", "-", "*", "/", "^", "<", "<=", ">", ">=", "==", "!="} {
		require.Contains(t, help, " "+op+" ")
		_, err := grader.ParseFormula("a" + op + "b")
		require.NoError(t, err)
	}
	examples := regexp.MustCompile(`(?m)^  score: (.*)$`).FindAllStringSubmatch(help, -1)
	require.Len(t, examples, 2)
	values := map[string]float64{"correct": 1, "format": 1, "exact": 0.5, "judge": 0.75, "words": 501}
	for i, want := range []float64{1, 0.55} {
		f, err := grader.ParseFormula(examples[i][1])
		require.NoError(t, err)
		got, err := f.Eval(func(name string) (float64, error) { return values[name], nil })
		require.NoError(t, err)
		require.InDelta(t, want, got, 1e-12)
	}
}
