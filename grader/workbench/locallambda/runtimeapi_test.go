package locallambda_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/locallambda"
)

const requestID = "Lambda-Runtime-Aws-Request-Id"

// runtimeAPI returns the base of the runtime API of the only environment.
func runtimeAPI(t *testing.T, f *locallambda.Function) string {
	return "http://" + succeed[report](t, f, do.report).API + "/2018-06-01/runtime/"
}

func TestCurrentEventIsGivenToWhoeverAsks(t *testing.T) {
	f := start(t, locallambda.Config{})
	api := runtimeAPI(t, f)
	g := newGate(t)
	b := inBackground(t, f, map[string]any{"do": "wait", "url": g.url})
	<-g.arrived
	var ids []string
	for range 2 {
		r, body := send(t, "GET", api+"invocation/next", "")
		require.Equal(t, 200, r.StatusCode)
		require.JSONEq(t, string(event(t, map[string]any{"do": "wait", "url": g.url})), body)
		require.Equal(t, "application/json", r.Header.Get("Content-Type"))
		require.Equal(t, f.ARN(), r.Header.Get("Lambda-Runtime-Invoked-Function-Arn"))
		require.Regexp(t, `^\d{13}$`, r.Header.Get("Lambda-Runtime-Deadline-Ms"))
		require.NotEmpty(t, r.Header.Get("Lambda-Runtime-Trace-Id"))
		ids = append(ids, r.Header.Get(requestID))
	}
	require.Equal(t, ids[0], ids[1])
	g.open()
	require.Equal(t, ids[0], b.wait(t).RequestID)
}

func TestForgedResponseIsAccepted(t *testing.T) {
	f := start(t, locallambda.Config{})
	api := runtimeAPI(t, f)
	g := newGate(t)
	b := inBackground(t, f, map[string]any{"do": "wait", "url": g.url})
	<-g.arrived
	r, _ := send(t, "GET", api+"invocation/next", "")
	id := r.Header.Get(requestID)
	r, body := send(t, "POST", api+"invocation/"+id+"/response", `"forged"`)
	require.Equal(t, 202, r.StatusCode)
	require.JSONEq(t, `{"status":"OK"}`, body)
	require.Equal(t, `"forged"`, string(b.wait(t).Payload))

	r, body = send(t, "POST", api+"invocation/"+id+"/response", `"again"`)
	require.Equal(t, 403, r.StatusCode)
	require.Contains(t, body, "InvalidStateTransition")
	r, _ = send(t, "POST", api+"invocation/"+id+"/error", `{}`)
	require.Equal(t, 403, r.StatusCode)
	g.open() // its own response is refused now, which ends aws-lambda-go
	require.NotEmpty(t, succeed[report](t, f, do.report).API)
}

func TestResponseLock(t *testing.T) {
	f := start(t, locallambda.Config{})
	api := runtimeAPI(t, f)
	g := newGate(t)
	// The handler returns a reader that does its work inside its first Read.
	b := inBackground(t, f, map[string]any{"do": "stream when let", "text": `"genuine"`, "url": g.url})
	id := (<-g.arrived).Get("id")
	// The head of the response is on its way: the current event is given until it is there.
	for begun := false; !begun; {
		r, _ := send(t, "GET", api+"invocation/next", "")
		begun = r.StatusCode == 403
		require.True(t, begun || r.StatusCode == 200 && r.Header.Get(requestID) == id, r.Status)
	}
	for name, c := range map[string]struct {
		method, path string
		status       int
		kind         string
	}{
		"next":                       {"GET", "invocation/next", 403, "InvalidStateTransition"},
		"response":                   {"POST", "invocation/" + id + "/response", 403, "InvalidStateTransition"},
		"error":                      {"POST", "invocation/" + id + "/error", 403, "InvalidStateTransition"},
		"init error":                 {"POST", "init/error", 403, "InvalidStateTransition"},
		"response with another id":   {"POST", "invocation/00000000-0000-4000-8000-000000000000/response", 400, "InvalidRequestID"},
		"error with another id":      {"POST", "invocation/00000000-0000-4000-8000-000000000000/error", 400, "InvalidRequestID"},
		"response in a strange mode": {"POST", "invocation/" + id + "/response", 400, "InvalidFunctionResponseMode"},
	} {
		t.Run(name, func(t *testing.T) {
			header := []string{}
			if c.kind == "InvalidFunctionResponseMode" {
				header = []string{"Lambda-Runtime-Function-Response-Mode", "telepathic"}
			}
			r, body := send(t, c.method, api+c.path, `"forged"`, header...)
			require.Equal(t, c.status, r.StatusCode)
			require.Contains(t, body, `"errorType":"`+c.kind+`"`)
			require.Empty(t, r.Header.Get(requestID))
		})
	}
	g.open()
	require.Equal(t, `"genuine"`, string(b.wait(t).Payload))
}

