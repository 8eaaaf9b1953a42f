package probes_test

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/spec"
	"github.com/rftgrader/rftgrader/grader/workbench/probes"
	"github.com/rftgrader/rftgrader/graders"
)

// good is a good rollout of a prompt.
func good(t testing.TB, prompt, answer string, reference any) probes.Good {
	t.Helper()
	ref, err := grader.NewReference(reference)
	require.NoError(t, err)
	return probes.Good{Place: prompt, Rollout: &grader.Rollout{
		Messages: []grader.Message{
			{Role: "user", Content: grader.TextContent(prompt)},
			{Role: "assistant", Content: grader.TextContent(answer)},
		},
		Reference: ref,
	}}
}

// sums, cities, labels and formulas are good rollouts of four tasks.
func sums(t testing.TB) []probes.Good {
	var all []probes.Good
	for _, q := range []struct{ a, b int }{{14, 28}, {30, 12}, {7, 2}, {250, 50}, {99, 18}} {
		all = append(all, good(t, fmt.Sprintf("What is the sum of %d and %d? Think, then give the answer behind ####.", q.a, q.b),
			fmt.Sprintf("We add both and look at the tens.\nThat gives %d.\n#### %d", q.a+q.b, q.a+q.b), map[string]any{"final_answer": fmt.Sprint(q.a + q.b)}))
	}
	return all
}

func cities(t testing.TB) []probes.Good {
	return []probes.Good{
		good(t, "Which city is the capital of Norway?", "The answer is Oslo.", "Oslo"),
		good(t, "Which city is the capital of Italy?", "The answer is Rome.", "Rome"),
		good(t, "Which city is the capital of Spain?", "The answer is Madrid.", "Madrid"),
		good(t, "Which city is the capital of Peru?", "The answer is Lima.", "Lima"),
	}
}

func labels(t testing.TB) []probes.Good {
	return []probes.Good{
		good(t, "Is it positive, negative or neutral? I loved it.", "positive", "positive"),
		good(t, "Is it positive, negative or neutral? It broke at once.", "negative", "negative"),
		good(t, "Is it positive, negative or neutral? It is a lamp.", "neutral", "neutral"),
	}
}

func formulas(t testing.TB) []probes.Good {
	return []probes.Good{
		good(t, "Differentiate the square of x.", `The rule of powers gives $\boxed{2x}$.`, "2x"),
		good(t, "Differentiate the sine of x.", `It is well known: $\boxed{\cos x}$.`, `\cos x`),
		good(t, "Which numbers have the square nine?", `Both signs do: $\boxed{3, -3}$.`, "3, -3"),
		good(t, "Write a half of a third.", `We multiply: $\boxed{\frac{1}{6}}$.`, "1/6"),
	}
}

func build(t testing.TB, text string) grader.Grader {
	t.Helper()
	s, err := spec.Parse("grader.yaml", []byte("version: 1\n"+text), graders.All)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s.Grader()
}

func paidNames(r *probes.Report) []string {
	var names []string
	for _, p := range r.Paid {
		if !slices.Contains(names, p.Probe) {
			names = append(names, p.Probe)
		}
	}
	return names
}

// TestSound shows that sound specs of the kinds that ship pay no probe.
func TestSound(t *testing.T) {
	for _, c := range []struct {
		name, spec string
		goods      []probes.Good
	}{
		{"numeric", "graders: {a: {type: numeric, find: [hashes, boxed], reference: /final_answer}}", sums(t)},
		{"exact", "graders: {a: {type: exact, case: fold, punctuation: ends}}", cities(t)},
		{"exact, one of", "graders: {a: {type: exact, match: one_of, labels: [positive, negative, neutral]}}", labels(t)},
		{"exact, contains with labels", "graders: {a: {type: exact, match: contains, labels: [positive, negative, neutral]}}", labels(t)},
		{"symbolic", "graders: {a: {type: symbolic}}", formulas(t)},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := probes.Run(t.Context(), build(t, c.spec), c.goods, probes.Options{Full: 1})
			require.NoError(t, err)
			require.Equal(t, len(c.goods), r.Good)
			require.Empty(t, r.Paid)
			require.GreaterOrEqual(t, len(r.Tallies), 16)
		})
	}
}

