package format_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/format"
)

func build(t testing.TB, options string) grader.Grader {
	t.Helper()
	g, err := format.Kind.New(&grader.Env{Name: "shape"}, []byte(options))
	require.NoError(t, err)
	return g
}

func rollout(answer string) *grader.Rollout {
	return &grader.Rollout{Messages: []grader.Message{
		{Role: "user", Content: grader.TextContent("How many?")},
		{Role: "assistant", Content: grader.TextContent(answer)},
	}}
}

func TestKind(t *testing.T) { require.NoError(t, grader.Validate(format.Kind)) }

func TestChecks(t *testing.T) {
	for _, c := range []struct {
		name, options, answer string
		score                 float64
		reason                string
	}{
		{"a pattern", `{"pattern": "^\\d+$"}`, "42", 1, "pattern: met"},
		{"a pattern, white space around", `{"pattern": "^\\d+$"}`, " 42\n", 1, "pattern: met"},
		{"a pattern that fails", `{"pattern": "^\\d+$"}`, "42 apples", 0, "pattern: the pattern does not match"},
		{"the pattern of a part", `{"in": "tag:answer", "pattern": "^\\d+$"}`, "So <answer>42</answer>.", 1, "pattern: met"},
		{"a part that is not there", `{"in": "tag:answer", "pattern": "^\\d+$"}`, "42", 0, "pattern: tag:answer: no <answer>"},
		{"the pattern of the answer", `{"in": "answer", "pattern": "^\\d+$"}`, "<think>six by seven</think>42", 1, "pattern: met"},
		{"the pattern of the reasoning", `{"in": "reasoning", "pattern": "^six by seven$"}`, "<think>six by seven</think>42", 1, "pattern: met"},
		{"a named group", `{"pattern": "(?s)Reason:(?P<reason>.*)Answer:(?P<answer>.*)"}`, "Reason: so\nAnswer: 42", 1, "pattern: met"},
		{"an empty named group", `{"pattern": "(?s)Reason:(?P<reason>.*)Answer:(?P<answer>.*)"}`, "Reason: \nAnswer: 42", 0, `pattern: the group "reason" of the pattern says nothing`},
		{"an element that the pattern escapes", `{"pattern": "(?s)^<(think)>.*<\\/think>"}`, "<think>.</think>42", 0, "pattern: an element that the pattern names is empty"},
		{"a symbol says something", `{"pattern": "<answer>.+</answer>"}`, "<answer>∅</answer>", 1, "pattern: met"},
		{"an ASCII symbol says nothing", `{"pattern": "<b>.+</b> <answer>"}`, "<b>+</b> <answer>4</answer>", 1, "pattern: met"},
		{"an empty box", `{"pattern": "\\\\boxed\\{.*\\}"}`, `The answer: \boxed{ }`, 0, "pattern: an element that the pattern names is empty"},
		{"a box", `{"pattern": "\\\\boxed\\{.*\\}"}`, `The answer: \boxed{5}`, 1, "pattern: met"},
		{"a forbidden pattern", `{"forbid_pattern": "(?i)\\bmaybe\\b"}`, "Maybe 42", 0, "forbid_pattern: the forbidden pattern matches"},

		{"tags", `{"tags": ["a", "b"]}`, "x <a>1</a> y <b>2</b> z", 1, "tags: met"},
		{"tags in any case, with attributes", `{"tags": ["a", "b"]}`, `<A id="1">1</a ><b>2</B>`, 1, "tags: met"},
		{"a tag that is missing", `{"tags": ["a", "b"]}`, "<a>1</a>", 0, "tags: there is no <b>"},
		{"a tag that is never closed", `{"tags": ["a"]}`, "<a>1", 0, "tags: there is no </a>"},
		{"a tag that is closed only", `{"tags": ["a"]}`, "1</a>", 0, "tags: there is no <a>"},
		{"a tag that the prompt opened", `{"tags": ["a", "b"], "prompt_opens": true}`, "1</a><b>2</b>", 1, "tags: met"},
		{"only the first tag may be opened by the prompt", `{"tags": ["a", "b"], "prompt_opens": true}`, "<a>1</a>2</b>", 0, "tags: there is no <b>"},
		{"a tag twice", `{"tags": ["a"]}`, "<a>1</a><a>2</a>", 0, "tags: <a> stands there more than once"},
		{"a tag closed twice", `{"tags": ["a"]}`, "<a>1</a>2</a>", 0, "tags: </a> stands there more than once"},
		{"a tag backwards", `{"tags": ["a"]}`, "</a>1<a>", 0, "tags: </a> stands before <a>"},
		{"tags in each other", `{"tags": ["a", "b"]}`, "<a>1<b>2</b></a>", 0, "tags: <b> does not stand behind </a>"},
		{"another tag", `{"tags": ["a"]}`, "<a>1</a><ab>2</ab>", 1, "tags: met"},
		{"alone", `{"tags": ["a"], "alone": true}`, "Sure! <a>1</a>", 0, "tags: something stands before <a>"},
		{"few words", `{"tags": ["a"], "words": 3}`, "<a>one two</a>", 0, "tags: <a> says nothing, or fewer than 3 words"},
		{"words enough", `{"tags": ["a"], "words": 3}`, "<a>one two three</a>", 1, "tags: met"},
		{"punctuation is no word", `{"tags": ["a"], "words": 3}`, "<a>one - ... two</a>", 0, "tags: <a> says nothing, or fewer than 3 words"},
		{"words of Chinese", `{"tags": ["a"], "words": 3}`, "<a>不知道</a>", 1, "tags: met"},

		{"reasoning of Nova", `{"reasoning": "closed"}`, "<|begin_of_thought|>so<|end_of_thought|><|begin_of_solution|>5<|end_of_solution|>", 1, "reasoning: met"},
		{"empty reasoning of Nova", `{"reasoning": "closed"}`, "<|begin_of_thought|> <|end_of_thought|><|begin_of_solution|>5<|end_of_solution|>", 0, "reasoning: no reasoning that says something stands before the answer"},
		{"reasoning in brackets", `{"reasoning": "closed"}`, "[THINK]..[/THINK]5", 0, "reasoning: no reasoning that says something stands before the answer"},
		{"reasoning that the prompt opened", `{"reasoning": "closed"}`, "so</think>5", 1, "reasoning: met"},
		{"reasoning behind the answer", `{"reasoning": "closed"}`, "5<think>so</think>", 0, "reasoning: no reasoning that says something stands before the answer"},
		{"little reasoning", `{"reasoning": "closed", "words": 2}`, "<think>ok</think>5", 0, "reasoning: the reasoning has fewer than 2 words"},
		{"no reasoning", `{"reasoning": "absent"}`, "5", 1, "reasoning: met"},
		{"empty reasoning is none", `{"reasoning": "absent"}`, "<think>\n\n</think>\n5", 1, "reasoning: met"},
		{"reasoning where none is wanted", `{"reasoning": "absent"}`, "<think>so</think>5", 0, "reasoning: there is reasoning"},

		{"a start", `{"starts_with": "Answer:"}`, "Answer: 5", 1, "starts_with: met"},
		{"a start and nothing", `{"starts_with": "Answer:"}`, "Answer: .", 0, "starts_with: nothing stands beside how it starts and ends"},
		{"another start", `{"starts_with": "Answer:"}`, "It is 5", 0, `starts_with: it does not start with "Answer:"`},
		{"an end", `{"ends_with": "Bye"}`, "5\nBye", 1, "ends_with: met"},
		{"another end", `{"ends_with": "Bye"}`, "5", 0, `ends_with: it does not end with "Bye"`},
		{"start and end overlap", `{"starts_with": "ab5", "ends_with": "5ab"}`, "ab5ab", 0, "starts_with_ends_with: nothing stands beside how it starts and ends"},

		{"a script", `{"script": ["Han", "Hiragana", "Katakana"]}`, "東京タワーは333メートルです。", 1, "script: met"},
		{"a share of a script", `{"script": ["Latin"], "share": 0.5}`, "abcdef где", 1, "script: met"},
		{"too small a share", `{"script": ["Latin"], "share": 0.75}`, "abcd абвг", 0, "script: 0.5 of its letters are of the script, fewer than 0.75"},
		{"tags are of no script", `{"script": ["Cyrillic"]}`, "<answer>да</answer>", 1, "script: met"},
		{"no letters", `{"script": ["Latin"]}`, "42", 0, "script: it holds no letters"},

		{"forbidden in full width", `{"forbid": ["sorry"]}`, "ＳＯＲＲＹ, 5", 0, `forbid: it holds the forbidden "sorry"`},
		{"forbidden over lines", `{"forbid": ["as an AI"]}`, "As\nan AI, 5", 0, `forbid: it holds the forbidden "as an ai"`},
		{"nothing forbidden", `{"forbid": ["as an AI"]}`, "5", 1, "forbid: met"},

		{"all checks of a constraint", `{"pattern": "5", "forbid": ["6"], "name": "five"}`, "5 6", 0, `five: it holds the forbidden "6"`},
		{"credits", `{"constraints": [{"pattern": "5", "credit": 3}, {"forbid": ["6"]}]}`, "5 6", 0.75, `pattern: met (3 of 3); forbid: it holds the forbidden "6" (0 of 1)`},
		{"nothing for form alone", `{"constraints": [{"pattern": "<a>"}, {"forbid": ["6"]}]}`, "<a>...</a>", 0, "nothing is paid for form alone: the answer says nothing"},
		{"nothing for fillers", `{"forbid": ["6"]}`, "\u3164\u2800", 0, "nothing is paid for form alone: the answer says nothing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			res, err := build(t, c.options).Grade(context.Background(), rollout(c.answer))
			require.NoError(t, err)
			require.Equal(t, c.reason, res.Reason)
			require.InDelta(t, c.score, res.Score, 1e-12)
		})
	}
}

