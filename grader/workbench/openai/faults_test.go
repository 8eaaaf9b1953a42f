package openai_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/spec"
	"github.com/rftgrader/rftgrader/grader/workbench/openai"
)

func TestFaults(t *testing.T) {
	check := func(members string) string {
		return `{"type": "string_check", "operation": "eq", "input": "{{sample.output_text}}", "reference": "{{item.a}}"` + members + `}`
	}
	for _, c := range []struct{ name, text, want string }{
		{"not JSON", `type: python`, "not JSON"},
		{"a list", `[1]`, "want a JSON object"},
		{"cut off", `{"type": "multi"`, "not JSON"},
		{"no type", `{}`, "type: missing"},
		{"an unknown type", `{"type": "regex"}`, `type "regex": want string_check`},
		{"a member that is not known", check(`, "trim": true`), "trim: this member of a grader is not known"},
		{"a member of another type", check(`, "name": 5`), "name: this member has a value of another type"},
		{"python", `{"type": "python", "source": "def grade(sample, item): return 1"}`, "a kind of your own"},
		{"python in a multi", `{"type": "multi", "graders": {"p": {"type": "python", "source": "x"}}, "calculate_output": "p"}`, "graders.p: python"},
		{"a multi in a multi", `{"type": "multi", "graders": {"p": {"type": "multi"}}, "calculate_output": "p"}`, "graders.p: a multi inside a multi"},
		{"no formula", `{"type": "multi", "graders": {}}`, "calculate_output: want a number"},
		{"a constant", `{"type": "multi", "graders": {}, "calculate_output": "1"}`, "names no grader"},
		{"a formula of Python", `{"type": "multi", "graders": {"a": {}}, "calculate_output": "a ** 2"}`, "calculate_output: want a number"},
		{"an unknown function", `{"type": "multi", "graders": {"a": {}}, "calculate_output": "round(a)"}`, `no function "round"`},
		{"an unknown grader", `{"type": "multi", "graders": {}, "calculate_output": "a"}`, `no grader "a"`},
		{"graders in a list", `{"type": "multi", "graders": [], "calculate_output": "a"}`, "want an object of graders"},
		{"no operation", `{"type": "string_check", "input": "{{sample.output_text}}", "reference": "a"}`, "want eq, ne, like or ilike"},
		{"an unknown operation", strings.ReplaceAll(check(""), `"eq"`, `"regex"`), `operation "regex"`},
		{"no input", `{"type": "string_check", "operation": "eq", "reference": "a"}`, "input: missing"},
		{"messages in the place of a text", `{"type": "string_check", "operation": "eq", "reference": "a", "input": []}`, "input: want a text"},
		{"nothing of the model", strings.ReplaceAll(check(""), "sample.output_text", "item.b"), "written by the model"},
		{"nothing of the row", strings.ReplaceAll(check(""), "item.a", "sample.output_text"), "both written by the model"},
		{"text beside that of the model", strings.ReplaceAll(check(""), "{{sample", "The answer is {{sample"), "stands beside other text"},
		{"an empty reference", strings.ReplaceAll(check(""), "{{item.a}}", " "), "the text to compare with is empty"},
		{"another namespace", strings.ReplaceAll(check(""), "item.a", "row.a"), "want item or sample"},
		{"a namespace alone", strings.ReplaceAll(check(""), "item.a", "item"), "want item or sample"},
		{"a filter", strings.ReplaceAll(check(""), "item.a", "item.a | lower"), "want item or sample"},
		{"a template that is never closed", strings.ReplaceAll(check(""), "item.a}}", "item.a"), "never closed"},
		{"a bracket that is never closed", strings.ReplaceAll(check(""), "item.a", "item.a[0"), "a [ is never closed"},
		{"a name in brackets without quotes", strings.ReplaceAll(check(""), "item.a", "item[a]"), "want a number or a quoted name"},
		{"another variable of the sample", strings.ReplaceAll(check(""), "output_text", "model"), "want sample.output_text"},
		{"embeddings", `{"type": "text_similarity", "input": "{{sample.output_text}}", "reference": "a", "evaluation_metric": "cosine"}`, "embeddings"},
		{"an unknown metric", `{"type": "text_similarity", "input": "{{sample.output_text}}", "reference": "a", "evaluation_metric": "rouge_9"}`, `"rouge_9"`},
		{"bleu the other way round", `{"type": "text_similarity", "input": "a", "reference": "{{sample.output_text}}", "evaluation_metric": "bleu"}`, "swap input and reference"},
		{"a range of one number", `{"type": "score_model", "range": [1], "input": "Rate."}`, "range: want"},
		{"a range that is crossed", `{"type": "score_model", "range": [1, 0], "input": "Rate."}`, "range: want"},
		{"a range without bounds", `{"type": "score_model", "range": [0, 1e300], "input": "Rate."}`, "want scores from"},
		{"a label twice", `{"type": "label_model", "labels": ["a", "b", "a"], "passing_labels": ["a"]}`, `"a" occurs twice`},
		{"no messages", `{"type": "score_model"}`, "want a list of messages"},
		{"empty messages", `{"type": "score_model", "input": [{"role": "user", "content": ""}]}`, "hold no text"},
		{"an image", `{"type": "score_model", "input": [{"role": "user", "content": {"type": "input_image", "image_url": "x"}}]}`, `"input_image"`},
		{"one label", `{"type": "label_model", "labels": ["a"], "passing_labels": ["a"]}`, "labels: want two or more"},
		{"no passing label", `{"type": "label_model", "labels": ["a", "b"]}`, "passing_labels: want at least one"},
		{"a passing label that is none", `{"type": "label_model", "labels": ["a", "b"], "passing_labels": ["c"]}`, `"c" is none of the labels`},
	} {
		t.Run(c.name, func(t *testing.T) {
			imported, err := openai.Convert([]byte(c.text), openai.Options{Name: "grader.json"})
			require.ErrorContains(t, err, c.want)
			require.Nil(t, imported)
		})
	}
}

