package gold_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
	"github.com/rftgrader/rftgrader/grader/spec"
	"github.com/rftgrader/rftgrader/grader/workbench/gold"
	"github.com/rftgrader/rftgrader/graders"
)

// sealed wants a seal in the answer, and no kind of this name ships.
type sealOptions struct {
	Mark string `json:"mark" doc:"the seal"`
}

func kinds() []*grader.Kind {
	return graders.With(
		grader.Define("sealed", "Sealed wants a seal.", sealOptions{Mark: "sealed"}, func(_ *grader.Env, o sealOptions) (grader.Grader, error) {
			return grader.Func(func(_ context.Context, r *grader.Rollout) (grader.Result, error) {
				if strings.HasPrefix(r.Response(), o.Mark) {
					return grader.Result{Score: 1}, nil
				}
				return grader.Result{Reason: "no seal"}, nil
			}), nil
		}),
		grader.Define("code", "Code stands for the kind whose references are tests.", sealOptions{}, func(_ *grader.Env, _ sealOptions) (grader.Grader, error) {
			return grader.Func(func(_ context.Context, r *grader.Rollout) (grader.Result, error) {
				if _, err := r.Lookup(grader.MustPointer("/tests")); err != nil {
					return grader.Result{}, err
				}
				return grader.Result{}, nil
			}), nil
		}))
}

func open(t testing.TB, text string) *spec.Spec {
	t.Helper()
	s, err := spec.Parse("grader.yaml", []byte("version: 1\n"+text), kinds())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// checkOne checks one record.
func checkOne(t testing.TB, s *spec.Spec, template, record string) *gold.Record {
	t.Helper()
	prompt, _, err := gold.Prompt([]byte(record))
	r := &gold.Record{Prompt: prompt, Err: err}
	forms := gold.FormsOf(s)
	forms.Template = template
	n, err := gold.Check(t.Context(), &batch.Runner{Grader: s.Grader()}, forms, 1, []*gold.Record{r})
	require.NoError(t, err)
	require.Equal(t, r.Tried, n)
	return r
}

// record is a training record with the given members beside the prompt.
func record(members string) string {
	return `{"messages":[{"role":"user","content":"Why?"}],` + members + `}`
}

// TestForms shows that a right reference earns full marks wherever a spec looks.
func TestForms(t *testing.T) {
	for _, finder := range []string{
		"boxed", "hashes", "tag:result", "marker", "last_number", "last_line", "whole", "code", "json:/a/b",
		`'regex:result=(\d+);'`, `'regex:(?i)^(?:so|thus),? it is (-?[0-9]+)[.!]$'`, `'regex:[0-9]+'`, `'regex:a{2,3} <([0-9]*)>'`,
	} {
		t.Run(finder, func(t *testing.T) {
			s := open(t, "graders: {a: {type: numeric, find: ["+finder+"], reference: /final}}")
			r := checkOne(t, s, "", record(`"reference_answer":{"final":"42","other":1}`))
			require.NoError(t, r.Err)
			require.True(t, r.Full(1), "best %v after %d: %s", r.Best, r.Tried, r.Reason)
		})
	}
}

func TestCheck(t *testing.T) {
	numeric := "graders: {a: {type: numeric, find: [hashes, boxed], reference: /final}}"
	two := "graders: {a: {type: numeric, find: [hashes], reference: /final}, b: {type: exact, find: [last_line], reference: \"metadata:/closing\"}}\nscore: 0.5*a + 0.5*b"
	for _, c := range []struct {
		name, spec, template, record string
		full                         bool
		err                          string
	}{
		{"right", numeric, "", record(`"reference_answer":{"final":"42"}`), true, ""},
		{"no number", numeric, "", record(`"reference_answer":{"final":"many"}`), false, "/reference_answer/final"},
		{"no reference", numeric, "", record(`"x":1`), false, "no reference answer"},
		{"other member", numeric, "", record(`"reference_answer":{"finale":"42","y":1}`), false, "/finale"},
		{"two references", numeric, "", record(`"reference_answer":"1","metadata":{"reference_answer":"2"}`), false, "two different reference answers"},
		{"with an answer already", numeric, "", `{"messages":[{"role":"user","content":"?"},{"role":"assistant","content":"So."}],"reference_answer":{"final":"42"}}`, true, ""},
		{"two graders", two, "", record(`"reference_answer":{"final":"42"},"closing":"Yours"`), true, ""},
		{"list of answers", "graders: {a: {type: exact, reference: \"\"}}", "", record(`"reference_answer":["Oslo","Christiania"]`), true, ""},
		{"unlike any label", "graders: {a: {type: exact, match: one_of, labels: [sure, never]}}", "", record(`"reference_answer":"perhaps"`), false, "none of the 2 labels"},
		{"verl", "graders: {a: {type: symbolic}}", "", `{"data_source":"s","prompt":[{"role":"user","content":"?"}],"ability":"math","reward_model":{"ground_truth":"x+1","style":"rule"}}`, true, ""},
		{"more is wanted", "graders: {a: {type: sealed}}", "", record(`"reference_answer":"x"`), false, ""},
		{"a template has it", "graders: {a: {type: sealed}}", "sealed {}", record(`"reference_answer":"x"`), true, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := checkOne(t, open(t, c.spec), c.template, c.record)
			if c.err != "" {
				require.ErrorContains(t, r.Err, c.err)
				require.Equal(t, grader.FaultData, grader.FaultOf(r.Err))
				return
			}
			require.NoError(t, r.Err)
			require.Equal(t, c.full, r.Full(1), "best %v: %s", r.Best, r.Reason)
		})
	}
}

