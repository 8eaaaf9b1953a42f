package openai_test

import (
	"context"
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/spec"
	"github.com/rftgrader/rftgrader/grader/workbench/openai"
	"github.com/rftgrader/rftgrader/graders/exact"
	"github.com/rftgrader/rftgrader/graders/similarity"
)

var update = flag.Bool("update", false, "write the specs that are compared")

// judgeOptions are those that an imported judge has.
type judgeOptions struct {
	Model     string             `json:"model" doc:"the model"`
	MaxTokens int                `json:"max_tokens" doc:"tokens"`
	Mode      string             `json:"mode" enum:"absolute,labels" doc:"the form of the verdict"`
	Scale     *judgeScale        `json:"scale,omitzero" doc:"the scale"`
	Labels    map[string]float64 `json:"labels,omitzero" doc:"the labels"`
	Rubric    string             `json:"rubric" doc:"the rubric"`
	Reference grader.Pointer     `json:"reference,omitzero" doc:"the reference"`
	Context   grader.Pointer     `json:"context,omitzero" doc:"the context"`
}

type judgeScale struct {
	Min float64 `json:"min" doc:"the worst"`
	Max float64 `json:"max" doc:"the best"`
}

// echo stands for a judge: the answer is the verdict that it would give.
func echo(seen *judgeOptions) *grader.Kind {
	return grader.Define("judge", "Judge takes the answer for the verdict.", judgeOptions{Mode: "absolute"},
		func(_ *grader.Env, o judgeOptions) (grader.Grader, error) {
			*seen = o
			return grader.Func(func(_ context.Context, r *grader.Rollout) (grader.Result, error) {
				answer := r.Response()
				if o.Mode == "labels" {
					return grader.Result{Score: o.Labels[answer], Reason: "the label"}, nil
				}
				v, err := strconv.ParseFloat(strings.Fields(answer)[0], 64)
				if err != nil {
					return grader.Result{}, grader.Permanentf("no verdict")
				}
				return grader.Result{Score: (v - o.Scale.Min) / (o.Scale.Max - o.Scale.Min), Reason: "the number"}, nil
			}), nil
		})
}

func kinds(seen *judgeOptions) []*grader.Kind {
	return []*grader.Kind{exact.Kind, similarity.Kind, echo(seen)}
}

func convert(t *testing.T, file string, o openai.Options) *openai.Import {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", file))
	require.NoError(t, err)
	o.Name = file
	imported, err := openai.Convert(text, o)
	require.NoError(t, err)
	return imported
}

// A graded is an answer with the score that OpenAI's rules give it, computed by hand.
type graded struct {
	answer string
	score  float64
}

