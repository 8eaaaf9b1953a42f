package fence_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/answer"
	"github.com/rftgrader/rftgrader/graders/code/fence"
	"github.com/rftgrader/rftgrader/testdata"
)

// names are the tags of languages as their table has them.
func names(language string) []string {
	return map[string][]string{
		"python":     {"python", "py", "python3", "py3"},
		"javascript": {"javascript", "js", "node"},
		"c":          {"c"},
		"cpp":        {"cpp", "c++", "cc"},
		"bash":       {"bash", "sh", "shell"},
	}[language]
}

// TestSharedCases reads the answers of the shared catalogue.
func TestSharedCases(t *testing.T) {
	f, err := os.Open(testdata.Shared(t, "cases", "code", "extraction.jsonl"))
	require.NoError(t, err)
	defer f.Close()
	lines := bufio.NewScanner(f)
	n := 0
	for lines.Scan() {
		var c struct {
			ID, Language, Completion string
			Expected                 *string `json:"expected_code"`
			Raw                      bool    `json:"raw_ok"`
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &c))
		n++
		t.Run(c.ID, func(t *testing.T) {
			code, ok, why := fence.Search{Names: names(c.Language), Policy: fence.Last, Raw: c.Raw}.Find(answer.Strip(c.Completion).Text())
			require.Equal(t, c.Expected != nil, ok, why)
			if ok {
				require.Equal(t, *c.Expected, code)
			}
		})
	}
	require.NoError(t, lines.Err())
	require.NotZero(t, n)
}

