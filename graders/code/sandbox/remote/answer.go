package remote

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// An answered is an answer to a run that has passed every check.
type answered struct {
	code    string // an error of the function
	build   sandbox.Build
	outputs []sandbox.Output
}

// errAnswer stands for what is wrong with an answer's JSON: the decoder's own words
// would quote the answer.
var errAnswer = errors.New("it is not the JSON of an answer")

// A sealed answer has parts that are read later, as far as their
// number is right: three bytes can ask for an output of two hundred.
type sealed struct {
	Version int            `json:"version"`
	ID      string         `json:"id"`
	Error   string         `json:"error"`
	Report  jsontext.Value `json:"report"`
	Build   jsontext.Value `json:"build"`
	Outputs jsontext.Value `json:"outputs"`
}

var strict = jsonv2.RejectUnknownMembers(true)

func open(payload []byte, id string) (*sealed, error) {
	s := &sealed{}
	if err := jsonv2.Unmarshal(payload, s, strict); err != nil {
		return nil, errAnswer
	}
	if s.Version != version {
		return nil, fmt.Errorf("its version is not %d", version)
	}
	if s.ID != id {
		return nil, errors.New("it answers another request")
	}
	switch s.Error {
	case "", codePermanent, codeTransient, codeRequest, codeSize, codeDeadline, codeTimeout, codeSpent:
	default:
		return nil, errors.New("its error is none of the protocol's")
	}
	if s.Error != "" && (s.Report != nil || s.Build != nil || s.Outputs != nil) {
		return nil, errors.New("it has an error and a result")
	}
	return s, nil
}

// readRun reads the answer to a run of so many inputs under limits. No error
// quotes it.
func readRun(payload []byte, id string, inputs int, l sandbox.Limits) (answered, error) {
	s, err := open(payload, id)
	if err != nil {
		return answered{}, err
	}
	if s.Error != "" {
		return answered{code: s.Error}, nil
	}
	if s.Report != nil || s.Build == nil {
		return answered{}, errors.New("it has no build, or a report")
	}
	var a answered
	if a.build, err = readBuild(s.Build); err != nil {
		return answered{}, fmt.Errorf("its build: %w", err)
	}
	if s.Outputs != nil {
		if a.outputs, err = readOutputs(s.Outputs, inputs, l); err != nil {
			return answered{}, err
		}
	}
	switch {
	case a.build.Failure != "" && len(a.outputs) > 0:
		return answered{}, errors.New("it has outputs of what was not built")
	case a.build.Failure == "" && len(a.outputs) == 0 && inputs > 0:
		return answered{}, errors.New("it has no outputs")
	}
	return a, nil
}

func readBuild(value jsontext.Value) (sandbox.Build, error) {
	var b build
	if err := jsonv2.Unmarshal(value, &b, strict); err != nil || value.Kind() != '{' {
		return sandbox.Build{}, errAnswer
	}
	switch b.Failure {
	case "", sandbox.CompileError, sandbox.TimeLimit, sandbox.MemoryLimit, sandbox.OutputLimit, sandbox.DiskLimit:
	default:
		return sandbox.Build{}, errors.New("its failure is none that builds have")
	}
	if len(b.Log) > maxLog {
		return sandbox.Build{}, errors.New("its log is too long")
	}
	usage, err := readUsage(b.CPU, b.Wall, b.Memory)
	return sandbox.Build{Failure: b.Failure, Log: b.Log, Usage: usage}, err
}

func readOutputs(value jsontext.Value, most int, l sandbox.Limits) ([]sandbox.Output, error) {
	dec := jsontext.NewDecoder(bytes.NewReader(value))
	if token, err := dec.ReadToken(); err != nil || token.Kind() != '[' {
		return nil, errors.New("its outputs are no array")
	}
	var outputs []sandbox.Output
	for dec.PeekKind() != ']' {
		if len(outputs) == most {
			return nil, errors.New("it has more outputs than there were inputs")
		}
		var o output
		if kind := dec.PeekKind(); kind != '{' || jsonv2.UnmarshalDecode(dec, &o, strict) != nil {
			return nil, fmt.Errorf("output %d: %w", len(outputs), errAnswer)
		}
		out, err := o.read(l)
		if err != nil {
			return nil, fmt.Errorf("output %d: %w", len(outputs), err)
		}
		outputs = append(outputs, out)
	}
	return outputs, nil
}

func (o output) read(l sandbox.Limits) (sandbox.Output, error) {
	switch o.Failure {
	case "", sandbox.RuntimeError, sandbox.TimeLimit, sandbox.MemoryLimit, sandbox.OutputLimit, sandbox.DiskLimit:
	default:
		return sandbox.Output{}, errors.New("its failure is none that runs have")
	}
	switch {
	case int64(len(o.Stdout)) > l.Output, int64(len(o.Value)) > l.Output+framing, int64(len(o.Stderr)) > min(l.Output, maxStderr):
		return sandbox.Output{}, errors.New("it is longer than its limit")
	case o.Exit < 0 || o.Exit > math.MaxInt32:
		return sandbox.Output{}, errors.New("its exit status is none")
	}
	usage, err := readUsage(o.CPU, o.Wall, o.Memory)
	return sandbox.Output{Failure: o.Failure, Stdout: o.Stdout, Value: o.Value, Stderr: o.Stderr, Exit: int(o.Exit), Usage: usage}, err
}

// readUsage bounds what would be measured: Lambda allows 15 minutes on 6
// processors and 10 GiB.
func readUsage(cpu, wall, memory int64) (sandbox.Usage, error) {
	const mostTime, mostMemory = int64(24 * time.Hour), int64(1) << 40
	if cpu < 0 || cpu > mostTime || wall < 0 || wall > mostTime || memory < 0 || memory > mostMemory {
		return sandbox.Usage{}, errors.New("its usage is out of range")
	}
	return sandbox.Usage{CPU: time.Duration(cpu), Wall: time.Duration(wall), Memory: memory}, nil
}

// readReport reads the answer to a request for a report.
func readReport(payload []byte, id string) (sandbox.Report, string, error) {
	s, err := open(payload, id)
	if err != nil || s.Error != "" {
		code := ""
		if s != nil {
			code = s.Error
		}
		return sandbox.Report{}, code, err
	}
	var r sandbox.Report
	if s.Report.Kind() != '{' || s.Build != nil || s.Outputs != nil || jsonv2.Unmarshal(s.Report, &r, strict) != nil {
		return r, "", errors.New("it has no report, or more than one")
	}
	seen := map[string]bool{}
	for _, p := range r.Protections {
		if !name(p.Name) || seen[p.Name] || !printed(p.Detail) || !printed(p.Stops) || p.Stops == "" {
			return r, "", errors.New("a protection of its report is none")
		}
		seen[p.Name] = true
	}
	for language, v := range r.Toolchains {
		if !name(language) || v == "" || !printed(v) {
			return r, "", errors.New("a toolchain of its report is none")
		}
	}
	return r, "", nil
}

// name reports whether a text looks like the name of a protection or language.
func name(s string) bool {
	return s != "" && len(s) <= 64 && !strings.ContainsFunc(s, func(r rune) bool {
		return !nameRune(r) && !slices.Contains([]rune(".+# "), r)
	})
}

// printed reports whether a text is fit for a terminal.
func printed(s string) bool {
	return len(s) <= 1000 && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}
