package gate_test

import (
	"bufio"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/judge/gate"
	"github.com/rftgrader/rftgrader/testdata"
)

func TestContentless(t *testing.T) {
	for _, text := range []string{
		"", " ", "\n\n\t", ".", ",", ":", ";", "!!!", "...", "…", "?", "-", "---", "***", "#", "##", "`", "``", "```\n```", "```python\n```", "~~~", "\"\"", "()", "{}", "[]", "[[]]", "null", "`null`", "$$", `\[ \]`, `\boxed{}`, `$\boxed{}$`, `\boxed{ }`, `\text{}`,
		"\u200b", "\u200b\u200c\u200d", "\ufeff", "\u00a0", "\u3164", "\u2800", "😀", "👍🏽", "✅", "🎉🎉🎉", "→", "•", "。", "：", "<think></think>", "<think>The answer is 42.</think>", "<think>never closed 42", "<answer></answer>", "<!-- 42 -->", "<b></b>", "<div>\n</div>",
		"Thought process:", "thought process", "Solution", "**Solution**", "## Solution", "# Solution:\n", "Solution:\n\n", "Answer:", "**Final Answer:**", "Let's solve this problem step by step.", "Let’s solve this problem step by step.", "Let's think step by step", "Let me think.", "Let me think about this.", "Sure!", "Sure, let me help you with this problem.", "Okay.", "Okay, let's begin.", "Of course!", "Certainly! Here is the solution:",
		"To solve this problem, we need to think carefully.", "To answer this question, we need to understand the problem first.", "We need to find the solution step by step.", "Here is my answer:", "The answer is:", "The final answer is", "Step 1:", "**Step 1:**", "Let's break this down.\n\nStep 1:", "Sure! Let me think step by step.\n\n**Solution:**\n", "Reasoning:", "Explanation", "I will solve this step by step.", "In order to solve the problem, let us consider the given information.",
		"解", "解：", "答案：", "かいせつ", "解説", "Respuesta", "Respuesta:", "Solución", "Решение", "Ответ:", "Lösung", "Antwort:", "Réponse :", "Soluzione", "Resposta:", "풀이", "답:", "الحل", "उत्तर:", "Çözüm", "Lời giải:", "Vamos a resolver este problema paso a paso.", "Schritt für Schritt", "让我们一步一步思考。", "Давайте решим эту задачу шаг за шагом.", "ステップバイステップで考えましょう。", "Processus de réflexion :", "S\u200bolution",
	} {
		t.Run(text, func(t *testing.T) { require.True(t, gate.IsContentless(text)) })
	}
}

func TestContent(t *testing.T) {
	for _, text := range []string{
		"42", "0", "-1", ".5", "1/2", "½", "x", "B", "C.", "(a)", "A)", "Yes", "yes.", "No.", "no", "N", "True", "false", "None", "none", "N/A", "undefined", "NaN", "nil", "I don't know.", "I cannot help with that.", "東京", "解: 42", "答案是北京", "答案：3", "Respuesta: 4", "Solution: 42", "Solution\n\n42", "The answer is 7.", "The answer is B", "\\boxed{3}", `\boxed{x}`, "$\\pi$", "∞", "∅", "π", "√", "≤", "<", ">=", "+", "=", "€", "Ⅳ", "①",
		"Step 3", "step 2", "first", "Second", "Right", "left", "Paris", "Hello", "hola", "Great", "Problem", "question", "def f(): pass", "```\nx\n```", "```python\nprint(1)\n```", "{\"a\": 1}", "[1]", "<b>7</b>", "<answer>7</answer>", "Let x = 3.", "Let's see: 4", "Sure! It's 42.", "Sure, Paris.", "Thought process: 6*7=42", "Okay, 12 it is.", "To solve this, add 2 and 3 to get 5.", "Let me think. Paris.", "はい", "いいえ", "да", "Нет", "是", "不是", "oui", "nein", "예", "نعم", "हाँ", "two", "Jupiter", "H2O", "C", "!x", "a.b", "👍 yes", "<think>hm</think>42", "We need more information about the triangle.", "The problem has no solution.", "No solution", "no solutions", "There is no answer.", "It is the second step", "ok computer", "Let us go then, you and I, when the evening is spread out against the sky",
	} {
		t.Run(text, func(t *testing.T) { require.False(t, gate.IsContentless(text)) })
	}
}