func TestReasoningBesideTheContent(t *testing.T) {
	r := rollout("42")
	r.Messages[1].Reasoning = "six by seven"
	for _, options := range []string{`{"reasoning": "closed", "words": 3}`, `{"in": "reasoning", "pattern": "^six"}`} {
		res, err := build(t, options).Grade(context.Background(), r)
		require.NoError(t, err)
		require.Equal(t, 1.0, res.Score, res.Reason)
	}
}

func TestMetrics(t *testing.T) {
	g := build(t, `{"constraints": [{"tags": ["a"]}, {"name": "short", "pattern": "^.{0,20}$"}]}`)
	res, err := g.Grade(context.Background(), rollout("<a>a text that is too long</a>"))
	require.NoError(t, err)
	require.Equal(t, []grader.Metric{grader.Measure("tags", 1), grader.Measure("short", 0), grader.Measure("answer_found", 1)}, res.Metrics)
	res, err = g.Grade(context.Background(), rollout(""))
	require.NoError(t, err)
	require.Equal(t, []grader.Metric{grader.Measure("tags", 0), grader.Measure("short", 0), grader.Measure("answer_found", 0)}, res.Metrics)
}

// TestEmptyForms checks that forms of every make around nothing earn nothing.
func TestEmptyForms(t *testing.T) {
	const tags, closed, boxed = `{"tags": ["think", "answer"]}`, `{"reasoning": "closed"}`, `{"pattern": "\\\\boxed\\{.+\\}"}`
	for _, c := range []struct{ name, options, full, empty string }{
		{"a box", closed, `<think>6 by 7</think>\boxed{42}`, `<think>6 by 7</think>\boxed{}`},
		{"space in LaTeX", closed, `<think>6 by 7</think>$\infty$`, `<think>6 by 7</think>$\quad\hspace{}$`},
		{"LaTeX in tags", tags, `<think>6 by 7</think><answer>$\pi$</answer>`, `<think>\text{ }</think><answer>$\pi$</answer>`},
		{"text in a box", boxed, `so \boxed{\text{ten}}`, `so \boxed{\text{ }}`},
		{"a symbol in a box", boxed, `so \boxed{\varnothing}`, `so \boxed{\mathrm{\quad}}`},
		{"accents alone", tags, "<think>é</think><answer>1</answer>", "<think>\u00b4\u00a8</think><answer>1</answer>"},
		{"fillers", tags, "<think>ㄱ</think><answer>1</answer>", "<think>\u3164</think><answer>1</answer>"},
		{"tags", tags, "<think><b>x</b></think><answer>1</answer>", "<think><b></b></think><answer>1</answer>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for response, want := range map[string]float64{c.full: 1, c.empty: 0} {
				res, err := build(t, c.options).Grade(context.Background(), rollout(response))
				require.NoError(t, err)
				require.Equal(t, want, res.Score, "%q: %s", response, res.Reason)
			}
		})
	}
}

