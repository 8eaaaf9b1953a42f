package spec_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/spec"
)

const hashedSpec = `version: 1
graders:
  a: {type: citation, min: 2, labels: [x, y], tolerance: {rel: 0.001, abs: 1}, weights: {x: 1, y: 2}, extra: {p: 1, q: [2]}}
  b: {type: rubric, file: one.txt}
score: 0.5*a + 0.5*b
range: [0, 100]
on_error: {permanent: 0}
max_ungraded: 0.25
`

func hashOf(t *testing.T, text string, files map[string]string) string {
	t.Helper()
	s, err := spec.Parse("grader.yaml", []byte(text), kinds(), spec.WithFiles(func(name string) ([]byte, error) {
		return []byte(files[name]), nil
	}))
	require.NoError(t, err, text)
	return s.Hash()
}

// change replaces a text that must be there.
func change(t *testing.T, text, old, with string) string {
	t.Helper()
	require.Contains(t, text, old)
	return strings.Replace(text, old, with, 1)
}

func TestHashStays(t *testing.T) {
	files := map[string]string{"one.txt": "1", "two.txt": "2"}
	want := hashOf(t, hashedSpec, files)
	for _, c := range []struct{ name, old, with string }{
		{"comment", "version: 1", "# comment\nversion: 1 # more"},
		{"white space", "{type: rubric, file: one.txt}", "{ type:   rubric,\n     file: one.txt }"},
		{"block style", "{type: rubric, file: one.txt}", "\n    type: rubric\n    file: one.txt"},
		{"quotes", "file: one.txt", `"file": 'one.txt'`},
		{"order of options", "min: 2, labels: [x, y]", "labels: [x, y], min: 2"},
		{"order inside an option", "{rel: 0.001, abs: 1}", "{abs: 1, rel: 0.001}"},
		{"order inside a map", "{x: 1, y: 2}", "{y: 2, x: 1}"},
		{"order inside free JSON", "{p: 1, q: [2]}", "{q: [2], p: 1}"},
		{"another way to write a number", "0.001", "1e-3"},
		{"a default written out", "min: 2", "min: 2, style: square"},
		{"white space in the formula", "0.5*a + 0.5*b", "'0.5 * a+0.5 *b '"},
		{"formula over lines", "0.5*a + 0.5*b", "|\n  0.5*a\n    + 0.5*b"},
		{"range as floats", "[0, 100]", "[0.0, 1e2]"},
		{"the default of on_error written out", "{permanent: 0}", "{permanent: 0, transient: fail}"},
		{"the default of max_ungraded left out", "max_ungraded: 0.25\n", ""},
		{"concurrency", "version: 1", "version: 1\nconcurrency: 7"},
		{"reserve", "version: 1", "version: 1\nreserve: 3s"},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, want, hashOf(t, change(t, hashedSpec, c.old, c.with), files)) })
	}
	t.Run("order of members", func(t *testing.T) {
		lines := strings.SplitAfter(hashedSpec, "\n")
		require.Len(t, lines, 9)
		turned := lines[7] + lines[6] + lines[5] + lines[4] + lines[1] + lines[3] + lines[2] + lines[0]
		require.Equal(t, want, hashOf(t, turned, files))
	})
	t.Run("one grader with or without a score", func(t *testing.T) {
		const one = "version: 1\ngraders: {a: {type: constant}}\n"
		require.Equal(t, hashOf(t, one, nil), hashOf(t, one+"score: a\n", nil))
	})
}

func TestHashChanges(t *testing.T) {
	files := map[string]string{"one.txt": "1", "two.txt": "2"}
	seen := map[string]string{hashOf(t, hashedSpec, files): "as it is"}
	check := func(t *testing.T, name, hash string) {
		require.NotContains(t, seen, hash, "%s has the hash of %s", name, seen[hash])
		seen[hash] = name
	}
	for _, c := range []struct{ name, old, with string }{
		{"option", "min: 2", "min: 3"},
		{"option left out", "min: 2, ", ""},
		{"inner option", "abs: 1", "abs: 2"},
		{"order of a list", "[x, y]", "[y, x]"},
		{"map", "x: 1", "x: 3"},
		{"free JSON", "q: [2]", "q: [3]"},
		{"a whole number beyond float64", "q: [2]", "q: [9007199254740993]"},
		{"and its neighbour", "q: [2]", "q: [9007199254740992]"},
		{"score", "0.5*a", "0.6*a"},
		{"order in the score", "0.5*a + 0.5*b", "0.5*b + 0.5*a"},
		{"range", "100", "99"},
		{"no range", "range: [0, 100]\n", ""},
		{"on_error", "permanent: 0", "permanent: 1"},
		{"another fault", "permanent: 0", "transient: 0"},
		{"max_ungraded", "max_ungraded: 0.25", "max_ungraded: 0.5"},
		{"another file", "one.txt", "two.txt"},
	} {
		t.Run(c.name, func(t *testing.T) { check(t, c.name, hashOf(t, change(t, hashedSpec, c.old, c.with), files)) })
	}
	t.Run("contents of a file", func(t *testing.T) {
		check(t, "contents", hashOf(t, hashedSpec, map[string]string{"one.txt": "2"}))
	})
	t.Run("names of graders", func(t *testing.T) {
		renamed := strings.NewReplacer("  a:", "  aa:", "*a", "*aa").Replace(hashedSpec)
		check(t, "renamed", hashOf(t, renamed, files))
	})
	t.Run("kinds and routes", func(t *testing.T) {
		for _, text := range []string{
			"version: 1\ngraders: {a: {type: constant}}\n",
			"version: 1\ngraders: {a: {type: field}}\n",
			"version: 1\ngraders: {a: {type: constant}}\nroute: {by: /metadata/x, p: a}\n",
			"version: 1\ngraders: {a: {type: constant}}\nroute: {by: /metadata/y, p: a}\n",
			"version: 1\ngraders: {a: {type: constant}}\nroute: {by: /metadata/y, q: a}\n",
			"version: 1\ngraders: {a: {type: constant}}\nroute: {by: /metadata/y, q: 2*a}\n",
		} {
			check(t, text, hashOf(t, text, nil))
		}
	})
}

// TestHashIsFixed holds a hash that was written down: a change of it throws away
// what was graded, and calls every report in question.
func TestHashIsFixed(t *testing.T) {
	require.Equal(t, "6ccdbd263309b56156b8fa8b6b2dce70366f93bac62295ee73f79d436fd16443", hashOf(t, hashedSpec, map[string]string{"one.txt": "1"}))
}