// TestScores imports each grader file, reads the spec and grades with it.
func TestScores(t *testing.T) {
	row := map[string]any{
		"reference_answer": "Oslo",
		"decoy":            "Bergen",
		"ports":            []any{map[string]any{"name": "Oslo"}},
		"city":             "Oslo",
		"passage":          "The port of Oslo lies at the end of a fjord.",
		"question":         "Where?",
		"arguments":        `{"city":"Oslo"}`,
	}
	with := func(reference any) map[string]any {
		r := map[string]any{}
		for k, v := range row {
			r[k] = v
		}
		r["reference_answer"] = reference
		return r
	}
	contact := with(map[string]any{"name": "Ada Lind", "email": "ada@example.org"})
	const sentence = "The ship left the harbour at dawn"
	tool := `{"tool_calls": [{"id": "1", "type": "function", "function": {"name": "get_tide", "arguments": "{\"city\":\"Oslo\"}"}}]}`
	for _, c := range []struct {
		file    string
		options openai.Options
		row     map[string]any
		cases   []graded
	}{
		{"eq.json", openai.Options{}, row, []graded{{"Oslo", 1}, {"oslo", 0}, {"Oslo ", 0}, {"**Oslo**", 0}, {"", 0}, {"<think>Bergen?</think>\nOslo", 1}}},
		{"ne.json", openai.Options{}, row, []graded{{"Bergen", 0}, {"bergen", 1}, {"Bergen.", 1}, {"Oslo", 1}, {"", 1}}},
		{"like.json", openai.Options{}, row, []graded{{"In Oslofjord", 1}, {"in oslo", 0}, {"Os*o", 0}}},
		{"ilike.json", openai.Options{}, row, []graded{{"the port of OSLO.", 1}, {"Oslo", 0}, {"Port  of Oslo", 0}}},
		{"quoted.json", openai.Options{}, row, []graded{{"end of a fjord", 1}, {"End of a fjord", 0}, {"fjord!", 0}}},
		{"label.json", openai.Options{}, row, []graded{{`{"label": "urgent"}`, 1}, {`{"label": "Urgent"}`, 0}, {`{"other": "urgent"}`, 0}, {"urgent", 0}}},
		{"tool.json", openai.Options{}, row, []graded{{tool, 1}, {strings.ReplaceAll(tool, "get_tide", "get_moon"), 0.5}, {"get_tide", 0}}},
		// 2*6/(7+8), below WRatio's 1.5: ratio of "Jon Doe" and "John Doe" is 14/15.
		{"fuzzy.json", openai.Options{}, with(map[string]any{"name": "John Doe"}), []graded{{"John Doe", 1}, {"Jon Doe", 14.0 / 15}, {"xyz", 0}}},
		{"fuzzy.json", openai.Options{Pass: true}, with(map[string]any{"name": "John Doe"}), []graded{{"John Doe", 1}, {"Jon Doe", 1}, {"Jane Smith", 0}}},
		{"fuzzy.json", openai.Options{Scorer: "ratio"}, with(map[string]any{"name": "ab"}), []graded{{"ab", 1}, {"abab", 4.0 / 6}, {"xaxbxxxxxxxxxxxx", 4.0 / 18}}},
		// Precisions 6/7, 5/6, 4/5, 3/4; no brevity penalty.
		{"bleu.json", openai.Options{}, with(sentence), []graded{{sentence, 1}, {"The ship left the harbour at noon", math.Pow(6.0/7*5/6*4/5*3/4, 0.25)}, {"no words of it", 0}}},
		// 7+6+5+4 = 22 n-grams, of which 6+5+4+3 = 18.
		{"gleu.json", openai.Options{}, with(sentence), []graded{{sentence, 1}, {"The ship left the harbour at noon", 18.0 / 22}}},
		// 6 of 7 words in one chunk: p = r = 6/7, penalty 0.5*(1/6)^3.
		{"meteor.json", openai.Options{}, with(sentence), []graded{{"The ship left the harbour at noon", 6.0 / 7 * (1 - 0.5/216)}, {"Ships", (0.1 * 0) + 1.0/7*1/(0.9*1+0.1/7)*0.5}}},
		{"rouge_l.json", openai.Options{}, with(sentence), []graded{{"the ship left at dawn", 2 * 5.0 / 12}, {"dawn", 2 * 1.0 / 8}}},
		{"rouge_2.json", openai.Options{}, with(sentence), []graded{{"the ship left at dawn", 2 * (3.0 / 4 * 3 / 6) / (3.0/4 + 3.0/6)}, {"dawn", 0}}},
		{"contact.json", openai.Options{}, contact, []graded{
			{`{"name": "Ada Lind", "email": "ada@example.org"}`, 1},
			{`{"name": "Ada Berg", "email": "ada@example.org"}`, 0.75},
			{`{"name": "Ada Lind", "email": "ADA@example.org"}`, 0.5},
			{`no JSON`, 0}}},
		// a, b, c = 1, 1, 1: 1/4 + 0.1*1 + 1*e^-1 - log 2; 0, 1, 1: 2/4 + 0.1 + 0 - log 2, below 0; 0, 0, 0: 0.
		{"shaped.json", openai.Options{}, row, []graded{{"to the north", 0.25 + 0.1 + math.Exp(-1) - math.Log(2)}, {"North", 0}, {"south", 0}}},
		{"quality.json", openai.Options{Model: "some.model"}, row, []graded{{"4.5", 4.5}, {"1", 1}}},
		{"quality.json", openai.Options{Model: "some.model", Pass: true}, row, []graded{{"4.5", 1}, {"4", 1}, {"3.9", 0}}},
		{"short.json", openai.Options{}, row, []graded{{"0.3", 0.3}, {"1", 1}}},
		{"tone.json", openai.Options{}, row, []graded{{"warm", 1}, {"cold", 0}, {"off: topic", 0}}},
		{"mixed.json", openai.Options{}, row, []graded{{"7 in oslo", 0.7}, {"7 in Rome", 0}}},
	} {
		t.Run(c.file, func(t *testing.T) {
			imported := convert(t, c.file, c.options)
			s, err := spec.Parse("grader.yaml", imported.Spec, kinds(new(judgeOptions)))
			require.NoError(t, err, "%s", imported.Spec)
			defer s.Close()
			for _, g := range c.cases {
				res, err := s.Grader().Grade(context.Background(), rollout(t, g.answer, c.row))
				require.NoError(t, err, "%q", g.answer)
				require.InDelta(t, g.score, res.Score, 1e-9, "%q: %s\n%s", g.answer, res.Reason, imported.Spec)
			}
		})
	}
}