// TestForbiddenInDisguise checks that nothing that cannot be seen hides a
// forbidden text.
func TestForbiddenInDisguise(t *testing.T) {
	g := build(t, `{"forbid": ["as an AI"]}`)
	for _, disguise := range []string{"As an AI", "as\u200b an a\u00adi", "as\u00a0an\u00a0AI", "ａｓ ａｎ ＡＩ", "as an A\u034fI", "as an A\x00I", "as an A\ufe0fI"} {
		res, err := g.Grade(context.Background(), rollout("Well, "+disguise+" I cannot"))
		require.NoError(t, err)
		require.Zero(t, res.Score, "%q", disguise)
	}
}

func TestOptionFaults(t *testing.T) {
	for _, c := range []struct{ name, options, pointer string }{
		{"nothing to check", `{}`, "/pattern"},
		{"nothing to check in a list", `{"constraints": [{"pattern": "a"}, {"credit": 2}]}`, "/constraints/1/pattern"},
		{"both forms", `{"pattern": "a", "constraints": [{"pattern": "b"}]}`, "/constraints"},
		{"two of a name", `{"constraints": [{"pattern": "a"}, {"pattern": "b"}]}`, "/constraints/1/name"},
		{"a look ahead", `{"pattern": "a(?=b)"}`, "/pattern"},
		{"a large pattern", `{"pattern": "(a{1,30}b){1,30}"}`, "/pattern"},
		{"a broken forbidden pattern", `{"forbid_pattern": "("}`, "/forbid_pattern"},
		{"an unknown part", `{"in": "prompt", "pattern": "a"}`, "/in"},
		{"no credit", `{"pattern": "a", "credit": 0}`, "/credit"},
		{"a tag in brackets", `{"tags": ["a", "<b>"]}`, "/tags/1"},
		{"a tag twice", `{"tags": ["a", "a"]}`, "/tags/1"},
		{"alone without tags", `{"pattern": "a", "alone": true}`, "/alone"},
		{"opened without tags", `{"pattern": "a", "prompt_opens": true}`, "/prompt_opens"},
		{"a share without script", `{"pattern": "a", "share": 0.5}`, "/share"},
		{"words without tags", `{"pattern": "a", "words": 5}`, "/words"},
		{"fewer words than none", `{"tags": ["a"], "words": -1}`, "/words"},
		{"an unknown kind of reasoning", `{"reasoning": "open"}`, "/reasoning"},
		{"reasoning in a part", `{"reasoning": "closed", "in": "answer"}`, "/in"},
		{"an unknown script", `{"script": ["Latin", "English"]}`, "/script/1"},
		{"too large a share", `{"script": ["Latin"], "share": 1.5}`, "/share"},
		{"nothing forbidden", `{"forbid": ["a", " "]}`, "/forbid/1"},
		{"a tag twice in another case", `{"tags": ["a", "A"]}`, "/tags/1"},
		{"a credit without measure", `{"pattern": "a", "credit": 1e308}`, "/credit"},
		{"white space that no part begins with", `{"starts_with": " a"}`, "/starts_with"},
		{"white space that no part ends with", `{"ends_with": "a\n"}`, "/ends_with"},
		{"the name of another metric", `{"pattern": "a", "name": "answer_found"}`, "/name"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := format.Kind.New(nil, []byte(c.options))
			var option *grader.OptionError
			require.ErrorAs(t, err, &option)
			require.Equal(t, c.pointer, option.Pointer, "%v", err)
		})
	}
}

