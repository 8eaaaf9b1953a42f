package job_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/job"
)

func sound() job.Definition {
	return job.Definition{
		Name: "sums-1", CustomModel: "sums-1", Model: "amazon.nova-2-lite-v1:0:256k",
		Role:   "arn:aws:iam::123456789012:role/rft",
		Grader: "arn:aws:lambda:us-east-1:123456789012:function:rftgrader:7",
		Data:   "s3://my-data/train.jsonl", Output: "s3://my-data/out/",
	}
}

func TestCheck(t *testing.T) {
	require.Empty(t, sound().Check())
	n := func(i int32) *int32 { return &i }
	rate := func(f float32) *float32 { return &f }
	for _, c := range []struct {
		name, field string
		change      func(*job.Definition)
	}{
		{"no name", "name", func(d *job.Definition) { d.Name = "" }},
		{"name with a space", "name", func(d *job.Definition) { d.Name = "a b" }},
		{"name of 64 characters", "name", func(d *job.Definition) { d.Name = strings.Repeat("a", 64) }},
		{"model's name with two hyphens", "custom-model", func(d *job.Definition) { d.CustomModel = "a--b" }},
		{"no model", "model", func(d *job.Definition) { d.Model = "" }},
		{"role that is a user", "role", func(d *job.Definition) { d.Role = "arn:aws:iam::123456789012:user/me" }},
		{"grader without a version", "grader", func(d *job.Definition) { d.Grader = strings.TrimSuffix(d.Grader, ":7") }},
		{"grader by an alias", "grader", func(d *job.Definition) { d.Grader = strings.TrimSuffix(d.Grader, "7") + "live" }},
		{"the latest grader", "grader", func(d *job.Definition) { d.Grader = strings.TrimSuffix(d.Grader, "7") + "$LATEST" }},
		{"grader's name alone", "grader", func(d *job.Definition) { d.Grader = "rftgrader" }},
		{"data with a plus sign", "data", func(d *job.Definition) { d.Data = "s3://my-data/a+b.jsonl" }},
		{"data that is no JSON lines", "data", func(d *job.Definition) { d.Data = "s3://my-data/train.json" }},
		{"output on a disk", "output", func(d *job.Definition) { d.Output = "/tmp" }},
		{"eleven validators", "validation", func(d *job.Definition) {
			for range 11 {
				d.Validation = append(d.Validation, "s3://my-data/v.jsonl")
			}
		}},
		{"key by an alias", "kms-key", func(d *job.Definition) { d.Key = "arn:aws:kms:us-east-1:123456789012:alias/x" }},
		{"batch size 15", "batch-size", func(d *job.Definition) { d.BatchSize = n(15) }},
		{"batch size 513", "batch-size", func(d *job.Definition) { d.BatchSize = n(513) }},
		{"no epochs", "epochs", func(d *job.Definition) { d.Epochs = n(0) }},
		{"51 epochs", "epochs", func(d *job.Definition) { d.Epochs = n(51) }},
		{"evaluation interval 101", "eval-interval", func(d *job.Definition) { d.EvalInterval = n(101) }},
		{"one sample", "samples", func(d *job.Definition) { d.SamplesPerPrompt = n(1) }},
		{"17 samples", "samples", func(d *job.Definition) { d.SamplesPerPrompt = n(17) }},
		{"learning rate 0.01", "learning-rate", func(d *job.Definition) { d.LearningRate = rate(0.01) }},
		{"learning rate 0", "learning-rate", func(d *job.Definition) { d.LearningRate = rate(0) }},
		{"no answer", "max-answer-tokens", func(d *job.Definition) { d.MaxAnswerTokens = n(0) }},
		{"no prompt", "max-prompt-tokens", func(d *job.Definition) { d.MaxPromptTokens = n(-1) }},
		{"effort", "reasoning-effort", func(d *job.Definition) { d.ReasoningEffort = "much" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := sound()
			c.change(&d)
			problems := d.Check()
			require.Len(t, problems, 1)
			require.Equal(t, c.field, problems[0].Field)
			require.True(t, problems[0].Fatal)
		})
	}
	d := sound()
	d.BatchSize, d.Epochs, d.SamplesPerPrompt, d.EvalInterval, d.LearningRate = n(16), n(50), n(16), n(100), rate(1e-3)
	require.Empty(t, d.Check(), "the ends of the ranges are allowed")
}

func TestPlan(t *testing.T) {
	n := func(i int32) *int32 { return &i }
	d := job.Definition{BatchSize: n(64), Epochs: n(3), SamplesPerPrompt: n(4), EvalInterval: n(10)}
	p := d.Plan(1000, 100, 32)
	require.Equal(t, 16, p.StepsPerEpoch) // 15 of 64, and one of 40
	require.Equal(t, 48, p.Steps)
	require.Equal(t, 12_000, p.TrainingResponses)
	require.Equal(t, 4, p.Evaluations)
	require.Equal(t, 400, p.EvalResponses)
	require.Equal(t, 3*(15*8+5)+4*4, p.Invocations)
	require.Empty(t, p.Notes)
	require.Len(t, d.Plan(10, 1, 32).Notes, 4)
}

// TestTheTokenIsNotKept: the SDK writes the token that it makes up into the request,
// which would make every later job the same one.
func TestTheTokenIsNotKept(t *testing.T) {
	d := sound()
	first := d.Input()
	_, err := d.JSON(t.Context())
	require.NoError(t, err)
	require.Nil(t, first.ClientRequestToken)
	require.Nil(t, d.Input().ClientRequestToken)
}

func TestJSONKeepsNumbersExact(t *testing.T) {
	rate := float32(0.00005)
	d := sound()
	d.LearningRate = &rate
	body, err := d.JSON(t.Context())
	require.NoError(t, err)
	require.Contains(t, string(body), `"learningRate": 0.00005`)
	require.True(t, json.Valid(body))
	require.NotContains(t, string(body), "Token")
}
