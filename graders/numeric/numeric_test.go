package numeric_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/numeric"
)

func build(t testing.TB, options string) grader.Grader {
	t.Helper()
	g, err := numeric.Kind.New(&grader.Env{Name: "correct"}, []byte(options))
	require.NoError(t, err)
	return g
}

func rollout(t testing.TB, answer string, reference any) *grader.Rollout {
	t.Helper()
	ref, err := grader.NewReference(reference)
	require.NoError(t, err)
	return &grader.Rollout{Reference: ref, Messages: []grader.Message{
		{Role: "user", Content: grader.TextContent("How many?")},
		{Role: "assistant", Content: grader.TextContent(answer)},
	}}
}

func TestScores(t *testing.T) {
	const (
		hundredth = `{"percent": "hundredth"}`
		exact     = `{"percent": "exact"}`
		units     = `{"units": "require"}`
		comma     = `{"decimal": "comma"}`
	)
	for _, c := range []struct {
		name, options, answer string
		reference             any
		score                 float64
	}{
		{"equal", "", `\boxed{18}`, "18", 1},
		{"a JSON number", "", `\boxed{18}`, 18, 1},
		{"a JSON number in scientific notation", "", `\boxed{1800}`, json.Number("1.8e3"), 1},
		{"different", "", `\boxed{19}`, "18", 0},
		{"another sign", "", `\boxed{-18}`, "18", 0},
		{"decimals", "", `\boxed{72.0}`, "72", 1},
		{"thousands", "", `#### 1,000`, "1000", 1},
		{"a fraction", "", `\boxed{\frac{1}{2}}`, "0.5", 1},
		{"an unreduced fraction", "", `\boxed{7/14}`, ".5", 1},
		{"a third and its digits", "", `\boxed{0.333}`, "1/3", 0},
		{"ten times", "", `\boxed{180}`, "18", 0},
		{"a hundredth", "", `\boxed{0.18}`, "18", 0},
		{"a reference with a name", "", `\boxed{4}`, "x = 4", 1},
		{"a reference in LaTeX", "", `\boxed{0.75}`, `$\frac{3}{4}$`, 1},
		{"a reference in words", "", `\boxed{21}`, "twenty-one", 1},
		{"no answer", "", "   ", "18", 0},
		{"the number in prose is not found", "", "She makes 18 dollars, I think", "18", 0},
		{"the number in prose is found where asked", `{"find": ["last_number"]}`, "She makes 18 dollars, I think", "18", 1},
		{"the first finder that hits decides", "", `\boxed{17} #### 18`, "18", 0},
		{"the order of finders", `{"find": ["hashes", "boxed"]}`, "\\boxed{17}\n#### 18", "18", 1},
		{"a member of an object", `{"reference": "/final"}`, `\boxed{18}`, map[string]any{"final": "18", "other": "5"}, 1},
		{"two guesses", "", `\boxed{18 \text{ or } 19}`, "18", 0},
		{"every guess", "", `\boxed{1, 2, 3, 4, 5, 6, 7, 8, 9}`, "9", 0},
		{"a chain", "", `\boxed{17 = 18}`, "18", 0},
		{"huge and different", "", `\boxed{10^{10^{10}}}`, "10^(10^11)", 0},
		{"tiny and different", "", `\boxed{1.6e-19}`, "1.7e-19", 0},
		{"beside a float's precision", "", `\boxed{9007199254740993}`, "9007199254740992", 0},

		{"percent: ignore, sign in the answer", "", `#### 20%`, "20", 1},
		{"percent: ignore, sign in the reference", "", `#### 20`, "20%", 1},
		{"percent: ignore, a hundredth", "", `#### 20%`, "0.2", 0},
		{"percent: hundredth, sign in the answer", hundredth, `#### 20%`, "0.2", 1},
		{"percent: hundredth, sign in both", hundredth, `#### 20%`, "20 percent", 1},
		{"percent: hundredth, sign in the reference", hundredth, `#### 1/5`, `20\%`, 1},
		{"percent: hundredth, not dropped", hundredth, `#### 20%`, "20", 0},
		{"percent: hundredth, not assumed", hundredth, `#### 20`, "20%", 0},
		{"percent: exact, both", exact, `#### 20%`, "20 percent", 1},
		{"percent: exact, neither", exact, `#### 20`, "20", 1},
		{"percent: exact, answer only", exact, `#### 20%`, "20", 0},
		{"percent: exact, reference only", exact, `#### 20`, "20%", 0},
		{"percent: exact, no hundredth", exact, `#### 0.2`, "20%", 0},

		{"units: ignore", "", `\boxed{5\text{ m}}`, "5 s", 1},
		{"units: ignore, nothing is converted", "", `\boxed{500\text{ cm}}`, "5 m", 0},
		{"units: require, the same", units, `\boxed{5\text{ m}}`, "5 m", 1},
		{"units: require, spelled out", units, `\boxed{5}`, "5", 1},
		{"units: require, words", units, `\boxed{60 \text{ kilometers per hour}}`, "60 km/h", 1},
		{"units: require, dollars", units, `\boxed{\$18}`, "18 dollars", 1},
		{"units: require, plural", units, `#### 3 apples`, "3 apple", 1},
		{"units: require, powers", units, `\boxed{25 \text{ cm}^2}`, "25 cm²", 1},
		{"units: require, another", units, `\boxed{5\text{ m}}`, "5 s", 0},
		{"units: require, another power", units, `\boxed{25 \text{ cm}^2}`, "25 cm^3", 0},
		{"units: require, case counts", units, `\boxed{5 \text{ mW}}`, "5 MW", 0},
		{"units: require, none given", units, `\boxed{5}`, "5 m", 0},
		{"units: require, none wanted", units, `\boxed{5\text{ m}}`, "5", 0},

		{"decimal: comma", comma, `\boxed{1.000,5}`, "1000,5", 1},
		{"decimal: comma, groups", comma, `\boxed{1.000}`, "1000", 1},
		{"decimal: comma, a JSON number", comma, `\boxed{2,5}`, 2.5, 1},
		{"decimal: comma, a point is no decimal mark", comma, `\boxed{2.5}`, "2,5", 0},
		{"decimal: point, a comma is none", "", `\boxed{2,5}`, "2.5", 0},

		{"abs at the edge", `{"tolerance": {"abs": 0.1}}`, `\boxed{0.3}`, "0.2", 1},
		{"abs beyond", `{"tolerance": {"abs": 0.1}}`, `\boxed{0.30001}`, "0.2", 0},
		{"abs about zero", `{"tolerance": {"abs": 0.1}}`, `\boxed{-0.1}`, "0", 1},
		{"rel at the edge", `{"tolerance": {"rel": 0.01}}`, `\boxed{99}`, "100", 1},
		{"rel beyond", `{"tolerance": {"rel": 0.01}}`, `\boxed{98.999}`, "100", 0},
		{"rel of a negative reference", `{"tolerance": {"rel": 0.01}}`, `\boxed{-101}`, "-100", 1},
		{"rel is of the reference", `{"tolerance": {"rel": 0.1}}`, `\boxed{111}`, "100", 0},
		{"rel about zero", `{"tolerance": {"rel": 0.9}}`, `\boxed{0.0001}`, "0", 0},
		{"rel never reaches zero", `{"tolerance": {"rel": 0.999}}`, `\boxed{0}`, "5", 0},
		{"rel of huge numbers", `{"tolerance": {"rel": 0.1}}`, `\boxed{1.1e999999999}`, "1e999999999", 1},
		{"digits", `{"tolerance": {"digits": 3}}`, `\boxed{3.14159}`, "3.1416", 1},
		{"digits, different", `{"tolerance": {"digits": 3}}`, `\boxed{3.15}`, "3.1416", 0},
		{"digits of a fraction", `{"tolerance": {"digits": 4}}`, `\boxed{0.6667}`, "2/3", 1},
		{"one tolerance is enough", `{"tolerance": {"abs": 1, "rel": 0.001}}`, `\boxed{10.5}`, "10", 1},
		{"tolerance after the percent sign", `{"percent": "hundredth", "tolerance": {"abs": 0.01}}`, `\boxed{51\%}`, "0.5", 1},

		{"partial, equal", `{"partial": {"within": 0.1}}`, `\boxed{100}`, "100", 1},
		{"partial, half way", `{"partial": {"within": 0.1}}`, `\boxed{95}`, "100", 0.5},
		{"partial, the end", `{"partial": {"within": 0.1}}`, `\boxed{110}`, "100", 0},
		{"partial, beyond", `{"partial": {"within": 0.1}}`, `\boxed{150}`, "100", 0},
		{"partial, from the relative tolerance on", `{"tolerance": {"rel": 0.1}, "partial": {"within": 0.3}}`, `\boxed{120}`, "100", 0.5},
		{"partial, from the absolute tolerance on", `{"tolerance": {"abs": 10}, "partial": {"within": 0.3}}`, `\boxed{120}`, "100", 0.5},
		{"partial, a tolerance wider than the credit", `{"tolerance": {"abs": 50}, "partial": {"within": 0.3}}`, `\boxed{151}`, "100", 0},
		{"partial, no credit about zero", `{"partial": {"within": 1}}`, `\boxed{0.0001}`, "0", 0},
		{"partial, no credit for zero", `{"partial": {"within": 1}}`, `\boxed{0}`, "5", 0},
		{"partial, no credit for the other sign", `{"partial": {"within": 1}}`, `\boxed{-100}`, "100", 0},
		{"partial, no credit for two guesses", `{"partial": {"within": 1}}`, `\boxed{99, 101}`, "100", 0},
		{"partial, no credit without the sign", `{"percent": "exact", "partial": {"within": 1}}`, `\boxed{99}`, "100%", 0},
		{"partial, huge", `{"partial": {"within": 0.2}}`, `\boxed{1.1e999999999}`, "1e999999999", 0.5},
		{"partial, hugely off", `{"partial": {"within": 1}}`, `\boxed{1e999999999}`, "1e-999999999", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			res, err := build(t, c.options).Grade(context.Background(), rollout(t, c.answer, c.reference))
			require.NoError(t, err)
			require.InDelta(t, c.score, res.Score, 1e-12, "%s", res.Reason)
			require.NotEmpty(t, res.Reason)
			require.NoError(t, res.Check())
			if c.score == 0 || c.score == 1 {
				require.Equal(t, c.score, res.Score)
			}
		})
	}
}

