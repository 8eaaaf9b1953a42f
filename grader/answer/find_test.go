package answer_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/answer"
)

// A findCase is a response and what one finder finds in it: the answer, or
// nothing and why.
type findCase struct{ name, in, want, why string }

// requireFinds checks that text which is not decoded stands where it is said
// to stand.
func requireFinds(t *testing.T, finder string, verbatim bool, cases []findCase) {
	t.Helper()
	f := answer.MustParse(finder)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := f.Find(c.in)
			require.Equal(t, c.want, got.Text, got.Why)
			require.Equal(t, c.want != "", got.OK)
			require.Contains(t, got.Why, c.why)
			if !got.OK {
				require.Equal(t, answer.Found{Why: got.Why}, got)
				return
			}
			require.Equal(t, finder, got.Finder)
			if verbatim {
				require.Equal(t, got.Text, c.in[got.Start:got.End])
			}
		})
	}
}

func TestBoxed(t *testing.T) {
	requireFinds(t, "boxed", true, []findCase{
		{"plain", `So \boxed{42}.`, "42", "boxed: the last box, line 1"},
		{"fbox", `\fbox{42}`, "42", ""},
		{"the last of several", "\\boxed{1}\n\\boxed{2}\n\\boxed{3}", "3", "boxed: the last box of 3, line 3"},
		{"braces inside", `\boxed{\frac{1}{\sqrt{2}}}`, `\frac{1}{\sqrt{2}}`, ""},
		{"escaped braces", `\boxed{\{1,2\}}`, `\{1,2\}`, ""},
		{"an escaped brace that closes nothing", `\boxed{\left\{1\right.}`, `\left\{1\right.`, ""},
		{"a line break before the brace", `\boxed{a\\}`, `a\\`, ""},
		{"a space before the brace", "\\boxed\n{5}", "5", ""},
		{"white space inside", "\\boxed{\n 5\n}", "5", ""},
		{"a number without braces", `$\boxed 5$`, "5", ""},
		{"a number without braces or space", `\boxed5`, "5", ""},
		{"a signed decimal without braces", `\boxed -1,234.5.`, "-1,234.5", ""},
		{"a letter without braces", `$\boxed B$`, "B", ""},
		{"a command without braces", `$\boxed\pi$`, `\pi`, ""},
		{"a mention in prose", `\boxed{5}, as \boxed and a box want`, "5", ""},
		{"a mention only", `Put it in a \boxed please.`, "", `no \boxed{}`},
		{"another command", `\boxedeq{5}`, "", `no \boxed{}`},
		{"a doubled backslash", `\\boxed{5}`, "5", ""},
		{"a doubled backslash throughout", `\\boxed{\\frac{1}{2}}`, `\\frac{1}{2}`, ""},
		{"a backslash that became a backspace", "\boxed{5}", "5", ""},
		{"a backslash that became a form feed", "\fbox{5}", "5", ""},
		{"a box in a box", `\boxed{\boxed{3}}`, "3", ""},
		{"a box that alone fills a box", `\boxed{ \boxed{\fbox{3}} }`, "3", ""},
		{"a box among other text in a box", `\boxed{x = \boxed{3} + 1}`, `x = \boxed{3} + 1`, ""},
		{"an empty box is passed over", `\boxed{5} in \boxed{}`, "5", ""},
		{"an empty box in a box is passed over", `\boxed{5} in \boxed{\boxed{ }}`, "5", ""},
		{"empty boxes only", `\boxed{} \boxed{ }`, "", "every box is empty"},
		{"never closed", `\boxed{42`, "", "the last box is never closed, line 1"},
		{"the last one never closed", "\\boxed{41}\n\\boxed{42", "", "the last box is never closed, line 2"},
		{"an earlier one never closed", "\\boxed{41\nSo \\boxed{42}", "42", ""},
		{"a whole one in one never closed", `\boxed{x = \boxed{3} + `, "", "never closed"},
		{"closing braces before", `}}} \boxed{5}`, "5", ""},
		{"none", "42", "", `no \boxed{}`},
		{"in a thought", `<think>\boxed{7}</think>\boxed{5}`, "5", ""},
		{"in a thought only", `<think>\boxed{7}</think>five`, "", `no \boxed{}`},
		{"before a later thought", `\boxed{5}<think>hm</think>done`, "", `no \boxed{}`},
		{"before a last thought", `\boxed{5}<think>hm</think>`, "5", ""},
		{"around a thought", `\boxed{1<think>7</think>2}`, "", `no \boxed{}`},
	})
}

