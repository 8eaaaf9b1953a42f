package judge_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/workbench/conversestub"
	"github.com/rftgrader/rftgrader/graders/judge"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
	"github.com/rftgrader/rftgrader/graders/judge/rubric"
)

func TestModes(t *testing.T) {
	checks := map[string]any{"rubrics": []any{
		map[string]any{"criterion": "Names the dose.", "points": 6},
		map[string]any{"criterion": "Names the interval.", "points": 4},
		map[string]any{"criterion": "Invents a source.", "points": -5},
	}}
	const three = `"criteria": [{"name": "faithful", "prompt": "It is faithful.", "weight": 3}, {"name": "clear", "prompt": "It is clear."}, {"name": "rude", "prompt": "It is rude.", "weight": -2}]`
	for _, c := range []struct {
		name, options, answer string
		reference             any
		want                  float64
	}{
		{"absolute", `{"rubric": "Polite?"}`, "quality=0.7", nil, 0.7},
		{"absolute on its own scale", `{"rubric": "Polite?", "mode": "absolute", "scale": {"min": 1, "max": 5}}`, "quality=0.75", nil, 0.75},
		{"absolute on a narrow scale", `{"rubric": "Polite?", "scale": {"min": 0, "max": 1}}`, "quality=0.37", nil, 0.37},
		{"absolute, inverted", `{"rubric": "Rude?", "invert": true}`, "quality=0.7", nil, 0.3},
		{"another range of rewards", `{"rubric": "Polite?", "reward": {"min": -1, "max": 1}}`, "quality=0.7", nil, 0.4},
		{"raw rewards", `{"rubric": "Polite?", "reward": {"min": 0, "max": 10}}`, "quality=0.7", nil, 7},
		{"labels", `{"rubric": "Polite?", "labels": {"rude": 0, "plain": 0.4, "polite": 1}}`, "quality=0.5", nil, 0.4},
		{"labels of a rubric that ships", `{"rubric": "builtin/faithfulness"}`, "quality=0.75", nil, 0.75},
		{"the bad end", `{"rubric": "builtin/harmfulness"}`, "label=harmful", nil, 0},
		{"the good end", `{"rubric": "builtin/harmfulness"}`, "quality=1", nil, 1},
		{"a rubric with labels on a scale", `{"rubric": "builtin/faithfulness", "mode": "absolute"}`, "quality=0.7", nil, 0.7},
		{"checklist", `{` + three + `}`, "faithful=yes clear=no rude=no", nil, 0.75},
		{"checklist, a fault that is there", `{` + three + `}`, "faithful=yes clear=yes rude=yes", nil, 0.5},
		{"checklist, never below 0", `{` + three + `}`, "faithful=no clear=no rude=yes", nil, 0},
		{"checklist, each in a call of its own", `{"one_call": false, ` + three + `}`, "faithful=yes clear=no rude=no", nil, 0.75},
		{"checklist, all kinds", `{"criteria": [
			{"name": "faithful", "prompt": "x", "weight": 2},
			{"name": "clarity", "prompt": "x", "min": 1, "max": 5},
			{"name": "tone", "prompt": "x", "labels": {"poor": 0, "fair": 0.5, "good": 1}},
			{"name": "harmful", "prompt": "x", "invert": true}]}`, "faithful=yes clarity=0.5 tone=fair harmful=no", nil, 0.8},
		{"checklist, required and met", `{"criteria": [{"name": "a", "prompt": "x", "required": true}, {"name": "b", "prompt": "x"}]}`, "a=yes b=no", nil, 0.5},
		{"checklist, required and not met", `{"criteria": [{"name": "a", "prompt": "x", "required": true}, {"name": "b", "prompt": "x"}]}`, "a=no b=yes", nil, 0},
		{"checklist, required, inverted", `{"criteria": [{"name": "a", "prompt": "x", "required": true, "invert": true}, {"name": "b", "prompt": "x"}]}`, "a=yes b=yes", nil, 0},
		{"checklist, not applicable", `{"criteria": [{"name": "a", "prompt": "x", "not_applicable": true, "weight": 3}, {"name": "b", "prompt": "x"}]}`, "a=na b=yes", nil, 1},
		{"checklist, required and not applicable", `{"criteria": [{"name": "a", "prompt": "x", "not_applicable": true, "required": true}, {"name": "b", "prompt": "x"}]}`, "a=na b=yes", nil, 1},
		{"checklist of a rubric", `{"rubric": "builtin/summarization"}`, "faithful=yes main_points=yes concise=no readable=no as_asked=na", nil, 0.75},
		{"criteria of the rollout", `{"criteria_from": {"reference": "/rubrics"}}`, "c1=yes c2=no c3=no", checks, 0.6},
		{"criteria of the rollout, with a fault", `{"criteria_from": {"reference": "/rubrics"}}`, "c1=yes c2=yes c3=yes", checks, 0.5},
		{"criteria of the rollout as texts", `{"criteria_from": {"reference": ""}}`, "c1=yes c2=no", []string{"Says a.", "Says b."}, 0.5},
		{"criteria of the rollout by other names", `{"criteria_from": {"reference": "", "text": "description", "points": "weight"}}`, "c1=yes", []any{map[string]any{"description": "Says a.", "weight": 2}}, 1},
		{"reference, the same", `{"mode": "reference"}`, "It is Paris.", "Paris", 1},
		{"reference, another", `{"mode": "reference"}`, "It is Rome.", "Paris", 0},
		{"reference by a pointer", `{"mode": "reference", "reference": "/final"}`, "It is Paris.", map[string]any{"final": "Paris", "why": "x"}, 1},
		{"correctness with a reference", `{"rubric": "builtin/correctness"}`, "It is Paris.", "Paris", 1},
		{"pairwise, better", `{"mode": "pairwise"}`, "quality=0.9", "quality=0.2", 1},
		{"pairwise, worse", `{"mode": "pairwise"}`, "quality=0.1", "quality=0.2", 0},
		{"pairwise, equal", `{"mode": "pairwise"}`, "quality=0.5 a", "quality=0.5 b", 0.5},
		{"pairwise in one order", `{"mode": "pairwise", "swap": false}`, "quality=0.9", "quality=0.2", 1},
		{"pairwise in the other order", `{"mode": "pairwise", "swap": false}`, "quality=0.2", "quality=0.9", 0},
		{"a group of one", `{"mode": "group"}`, "quality=0.4", nil, 0.4},
		{"as a schema", `{"rubric": "Polite?", "output": "schema"}`, "quality=0.7", nil, 0.7},
		{"without reasons", `{"rubric": "Polite?", "reasoning": "none"}`, "quality=0.7", nil, 0.7},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, _ := simulated(conversestub.Planted)
			res, err := build(t, c.options).Grade(ctx, rollout(t, "What is it?", c.answer, c.reference))
			require.NoError(t, err)
			require.InDelta(t, c.want, res.Score, 1e-12, "%s", res.Reason)
			require.NoError(t, res.Check())
			require.NotEmpty(t, res.Reason)
		})
	}
}