// TestNearlyFull checks that what is not within the tolerance never gets full
// marks, however near it is.
func TestNearlyFull(t *testing.T) {
	g := build(t, `{"partial": {"within": 0.5}}`)
	res, err := g.Grade(context.Background(), rollout(t, `\boxed{1.`+strings.Repeat("0", 60)+`1}`, "1"))
	require.NoError(t, err)
	require.Less(t, res.Score, 1.0)
	require.Greater(t, res.Score, 0.999)
}

func TestMetrics(t *testing.T) {
	for _, c := range []struct {
		name, options, answer string
		want                  []grader.Metric
	}{
		{"right", "", `\boxed{18}`, []grader.Metric{grader.Measure("answer_found", 1), grader.Measure("number_read", 1)}},
		{"nothing found", `{"find": "boxed"}`, `18`, []grader.Metric{grader.Measure("answer_found", 0), grader.Measure("number_read", 0)}},
		{"not a number", "", `\boxed{x}`, []grader.Metric{grader.Measure("answer_found", 1), grader.Measure("number_read", 0)}},
		{"partial", `{"partial": {"within": 0.5}}`, `\boxed{9}`,
			[]grader.Metric{grader.Measure("answer_found", 1), grader.Measure("number_read", 1), grader.Measure("relative_error", 0.5)}},
		{"partial, far off", `{"partial": {"within": 0.5}}`, `\boxed{1e400}`,
			[]grader.Metric{grader.Measure("answer_found", 1), grader.Measure("number_read", 1), grader.Measure("relative_error", 1)}},
		{"partial, not a number", `{"partial": {"within": 0.5}}`, `\boxed{x}`,
			[]grader.Metric{grader.Measure("answer_found", 1), grader.Measure("number_read", 0), grader.Measure("relative_error", 1)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			res, err := build(t, c.options).Grade(context.Background(), rollout(t, c.answer, "18"))
			require.NoError(t, err)
			require.Equal(t, c.want, res.Metrics)
		})
	}
}