func TestHashes(t *testing.T) {
	requireFinds(t, "hashes", true, []findCase{
		{"as in GSM8K", "2 + 2 = 4\n#### 4", "4", "hashes: behind the last ####, line 2"},
		{"without a space", "####4", "4", ""},
		{"behind text", "Thus... #### 1,234", "1,234", ""},
		{"to the end of the line", "#### 18 dollars\nBye.", "18 dollars", ""},
		{"a carriage return", "#### 18\r\nBye.", "18", ""},
		{"the last of two", "#### 1\n#### 2", "2", ""},
		{"two on a line", "#### 1 #### 2", "2", ""},
		{"on the next line", "####\n\n18\nBye.", "18", "hashes: the line below the last ####, line 3"},
		{"bold", "**#### 18**", "18", ""},
		{"bold behind it", "#### **18**", "18", ""},
		{"closed like a heading", "#### 18 ####", "18", ""},
		{"a hash in the answer", "#### C#", "C#", ""},
		{"a heading before the answer", "#### Step 1\nAdd.\n#### 18", "18", ""},
		{"a heading behind the answer", "#### 18\n#### Note\nDone.", "18", ""},
		{"a numbered heading", "#### 1. Add\nText.", "", "#### begins headings only"},
		{"headings only", "#### Step 1\nAdd.\n#### Step 2\nAdd.", "", "#### begins headings only"},
		{"words on the last line", "It is in France.\n#### Paris", "Paris", ""},
		{"a heading that announces the answer", "#### Final Answer\n\n18\n", "18", ""},
		{"a heading with a colon", "#### **Answer:** 18\nDone.", "18", ""},
		{"a heading that holds the answer", "#### The final answer is 18\nDone.", "18", ""},
		{"five hashes", "##### 18", "", "no ####"},
		{"three hashes", "### 18", "", "no ####"},
		{"nothing behind it", "18\n####\n", "", "nothing stands behind the last ####"},
		{"nothing behind the last", "#### 18\n####", "", "nothing stands behind the last ####, line 2"},
		{"in a thought", "<think>#### 7</think>\n#### 5", "5", ""},
	})
}

func TestTag(t *testing.T) {
	requireFinds(t, "tag:answer", true, []findCase{
		{"plain", "<answer>5</answer>", "5", "tag:answer: the last element, line 1"},
		{"any case", "<ANSWER>5</Answer>", "5", ""},
		{"lines", "<answer>\nfive\nsix\n</answer>", "five\nsix", ""},
		{"the last of two", "<answer>5</answer>\n<answer>6</answer>", "6", ""},
		{"an empty one is passed over", "<answer>5</answer><answer> </answer>", "5", ""},
		{"empty ones only", "<answer></answer>", "", "every <answer> is empty"},
		{"never closed", "<answer>5", "", "the last <answer> is never closed, line 1"},
		{"the last one never closed", "<answer>5</answer> or <answer>6", "", "never closed"},
		{"nested", "<answer><answer>5</answer></answer>", "5", ""},
		{"nested and empty", "<answer>1</answer><answer><answer></answer></answer>", "1", ""},
		{"opened twice", "<answer>5 <answer>6</answer>", "6", ""},
		{"closed twice", "<answer>5</answer></answer>", "5", ""},
		{"closed first", "</answer>5<answer>", "", "never closed"},
		{"a longer name", "<answers>5</answers>", "", "no <answer>"},
		{"another tag inside", "<answer><b>5</b></answer>", "<b>5</b>", ""},
		{"in a thought", "<think><answer>7</answer></think><answer>5</answer>", "5", ""},
		{"around a thought", "<answer>5<think>7</think></answer>", "", "no <answer>"},
	})
	require.Equal(t, "5", answer.MustParse("tag:ns:final-answer_1.x").Find("<ns:final-answer_1.x>5</ns:final-answer_1.x>").Text)
}

