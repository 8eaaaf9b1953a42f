package bedrock_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/judge/bedrock"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
	"github.com/rftgrader/rftgrader/testdata"
)

// endpoint starts a server that the SDK's client takes for the service.
func endpoint(t *testing.T, h http.HandlerFunc) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	environment(t)
	t.Setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", s.URL)
}

// environment is that of a function, and nothing of this machine's.
func environment(t *testing.T) {
	t.Helper()
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "", "AWS_REGION": "us-east-1",
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_BEARER_TOKEN_BEDROCK": "", "AWS_CA_BUNDLE": "", "AWS_PROFILE": "", "AWS_ENDPOINT_URL": "", "AWS_MAX_ATTEMPTS": "",
	} {
		t.Setenv(name, value)
	}
}

func caller(t *testing.T) *bedrock.Caller {
	c := bedrock.New(4)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return c
}

const answered = `{"output":{"message":{"role":"assistant","content":[{"text":"7"}]}},"stopReason":"end_turn","usage":{"inputTokens":10,"outputTokens":3,"totalTokens":13}}`

// sent puts a request and returns what arrived.
func sent(t *testing.T, q *converse.Request) (path, authorization, body string) {
	t.Helper()
	endpoint(t, func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		path, authorization, body = r.URL.EscapedPath(), r.Header.Get("Authorization"), string(b)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, answered)
	})
	a, err := caller(t).Converse(context.Background(), q)
	require.NoError(t, err)
	require.Equal(t, "7", a.JoinedText())
	return path, authorization, body
}