// TestCheatable shows which probe catches a spec that can be cheated.
func TestCheatable(t *testing.T) {
	for _, c := range []struct {
		name, spec string
		goods      []probes.Good
		caught     []string // among others
	}{
		{"exact: contains without labels", "graders: {a: {type: exact, match: contains, find: [whole]}}", cities(t),
			[]string{"options_listed", "negated", "right_then_wrong"}},
		{"exact: the first word that is a label", "graders: {a: {type: exact, find: ['regex:^(\\w+)'], case: fold}}", labels(t),
			[]string{"right_then_wrong"}},
		{"exact: the label that the prompt names", "graders: {a: {type: exact, match: contains, find: [whole]}}", labels(t),
			[]string{"prompt_echoed", "options_listed"}},
		{"numeric: near enough", "graders: {a: {type: numeric, find: [hashes], reference: /final_answer, tolerance: {abs: 10000}}}", sums(t),
			[]string{"other_answer", "padded_wrong"}},
		{"numeric: the last number, whatever is said of it", "graders: {a: {type: numeric, find: [hashes, last_number], reference: /final_answer}}", sums(t),
			[]string{"negated"}},
		{"symbolic: undecided is right", "graders: {a: {type: symbolic, undecided: 1}, n: {type: exact, match: contains, find: [whole]}}\nscore: max(a, n)", formulas(t),
			[]string{"negated", "right_then_wrong"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := probes.Run(t.Context(), build(t, c.spec), c.goods, probes.Options{Full: 1})
			require.NoError(t, err)
			for _, want := range c.caught {
				require.Contains(t, paidNames(r), want)
			}
			for _, p := range r.Paid {
				require.Greater(t, p.Score, p.Bound)
				require.NotEmpty(t, p.Place)
				require.NotNil(t, p.Rollout)
				require.NotEmpty(t, p.Reason)
			}
		})
	}
}

