package conversestub_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/conversestub"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
	"github.com/rftgrader/rftgrader/testdata"
)

const (
	claude = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
	opus   = "us.anthropic.claude-opus-4-7-20260401-v1:0"
	nova   = "amazon.nova-lite-v1:0"
	gptOSS = "openai.gpt-oss-120b-1:0"
)

var signature = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/bedrock/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=" + strings.Repeat("0f", 32)

func newStub(t *testing.T, c conversestub.Config) *conversestub.Stub {
	t.Helper()
	s, err := conversestub.New(c)
	require.NoError(t, err)
	return s
}

// request is a signed request to a model.
func request(ctx context.Context, model, body string) *http.Request {
	escaped := strings.NewReplacer(":", "%3A", "/", "%2F").Replace(model)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://stub/model/"+escaped+"/converse", strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	r.Header.Set("Authorization", signature)
	r.Header.Set("X-Amz-Date", "20261121T120000Z")
	return r
}

type reply struct {
	status  int
	kind    string
	message string
	body    []byte
	stop    string
	content []map[string]json.RawMessage
	usage   map[string]float64
}

func (r reply) text() string {
	var all string
	for _, b := range r.content {
		var s string
		if json.Unmarshal(b["text"], &s) == nil {
			all += s
		}
	}
	return all
}

func ask(t *testing.T, s *conversestub.Stub, model, body string) reply {
	t.Helper()
	response, err := s.RoundTrip(request(t.Context(), model, body))
	require.NoError(t, err)
	b, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NotEmpty(t, response.Header.Get("X-Amzn-RequestId"))
	require.Contains(t, response.Header.Get("X-Rft-Simulation"), "SIMULATION")
	got := reply{status: response.StatusCode, body: b}
	got.kind, _, _ = strings.Cut(response.Header.Get("X-Amzn-ErrorType"), ":")
	var parsed struct {
		Message string
		Output  struct {
			Message struct{ Content []map[string]json.RawMessage }
		}
		StopReason string
		Usage      map[string]float64
	}
	if json.Unmarshal(b, &parsed) == nil {
		got.message, got.stop, got.content, got.usage = parsed.Message, parsed.StopReason, parsed.Output.Message.Content, parsed.Usage
	}
	return got
}

// question is the body of a question about a candidate, with other members.
func question(candidate string, more ...string) string {
	text, _ := json.Marshal("Rate it.\n<candidate-7f3a>\n" + candidate + "\n</candidate-7f3a>")
	return fmt.Sprintf(`{"messages":[{"role":"user","content":[{"text":%s}]}]%s}`, text, strings.Join(append([]string{""}, more...), ","))
}

func schemaFormat(schema string) string {
	s, _ := json.Marshal(schema)
	return `"outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"name":"v","schema":` + string(s) + `}}}}`
}

func forcedTool(name, schema string) string {
	return fmt.Sprintf(`"toolConfig":{"tools":[{"toolSpec":{"name":%q,"inputSchema":{"json":%s}}}],"toolChoice":{"tool":{"name":%q}}}`, name, schema, name)
}

const scoreSchema = `{"type":"object","properties":{"reasoning":{"type":"string"},"score":{"type":"integer","enum":[0,1,2,3,4,5,6,7,8,9,10]}},"required":["reasoning","score"],"additionalProperties":false}`

