package conversestub

import (
	"regexp"
	"strings"
)

// Sampling says which sampling fields a model takes.
type Sampling string

const (
	BothSampling Sampling = "both"   // temperature and topP, together or not
	OneSampling  Sampling = "one"    // temperature or topP
	NoSampling   Sampling = "none"   // neither
	AnySampling  Sampling = ""       // as BothSampling
	noTool       string   = "none"   // no tool can be demanded
	anyTool      string   = "any"    // some tool can be demanded
	oneTool      string   = "forced" // a tool can be demanded by its name
)

// A Model is a row of the table of what models can do.
type Model struct {
	// Pattern is found in the model's id, without the prefix of a profile.
	Pattern string
	// Tools is what toolChoice can demand: "forced", "any", or "none".
	Tools string
	// Schema says whether the model takes JSON schemas for its output.
	Schema   bool
	Sampling Sampling
	// Prefill says whether the caller may begin the answer.
	Prefill bool
	// OnDemand says whether the bare id can be called, without an inference profile.
	OnDemand bool
	// CacheMinimum is the least number of tokens of a cached prefix; 0 is no cache.
	CacheMinimum int
	// Burndown is how many tokens of the quota one token of output costs.
	Burndown float64
	// MaxOutput is the most tokens of an answer, and Window of a request.
	MaxOutput, Window int
	// Reasons says that a reasoning block comes before the answer.
	Reasons bool
}

// Models returns the built-in table; the first row that matches counts. It was
// written from documentation of November 2026 and ages.
func Models() []Model {
	return []Model{
		{`claude-(opus-4-[7-9]|opus-5|sonnet-5)`, oneTool, true, NoSampling, false, false, 4096, 5, 128_000, 1_000_000, false},
		{`claude-opus-4-6`, oneTool, true, OneSampling, false, false, 4096, 5, 128_000, 200_000, false},
		{`claude-sonnet-4-6`, oneTool, true, OneSampling, false, false, 2048, 5, 64_000, 200_000, false},
		{`claude-(opus|haiku)-4-5`, oneTool, true, OneSampling, true, false, 4096, 5, 64_000, 200_000, false},
		{`claude-sonnet-4-5`, oneTool, true, OneSampling, true, false, 1024, 5, 64_000, 200_000, false},
		{`claude-(opus|sonnet|haiku)-4|claude-3-7`, oneTool, false, BothSampling, true, false, 1024, 5, 32_000, 200_000, false},
		{`claude`, oneTool, false, BothSampling, true, true, 0, 1, 8192, 200_000, false},
		{`nova-2`, oneTool, false, BothSampling, true, false, 1536, 1, 64_000, 1_000_000, false},
		{`nova-premier`, oneTool, false, BothSampling, true, false, 1024, 1, 32_000, 1_000_000, false},
		{`nova-pro`, oneTool, false, BothSampling, true, true, 1024, 1, 10_000, 300_000, false},
		{`nova`, oneTool, false, BothSampling, true, true, 1536, 1, 10_000, 300_000, false},
		{`mistral-large`, anyTool, false, BothSampling, true, true, 0, 1, 8192, 128_000, false},
		{`gpt-oss|qwen|deepseek|kimi|minimax|gemma|nemotron`, noTool, false, BothSampling, true, true, 0, 1, 16_384, 128_000, true},
		{``, oneTool, true, BothSampling, true, true, 1024, 1, 8192, 200_000, false},
	}
}

var (
	profilePrefix = regexp.MustCompile(`^(us|eu|apac|jp|au|ca|sa|us-gov|global)\.`)
	modelID       = regexp.MustCompile(`^[a-z0-9-]+\.[a-zA-Z0-9._:-]+$`)
	resourceARN   = regexp.MustCompile(`^arn:aws(-[a-z-]+)?:(bedrock|sagemaker):[a-z0-9-]*:[0-9]*:[a-z-]+/.+$`)
)

// known reports whether id has the form of a model's id, of an inference
// profile's, or of an ARN.
func known(id string) bool { return modelID.MatchString(id) || resourceARN.MatchString(id) }

// bare reports whether id names a model, and no profile.
func bare(id string) bool {
	return !profilePrefix.MatchString(id) && !strings.HasPrefix(id, "arn:")
}

// table finds models by their ids.
type table []row

type row struct {
	pattern *regexp.Regexp
	Model
}

func newTable(models []Model) (table, error) {
	var t table
	for _, m := range models {
		p, err := regexp.Compile(m.Pattern)
		if err != nil {
			return nil, err
		}
		t = append(t, row{p, m})
	}
	return t, nil
}

func (t table) find(id string) Model {
	id = profilePrefix.ReplaceAllString(id, "")
	for _, r := range t {
		if r.pattern.MatchString(id) {
			return r.Model
		}
	}
	return Model{Tools: oneTool, Schema: true, Prefill: true, OnDemand: true, Burndown: 1, MaxOutput: 8192, Window: 200_000}
}
