package answer_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/answer"
)

// hostile returns texts of about n bytes that are made to cost as much as they
// can: things that open and never close, that nearly match, and that make a
// finder pass over one candidate after the other.
func hostile(n int) map[string]string {
	fill := func(s string) string { return strings.Repeat(s, n/len(s)) }
	half := func(s string) string { return strings.Repeat(s, n/2/len(s)) }
	return map[string]string{
		"open boxes":            fill(`\boxed{`),
		"nested boxes":          half(`\boxed{`) + half(`}`),
		"empty boxes":           fill(`\boxed{}`),
		"empty boxes in boxes":  fill(`\boxed{\boxed{}}`),
		"empty boxes in open":   `\boxed{` + fill(`\boxed{}`),
		"boxes before spaces":   fill(`\boxed` + strings.Repeat(" ", 500)),
		"braces":                fill(`{`),
		"backslashes":           fill(`\`),
		"hashes":                fill(`#`),
		"empty hashes":          fill("####\n"),
		"headings":              fill("#### Step\n") + "x",
		"hashes on a line":      fill("#### #"),
		"hashes before spaces":  fill("####" + strings.Repeat("\n", 500)),
		"open tags":             fill(`<answer>`),
		"closed tags":           fill(`</answer>`),
		"empty tags":            fill(`<answer></answer>`),
		"nested tags":           half(`<answer>`) + half(`</answer>`),
		"angles":                fill(`<`),
		"thoughts":              fill(`<think></think>x`),
		"open thoughts":         fill(`</think><think>`),
		"channels":              fill(`<|channel|>final<|message|>x`),
		"channels of thoughts":  fill(`<|channel|>analysis<|message|><|end|>`),
		"thoughts with spaces":  fill(`<think` + strings.Repeat(" ", 150)),
		"end tokens":            fill(`</s> `),
		"struck end tokens":     "<s>" + fill(`</s>`),
		"boxes in roots":        half(`\sqrt{`) + `\boxed{1}` + half(`}`),
		"titles":                fill("#### Paris\n") + "x",
		"titles with numbers":   fill("#### 1. Paris\n") + "x",
		"denied nouns":          "The answer is 1. " + fill("if not the answer is 1 "),
		"verdicts":              fill("The answer is correct. "),
		"mentions":              fill("The answer is in. "),
		"sentences":             "The answer is 1. " + fill("A. "),
		"tails":                 "**The answer is 1** " + fill("<a> a, "),
		"solutions":             fill(`<|begin_of_solution|>x`),
		"nouns":                 fill("answer "),
		"nouns with gaps":       fill("answer to "),
		"nouns without links":   fill("Answer, "),
		"rejected nouns":        fill("wrong answer: "),
		"expectations":          fill("the answer is expected "),
		"headings of nouns":     fill("**Answer**\n"),
		"a long sentence":       "Answer: " + fill("a.b "),
		"dollars":               "Answer: " + fill("$a "),
		"double dollars":        "Answer: $" + fill("$$ $"),
		"emphasis":              "Answer: " + fill("*_`"),
		"brackets":              "Answer: " + fill(`\[ \( { `),
		"quotes":                "Answer: " + fill(`"“`),
		"stars":                 "Answer: " + fill("**a** "),
		"abbreviations":         "Answer: " + fill("p.m. a "),
		"digits":                fill("1"),
		"numbers":               fill("1 "),
		"groups":                fill("1,"),
		"thousands":             fill("123,"),
		"versions":              fill("1.2."),
		"dates":                 fill("1-2-"),
		"ratios":                fill("1:2:"),
		"powers":                fill("1^"),
		"towers":                fill("1^{1}"),
		"fractions":             fill("1/"),
		"LaTeX fractions":       fill(`\frac{1}{`),
		"names":                 fill("a1"),
		"signs":                 fill("-"),
		"spaces":                fill(" "),
		"blank lines":           fill("\n"),
		"rules":                 fill("---\n"),
		"fences":                fill("```\n"),
		"open fences":           fill("```a\n"),
		"longer fences":         longerFences(n),
		"backticks":             fill("`"),
		"lists":                 fill("["),
		"objects":               fill(`{"a":`),
		"objects that break":    fill(`{"a":1 x`),
		"strings":               fill(`["`),
		"empty objects":         fill("{} "),
		"objects of objects":    strings.Repeat(`{"a":`, n/12) + "1" + strings.Repeat("}", n/12),
		"scalars":               "[" + fill("1,"),
		"bad text":              fill("\xff"),
		"zero bytes":            fill("\x00"),
		"invisible":             fill("\u200b"),
		"short or long matches": fill("a"),
	}
}

// longerFences opens blocks that no later fence is long enough to close.
func longerFences(n int) string {
	var w strings.Builder
	for i := 3; w.Len() < n; i++ {
		w.WriteString("x\n" + strings.Repeat("~", max(3, 1500-i)) + "a\n")
	}
	return w.String()
}

// hostileFinders adds patterns that can match short and look far.
func hostileFinders() []string {
	return append(finderNames(), `regex:(?s)a(.*b)?`, `regex:(?s)<answer>(.*?)</answer>`)
}

func TestHostile(t *testing.T) {
	for name, text := range hostile(1 << 16) {
		t.Run(name, func(t *testing.T) {
			for _, finder := range finderNames() {
				requireSound(t, finder, text)
			}
		})
	}
}

func TestHostilePatterns(t *testing.T) {
	texts := hostile(1 << 16)
	for _, name := range []string{"short or long matches", "names", "open tags", "spaces"} {
		t.Run(name, func(t *testing.T) {
			for _, finder := range hostileFinders() {
				requireSound(t, finder, texts[name])
			}
		})
	}
}

// requireSound checks what holds for every text.
func requireSound(t *testing.T, finder, text string) {
	t.Helper()
	got := answer.MustParse(finder).Find(text)
	require.NotEmpty(t, got.Why)
	if !got.OK {
		require.Equal(t, answer.Found{Why: got.Why}, got)
		return
	}
	require.Equal(t, finder, got.Finder)
	require.NotEmpty(t, got.Text)
	require.True(t, 0 <= got.Start && got.Start < got.End && got.End <= len(text), "%d..%d of %d", got.Start, got.End, len(text))
	switch {
	case finder == "code", strings.HasPrefix(finder, "json:"):
	default:
		require.Equal(t, text[got.Start:got.End], got.Text)
	}
	if finder != "code" {
		require.Equal(t, strings.TrimSpace(got.Text), got.Text)
	}
	require.LessOrEqual(t, len(got.Why), 300)
}

func FuzzFind(f *testing.F) {
	for _, text := range hostile(300) {
		f.Add(text)
	}
	for _, s := range []string{
		"<think>7</think>\n**Final Answer**\n\n\\[ \\boxed{\\frac{1}{2}} \\]", "#### 18", "The answer is **$1,000.50** dollars.",
		"  ```json\n  {\"answer\": [1, \"a\\u00e9\"]}\n  ```", "<|channel|>analysis<|message|>x<|end|><|channel|>final<|message|>**Answer: 18** or 19<|return|>", "| **Answer** | 18 |\n$-\\sqrt{\\boxed{18}}^2$ <!-- ~~ -->",
		"Die Antwort lautet 3,14.\n答案是5。", "<answer>-1 1/2</answer> 1.5 × 10^{-3} %",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := answer.Strip(text)
		require.Equal(t, once.Text(), answer.Strip(once.Text()).Text())
		if utf8.ValidString(text) {
			require.True(t, utf8.ValidString(once.Text()))
		}
		for i := 0; i <= len(once.Text()); i += 7 {
			o := once.Offset(i)
			require.True(t, 0 <= o && o <= len(text))
			if i < len(once.Text()) {
				require.Equal(t, once.Text()[i], text[o])
			}
		}
		for _, finder := range hostileFinders() {
			requireSound(t, finder, text)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, name := range append(finderNames(), "tag:<x>", "json:x", "regex:(", "boxd:5", ":") {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		p, err := answer.Parse(name)
		if err != nil {
			require.True(t, p.IsZero())
			return
		}
		require.Equal(t, []string{name}, p.Names())
		p.Find("The answer is \\boxed{5}.")
	})
}

// BenchmarkHostile tries each finder on all hostile texts. The ratio of its two
// sizes shows that the work grows with the text: 16 times the text in about 16
// times the time, and in less for a pattern whose work is bounded.
func BenchmarkHostile(b *testing.B) {
	small, large := hostile(1<<16), hostile(1<<20)
	for _, finder := range hostileFinders() {
		f := answer.MustParse(finder)
		for _, size := range []struct {
			name  string
			texts map[string]string
		}{{"64K", small}, {"1M", large}} {
			b.Run(finder+"/"+size.name, func(b *testing.B) {
				for b.Loop() {
					for _, text := range size.texts {
						f.Find(text)
					}
				}
			})
		}
	}
}

// BenchmarkFind is a response of the usual size for each finder.
func BenchmarkFind(b *testing.B) {
	text := strings.Repeat("She has 16 - 3 = 13 eggs left, and sells each for $2.\n", 12) + "The answer is $\\boxed{26}$.\n#### 26"
	for _, finder := range finderNames() {
		f := answer.MustParse(finder)
		b.Run(finder, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				f.Find(text)
			}
		})
	}
}