func TestForms(t *testing.T) {
	s := newStub(t, conversestub.Config{})
	t.Run("schema", func(t *testing.T) {
		got := ask(t, s, claude, question("quality=0.7", schemaFormat(scoreSchema)))
		require.Equal(t, "end_turn", got.stop)
		require.JSONEq(t, `{"reasoning":"Simulated judge, no model: quality 0.70.","score":7}`, got.text())
	})
	t.Run("forced tool", func(t *testing.T) {
		got := ask(t, s, nova, question("quality=0.34", forcedTool("submit_verdict", scoreSchema)))
		require.Equal(t, "tool_use", got.stop)
		var use struct {
			Name  string
			Input struct{ Score int }
		}
		require.NoError(t, json.Unmarshal(got.content[0]["toolUse"], &use))
		require.Equal(t, "submit_verdict", use.Name)
		require.Equal(t, 3, use.Input.Score)
	})
	t.Run("text", func(t *testing.T) {
		got := ask(t, s, claude, question("quality=1"))
		require.Contains(t, got.text(), "no model was asked")
		require.Contains(t, got.text(), `{"score":1}`)
	})
	t.Run("a model that reasons", func(t *testing.T) {
		got := ask(t, s, gptOSS, question("quality=1"))
		require.Contains(t, got.content[0], "reasoningContent")
		require.Contains(t, string(got.content[1]["text"]), "score")
	})
}

func TestWhatModelsRefuse(t *testing.T) {
	object := func(members string) string {
		return `{"type":"object","properties":{` + members + `},"additionalProperties":false}`
	}
	for _, tc := range []struct {
		name, model, body string
		status            int
		message           string // of a fault; "" is no fault
	}{
		{"one sampling field", claude, question("x", `"inferenceConfig":{"temperature":0}`), 200, ""},
		{"both sampling fields of Claude 4.5", claude, question("x", `"inferenceConfig":{"temperature":0,"topP":1}`), 400, "cannot both be specified"},
		{"both sampling fields of Nova", nova, question("x", `"inferenceConfig":{"temperature":0,"topP":1}`), 200, ""},
		{"temperature of Opus 4.7", opus, question("x", `"inferenceConfig":{"temperature":0}`), 400, "temperature is deprecated"},
		{"topP of Opus 4.7", opus, question("x", `"inferenceConfig":{"topP":0.5}`), 400, "top_p is deprecated"},
		{"temperature too high", nova, question("x", `"inferenceConfig":{"temperature":2}`), 400, "between 0 and 1"},
		{"temperature NaN", nova, question("x", `"inferenceConfig":{"temperature":"NaN"}`), 400, "not a Converse request"},
		{"forced tool of gpt-oss", gptOSS, question("x", forcedTool("f", scoreSchema)), 400, "toolChoice.tool"},
		{"forced tool of Mistral", "mistral.mistral-large-2407-v1:0", question("x", forcedTool("f", scoreSchema)), 400, "toolChoice.tool"},
		{"tool with a hyphen on Nova", nova, question("x", forcedTool("submit-score", scoreSchema)), 424, "invalid sequence as part of ToolUse"},
		{"tool with a hyphen on Claude", claude, question("x", forcedTool("submit-score", scoreSchema)), 200, ""},
		{"tool with a space", claude, question("x", forcedTool("submit score", scoreSchema)), 400, "regular expression"},
		{"schema of Nova", nova, question("x", schemaFormat(scoreSchema)), 400, "outputConfig.textFormat"},
		{"schema of Claude 4.0", "us.anthropic.claude-sonnet-4-20250514-v1:0", question("x", schemaFormat(scoreSchema)), 400, "outputConfig.textFormat"},
		{"minimum in a schema", claude, question("x", schemaFormat(object(`"score":{"type":"number","minimum":0,"maximum":1}`))), 400, "For 'number' type, properties maximum, minimum are not supported"},
		{"minLength in a schema", claude, question("x", schemaFormat(object(`"a":{"type":"string","minLength":1}`))), 400, "minLength"},
		{"minItems 2 in a schema", claude, question("x", schemaFormat(object(`"a":{"type":"array","minItems":2,"items":{"type":"string"}}`))), 400, "minItems"},
		{"minItems 1 in a schema", claude, question("x", schemaFormat(object(`"a":{"type":"array","minItems":1,"items":{"type":"string"}}`))), 200, ""},
		{"a member of the name minimum", claude, question("x", schemaFormat(object(`"minimum":{"type":"boolean"}`))), 200, ""},
		{"open object in a schema", claude, question("x", schemaFormat(`{"type":"object","properties":{}}`)), 400, "additionalProperties"},
		{"recursion in a schema", claude, question("x", schemaFormat(`{"type":"object","properties":{"a":{"$ref":"#/$defs/n"}},"additionalProperties":false,"$defs":{"n":{"type":"object","properties":{"next":{"$ref":"#/$defs/n"}},"additionalProperties":false}}}`)), 400, "recursive"},
		{"one definition used twice", claude, question("x", schemaFormat(`{"type":"object","properties":{"a":{"$ref":"#/$defs/n"},"b":{"$ref":"#/$defs/n"}},"additionalProperties":false,"$defs":{"n":{"type":"string"}}}`)), 200, ""},
		{"thinking with a forced tool", claude, question("x", forcedTool("f", scoreSchema), `"inferenceConfig":{"maxTokens":4096},"additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":1024}}`), 400, "Thinking may not be enabled"},
		{"thinking with temperature 0", claude, question("x", `"inferenceConfig":{"temperature":0,"maxTokens":4096},"additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":1024}}`), 400, "may only be set to 1"},
		{"thinking without room", claude, question("x", `"inferenceConfig":{"maxTokens":1000},"additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":1024}}`), 400, "must be greater than"},
		{"answer begun on Sonnet 4.6", "us.anthropic.claude-sonnet-4-6-v1:0", `{"messages":[{"role":"user","content":[{"text":"x"}]},{"role":"assistant","content":[{"text":"{"}]}]}`, 400, "prefill"},
		{"base id without on-demand", "anthropic.claude-haiku-4-5-20251001-v1:0", question("x"), 400, "on-demand throughput"},
		{"profile ARN", "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123", question("x"), 200, ""},
		{"no id of a model", "gpt", question("x"), 400, "identifier is invalid"},
		{"no messages", nova, `{"messages":[]}`, 400, "messages field is required"},
		{"blank text", nova, `{"messages":[{"role":"user","content":[{"text":" "}]}]}`, 400, "is blank"},
		{"more tokens than the model has", nova, question("x", `"inferenceConfig":{"maxTokens":100000}`), 400, "exceeds the model limit"},
		{"longer than the window", gptOSS, question(strings.Repeat("word ", 110_000)), 400, "too long"},
		{"no JSON", nova, `{`, 400, "not a Converse request"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := ask(t, newStub(t, conversestub.Config{}), tc.model, tc.body)
			require.Equal(t, tc.status, got.status, "%s", got.body)
			if tc.message != "" {
				require.Contains(t, got.message, tc.message)
				require.NotEmpty(t, got.kind)
			}
		})
	}
}