func TestTemplates(t *testing.T) {
	for template, want := range map[string]string{
		"{{item.reference_answer}}":           `reference: ""`,
		"{{ item.reference_answer.a.b }}":     `reference: "/a/b"`,
		"{{item.reference_answer[0]}}":        `reference: "/0"`,
		"{{item['a b'][1].c}}":                `reference: "metadata:/a b/1/c"`,
		"{{item.a/b~c}}":                      "want item or sample",
		`{{item[\"a/b~c\"]}}`:                 `reference: "metadata:/a~1b~0c"`,
		"{{item.a}} and {{item.b}}":           `expect: "{{metadata:/a}} and {{metadata:/b}}"`,
		"x{{item.reference_answer}}":          `expect: "x{{}}"`,
		"plain \\\"text\\\" with: # marks\\n": `expect: "plain \"text\" with: # marks\n"`,
	} {
		text := `{"type": "string_check", "operation": "eq", "input": "{{sample.output_text}}", "reference": "` + template + `"}`
		imported, err := openai.Convert([]byte(text), openai.Options{})
		if err != nil {
			require.ErrorContains(t, err, want, template)
			continue
		}
		require.Contains(t, string(imported.Spec), "\n    "+want+"\n")
		_, err = spec.Parse("grader.yaml", imported.Spec, kinds(new(judgeOptions)))
		require.NoError(t, err, "%s", imported.Spec)
	}
}

func Example() {
	imported, err := openai.Convert([]byte(`{
		"type": "string_check", "name": "exact match", "operation": "eq",
		"input": "{{sample.output_text}}", "reference": "{{item.reference_answer}}"
	}`), openai.Options{Name: "grader.json"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(imported.Spec))
	// Output:
	// # Imported from grader.json, a grader of OpenAI's, by rft import openai.
	// version: 1
	// graders:
	//   exact_match:
	//     type: exact
	//     text: answer
	//     reference: ""
	//     whitespace: keep
	//     wrapping: keep
	//     unicode: none
	// range: [0, 1]
}

// FuzzConvert checks that a file is refused, or makes a spec that can be read;
// only a formula may be refused then, for what it gives where graders are at 0 or 1.
func FuzzConvert(f *testing.F) {
	files, err := filepath.Glob("testdata/*.json")
	require.NoError(f, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		imported, err := openai.Convert(text, openai.Options{Name: "grader.json"})
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		s, err := spec.Parse("grader.yaml", imported.Spec, kinds(new(judgeOptions)))
		if err == nil {
			require.NoError(t, s.Close())
			return
		}
		for _, fault := range spec.Errors(err) {
			require.Contains(t, fault.Headline(), ": score: ", "%s", imported.Spec)
		}
	})
}