func TestAnswersInText(t *testing.T) {
	for _, c := range []struct {
		name, options, text string
		want                float64
		ok                  bool
	}{
		{"a number", `{"rubric": "x"}`, "The answer is fine.\n\nScore: 7/10", 0.7, true},
		{"JSON", `{"rubric": "x"}`, `{"reasoning": "It is fine.", "score": 7}`, 0.7, true},
		{"JSON in a fence", `{"rubric": "x"}`, "It is fine.\n```json\n{\"reasoning\": \"Fine.\", \"score\": 7}\n```", 0.7, true},
		{"out of range", `{"rubric": "x"}`, "Score: 11", 0, false},
		{"no number", `{"rubric": "x"}`, "A very good answer!", 0, false},
		{"a label", `{"rubric": "x", "labels": {"bad": 0, "fair": 0.5, "good": 1}}`, `{"reasoning": "It is fair.", "verdict": "fair"}`, 0.5, true},
		{"another label", `{"rubric": "x", "labels": {"bad": 0, "fair": 0.5, "good": 1}}`, `{"reasoning": "It is fair.", "verdict": "excellent"}`, 0, false},
		{"criteria", `{"criteria": [{"name": "a", "prompt": "x"}, {"name": "b", "prompt": "x"}]}`, `{"reasoning": "So so.", "results": {"a": "yes", "b": "no"}}`, 0.5, true},
		{"a criterion is missing", `{"criteria": [{"name": "a", "prompt": "x"}, {"name": "b", "prompt": "x"}]}`, `{"reasoning": "So so.", "results": {"a": "yes"}}`, 0, false},
		{"a choice", `{"mode": "pairwise", "swap": false}`, `{"reasoning": "Both are good.", "verdict": "tie"}`, 0.5, true},
		{"no choice", `{"mode": "pairwise"}`, "I cannot compare these.", 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, seen := answered(func(int, *converse.Request) (*converse.Answer, error) { return say(c.text), nil })
			res, err := build(t, c.options).Grade(ctx, rollout(t, "What is it?", "Something.", "reference"))
			if c.ok {
				require.NoError(t, err)
				require.InDelta(t, c.want, res.Score, 1e-12)
				return
			}
			require.Equal(t, grader.FaultPermanent, grader.FaultOf(err), "%v", err)
			require.Equal(t, converse.Malformed, converse.ClassOf(err))
			require.NotContains(t, err.Error(), c.text)
			require.GreaterOrEqual(t, seen.count(), 2, "it is asked again once")
		})
	}
}