// answers is what a program beside the function reports of the runtime API.
type answers map[string]struct {
	Status int    `json:"status"`
	Body   string `json:"body"`
}

func TestHostileChild(t *testing.T) {
	t.Run("without the lock it has the event, and its answer counts", func(t *testing.T) {
		var log journal
		f := start(t, locallambda.Config{Log: &log})
		r := invoke(t, f, map[string]any{"do": "attack", "text": "the tests"})
		require.Empty(t, r.FunctionError)
		require.Equal(t, `"forged"`, string(r.Payload))
		require.NoError(t, f.Close())
		_, line, found := strings.Cut(log.String(), "thief: ")
		require.True(t, found)
		line, _, _ = strings.Cut(line, "\n")
		var got answers
		require.NoError(t, json.Unmarshal([]byte(line), &got))
		require.Equal(t, 200, got["next"].Status)
		require.Contains(t, got["next"].Body, "the tests")
		require.Equal(t, 202, got["response"].Status)
		require.Equal(t, 403, got["error"].Status)
	})
	t.Run("behind the lock it has nothing", func(t *testing.T) {
		f := start(t, locallambda.Config{})
		got := succeed[answers](t, f, map[string]any{"do": "attack behind the lock", "text": "the tests"})
		for _, request := range []string{"next", "response", "error"} {
			require.Equal(t, 403, got[request].Status, request)
			require.NotContains(t, got[request].Body, "the tests")
		}
		require.NotEmpty(t, succeed[report](t, f, do.report).API)
	})
}

func TestTrailers(t *testing.T) {
	body := base64.StdEncoding.EncodeToString([]byte(`{"errorType":"E","errorMessage":"m"}`))
	for name, c := range map[string]struct {
		mode    string
		trailer http.Header
		failed  bool
		payload string
	}{
		"an error in the streaming mode":   {"streaming", http.Header{"Lambda-Runtime-Function-Error-Type": {"E"}, "Lambda-Runtime-Function-Error-Body": {body}}, true, `{"errorType":"E","errorMessage":"m"}`},
		"a type alone":                     {"streaming", http.Header{"Lambda-Runtime-Function-Error-Type": {"E"}}, true, `{"errorType":"E","errorMessage":"the function reported an error that is not JSON or is too large"}`},
		"no error in the streaming mode":   {"streaming", nil, false, `"so far"`},
		"an error that nobody looks at":    {"", http.Header{"Lambda-Runtime-Function-Error-Type": {"E"}, "Lambda-Runtime-Function-Error-Body": {body}}, false, `"so far"`},
		"no error and no mode, as usually": {"", nil, false, `"so far"`},
	} {
		t.Run(name, func(t *testing.T) {
			f := start(t, locallambda.Config{})
			api := runtimeAPI(t, f)
			g := newGate(t)
			b := inBackground(t, f, map[string]any{"do": "wait", "url": g.url})
			id := (<-g.arrived).Get("id")
			// A reader of unknown length is sent in chunks, which trailers need.
			r, err := http.NewRequest("POST", api+"invocation/"+id+"/response", io.MultiReader(strings.NewReader(`"so far"`)))
			require.NoError(t, err)
			if c.mode != "" {
				r.Header.Set("Lambda-Runtime-Function-Response-Mode", c.mode)
			}
			r.Trailer = c.trailer
			response, err := http.DefaultClient.Do(r)
			require.NoError(t, err)
			response.Body.Close()
			require.Equal(t, 202, response.StatusCode)
			got := b.wait(t)
			require.Equal(t, c.failed, got.FunctionError != "")
			require.JSONEq(t, c.payload, string(got.Payload))
		})
	}
}

// The process that follows one which has ended finds what that one has left,
// and is told so by the same log stream.
func TestProcessFollowsInTheSameEnvironment(t *testing.T) {
	stream := func(r report) string {
		i := slices.IndexFunc(r.Env, func(v string) bool { return strings.HasPrefix(v, "AWS_LAMBDA_LOG_STREAM_NAME=") })
		require.GreaterOrEqual(t, i, 0)
		return r.Env[i]
	}
	f := start(t, locallambda.Config{})
	first := succeed[report](t, f, do.report)
	require.NotEmpty(t, invoke(t, f, map[string]any{"do": "die"}).FunctionError)
	second := succeed[report](t, f, do.report)
	require.NotEqual(t, first.PID, second.PID)
	require.Equal(t, stream(first), stream(second))
	g := newGate(t)
	b := inBackground(t, f, map[string]any{"do": "wait", "url": g.url})
	<-g.arrived
	require.NotEqual(t, stream(first), stream(succeed[report](t, f, do.report)), "two at once are two environments")
	g.open()
	b.wait(t)
}

