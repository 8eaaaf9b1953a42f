package length_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/length"
)

func build(t testing.TB, options string) grader.Grader {
	t.Helper()
	g, err := length.Kind.New(&grader.Env{Name: "brief"}, []byte(options))
	require.NoError(t, err)
	return g
}

func rollout(answer string) *grader.Rollout {
	return &grader.Rollout{Messages: []grader.Message{
		{Role: "user", Content: grader.TextContent("Explain it.")},
		{Role: "assistant", Content: grader.TextContent(answer)},
	}}
}

func words(n int) string { return strings.TrimSpace(strings.Repeat("word ", n)) }

// TestOverlong goes through the formula of DAPO with the numbers of its paper,
// and checks that the score is 1 and the penalty.
func TestOverlong(t *testing.T) {
	g := build(t, `{"mode": "overlong", "max": 20480, "cache": 4096}`)
	for n, penalty := range map[int]float64{1: 0, 16384: 0, 17408: -0.25, 18432: -0.5, 20480: -1, 20481: -1, 30000: -1} {
		res, err := g.Grade(context.Background(), rollout(words(n)))
		require.NoError(t, err)
		require.InDelta(t, 1+penalty, res.Score, 1e-12)
		require.Equal(t, []grader.Metric{grader.Measure("words", float64(n)), grader.Measure("overlong_penalty", penalty), grader.Measure("answer_found", 1)}, res.Metrics)
	}
}

func TestTexts(t *testing.T) {
	for _, c := range []struct {
		name, text, response, beside string
		words                        float64
	}{
		{"answer", "answer", "<think>one two three</think>\n\nfour five", "", 2},
		{"answer without reasoning", "answer", "four five", "not this", 2},
		{"response", "response", "<think>one two three</think>\n\nfour five", "", 5},
		{"response with reasoning beside it", "response", "four five", "one two three", 5},
		{"no answer beside reasoning", "response", "...", "one two three", 0},
		{"reasoning that says nothing", "reasoning", "<think>...</think>four five", "", 0},
		{"reasoning", "reasoning", "<think>one two three</think>\n\nfour five", "", 3},
		{"reasoning whose mark the prompt opened", "reasoning", "one two three</think>\n\nfour five", "", 3},
		{"reasoning with attributes", "reasoning", "<think id=\"a\"> one two </think>four", "", 2},
		{"reasoning in brackets", "reasoning", "[THINK]one two[/THINK]four", "", 2},
		{"reasoning beside the content", "reasoning", "four five", "one two three", 3},
		{"no reasoning", "reasoning", "four five", " ", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := rollout(c.response)
			r.Messages[1].Reasoning = c.beside
			res, err := build(t, `{"min": 1, "text": "`+c.text+`"}`).Grade(context.Background(), r)
			require.NoError(t, err)
			require.Equal(t, c.words, res.Metrics[0].Value, res.Reason)
			require.Equal(t, c.words > 0, res.Score == 1)
		})
	}
}

// TestNothingSaid checks that what says nothing is not paid for being short, or
// for repeating nothing.
func TestNothingSaid(t *testing.T) {
	for _, options := range []string{`{"max": 10}`, `{"max": 1000, "unit": "characters"}`, `{"max": 10, "unit": "sentences"}`, `{"mode": "overlong", "max": 20, "cache": 10}`, `{"mode": "repetition"}`} {
		for response, want := range map[string]float64{"Yes": 1, "🙂": 1, "∅": 1, "": 0, "...": 0, "**": 0, "\u0301": 0, "\u3164": 0, "\x00": 0, "<think>a b</think>.": 0} {
			res, err := build(t, options).Grade(context.Background(), rollout(response))
			require.NoError(t, err)
			require.Equal(t, want, res.Score, "%s %q: %s", options, response, res.Reason)
			require.Equal(t, want, res.Metrics[len(res.Metrics)-1].Value)
		}
	}
}

func TestReasons(t *testing.T) {
	for _, c := range []struct{ options, answer, want string }{
		{`{"max": 3}`, "a b c d", "4 words, more than 3"},
		{`{"min": 2}`, "a", "1 word, less than 2"},
		{`{"min": 1, "unit": "tokens"}`, "some words", "about 2 tokens, in the range"},
		{`{"mode": "overlong", "max": 10, "cache": 4}`, "a b", "2 words, of which 6 are free and 10 the limit"},
		{`{"mode": "repetition", "ngram": 1}`, "a a", "0.5 of 2 n-grams of 1 words are repeated"},
		{`{"max": 3}`, "", "no answer: the response is empty"},
	} {
		res, err := build(t, c.options).Grade(context.Background(), rollout(c.answer))
		require.NoError(t, err)
		require.Equal(t, c.want, res.Reason)
	}
}