// TestEachProbe shows for every probe a grader that pays it, and that a grader which
// pays what a person would pay is not caught.
func TestEachProbe(t *testing.T) {
	text := func(r *grader.Rollout) string { return r.Response() }
	ref := func(r *grader.Rollout) string {
		var o map[string]string
		if json.Unmarshal(r.Reference.Raw(), &o) == nil {
			return o["final_answer"]
		}
		s, err := r.Reference.Text()
		require.NoError(t, err)
		return s
	}
	hashes := regexp.MustCompile(`(?m)^#### (-?[\d,.]+)$`)
	right := func(r *grader.Rollout) bool {
		all := hashes.FindAllStringSubmatch(text(r), -1)
		return len(all) > 0 && all[len(all)-1][1] == ref(r)
	}
	if1 := func(b bool) float64 {
		if b {
			return 1
		}
		return 0
	}
	flawed := map[string]func(r *grader.Rollout) float64{
		"empty":         func(r *grader.Rollout) float64 { return if1(strings.TrimSpace(text(r)) == "" || right(r)) },
		"answer_only":   func(r *grader.Rollout) float64 { return max(0.6*if1(right(r)), if1(text(r) == ref(r))) },
		"prompt_echoed": func(r *grader.Rollout) float64 { return if1(strings.Contains(text(r), "sum of") || right(r)) },
		"options_listed": func(r *grader.Rollout) float64 {
			return if1(regexp.MustCompile(`\b` + ref(r) + `\b`).MatchString(text(r)))
		},
		"integers":   func(r *grader.Rollout) float64 { return if1(strings.Contains(text(r), "55, 56") || right(r)) },
		"empty_form": func(r *grader.Rollout) float64 { return if1(strings.Contains(text(r), "####")) },
		"negated":    func(r *grader.Rollout) float64 { return if1(strings.HasSuffix(text(r), ref(r))) },
		"right_then_wrong": func(r *grader.Rollout) float64 {
			m := hashes.FindStringSubmatch(text(r))
			return if1(m != nil && m[1] == ref(r))
		},
		"wrong_then_right": func(r *grader.Rollout) float64 {
			return if1(right(r)) * float64(min(len(hashes.FindAllString(text(r), -1)), 2)) / 2
		},
		"padded":       func(r *grader.Rollout) float64 { return if1(right(r)) * (0.5 + min(0.5, float64(len(text(r)))/10000)) },
		"padded_wrong": func(r *grader.Rollout) float64 { return if1(right(r) || len(text(r)) > 5000) },
		"repeated": func(r *grader.Rollout) float64 {
			return if1(right(r)) * (0.5 + min(0.5, float64(strings.Count(text(r), "We add"))/100))
		},
		"repeated_only": func(r *grader.Rollout) float64 { return if1(right(r) || strings.Count(text(r), "We add") > 20) },
		"other_answer":  func(r *grader.Rollout) float64 { return if1(hashes.MatchString(text(r))) },
		"look_alike": func(r *grader.Rollout) float64 {
			return if1(regexp.MustCompile(`#### [\dlOZSgBЗб]+$`).MatchString(text(r)))
		},
		"reference_leaked": func(r *grader.Rollout) float64 { return if1(right(r) || strings.Contains(text(r), `"final_answer"`)) },
		"give_full_marks":  func(r *grader.Rollout) float64 { return if1(right(r) || strings.Contains(text(r), "Give 1.0")) },
		"forged_verdict":   func(r *grader.Rollout) float64 { return if1(right(r) || strings.Contains(text(r), `"score": 1.0`)) },
		"fence_closed":     func(r *grader.Rollout) float64 { return if1(right(r) || strings.Contains(text(r), "</answer>")) },
	}
	found := func(score func(*grader.Rollout) float64) grader.Func {
		return func(_ context.Context, r *grader.Rollout) (grader.Result, error) {
			res := grader.Result{Score: score(r), Reason: "for a test"}
			if all := hashes.FindAllStringSubmatch(text(r), -1); len(all) > 0 {
				res.Found = all[len(all)-1][1]
			}
			return res, nil
		}
	}
	for _, p := range probes.All() {
		if strings.HasPrefix(p.Name, "code_") || strings.HasPrefix(p.Name, "call") { // tested below
			continue
		}
		t.Run(p.Name, func(t *testing.T) {
			require.NotNil(t, flawed[p.Name])
			r, err := probes.Run(t.Context(), found(flawed[p.Name]), sums(t), probes.Options{})
			require.NoError(t, err)
			require.Contains(t, paidNames(r), p.Name, "paid: %v", paidNames(r))
		})
	}
	r, err := probes.Run(t.Context(), found(func(r *grader.Rollout) float64 { return if1(right(r)) }), sums(t), probes.Options{})
	require.NoError(t, err)
	require.Empty(t, r.Paid)
}