// A survivor that asks for the next event while none is there takes it from
// the runtime, if it asked first.
func TestEventGoesToOneWhoWaits(t *testing.T) {
	f := start(t, locallambda.Config{Concurrency: 1})
	api := runtimeAPI(t, f)

	waiting := func(n int) {
		t.Helper()
		require.Eventually(t, func() bool { return f.Waiting() == n }, time.Minute, time.Millisecond)
	}
	waiting(1) // the runtime

	t.Run("who has gone away is passed over", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		r, err := http.NewRequestWithContext(ctx, "GET", api+"invocation/next", nil)
		require.NoError(t, err)
		done := make(chan error)
		go func() {
			_, err := http.DefaultClient.Do(r)
			done <- err
		}()
		waiting(2)
		cancel()
		require.ErrorIs(t, <-done, context.Canceled)
		waiting(1)
		require.Empty(t, invoke(t, f, do.report).FunctionError)
	})

	t.Run("the first gets it", func(t *testing.T) {
		first := pid(t, invoke(t, f, do.report)) // the runtime waits from here on
		g := newGate(t)
		b := inBackground(t, f, map[string]any{"do": "wait", "url": g.url})
		id := (<-g.arrived).Get("id")
		r, _ := send(t, "POST", api+"invocation/"+id+"/response", `"forged"`)
		require.Equal(t, 202, r.StatusCode)
		type reply struct {
			id  string
			err error
		}
		stolen := make(chan reply)
		go func() { // asks before the runtime does, which is held at the gate
			r, err := http.Get(api + "invocation/next")
			if err != nil {
				stolen <- reply{err: err}
				return
			}
			r.Body.Close()
			stolen <- reply{id: r.Header.Get(requestID)}
		}()
		require.Equal(t, `"forged"`, string(b.wait(t).Payload))
		// An event of type Event waits for the environment if need be.
		r, _ = send(t, "POST", serveHTTP(t, f)+invocations, string(event(t, do.report)), "X-Amz-Invocation-Type", "Event")
		require.Equal(t, 202, r.StatusCode)
		got := <-stolen
		require.NoError(t, got.err)
		require.Equal(t, r.Header.Get("X-Amzn-RequestId"), got.id)
		r, _ = send(t, "POST", api+"invocation/"+got.id+"/response", `"a thief"`)
		require.Equal(t, 202, r.StatusCode)
		g.open() // the runtime finds out that its own response is refused, and ends
		awaitExit(t, first)
	})
}

func TestReportedErrors(t *testing.T) {
	for name, c := range map[string]struct {
		body, header  string
		kind, message string
	}{
		"as usual":              {`{"errorType":"E","errorMessage":"m"}`, "H", "E", "m"},
		"no JSON":               {`broken "`, "Runtime.Broken", "Runtime.Broken", "the function reported an error that is not JSON or is too large"},
		"no JSON and no header": {``, "", "Runtime.Unknown", "the function reported an error that is not JSON or is too large"},
		"too large":             {`"` + strings.Repeat("x", 7<<20) + `"`, "Big", "Big", "the function reported an error that is not JSON or is too large"},
	} {
		t.Run(name, func(t *testing.T) {
			f := start(t, locallambda.Config{})
			api := runtimeAPI(t, f)
			g := newGate(t)
			b := inBackground(t, f, map[string]any{"do": "wait", "url": g.url})
			id := (<-g.arrived).Get("id")
			r, _ := send(t, "POST", api+"invocation/"+id+"/error", c.body, "Lambda-Runtime-Function-Error-Type", c.header)
			require.Equal(t, 202, r.StatusCode)
			got := failed(t, b.wait(t))
			require.Equal(t, c.kind, got.Type)
			require.Equal(t, c.message, got.Message)
		})
	}
}

func TestRuntimeAPIBetweenInvocations(t *testing.T) {
	f := start(t, locallambda.Config{})
	api := runtimeAPI(t, f)
	last := invoke(t, f, do.report).RequestID
	for name, c := range map[string]struct {
		method, path, body string
		status             int
	}{
		"response to the last event":   {"POST", "invocation/" + last + "/response", `1`, 403},
		"error of the last event":      {"POST", "invocation/" + last + "/error", `1`, 403},
		"response to an unknown event": {"POST", "invocation/x/response", `1`, 400},
		"an init error after init":     {"POST", "init/error", `{}`, 403},
		"a wrong method":               {"GET", "invocation/" + last + "/response", ``, 405},
		"an unknown path":              {"GET", "invocation", ``, 404},
		"an extension with events":     {"POST", "../../2020-01-01/extension/register", `{"events":["INVOKE"]}`, 403},
		"an extension without JSON":    {"POST", "../../2020-01-01/extension/register", `events`, 400},
	} {
		t.Run(name, func(t *testing.T) {
			url := api + c.path
			if _, after, found := strings.Cut(c.path, "../.."); found {
				url = strings.TrimSuffix(api, "/2018-06-01/runtime/") + after
			}
			r, _ := send(t, c.method, url, c.body)
			require.Equal(t, c.status, r.StatusCode)
		})
	}
	require.Empty(t, invoke(t, f, do.report).FunctionError)
}
