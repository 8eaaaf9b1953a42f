package job

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrock/types"
)

// A Definition is what a job is made of. Numbers that are nil are the service's
// defaults.
type Definition struct {
	Name        string   // 1 to 63 letters, digits, hyphens, plus signs and dots
	Model       string   // the base model's id or ARN
	CustomModel string   // the new model's name: 1 to 63 letters and digits with single - or _ between
	Role        string   // the ARN of the service role
	Grader      string   // the ARN of the function, with a version
	Data        string   // the S3 URI of the training data
	Output      string   // the S3 URI of the folder for results
	Validation  []string // S3 URIs, at most 10
	Key         string   // the ARN of the KMS key for the model, or ""
	Token       string   // makes submitting again the same job; "" is one of the SDK's

	BatchSize        *int32   // 16 to 512
	Epochs           *int32   // 1 to 50
	EvalInterval     *int32   // in steps, 1 to 100
	MaxAnswerTokens  *int32   // from 1
	MaxPromptTokens  *int32   // from 1
	SamplesPerPrompt *int32   // 2 to 16
	LearningRate     *float32 // 1e-7 to 1e-3
	ReasoningEffort  string   // low, medium, high, or ""
}

// A Problem is what the service would refuse, or what a person would regret.
type Problem struct {
	Field string `json:"field"` // of the Definition, as its flag is called
	Text  string `json:"text"`
	// Fatal problems keep a job from being submitted.
	Fatal bool `json:"fatal"`
}

func (p Problem) String() string { return p.Field + ": " + p.Text }

// The patterns of the API model.
const (
	namePattern   = `[a-zA-Z0-9](-*[a-zA-Z0-9\+\-\.])*`
	modelPattern  = `([0-9a-zA-Z][_-]?){1,63}`
	rolePattern   = `arn:aws(-[^:]+)?:iam::([0-9]{12})?:role/.+`
	lambdaPattern = `arn:(aws[a-zA-Z-]*)?:lambda:[a-z]{2}(-gov)?-[a-z]+-\d{1}:\d{12}:function:[a-zA-Z0-9-_\.]+(:(\$LATEST|[a-zA-Z0-9-_]+))?`
	s3Pattern     = `s3://[a-z0-9][-.a-z0-9]{1,61}[a-z0-9](?:/[-!_*'().a-z0-9A-Z]+(?:/[-!_*'().a-z0-9A-Z]+)*)?/?`
	keyPattern    = `arn:aws(-[^:]+)?:kms:[a-zA-Z0-9-]*:[0-9]{12}:key/[a-zA-Z0-9-]{36}`
)

func whole(pattern, text string) bool {
	return regexp.MustCompile(`^(?:` + pattern + `)$`).MatchString(text)
}