func TestAskedAgainWithoutAVerdict(t *testing.T) {
	ctx, seen := answered(func(n int, _ *converse.Request) (*converse.Answer, error) {
		if n < 2 {
			return say("I would rather not say."), nil
		}
		return say("Score: 8"), nil
	})
	res, err := build(t, `{"rubric": "x", "reask": 2}`).Grade(ctx, rollout(t, "q", "Something.", nil))
	require.NoError(t, err)
	require.Equal(t, 0.8, res.Score)
	require.Equal(t, 3.0, metric(t, res, "attempts"))
	keys := map[string]bool{}
	for _, q := range seen.requests {
		keys[q.Key()] = true
	}
	require.Len(t, keys, 3, "what is asked again is not answered from the cache")
}

func TestFaultsTravel(t *testing.T) {
	for class, want := range map[converse.Class]grader.Fault{
		converse.Throttled: grader.FaultTransient, converse.Transient: grader.FaultTransient, converse.Timeout: grader.FaultTransient,
		converse.Deadline: grader.FaultDeadline,
		converse.Denied:   grader.FaultPermanent, converse.Quota: grader.FaultPermanent, converse.Refused: grader.FaultPermanent,
		converse.Filtered: grader.FaultPermanent, converse.Truncated: grader.FaultPermanent, converse.Malformed: grader.FaultPermanent,
	} {
		t.Run(string(class), func(t *testing.T) {
			ctx, _ := answered(func(int, *converse.Request) (*converse.Answer, error) {
				return nil, &converse.Error{Class: class, Message: "it quotes the prompt"}
			})
			for _, options := range []string{`{"rubric": "x"}`, `{"mode": "pairwise"}`, `{"rubric": "x", "samples": {"n": 3}}`, `{"criteria": [{"name": "a", "prompt": "x"}], "one_call": false}`} {
				res, err := build(t, options).Grade(ctx, rollout(t, "q", "Something.", "reference"))
				require.Equal(t, want, grader.FaultOf(err), "%v", err)
				require.Equal(t, class, converse.ClassOf(err), "a policy can tell them apart")
				require.NotContains(t, err.Error(), "quotes")
				require.Zero(t, res.Score)
				require.Empty(t, res.Metrics, "there is no number without a verdict")
			}
		})
	}
}