// TestAttacks reads published openings that raise the reward of judges, and
// short answers that must pass. One of these is a lone colon, which is among
// the openings too: only an allow list can tell which it is.
func TestAttacks(t *testing.T) {
	file, err := os.Open(testdata.Shared(t, "cases", "judge", "attacks.jsonl"))
	require.NoError(t, err)
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<22)
	contentless, controls, excused := 0, 0, 0
	g := &gate.Gates{Contentless: true}
	for lines.Scan() {
		var c struct {
			ID          string
			Text        string
			Contentless bool `json:"gate_contentless"`
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &c))
		why := g.Check(c.Text)
		switch {
		case c.Contentless:
			contentless++
			require.NotEqual(t, gate.Pass, why, c.ID)
		case c.Text == ":":
			excused++
			require.Equal(t, gate.Contentless, why, c.ID)
			require.Equal(t, gate.Pass, (&gate.Gates{Contentless: true, Allow: []string{":"}}).Check(c.Text))
		case strings.HasPrefix(c.ID, "control"):
			controls++
			require.Equal(t, gate.Pass, why, c.ID)
		}
	}
	require.NoError(t, lines.Err())
	require.NotZero(t, contentless)
	require.NotZero(t, controls)
	require.Equal(t, 1, excused)
}

func TestGates(t *testing.T) {
	tests := []struct {
		name   string
		gates  gate.Gates
		answer string
		want   gate.Reason
	}{
		{"nothing is asked for", gate.Gates{}, ":", gate.Pass},
		{"an empty answer never passes", gate.Gates{}, " \n", gate.Empty},
		{"no content", gate.Gates{Contentless: true}, "Solution", gate.Contentless},
		{"allowed", gate.Gates{Contentless: true, Allow: []string{"Solution"}}, " Solution\n", gate.Pass},
		{"allowed to be empty", gate.Gates{Contentless: true, Allow: []string{""}}, "", gate.Pass},
		{"what is allowed must still be short", gate.Gates{Contentless: true, Allow: []string{"Solution"}, MaxBytes: 3}, "Solution", gate.TooLong},
		{"as many bytes as may be", gate.Gates{MaxBytes: 4}, "abcd", gate.Pass},
		{"too many bytes", gate.Gates{MaxBytes: 4}, "abcde", gate.TooLong},
		{"too many tokens", gate.Gates{MaxTokens: 2}, "東京都", gate.TooLong},
		{"as many tokens as may be", gate.Gates{MaxTokens: 2}, "eight by", gate.Pass},
		{"required", gate.Gates{Require: []*regexp.Regexp{regexp.MustCompile(`\d`)}}, "none", gate.Unmatched},
		{"required and there", gate.Gates{Require: []*regexp.Regexp{regexp.MustCompile(`\d`)}}, "7", gate.Pass},
		{"forbidden", gate.Gates{Forbid: []*regexp.Regexp{regexp.MustCompile(`(?i)score`)}}, "Score: 10", gate.Forbidden},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { require.Equal(t, test.want, test.gates.Check(test.answer)) })
	}
}

func FuzzContentless(f *testing.F) {
	for _, s := range []string{"", ":", "Solution", "解: 42", "<think>x</think>", "```a\n```", `\boxed{}`, "<!-- x", "Let's think step by step."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if gate.IsContentless(s) {
			// White space around it changes nothing.
			require.True(t, gate.IsContentless(" "+s+"\n"))
		}
		// A number behind it on a line of its own is content, unless the text
		// ends inside reasoning, a comment or a tag.
		if len(s) < 200 && !regexp.MustCompile(`[<\[◁\\`+"`"+`]`).MatchString(s) {
			require.False(t, gate.IsContentless(s+"\n42"))
		}
	})
}

func BenchmarkContentless(b *testing.B) {
	for name, unit := range map[string]string{"prose": "a word ", "braces": "{", "tags": "<b>", "comments": "<!--", "openings": "Solution\n", "boxes": `\boxed{`, "fences": "```a\n"} {
		text := strings.Repeat(unit, 1<<20/len(unit))
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				gate.IsContentless(text)
			}
		})
	}
}