func TestOptionFaults(t *testing.T) {
	for _, c := range []struct{ name, options, pointer string }{
		{"no bounds", `{}`, "/max"},
		{"a negative length", `{"min": -1}`, "/min"},
		{"crossed bounds", `{"min": 5, "max": 4}`, "/max"},
		{"a ramp below 0", `{"min": 5, "below": 6}`, "/below"},
		{"a ramp above nothing", `{"min": 5, "above": 6}`, "/above"},
		{"a cache without a mode", `{"max": 5, "cache": 2}`, "/cache"},
		{"an n-gram without a mode", `{"max": 5, "ngram": 2}`, "/ngram"},
		{"an unknown mode", `{"mode": "short"}`, "/mode"},
		{"an unknown unit", `{"max": 5, "unit": "lines"}`, "/unit"},
		{"an unknown text", `{"max": 5, "text": "prompt"}`, "/text"},
		{"an unknown ramp", `{"max": 5, "ramp": "steep"}`, "/ramp"},
		{"overlong without a limit", `{"mode": "overlong", "cache": 4}`, "/max"},
		{"overlong without a cache", `{"mode": "overlong", "max": 4}`, "/cache"},
		{"a cache beyond the limit", `{"mode": "overlong", "max": 4, "cache": 5}`, "/cache"},
		{"overlong with a least length", `{"mode": "overlong", "max": 4, "cache": 2, "min": 1}`, "/min"},
		{"repetition in sentences", `{"mode": "repetition", "unit": "sentences"}`, "/unit"},
		{"no n-gram", `{"mode": "repetition", "ngram": 0}`, "/ngram"},
		{"a long n-gram", `{"mode": "repetition", "ngram": 51}`, "/ngram"},
		{"everything allowed", `{"mode": "repetition", "allow": 1}`, "/allow"},
		{"a limit below what is allowed", `{"mode": "repetition", "allow": 0.5, "limit": 0.5}`, "/limit"},
		{"repetition with a range", `{"mode": "repetition", "max": 5}`, "/max"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := length.Kind.New(nil, []byte(c.options))
			var option *grader.OptionError
			require.ErrorAs(t, err, &option)
			require.Equal(t, c.pointer, option.Pointer)
		})
	}
}

func TestKind(t *testing.T) { require.NoError(t, grader.Validate(length.Kind)) }

func ExampleKind() {
	g, err := length.Kind.New(nil, []byte(`{"max": 8, "above": 8, "ramp": "cosine"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, answer := range []string{"It left at dawn.", "It left at dawn, as it had every day of that summer."} {
		res, err := g.Grade(context.Background(), rollout(answer))
		fmt.Printf("%.2f %v: %s\n", res.Score, err, res.Reason)
	}
	// Output:
	// 1.00 <nil>: 4 words, in the range
	// 0.50 <nil>: 12 words, more than 8
}

func options() []string {
	return []string{
		`{"min": 3, "below": 2, "max": 30, "above": 20}`,
		`{"min": 3, "max": 30, "above": 20, "ramp": "cosine", "unit": "sentences", "text": "response"}`,
		`{"max": 100, "unit": "tokens", "text": "reasoning"}`,
		`{"max": 100, "unit": "characters"}`,
		`{"mode": "overlong", "max": 40, "cache": 30, "unit": "tokens"}`,
		`{"mode": "repetition", "ngram": 5}`,
		`{"mode": "repetition", "unit": "characters", "ngram": 1, "allow": 0.2, "limit": 0.6}`,
	}
}

func FuzzGrade(f *testing.F) {
	for _, s := range []string{"One. Two! e.g. 3.5?", "<think>a</think>b", "- a\n- b\n\n1. c", "日本語。", "a b a b a b", "\xff\x00 …", "Mr. J.", "[THINK]x[/THINK]"} {
		f.Add(s)
	}
	var graders []grader.Grader
	for _, o := range options() {
		graders = append(graders, build(f, o))
	}
	f.Fuzz(func(t *testing.T, answer string) {
		for _, g := range graders {
			res, err := g.Grade(context.Background(), rollout(answer))
			require.NoError(t, err)
			require.NoError(t, res.Check())
			require.True(t, res.Score >= 0 && res.Score <= 1, "%v", res.Score)
			require.NotEmpty(t, res.Reason)
		}
	})
}

func BenchmarkGrade(b *testing.B) {
	typical := strings.Repeat("The committee met on Tuesday. It agreed on the plan for the harbour, at last. ", 12)
	for _, o := range options() {
		g := build(b, o)
		for name, answer := range map[string]string{
			"typical":       typical,
			"1 MB of words": strings.Repeat("a b ", 1<<18),
			"1 MB of stops": strings.Repeat(". ", 1<<19),
			"1 MB of marks": strings.Repeat("1.\n", 1<<20/3),
		} {
			r := rollout(answer)
			b.Run(o+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := g.Grade(context.Background(), r); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