func ExampleKind() {
	g, err := format.Kind.New(nil, []byte(`{"constraints": [
		{"tags": ["think", "answer"], "alone": true, "credit": 3},
		{"name": "a number", "in": "tag:answer", "pattern": "^-?\\d+$"}
	]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, answer := range []string{
		"<think>6 by 7</think><answer>42</answer>",
		"<think>6 by 7</think><answer>forty-two</answer>",
		"<think></think><answer>42</answer>",
	} {
		res, err := g.Grade(context.Background(), rollout(answer))
		fmt.Printf("%.2f %v: %s\n", res.Score, err, res.Reason)
	}
	// Output:
	// 1.00 <nil>: tags: met (3 of 3); a number: met (1 of 1)
	// 0.75 <nil>: tags: met (3 of 3); a number: the pattern does not match (0 of 1)
	// 0.25 <nil>: tags: <think> says nothing, or fewer than 1 words (0 of 3); a number: met (1 of 1)
}

func options() []string {
	return []string{
		`{"tags": ["think", "answer"], "alone": true}`,
		`{"pattern": "(?s)^<think>(?P<why>.+)</think>\\s*<answer>.*</answer>$"}`,
		`{"reasoning": "closed", "words": 5}`,
		`{"script": ["Latin"], "share": 0.9}`,
		`{"forbid": ["as an AI", "sorry"], "starts_with": "a", "ends_with": "b"}`,
		`{"in": "reasoning", "forbid_pattern": "(?i)wait.*wait"}`,
	}
}

// FuzzGrade checks that scores lie in 0..1, and that what says nothing earns
// nothing.
func FuzzGrade(f *testing.F) {
	for _, s := range []string{
		"<think>a</think><answer>b</answer>", "<think></think>", "a<think b=\"c\">", "</think>x", "[THINK].[/THINK]5",
		"<|begin_of_thought|>a<|end_of_thought|>b", "\xff\x00<", "ＡＳ an\u200bai", "<think><think>", "ϓ́", "\u3164",
	} {
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
			require.True(t, res.Score == 0 || res.Score == 1, "%v", res.Score)
			require.NotEmpty(t, res.Reason)
			if !strings.ContainsFunc(answer, func(r rune) bool { return r > ' ' && r < 0x7f && !strings.ContainsRune("./-,!?", r) || r > 0x7f }) {
				require.Zero(t, res.Score)
			}
		}
	})
}

func BenchmarkGrade(b *testing.B) {
	for _, o := range options() {
		g := build(b, o)
		for name, answer := range map[string]string{
			"typical":                 "<think>" + strings.Repeat("Six by seven is what we need. ", 60) + "</think>\n<answer>42</answer>",
			"1 MB of words":           "<think>" + strings.Repeat("a b ", 1<<18) + "</think><answer>b</answer>",
			"1 MB of opening tags":    strings.Repeat("<answer>", 1<<17) + "a",
			"1 MB of elements":        strings.Repeat("<a>a</a>", 1<<17),
			"1 MB of broken tags":     "a" + strings.Repeat("<answer ", 1<<17),
			"1 MB of wide characters": strings.Repeat("ＡＳ", 1<<20/6),
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
