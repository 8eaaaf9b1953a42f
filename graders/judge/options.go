package judge

import (
	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/judge/calls"
	"github.com/rftgrader/rftgrader/graders/judge/models"
	"github.com/rftgrader/rftgrader/graders/judge/rubric"
)

// Options are the options of the kind judge.
type Options struct {
	Model  string  `json:"model" doc:"the model that judges: its id, the id or ARN of an inference profile"`
	Models []Juror `json:"models,omitzero" doc:"several models that judge together, in place of model"`

	Mode          Mode               `json:"mode" enum:"rubric,absolute,labels,checklist,reference,pairwise,group" doc:"the form of the verdict; rubric takes that of the rubric, and a scale where it has none"`
	Rubric        string             `json:"rubric" doc:"what is judged: builtin/NAME, a file beside the spec (.yaml, .yml, .json, .md, .txt), or the text itself"`
	Scale         *rubric.Scale      `json:"scale,omitzero" doc:"the verdicts of mode absolute; 0 to 10 by default"`
	Labels        rubric.Labels      `json:"labels,omitzero" doc:"the verdicts of mode labels, each with its score from 0 to 1"`
	NotApplicable bool               `json:"not_applicable" doc:"in mode labels, the judge may say that the rubric does not apply; the rollout then has a fault of the data, and no score"`
	Criteria      []rubric.Criterion `json:"criteria,omitzero" doc:"the items of mode checklist, the same for all rollouts"`
	CriteriaFrom  *CriteriaFrom      `json:"criteria_from,omitzero" doc:"where each rollout's own criteria are, for mode checklist"`
	OneCall       bool               `json:"one_call" doc:"whether all criteria are judged in one call, or each in one of its own"`
	Invert        bool               `json:"invert" doc:"whether the highest verdict of the scale is the worst"`
	Reward        Reward             `json:"reward" doc:"the rewards of the worst and of the best verdict"`

	Reference    grader.Pointer `json:"reference,omitzero" doc:"which part of the reference answer the judge sees: a JSON pointer such as /final_answer; modes reference and pairwise always use one"`
	Context      grader.Pointer `json:"context,omitzero" doc:"documents that the judge sees beside the prompt, such as metadata:/passages"`
	ShowPrompt   bool           `json:"show_prompt" doc:"whether the judge sees the prompt"`
	ShowThoughts bool           `json:"show_thoughts" doc:"whether the judge sees the model's reasoning, or its answer alone"`

	MaxCandidateBytes int      `json:"max_candidate_bytes" doc:"what the judge sees of an answer at most, 100 to 1000000 bytes"`
	MaxPromptBytes    int      `json:"max_prompt_bytes" doc:"what the judge sees of the prompt, the reference and the context each at most, 100 to 1000000 bytes"`
	Truncate          Truncate `json:"truncate" enum:"middle,end,refuse" doc:"what is left out of an answer that is longer, which the judge is told; or refuse, which scores it as the worst"`
	Gates             Gates    `json:"gates" doc:"answers that score as the worst without a call"`

	Output    Output      `json:"output" enum:"auto,schema,tool,text" doc:"how the verdict is asked for; auto is the best that the model supports"`
	Reasoning Reasoning   `json:"reasoning" enum:"before,none" doc:"whether the judge gives reasons before its verdict"`
	Reask     int         `json:"reask" doc:"how often a question is asked again whose answer holds no verdict, 0 to 5"`
	Samples   Samples     `json:"samples" doc:"repeated verdicts, and how several become one"`
	Swap      bool        `json:"swap" doc:"in modes pairwise and group, whether both orders are judged"`
	Group     Group       `json:"group" doc:"mode group: which groups are ranked"`
	Cache     PromptCache `json:"prompt_cache" enum:"off,5m,1h" doc:"how long the service keeps the static part of the questions"`

	Asking
	calls.Settings
	Metadata  map[string]string `json:"metadata,omitzero" doc:"fields that the service puts beside its records of the calls, such as a team's name"`
	Guardrail *Guardrail        `json:"guardrail,omitzero" doc:"a guardrail that the service applies to the calls"`
}

// Asking is how one model is asked.
type Asking struct {
	Region       string           `json:"region" doc:"where the model is called; the environment's region by default"`
	MaxTokens    int              `json:"max_tokens" doc:"the most tokens of an answer, 16 to 64000; the service reserves them of the quota for each call"`
	Temperature  *float64         `json:"temperature,omitzero" doc:"the sampling temperature, 0 to 1; by default 0 for one sample and the model's own for several; left out where the model refuses it"`
	TopP         *float64         `json:"top_p,omitzero" doc:"the share of likely tokens that is sampled from, above 0 and at most 1"`
	Thinking     int              `json:"thinking" doc:"the budget of tokens for the judge's own reasoning, on models that have one; 0 for none"`
	Effort       string           `json:"effort" enum:",low,medium,high" doc:"how hard the model may try, on models that know it"`
	ServiceTier  string           `json:"service_tier" enum:",default,flex,priority,reserved" doc:"the service tier: flex is cheaper and slower"`
	Price        *models.Price    `json:"price,omitzero" doc:"what the model costs, for the metric cost_usd"`
	Capabilities models.Overrides `json:"capabilities" doc:"what the model can do, where the table that ships is wrong"`
	Extra        map[string]any   `json:"extra,omitzero" doc:"fields of the model's own (additionalModelRequestFields)"`
}