// TestGoldenRequests puts what an SDK sends to the endpoint.
func TestGoldenRequests(t *testing.T) {
	b, err := os.ReadFile(testdata.Shared(t, "cases", "judge", "wire_requests.jsonl"))
	require.NoError(t, err)
	for line := range bytes.Lines(b) {
		var c struct {
			ID      string
			URI     string `json:"request_uri"`
			Headers map[string]string
			Body    json.RawMessage
		}
		require.NoError(t, json.Unmarshal(line, &c))
		t.Run(c.ID, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, c.URI, bytes.NewReader(c.Body))
			for name, value := range c.Headers {
				r.Header.Set(name, strings.Replace(value, "Signature=…", "Signature="+strings.Repeat("a1", 32), 1))
			}
			r.Header.Set("X-Amz-Date", "20261121T120000Z")
			w := httptest.NewRecorder()
			newStub(t, conversestub.Config{}).ServeHTTP(w, r)
			require.Equal(t, http.StatusOK, w.Code, w.Body.String())
		})
	}
}

func TestRoutesAndSignatures(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(*http.Request)
		status int
		kind   string
	}{
		{"signed", func(*http.Request) {}, 200, ""},
		{"bearer", func(r *http.Request) { r.Header = http.Header{"Authorization": {"Bearer abc"}} }, 200, ""},
		{"nobody", func(r *http.Request) { r.Header.Del("Authorization") }, 403, "MissingAuthenticationTokenException"},
		{"another service", func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(signature, "/bedrock/", "/s3/", 1))
		}, 403, "InvalidSignatureException"},
		{"no date", func(r *http.Request) { r.Header.Del("X-Amz-Date") }, 403, "InvalidSignatureException"},
		{"another operation", func(r *http.Request) { r.URL.Path, r.URL.RawPath = "/model/a/converse-stream", "" }, 404, "UnknownOperationException"},
		{"a slash in the id", func(r *http.Request) { r.URL.Path, r.URL.RawPath = "/model/a/b/converse", "" }, 404, "UnknownOperationException"},
		{"another method", func(r *http.Request) { r.Method = http.MethodGet }, 404, "UnknownOperationException"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := request(t.Context(), nova, question("x"))
			tc.change(r)
			response, err := newStub(t, conversestub.Config{}).RoundTrip(r)
			require.NoError(t, err)
			require.Equal(t, tc.status, response.StatusCode)
			if tc.kind != "" {
				require.Equal(t, tc.kind+":http://internal.amazon.com/coral/com.amazon.bedrock/", response.Header.Get("X-Amzn-ErrorType"))
			}
		})
	}
}

