package spec_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/spec"
)

// parse reads a spec that must be sound.
func parse(t testing.TB, text string) *spec.Spec {
	t.Helper()
	s, err := spec.Parse("grader.yaml", []byte(text), kinds())
	require.NoError(t, err)
	return s
}

func TestDefaults(t *testing.T) {
	s := parse(t, "version: 1\ngraders:\n  only: {type: constant}\n")
	require.Equal(t, []string{"only"}, s.Graders())
	require.Equal(t, "constant", s.KindOf("only"))
	require.Empty(t, s.KindOf("other"))
	require.Contains(t, string(s.OptionsOf("only")), "{")
	require.Nil(t, s.OptionsOf("other"))
	require.Equal(t, grader.DefaultPolicy(), s.Policy())
	require.Zero(t, s.Concurrency())
	require.Zero(t, s.Reserve())
	_, _, ok := s.Range()
	require.False(t, ok)
	require.Regexp(t, "^[0-9a-f]{64}$", s.Hash())
	require.Equal(t, s.Hash()[:12], s.ShortHash())
	require.NoError(t, s.Close())
}

func TestEveryMember(t *testing.T) {
	s := parse(t, `--- # a spec
version: 1
graders:
  b: {type: constant, score: 0.5}
  "a":
    type: 'field'
    name: "l\u0065ngth"
score: >-
  gate(b,
       a)
range: [-1, 2.5]
on_error: {transient: 0, permanent: fail, deadline: neutral}
max_ungraded: 0.5
concurrency: 16
reserve: 1500ms
...
`)
	require.Equal(t, []string{"b", "a"}, s.Graders())
	lo, hi, ok := s.Range()
	require.True(t, ok)
	require.Equal(t, [2]float64{-1, 2.5}, [2]float64{lo, hi})
	require.Equal(t, grader.Impute(0), s.Policy().Action(grader.FaultTransient))
	require.Equal(t, grader.Fail(), s.Policy().Action(grader.FaultPermanent))
	require.Equal(t, grader.Neutral(), s.Policy().Action(grader.FaultDeadline))
	require.Equal(t, grader.Neutral(), s.Policy().Action(grader.FaultData), "the default stays")
	require.Equal(t, 0.5, s.Policy().MaxUngraded)
	require.Equal(t, 16, s.Concurrency())
	require.Equal(t, 1500*time.Millisecond, s.Reserve())
}

// TestScalars reads scalars the way that YAML 1.2 does, where all readers agree.
func TestScalars(t *testing.T) {
	for _, c := range []struct{ name, yaml, want string }{
		{"number", "min: 12", `"min":12`},
		{"negative", "min: -12", `"min":-12`},
		{"exponent", "tolerance: {rel: 1e-6}", `"rel":0.000001`},
		{"capital exponent", "tolerance: {rel: 1E+3}", `"rel":1000`},
		{"Boolean", "fold: true", `"fold":true`},
		{"capital Boolean", "fold: True", `"fold":true`},
		{"quoted number", `labels: ["1.0"]`, `"labels":["1.0"]`},
		{"single-quoted yes", "labels: ['yes']", `"labels":["yes"]`},
		{"version", "labels: [1.2.3]", `"labels":["1.2.3"]`},
		{"date", "labels: [2024-01-01]", `"labels":["2024-01-01"]`},
		{"time", "labels: [12:30]", `"labels":["12:30"]`},
		{"words", "labels: [nullable, trueish, y, n, e5, +, -, _1]", `"labels":["nullable","trueish","y","n","e5","+","-","_1"]`},
		{"colon without a space in braces", "labels: [tag:answer, a:b:c, 'json:']", `"labels":["tag:answer","a:b:c","json:"]`},
		{"URL", "labels: [https://example.org/a?b=c#d]", `"labels":["https://example.org/a?b=c#d"]`},
		{"pattern in single quotes", `pattern: '(?s)^<think>.+</think>\s*$'`, `"pattern":"(?s)^<think>.+</think>\\s*$"`},
		{"pattern in double quotes", `pattern: "\\d+\t\"x\""`, `"pattern":"\\d+\t\"x\""`},
		{"plain pattern", `pattern: \d+#?`, `"pattern":"\\d+#?"`},
		{"literal", "pattern: |-\n      a\n      b", `"pattern":"a\nb"`},
		{"folded", "pattern: >-\n      a\n      b\n\n      c", `"pattern":"a b\nc"`},
		{"plain over lines", "pattern: a\n      b", `"pattern":"a b"`},
		{"empty text", `pattern: ""`, `"pattern":""`},
		{"null for a pointer", "partial: null", `"find"`},
		{"list below its name", "labels:\n    - a\n    -   b", `"labels":["a","b"]`},
		{"list of mappings", "extra:\n    - a: 1\n      b: [x]\n    - {}", `"extra":[{"a":1,"b":["x"]},{}]`},
		{"not ASCII", "labels: [größe, 数学, \"\\U0001F600\"]", `"labels":["größe","数学","😀"]`},
		{"quoted name", `"min": 3`, `"min":3`},
		{"comment", "min: 3 # fewer", `"min":3`},
		{"pointer to the whole", `reference: ""`, `"reference":""`},
	} {
		for _, style := range []string{"block", "flow"} {
			if style == "flow" && (strings.Contains(c.yaml, "\n") || strings.Contains(c.yaml, " #")) {
				continue
			}
			t.Run(c.name+" "+style, func(t *testing.T) {
				text := "version: 1\ngraders:\n  g:\n    type: recorder\n    " + c.yaml + "\n"
				if style == "flow" {
					text = "version: 1\ngraders:\n  g: {type: recorder, " + c.yaml + "}\n"
				}
				var got string
				_, err := spec.Parse("grader.yaml", []byte(text), []*grader.Kind{recorder(&got)})
				require.NoError(t, err)
				require.Contains(t, got, c.want)
			})
		}
	}
}

