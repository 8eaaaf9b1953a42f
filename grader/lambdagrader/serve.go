package lambdagrader

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"os"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	jsonv2 "github.com/go-json-experiment/json"

	"github.com/rftgrader/rftgrader/grader"
)

const (
	headerErrorType    = "Lambda-Runtime-Function-Error-Type"
	headerErrorBody    = "Lambda-Runtime-Function-Error-Body"
	headerResponseMode = "Lambda-Runtime-Function-Response-Mode"

	// lockTime is how long Lambda may take to say that it has begun to read a
	// response. Where it does not say so, it is asked only once.
	lockTime = time.Second
	// maxTrailer bounds an error in a trailer, in bytes before base64: the
	// trailers of a request fit in 4 KiB where the server is Go's.
	maxTrailer = 2 << 10
)

// Serve answers the invocations of the Lambda Runtime API at an address
// (host:port) with the response lock, until ctx is done or the API cannot be
// used any more, which is the error: the process should end then.
//
// Each response is opened before its batch is graded, and its body follows. A
// program that reaches the Runtime API meanwhile gets neither the event nor a
// response of its own accepted. Grading begins when Lambda has said that it reads
// the response; where it never says so (the log's field locked is false then)
// after a second, once.
//
// A batch that fails is a function error all the same: it ends the response with
// the trailers that Lambda has for a function that fails while it streams. The
// error is the body as well, so that a caller which is not told of trailers
// gets no scores.
func (h *Handler) Serve(ctx context.Context, addr string) error {
	h.log.LogAttrs(ctx, slog.LevelInfo, "swept before the first batch", h.sweep(ctx)...)
	return serve(ctx, addr, func(payload []byte) (answer, error) {
		items, err := grader.Decode(payload)
		if err != nil {
			return nil, err
		}
		return func(ctx context.Context, locked bool) ([]byte, error) {
			return h.answer(ctx, items, len(payload), slog.Bool("locked", locked))
		}, nil
	}, nil)
}

// An answer makes the body of a response, which is open by then.
type answer func(ctx context.Context, locked bool) ([]byte, error)

// serve answers invocations until ctx is done, the API cannot be used any more,
// or spent says that the process must not be. Prepare looks at a payload before
// the response is opened.
func serve(ctx context.Context, addr string, prepare func(payload []byte) (answer, error), spent func() error) error {
	workers := max(1, lambdacontext.MaxConcurrency())
	r := &runtimeAPI{
		prepare:   prepare,
		spent:     spent,
		base:      "http://" + addr + "/2018-06-01/runtime/invocation/",
		transport: &http.Transport{ExpectContinueTimeout: lockTime, MaxIdleConnsPerHost: workers, DisableCompression: true},
		traced:    workers == 1,
	}
	defer r.transport.CloseIdleConnections()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var joined sync.WaitGroup
	for range workers {
		joined.Go(func() { stop(r.loop(ctx)) })
	}
	joined.Wait()
	return context.Cause(ctx)
}

// A runtimeAPI is the Runtime API as a runtime uses it.
type runtimeAPI struct {
	prepare   func(payload []byte) (answer, error)
	spent     func() error // nil: never
	base      string
	transport *http.Transport
	traced    bool        // the trace id of an invocation is that of the process
	deaf      atomic.Bool // Lambda does not say when it reads
}

func (r *runtimeAPI) loop(ctx context.Context) error {
	for {
		event, err := r.next(ctx)
		if err == nil {
			err = r.serve(ctx, event)
		}
		if err == nil && r.spent != nil {
			err = r.spent()
		}
		if err != nil {
			return err
		}
	}
}

// An event is one invocation.
type event struct {
	id, arn, trace string
	deadline       time.Time
	payload        []byte
}

func (r *runtimeAPI) next(ctx context.Context) (*event, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.base+"next", nil)
	if err != nil {
		return nil, err
	}
	resp, err := r.transport.RoundTrip(req)
	if err != nil {
		return nil, fmt.Errorf("ask for an event: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("ask for an event: %s", resp.Status)
	}
	e := &event{
		id:    resp.Header.Get("Lambda-Runtime-Aws-Request-Id"),
		arn:   resp.Header.Get("Lambda-Runtime-Invoked-Function-Arn"),
		trace: resp.Header.Get("Lambda-Runtime-Trace-Id"),
	}
	ms, err := strconv.ParseInt(resp.Header.Get("Lambda-Runtime-Deadline-Ms"), 10, 64)
	if err != nil {
		return nil, fmt.Errorf("ask for an event: its deadline: %w", err)
	}
	e.deadline = time.UnixMilli(ms)
	e.payload = make([]byte, 0, max(0, resp.ContentLength)+1)
	for err == nil {
		if len(e.payload) == cap(e.payload) {
			e.payload = append(e.payload, 0)[:len(e.payload)]
		}
		var n int
		n, err = resp.Body.Read(e.payload[len(e.payload):cap(e.payload)])
		e.payload = e.payload[:len(e.payload)+n]
	}
	if !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read an event: %w", err)
	}
	return e, nil
}