// A Juror is one of several models. What it leaves out is as the options say.
type Juror struct {
	ID           string            `json:"id" doc:"the model: its id, the id or ARN of an inference profile"`
	Weight       *float64          `json:"weight,omitzero" doc:"what its verdicts count, above 0; 1 by default"`
	Region       string            `json:"region" doc:"where it is called"`
	MaxTokens    int               `json:"max_tokens" doc:"the most tokens of its answers"`
	Temperature  *float64          `json:"temperature,omitzero" doc:"its sampling temperature"`
	Thinking     int               `json:"thinking" doc:"its budget of tokens for reasoning"`
	Limits       *calls.Limits     `json:"limits,omitzero" doc:"its quotas in this account"`
	Price        *models.Price     `json:"price,omitzero" doc:"what it costs"`
	Capabilities *models.Overrides `json:"capabilities,omitzero" doc:"what it can do, where the table that ships is wrong"`
}

// CriteriaFrom says where each rollout's own criteria are.
type CriteriaFrom struct {
	Reference grader.Pointer `json:"reference" doc:"the list of criteria in the reference answer: a JSON pointer such as /rubrics, or metadata:/rubrics"`
	Text      string         `json:"text" doc:"the member of each criterion that holds its text; criterion by default"`
	Points    string         `json:"points" doc:"the member that holds its points, which may be below 0; points by default"`
}

// Reward is the range that verdicts are mapped to.
type Reward struct {
	Min float64 `json:"min" doc:"the reward of the worst verdict, and of answers at the gates"`
	Max float64 `json:"max" doc:"the reward of the best verdict"`
}

// Samples says how many verdicts there are and how they become one.
type Samples struct {
	N         int       `json:"n" doc:"verdicts of each model, 1 to 32"`
	Aggregate Aggregate `json:"aggregate" enum:"mean,median,majority,trimmed" doc:"how the scores become one; models count by their weights"`
	Trim      float64   `json:"trim" doc:"what trimmed leaves out at either end, as a share, 0 to below 0.5"`
	MinValid  int       `json:"min_valid" doc:"verdicts that must be there; 0 is more than half of those asked for"`
	StopEarly int       `json:"stop_early" doc:"with so many equal scores and no other the rest is not asked for; 0 for never"`
}

// Group says which groups of rollouts are ranked.
type Group struct {
	Min      int  `json:"min" doc:"the least different answers that are ranked, 2 or more"`
	Max      int  `json:"max" doc:"the most different answers that are ranked, up to 50"`
	Fallback Mode `json:"fallback" enum:"rubric,absolute,labels,checklist,reference,pairwise" doc:"how other groups, and groups whose ranking cannot be had, are judged"`
}

// Guardrail names a guardrail of Bedrock.
type Guardrail struct {
	ID      string `json:"id" doc:"its id or ARN"`
	Version string `json:"version" doc:"its version"`
}

// Mode is the form of the verdict.
type Mode string

const (
	ModeRubric    Mode = "rubric"
	ModeAbsolute  Mode = "absolute"
	ModeLabels    Mode = "labels"
	ModeChecklist Mode = "checklist"
	ModeReference Mode = "reference"
	ModePairwise  Mode = "pairwise"
	ModeGroup     Mode = "group"
)

// Truncate says what is left out of a long answer.
type Truncate string

const (
	TruncateMiddle Truncate = "middle"
	TruncateEnd    Truncate = "end"
	TruncateRefuse Truncate = "refuse"
)

// Output is how the verdict is asked for.
type Output string

const (
	OutputAuto   Output = "auto"
	OutputSchema Output = "schema"
	OutputTool   Output = "tool"
	OutputText   Output = "text"
)

// Reasoning says whether there are reasons before the verdict.
type Reasoning string

const (
	ReasoningBefore Reasoning = "before"
	ReasoningNone   Reasoning = "none"
)

// Aggregate is how several scores become one.
type Aggregate string

const (
	Mean     Aggregate = "mean"
	Median   Aggregate = "median"
	Majority Aggregate = "majority"
	Trimmed  Aggregate = "trimmed"
)

// PromptCache is how long the service keeps the static part.
type PromptCache string

const (
	CacheOff PromptCache = "off"
	Cache5m  PromptCache = "5m"
	Cache1h  PromptCache = "1h"
)

func defaults() Options {
	return Options{
		Mode:              ModeRubric,
		OneCall:           true,
		Reward:            Reward{Min: 0, Max: 1},
		ShowPrompt:        true,
		MaxCandidateBytes: 40_000,
		MaxPromptBytes:    100_000,
		Truncate:          TruncateMiddle,
		Gates:             defaultGates(),
		Output:            OutputAuto,
		Reasoning:         ReasoningBefore,
		Reask:             1,
		Samples:           Samples{N: 1, Aggregate: Mean, Trim: 0.2},
		Swap:              true,
		Group:             Group{Min: 2, Max: 16, Fallback: ModeRubric},
		Cache:             Cache5m,
		Asking:            Asking{MaxTokens: 512},
		Settings:          calls.Defaults(),
	}
}
