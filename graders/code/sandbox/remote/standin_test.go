package remote_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/remote"
)

const (
	keyID  = "AKIDEXAMPLE"
	secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
	token  = "a-session-token"
)

// setKeys gives the test credentials.
func setKeys(t testing.TB) {
	t.Setenv("AWS_ACCESS_KEY_ID", keyID)
	t.Setenv("AWS_SECRET_ACCESS_KEY", secret)
	t.Setenv("AWS_SESSION_TOKEN", token)
	t.Setenv("AWS_REGION", "eu-west-1")
}

// A standIn is the Invoke API in front of a handler.
type standIn struct {
	t      testing.TB
	handle func(context.Context, []byte) ([]byte, error)
	// before may answer in the function's stead; n counts requests from 0.
	before func(n int, w http.ResponseWriter, payload []byte) (done bool)

	mu       sync.Mutex
	payloads [][]byte
	headers  []http.Header
	uris     []string
}

func (s *standIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	payload, err := io.ReadAll(r.Body)
	if err != nil {
		return // The caller has gone away.
	}
	assert.NoError(s.t, verify(r, payload))
	s.mu.Lock()
	n := len(s.payloads)
	s.payloads, s.headers, s.uris = append(s.payloads, payload), append(s.headers, r.Header.Clone()), append(s.uris, r.RequestURI)
	s.mu.Unlock()
	w.Header().Set("X-Amzn-RequestId", "0f3c-"+strconv.Itoa(n))
	if s.before != nil && s.before(n, w, payload) {
		return
	}
	answer, err := s.handle(r.Context(), payload)
	if err != nil {
		w.Header().Set("X-Amz-Function-Error", "Unhandled")
		answer = []byte(`{"errorType":"errorString","errorMessage":"it failed"}`)
	}
	w.Write(answer)
}

func (s *standIn) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.payloads)
}

// connect returns an executor of the stand-in.
func connect(t testing.TB, s *standIn, o remote.Options) *remote.Executor {
	t.Helper()
	setKeys(t)
	s.t = t
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	o.Endpoint = server.URL
	if o.Function == "" {
		o.Function = "runner"
	}
	e, err := remote.New(o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, e.Close()) })
	return e
}

// verify checks a signature as the AWS General Reference describes version 4,
// without the code that made it.
func verify(r *http.Request, payload []byte) error {
	fields := map[string]string{}
	rest, found := strings.CutPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 ")
	if !found {
		return fmt.Errorf("the request is not signed")
	}
	for part := range strings.SplitSeq(rest, ", ") {
		k, v, _ := strings.Cut(part, "=")
		fields[k] = v
	}
	scope := strings.TrimPrefix(fields["Credential"], keyID+"/")
	date := r.Header.Get("X-Amz-Date")
	at, err := time.Parse("20060102T150405Z", date)
	if err != nil || time.Since(at).Abs() > 5*time.Minute {
		return fmt.Errorf("the time of the signature is %q", date)
	}
	if want := date[:8] + "/eu-west-1/lambda/aws4_request"; scope != want {
		return fmt.Errorf("the scope is %q, want %q", scope, want)
	}
	var headers strings.Builder
	for name := range strings.SplitSeq(fields["SignedHeaders"], ";") {
		value := strings.Join(r.Header.Values(name), ",")
		switch name {
		case "host":
			value = r.Host
		case "content-length":
			value = strconv.FormatInt(r.ContentLength, 10)
		}
		fmt.Fprintf(&headers, "%s:%s\n", name, strings.TrimSpace(value))
	}
	for _, must := range []string{"host", "x-amz-date", "x-amz-security-token", "x-amz-invocation-type"} {
		if !strings.Contains(headers.String(), must+":") {
			return fmt.Errorf("the header %s is not signed", must)
		}
	}
	if r.Header.Get("X-Amz-Tenant-Id") != "" && !strings.Contains(headers.String(), "x-amz-tenant-id:") {
		return fmt.Errorf("the tenant is not signed")
	}
	path, query, _ := strings.Cut(r.RequestURI, "?")
	canonical := strings.Join([]string{
		r.Method, strings.ReplaceAll(url.PathEscape(path), "%2F", "/"), query, headers.String(), fields["SignedHeaders"], hash(payload),
	}, "\n")
	key := []byte("AWS4" + secret)
	for part := range strings.SplitSeq(scope, "/") {
		key = mac(key, part)
	}
	want := hex.EncodeToString(mac(key, strings.Join([]string{"AWS4-HMAC-SHA256", date, scope, hash([]byte(canonical))}, "\n")))
	if fields["Signature"] != want {
		return fmt.Errorf("the signature is wrong for\n%s", canonical)
	}
	return nil
}

