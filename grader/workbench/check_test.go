package workbench_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/workbench"
	"github.com/rftgrader/rftgrader/graders"
	"github.com/rftgrader/rftgrader/testdata"
)

// cleanData returns n training records for testdata/specs/gsm8k.yaml that break no rule.
func cleanData(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"id":"r%d","messages":[{"role":"system","content":"Give the final answer behind ####."},{"role":"user","content":"A baker sells %d loaves in the morning and %d in the afternoon, of %s. How many in all?"}],"reference_answer":{"final_answer":"%d"}}`+"\n",
			i, i, 3*i+1, strings.Repeat("rye and wheat and ", 20), 4*i+1)
	}
	return b.String()
}

func writeData(t testing.TB, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "train.jsonl")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

// TestCheckClean shows that data which breaks no rule is passed, whole.
func TestCheckClean(t *testing.T) {
	file := writeData(t, cleanData(1000))
	var out, errs bytes.Buffer
	exit := workbench.Run(t.Context(), []string{"check", file, "--spec", filepath.Join(testdata.Root(), "testdata/specs/gsm8k.yaml"), "--strict", "--json"}, nil, &out, &errs, graders.All...)
	require.Zero(t, exit, "%s%s", out.String(), errs.String())
	var got struct {
		OK       bool
		Records  int
		Findings []struct{ Rule string }
		Gold     struct {
			Checked int
			Full    int `json:"full_marks"`
		}
	}
	require.NoError(t, jsonv2.Unmarshal(out.Bytes(), &got, jsonv2.MatchCaseInsensitiveNames(true)))
	require.True(t, got.OK)
	require.Equal(t, 1000, got.Records)
	require.Equal(t, 1000, got.Gold.Checked)
	require.Equal(t, 1000, got.Gold.Full)
	for _, f := range got.Findings {
		require.Equal(t, "F8", f.Rule)
	}
}

// TestCheckSamples shows that the specs that ship pay no probe of their rollouts.
func TestCheckSamples(t *testing.T) {
	for _, c := range []struct{ folder, spec, rollouts string }{
		{"", "gsm8k", "arithmetic"}, {"", "algebra", "algebra"}, {"", "capitals", "capitals"}, {"", "reviews", "reviews"},
		{"", "programs", "programs"}, {"", "summaries", "summaries"},
		{"cookbook", "boxed", "boxed"}, {"cookbook", "classification", "classification"}, {"cookbook", "code", "code"},
		{"cookbook", "extraction", "extraction"}, {"cookbook", "finqa", "finqa"}, {"cookbook", "multiple_choice", "multiple_choice"},
		{"cookbook", "pandalm", "pandalm"}, {"cookbook", "summary", "summary"}, {"cookbook", "tool_use", "tool_use"},
	} {
		t.Run(c.folder+" "+c.spec, func(t *testing.T) {
			if strings.Contains("programs code", c.spec) && runtime.GOOS != "linux" {
				t.Skip("programs run on Linux only")
			}
			specs, rollouts := testdata.Path("specs", c.spec+".yaml"), testdata.Path("rollouts", c.rollouts+".jsonl")
			if c.folder != "" {
				specs, rollouts = testdata.Path(c.folder, c.spec+".yaml"), testdata.Path(c.folder, c.rollouts+".jsonl")
			}
			var out, errs bytes.Buffer
			exit := workbench.Run(t.Context(), []string{"check", "--spec", specs, "--rollouts", rollouts}, nil, &out, &errs, graders.All...)
			require.Zero(t, exit, "%s%s", out.String(), errs.String())
			require.Contains(t, out.String(), "; 0 paid")
		})
	}
}

// TestCheckCheatable shows the probes that catch a spec of each kind that can be cheated.
func TestCheckCheatable(t *testing.T) {
	for _, c := range []struct {
		name, graders, rollouts string
		caught                  []string
	}{
		{"code: what compiles is paid", "{type: code, language: python, tests: /tests, compile_credit: 0.5}\nscore: if(a > 0, 1, 0)", "code",
			[]string{"code_exit", "code_endless", "code_test_overwritten", "code_tests_skipped"}},
		{"exact: the answer anywhere", "{type: exact, match: contains, find: [whole]}", "boxed", []string{"integers", "negated", "right_then_wrong"}},
		{"format: the form alone", "{type: format, pattern: boxed}", "boxed", []string{"negated", "padded_wrong"}},
		{"length: words alone", "{type: length, min: 5, unit: words}", "summary", []string{"prompt_echoed", "repeated_only", "give_full_marks"}},
		{"tools: names alone", "{type: tools, arguments: ignore}", "tool_use", []string{"call_without_arguments", "call_with_other_arguments"}},
		{"tools: whatever else is called", "{type: tools, extra: allow}", "tool_use", []string{"calls_of_everything", "call_repeated", "call_added"}},
		{"tools: most of the credit for the name", "{type: tools, name_credit: 0.6, extra_arguments: allow}", "tool_use", []string{"call_without_arguments"}},
		{"similarity: recall alone", "{type: similarity, metric: rouge_1, measure: recall, reference: /summary}", "summary", []string{"prompt_echoed"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if strings.HasPrefix(c.name, "code") && runtime.GOOS != "linux" {
				t.Skip("programs run on Linux only")
			}
			path := filepath.Join(t.TempDir(), "grader.yaml")
			require.NoError(t, os.WriteFile(path, []byte("version: 1\ngraders:\n  a: "+c.graders+"\n"), 0o600))
			var out, errs bytes.Buffer
			exit := workbench.Run(t.Context(), []string{"check", "--spec", path, "--rollouts", testdata.Path("cookbook", c.rollouts+".jsonl")}, nil, &out, &errs, graders.All...)
			require.Equal(t, 1, exit, "%s%s", out.String(), errs.String())
			for _, probe := range c.caught {
				require.Contains(t, out.String(), "P:"+probe+":")
			}
		})
	}
}

// TestCheckCosts shows that a judge is asked only with --calls.
func TestCheckCosts(t *testing.T) {
	type options struct {
		Model string `json:"model" doc:"a model"`
	}
	var calls atomic.Int64
	judge := grader.Define("judge", "Judge stands for a kind whose calls cost money.", options{}, func(*grader.Env, options) (grader.Grader, error) {
		return grader.Func(func(context.Context, *grader.Rollout) (grader.Result, error) {
			calls.Add(1)
			return grader.Result{Score: 1}, nil
		}), nil
	})
	spec := filepath.Join(t.TempDir(), "grader.yaml")
	require.NoError(t, os.WriteFile(spec, []byte("version: 1\ngraders: {a: {type: judge, model: m}}\n"), 0o600))
	args := []string{"check", writeData(t, cleanData(100)), "--spec", spec, "--quiet"}
	var out bytes.Buffer
	require.Zero(t, workbench.Run(t.Context(), args, nil, &out, io.Discard, judge))
	require.Zero(t, calls.Load())
	require.Contains(t, out.String(), "info G3: references and probes were not graded: a asks a model, which costs money; --calls lets it")
	require.Zero(t, workbench.Run(t.Context(), append(args, "--calls"), nil, io.Discard, io.Discard, judge))
	require.EqualValues(t, 100, calls.Load())
}

// TestCheckInterrupted shows that what was found before an interruption is printed.
func TestCheckInterrupted(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	text, first := cleanData(300), strings.NewReader("not JSON\n")
	stdin := io.MultiReader(first, strings.NewReader(text), readerFunc(func([]byte) (int, error) {
		stop()
		<-ctx.Done()
		return 0, io.ErrUnexpectedEOF
	}))
	var out, errs bytes.Buffer
	require.Equal(t, 2, workbench.Run(ctx, []string{"check", "-"}, stdin, &out, &errs, graders.All...))
	require.Contains(t, out.String(), "standard input:1: error F2: want one JSON object, got what is no JSON")
	require.Contains(t, out.String(), "the data was not checked to its end")
	require.Equal(t, "rft: interrupted\n", errs.String())
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

// BenchmarkCheck checks 20,000 clean records and their references.
func BenchmarkCheck(b *testing.B) {
	file := writeData(b, cleanData(20000))
	b.ReportAllocs()
	for b.Loop() {
		if exit := workbench.Run(b.Context(), []string{"check", file, "--quiet", "--spec", filepath.Join(testdata.Root(), "testdata/specs/gsm8k.yaml")}, nil, io.Discard, io.Discard, graders.All...); exit != 0 {
			b.Fatal(exit)
		}
	}
}
