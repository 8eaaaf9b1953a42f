package invocationlog

import (
	"errors"
	"fmt"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// An Answer says what becomes of the text that the model answered.
type Answer int

const (
	// Drop leaves it out: the trained model writes its own.
	Drop Answer = iota
	// AsReference makes it the reference answer, as text. Answers that were cut or
	// stopped by a guardrail are unfit.
	AsReference
	// Keep appends it as the assistant's turn: the record is a rollout, which
	// can be graded.
	Keep
)

// Options say which logged invocations are taken, and how.
type Options struct {
	Answer Answer
	// Models, if any, are parts of model ids of which one must be in the
	// invocation's.
	Models []string
	// Metadata must all be in the invocation's request metadata.
	Metadata map[string]string
}

// Unfit says why a logged invocation is no training record. Reason quotes neither
// prompt nor answer.
type Unfit struct {
	Reason string
	// Filtered is whether the options leave it out, and it may be fit.
	Filtered bool
}

func (u *Unfit) Error() string { return u.Reason }

func unfit(format string, args ...any) error {
	return &Unfit{Reason: fmt.Sprintf(format, args...)}
}

// invocation is a line of the log.
type invocation struct {
	SchemaType string `json:"schemaType"`
	RequestID  string `json:"requestId"`
	Operation  string `json:"operation"`
	ModelID    string `json:"modelId"`
	ErrorCode  string `json:"errorCode"`
	Input      struct {
		Body jsontext.Value `json:"inputBodyJson"`
		Path string         `json:"inputBodyS3Path"`
	} `json:"input"`
	Output struct {
		Body jsontext.Value `json:"outputBodyJson"`
		Path string         `json:"outputBodyS3Path"`
	} `json:"output"`
	Metadata map[string]string `json:"requestMetadata"`
}

// record is a row of training data.
type record struct {
	ID        string            `json:"id,omitempty"`
	Messages  []message         `json:"messages"`
	Reference *string           `json:"reference_answer,omitempty"`
	Tools     []tool            `json:"tools,omitempty"`
	Metadata  map[string]string `json:"request_metadata,omitempty"`
}

type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

type tool struct {
	Type     string   `json:"type"`
	Function function `json:"function"`
}

type function struct {
	Name        string         `json:"name"`
	Description string         `json:"description,omitempty"`
	Parameters  jsontext.Value `json:"parameters,omitempty"`
}

// Convert returns the training record of a logged invocation, as one line of JSON
// without its end, or an [*Unfit]. The request's id is the record's, and request
// metadata stand under request_metadata.
//
// System prompts become one system message, and developer is system. The text
// parts of a turn are joined with line ends. A turn of the assistant at the end of
// the request is the beginning of the answer, and goes where the answer goes.
func Convert(line []byte, o Options) ([]byte, error) {
	var in invocation
	if err := decode(line, &in); err != nil {
		return nil, err
	}
	if err := o.fits(&in); err != nil {
		return nil, err
	}
	r, begun, err := prompt(&in)
	if err != nil {
		return nil, err
	}
	if o.Answer != Drop {
		answer, err := in.answer(o.Answer == AsReference)
		if err != nil {
			return nil, err
		}
		if answer = begun + answer; o.Answer == Keep {
			r.Messages = append(r.Messages, message{"assistant", answer})
		} else {
			r.Reference = &answer
		}
	}
	r.ID, r.Metadata = in.RequestID, in.Metadata
	text, err := jsonv2.Marshal(r, jsonv2.Deterministic(true))
	if err != nil {
		return nil, unfit("text that is not UTF-8, or members that occur twice")
	}
	return text, nil
}

func decode(line []byte, in *invocation) error {
	// A body may hold what a caller sent, with names twice; only its text is read.
	err := jsonv2.Unmarshal(line, in, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if _, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return unfit("not valid JSON")
	}
	if err != nil || in.SchemaType != "ModelInvocationLog" {
		return unfit("not a log of a model invocation (schemaType ModelInvocationLog)")
	}
	return nil
}

// fits says whether the invocation is wanted and whole.
func (o Options) fits(in *invocation) error {
	wanted := len(o.Models) == 0
	for _, m := range o.Models {
		wanted = wanted || strings.Contains(in.ModelID, m)
	}
	if !wanted {
		return &Unfit{Reason: "another model", Filtered: true}
	}
	for name, value := range o.Metadata {
		if v, ok := in.Metadata[name]; !ok || v != value {
			return &Unfit{Reason: "other request metadata", Filtered: true}
		}
	}
	switch in.Operation {
	case "Converse", "ConverseStream", "InvokeModel", "InvokeModelWithResponseStream":
	default:
		return unfit("an operation that is no conversation")
	}
	switch {
	case in.ErrorCode != "":
		return unfit("the call failed: %s", code(in.ErrorCode))
	case len(in.Input.Body) > 0 && in.Input.Body.Kind() != 'n':
	case in.Input.Path != "":
		return unfit("the request is stored elsewhere (inputBodyS3Path): put it into the log as inputBodyJson")
	default:
		return unfit("the log holds no request")
	}
	return nil
}

// code returns an error code, which is a word of the service.
func code(s string) string {
	for _, c := range s {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9') || len(s) > 64 {
			return "unknown error"
		}
	}
	return s
}
