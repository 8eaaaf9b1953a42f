package datarules

import (
	"slices"
	"strings"
)

// A Level says how bad a finding is.
type Level string

const (
	Error   Level = "error"   // the service refuses the data, or trains on something else
	Warning Level = "warning" // sources disagree, or the training suffers
	Info    Level = "info"    // worth knowing
)

// A Target is a service that trains on the data.
type Target string

const (
	BedrockNova   Target = "bedrock-nova"   // CreateModelCustomizationJob
	BedrockOpenAI Target = "bedrock-openai" // Bedrock's OpenAI-compatible fine-tuning, open-weight models
	SageMakerNova Target = "sagemaker-nova" // SageMaker AI recipes for Nova
	SageMakerOSS  Target = "sagemaker-oss"  // SageMaker AI serverless, open-weight models (verl records)
)

// Targets lists all targets.
func Targets() []Target { return []Target{BedrockNova, BedrockOpenAI, SageMakerNova, SageMakerOSS} }

func (t Target) bedrock() bool   { return strings.HasPrefix(string(t), "bedrock") }
func (t Target) sagemaker() bool { return strings.HasPrefix(string(t), "sagemaker") }
func (t Target) nova() bool      { return strings.HasSuffix(string(t), "nova") }

// A Rule is something that the data must or should obey.
type Rule struct {
	ID     string
	Level  Level    // where nothing else decides it
	Says   string   // what is wanted
	Source []string // see the package comment
}

const (
	docs      = "documentation"
	model     = "API model"
	forge     = "nova-forge-sdk"
	nova      = "nova-samples"
	notebooks = "bedrock-samples"
	toolkit   = "agent-toolkit"
	judgement = "judgement"
)

// Rules lists every rule in the order of their ids. F rules are about files, R rules
// about records, V rules about the records of sagemaker-oss.
func Rules() []Rule {
	of := func(s ...string) []string { return s }
	return []Rule{
		{"F1", Error, "the file is JSONL and its name ends in .jsonl", of(docs, nova, toolkit)},
		{"F2", Error, "every line is exactly one JSON object in valid UTF-8", of(docs, nova)},
		{"F3", Warning, "no line is blank", of(nova, judgement)},
		{"F4", Warning, "no byte-order mark, no CR LF, no name twice in an object", of(judgement)},
		{"F5", Error, "100 to 20000 records on Bedrock", of(docs, forge, nova)},
		{"F6", Error, "at most 20000 records for training and validation together", of(nova)},
		{"F7", Warning, "sources disagree on whether Nova reads validation data", of(docs, forge, nova, notebooks)},
		{"F8", Info, "at least 100 examples for training and 100 for evaluation", of(docs)},
		{"F9", Error, "an S3 URI has the form that the API takes", of(model)},
		{"F10", Error, "at most 10 validation files", of(model)},
		{"F11", Warning, "at least as many records as the recipe's global_batch_size", of(forge, judgement)},

		{"R1", Error, "messages is a list that is not empty", of(docs, forge, nova)},
		{"R2", Error, "a message is an object with role, content, tool_calls and tool_call_id only", of(forge, nova)},
		{"R3", Error, "a role is system, user or assistant", of(docs, forge, nova)},
		{"R4", Error, "a system message is the first, and the only one", of(forge, nova, judgement)},
		{"R5", Error, "one message at least is the user's", of(forge, nova)},
		{"R6", Error, "content is text that is not empty", of(docs, forge, nova)},
		{"R7", Error, "content is text only: no images, videos, documents or sounds", of(docs)},
		{"R8", Warning, "the prompt does not end with an answer: the trainer appends it", of(docs, judgement)},
		{"R9", Warning, "evaluation data has one message of the user's, and no earlier turns", of(docs)},
		{"R10", Error, "reference_answer is a string or an object, and not empty", of(forge, nova)},
		{"R11", Warning, "there is a reference_answer", of(docs, forge, nova)},
		{"R12", Error, "an id is a string that is not empty, and occurs once", of(docs, forge, nova, judgement)},
		{"R13", Error, "tools are functions with a name, a description and an object of parameters", of(forge, nova)},
		{"R14", Info, "all records have tools: one validator wants them in every record, the documentation in none", of(nova)},
		{"R15", Warning, "no reserved words of the chat templates", of(forge, nova)},
		{"R16", Warning, "other fields reach the grader under names of their own, and those that it reads are there", of(docs, notebooks, toolkit)},
		{"R17", Warning, "a prompt is not longer than maxPromptLength", of(notebooks)},
		{"R18", Warning, "a record, and a batch of answers, fit into what Lambda takes", of(judgement)},
		{"R19", Warning, "prompts differ, and so do references", of(judgement)},
		{"R20", Warning, "a prompt does not tell its reference", of(judgement)},
		{"R21", Warning, "all references have one form", of(judgement)},
		{"R22", Info, "the rewards before the training leave something to learn", of(docs)},

		{"V1", Error, "a record has data_source, prompt, ability and reward_model with ground_truth and style", of(toolkit)},
		{"V2", Error, "the record has the form of the target", of(docs, toolkit)},
	}
}

var rules = Rules()

// ruleOf returns the rule with an id, which is one of this package's.
func ruleOf(id string) Rule {
	return rules[slices.IndexFunc(rules, func(r Rule) bool { return r.ID == id })]
}

// A Finding is a rule that was broken.
type Finding struct {
	File   string `json:"file"`
	Line   int    `json:"line"` // from 1; 0 for the file as a whole
	Rule   string `json:"rule"`
	Level  Level  `json:"level"`
	Text   string `json:"text"` // what is wrong and what to do
	Source string `json:"source"`
}

// found makes a finding of a rule at its usual level.
func found(file string, line int, id, text string) Finding {
	r := ruleOf(id)
	return Finding{File: file, Line: line, Rule: id, Level: r.Level, Text: text, Source: strings.Join(r.Source, ", ")}
}
