package workbench_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/workbench"
	"github.com/rftgrader/rftgrader/graders"
	"github.com/rftgrader/rftgrader/testdata"
)

// rft runs the program with kinds of the test.
type rft struct {
	stdout, stderr bytes.Buffer
	code           int
}

func run(ctx context.Context, stdin io.Reader, kinds []*grader.Kind, args ...string) *rft {
	r := &rft{}
	r.code = workbench.Run(ctx, args, stdin, &r.stdout, &r.stderr, kinds...)
	return r
}

// specFile writes a spec of one grader without options.
func specFile(t testing.TB, kind string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "grader.yaml")
	require.NoError(t, os.WriteFile(path, []byte("version: 1\ngraders:\n  it: {type: "+kind+"}\n"), 0o666))
	return path
}

// kindOf makes a kind without options of a function.
func kindOf(f grader.Func) *grader.Kind {
	return grader.Define("it", "A kind of one test.", struct{}{}, func(*grader.Env, struct{}) (grader.Grader, error) { return f, nil })
}

func rolloutLine(id, prompt, answer string) string {
	return fmt.Sprintf(`{"id":%q,"messages":[{"role":"user","content":%q},{"role":"assistant","content":%q}],"reference_answer":"x"}`+"\n", id, prompt, answer)
}

type resultLine struct {
	ID       string   `json:"id"`
	Score    *float64 `json:"aggregate_reward_score"`
	Reason   string   `json:"reason"`
	Ungraded *struct{ Class, Cause, Place string }
}

func readResults(t *testing.T, b []byte) []resultLine {
	t.Helper()
	var out []resultLine
	for line := range bytes.Lines(b) {
		var r resultLine
		require.NoError(t, json.Unmarshal(line, &r))
		out = append(out, r)
	}
	return out
}

func TestFaultyKindsAreRefused(t *testing.T) {
	r := run(t.Context(), nil, []*grader.Kind{word, word}, "version")
	require.Equal(t, 2, r.code)
	require.Contains(t, r.stderr.String(), `rft: the program's kinds: kind "word": two kinds have this name`)
}

// lines makes rollouts while they are read.
type lines struct {
	n, left int
	line    func(i int) string
	rest    string
}

