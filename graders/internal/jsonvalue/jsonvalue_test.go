package jsonvalue_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/internal/jsonvalue"
)

func TestParse(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for _, c := range []struct{ name, text, fault string }{
		{"a value", ` {"a": [1, "x", true, null, -1.5e-3]} `, ""},
		{"two values", `1 2`, "something follows"},
		{"nothing", ` `, "ends too early"},
		{"cut off", `{"a": [1`, "ends too early"},
		{"a name twice", `{"a": 1, "a": 1}`, "twice"},
		{"a name twice, escaped", `{"a": 1, "\u0061": 1}`, "twice"},
		{"no JSON", `{'a': 1}`, "not valid JSON"},
		{"a trailing comma", `[1,]`, "not valid JSON"},
		{"NaN", `NaN`, "not valid JSON"},
		{"invalid UTF-8", "\"\xff\"", "not valid JSON"},
		{"a lone surrogate", `"\ud800"`, "not valid JSON"},
		{"as deep as can be", nested(jsonvalue.MaxDepth), ""},
		{"too deep", nested(jsonvalue.MaxDepth + 1), "deeper than 100"},
		{"a long number", strings.Repeat("9", 1000), ""},
		{"too long a number", strings.Repeat("9", 1001), "1000 characters"},
		{"a large exponent", `1e-400`, ""},
		{"too large an exponent", `1E+401`, "exponent beyond 400"},
		{"far too large an exponent", `1e99999999999999999999`, "exponent beyond 400"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := jsonvalue.Parse(c.text)
			if c.fault == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.fault)
		})
	}
}

func TestEqual(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{`1`, `1.000`, true},
		{`1`, `10e-1`, true},
		{`0.1`, `1e-1`, true},
		{`-0`, `0`, true},
		{`100`, `1e2`, true},
		{`1`, `10`, false},
		{`1`, `-1`, false},
		{`1`, `"1"`, false},
		{`"\u00e9"`, `"é"`, true},
		{`{"a": 1, "b": [2]}`, `{"b": [2.0], "a": 1}`, true},
		{`{"a": 1}`, `{"a": 1, "b": null}`, false},
		{`[1, 2]`, `[2, 1]`, false},
		{`null`, `false`, false},
		{`[]`, `{}`, false},
		{`null`, `[]`, false},
	} {
		a, err := jsonvalue.Parse(c.a)
		require.NoError(t, err)
		b, err := jsonvalue.Parse(c.b)
		require.NoError(t, err)
		require.Equal(t, c.want, jsonvalue.Equal(a, b), "%s %s", c.a, c.b)
		require.Equal(t, c.want, jsonvalue.Equal(b, a), "%s %s", c.b, c.a)
	}
}

func TestSays(t *testing.T) {
	for text, want := range map[string]bool{
		`{}`: false, `[]`: false, `null`: false, `""`: false, `" \u200b"`: false, `{"a": [null, {"b": ""}]}`: false,
		`0`: true, `false`: true, `{"a": [null, "x"]}`: true,
	} {
		v, err := jsonvalue.Parse(text)
		require.NoError(t, err)
		require.Equal(t, want, jsonvalue.Says(v), text)
	}
}

// FuzzParse checks that what is read is what encoding/json reads, and is the
// same as itself.
func FuzzParse(f *testing.F) {
	for _, s := range []string{`{"a": [1, "x", true, null, -1.5e-3]}`, `1e400`, `[[`, `{"a":1,"a":2}`, "\"\xff\"", `"\ud800\udc00"`, `-0.0`} {
		f.Add(s)
	}
	same, err := jsonvalue.NewComparer(nil, jsonvalue.ExtraForbid, "")
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, s string) {
		v, err := jsonvalue.Parse(s)
		if err != nil {
			return
		}
		d := json.NewDecoder(strings.NewReader(s))
		d.UseNumber()
		var other any
		require.NoError(t, d.Decode(&other))
		require.Equal(t, other, v)
		require.True(t, jsonvalue.Equal(v, other))
		require.True(t, same.Compare(v, other).Same)
	})
}