func TestCode(t *testing.T) {
	requireFinds(t, "code", false, []findCase{
		{"plain", "Here:\n```python\nx = 1\n```\nDone.", "x = 1", "code: the last code block, line 3"},
		{"without a language", "```\nx\n```", "x", ""},
		{"the last of two", "```\na\n```\n```\nb\n```", "b", "code: the last code block of 2, line 5"},
		{"tildes", "~~~ruby\nx\n~~~", "x", ""},
		{"never closed", "```\nx = 1\ny = 2", "x = 1\ny = 2", ""},
		{"a longer fence around a fence", "````\n```\nx\n```\n````", "```\nx\n```", ""},
		{"closed by a longer fence", "```\nx\n`````\ny", "x", ""},
		{"not closed by a shorter fence", "````\nx\n```\ny\n````", "x\n```\ny", ""},
		{"not closed by another mark", "```\nx\n~~~\ny\n```", "x\n~~~\ny", ""},
		{"backticks in a line", "```\nprint('```')\n```", "print('```')", ""},
		{"code in a line is no block", "```x```", "", "no fenced code block"},
		{"an indented fence", "1. Code:\n\n   ```python\n   def f():\n       return 1\n   ```", "def f():\n    return 1", ""},
		{"an indented fence around text that is not", "  ```\n  a\nb\n  ```", "  a\nb", ""},
		{"a blank line in an indented fence", "  ```\n  a\n\n  b\n  ```", "a\n\nb", ""},
		{"the first line's indentation stays", "```\n    return 1\n```", "    return 1", ""},
		{"blank lines around", "```\n\n\nx\n\n```", "x", ""},
		{"carriage returns", "```\r\na\r\nb\r\n```\r\n", "a\nb", ""},
		{"behind text, with a language", "Here it is: ```python\nx\n```\nDone.", "x", ""},
		{"behind text, without a language", "Use ``` for code\nx", "", "no fenced code block"},
		{"an empty block is passed over", "```\nx\n```\n```\n```", "x", ""},
		{"a byte-order mark", "\ufeff```\nx\n```", "x", ""},
		{"in a thought", "<think>\n```\ny\n```\n</think>\n```\nx\n```", "x", ""},
		{"in a thought only", "<think>\n```\ny\n```\n</think>\nNo.", "", "no fenced code block"},
	})
}

func TestJSON(t *testing.T) {
	requireFinds(t, "json:/answer", false, []findCase{
		{"a string", `So: {"answer": "forty-two"}`, "forty-two", "json:/answer: the last JSON value, line 1"},
		{"escapes", `{"answer": "a\u00e9\n\"b\""}`, "aé\n\"b\"", ""},
		{"a number as written", `{"answer": 1.50e0}`, "1.50e0", ""},
		{"a Boolean", `{"answer": false}`, "false", ""},
		{"a list", `{"answer": [1, {"a": 2}]}`, `[1,{"a":2}]`, ""},
		{"null", `{"answer": null}`, "", "is null"},
		{"an empty string", `{"answer": " "}`, "", "is empty"},
		{"in a fence", "```json\n{\n  \"answer\": 5\n}\n```", "5", ""},
		{"the last of two", `{"answer": 5} {"answer": 6}`, "6", ""},
		{"a citation behind it", `{"answer": 5} as in [1].`, "5", ""},
		{"LaTeX behind it", `{"answer": 5} is \boxed{} and \frac{1}{2}`, "5", ""},
		{"prose in braces behind it", `{"answer": 5} {see above}`, "5", ""},
		{"no such member", `{"answer": 5} {"result": 6}`, "", "nothing at that pointer"},
		{"broken", `{"answer": 5} {"answer": 6,}`, "", "broken or was cut off"},
		{"cut off", `{"answer": 5} {"answer": 6`, "", "broken or was cut off"},
		{"cut off in a string", `{"answer": "5`, "", "broken or was cut off"},
		{"broken before a whole one", `{"answer": 5,} {"answer": 6}`, "6", ""},
		{"inside a broken one", `{"a": [{"answer": 5}], b: 1}`, "", "broken or was cut off"},
		{"inside prose in braces", `{see {"answer": 5}}`, "5", ""},
		{"a brace in a string", `{"x": "}{", "answer": 5}`, "5", ""},
		{"a name twice", `{"answer": 5, "answer": 6}`, "", "holds a name twice"},
		{"text that JSON forbids", `{"answer": "\ud800"}`, "", "text that JSON forbids"},
		{"in a list", `[{"answer": 5}]`, "", "no JSON object"},
		{"none", "5", "", "no JSON object"},
		{"around a thought", `{"answer": <think>7</think> 5}`, "", "no JSON object"},
	})
}

func TestJSONPointers(t *testing.T) {
	const text = `Take {"a": [10, {"b/c": "x"}], "d": {}} please.`
	for _, c := range []struct{ finder, in, want string }{
		{"json:", text, `{"a":[10,{"b/c":"x"}],"d":{}}`},
		{"json:/a/0", text, "10"},
		{"json:/a/1/b~1c", text, "x"},
		{"json:/d", text, "{}"},
		{"json:/a/2", text, ""},
		{"json:/a/00", text, ""},
		{"json:/a/0/x", text, ""},
		{"json:/1", "[5, 6]", "6"},
		{"json:", "See [1, 2].", "[1,2]"},
		{"json:", "The list is empty:\n[]\n", "[]"},
		{"json:", `\boxed{} and x[] `, ""},
		{"json:", "[1, 2] and [3, ", ""},
		{"json:", "[1,2] and [3, x]", "[1,2]"},
	} {
		t.Run(c.finder+" in "+c.in, func(t *testing.T) {
			got := answer.MustParse(c.finder).Find(c.in)
			require.Equal(t, c.want, got.Text, got.Why)
		})
	}
	got := answer.MustParse("json:/a/0").Find(text)
	require.Equal(t, "10", text[got.Start:got.End])
	got = answer.MustParse("json:/a/1/b~1c").Find(text)
	require.Equal(t, `"x"`, text[got.Start:got.End])
}