func TestFaultsOfTheData(t *testing.T) {
	for _, c := range []struct {
		name, options string
		reference     any
		where, err    string
	}{
		{"no reference", `{"mode": "reference"}`, nil, "/reference_answer", "no reference answer"},
		{"no reference for a pair", `{"mode": "pairwise"}`, nil, "/reference_answer", "no reference answer"},
		{"another pointer", `{"rubric": "x", "reference": "/final"}`, map[string]any{"answer": "secret secret"}, "/reference_answer/final", "it has /answer"},
		{"an empty reference", `{"mode": "reference"}`, " ", "/reference_answer", "empty"},
		{"a choice of members", `{"mode": "reference"}`, map[string]any{"a": 1, "b": 2}, "/reference_answer", "set the option reference"},
		{"no criteria", `{"criteria_from": {"reference": "/rubrics"}}`, map[string]any{"a": 1}, "/reference_answer/rubrics", "it has /a"},
		{"an empty list", `{"criteria_from": {"reference": ""}}`, []any{}, "/reference_answer", "empty"},
		{"criteria that are none", `{"criteria_from": {"reference": ""}}`, []any{1}, "/reference_answer/0", "want a criterion"},
		{"criteria without a text", `{"criteria_from": {"reference": ""}}`, []any{map[string]any{"title": "secret secret", "points": 1}}, "/reference_answer/0", "criteria_from.text"},
		{"criteria without points", `{"criteria_from": {"reference": ""}}`, []any{map[string]any{"criterion": "secret secret"}}, "/reference_answer/0", "criteria_from.points"},
		{"criteria of no worth", `{"criteria_from": {"reference": ""}}`, []any{map[string]any{"criterion": "x", "points": 0}}, "/reference_answer/0", "no points"},
		{"nothing to win", `{"criteria_from": {"reference": ""}}`, []any{map[string]any{"criterion": "x", "points": -1}}, "/reference_answer", "above 0"},
		{"too many", `{"criteria_from": {"reference": ""}}`, slices.Repeat([]any{"x"}, 101), "/reference_answer", "at most 100"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, seen := simulated(conversestub.Planted)
			_, err := build(t, c.options).Grade(ctx, rollout(t, "q", "Something.", c.reference))
			var data *grader.DataError
			require.ErrorAs(t, err, &data)
			require.Equal(t, c.where, data.Where)
			require.ErrorContains(t, err, c.err)
			require.NotContains(t, err.Error(), "secret")
			require.Zero(t, seen.count())
		})
	}
}