func TestReferenceFaults(t *testing.T) {
	for _, c := range []struct {
		name, options string
		reference     any
		where, err    string
	}{
		{"no number", "", "it depends on the weather", "/reference_answer", "point the option reference at a number"},
		{"a whole solution", `{"reference": "/solution"}`, map[string]any{"solution": "9 * 2 = 18\n#### 18"}, "/reference_answer/solution", "not one number"},
		{"a decimal comma", "", "2,5", "/reference_answer", "set the option decimal"},
		{"a decimal point", `{"decimal": "comma"}`, "2.5", "/reference_answer", "set the option decimal"},
		{"a list", `{"reference": ""}`, []int{1, 2}, "/reference_answer", "want a string or a number"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := build(t, c.options).Grade(context.Background(), rollout(t, `\boxed{18}`, c.reference))
			var data *grader.DataError
			require.ErrorAs(t, err, &data)
			require.Equal(t, c.where, data.Where)
			require.ErrorContains(t, err, c.err)
			if s, ok := c.reference.(string); ok {
				require.Contains(t, grader.Explain(err), s)
				require.NotContains(t, err.Error(), s)
			}
		})
	}
}

func TestOptionFaults(t *testing.T) {
	for _, c := range []struct{ name, options, pointer string }{
		{"an unknown option", `{"tolerence": 1}`, "/tolerence"},
		{"a negative abs", `{"tolerance": {"abs": -1}}`, "/tolerance/abs"},
		{"a negative rel", `{"tolerance": {"rel": -0.1}}`, "/tolerance/rel"},
		{"a rel at which 0 is right for everything", `{"tolerance": {"rel": 1}}`, "/tolerance/rel"},
		{"too many digits", `{"tolerance": {"digits": 101}}`, "/tolerance/digits"},
		{"negative digits", `{"tolerance": {"digits": -1}}`, "/tolerance/digits"},
		{"partial without within", `{"partial": {}}`, "/partial/within"},
		{"partial beyond the reference itself", `{"partial": {"within": 1.5}}`, "/partial/within"},
		{"partial inside the tolerance", `{"tolerance": {"rel": 0.2}, "partial": {"within": 0.1}}`, "/partial/within"},
		{"an unknown policy", `{"percent": "guess"}`, "/percent"},
		{"an unknown decimal mark", `{"decimal": ","}`, "/decimal"},
		{"an unknown finder", `{"find": ["boxd"]}`, "/find"},
		{"no finder", `{"find": null}`, "/find"},
		{"no pointer", `{"reference": "final"}`, "/reference"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := numeric.Kind.New(nil, []byte(c.options))
			var option *grader.OptionError
			require.True(t, errors.As(err, &option), "%v", err)
			require.Equal(t, c.pointer, option.Pointer)
		})
	}
}