func TestRequests(t *testing.T) {
	zero, one, half := 0.0, 1.0, 0.7
	const text = "Rate it.\n<candidate-7f3a>\n4\n</candidate-7f3a>"
	schema := json.RawMessage(`{"type":"object","properties":{"reasoning":{"type":"string"},"score":{"type":"integer","enum":[1,2,3,4,5]}},"required":["reasoning","score"],"additionalProperties":false}`)
	requests := map[string]converse.Request{
		"text-minimal": {Model: "amazon.nova-lite-v1:0", MaxTokens: 512, Temperature: &zero},
		"profile-arn":  {Model: "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123"},
		"system-cache": {Model: "us.anthropic.claude-haiku-4-5-20251001-v1:0", System: []string{"You are a strict grader."}, Cache: "1h"},
		"forced-tool": {
			Model:  "us.anthropic.claude-haiku-4-5-20251001-v1:0",
			Output: converse.Output{Form: converse.FormTool, Name: "submit_score", Description: "Records the verdict.", Schema: schema, Strict: true},
		},
		"json-schema": {
			Model:  "us.anthropic.claude-haiku-4-5-20251001-v1:0",
			Output: converse.Output{Form: converse.FormSchema, Name: "verdict", Description: "The verdict.", Schema: schema},
		},
		"full": {
			Model: "us.anthropic.claude-sonnet-4-5-20250929-v1:0", MaxTokens: 4096, Temperature: &one, Stop: []string{"</verdict>"},
			Thinking: 2048, ServiceTier: "flex", Performance: "standard", ResponsePaths: []string{"/stop_sequence"},
			Guardrail: &converse.Guardrail{ID: "gr123", Version: "1", Trace: "enabled"}, Metadata: map[string]string{"job": "rft-1"},
		},
	}
	t.Run("recorded", func(t *testing.T) {
		seen := 0
		for line := range lines(t, "cases", "judge", "wire_requests.jsonl") {
			var want struct {
				ID         string          `json:"id"`
				RequestURI string          `json:"request_uri"`
				Body       json.RawMessage `json:"body"`
			}
			require.NoError(t, json.Unmarshal(line, &want))
			seen++
			t.Run(want.ID, func(t *testing.T) {
				q, ok := requests[want.ID]
				require.True(t, ok, "a form of which this test knows nothing")
				q.Messages = []converse.Message{{Role: converse.User, Text: text}}
				path, authorization, body := sent(t, &q)
				require.Equal(t, want.RequestURI, path)
				require.Contains(t, authorization, "/us-east-1/bedrock/aws4_request")
				require.JSONEq(t, string(want.Body), body)
			})
		}
		require.Len(t, requests, seen)
	})
	for name, c := range map[string]struct {
		change func(*converse.Request)
		want   string
	}{
		"sampling":              {func(q *converse.Request) { q.Temperature, q.TopP = &half, &half }, `{"inferenceConfig":{"temperature":0.7,"topP":0.7}}`},
		"cache of five minutes": {func(q *converse.Request) { q.System, q.Cache = []string{"a", "b"}, "5m" }, `{"system":[{"text":"a"},{"text":"b"},{"cachePoint":{"type":"default"}}]}`},
		"cache of nothing":      {func(q *converse.Request) { q.Cache = "5m" }, `{}`},
		"effort":                {func(q *converse.Request) { q.Effort = "low" }, `{"outputConfig":{"effort":"low"}}`},
		"the model's own fields": {func(q *converse.Request) {
			q.Extra = map[string]any{"a": 1.0, "b": []string{"x"}, "c": nil, "d": false, "e": 0, "f": "", "g": map[string]any{}, "h": []any{}}
		}, `{"additionalModelRequestFields":{"a":1,"b":["x"],"c":null,"d":false,"e":0,"f":"","g":{},"h":[]}}`},
		"own fields over thinking": {func(q *converse.Request) {
			q.Thinking, q.Extra = 1024, map[string]any{"thinking": map[string]any{"type": "adaptive"}}
		}, `{"additionalModelRequestFields":{"thinking":{"type":"adaptive"}}}`},
		"any tool": {func(q *converse.Request) {
			q.Output = converse.Output{Form: converse.FormAnyTool, Name: "verdict", Schema: json.RawMessage(`{"enum":[0,0.5,12345678901234567890,false,"",null,{},[]]}`)}
		}, `{"toolConfig":{"tools":[{"toolSpec":{"name":"verdict","inputSchema":{"json":{"enum":[0,0.5,12345678901234567890,false,"",null,{},[]]}}}}],"toolChoice":{"any":{}}}}`},
		"schema keeps its order": {func(q *converse.Request) {
			q.Output = converse.Output{Form: converse.FormSchema, Schema: json.RawMessage(`{ "b": 1, "a": 2 }`)}
		}, `{"outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"schema":"{\"b\":1,\"a\":2}"}}}}}`},
		"prefill": {func(q *converse.Request) {
			q.Messages = append(q.Messages, converse.Message{Role: converse.Assistant, Text: "{"})
		}, `{"messages":[{"role":"user","content":[{"text":"Rate it."}]},{"role":"assistant","content":[{"text":"{"}]}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			q := &converse.Request{Model: "m", Messages: []converse.Message{{Role: converse.User, Text: "Rate it."}}}
			c.change(q)
			_, _, body := sent(t, q)
			var want map[string]any
			require.NoError(t, json.Unmarshal([]byte(c.want), &want))
			if want["messages"] == nil {
				want["messages"] = []any{map[string]any{"role": "user", "content": []any{map[string]any{"text": "Rate it."}}}}
			}
			whole, err := json.Marshal(want)
			require.NoError(t, err)
			// JSONEq reads numbers as floats: the digits of large ones are looked for.
			require.JSONEq(t, string(whole), body)
			require.Equal(t, strings.Contains(c.want, "12345678901234567890"), strings.Contains(body, "12345678901234567890"))
		})
	}
}

func lines(t *testing.T, elem ...string) func(func([]byte) bool) {
	t.Helper()
	f, err := os.Open(testdata.Shared(t, elem...))
	require.NoError(t, err)
	t.Cleanup(func() { _ = f.Close() })
	return func(yield func([]byte) bool) {
		s := bufio.NewScanner(f)
		s.Buffer(nil, 1<<20)
		for s.Scan() {
			if len(s.Bytes()) > 0 && !yield(s.Bytes()) {
				return
			}
		}
		require.NoError(t, s.Err())
	}
}

// TestResponses puts every recorded answer before the SDK's client, and says
// what becomes of it: a class, or an answer with a stop reason.
func TestResponses(t *testing.T) {
	classes := map[string]converse.Class{
		"throttle-tokens": converse.Throttled, "throttle-requests": converse.Throttled, "bare-429": converse.Throttled,
		"throttle-daily": converse.Quota, "quota": converse.Quota,
		"model-not-ready": converse.Transient, "internal": converse.Transient, "unavailable": converse.Transient, "gateway-html": converse.Transient,
		"empty-200": converse.Transient, "truncated-200": converse.Transient, "usage-float": converse.Transient,
		"model-timeout": converse.Timeout,
		"model-error":   converse.Capability,
		"validation":    converse.Permanent, "validation-schema": converse.Permanent,
		"validation-on-demand": converse.NotFound, "not-found": converse.NotFound,
		"access-denied": converse.Denied, "expired-token": converse.Denied,
	}
	seen := map[string]bool{}
	for line := range lines(t, "cases", "judge", "wire_responses.jsonl") {
		var c struct {
			ID      string            `json:"id"`
			Status  int               `json:"status"`
			Headers map[string]string `json:"headers"`
			Body    string            `json:"body"`
			Outcome struct {
				ErrorCode    string   `json:"error_code"`
				ErrorMessage string   `json:"error_message"`
				Unreadable   bool     `json:"deserialization_error"`
				Content      []string `json:"content"`
				OutputNil    bool     `json:"output_nil"`
				UsageNil     bool     `json:"usage_nil"`
				Stop         string   `json:"stop_reason"`
			} `json:"sdk_outcome"`
		}
		require.NoError(t, json.Unmarshal(line, &c))
		seen[c.ID] = true
		t.Run(c.ID, func(t *testing.T) {
			attempts := 0
			endpoint(t, func(w http.ResponseWriter, _ *http.Request) {
				attempts++
				for name, value := range c.Headers {
					w.Header().Set(name, value)
				}
				w.WriteHeader(c.Status)
				_, _ = io.WriteString(w, c.Body)
			})
			a, err := caller(t).Converse(context.Background(), &converse.Request{Model: "m", Messages: []converse.Message{{Role: converse.User, Text: "Rate it."}}})
			require.Equal(t, 1, attempts, "the SDK never asks again")
			if class, ok := classes[c.ID]; ok {
				require.Nil(t, a)
				var e *converse.Error
				require.ErrorAs(t, err, &e)
				require.Equal(t, class, e.Class)
				require.Equal(t, c.Status, e.Status)
				require.Equal(t, 1, e.Attempts)
				if code := c.Outcome.ErrorCode; code != "" && code != "UnknownError" {
					require.Equal(t, code, e.Code)
				}
				require.Equal(t, c.Outcome.ErrorMessage, e.Message)
				if e.Message != "" {
					require.NotContains(t, e.Error(), e.Message, "what the service says may quote what was sent")
				}
				return
			}
			require.NoError(t, err)
			require.False(t, c.Outcome.Unreadable)
			require.Equal(t, c.Outcome.Stop, a.Stop)
			require.Equal(t, c.Outcome.UsageNil, a.Usage == converse.Usage{})
			var blocks []string
			for _, text := range a.Text {
				blocks = append(blocks, "text "+text)
			}
			for _, use := range a.Tools {
				blocks = append(blocks, "toolUse "+use.Name+" "+string(use.Input)+" <nil>")
			}
			var want []string
			for _, b := range c.Outcome.Content {
				if strings.HasPrefix(b, "text ") || strings.HasPrefix(b, "toolUse ") {
					want = append(want, b)
				}
			}
			require.Equal(t, want, blocks)
			require.Equal(t, c.ID == "reasoning-then-text", a.Reasoning)
		})
	}
	for id := range classes {
		require.True(t, seen[id], id)
	}
}

// TestRefusals has the answers that users report beside the recorded ones.
func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name, kind, body string
		status           int
		class            converse.Class
		after            time.Duration
		headers          map[string]string
	}{
		{"original fault of the service", "ModelErrorException", `{"message":"The model failed.","originalStatusCode":500}`, 424, converse.Transient, 0, nil},
		{"original fault of the request", "ModelErrorException", `{"message":"Bad request.","originalStatusCode":400}`, 424, converse.Permanent, 0, nil},
		{"original throttling", "ModelErrorException", `{"message":"Slow down.","originalStatusCode":429}`, 424, converse.Throttled, 0, nil},
		{"input too long", "ValidationException", `{"message":"Input is too long for requested model."}`, 400, converse.TooLong, 0, nil},
		{"prompt too long", "ValidationException", `{"message":"The model returned the following errors: prompt is too long: 210000 tokens > 200000 maximum"}`, 400, converse.TooLong, 0, nil},
		{"no such id", "ValidationException", `{"message":"The provided model identifier is invalid."}`, 400, converse.NotFound, 0, nil},
		{"type in the body", "", `{"__type":"com.amazon.bedrock#ThrottlingException","message":"wait"}`, 429, converse.Throttled, 0, nil},
		{"daily without a name", "", `{"message":"Daily tokens used up"}`, 429, converse.Quota, 0, nil},
		{"seconds to wait", "ThrottlingException", `{"message":"wait"}`, 429, converse.Throttled, 7 * time.Second, map[string]string{"Retry-After": "7"}},
		{"milliseconds to wait", "ServiceUnavailableException", `{"message":"wait"}`, 503, converse.Transient, 1500 * time.Millisecond, map[string]string{"X-Amz-Retry-After": "1500"}},
		{"nonsense to wait", "ThrottlingException", `{"message":"wait"}`, 429, converse.Throttled, 0, map[string]string{"Retry-After": "soon"}},
		{"for ever", "ThrottlingException", `{"message":"wait"}`, 429, converse.Throttled, 24 * time.Hour, map[string]string{"Retry-After": "4294967295"}},
		{"empty 503", "", ``, 503, converse.Transient, 0, nil},
		{"empty 504", "", ``, 504, converse.Transient, 0, nil},
		{"bare 401", "", `{}`, 401, converse.Denied, 0, nil},
		{"bare 408", "", `{}`, 408, converse.Timeout, 0, nil},
		{"bare 404", "", `nothing here`, 404, converse.NotFound, 0, nil},
		{"bare 413", "", ``, 413, converse.TooLong, 0, nil},
		{"bare 400", "", `{"message":"no"}`, 400, converse.Permanent, 0, nil},
		{"elsewhere", "", ``, 307, converse.Permanent, 0, map[string]string{"Location": "http://127.0.0.1:1/"}},
		{"wrong clock", "InvalidSignatureException", `{"message":"Signature expired"}`, 403, converse.Denied, 0, nil},
		{"new name", "BrandNewException", `{"message":"no"}`, 409, converse.Permanent, 0, nil},
		{"long text", "ValidationException", `{"message":"` + strings.Repeat("x", 1<<20) + `"}`, 400, converse.Permanent, 0, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			endpoint(t, func(w http.ResponseWriter, _ *http.Request) {
				for name, value := range c.headers {
					w.Header().Set(name, value)
				}
				if c.kind != "" {
					w.Header().Set("X-Amzn-ErrorType", c.kind+":http://internal.amazon.com/coral/com.amazon.bedrock/")
				}
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body)
			})
			_, err := caller(t).Converse(context.Background(), &converse.Request{Model: "m"})
			var e *converse.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, c.class, e.Class, "%#v", e)
			require.Equal(t, c.status, e.Status)
			require.Equal(t, c.after, e.RetryAfter)
			require.LessOrEqual(t, len(e.Message), 4096)
			require.Less(t, len(e.Error()), 300)
		})
	}
}