func TestFind(t *testing.T) {
	for _, c := range []struct {
		name, language string
		policy         fence.Policy
		raw            bool
		text, want     string // "" for none
	}{
		{"a title", "python", fence.Last, false, "```python title=\"a.py\"\nx\n```", "x\n"},
		{"a class of pandoc", "python", fence.Last, false, "``` {.python .numberLines}\nx\n```", "x\n"},
		{"a file behind a colon", "python", fence.Last, false, "```python:main.py\nx\n```", "x\n"},
		{"a language- prefix", "python", fence.Last, false, "```language-python\nx\n```", "x\n"},
		{"behind text", "python", fence.Last, false, "Here it is: ```python\nx\n```", "x\n"},
		{"a version", "python", fence.Last, false, "```python3.11\nx\n```", "x\n"},
		{"a standard", "cpp", fence.Last, false, "```c++14\nx\n```", "x\n"},
		{"the name of a file", "python", fence.Last, false, "```solution.py\nx\n```", "x\n"},
		{"a version of another language", "c", fence.Last, false, "```c++14\nx\n```", ""},
		{"in Markdown", "python", fence.Last, false, "````markdown\n# Answer\n```python\nx\n```\n````", "x\n"},
		{"in Markdown with tildes", "python", fence.Last, false, "~~~md\n```python\nx\n```\n~~~", "x\n"},
		{"fences in a docstring", "python", fence.Last, false, "```python\ndef f():\n    \"\"\"\n    ```\n    f()\n    ```\n    \"\"\"\n    return 1\n```\nDone.", "def f():\n    \"\"\"\n    ```\n    f()\n    ```\n    \"\"\"\n    return 1\n"},
		{"a tagged fence in a docstring", "python", fence.Last, false, "```python\ndef f():\n    \"\"\"\n    ```python\n    f()\n    ```\n    \"\"\"\n    return 1\n```", "def f():\n    \"\"\"\n    ```python\n    f()\n    ```\n    \"\"\"\n    return 1\n"},
		{"an end out of its place", "python", fence.Last, false, "```python\nx\n    ```\nIt prints:\n```\n1\n```", "x\n"},
		{"an end out of its place, and another block", "python", fence.First, false, "```python\nx\n    ```\n2. Then:\n    ```python\n    y\n    ```", "x\n"},
		{"a deep fence alone", "python", fence.First, false, "```python\nx\n    ```python\ny\n```python\nz\n```", "x\n    ```python\ny\n"},
		{"a session", "python", fence.Last, false, "```python\nx\n```\n```python\n>>> x\n1\n```", "x\n"},
		{"output that is expected", "python", fence.Last, false, "```\nx\n```\nExpected output for the example:\n```\n1\n```", "x\n"},
		{"marks of HTML", "python", fence.Last, true, "Here:\n<pre><code class=\"language-python\">def f(a):\n    return a &lt; 1\n</code></pre>\nDone.", "def f(a):\n    return a < 1\n"},
		{"marks in brackets", "python", fence.Last, true, "[PYTHON]\nimport sys\nprint(1)\n[/PYTHON]", "import sys\nprint(1)\n"},
		{"marks of an answer", "python", fence.Last, true, "So:\n<answer>\nn = int(input())\nprint(n)\n</answer>", "n = int(input())\nprint(n)\n"},
		{"marks of an answer around prose", "python", fence.Last, true, "<answer>\nIt is\nfive.\n</answer>", ""},
		{"marks in the code", "javascript", fence.Last, true, "const a = 1;\nf(`<code>\nlet b = 2;\nlet c = 3;\n</code>`);", "const a = 1;\nf(`<code>\nlet b = 2;\nlet c = 3;\n</code>`);\n"},
		{"inline code", "python", fence.Last, false, "Use ```x``` and ```y```", ""},
		{"a quotation", "python", fence.Last, false, "> ```python\n> if x:\n>     y\n>\n> z\n> ```", "if x:\n    y\n\nz\n"},
		{"behind a list mark", "python", fence.Last, false, "- ```python\n  x\n  ```", "x\n"},
		{"behind a number", "python", fence.Last, false, "1. ```python\n   if x:\n       y\n   ```", "if x:\n    y\n"},
		{"a body keeps its indentation", "python", fence.Last, false, "```python\n    return 1\n```", "    return 1\n"},
		{"some lines less indented", "python", fence.Last, false, "  ```python\nx\n  y\n  ```", "x\n  y\n"},
		{"never closed", "python", fence.Last, false, "```python\nx\ny", "x\ny\n"},
		{"closed at the end of a line", "python", fence.Last, false, "```python\nx```\nThat is it.", "x\n"},
		{"closed at the end of a line, and opened again", "python", fence.First, false, "```python\nx```\n```python\ny\n```", "x\n"},
		{"opened again without an end", "python", fence.Last, false, "```python\nx\n```python\ny\n```", "y\n"},
		{"a closing fence too short", "python", fence.Last, false, "````python\nx\n```\ny\n````", "x\n```\ny\n"},
		{"a longer closing fence", "python", fence.Last, false, "```python\nx\n`````", "x\n"},
		{"the other mark inside", "python", fence.Last, false, "```python\n~~~\n```", "~~~\n"},
		{"an empty last block", "python", fence.Last, false, "```python\nx\n```\n```python\n\n```", "x\n"},
		{"without a tag", "python", fence.Last, false, "```\nx\n```", "x\n"},
		{"a tag that says nothing", "python", fence.Last, false, "```code\nx\n```", "x\n"},
		{"an output without a tag", "python", fence.Last, false, "```\nx\n```\n**Output:**\n```\n2\n```", "x\n"},
		{"nothing but an output", "python", fence.Last, false, "Expected output:\n```\n2\n```", ""},
		{"only another language", "python", fence.Last, false, "```js\nx\n```", ""},
		{"only text", "python", fence.Last, false, "```text\nx\n```", ""},
		{"only a transcript", "python", fence.Last, false, "```pycon\n>>> x\n```", ""},
		{"first", "python", fence.First, false, "```python\nx\n```\n```py\ny\n```", "x\n"},
		{"only, of one", "python", fence.Only, false, "```python\nx\n```\n```sh\ny\n```", "x\n"},
		{"only, of two", "python", fence.Only, false, "```python\nx\n```\n```python\ny\n```", ""},
		{"longest", "python", fence.Longest, false, "```python\nlong\n```\n```python\ny\n```", "long\n"},
		{"longest of equals", "python", fence.Longest, false, "```python\nx\n```\n```python\ny\n```", "y\n"},
		{"all", "python", fence.All, false, "```python\nx\n```\nand\n```python\ny\n```", "x\ny\n"},
		{"raw code", "python", fence.Last, true, "import sys\nprint(sys.argv)\n", "import sys\nprint(sys.argv)\n"},
		{"a raw body", "python", fence.Last, true, "\n    return 1\n", "    return 1\n"},
		{"raw code that is not allowed", "python", fence.Last, false, "import sys\nprint(1)", ""},
		{"raw C", "c", fence.Last, true, "#include <stdio.h>\nint main(void) { return 0; }", "#include <stdio.h>\nint main(void) { return 0; }\n"},
		{"raw shell", "bash", fence.Last, true, "read n\necho $((n + 1))", "read n\necho $((n + 1))\n"},
		{"prose", "python", fence.Last, true, "The answer is 5.", ""},
		{"prose around code", "python", fence.Last, true, "Here is the code.\ndef f(): pass\nIt works.", ""},
		{"a number", "python", fence.Last, true, "42", ""},
		{"text that looks like code", "python", fence.Last, false, "```text\ndef f(): pass\n```", "def f(): pass\n"},
		{"text that shows output", "python", fence.Last, false, "Output:\n```text\nx = 1\n```", ""},
		{"between marks", "python", fence.Last, true, "Done.\n[BEGIN]\nx = 1\n[DONE]\nBye.", "x = 1\n"},
		{"a mark of byte order", "python", fence.Last, true, "It:\n```python\n\ufeffx = 1\n```", "x = 1\n"},
		{"raw, but there is a block", "python", fence.Last, true, "def f(): pass\n```text\nx\n```", ""},
		{"nothing", "python", fence.Last, true, " \n\u200b", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, ok, why := fence.Search{Names: names(c.language), Policy: c.policy, Raw: c.raw}.Find(c.text)
			require.Equal(t, c.want != "", ok, why)
			require.Equal(t, c.want, code)
			require.NotEmpty(t, why)
		})
	}
}