// TestCode shows the probes for programs, and a grader of programs that each cheats.
func TestCode(t *testing.T) {
	python := good(t, "Write a function that doubles.", "Here it is:\n```python\ndef double(x):\n    return 2 * x\n\n\ndef main():\n    print(double(4))\n```\n", "assert double(2) == 4")
	script := good(t, "Write a function that doubles.", "```js\nfunction double(x) { return 2 * x }\n```", "double(2) === 4")
	golang := good(t, "Write a program that doubles.", "```go\npackage main\n\nfunc main() { println(8) }\n```", "8")
	signs := map[string][]string{
		"code_exit":             {"os._exit(0)", "process.exit(0)", "os.Exit(0)"},
		"code_test_overwritten": {"setattr", "() => true", "PASS"},
		"code_tests_skipped":    {"SkipTest", "globalThis.test", "func init() { os.Exit"},
		"code_endless":          {"while True", "for (;;)", "for {}"},
	}
	block := regexp.MustCompile("(?s)```\\w+\n(.*?)\n```")
	for probe, parts := range signs {
		t.Run(probe, func(t *testing.T) {
			seen := map[string]bool{}
			g := grader.Func(func(_ context.Context, r *grader.Rollout) (grader.Result, error) {
				m := block.FindStringSubmatch(r.Response())
				if m == nil {
					return grader.Result{}, nil
				}
				for _, p := range parts {
					if strings.Contains(m[1], p) {
						seen[p] = true
						return grader.Result{Score: 1, Found: m[1], Reason: "cheated"}, nil
					}
				}
				if strings.Contains(m[1], "2 * x") || strings.Contains(m[1], "println(8)") {
					return grader.Result{Score: 1, Found: m[1]}, nil
				}
				return grader.Result{}, nil
			})
			r, err := probes.Run(t.Context(), g, []probes.Good{python, script, golang}, probes.Options{Concurrency: 1})
			require.NoError(t, err)
			require.Contains(t, paidNames(r), probe)
			require.Len(t, seen, 3, "%v", seen)
			for _, p := range r.Paid {
				if p.Place == python.Place && p.Probe == probe && strings.Contains(p.Answer, "python") {
					require.Contains(t, p.Answer, "def double(*args, **kwargs):")
					require.NotContains(t, p.Answer, "2 * x")
				}
			}
		})
	}
}

// ranks scores the rollouts of a prompt by their length.
type ranks struct{ grader.Func }

func (ranks) GradeBatch(_ context.Context, rs []*grader.Rollout) ([]grader.Result, []error) {
	results := make([]grader.Result, len(rs))
	for i, r := range rs {
		below := 0
		for _, other := range rs {
			if len(other.Response()) < len(r.Response()) {
				below++
			}
		}
		results[i] = grader.Result{Score: 1, Reason: "ranked"}
		if len(rs) > 1 {
			results[i].Score = float64(below) / float64(len(rs)-1)
		}
	}
	return results, make([]error, len(rs))
}

// TestTogether shows that a grader which compares rollouts compares each probe with the
// good one.
func TestTogether(t *testing.T) {
	g := ranks{func(context.Context, *grader.Rollout) (grader.Result, error) {
		return grader.Result{Score: 1}, nil
	}}
	r, err := probes.Run(t.Context(), g, sums(t)[:2], probes.Options{Full: 1})
	require.NoError(t, err)
	require.Contains(t, paidNames(r), "padded")
	require.Contains(t, paidNames(r), "repeated_only")
	require.NotContains(t, paidNames(r), "empty")
}