// rollout makes a rollout of a row of OpenAI's data and an answer, which may be
// a message with tool calls.
func rollout(t *testing.T, answer string, row map[string]any) *grader.Rollout {
	t.Helper()
	message := map[string]any{"role": "assistant", "content": answer}
	if strings.HasPrefix(answer, `{"tool_calls"`) {
		message["content"] = ""
		var calls map[string]any
		require.NoError(t, json.Unmarshal([]byte(answer), &calls))
		message["tool_calls"] = calls["tool_calls"]
	}
	sent := map[string]any{"id": "1", "messages": []any{map[string]any{"role": "user", "content": "Go on."}, message}}
	for k, v := range row {
		sent[k] = v
	}
	text, err := json.Marshal(sent)
	require.NoError(t, err)
	item := grader.DecodeRollout(text)
	require.NoError(t, item.Err)
	return item.Rollout
}

// TestSpecs compares the specs with those that were looked at.
func TestSpecs(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 10)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			imported := convert(t, filepath.Base(file), openai.Options{})
			golden := strings.TrimSuffix(file, ".json") + ".yaml"
			if *update {
				require.NoError(t, os.WriteFile(golden, imported.Spec, 0o666))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.Equal(t, string(want), string(imported.Spec))
		})
	}
}

func TestJudges(t *testing.T) {
	var got judgeOptions
	imported := convert(t, "quality.json", openai.Options{Model: "us.some.model-v1:0"})
	s, err := spec.Parse("grader.yaml", imported.Spec, kinds(&got))
	require.NoError(t, err)
	lo, hi, ok := s.Range()
	require.True(t, ok)
	require.Equal(t, []float64{1, 5}, []float64{lo, hi})
	require.Equal(t, judgeOptions{
		Model: "us.some.model-v1:0", MaxTokens: 200, Mode: "absolute", Scale: &judgeScale{1, 5},
		Rubric: "You grade answers about the sea.\n\n  - 5: complete and right\n  - 1: wrong\n\nGive a number.\n\n" +
			"Question: (the context)\nAnswer: (the answer)\nReference: (the reference answer)",
		Reference: grader.MustPointer(""), Context: grader.MustPointer("metadata:/question"),
	}, got)
	require.NotContains(t, strings.Join(imported.Remarks, " "), "--model")

	imported = convert(t, "tone.json", openai.Options{})
	_, err = spec.Parse("grader.yaml", imported.Spec, kinds(&got))
	require.NoError(t, err)
	require.Equal(t, map[string]float64{"warm": 1, "cold": 0, "off: topic": 0}, got.Labels)
	require.Equal(t, "labels", got.Mode)
	require.Contains(t, strings.Join(imported.Remarks, " "), `the model "gpt-4o" is OpenAI's: write the id of a Bedrock model`)
}