// TestJudged shows that references which are no answers are read and not put as one.
func TestJudged(t *testing.T) {
	s := open(t, "graders: {a: {type: code}}")
	require.Equal(t, "code", gold.FormsOf(s).Judged())
	r := checkOne(t, s, "", record(`"reference_answer":{"tests":"assert f(1) == 2"}`))
	require.NoError(t, r.Err)
	require.Equal(t, 1, r.Tried)
	require.ErrorContains(t, checkOne(t, s, "", record(`"reference_answer":{"test":"x"}`)).Err, "no such member")
	require.True(t, gold.FormsOf(open(t, "graders: {a: {type: numeric}}")).Sure())
	require.False(t, gold.FormsOf(open(t, "graders: {a: {type: sealed}}")).Sure())
}

func TestMany(t *testing.T) {
	s := open(t, "graders: {a: {type: numeric, find: [hashes], reference: /final}}")
	var records []*gold.Record
	for i := range 100 {
		text := fmt.Sprint(i)
		if i%10 == 0 {
			text = "none"
		}
		prompt, answer, err := gold.Prompt([]byte(record(`"reference_answer":{"final":"` + text + `"}`)))
		require.NoError(t, err)
		require.Nil(t, answer)
		records = append(records, &gold.Record{Line: i, Prompt: prompt})
	}
	ctx, stop := context.WithCancel(t.Context())
	n, err := gold.Check(ctx, &batch.Runner{Grader: s.Grader()}, gold.FormsOf(s), 1, records)
	require.NoError(t, err)
	require.Equal(t, 100, n)
	for i, r := range records {
		require.Equal(t, i%10 != 0, r.Full(1))
		require.Equal(t, i%10 == 0, r.Err != nil)
		require.Equal(t, i%10 == 0, math.IsNaN(r.Best))
	}
	stop()
	_, err = gold.Check(ctx, &batch.Runner{Grader: s.Grader()}, gold.FormsOf(s), 1, records)
	require.ErrorIs(t, err, context.Canceled)
}

// FuzzPrompt reads hostile records and references: nothing panics, and what can be read
// can be answered.
func FuzzPrompt(f *testing.F) {
	for _, s := range []string{record(`"reference_answer":"x"`), `{"prompt":[],"reward_model":{"ground_truth":1}}`, `[`, `{"messages":[{"role":5}]}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r, _, err := gold.Prompt(text)
		require.NotNil(t, r)
		if err == nil {
			require.Equal(t, "x", gold.Answered(r, "x").Response())
			require.Len(t, gold.Answered(r, "x").Prompt(), len(r.Messages))
		}
		for _, spec := range []string{"graders: {a: {type: exact, reference: \"\", find: [boxed, 'json:/a', code, 'regex:x(.*)y']}}"} {
			for _, answer := range gold.FormsOf(open(t, spec)).Answers(r) {
				require.NotEmpty(t, answer)
			}
		}
	})
}