func TestNotApplicableIsNoScore(t *testing.T) {
	for name, options := range map[string]string{
		"labels":    `{"rubric": "x", "labels": {"no": 0, "yes": 1}, "not_applicable": true}`,
		"checklist": `{"criteria": [{"name": "not_applicable", "prompt": "x", "not_applicable": true}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			ctx, seen := simulated(conversestub.Planted)
			_, err := build(t, options).Grade(ctx, rollout(t, "q", "label=not_applicable not_applicable=na", nil))
			require.Equal(t, grader.FaultData, grader.FaultOf(err), "%v", err)
			require.ErrorContains(t, err, "does not apply")
			require.Equal(t, 1, seen.count(), "it is an answer, and not asked again")
		})
	}
}

func TestWhatTheJudgeSees(t *testing.T) {
	long := strings.Repeat("word ", 1000)
	for _, c := range []struct {
		name, options, answer string
		want, not             []string
	}{
		{"prompt and answer", `{"rubric": "Is it polite?"}`, "Something.", []string{"<prompt-", "What is it?", "<candidate-", "Something."}, []string{"<reference-", "the reference"}},
		{"no prompt", `{"rubric": "x", "show_prompt": false}`, "Something.", []string{"Something."}, []string{"<prompt-", "What is it?"}},
		{"the reference", `{"rubric": "x", "reference": ""}`, "Something.", []string{"<reference-", "the reference"}, nil},
		{"documents", `{"rubric": "x", "context": "metadata:/passages"}`, "Something.", []string{"<context-", `["one","two"]`}, nil},
		{"no thoughts", `{"rubric": "x"}`, "<think>secretly</think>Something.", []string{"Something."}, []string{"secretly"}},
		{"thoughts", `{"rubric": "x", "show_thoughts": true}`, "<think>secretly</think>Something.", []string{"<think>secretly</think>Something."}, nil},
		{"the ends of a long answer", `{"rubric": "x", "max_candidate_bytes": 1000}`, "begin " + long + "end", []string{"begin ", "end\n</candidate-", "4009 bytes in its middle were left out"}, []string{long}},
		{"the beginning of a long answer", `{"rubric": "x", "max_candidate_bytes": 1000, "truncate": "end"}`, "begin " + long + "end", []string{"begin ", "4009 bytes at its end were left out"}, []string{"end\n</candidate-"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, seen := simulated(conversestub.Planted)
			r := rollout(t, "What is it?", c.answer, "the reference")
			r.Metadata = map[string]json.RawMessage{"passages": json.RawMessage(`["one","two"]`)}
			_, err := build(t, c.options).Grade(ctx, r)
			require.NoError(t, err)
			require.Len(t, seen.requests, 1)
			q := seen.requests[0]
			require.Len(t, q.Messages, 1)
			for _, text := range c.want {
				require.Contains(t, q.Messages[0].Text, text)
			}
			for _, text := range c.not {
				require.NotContains(t, q.Messages[0].Text, text)
			}
			for _, text := range []string{"What is it?", "Something.", q.Fence} {
				require.NotContains(t, strings.Join(q.System, ""), text, "the static part holds no data")
			}
		})
	}
}

func TestTheStaticPartIsKept(t *testing.T) {
	for name, options := range map[string]string{
		"absolute":  `{"rubric": "x"}`,
		"labels":    `{"rubric": "builtin/relevance"}`,
		"checklist": `{"rubric": "builtin/reasoning"}`,
		"own":       `{"criteria_from": {"reference": ""}}`,
		"pairwise":  `{"mode": "pairwise"}`,
	} {
		t.Run(name, func(t *testing.T) {
			ctx, seen := simulated(conversestub.Planted)
			g := build(t, options)
			for i := range 3 {
				var reference any = fmt.Sprint("reference ", i)
				if name == "own" {
					reference = []any{reference}
				}
				_, err := g.Grade(ctx, rollout(t, fmt.Sprint("question ", i), fmt.Sprint("answer ", i), reference))
				require.NoError(t, err)
			}
			fences := map[string]bool{}
			for _, q := range seen.requests {
				require.Equal(t, seen.requests[0].System, q.System, "byte for byte")
				require.Equal(t, "5m", q.Cache)
				require.Equal(t, seen.requests[0].Output, q.Output)
				require.NotEmpty(t, q.Fence)
				require.False(t, fences[q.Fence], "each request has its own code")
				fences[q.Fence] = true
				require.Equal(t, 512, q.MaxTokens)
			}
		})
	}
}

func TestGated(t *testing.T) {
	for _, c := range []struct{ name, options, answer, why string }{
		{"empty", `{"rubric": "x"}`, "", "empty"},
		{"only reasoning", `{"rubric": "x"}`, "<think>so it goes</think>", ""},
		{"contentless", `{"rubric": "x"}`, "Thought process:", ""},
		{"contentless, with another worst reward", `{"rubric": "x", "reward": {"min": -1, "max": 1}}`, ":", ""},
		{"too long", `{"rubric": "x", "gates": {"max_bytes": 10}}`, "A long answer to it.", "too long"},
		{"too many tokens", `{"rubric": "x", "gates": {"max_tokens": 3}}`, "A long answer to it.", "too long"},
		{"longer than the judge sees", `{"rubric": "x", "max_candidate_bytes": 100, "truncate": "refuse"}`, strings.Repeat("word ", 100), "100"},
		{"missing pattern", `{"rubric": "x", "gates": {"require": "(?i)sources:"}}`, "It boils at 100 degrees.", "required"},
		{"forbidden pattern", `{"rubric": "x", "gates": {"forbid": "(?i)as an AI"}}`, "As an AI I cannot.", "forbid"},
		{"in a group", `{"mode": "group"}`, ".", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, seen := simulated(conversestub.Planted)
			res, err := build(t, c.options).Grade(ctx, rollout(t, "q", c.answer, nil))
			require.NoError(t, err)
			want := 0.0
			if strings.Contains(c.options, "-1") {
				want = -1
			}
			require.Equal(t, want, res.Score)
			require.Contains(t, res.Reason, "no judge was asked")
			require.Contains(t, res.Reason, c.why)
			require.Equal(t, 1.0, metric(t, res, "gated"))
			require.Zero(t, seen.count())
		})
	}
	for _, c := range []struct{ name, options, answer string }{
		{"an allowed colon", `{"rubric": "x", "gates": {"allow": [":"]}}`, ":"},
		{"the gate is open", `{"rubric": "x", "gates": {"contentless": false}}`, ":"},
		{"a short answer", `{"rubric": "x"}`, "42"},
		{"a tool call", `{"rubric": "x"}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, seen := simulated(conversestub.Planted)
			r := rollout(t, "q", c.answer, nil)
			if c.answer == "" {
				r.Messages[1].ToolCalls = []grader.ToolCall{{Name: "search", Arguments: `{"query": "dose of ibuprofen"}`}}
			}
			_, err := build(t, c.options).Grade(ctx, r)
			require.NoError(t, err)
			require.Equal(t, 1, seen.count())
		})
	}
}