func (r *runtimeAPI) serve(ctx context.Context, e *event) error {
	ctx, cancel := context.WithDeadline(ctx, e.deadline)
	defer cancel()
	ctx = lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{AwsRequestID: e.id, InvokedFunctionArn: e.arn})
	if r.traced {
		if err := os.Setenv("_X_AMZN_TRACE_ID", e.trace); err != nil {
			return err
		}
	}
	answered, err := r.prepare(e.payload)
	if err != nil {
		f := describeFault(err)
		return r.post(ctx, e.id+"/error", http.Header{headerErrorType: {f.Type}}, nil, strings.NewReader(string(f.json())))
	}
	body := &reply{trailer: http.Header{headerErrorType: nil, headerErrorBody: nil}}
	body.make = func() ([]byte, error) {
		return answered(ctx, body.locked.Load())
	}
	return r.respond(ctx, e.id, body)
}

// respond opens the response, so that body is read.
func (r *runtimeAPI) respond(ctx context.Context, id string, body *reply) error {
	header := http.Header{headerResponseMode: {"streaming"}}
	asked := !r.deaf.Load()
	if asked {
		header.Set("Expect", "100-continue")
		ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{Got100Continue: func() { body.locked.Store(true) }})
	}
	err := r.post(ctx, id+"/response", header, body.trailer, body)
	if asked && !body.locked.Load() {
		r.deaf.Store(true)
		refused := new(statusError)
		if errors.As(err, &refused) && refused.code == http.StatusExpectationFailed && !body.begun {
			return r.respond(ctx, id, body)
		}
	}
	return err
}

// A statusError is an answer of the Runtime API other than that all is well.
type statusError struct {
	code   int
	status string
}

func (e *statusError) Error() string { return e.status }

// post sends what has become of an invocation. The context's end does not break
// off a response that is ready.
func (r *runtimeAPI) post(ctx context.Context, path string, header, trailer http.Header, body io.Reader) error {
	req, err := http.NewRequestWithContext(context.WithoutCancel(ctx), http.MethodPost, r.base+path, body)
	if err != nil {
		return err
	}
	header.Set("Content-Type", "application/json")
	req.Header, req.Trailer = header, trailer
	resp, err := r.transport.RoundTrip(req)
	if err != nil {
		return fmt.Errorf("answer an invocation: %w", err)
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	if resp.StatusCode != http.StatusAccepted {
		return fmt.Errorf("answer an invocation: %w", &statusError{resp.StatusCode, resp.Status})
	}
	return err
}

// A reply is the body of a response, which is made at its first Read.
type reply struct {
	make    func() ([]byte, error)
	trailer http.Header
	locked  atomic.Bool
	begun   bool
	rest    []byte
}

func (r *reply) Read(b []byte) (int, error) {
	if !r.begun {
		r.begun = true
		var err error
		if r.rest, err = r.safely(); err != nil {
			f := describeFault(err)
			r.trailer.Set(headerErrorType, f.Type)
			r.trailer.Set(headerErrorBody, base64.StdEncoding.EncodeToString(f.within(maxTrailer)))
			r.rest = f.json()
		}
	}
	n := copy(b, r.rest)
	if r.rest = r.rest[n:]; len(r.rest) == 0 {
		return n, io.EOF
	}
	return n, nil
}

// safely keeps a panic from the transport, whose goroutine this is. The text of a
// panic may quote anything, so only its type is told.
func (r *reply) safely() (text []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			text, err = nil, grader.Permanentf("the function panicked with a %T outside of every grader: this is a fault of the function", p)
		}
	}()
	return r.make()
}

// A fault is a function error as Lambda's callers read it.
type fault struct {
	Message string `json:"errorMessage"`
	Type    string `json:"errorType"`
}

// describeFault names the type of an error as aws-lambda-go does.
func describeFault(err error) fault {
	t := reflect.TypeOf(err)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return fault{err.Error(), t.Name()}
}

func (f fault) json() []byte {
	f.Message = strings.ToValidUTF8(f.Message, "�")
	text, err := jsonv2.Marshal(f)
	if err != nil { // cannot be: two strings of valid UTF-8
		return []byte(`{"errorMessage":"","errorType":"error"}`)
	}
	return text
}

// within returns the JSON with as much of the message as the size allows.
func (f fault) within(size int) []byte {
	for {
		text := f.json()
		if len(text) <= size || f.Message == "" {
			return text
		}
		f.Message = strings.ToValidUTF8(f.Message[:min(len(f.Message)/2, size)], "")
	}
}