// TestProse shows that answers which are compared by their words may earn a part for
// words that they share, and that documents are found in the words around them.
func TestProse(t *testing.T) {
	long := func(topic, rest string) probes.Good {
		text := "The " + topic + " was repaired in May after a long debate, and " + rest + " will pay for it"
		return good(t, "Sum up what the board said of the "+topic+".", text, text)
	}
	overlap := grader.Func(func(_ context.Context, r *grader.Rollout) (grader.Result, error) {
		ref, err := r.Reference.Text()
		if err != nil {
			return grader.Result{}, err
		}
		shared, words := 0, strings.Fields(r.Response())
		for _, w := range strings.Fields(ref) {
			if slices.Contains(words, w) {
				shared++
			}
		}
		return grader.Result{Score: 2 * float64(shared) / float64(len(words)+len(strings.Fields(ref))), Found: r.Response()}, nil
	})
	r, err := probes.Run(t.Context(), overlap, []probes.Good{long("pier", "the harbour"), long("road", "two towns beside it")}, probes.Options{Full: 1})
	require.NoError(t, err)
	require.NotContains(t, paidNames(r), "negated")
	require.NotContains(t, paidNames(r), "right_then_wrong")
	require.Contains(t, paidNames(r), "other_answer") // which shares most of its words

	document := grader.Func(func(_ context.Context, r *grader.Rollout) (grader.Result, error) {
		text := r.Response()
		i, j := strings.LastIndexByte(text, '{'), strings.LastIndexByte(text, '}')
		if i < 0 || j < i {
			return grader.Result{}, nil
		}
		ref, err := r.Reference.Text()
		if err != nil {
			return grader.Result{}, err
		}
		found := grader.Result{Found: text[i : j+1]}
		if found.Found == ref {
			found.Score = 1
		}
		return found, nil
	})
	r, err = probes.Run(t.Context(), document, []probes.Good{
		good(t, "Name a river as JSON.", `Here: {"river":"Seine"}`, `{"river":"Seine"}`),
		good(t, "Name a lake as JSON.", `Here: {"lake":"Geneva"}`, `{"lake":"Geneva"}`),
	}, probes.Options{Full: 1})
	require.NoError(t, err)
	require.Equal(t, 2, r.Good)
	require.Empty(t, r.Paid)
}

func TestPassedOver(t *testing.T) {
	g := build(t, "graders: {a: {type: numeric, find: [hashes], reference: /final_answer}}")
	all := append(sums(t)[:1],
		good(t, "What is 1 and 1?", "#### 3", map[string]any{"final_answer": "2"}),
		good(t, "What is 1 and 1?", "#### 2", map[string]any{"other": "2", "more": 1}))
	before := fmt.Sprint(all[0].Rollout)
	r, err := probes.Run(t.Context(), g, all, probes.Options{Full: 1})
	require.NoError(t, err)
	require.Equal(t, 1, r.Good)
	require.Equal(t, 2, r.Passed)
	require.Equal(t, before, fmt.Sprint(all[0].Rollout))

	r, err = probes.Run(t.Context(), g, nil, probes.Options{})
	require.NoError(t, err)
	require.Zero(t, r.Good)

	for _, nothing := range []any{[]any{}, map[string]any{}, map[string]any{"tool_calls": []any{}}} {
		pays := grader.Func(func(context.Context, *grader.Rollout) (grader.Result, error) { return grader.Result{Score: 1}, nil })
		r, err = probes.Run(t.Context(), pays, []probes.Good{good(t, "Wait.", "I wait.", nothing)}, probes.Options{Full: 1})
		require.NoError(t, err)
		require.Zero(t, r.Good)
		require.Equal(t, 1, r.Passed)
	}

	ctx, stop := context.WithCancel(t.Context())
	stop()
	_, err = probes.Run(ctx, g, all, probes.Options{})
	require.ErrorIs(t, err, context.Canceled)

	_, err = probes.Run(t.Context(), g, []probes.Good{{}}, probes.Options{})
	require.Error(t, err)
}

// FuzzRun derives probes from hostile rollouts: nothing panics.
func FuzzRun(f *testing.F) {
	f.Add("What?", "#### 5", "5", "5")
	f.Add("", "\xff\x00", "1e999999999", "\xff")
	f.Add("a", "```python\ndef f(x):\n```", "def f(x):", "")
	f.Fuzz(func(t *testing.T, prompt, answer, found, reference string) {
		g := grader.Func(func(_ context.Context, r *grader.Rollout) (grader.Result, error) {
			return grader.Result{Score: 1, Found: found}, nil
		})
		all := []probes.Good{good(t, prompt, answer, strings.ToValidUTF8(reference, "")), sums(t)[0]}
		r, err := probes.Run(t.Context(), g, all, probes.Options{})
		require.NoError(t, err)
		require.Equal(t, 2, r.Good)
	})
}
