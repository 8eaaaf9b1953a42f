package locallambda

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

const (
	// maxRequest and maxEvent are the quotas of a payload in bytes, for the
	// invocation types RequestResponse and Event.
	maxRequest = 6 << 20
	maxEvent   = 1 << 20
	// maxResponse is the quota of a response in bytes: 6 MB and 100 bytes.
	maxResponse = maxRequest + 100
	// maxClientContext is the quota of the decoded client context in bytes.
	maxClientContext = 3583
)

// An invocation is one event on its way through the function.
type invocation struct {
	id            string
	arn           string
	traceID       string
	clientContext string
	payload       []byte
	async         bool

	begun    time.Time // when its duration and its time-out began to count
	deadline time.Time
	took     time.Duration // from begun to the response, or to what came instead
	init     time.Duration // of the environment that was started for it
	tail     tail

	// outcome is set, under the lock of the environment that has the
	// invocation, before responded is closed.
	outcome   outcome
	responded chan struct{} // closed when its response has been read
	settled   chan struct{} // closed when the runtime then asked for another event

	// answer and err are set before answered is closed.
	answer   Response
	err      error
	answered chan struct{}
}

// An outcome is what became of an invocation.
type outcome struct {
	payload   []byte
	failed    bool   // a function error
	errorType string // of the platform, for the log
	status    string // for the log: "", error or timeout
	note      string // a line for the log
	err       error  // there is no answer at all
	truncated bool   // the response broke off; the process may be about to end
}

func (f *Function) newInvocation(payload []byte, qualifier, clientContext, traceID string, async bool) (*invocation, error) {
	if err := checkSize(int64(len(payload)), async); err != nil {
		return nil, err
	}
	if len(payload) == 0 {
		payload = []byte("{}")
	} else if err := checkJSON(payload); err != nil {
		return nil, err
	}
	arn := f.ARN()
	if qualifier != "" {
		arn += ":" + qualifier
	}
	if traceID == "" || len(traceID) > 512 {
		traceID = newTraceID(time.Now())
	}
	return &invocation{
		id: newRequestID(), arn: arn, traceID: traceID, clientContext: clientContext, payload: payload, async: async,
		responded: make(chan struct{}), settled: make(chan struct{}), answered: make(chan struct{}),
	}, nil
}

// checkSize refuses a payload that is over its quota, in Lambda's words.
func checkSize(size int64, async bool) error {
	switch {
	case async && size > maxEvent:
		return tooLarge(fmt.Sprintf("%d byte payload is too large for the Event invocation type (limit %d bytes)", size, maxEvent))
	case size > maxRequest:
		return tooLarge(fmt.Sprintf("Request must be smaller than %d bytes for the InvokeFunction operation", maxRequest))
	}
	return nil
}

// checkJSON refuses what Lambda's own parser refuses. Duplicate names pass
// there, broken UTF-8 does not. The error says where, and quotes nothing.
func checkJSON(payload []byte) error {
	if jsontext.Value(payload).IsValid(jsontext.AllowDuplicateNames(true)) {
		return nil
	}
	decoder := jsontext.NewDecoder(bytes.NewBuffer(payload), jsontext.AllowDuplicateNames(true))
	err := decoder.SkipValue()
	at := decoder.InputOffset() // after the first value, if that is not the fault
	var syntactic *jsontext.SyntacticError
	if errors.As(err, &syntactic) {
		at = syntactic.ByteOffset
	}
	return badContent("Could not parse request body into json: Could not parse payload into json: invalid JSON or UTF-8 at byte %d", at)
}

// respond makes the answer of an outcome.
func (v *invocation) respond(out outcome) Response {
	if out.err != nil {
		return Response{}
	}
	r := Response{RequestID: v.id, Payload: out.payload, Log: v.tail.bytes(), Duration: v.took, InitDuration: v.init}
	if out.failed {
		r.FunctionError = "Unhandled"
	}
	return r
}

// wait returns the answer, or the end of ctx.
func (v *invocation) wait(ctx context.Context) (Response, error) {
	select {
	case <-v.answered:
		return v.answer, v.err
	case <-ctx.Done():
		return Response{}, fmt.Errorf("waiting for invocation %s: %w; the function runs on until it is done or times out", v.id, context.Cause(ctx))
	}
}

// failure is the payload of a function error that the platform reports.
type failure struct {
	Type    string `json:"errorType"`
	Message string `json:"errorMessage"`
}

// platformError is a function error that the platform reports.
func platformError(errorType, format string, args ...any) outcome {
	message := fmt.Sprintf(format, args...)
	payload, err := json.Marshal(failure{Type: errorType, Message: message})
	if err != nil { // cannot be: two strings
		return outcome{err: err}
	}
	return outcome{payload: payload, failed: true, errorType: errorType, status: "error"}
}

// timedOut has the words of the current runtimes in the answer, and those of
// the log in the log.
func (v *invocation) timedOut(timeout time.Duration) outcome {
	words := "Task timed out after " + strconv.FormatFloat(timeout.Seconds(), 'f', 2, 64) + " seconds"
	out := platformError("Sandbox.Timedout", "%s", v.says(words))
	out.status = "timeout"
	out.note = time.Now().UTC().Format("2006-01-02T15:04:05.000Z") + " " + v.id + " " + words
	return out
}

// exited is the outcome of a process that ended by itself.
func (v *invocation) exited(how string) outcome {
	words := "Runtime exited with error: " + how
	if how == "exit status 0" {
		words = "Runtime exited without providing a reason"
	}
	out := platformError("Runtime.ExitError", "%s", v.says(words))
	out.note = v.says(words) + "\nRuntime.ExitError"
	return out
}

// notStarted is the outcome of a bootstrap that the system cannot execute.
func (v *invocation) notStarted(err error) outcome {
	out := platformError("Runtime.InvalidEntrypoint", "%s", v.says(err.Error()))
	out.note = v.says(err.Error()) + "\nRuntime.InvalidEntrypoint"
	return out
}

// says puts the request in front of an error, unless the environment was
// started for none.
func (v *invocation) says(words string) string {
	if v.id == "" {
		return words
	}
	return "RequestId: " + v.id + " Error: " + words
}

func newRequestID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func newTraceID(now time.Time) string {
	var b [20]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	return fmt.Sprintf("Root=1-%08x-%x;Parent=%x;Sampled=0", uint32(now.Unix()), b[:12], b[12:])
}

// newLogStream returns the name of an environment's log stream. Its random
// part also tells the processes of the environment from all others.
func newLogStream(now time.Time) string {
	var b [16]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	return now.UTC().Format("2006/01/02") + "/[" + version + "]" + hex.EncodeToString(b[:])
}