// TestJSONAndYAMLAgree reads one spec in three ways.
func TestJSONAndYAMLAgree(t *testing.T) {
	const text = `{"version": 1, "graders": {"a": {"type": "citation", "labels": ["é\n", "\u00e9", "\/"], "min": 2,
	"tolerance": {"rel": 1e-6}}}, "score": "2*a", "range": [0, 2]}`
	asJSON, err := spec.Parse("grader.json", []byte(text), kinds())
	require.NoError(t, err)
	sniffed, err := spec.Parse("GRADER_SPEC", []byte(" \n"+text), kinds())
	require.NoError(t, err)
	asYAML, err := spec.Parse("grader.yaml", []byte("# YAML\n"+strings.ReplaceAll(text, "\t", " ")), kinds())
	require.NoError(t, err)
	require.Equal(t, asJSON.Hash(), sniffed.Hash())
	require.Equal(t, asJSON.Hash(), asYAML.Hash())
}

func TestByteOrderMarkAndCRLF(t *testing.T) {
	const text = "version: 1\ngraders:\n  a:\n    type: citation\n    pattern: |\n      x\n      y\n"
	want := parse(t, text).Hash()
	require.Equal(t, want, parse(t, "\ufeff"+text).Hash())
	require.Equal(t, want, parse(t, strings.ReplaceAll(text, "\n", "\r\n")).Hash())
	require.Equal(t, want, parse(t, strings.TrimSuffix(text, "\n")).Hash(), "no line feed at the end")

	_, err := spec.Parse("grader.yaml", []byte("\ufeff"+strings.ReplaceAll(text+"x: 1\n", "\n", "\r\n")), kinds())
	require.ErrorContains(t, err, "grader.yaml:8:1: x: no such member")
}