// Check returns everything that is wrong with a definition.
func (d Definition) Check() []Problem {
	var out []Problem
	refuse := func(field, format string, args ...any) {
		out = append(out, Problem{Field: field, Text: fmt.Sprintf(format, args...), Fatal: true})
	}
	text := func(field, value, pattern, want string, most int) {
		switch {
		case value == "":
			refuse(field, "missing: want %s", want)
		case len(value) > most:
			refuse(field, "%d characters: want at most %d", len(value), most)
		case !whole(pattern, value):
			refuse(field, "want %s, got %q", want, value)
		}
	}
	text("name", d.Name, namePattern, "1 to 63 letters, digits, hyphens, plus signs and dots, beginning with a letter or a digit", 63)
	text("custom-model", d.CustomModel, modelPattern, "1 to 63 letters and digits, with single hyphens or underscores between", 63)
	text("role", d.Role, rolePattern, "the ARN of a role", 2048)
	text("data", d.Data, s3Pattern, "s3://BUCKET/KEY, without +, = or spaces", 1024)
	text("output", d.Output, s3Pattern, "s3://BUCKET/PREFIX/, without +, = or spaces", 1024)
	if d.Model == "" {
		refuse("model", "missing: want the base model's id, such as amazon.nova-2-lite-v1:0:256k")
	}
	if d.Data != "" && !strings.HasSuffix(d.Data, ".jsonl") {
		refuse("data", "want a file that ends in .jsonl, got %q", d.Data)
	}
	text("grader", d.Grader, lambdaPattern, "the ARN of a Lambda function with a version behind it", 512)
	if whole(lambdaPattern, d.Grader) {
		parts := strings.Split(d.Grader, ":")
		if len(parts) < 8 || !whole(`[0-9]+`, parts[7]) {
			refuse("grader", "%s names no version: what it stands for may change while the job runs. Give the output GraderArn of the deployment", d.Grader)
		}
	}
	if len(d.Validation) > 10 {
		refuse("validation", "%d files: want at most 10", len(d.Validation))
	}
	for _, uri := range d.Validation {
		text("validation", uri, s3Pattern, "s3://BUCKET/KEY", 1024)
	}
	if d.Key != "" {
		text("kms-key", d.Key, keyPattern, "the ARN of a KMS key", 2048)
	}
	number(refuse, "batch-size", d.BatchSize, 16, 512)
	number(refuse, "epochs", d.Epochs, 1, 50)
	number(refuse, "eval-interval", d.EvalInterval, 1, 100)
	number(refuse, "samples", d.SamplesPerPrompt, 2, 16)
	number(refuse, "max-answer-tokens", d.MaxAnswerTokens, 1, 1<<30)
	number(refuse, "max-prompt-tokens", d.MaxPromptTokens, 1, 1<<30)
	if r := d.LearningRate; r != nil && !(*r >= 1e-7 && *r <= 1e-3) {
		refuse("learning-rate", "want 1e-7 to 1e-3, got %v", *r)
	}
	switch d.ReasoningEffort {
	case "", "low", "medium", "high":
	default:
		refuse("reasoning-effort", "want low, medium or high, got %q", d.ReasoningEffort)
	}
	return out
}

func number(refuse func(field, format string, args ...any), field string, value *int32, least, most int32) {
	if value == nil || *value >= least && *value <= most {
		return
	}
	if most == 1<<30 {
		refuse(field, "want a whole number from %d on, got %d", least, *value)
		return
	}
	refuse(field, "want a whole number from %d to %d, got %d", least, most, *value)
}

// Input returns the request. Each call returns one of its own, because the SDK
// writes into what it is given.
func (d Definition) Input() *bedrock.CreateModelCustomizationJobInput {
	hyper := &types.RFTHyperParameters{
		BatchSize: d.BatchSize, EpochCount: d.Epochs, EvalInterval: d.EvalInterval,
		InferenceMaxTokens: d.MaxAnswerTokens, MaxPromptLength: d.MaxPromptTokens,
		TrainingSamplePerPrompt: d.SamplesPerPrompt, LearningRate: d.LearningRate,
		ReasoningEffort: types.ReasoningEffort(d.ReasoningEffort),
	}
	if *hyper == (types.RFTHyperParameters{}) {
		hyper = nil
	}
	in := &bedrock.CreateModelCustomizationJobInput{
		JobName: aws.String(d.Name), CustomModelName: aws.String(d.CustomModel),
		BaseModelIdentifier: aws.String(d.Model), RoleArn: aws.String(d.Role),
		CustomizationType:  types.CustomizationTypeReinforcementFineTuning,
		TrainingDataConfig: &types.TrainingDataConfig{S3Uri: aws.String(d.Data)},
		OutputDataConfig:   &types.OutputDataConfig{S3Uri: aws.String(d.Output)},
		CustomizationConfig: &types.CustomizationConfigMemberRftConfig{Value: types.RFTConfig{
			GraderConfig:    &types.GraderConfigMemberLambdaGrader{Value: types.LambdaGraderConfig{LambdaArn: aws.String(d.Grader)}},
			HyperParameters: hyper,
		}},
	}
	if len(d.Validation) > 0 {
		in.ValidationDataConfig = &types.ValidationDataConfig{}
		for _, uri := range d.Validation {
			in.ValidationDataConfig.Validators = append(in.ValidationDataConfig.Validators, types.Validator{S3Uri: aws.String(uri)})
		}
	}
	if d.Key != "" {
		in.CustomModelKmsKeyId = aws.String(d.Key)
	}
	if d.Token != "" {
		in.ClientRequestToken = aws.String(d.Token)
	}
	return in
}