func (l *lines) Read(b []byte) (int, error) {
	if l.rest == "" {
		if l.left == 0 {
			return 0, io.EOF
		}
		l.rest = l.line(l.n)
		l.n++
		l.left--
	}
	n := copy(b, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}

func TestResultsKeepTheOrderOfTheInput(t *testing.T) {
	const rollouts = 1500
	ended := make([]chan struct{}, rollouts/2)
	for i := range ended {
		ended[i] = make(chan struct{})
	}
	it := kindOf(func(_ context.Context, r *grader.Rollout) (grader.Result, error) {
		// The first of each two ends behind the second.
		n, err := strconv.Atoi(r.Response())
		if err != nil {
			return grader.Result{}, err
		}
		if n%2 == 0 {
			<-ended[n/2]
		} else {
			close(ended[n/2])
		}
		return grader.Result{Reason: r.Response()}, nil
	})
	input := &lines{left: rollouts, line: func(i int) string { return rolloutLine(fmt.Sprint(i), "p", fmt.Sprint(i)) }}
	r := run(t.Context(), input, []*grader.Kind{it}, "grade", "--quiet", "--spec", specFile(t, "it"), "--out", "-", "-")
	require.Zero(t, r.code, r.stderr.String())
	results := readResults(t, r.stdout.Bytes())
	require.Len(t, results, rollouts)
	for i, res := range results {
		require.Equal(t, fmt.Sprint(i), res.ID)
		require.Equal(t, fmt.Sprint(i), res.Reason)
	}
}

func TestInterruptionKeepsWhatWasGraded(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	it := kindOf(func(ctx context.Context, r *grader.Rollout) (grader.Result, error) {
		switch r.Response() {
		case "fails":
			return grader.Result{}, grader.Permanentf("access denied")
		case "900":
			interrupt()
			<-ctx.Done()
			return grader.Result{}, ctx.Err()
		}
		return grader.Result{Score: 1}, nil
	})
	input := &lines{left: 2000, line: func(i int) string {
		if i == 3 {
			return rolloutLine("3", "p", "fails")
		}
		return rolloutLine(fmt.Sprint(i), "p", fmt.Sprint(i))
	}}
	out := filepath.Join(t.TempDir(), "results.jsonl")
	r := run(ctx, input, []*grader.Kind{it}, "grade", "--spec", specFile(t, "it"), "--concurrency", "1", "--format", "json", "--fail-under", "0.5", "--out", out, "-")
	require.Equal(t, 2, r.code)
	require.Contains(t, r.stderr.String(), "rft: interrupted after 900 rollouts; their results are in "+out)

	var s struct {
		Complete bool
		Rollouts int
		Graded   int
		Ungraded map[string]int
	}
	require.NoError(t, json.Unmarshal(r.stdout.Bytes(), &s))
	require.False(t, s.Complete)
	require.Equal(t, 900, s.Rollouts)
	require.Equal(t, 899, s.Graded)
	require.Equal(t, map[string]int{"total": 1, "data": 0, "transient": 0, "permanent": 1, "deadline": 0}, s.Ungraded, "what was not reached is no deadline")

	b, err := os.ReadFile(out)
	require.NoError(t, err)
	results := readResults(t, b)
	require.Len(t, results, 900)
	require.Equal(t, "899", results[899].ID)
	require.Equal(t, "permanent", results[3].Ungraded.Class)
}

func TestInterruptionOfASilentStandardInput(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	stdin, person := io.Pipe()
	defer person.Close()
	out := filepath.Join(t.TempDir(), "results.jsonl")
	done := make(chan *rft, 1)
	spec := specFile(t, "word")
	go func() { done <- run(ctx, stdin, testKinds(), "grade", "--spec", spec, "--out", out, "-") }()
	// The write ends when the program has read it; then it waits for more.
	_, err := io.WriteString(person, rolloutLine("a", "p", "x"))
	require.NoError(t, err)
	interrupt()
	r := <-done
	require.Equal(t, 2, r.code)
	require.Equal(t, "rft: interrupted before the first rollout was graded\n", r.stderr.String())
	files, err := os.ReadDir(filepath.Dir(out))
	require.NoError(t, err)
	require.Empty(t, files, "nothing was graded, so there is no file")
}

func TestStandardInputFails(t *testing.T) {
	it := io.MultiReader(strings.NewReader(rolloutLine("a", "p", "x")), iotest.ErrReader(errors.New("the cable is out")))
	r := run(t.Context(), it, testKinds(), "grade", "--spec", specFile(t, "word"), "-")
	require.Equal(t, 2, r.code)
	require.Contains(t, r.stdout.String(), "1 graded, 0 ungraded")
	require.Equal(t, "rft: standard input: the cable is out; the summary is that of the 1 rollout before\n", r.stderr.String())
}

// failingWriter fails from some byte on, as a full disk does.
type failingWriter struct{ left int }

func (w *failingWriter) Write(b []byte) (int, error) {
	if len(b) > w.left {
		return 0, errors.New("no space left on device")
	}
	w.left -= len(b)
	return len(b), nil
}

func TestOutputFails(t *testing.T) {
	for name, args := range map[string][]string{
		"summary": {"--quiet"},
		"results": {"--quiet", "--out", "-"},
	} {
		t.Run(name, func(t *testing.T) {
			var stderr bytes.Buffer
			args := append([]string{"grade", "--spec", specFile(t, "word"), "-"}, args...)
			code := workbench.Run(t.Context(), args, strings.NewReader(rolloutLine("a", "p", "x")), &failingWriter{}, &stderr, testKinds()...)
			require.Equal(t, 2, code)
			require.Contains(t, stderr.String(), "no space left on device")
		})
	}
}

func TestGroupsStayTogetherOverChunks(t *testing.T) {
	// 7 does not divide the number of rollouts that are graded at once.
	input := &lines{left: 3500, line: func(i int) string {
		if i%7 == 3 {
			return "damage in the middle of a group\n"
		}
		return rolloutLine(fmt.Sprint(i), fmt.Sprintf("prompt %d", i/7), strings.Repeat("x", i%7))
	}}
	r := run(t.Context(), input, testKinds(), "grade", "--spec", specFile(t, "rank"), "--out", "-", "-")
	require.Zero(t, r.code)
	require.NotContains(t, r.stderr.String(), "graded in parts")
	results := readResults(t, r.stdout.Bytes())
	require.Len(t, results, 3500)
	for i, res := range results {
		if i%7 == 3 {
			require.Equal(t, "data", res.Ungraded.Class)
			require.Equal(t, fmt.Sprintf("standard input:%d", i+1), res.Ungraded.Place)
			continue
		}
		require.Equal(t, "one of 6", res.Reason, "rollout %d", i)
	}
}

func TestGroupsThatCannotStayTogetherAreTold(t *testing.T) {
	t.Run("apart in the file", func(t *testing.T) {
		input := &lines{left: 1000, line: func(i int) string {
			return rolloutLine(fmt.Sprint(i), fmt.Sprintf("prompt %d", i%500), strings.Repeat("x", i))
		}}
		r := run(t.Context(), input, testKinds(), "grade", "--spec", specFile(t, "rank"), "-")
		require.Zero(t, r.code)
		require.Contains(t, r.stderr.String(), "warning: the rollouts of 488 prompts do not stand together")
	})
	t.Run("too many", func(t *testing.T) {
		most := 0
		var mu sync.Mutex
		it := grader.Define("it", "A kind of one test.", struct{}{}, func(*grader.Env, struct{}) (grader.Grader, error) {
			return groupSize(func(n int) {
				mu.Lock()
				defer mu.Unlock()
				most = max(most, n)
			}), nil
		})
		input := &lines{left: 10_000, line: func(i int) string { return rolloutLine(fmt.Sprint(i), "one prompt", fmt.Sprint(i)) }}
		r := run(t.Context(), input, []*grader.Kind{it}, "grade", "--spec", specFile(t, "it"), "-")
		require.Zero(t, r.code)
		require.Contains(t, r.stderr.String(), "warning: the rollouts of 1 prompt do not stand together, or are too many")
		require.Equal(t, 8192, most)
	})
}

// groupSize tells the size of each group.
type groupSize func(int)

func (g groupSize) Grade(context.Context, *grader.Rollout) (grader.Result, error) {
	return grader.Result{}, nil
}

func (g groupSize) GradeBatch(_ context.Context, rs []*grader.Rollout) ([]grader.Result, []error) {
	g(len(rs))
	return make([]grader.Result, len(rs)), make([]error, len(rs))
}

func TestEqualRolloutsAreGradedOnceOverChunks(t *testing.T) {
	var calls atomic.Int64
	it := kindOf(func(context.Context, *grader.Rollout) (grader.Result, error) {
		calls.Add(1)
		return grader.Result{}, nil
	})
	input := &lines{left: 5000, line: func(i int) string { return rolloutLine(fmt.Sprint(i), "p", fmt.Sprint(i%1000)) }}
	r := run(t.Context(), input, []*grader.Kind{it}, "grade", "--format", "json", "--spec", specFile(t, "it"), "-")
	require.Zero(t, r.code)
	require.Contains(t, r.stdout.String(), `"equal_rollouts": 4000,`)
	require.EqualValues(t, 1000, calls.Load())
}

func TestRewardsBeyondEverySum(t *testing.T) {
	it := kindOf(func(_ context.Context, r *grader.Rollout) (grader.Result, error) {
		score, err := strconv.ParseFloat(r.Response(), 64)
		return grader.Result{Score: score}, err
	})
	input := rolloutLine("a", "p", "1.7e308") + rolloutLine("b", "p", "1.6e308") + rolloutLine("c", "p", "-1.7e308")
	spec := specFile(t, "it")
	r := run(t.Context(), strings.NewReader(input), []*grader.Kind{it}, "grade", "--format", "json", "--fail-under", "0", "--spec", spec, "-")
	require.Equal(t, 1, r.code, "a mean that is no number passes no gate")
	require.True(t, json.Valid(r.stdout.Bytes()), r.stdout.String())
	require.Contains(t, r.stdout.String(), `"mean": null,`)
	require.Contains(t, r.stdout.String(), `"min": -1.7e+308,`)
	r = run(t.Context(), strings.NewReader(input), []*grader.Kind{it}, "grade", "--spec", spec, "-")
	require.Zero(t, r.code)
	require.Contains(t, r.stdout.String(), "too large")
}

func TestTextOfOthersDrivesNoTerminal(t *testing.T) {
	line := `{"id":"\u009b31m` + "\u009b31m" + strings.Repeat("long ", 100) + `","messages":[{"role":"assistant","content":"x"}]}`
	r := run(t.Context(), strings.NewReader(line), testKinds(), "grade", "--quiet", "--spec", specFile(t, "word"), "-")
	require.Equal(t, 2, r.code)
	require.Contains(t, r.stdout.String(), `id "\u009b31m`+"\uFFFD31mlong")
	require.NotContains(t, r.stdout.String(), "\u009b")
	for line := range strings.Lines(r.stdout.String()) {
		require.Less(t, len(line), 200)
	}
}

func TestMemoryDoesNotGrowWithTheInput(t *testing.T) {
	for name, flags := range map[string][]string{
		"plain":   {"--out", "results.jsonl"},
		"watched": {"--where", "score == 1 && length > 10", "--label", `id != "7"`, "--out", "report.html"},
	} {
		t.Run(name, func(t *testing.T) { memory(t, flags) })
	}
}

// memory grades an input of 30 MB with little memory.
func memory(t *testing.T, flags []string) {
	t.Helper()
	const rollouts = 15_000
	answer := strings.Repeat("a long way to the answer ", 80)
	var n atomic.Int64
	var most atomic.Uint64
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap() // what the tests before this one have left
	it := kindOf(func(_ context.Context, r *grader.Rollout) (grader.Result, error) {
		if n.Add(1)%2500 == 0 {
			most.Store(max(most.Load(), heap()))
		}
		return grader.Result{Score: 1, Found: r.Response()[:20], Reason: "as it is"}, nil
	})
	flags[len(flags)-1] = filepath.Join(t.TempDir(), flags[len(flags)-1])
	input := &lines{left: rollouts, line: func(i int) string {
		return rolloutLine(fmt.Sprint(i), fmt.Sprintf("prompt %d", i/4), fmt.Sprintf("%s %d", answer, i))
	}}
	r := run(t.Context(), input, []*grader.Kind{it}, append([]string{"grade", "--quiet", "--format", "json", "--spec", specFile(t, "it"), "-"}, flags...)...)
	require.Zero(t, r.code, r.stderr.String())
	require.Contains(t, r.stdout.String(), `"groups": 3750,`)
	require.Less(t, most.Load(), before+20<<20, "of an input of %d MB, and %d bytes before", rollouts*(len(answer)+150)>>20, before)
	t.Logf("%d bytes above %d", most.Load()-before, before)
}

func TestSampleRollouts(t *testing.T) {
	for _, tc := range []struct{ spec, rollouts string }{
		{"gsm8k", "arithmetic"},
		{"capitals", "capitals"},
		{"reviews", "reviews"},
	} {
		t.Run(tc.rollouts, func(t *testing.T) {
			r := run(t.Context(), nil, graders.All, "grade", "--quiet", "--format", "json",
				"--spec", testdata.Path("specs", tc.spec+".yaml"), testdata.Path("rollouts", tc.rollouts+".jsonl"))
			require.Zero(t, r.code, r.stderr.String())
			var s struct {
				Complete bool
				Graded   int
				Reward   struct{ Min, Max float64 }
				Groups   struct{ Groups, Flat int }
			}
			require.NoError(t, json.Unmarshal(r.stdout.Bytes(), &s))
			require.True(t, s.Complete)
			require.GreaterOrEqual(t, s.Graded, 10)
			require.Zero(t, s.Reward.Min)
			require.Equal(t, 1., s.Reward.Max)
			require.Greater(t, s.Groups.Groups, s.Groups.Flat, "some prompts teach something")
		})
	}
}

func TestSharedGSM8K(t *testing.T) {
	r := run(t.Context(), nil, graders.All, "grade", "--quiet", "--format", "json",
		"--spec", testdata.Path("specs", "gsm8k.yaml"), testdata.Shared(t, "data", "rollouts_gsm8k.jsonl"))
	require.Zero(t, r.code, r.stderr.String())
	require.Contains(t, r.stdout.String(), `"rollouts": 5276,`)
	require.Contains(t, r.stdout.String(), `"groups": 1319,`)
}

// BenchmarkGrade is the whole way of rollouts of some 2 KB, from the file to the
// results. The number of rollouts is to change nothing for each of them.
func BenchmarkGrade(b *testing.B) {
	for _, rollouts := range []int{5000, 100_000} {
		b.Run(fmt.Sprint(rollouts), func(b *testing.B) { benchmarkGrade(b, rollouts) })
	}
}

func benchmarkGrade(b *testing.B, rollouts int) {
	folder := b.TempDir()
	file := filepath.Join(folder, "rollouts.jsonl")
	reasoning := strings.Repeat("From the text we know how many there are, so we carry on.\n", 25)
	var text bytes.Buffer
	for i := range rollouts {
		text.WriteString(rolloutLine(fmt.Sprint(i), fmt.Sprintf("How many are %d and one? %s", i/4, reasoning[:500]), fmt.Sprintf("%sThe answer is \\boxed{%d}", reasoning, i%3+i/4)))
	}
	rows := bytes.ReplaceAll(text.Bytes(), []byte(`"reference_answer":"x"`), []byte(`"reference_answer":1`))
	require.NoError(b, os.WriteFile(file, rows, 0o666))
	spec := specFile(b, "numeric")
	b.SetBytes(int64(len(rows)))
	b.ReportAllocs()
	for b.Loop() {
		r := run(b.Context(), nil, graders.All, "grade", "--quiet", "--spec", spec, "--out", filepath.Join(folder, "out"), file)
		if r.code != 0 {
			b.Fatal(r.stderr.String())
		}
	}
	b.ReportMetric(float64(rollouts)*float64(b.N)/b.Elapsed().Seconds(), "rollouts/s")
}