func TestMaxTokensCutTheAnswer(t *testing.T) {
	s := newStub(t, conversestub.Config{})
	got := ask(t, s, claude, question("quality=0.7", schemaFormat(scoreSchema), `"inferenceConfig":{"maxTokens":5}`))
	require.Equal(t, "max_tokens", got.stop)
	require.Len(t, got.text(), 20)
	require.EqualValues(t, 5, got.usage["outputTokens"])
	got = ask(t, s, claude, question("quality=0.7", forcedTool("f", scoreSchema), `"inferenceConfig":{"maxTokens":5}`))
	require.Equal(t, "max_tokens", got.stop)
	require.Empty(t, got.content)
}

func TestPromptCache(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStub(t, conversestub.Config{})
		body := func(prefix int) string {
			return fmt.Sprintf(`{"system":[{"text":%q},{"cachePoint":{"type":"default","ttl":"5m"}}],"messages":[{"role":"user","content":[{"text":"x"}]}]}`, strings.Repeat("abcd", prefix))
		}
		read := func(got reply) [3]float64 {
			return [3]float64{got.usage["inputTokens"], got.usage["cacheReadInputTokens"], got.usage["cacheWriteInputTokens"]}
		}
		require.Equal(t, [3]float64{4001, 0, 0}, read(ask(t, s, claude, body(4000))), "below the minimum of 4,096")
		require.Equal(t, [3]float64{1, 0, 5000}, read(ask(t, s, claude, body(5000))))
		require.Equal(t, [3]float64{1, 5000, 0}, read(ask(t, s, claude, body(5000))))
		require.Equal(t, [3]float64{1, 0, 5000}, read(ask(t, s, "us.anthropic.claude-sonnet-4-5-20250929-v1:0", body(5000))), "each model has its own")
		time.Sleep(4 * time.Minute)
		require.Equal(t, [3]float64{1, 5000, 0}, read(ask(t, s, claude, body(5000))), "a read keeps it alive")
		time.Sleep(4 * time.Minute)
		require.Equal(t, [3]float64{1, 5000, 0}, read(ask(t, s, claude, body(5000))))
		time.Sleep(6 * time.Minute)
		require.Equal(t, [3]float64{1, 0, 5000}, read(ask(t, s, claude, body(5000))))
		// Reads are free of the quota in the end, writes are not.
		require.Equal(t, 4001+2*5001+3*1+5001, s.Ledger().QuotaTokens-5*s.Ledger().Usage.Output)
	})
}

func TestRequestsPerMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStub(t, conversestub.Config{RPM: 3})
		for range 3 {
			require.Equal(t, 200, ask(t, s, nova, question("x")).status)
		}
		got := ask(t, s, nova, question("x"))
		require.Equal(t, 429, got.status)
		require.Equal(t, "ThrottlingException", got.kind)
		require.Contains(t, got.message, "Too many requests")
		require.Equal(t, 200, ask(t, s, claude, question("x")).status, "each model has a quota of its own")
		time.Sleep(time.Minute)
		require.Equal(t, 200, ask(t, s, nova, question("x")).status)
		l := s.Ledger()
		require.Equal(t, 6, l.Requests)
		require.Equal(t, 1, l.Throttled)
		require.Equal(t, 3, l.Peak.Requests)
	})
}

func TestTokensAreReservedAndSettled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// A call reserves some 15 tokens of input and 700 of output, and uses far less.
		s := newStub(t, conversestub.Config{TPM: 1000, Latency: 10 * time.Second})
		body := question("x", `"inferenceConfig":{"maxTokens":700}`)
		var first reply
		var running sync.WaitGroup
		running.Go(func() { first = ask(t, s, nova, body) })
		time.Sleep(time.Second)
		got := ask(t, s, nova, body)
		require.Equal(t, 429, got.status, "the reservation of the first call is in the way")
		require.Contains(t, got.message, "Too many tokens,")
		running.Wait()
		require.Equal(t, 200, first.status)
		require.Equal(t, 200, ask(t, s, nova, body).status, "what was not used was given back")
		l := s.Ledger()
		require.Greater(t, l.Peak.Tokens, 700)
		require.LessOrEqual(t, l.Peak.Tokens, 1000)
		require.Equal(t, l.Usage.Input+l.Usage.Output, l.QuotaTokens)
	})
}

func TestBurndownAndMissingMaxTokens(t *testing.T) {
	s := newStub(t, conversestub.Config{TPM: 60_000})
	got := ask(t, s, claude, question("x"))
	require.Equal(t, 429, got.status, "without maxTokens the model's 64,000 are reserved")
	got = ask(t, s, claude, question("x", `"inferenceConfig":{"maxTokens":200}`))
	require.Equal(t, 200, got.status)
	require.EqualValues(t, got.usage["inputTokens"]+5*got.usage["outputTokens"], s.Ledger().QuotaTokens)
}

func TestTokensPerDay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStub(t, conversestub.Config{TPD: 280})
		body := question("x", `"inferenceConfig":{"maxTokens":250}`)
		require.Equal(t, 200, ask(t, s, nova, body).status)
		time.Sleep(time.Hour)
		require.Contains(t, ask(t, s, nova, body).message, "Too many tokens per day")
		time.Sleep(23 * time.Hour)
		require.Equal(t, 200, ask(t, s, nova, body).status)
	})
}

func TestAClientThatLeavesIsNotCharged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStub(t, conversestub.Config{Latency: time.Minute})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := s.RoundTrip(request(ctx, nova, question("x")))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, 1, s.Ledger().Abandoned)
		require.Zero(t, s.Ledger().Usage)
	})
}

func TestLedgerIsWhatClientsWereTold(t *testing.T) {
	s := newStub(t, conversestub.Config{Script: []conversestub.Step{{Answer: "truncated-200"}, {Answer: "internal"}, {Answer: "empty-200"}}})
	var told converse.Usage
	for range 5 {
		got := ask(t, s, nova, question("quality=0.5"))
		told.Input += int(got.usage["inputTokens"])
		told.Output += int(got.usage["outputTokens"])
	}
	l := s.Ledger()
	require.Equal(t, 4, l.Answered)
	require.Equal(t, 1, l.Failed)
	require.Equal(t, l.Usage, told.Add(l.Untold))
	require.Equal(t, told, l.Untold, "two were told, two were not")
	require.Contains(t, l.String(), "5 requests: 4 answered")
}
