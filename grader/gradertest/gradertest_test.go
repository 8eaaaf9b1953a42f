package gradertest_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/gradertest"
)

type echoOptions struct {
	Fold   bool    `json:"fold" doc:"compare without regard to case"`
	Credit float64 `json:"credit" doc:"what a right answer earns"`
}

// echo compares the whole answer with the reference. The hooks break a rule.
type echo struct {
	opts  echoOptions
	after func(r *grader.Rollout, res grader.Result, err error) (grader.Result, error)
}

func (e echo) Grade(ctx context.Context, r *grader.Rollout) (grader.Result, error) {
	res, err := e.grade(r)
	if e.after != nil {
		return e.after(r, res, err)
	}
	return res, err
}

func (e echo) grade(r *grader.Rollout) (grader.Result, error) {
	ref, err := r.Lookup(grader.Pointer{})
	if err != nil {
		return grader.Result{}, err
	}
	want, err := ref.Text()
	if err != nil {
		return grader.Result{}, err
	}
	got := r.Response()
	if got == want || e.opts.Fold && strings.EqualFold(got, want) {
		return grader.Result{Score: e.opts.Credit, Found: got, Reason: "equal"}, nil
	}
	return grader.Result{Found: got, Reason: "not equal"}, nil
}

func echoKind(after func(r *grader.Rollout, res grader.Result, err error) (grader.Result, error)) *grader.Kind {
	return grader.Define("echo", "Echo compares the whole answer.", echoOptions{Credit: 1},
		func(_ *grader.Env, o echoOptions) (grader.Grader, error) { return echo{o, after}, nil })
}

// record is a gradertest.T that keeps what is reported.
type record struct{ reports []string }

func (r *record) Helper() {}
func (r *record) Errorf(f string, args ...any) {
	r.reports = append(r.reports, fmt.Sprintf(f, args...))
}
func (r *record) Fatalf(f string, args ...any) { r.Errorf(f, args...) }
func (r *record) String() string               { return strings.Join(r.reports, "\n") }

func TestGoodGraderPasses(t *testing.T) {
	gradertest.Run(t, echoKind(nil), "testdata/echo")
}

func TestBrokenRulesAreNamed(t *testing.T) {
	var calls atomic.Int64
	var mu sync.Mutex
	for _, c := range []struct {
		name  string
		after func(r *grader.Rollout, res grader.Result, err error) (grader.Result, error)
		want  string
	}{
		{"panics on a long answer", func(r *grader.Rollout, res grader.Result, err error) (grader.Result, error) {
			if len(r.Response()) > 1000 {
				panic("too long")
			}
			return res, err
		}, "does not panic"},
		{"scores NaN", func(_ *grader.Rollout, res grader.Result, err error) (grader.Result, error) {
			res.Score = math.NaN()
			return res, err
		}, "are finite"},
		{"a metric without a name", func(_ *grader.Rollout, res grader.Result, err error) (grader.Result, error) {
			res.Metrics = append(res.Metrics, grader.Measure("", 1))
			return res, err
		}, "are finite, named"},
		{"looks at the id", func(r *grader.Rollout, res grader.Result, err error) (grader.Result, error) {
			res.Reason += r.ID
			return res, err
		}, "not on its ID"},
		{"remembers what it graded", func(r *grader.Rollout, res grader.Result, err error) (grader.Result, error) {
			res.Reason = fmt.Sprint(calls.Add(1))
			return res, err
		}, "what was graded before"},
		{"changes the rollout", func(r *grader.Rollout, res grader.Result, err error) (grader.Result, error) {
			mu.Lock()
			defer mu.Unlock()
			r.Messages[0].Role = "changed"
			return res, err
		}, "Grade does not change it"},
		{"gives no reason", func(_ *grader.Rollout, res grader.Result, err error) (grader.Result, error) {
			res.Reason = ""
			return res, err
		}, "a zero Score has a Reason"},
		{"pays for an empty answer", func(r *grader.Rollout, res grader.Result, err error) (grader.Result, error) {
			if strings.TrimSpace(r.Response()) == "" && err == nil {
				res.Score = 1
			}
			return res, err
		}, "says nothing earns nothing"},
		{"fails for a wrong answer", func(_ *grader.Rollout, res grader.Result, err error) (grader.Result, error) {
			if err == nil && res.Score == 0 {
				return res, grader.Permanentf("wrong")
			}
			return res, err
		}, "wrong with the answer belongs in the Result"},
		{"an error without a type", func(_ *grader.Rollout, res grader.Result, err error) (grader.Result, error) {
			if err != nil {
				err = errors.New("some fault")
			}
			return res, err
		}, "says whose fault it is"},
		{"quotes the answer", func(r *grader.Rollout, res grader.Result, err error) (grader.Result, error) {
			if err == nil && res.Score == 0 {
				err = grader.Dataf("", "cannot use %s", r.Response())
			}
			return res, err
		}, "never quotes"},
		{"scores malformed data", func(_ *grader.Rollout, res grader.Result, err error) (grader.Result, error) {
			return res, nil
		}, "never a score"},
		{"pays a wrong answer", func(_ *grader.Rollout, res grader.Result, err error) (grader.Result, error) {
			res.Score = 1
			return res, err
		}, "a wrong one earns 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got record
			gradertest.Run(&got, echoKind(c.after), "testdata/echo")
			require.Contains(t, got.String(), c.want)
		})
	}
}