func TestOpenReadsFilesBesideTheSpec(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
		return path
	}
	write("outside.txt", "secret")
	write("specs/rubrics/one.txt", "three")
	require.NoError(t, os.Symlink("../outside.txt", filepath.Join(dir, "specs", "link.txt")))
	open := func(t *testing.T, file string) (*spec.Spec, error) {
		return spec.Open(write("specs/grader.yaml", "version: 1\ngraders:\n  r: {type: rubric, file: '"+file+"'}\n"), kinds())
	}

	s, err := open(t, "rubrics/one.txt")
	require.NoError(t, err)
	res, err := s.Grader().Grade(context.Background(), &grader.Rollout{})
	require.NoError(t, err)
	require.Equal(t, 5.0, res.Score)
	require.Contains(t, res.Reason, "only while the grader is built")

	for name, file := range map[string]string{
		"above": "../outside.txt", "by a link": "link.txt", "absolute": "/etc/hostname", "a folder": "rubrics", "nowhere": "two.txt", "no name": "",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := open(t, file)
			var fault *spec.Error
			require.ErrorAs(t, err, &fault)
			require.Equal(t, "graders.r.file", fault.Path)
			require.NotContains(t, err.Error(), "secret")
			if name == "nowhere" {
				require.ErrorIs(t, err, fs.ErrNotExist)
			}
		})
	}
	t.Run("no spec", func(t *testing.T) {
		_, err := spec.Open(filepath.Join(dir, "none.yaml"), kinds())
		require.ErrorIs(t, err, fs.ErrNotExist)
		require.ErrorContains(t, err, "none.yaml")
	})
	t.Run("a spec too large", func(t *testing.T) {
		_, err := spec.Open(write("specs/large.yaml", strings.Repeat("# comment\n", 1<<20)), kinds())
		require.ErrorContains(t, err, "larger than 1048576 bytes")
	})
	t.Run("given files instead of the folder", func(t *testing.T) {
		s, err := spec.Open(write("specs/grader.yaml", "version: 1\ngraders: {r: {type: rubric, file: any}}\n"), kinds(),
			spec.WithFiles(func(name string) ([]byte, error) { return []byte(name), nil }))
		require.NoError(t, err)
		res, err := s.Grader().Grade(context.Background(), &grader.Rollout{})
		require.NoError(t, err)
		require.Equal(t, 3.0, res.Score)
	})
}

func TestLoggerNamesTheGrader(t *testing.T) {
	var log bytes.Buffer
	_, err := spec.Parse("grader.yaml", []byte("version: 1\ngraders: {r: {type: rubric, file: f}}\n"), kinds(),
		spec.WithLogger(slog.New(slog.NewTextHandler(&log, nil))),
		spec.WithFiles(func(string) ([]byte, error) { return nil, nil }))
	require.NoError(t, err)
	require.Contains(t, log.String(), "grader=r")
}

func TestUnsoundKinds(t *testing.T) {
	_, err := spec.Parse("grader.yaml", []byte("version: 1\n"), []*grader.Kind{nil})
	require.ErrorContains(t, err, "the kinds of this program")
}

// closer is a grader that counts how often it is closed.
type closer struct {
	grader.Grader
	closed int
	err    error
}

func (c *closer) Close() error { c.closed++; return c.err }

func TestClose(t *testing.T) {
	var built []*closer
	failure := errors.New("still in use")
	kind := grader.Define("closer", "Is closed.", struct {
		Fail bool `json:"fail" doc:"whether building fails"`
	}{}, func(_ *grader.Env, o struct {
		Fail bool `json:"fail" doc:"whether building fails"`
	}) (grader.Grader, error) {
		if o.Fail {
			return nil, errors.New("not built")
		}
		c := &closer{Grader: grader.Func(nil), err: failure}
		built = append(built, c)
		return c, nil
	})
	t.Run("once", func(t *testing.T) {
		built = nil
		s, err := spec.Parse("g.yaml", []byte("version: 1\ngraders: {a: {type: closer}, b: {type: closer}}\nscore: a + b\n"), []*grader.Kind{kind})
		require.NoError(t, err)
		require.ErrorIs(t, s.Close(), failure)
		require.ErrorContains(t, s.Close(), "close b: still in use")
		require.Equal(t, []int{1, 1}, []int{built[0].closed, built[1].closed})
	})
	t.Run("what was built of a spec that is refused", func(t *testing.T) {
		built = nil
		_, err := spec.Parse("g.yaml", []byte("version: 1\ngraders: {a: {type: closer}, b: {type: closer, fail: true}}\nscore: a + b\n"), []*grader.Kind{kind})
		require.ErrorContains(t, err, "graders.b: not built")
		require.ErrorIs(t, err, failure)
		require.Len(t, spec.Errors(err), 1)
		require.Equal(t, 1, built[0].closed)
	})
}

func TestErrorsHaveTheirCause(t *testing.T) {
	_, err := spec.Parse("g.yaml", []byte("version: 1\ngraders: {a: {type: citation, mim: 1}}\nscore: a +\n"), kinds())
	require.ErrorAs(t, err, new(*grader.OptionError))
	require.ErrorAs(t, err, new(*grader.FormulaError))
	require.Len(t, spec.Errors(err), 2)
	require.Equal(t, "g.yaml:3:11: score: want a number, a grader's name, a function or (, got the end", spec.Errors(err)[1].Headline())
	require.Nil(t, spec.Errors(nil))
	require.Nil(t, spec.Errors(errors.New("another")))
}