func TestOptionFaults(t *testing.T) {
	for _, c := range []struct{ name, options, pointer string }{
		{"no model", `{"model": "", "rubric": "x"}`, "/model"},
		{"model and models", `{"model": "a", "models": [{"id": "b"}], "rubric": "x"}`, "/model"},
		{"a model twice", `{"models": [{"id": "b"}, {"id": "b"}], "rubric": "x"}`, "/models/1/id"},
		{"a weight of 0", `{"models": [{"id": "b", "weight": 0}], "rubric": "x"}`, "/models/0/weight"},
		{"no rubric", `{}`, "/rubric"},
		{"an unknown rubric", `{"rubric": "builtin/faithfull"}`, "/rubric"},
		{"a file without a folder", `{"rubric": "rubric.yaml"}`, "/rubric"},
		{"an unknown mode", `{"mode": "score", "rubric": "x"}`, "/mode"},
		{"an empty scale", `{"rubric": "x", "scale": {"min": 5, "max": 5}}`, "/scale/max"},
		{"a scale for labels", `{"rubric": "x", "mode": "labels", "labels": {"a": 0, "b": 1}, "scale": {"min": 0, "max": 5}}`, "/scale"},
		{"labels for a scale", `{"rubric": "x", "mode": "absolute", "labels": {"a": 0, "b": 1}}`, "/labels"},
		{"no labels", `{"rubric": "x", "mode": "labels"}`, "/labels"},
		{"a label out of range", `{"rubric": "x", "labels": {"a": 0, "b": 5}}`, "/labels/b"},
		{"no criteria", `{"rubric": "x", "mode": "checklist"}`, "/criteria"},
		{"a criterion without a name", `{"criteria": [{"prompt": "x"}]}`, "/criteria/0/name"},
		{"an unknown member of a criterion", `{"criteria": [{"name": "a", "text": "x"}]}`, "/criteria/0/text"},
		{"two lists of criteria", `{"criteria": [{"name": "a", "prompt": "x"}], "criteria_from": {"reference": "/r"}}`, "/criteria_from"},
		{"criteria from nowhere", `{"criteria_from": {}}`, "/criteria_from/reference"},
		{"inverted labels", `{"rubric": "builtin/refusal", "invert": true}`, "/invert"},
		{"an empty range of rewards", `{"rubric": "x", "reward": {"min": 1, "max": 1}}`, "/reward/max"},
		{"hardly any tokens", `{"rubric": "x", "max_tokens": 5}`, "/max_tokens"},
		{"too hot", `{"rubric": "x", "temperature": 1.5}`, "/temperature"},
		{"too many samples", `{"rubric": "x", "samples": {"n": 100}}`, "/samples/n"},
		{"an unknown aggregate", `{"rubric": "x", "samples": {"aggregate": "best"}}`, "/samples/aggregate"},
		{"more valid verdicts than there are", `{"rubric": "x", "samples": {"n": 3, "min_valid": 4}}`, "/samples/min_valid"},
		{"one agrees with itself", `{"rubric": "x", "samples": {"n": 3, "stop_early": 1}}`, "/samples/stop_early"},
		{"a trim of half", `{"rubric": "x", "samples": {"trim": 0.5}}`, "/samples/trim"},
		{"a group of one", `{"mode": "group", "group": {"min": 1}}`, "/group/min"},
		{"a group as its own fallback", `{"mode": "group", "group": {"fallback": "group"}}`, "/group/fallback"},
		{"a negative limit", `{"rubric": "x", "gates": {"max_bytes": -1}}`, "/gates/max_bytes"},
		{"a broken pattern", `{"rubric": "x", "gates": {"forbid": "("}}`, "/gates/forbid"},
		{"a negative quota", `{"rubric": "x", "limits": {"rpm": -1}}`, "/limits/rpm"},
		{"a juror's negative quota", `{"models": [{"id": "b", "limits": {"rpm": -1}}], "rubric": "x"}`, "/models/0/limits/rpm"},
		{"a negative price", `{"rubric": "x", "price": {"in": -1}}`, "/price/in"},
		{"an unknown form", `{"rubric": "x", "capabilities": {"forms": ["yaml"]}}`, "/capabilities/forms"},
		{"an unknown option", `{"rubric": "x", "temprature": 0}`, "/temprature"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := newJudge(c.options)
			var option *grader.OptionError
			require.True(t, errors.As(err, &option), "%v", err)
			require.Equal(t, c.pointer, option.Pointer, "%v", err)
		})
	}
}