// late ignores its context until it is released.
type late struct{ release chan struct{} }

func (l late) Grade(ctx context.Context, r *grader.Rollout) (grader.Result, error) {
	if ctx.Err() != nil {
		<-l.release
	}
	return echo{opts: echoOptions{Credit: 1, Fold: true}}.grade(r)
}

func TestIgnoredContextIsNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := late{make(chan struct{})}
		defer close(l.release)
		kind := grader.Define("late", "Late ignores its context.", struct{}{},
			func(*grader.Env, struct{}) (grader.Grader, error) { return l, nil })
		var got record
		gradertest.Run(&got, kind, "testdata/late")
		require.Contains(t, got.String(), "must return soon after ctx is done")
	})
}

// pair ranks a group: by place, which breaks the rule, or by content.
type pair struct {
	echo
	byPlace bool
}

func (p pair) GradeBatch(ctx context.Context, rs []*grader.Rollout) ([]grader.Result, []error) {
	results, errs := make([]grader.Result, len(rs)), make([]error, len(rs))
	for i, r := range rs {
		results[i], errs[i] = p.grade(r)
		if p.byPlace && i == 0 && errs[i] == nil {
			results[i].Score, results[i].Reason = 1, "first"
		}
	}
	return results, errs
}

func TestBatchGraders(t *testing.T) {
	kind := func(byPlace bool) *grader.Kind {
		return grader.Define("pair", "Pair ranks.", echoOptions{Credit: 1},
			func(_ *grader.Env, o echoOptions) (grader.Grader, error) { return pair{echo{opts: o}, byPlace}, nil })
	}
	gradertest.Run(t, kind(false), "testdata/echo")
	var got record
	gradertest.Run(&got, kind(true), "testdata/echo")
	require.Contains(t, got.String(), "when the rollouts are permuted")
}

func TestMissingFilesAreNamed(t *testing.T) {
	var got record
	gradertest.Run(&got, echoKind(nil), t.TempDir())
	for _, file := range []string{gradertest.FullFile, gradertest.ZeroFile, gradertest.MalformedFile} {
		require.Contains(t, got.String(), file+" is missing")
	}
}

// TestScores shows that a wrong score, options and rollouts that cannot be read, and a
// file without cases are reported, each with its line.
func TestScores(t *testing.T) {
	file := func(text string) string {
		path := filepath.Join(t.TempDir(), "values.jsonl")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	line := func(id, answer, more string) string {
		return fmt.Sprintf(`{"id":%q,"messages":[{"role":"user","content":"q"},{"role":"assistant","content":%q}],"reference_answer":"Oslo"%s}`+"\n", id, answer, more)
	}
	gradertest.Scores(t, echoKind(nil), file(line("a", "Oslo", "")+line("b", "Rome", `,"score":0`)+line("c", "oslo", `,"options":{"fold":true}`)+line("d", "Oslo", `,"options":{"credit":0.5},"score":0.5`)))

	var got record
	gradertest.Scores(&got, echoKind(nil), file(line("a", "Rome", "")+line("b", "Oslo", `,"options":{"fuld":true}`)+`{"id":"c","messages":7}`+"\n"))
	require.Len(t, got.reports, 3)
	require.Contains(t, got.reports[0], "values.jsonl:1 a: scores 0 and not 1: not equal")
	require.Contains(t, got.reports[1], "values.jsonl:2 b: the options: ")
	require.Contains(t, got.reports[2], "values.jsonl:3 c: the rollout cannot be read: ")

	for name, path := range map[string]string{"empty": file(""), "missing": filepath.Join(t.TempDir(), "none.jsonl")} {
		t.Run(name, func(t *testing.T) {
			var got record
			gradertest.Scores(&got, echoKind(nil), path)
			require.Len(t, got.reports, 1)
		})
	}
}