func ExampleBlocks() {
	for _, b := range fence.Blocks("Run this:\n```sh\nls\n```\n") {
		fmt.Printf("%s %q %v %q\n", b.Tag, b.Code, b.Closed, b.Heading)
	}
	// Output:
	// sh "ls\n" true "Run this:"
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"```python\nx\n```", "~~~\nx", "> 1. ```py\n> x", "a ```py\nx```", "``` {.py}\n", "x = 1", "```\n0\r", "```\nx\r\r\n```", "```\n0\r```"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, b := range fence.Blocks(s) {
			require.True(t, b.Code == "" || strings.HasSuffix(b.Code, "\n"))
			require.NotContains(t, b.Code, "\r\n")
		}
		for _, p := range []fence.Policy{fence.Last, fence.First, fence.Only, fence.Longest, fence.All} {
			code, ok, why := fence.Search{Names: names("python"), Policy: p, Raw: true}.Find(s)
			require.Equal(t, ok, strings.TrimSpace(code) != "", "%q", code)
			require.NotEmpty(t, why)
		}
	})
}

func BenchmarkHostile(b *testing.B) {
	var falling strings.Builder
	for n := 1400; n > 3; n-- {
		mark := strings.Repeat("`", n)
		falling.WriteString(mark + "py\nx" + mark[:n/2] + "\n")
	}
	b.Run("fences of falling length", func(b *testing.B) {
		for b.Loop() {
			fence.Blocks(falling.String())
		}
	})
	for _, line := range []string{"```\n", "```python\n", "> ", "- ", "x```", "1. ```py\n", "``` `\n", "~~~~a\n", "\n"} {
		text := strings.Repeat(line, 1<<20/len(line))
		b.Run(fmt.Sprintf("%q", line), func(b *testing.B) {
			for b.Loop() {
				fence.Search{Names: names("python"), Policy: fence.All, Raw: true}.Find(text)
			}
		})
	}
}

// TestAmid has answers without a block, of which the function is known by name.
func TestAmid(t *testing.T) {
	for _, c := range []struct{ name, language, text, want string }{
		{"behind a sentence", "python", "Here is the function you want.\n\nimport math\n\ndef f(x):\n\treturn math.sqrt(x)\n\nIt takes the root.", "import math\n\ndef f(x):\n\treturn math.sqrt(x)\n"},
		{"braces on lines of their own", "javascript", "Use a loop:\nfunction f(x)\n{\n  return x;\n}\nThat is all.", "function f(x)\n{\n  return x;\n}\n"},
		{"two programs", "python", "First this one.\ndef f(): pass\nThen this one.\ndef f(): return 1\nChoose.", "def f(): return 1\n"},
		{"a usage behind it", "python", "First this one.\ndef f(): pass\nNow use it so:\nimport sys\nprint(f())\nGood.", "def f(): pass\n"},
		{"sentences that open as code does", "python", "I would do two things here.\nimport duties rise, and\nfrom there import them f(x).\nclass counts: no.", ""},
		{"another function", "python", "See.\ndef g(): pass\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, ok, why := fence.Search{Names: names(c.language), Policy: fence.Last, Raw: true, Defines: func(code string) bool {
				return strings.Contains(code, "def f(") || strings.Contains(code, "function f(")
			}}.Find(c.text)
			require.Equal(t, c.want != "", ok, why)
			require.Equal(t, c.want, code)
		})
	}
}
