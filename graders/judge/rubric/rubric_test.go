package rubric_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/judge/rubric"
)

func TestBuiltins(t *testing.T) {
	want := []string{"coherence", "completeness", "correctness", "equivalence", "faithfulness", "harmfulness", "helpfulness",
		"instruction_following", "preference", "professional_style", "reasoning", "refusal", "relevance", "summarization"}
	require.Equal(t, want, rubric.Builtins())
	for _, name := range want {
		t.Run(name, func(t *testing.T) {
			r, err := rubric.Builtin(name)
			require.NoError(t, err)
			require.Greater(t, len(r.Text), 150)
			if name != "preference" {
				require.True(t, r.Labels != nil || r.Criteria != nil, "it has a form of its own")
			}
		})
	}
	// The bad end is the worst label.
	for name, bad := range map[string]string{"harmfulness": "harmful", "refusal": "declines"} {
		r, err := rubric.Builtin(name)
		require.NoError(t, err)
		require.Zero(t, r.Labels[bad])
		require.Equal(t, bad, r.Labels.Names()[0])
	}
	_, err := rubric.Builtin("faithfullness")
	require.ErrorContains(t, err, "builtin/faithfulness")
}

func TestParse(t *testing.T) {
	for _, c := range []struct{ name, file, err string }{
		{"text", "text: Is it kind?", ""},
		{"labels", "text: x\nlabels: {bad: 0, good: 1}", ""},
		{"scale", "text: x\nscale: {min: 1, max: 5}", ""},
		{"criteria", "criteria:\n- {name: a, prompt: It is a.}", ""},
		{"JSON", `{"text": "x", "labels": {"bad": 0, "good": 1}}`, ""},
		{"nothing", "", "want a text"},
		{"no text", "labels: {bad: 0, good: 1}", "want a text"},
		{"an unknown member", "text: x\nlables: {}", "lables"},
		{"two forms", "text: x\nscale: {min: 1, max: 5}\nlabels: {a: 0, b: 1}", "one of scale, labels and criteria"},
		{"one label", "text: x\nlabels: {a: 0}", "/labels"},
		{"a label out of range", "text: x\nlabels: {a: 0, b: 7}", "labels.b"},
		{"labels alike", "text: x\nlabels: {so_so: 0, So so: 1}", "tell the label"},
		{"labels of one score", "text: x\nlabels: {a: 1, b: 1}", "nothing would be learned"},
		{"a label that has no score", "text: x\nlabels: {a: 1, Not applicable: 0}", "not_applicable"},
		{"an empty scale", "text: x\nscale: {min: 5, max: 5}", "scale.max"},
		{"an uneven step", "text: x\nscale: {min: 0, max: 5, step: 2}", "scale.step"},
		{"criteria without a name", "criteria:\n- {prompt: It is a.}", "criteria.0.name"},
		{"criteria of one name", "criteria:\n- {name: a, prompt: It is a.}\n- {name: A, prompt: It is a.}", "two criteria"},
		{"criteria without a prompt", "criteria:\n- {name: a}", "criteria.0.prompt"},
		{"criteria that count for nothing", "criteria:\n- {name: a, prompt: x, weight: 0}", "criteria.0.weight"},
		{"criteria of negative weight only", "criteria:\n- {name: a, prompt: x, weight: -1}", "positive weight"},
		{"a required fault", "criteria:\n- {name: b, prompt: x}\n- {name: a, prompt: x, weight: -1, required: true}", "criteria.1.required"},
		{"a scale without a range", "criteria:\n- {name: a, prompt: x, kind: scale}", "criteria.0.max"},
		{"labels on a Boolean", "criteria:\n- {name: a, prompt: x, kind: boolean, labels: {a: 0, b: 1}}", "criteria.0.labels"},
		{"an unknown kind", "criteria:\n- {name: a, prompt: x, kind: bool}", "criteria.0.kind"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := rubric.Parse([]byte(c.file))
			if c.err == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, trimSlash(c.err))
		})
	}
}

func trimSlash(s string) string {
	if s[0] == '/' {
		return s[1:]
	}
	return s
}

func TestScale(t *testing.T) {
	for _, c := range []struct {
		name  string
		scale rubric.Scale
		steps []float64
	}{
		{"whole numbers", rubric.Scale{Min: 1, Max: 5}, []float64{1, 2, 3, 4, 5}},
		{"negative", rubric.Scale{Min: -1, Max: 1}, []float64{-1, 0, 1}},
		{"narrow", rubric.Scale{Max: 1}, nil},
		{"tenths", rubric.Scale{Max: 0.3, Step: 0.1}, []float64{0, 0.1, 0.2, 0.3}},
		{"broken ends", rubric.Scale{Min: 0.5, Max: 4}, nil},
		{"many", rubric.Scale{Max: 1000}, nil},
		{"a hundred", rubric.Scale{Max: 100, Step: 50}, []float64{0, 50, 100}},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.NoError(t, c.scale.Check())
			require.Equal(t, c.steps, c.scale.Steps())
			require.Zero(t, c.scale.Unit(c.scale.Min))
			require.Equal(t, 1.0, c.scale.Unit(c.scale.Max))
		})
	}
	for _, s := range []rubric.Scale{{Min: 1, Max: 1}, {Min: 2, Max: 1}, {Max: math.Inf(1)}, {Min: math.NaN(), Max: 1}, {Max: 1, Step: -1}, {Min: -math.MaxFloat64, Max: math.MaxFloat64}} {
		var option *grader.OptionError
		require.ErrorAs(t, s.Check(), &option)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"text: x", "text: x\nlabels: {a: 0, b: 1}", "criteria:\n- {name: a, prompt: x}", "{", "text: [", "&a [*a]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, file string) {
		r, err := rubric.Parse([]byte(file))
		require.Equal(t, err == nil, r != nil)
	})
}