func TestRegex(t *testing.T) {
	for _, c := range []struct{ name, finder, in, want, why string }{
		{"the whole match", `regex:\d+`, "1 22 333 x", "333", "regex: the last match, line 1"},
		{"the first group", `regex:x=(\d+),y=(\d+)`, "x=1,y=2 x=3,y=4", "3", ""},
		{"a group that is no part of the last match", `regex:a(\d)?`, "a1 a", "1", ""},
		{"white space around", `regex:is(.*)`, "it is  5 ", "5", ""},
		{"anchored to lines", `regex:(?m)^Result: (.+)$`, "Result: 1\nResult: 2\n no Result: 3", "2", ""},
		{"no match", `regex:z`, "x", "", "regex: no match"},
		{"empty matches only", `regex:z*`, "x", "", "regex: every match is empty"},
		{"many matches", `regex:\d+`, strings.Repeat("12 34\n", 20000) + "567", "567", ""},
		{"many matches before much text", `regex:\d+`, strings.Repeat("12 34\n", 20000) + strings.Repeat("x", 1<<18), "", "too many matches"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := answer.MustParse(c.finder).Find(c.in)
			require.Equal(t, c.want, got.Text)
			require.Equal(t, c.want, c.in[got.Start:got.End])
			require.Contains(t, got.Why, c.why)
		})
	}
}

func TestLastLine(t *testing.T) {
	requireFinds(t, "last_line", true, []findCase{
		{"plain", "a\nb\n", "b", "last_line: the last line, line 2"},
		{"blank lines", "a\n \n\t\n", "a", ""},
		{"bold", "a\n**b c**\n", "b c", ""},
		{"bold and code", "**`b`**", "b", ""},
		{"half bold", "**a** and **b**", "**a** and **b**", ""},
		{"a rule and a fence", "a\n```\n---\n", "a", ""},
		{"carriage returns", "a\r\nb\r\n", "b", ""},
		{"behind a thought", "<think>x\n</think>y", "y", ""},
		{"marks only", "---\n***", "", "no line holds text"},
	})
}

func TestWhole(t *testing.T) {
	requireFinds(t, "whole", true, []findCase{
		{"plain", " a\nb \n", "a\nb", "whole: the whole text, line 1"},
		{"behind a thought", "<think>x</think>\n\nParis\n", "Paris", ""},
		{"invisible characters", "\ufeff\u200bParis\u00a0", "Paris", ""},
		{"empty", "\n", "", "the response is empty"},
		{"cut off", "Paris<think>", "", "never closed"},
	})
	got := answer.MustParse("whole").Find(" a<think>x</think>b ")
	require.Equal(t, answer.Found{Text: "b", OK: true, Finder: "whole", Start: 18, End: 19, Why: "whole: the whole text, line 1"}, got)
}

func TestFindInOrder(t *testing.T) {
	f := answer.MustParse("boxed", "hashes", "last_number")
	for _, c := range []struct{ name, in, finder, want, why string }{
		{"the first hit wins", "#### 1\n\\boxed{2} 3", "boxed", "2", ""},
		{"the second where the first has none", "#### 1\n", "hashes", "1", ""},
		{"the last where the others have none", "It is 3.", "last_number", "3", ""},
		{"each says why it has none", "three", "", "", `boxed: no \boxed{}; hashes: no ####; last_number: no number`},
		{"no body, no finders", "<think>3", "", "", "the reasoning that opens with <think>, line 1, is never closed, so there is no final answer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := f.Find(c.in)
			require.Equal(t, c.want, got.Text)
			require.Equal(t, c.finder, got.Finder)
			require.Contains(t, got.Why, c.why)
		})
	}
	require.Equal(t, answer.Found{Why: "there are no finders"}, answer.Finders{}.Find("5"))
}

// TestWhyNeverQuotes plants a word in the response and looks for it.
func TestWhyNeverQuotes(t *testing.T) {
	for _, in := range []string{`\boxed{secret`, "#### secret", "<answer>secret", "the answer is secret", `{"secret": 1,`, "secret", `[secret]`} {
		for _, name := range finderNames() {
			require.NotContains(t, answer.MustParse(name).Find(in).Why, "secret", "%s on %s", name, in)
		}
	}
}

func finderNames() []string {
	return []string{"boxed", "hashes", "tag:answer", "marker", "last_number", "last_line", "code", "json:", "json:/answer", `regex:\d+`, "whole"}
}