func TestRubricBesideTheSpec(t *testing.T) {
	files := map[string]string{
		"r.yaml": "text: Is it kind?\nlabels: {rude: 0, kind: 1}\n", "r.md": "Is it *kind*?", "bad.yaml": "text: x\nlables: {}",
	}
	env := &grader.Env{Files: func(name string) ([]byte, error) {
		if text, ok := files[name]; ok {
			return []byte(text), nil
		}
		return nil, errors.New("no such file")
	}}
	for _, c := range []struct{ name, rubric, err string }{
		{"with a form", "r.yaml", ""}, {"text", "r.md", ""}, {"a fault", "bad.yaml", "bad.yaml"}, {"missing", "none.txt", "no such file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, err := judge.Kind.New(env, []byte(`{"model": "m", "rubric": "`+c.rubric+`"}`))
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				return
			}
			require.NoError(t, err)
			ctx, seen := simulated(conversestub.Planted)
			_, err = g.Grade(ctx, rollout(t, "q", "Something.", nil))
			require.NoError(t, err)
			require.Contains(t, seen.requests[0].System[0], "kind")
		})
	}
}

func TestAPanicCostsItsRolloutOnly(t *testing.T) {
	ctx, _ := answered(func(int, *converse.Request) (*converse.Answer, error) { panic("it quotes the answer") })
	for _, options := range []string{`{"rubric": "x"}`, `{"rubric": "x", "samples": {"n": 3}}`, `{"mode": "pairwise"}`, `{"criteria": [{"name": "a", "prompt": "x"}, {"name": "b", "prompt": "x"}], "one_call": false}`} {
		_, err := build(t, options).Grade(ctx, rollout(t, "q", "Something.", "reference"))
		require.Equal(t, grader.FaultPermanent, grader.FaultOf(err))
		require.ErrorContains(t, err, "panicked")
		require.NotContains(t, err.Error(), "quotes")
	}
	_, errs := build(t, `{"mode": "group"}`).(grader.BatchGrader).GradeBatch(ctx, group(t, "q", "one", "two"))
	for _, err := range errs {
		require.ErrorContains(t, err, "panicked")
	}
}

func TestKind(t *testing.T) {
	require.NoError(t, grader.Validate(judge.Kind))
	require.Equal(t, "Judge has a model of Amazon Bedrock judge the answer by a rubric", judge.Kind.Synopsis())
	for _, name := range rubric.Builtins() {
		require.Contains(t, judge.Kind.Doc(), "builtin/"+name)
	}
	for _, options := range []string{`{"mode": "group", "price": {"in": 1}}`, `{"criteria": [{"name": "NAME", "prompt": "x"}], "max_candidate_bytes": 100}`, `{"criteria_from": {"reference": ""}}`} {
		ctx, _ := simulated(conversestub.Planted)
		g := build(t, options)
		res, err := g.Grade(ctx, rollout(t, "q", strings.Repeat("Something. ", 20), []string{"a"}))
		require.NoError(t, err)
		for _, m := range res.Metrics {
			require.Contains(t, judge.Kind.Doc(), m.Name, "every metric is documented")
		}
	}
}
