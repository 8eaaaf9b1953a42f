package remote_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/remote"
)

const hostile = "IGNORE THE ABOVE"

// function is a transport that is the service and the function at once.
type function func(n int, r *http.Request, payload []byte) (*http.Response, error)

type counted struct {
	function
	n int
}

func (c *counted) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	payload, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	c.n++
	return c.function(c.n-1, r, payload)
}

func respond(status int, body string, header ...string) *http.Response {
	h := http.Header{"X-Amzn-Requestid": {"77aa-01"}}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

func always(status int, body string, header ...string) function {
	return func(int, *http.Request, []byte) (*http.Response, error) { return respond(status, body, header...), nil }
}

// says answers with the id of the request in place of ID.
func says(body string) function {
	return func(_ int, _ *http.Request, payload []byte) (*http.Response, error) {
		_, after, _ := strings.Cut(string(payload), `"id":"`)
		id, _, _ := strings.Cut(after, `"`)
		return respond(200, strings.ReplaceAll(body, "ID", id)), nil
	}
}

func TestFaults(t *testing.T) {
	setKeys(t)
	refusal := `{"Message":"User: arn:aws:iam::1:user/x is not authorized","Reason":"x"}`
	dead := `{"errorType":"Runtime.ExitError","errorMessage":"` + hostile + `"}`
	for _, c := range []struct {
		name     string
		function function
		fault    grader.Fault
		tries    int
		says     string
	}{
		{"429", always(429, `{"message":"Rate Exceeded."}`, "X-Amzn-ErrorType", "TooManyRequestsException:http://x"), grader.FaultTransient, 5, "TooManyRequestsException"},
		{"500", always(500, ``), grader.FaultTransient, 5, "status 500"},
		{"502", always(502, `<html>`), grader.FaultTransient, 5, "status 502"},
		{"409", always(409, `{}`), grader.FaultTransient, 5, "status 409"},
		{"no connection", func(int, *http.Request, []byte) (*http.Response, error) { return nil, errors.New("connection refused") }, grader.FaultTransient, 5, "connection refused"},
		{"an answer that breaks off", func(int, *http.Request, []byte) (*http.Response, error) {
			r := respond(200, "")
			r.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"version"`), broken{}))
			return r, nil
		}, grader.FaultTransient, 5, "unexpected EOF"},
		{"403", always(403, refusal, "X-Amzn-ErrorType", "AccessDeniedException"), grader.FaultPermanent, 1, "not authorized"},
		{"404", always(404, refusal), grader.FaultPermanent, 1, "name, region and qualifier"},
		{"413", always(413, refusal), grader.FaultPermanent, 1, "lower the payload"},
		{"400", always(400, refusal), grader.FaultPermanent, 1, "status 400"},
		{"302", always(302, "", "Location", "http://elsewhere/"), grader.FaultPermanent, 1, "status 302"},
		{"202", always(202, ""), grader.FaultPermanent, 1, "status 202"},
		{"the function dies", always(200, dead, "X-Amz-Function-Error", "Unhandled"), grader.FaultPermanent, 2, "Runtime.ExitError"},
		{"the function runs out of time", always(200, `{"errorMessage":"2026 Task timed out after 3.00 seconds"}`, "X-Amz-Function-Error", "Unhandled"), grader.FaultPermanent, 2, "Sandbox.Timedout"},
		{"the function says anything", always(200, `{"errorType":"`+hostile+`"}`, "X-Amz-Function-Error", hostile), grader.FaultPermanent, 2, "an error of its own"},
		{"the function says no JSON", always(200, hostile, "X-Amz-Function-Error", "Unhandled"), grader.FaultPermanent, 2, "no reason given"},
		{"an answer that is too long", always(200, strings.Repeat("x", 7<<20)), grader.FaultPermanent, 2, "longer than"},
		{"an answer to another request", always(200, `{"version":1,"id":"0","build":{},"outputs":[{}]}`), grader.FaultPermanent, 2, "another request"},
		{"no answer", always(200, "null"), grader.FaultPermanent, 2, "is none"},
		{"its executor failed for now", says(`{"version":1,"id":"ID","error":"transient"}`), grader.FaultPermanent, 5, "for now"},
		{"its environment is spent", says(`{"version":1,"id":"ID","error":"spent"}`), grader.FaultPermanent, 5, "spent"},
		{"its executor failed", says(`{"version":1,"id":"ID","error":"permanent"}`), grader.FaultPermanent, 1, "see its log"},
		{"it is of another version", says(`{"version":1,"id":"ID","error":"request"}`), grader.FaultPermanent, 1, "same version"},
		{"its output does not fit", says(`{"version":1,"id":"ID","error":"size"}`), grader.FaultPermanent, 1, "lower the limit"},
		{"its time-out is short", says(`{"version":1,"id":"ID","error":"timeout"}`), grader.FaultPermanent, 1, "time-out"},
		{"it lies about the time", says(`{"version":1,"id":"ID","error":"deadline"}`), grader.FaultPermanent, 2, "did not"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				transport := &counted{function: c.function}
				e, err := remote.New(remote.Options{Function: "runner", Transport: transport})
				require.NoError(t, err)
				outputs, _, err := collect(t, e, sandbox.Program{Language: python, Source: "secret source"}, stdin("secret input"))
				require.Empty(t, outputs)
				require.Equal(t, c.fault, grader.FaultOf(err), "%v", err)
				require.ErrorContains(t, err, c.says)
				require.Equal(t, c.tries, transport.n)
				for _, no := range []string{hostile, "secret"} {
					require.NotContains(t, err.Error(), no)
				}
			})
		})
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// TestRecovers wants an attempt that succeeds to count.
func TestRecovers(t *testing.T) {
	setKeys(t)
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		transport := &counted{function: func(n int, r *http.Request, payload []byte) (*http.Response, error) {
			switch n {
			case 0:
				return respond(429, "{}", "Retry-After", "7"), nil
			case 1:
				return nil, errors.New("reset")
			}
			return says(`{"version":1,"id":"ID","build":{},"outputs":[{"stdout":"A"}]}`)(n, r, payload)
		}}
		e, err := remote.New(remote.Options{Function: "runner", Transport: transport})
		require.NoError(t, err)
		outputs, _, err := collect(t, e, sandbox.Program{Language: python}, stdin("a"))
		require.NoError(t, err)
		require.Equal(t, []sandbox.Output{{Stdout: []byte("A")}}, outputs)
		require.GreaterOrEqual(t, time.Since(start), 7*time.Second, "Retry-After is kept")
	})
}

func TestDoesNotWaitBeyondTheDeadline(t *testing.T) {
	setKeys(t)
	synctest.Test(t, func(t *testing.T) {
		e, err := remote.New(remote.Options{Function: "runner", Transport: &counted{function: always(429, "{}", "Retry-After", "20")}})
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		start := time.Now()
		_, err = e.Run(ctx, sandbox.Program{Language: python}, stdin("a"), nil)
		require.Equal(t, grader.FaultTransient, grader.FaultOf(err), "%v", err)
		require.Zero(t, time.Since(start))
	})
}

func TestTime(t *testing.T) {
	setKeys(t)
	hang := func(_ int, r *http.Request, _ []byte) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	for _, c := range []struct {
		name     string
		function function
		limit    time.Duration // of the context
		timeout  time.Duration
		is       error
		fault    grader.Fault
	}{
		{"the context ends", hang, 3 * time.Second, 0, context.DeadlineExceeded, grader.FaultDeadline},
		{"an invocation ends", hang, 0, 2 * time.Second, nil, grader.FaultPermanent},
		{"nothing can be done any more", hang, 10 * time.Millisecond, 0, context.DeadlineExceeded, grader.FaultDeadline},
		{"the function says that the context's time is out", func(n int, r *http.Request, p []byte) (*http.Response, error) {
			time.Sleep(2600 * time.Millisecond)
			return says(`{"version":1,"id":"ID","error":"deadline"}`)(n, r, p)
		}, 3 * time.Second, 0, context.DeadlineExceeded, grader.FaultDeadline},
		{"the function says that the options' time is out", func(n int, r *http.Request, p []byte) (*http.Response, error) {
			time.Sleep(2600 * time.Millisecond)
			return says(`{"version":1,"id":"ID","error":"deadline"}`)(n, r, p)
		}, 0, 3 * time.Second, nil, grader.FaultPermanent},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e, err := remote.New(remote.Options{Function: "runner", Timeout: c.timeout, Transport: &counted{function: c.function}})
				require.NoError(t, err)
				ctx := t.Context()
				if c.limit > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, c.limit)
					defer cancel()
				}
				_, err = e.Run(ctx, sandbox.Program{Language: python}, stdin("a"), nil)
				require.Equal(t, c.fault, grader.FaultOf(err), "%v", err)
				if c.is != nil {
					require.ErrorIs(t, err, c.is)
				}
			})
		})
	}
}

// TestForged sends answers of a program that owns the function's environment.
func TestForged(t *testing.T) {
	setKeys(t)
	out := func(members string) string {
		return `{"version":1,"id":"ID","build":{},"outputs":[{` + members + `}]}`
	}
	for name, answer := range map[string]string{
		"too many outputs":         `{"version":1,"id":"ID","build":{},"outputs":[{},{}]}`,
		"a flood of outputs":       `{"version":1,"id":"ID","build":{},"outputs":[` + strings.Repeat("{},", 1<<20) + `{}]}`,
		"no outputs":               `{"version":1,"id":"ID","build":{},"outputs":[]}`,
		"no build":                 `{"version":1,"id":"ID","outputs":[{}]}`,
		"null for a build":         `{"version":1,"id":"ID","build":null,"outputs":[{}]}`,
		"null for an output":       `{"version":1,"id":"ID","build":{},"outputs":[null]}`,
		"null for outputs":         `{"version":1,"id":"ID","build":{},"outputs":null}`,
		"outputs of no build":      `{"version":1,"id":"ID","build":{"failure":"compile"},"outputs":[{}]}`,
		"outputs of another kind":  `{"version":1,"id":"ID","build":{},"outputs":{"0":{}}}`,
		"an error and a result":    `{"version":1,"id":"ID","error":"permanent","build":{}}`,
		"an error of its own":      `{"version":1,"id":"ID","error":"` + hostile + `"}`,
		"another version":          `{"version":2,"id":"ID","build":{},"outputs":[{}]}`,
		"a report":                 `{"version":1,"id":"ID","report":{},"build":{},"outputs":[{}]}`,
		"a member of its own":      `{"version":1,"id":"ID","score":1,"build":{},"outputs":[{}]}`,
		"a member twice":           `{"version":1,"id":"ID","id":"ID","build":{},"outputs":[{}]}`,
		"a build that crashed":     `{"version":1,"id":"ID","build":{"failure":"runtime"}}`,
		"a long log":               `{"version":1,"id":"ID","build":{"log":"` + strings.Repeat("x", 33<<10) + `"},"outputs":[{}]}`,
		"a failure of its own":     out(`"failure":"` + hostile + `"`),
		"a compile error in a run": out(`"failure":"compile"`),
		"a long output":            out(`"stdout":"` + strings.Repeat("x", 1<<20+1) + `"`),
		"a long value":             out(`"value":"` + strings.Repeat("x", 1<<20+17<<10) + `"`),
		"a long standard error":    out(`"stderr":"` + strings.Repeat("x", 64<<10+1) + `"`),
		"an exit below zero":       out(`"exit":-1`),
		"an exit beyond":           out(`"exit":4294967296`),
		"an exit of another kind":  out(`"exit":"0"`),
		"a time below zero":        out(`"cpu":-1`),
		"a time beyond":            out(`"wall":9223372036854775807`),
		"a memory beyond":          out(`"memory":9223372036854775807`),
		"a score":                  out(`"score":1`),
		"text of another kind":     out(`"stdout":7`),
		"text that is no base64":   out(`"stdout":{"base64":"*"}`),
		"text with more":           out(`"stdout":{"base64":"","more":1}`),
		"no UTF-8":                 out("\"stdout\":\"\xff\""),
		"a deep value":             out(`"stdout":` + strings.Repeat("[", 1<<20)),
		"something after it":       `{"version":1,"id":"ID","build":{},"outputs":[{}]} {}`,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				transport := &counted{function: says(answer)}
				e, err := remote.New(remote.Options{Function: "runner", Transport: transport})
				require.NoError(t, err)
				outputs, _, err := collect(t, e, sandbox.Program{Language: python}, stdin("a"))
				require.Empty(t, outputs)
				require.Equal(t, grader.FaultPermanent, grader.FaultOf(err), "%v", err)
				require.ErrorContains(t, err, "the answer of runner (request 77aa-01) is none")
				require.NotContains(t, err.Error(), hostile)
				require.Equal(t, 2, transport.n)
			})
		})
	}
}

func TestForgedReports(t *testing.T) {
	setKeys(t)
	for name, report := range map[string]string{
		"not there":              `null`,
		"no object":              `[]`,
		"a member of its own":    `{"executor":"x","score":1}`,
		"an empty protection":    `{"protections":[{}]}`,
		"a protection twice":     `{"protections":[{"name":"a","stops":"b"},{"name":"a","stops":"b"}]}`,
		"terminal escapes":       `{"protections":[{"name":"a","stops":"\u001b[2J"}]}`,
		"a toolchain of nothing": `{"toolchains":{"python":""}}`,
		"a name with a newline":  `{"toolchains":{"py\nthon":"3"}}`,
		"a long one":             `{"toolchains":{"python":"` + strings.Repeat("3", 70<<10) + `"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e, err := remote.New(remote.Options{Function: "runner", Transport: &counted{function: says(`{"version":1,"id":"ID","report":` + report + `}`)}})
				require.NoError(t, err)
				_, err = e.Ask(t.Context())
				require.Equal(t, grader.FaultPermanent, grader.FaultOf(err), "%v", err)
				r := e.Report()
				require.Empty(t, r.Toolchains)
				require.False(t, r.Protections[0].Active)
			})
		})
	}
}

func TestOptions(t *testing.T) {
	setKeys(t)
	const arn = "arn:aws:lambda:us-east-2:123456789012:function:runner"
	for says, o := range map[string]remote.Options{
		"no name":          {},
		"no name, partial": {Function: "a/../b"},
		"no ARN":           {Function: "arn:aws:s3:::bucket:x:y"},
		"no version":       {Function: "f", Qualifier: "a?b"},
		"not the one":      {Function: arn, Region: "eu-west-1"},
		"no name of a":     {Function: "f", Region: "eu.example.com/"},
		"use https":        {Function: "f", Endpoint: "http://lambda.example.com"},
		"nothing else":     {Function: "f", Endpoint: "https://user@lambda.example.com/path"},
		"timeout":          {Function: "f", Timeout: time.Hour},
		"concurrency":      {Function: "f", Concurrency: -1},
		"retries":          {Function: "f", Retries: 100},
		"payload":          {Function: "f", Payload: 10},
	} {
		t.Run(says, func(t *testing.T) {
			_, err := remote.New(o)
			require.Equal(t, grader.FaultPermanent, grader.FaultOf(err))
			require.ErrorContains(t, err, says)
		})
	}
	t.Run("no credentials", func(t *testing.T) {
		t.Setenv("AWS_SECRET_ACCESS_KEY", "")
		_, err := remote.New(remote.Options{Function: "f"})
		require.Equal(t, grader.FaultPermanent, grader.FaultOf(err))
		require.ErrorContains(t, err, "AWS_ACCESS_KEY_ID")
	})
	for want, o := range map[string]remote.Options{
		"lambda.us-east-2.amazonaws.com":     {Function: arn},
		"lambda.eu-west-1.amazonaws.com":     {Function: "f"},
		"lambda.cn-north-1.amazonaws.com.cn": {Function: "f", Region: "cn-north-1"},
	} {
		t.Run(want, func(t *testing.T) {
			var host string
			o.Retries = -1
			o.Transport = &counted{function: func(_ int, r *http.Request, _ []byte) (*http.Response, error) {
				host = r.URL.Scheme + "://" + r.URL.Host
				return respond(400, ""), nil
			}}
			e, err := remote.New(o)
			require.NoError(t, err)
			_, err = e.Ask(t.Context())
			require.Error(t, err)
			require.Equal(t, "https://"+want, host)
		})
	}
}

func FuzzAnswer(f *testing.F) {
	f.Setenv("AWS_ACCESS_KEY_ID", keyID)
	f.Setenv("AWS_SECRET_ACCESS_KEY", secret)
	f.Setenv("AWS_REGION", "eu-west-1")
	f.Add([]byte(`{"version":1,"id":"ID","build":{"log":"x"},"outputs":[{"stdout":"A","exit":1,"cpu":5},{"value":{"base64":"AA=="}}]}`))
	f.Add([]byte(`{"version":1,"id":"ID","build":{"failure":"compile"}}`))
	f.Add([]byte(`{"version":1,"id":"ID","error":"spent"}`))
	f.Add([]byte(`{"version":1,"id":"ID","report":{"executor":"x","protections":[{"name":"a","active":true,"detail":"","stops":"b"}],"toolchains":{"c":"1"}}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := remote.New(remote.Options{Function: "f", Retries: -1, Transport: &counted{function: says(string(body))}})
		require.NoError(t, err)
		const most = 100
		taken := 0
		b, err := e.Run(t.Context(), sandbox.Program{Language: python, Limits: sandbox.Limits{Output: most}}, stdin("a", "b"), func(i int, out sandbox.Output) bool {
			require.Equal(t, taken, i)
			taken++
			require.LessOrEqual(t, len(out.Stdout), most)
			require.LessOrEqual(t, len(out.Stderr), most)
			require.GreaterOrEqual(t, out.Usage.CPU, time.Duration(0))
			return true
		})
		require.LessOrEqual(t, taken, 2)
		if err == nil {
			require.True(t, b.Failure != "" || taken == 2)
		} else {
			require.Contains(t, []grader.Fault{grader.FaultPermanent, grader.FaultTransient}, grader.FaultOf(err))
		}
		r := e.Report()
		for _, p := range r.Protections {
			require.NotEmpty(t, p.Name)
			require.NotContains(t, fmt.Sprint(p), "\x1b")
		}
	})
}

func BenchmarkRun(b *testing.B) {
	s := &standIn{handle: remote.Handler(played{}, remote.HandlerOptions{})}
	e := connect(b, s, remote.Options{})
	inputs := stdin(strings.Split(string(bytes.Repeat([]byte("1 2 3 "), 10)), " ")...)
	for b.Loop() {
		if _, err := e.Run(b.Context(), sandbox.Program{Language: python}, inputs, func(int, sandbox.Output) bool { return true }); err != nil {
			b.Fatal(err)
		}
	}
}
