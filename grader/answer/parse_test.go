package answer_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/answer"
)

func TestParse(t *testing.T) {
	names := []string{"boxed", "hashes", "tag:answer", "marker", "last_number", "last_line", "code", "json:", "json:/a/0", `regex:x = (\d+)`, "whole"}
	f, err := answer.Parse(names...)
	require.NoError(t, err)
	require.Equal(t, names, f.Names())
	require.False(t, f.IsZero())
	require.Equal(t, "boxed, whole", answer.MustParse("boxed", "whole").String())
	require.Equal(t, "list of finders", f.OptionType())
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct {
		name  string
		names []string
		want  string
	}{
		{"no names", nil, "want at least one finder"},
		{"an empty name", []string{""}, "there are boxed, hashes"},
		{"a misspelt name", []string{"boxd"}, `unknown finder "boxd"; did you mean "boxed"?`},
		{"the wrong case", []string{"Boxed"}, `did you mean "boxed"?`},
		{"a dash for an underscore", []string{"last-number"}, `did you mean "last_number"?`},
		{"a misspelt name with an argument", []string{"tags:answer"}, `did you mean "tag:answer"?`},
		{"an argument that is not taken", []string{"boxed:5"}, `did you mean "boxed"?`},
		{"a missing argument", []string{"tag"}, `finder "tag" needs more: want tag:NAME`},
		{"a missing pattern", []string{"regex"}, "want regex:PATTERN"},
		{"nothing like it", []string{"oracle"}, `unknown finder "oracle" (there are boxed`},
		{"a tag without a name", []string{"tag:"}, `want a tag's bare name`},
		{"a tag in brackets", []string{"tag:<answer>"}, `want a tag's bare name`},
		{"a tag of reasoning", []string{"tag:Think"}, "reasoning is removed before the search"},
		{"an empty pattern", []string{"regex:"}, "want a regular expression behind the colon"},
		{"a broken pattern", []string{"regex:("}, "missing closing )"},
		{"a pattern beyond RE2", []string{`regex:(a)\1`}, "RE2"},
		{"a broken pointer", []string{"json:answer"}, "want a JSON pointer"},
		{"a name twice", []string{"boxed", "whole", "boxed"}, `finder "boxed" is given twice`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := answer.Parse(c.names...)
			require.ErrorContains(t, err, c.want)
			require.Panics(t, func() { answer.MustParse(c.names...) })
		})
	}
}

func TestFindersJSON(t *testing.T) {
	for _, c := range []struct{ name, in, want, problem string }{
		{"a list", `["boxed","tag:answer"]`, `["boxed","tag:answer"]`, ""},
		{"one name", `"hashes"`, `["hashes"]`, ""},
		{"null", `null`, `null`, ""},
		{"an empty list", `[]`, "", "the list is empty"},
		{"a number", `5`, "", "want a list of finders"},
		{"a list of numbers", `[5]`, "", "want a list of finders"},
		{"a mapping", `{"boxed":true}`, "", "want a list of finders"},
		{"an unknown name", `["box"]`, "", `did you mean "boxed"?`},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := answer.MustParse("whole")
			err := json.Unmarshal([]byte(c.in), &f)
			if c.problem != "" {
				require.ErrorContains(t, err, c.problem)
				require.Equal(t, []string{"whole"}, f.Names(), "a refused value changes nothing")
				return
			}
			require.NoError(t, err)
			b, err := json.Marshal(f)
			require.NoError(t, err)
			require.JSONEq(t, c.want, string(b))
			require.Equal(t, c.want == "null", f.IsZero())
		})
	}
}

// TestFindersAsOption makes sure that kinds can use Finders as an option.
func TestFindersAsOption(t *testing.T) {
	type options struct {
		Find  answer.Finders `json:"find" doc:"Where the answer stands."`
		Other answer.Finders `json:"other" doc:"Unset unless given."`
	}
	kind := grader.Define("probe", "Tries options.", options{Find: answer.MustParse("boxed", `regex:(\d+)`)}, func(*grader.Env, options) (grader.Grader, error) {
		return grader.Func(nil), nil
	})
	require.NoError(t, grader.Validate(kind))
	require.Equal(t, []grader.Option{
		{Name: "find", Type: "list of finders", Default: `["boxed","regex:(\\d+)"]`, Doc: "Where the answer stands."},
		{Name: "other", Type: "list of finders", Doc: "Unset unless given."},
	}, kind.Options())

	resolved, err := kind.Resolve([]byte(`{"other":"whole"}`))
	require.NoError(t, err)
	require.JSONEq(t, `{"find":["boxed","regex:(\\d+)"],"other":["whole"]}`, string(resolved))

	_, err = kind.Resolve([]byte(`{"find":["boxd"]}`))
	require.ErrorContains(t, err, `did you mean "boxed"?`)
}