func TestKind(t *testing.T) {
	require.NoError(t, grader.Validate(numeric.Kind))
	require.Equal(t, "Numeric compares the number in the answer with the number in the reference", numeric.Kind.Synopsis())
	require.NotContains(t, numeric.Kind.Doc(), "package")
	require.Contains(t, numeric.Kind.Doc(), "relative_error")
	// Without the option, the reference may be an object of one member.
	_, err := build(t, "").Grade(context.Background(), rollout(t, `\boxed{18}`, map[string]any{"n": 18}))
	require.NoError(t, err)
}

func ExampleKind() {
	g, err := numeric.Kind.New(nil, []byte(`{"reference": "/final_answer", "tolerance": {"rel": 0.001}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	item := grader.DecodeRollout([]byte(`{
		"id": "1",
		"messages": [
			{"role": "user", "content": "What is a third of 100?"},
			{"role": "assistant", "content": "100/3 is about \\boxed{33.33}."}
		],
		"metadata": {"reference_answer": {"final_answer": "100/3"}}
	}`))
	res, err := g.Grade(context.Background(), item.Rollout)
	fmt.Println(res.Score, err)
	fmt.Println(res.Reason)
	// Output:
	// 1 <nil>
	// boxed: the last box, line 1: "33.33" is within the tolerance of the reference "100/3"
}

func FuzzGrade(f *testing.F) {
	for _, s := range []string{`\boxed{18}`, "#### 1,000", "<answer>50%</answer>", "The answer is 5 or 6.", `\boxed{10^{10^{10}}}`, "<think>5", "1e999999999"} {
		f.Add(s, "18")
		f.Add(s, s)
	}
	var graders []grader.Grader
	for _, options := range []string{
		"",
		`{"percent": "hundredth", "units": "require", "decimal": "comma", "tolerance": {"abs": 0.5, "rel": 0.1, "digits": 3}, "partial": {"within": 0.5}}`,
		`{"find": ["last_number"], "percent": "exact", "partial": {"within": 1}}`,
	} {
		graders = append(graders, build(f, options))
	}
	f.Fuzz(func(t *testing.T, answer, reference string) {
		for _, g := range graders {
			res, err := g.Grade(context.Background(), rollout(t, answer, strings.ToValidUTF8(reference, "?")))
			if err != nil {
				require.Equal(t, grader.FaultData, grader.FaultOf(err))
				continue
			}
			require.NoError(t, res.Check())
			require.True(t, res.Score >= 0 && res.Score <= 1, "%v", res.Score)
			require.False(t, math.Signbit(res.Score))
		}
	})
}

func BenchmarkGrade(b *testing.B) {
	solution := strings.Repeat("She eats 3 + 4 = 7 eggs each day, so 16 - 7 = 9 eggs are left, which sell for 9 * 2 = $18.\n", 4)
	typical := rollout(b, solution+"#### 18", map[string]any{"final_answer": "18", "solution": solution})
	const find = `{"find": ["hashes"], "reference": "/final_answer"}`
	for _, c := range []struct {
		name, options string
		r             *grader.Rollout
	}{
		{"typical", find, typical},
		{"default finders", `{"reference": "/final_answer"}`, typical},
		{"tolerance and partial", `{"reference": "/final_answer", "tolerance": {"rel": 0.01}, "partial": {"within": 0.2}}`, rollout(b, solution+"#### 20", map[string]any{"final_answer": "18"})},
		{"hostile digits, 1 MB", "", rollout(b, strings.Repeat("7", 1<<20), "18")},
		{"hostile boxes, 1 MB", "", rollout(b, strings.Repeat(`\boxed{`, 1<<20/7), "18")},
		{"hostile hashes, 1 MB", "", rollout(b, strings.Repeat("#### ", 1<<20/5), "18")},
		{"hostile numbers, 1 MB", `{"find": ["last_number"]}`, rollout(b, strings.Repeat("1,", 1<<19), "18")},
	} {
		g := build(b, c.options)
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := g.Grade(context.Background(), c.r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("batch of 64", func(b *testing.B) {
		g := build(b, find)
		for b.Loop() {
			for range 64 {
				if _, err := g.Grade(context.Background(), typical); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}