func hash(b []byte) string { s := sha256.Sum256(b); return hex.EncodeToString(s[:]) }

func mac(key []byte, s string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(s))
	return h.Sum(nil)
}

// played is an executor that starts nothing: its programs are the names of what
// it does.
type played struct {
	run func(ctx context.Context, p sandbox.Program, inputs []sandbox.Input, take func(int, sandbox.Output) bool) (sandbox.Build, error)
}

func (p played) Run(ctx context.Context, program sandbox.Program, inputs []sandbox.Input, take func(int, sandbox.Output) bool) (sandbox.Build, error) {
	if err := ctx.Err(); err != nil {
		return sandbox.Build{}, err
	}
	if p.run != nil {
		return p.run(ctx, program, inputs, take)
	}
	b := sandbox.Build{Usage: sandbox.Usage{CPU: 3, Wall: 4, Memory: 5}}
	for i, in := range inputs {
		out := sandbox.Output{Stdout: bytes.ToUpper(in.Stdin), Value: in.Call, Usage: sandbox.Usage{CPU: 1, Wall: 2, Memory: 3}}
		switch {
		case string(in.Stdin) == "loop":
			out = sandbox.Output{Failure: sandbox.TimeLimit, Exit: 137}
		case program.Source == "fill":
			n, err := strconv.Atoi(string(in.Stdin))
			if err != nil {
				return b, err
			}
			out.Stdout = bytes.Repeat([]byte{0xff}, n)
		}
		if !take(i, out) {
			break
		}
	}
	return b, nil
}

func (played) Report() sandbox.Report {
	return sandbox.Report{
		Executor: "played",
		Protections: []sandbox.Protection{
			{Name: "seccomp", Active: true, Stops: "system calls"},
			{Name: "landlock", Detail: "the kernel has none", Stops: "reading files"},
		},
		Toolchains: map[string]string{"python": "Python 3.11.2"},
	}
}

func (played) Close() error { return nil }

var python = &sandbox.Language{
	Name: "python", Aliases: []string{"py"}, File: "main.py", Compile: []string{"true"}, Run: []string{"python3", "{source}"},
	Version: []string{"python3", "-V"}, Env: []string{"PYTHONHASHSEED=0"}, Driver: "python",
	Limits: sandbox.Limits{Memory: 1 << 20, Time: time.Millisecond},
}

func stdin(texts ...string) []sandbox.Input {
	var inputs []sandbox.Input
	for _, t := range texts {
		inputs = append(inputs, sandbox.Input{Stdin: []byte(t)})
	}
	return inputs
}

// collect runs a program and returns its outputs.
func collect(t testing.TB, e sandbox.Executor, p sandbox.Program, inputs []sandbox.Input) ([]sandbox.Output, sandbox.Build, error) {
	t.Helper()
	var outputs []sandbox.Output
	b, err := e.Run(t.Context(), p, inputs, func(i int, out sandbox.Output) bool {
		require.Equal(t, len(outputs), i)
		outputs = append(outputs, out)
		return true
	})
	return outputs, b, err
}
