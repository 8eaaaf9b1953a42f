package remote

import (
	"encoding/base64"
	"errors"
	"time"
	"unicode/utf8"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

const (
	version = 1

	opRun    = "run"
	opReport = "report"
)

// The errors of an answer.
const (
	codePermanent = "permanent"
	codeTransient = "transient"
	codeRequest   = "request"
	codeSize      = "size"
	codeDeadline  = "deadline"
	codeTimeout   = "timeout"
	codeSpent     = "spent"
)

const (
	// maxStderr and maxLog bound texts that are for people, in bytes.
	maxStderr = 64 << 10
	maxLog    = 32 << 10
	// envelope is more than what an answer holds beside its outputs.
	envelope = 64 << 10
	// maxReport bounds an answer with a report.
	maxReport = 64 << 10
	// framing is what a reply to a call may hold beside its value.
	framing = 16 << 10
)

type request struct {
	Version int              `json:"version"`
	Op      string           `json:"op"`
	ID      string           `json:"id"`
	Program *program         `json:"program,omitzero"`
	TimeMS  int64            `json:"time_ms,omitzero"`
	Most    int              `json:"most,omitzero"`
	Inputs  []jsontext.Value `json:"inputs,omitempty"`
}

type program struct {
	Language *sandbox.Language `json:"language"`
	Runtime  limits            `json:"runtime"` // the Limits of the Language
	Source   text              `json:"source"`
	Entry    string            `json:"entry,omitzero"`
	Limits   limits            `json:"limits"`
}

// limits are a sandbox.Limits in nanoseconds and bytes.
type limits struct {
	Time      int64 `json:"time,omitzero"`
	Memory    int64 `json:"memory,omitzero"`
	Output    int64 `json:"output,omitzero"`
	Disk      int64 `json:"disk,omitzero"`
	Processes int   `json:"processes,omitzero"`
	Compile   int64 `json:"compile,omitzero"`
}

func writeLimits(l sandbox.Limits) limits {
	return limits{Time: int64(l.Time), Memory: l.Memory, Output: l.Output, Disk: l.Disk, Processes: l.Processes, Compile: int64(l.Compile)}
}

func (l limits) read() sandbox.Limits {
	return sandbox.Limits{
		Time: time.Duration(l.Time), Memory: l.Memory, Output: l.Output, Disk: l.Disk, Processes: l.Processes, Compile: time.Duration(l.Compile),
	}
}

func (l limits) valid() bool {
	return l.Time >= 0 && l.Memory >= 0 && l.Output >= 0 && l.Disk >= 0 && l.Processes >= 0 && l.Compile >= 0
}

type input struct {
	Stdin text `json:"stdin,omitzero"`
	Call  text `json:"call,omitzero"`
}

// A build and an output are written as they are in an answer.
type build struct {
	Failure sandbox.Failure `json:"failure,omitzero"`
	Log     text            `json:"log,omitzero"`
	CPU     int64           `json:"cpu,omitzero"`
	Wall    int64           `json:"wall,omitzero"`
	Memory  int64           `json:"memory,omitzero"`
}

type output struct {
	Failure sandbox.Failure `json:"failure,omitzero"`
	Stdout  text            `json:"stdout,omitzero"`
	Value   text            `json:"value,omitzero"`
	Stderr  text            `json:"stderr,omitzero"`
	Exit    int64           `json:"exit,omitzero"`
	CPU     int64           `json:"cpu,omitzero"`
	Wall    int64           `json:"wall,omitzero"`
	Memory  int64           `json:"memory,omitzero"`
}

type answer struct {
	Version int              `json:"version"`
	ID      string           `json:"id"`
	Error   string           `json:"error,omitzero"`
	Report  *sandbox.Report  `json:"report,omitzero"`
	Build   *build           `json:"build,omitzero"`
	Outputs []jsontext.Value `json:"outputs,omitempty"`
}

// text is any bytes: a JSON string where they are UTF-8 and that is not longer,
// else {"base64":"…"}.
type text []byte

const base64Frame = len(`{"base64":""}`)

// MarshalJSONTo writes the shorter form.
func (t text) MarshalJSONTo(enc *jsontext.Encoder) error {
	if utf8.Valid(t) && quotedLen(t) <= base64.StdEncoding.EncodedLen(len(t))+base64Frame {
		return enc.WriteToken(jsontext.String(string(t)))
	}
	return jsonv2.MarshalEncode(enc, struct {
		Base64 []byte `json:"base64"`
	}{t})
}

// UnmarshalJSONFrom reads both forms. No text is nil.
func (t *text) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	switch dec.PeekKind() {
	case '"':
		token, err := dec.ReadToken()
		if err != nil {
			return err
		}
		*t = []byte(token.String())
	case '{':
		var form struct {
			Base64 []byte `json:"base64"`
		}
		if err := jsonv2.UnmarshalDecode(dec, &form); err != nil {
			return err
		}
		*t = form.Base64
	default:
		if _, err := dec.ReadToken(); err != nil {
			return err
		}
		return errors.New("neither text nor base64")
	}
	if len(*t) == 0 {
		*t = nil
	}
	return nil
}

// quotedLen returns the length of valid UTF-8 as a JSON string.
func quotedLen(b []byte) int {
	n := len(b) + 2
	for _, c := range b {
		switch {
		case c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t' || c == '\b' || c == '\f':
			n++
		case c < 0x20:
			n += 5
		}
	}
	return n
}
