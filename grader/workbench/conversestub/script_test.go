package conversestub_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/conversestub"
)

func TestScriptedAnswers(t *testing.T) {
	for _, tc := range []struct {
		answer string
		status int
		kind   string
		stop   string
		body   string // a part of it
	}{
		{"ok", 200, "", "end_turn", `quality 0.70`},
		{"throttle-requests", 429, "ThrottlingException", "", "Too many requests"},
		{"throttle-tokens", 429, "ThrottlingException", "", "Too many tokens,"},
		{"throttle-daily", 429, "ThrottlingException", "", "per day"},
		{"model-not-ready", 429, "ModelNotReadyException", "", ""},
		{"bare-429", 429, "", "", "slow down"},
		{"model-timeout", 408, "ModelTimeoutException", "", ""},
		{"model-error", 424, "ModelErrorException", "", `"originalStatusCode":500`},
		{"tool-sequence", 424, "ModelErrorException", "", `"originalStatusCode":400`},
		{"internal", 500, "InternalServerException", "", ""},
		{"unavailable", 503, "ServiceUnavailableException", "", ""},
		{"gateway-html", 502, "", "", "<html>"},
		{"validation", 400, "ValidationException", "", ""},
		{"temperature", 400, "ValidationException", "", "deprecated"},
		{"schema", 400, "ValidationException", "", "minimum"},
		{"on-demand", 400, "ValidationException", "", "on-demand"},
		{"quota-exceeded", 400, "ServiceQuotaExceededException", "", ""},
		{"access-denied", 403, "AccessDeniedException", "", ""},
		{"expired-token", 403, "ExpiredTokenException", "", ""},
		{"not-found", 404, "ResourceNotFoundException", "", ""},
		{"empty-200", 200, "", "", ""},
		{"truncated-200", 200, "", "", `{"output"`},
		{"usage-float", 200, "", "end_turn", ".5,"},
		{"no-output", 200, "", "guardrail_intervened", `"output":{}`},
		{"null-text", 200, "", "end_turn", `{"text":null}`},
		{"unknown-block", 200, "", "end_turn", `"futureBlock"`},
		{"empty-content", 200, "", "end_turn", `"content":[]`},
		{"reasoning", 200, "", "end_turn", `"reasoningContent"`},
		{"tool-twice", 200, "", "tool_use", `"toolUseId":"t2"`},
		{"tool-jsonstring", 200, "", "tool_use", `"input":"{\"`},
		{"string-numbers", 200, "", "tool_use", `"score":"7"`},
		{"max-tokens", 200, "", "max_tokens", ""},
		{"stop-sequence", 200, "", "stop_sequence", ""},
		{"guardrail", 200, "", "guardrail_intervened", "Sorry"},
		{"content-filtered", 200, "", "content_filtered", `"content":[]`},
		{"refusal", 200, "", "refusal", "can't help"},
		{"malformed-tool", 200, "", "malformed_tool_use", `"content":[]`},
		{"malformed-output", 200, "", "malformed_model_output", ""},
		{"context-window", 200, "", "model_context_window_exceeded", ""},
		{"new-stop-reason", 200, "", "brand_new_reason", "quality 0.70"},
	} {
		t.Run(tc.answer, func(t *testing.T) {
			s := newStub(t, conversestub.Config{Script: []conversestub.Step{{Answer: tc.answer}}})
			got := ask(t, s, claude, question("quality=0.7", schemaFormat(scoreSchema)))
			require.Equal(t, tc.status, got.status)
			require.Equal(t, tc.kind, got.kind)
			require.Equal(t, tc.stop, got.stop)
			require.Contains(t, string(got.body), tc.body)
			again := ask(t, s, claude, question("quality=0.7", schemaFormat(scoreSchema)))
			require.Equal(t, "end_turn", again.stop, "behind the script all is as usual")
		})
	}
	require.Contains(t, conversestub.Faults(), "hang")
}

// TestBrokenConnections goes over a real network, where a connection can break.
func TestBrokenConnections(t *testing.T) {
	s := newStub(t, conversestub.Config{Script: []conversestub.Step{{Answer: "close-before"}, {Answer: "close-inside"}, {Answer: "ok"}, {Answer: "hang", Always: true}}})
	arrived := make(chan struct{}, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		s.ServeHTTP(w, r)
	}))
	client := server.Client()
	client.Transport.(*http.Transport).DisableKeepAlives = true // a broken connection is not tried again behind our back
	send := func(ctx context.Context) (*http.Response, error) {
		r := request(ctx, claude, question("quality=1"))
		r.URL.Host = strings.TrimPrefix(server.URL, "http://")
		return client.Do(r)
	}
	_, err := send(t.Context())
	require.ErrorIs(t, err, io.EOF)
	response, err := send(t.Context())
	require.NoError(t, err)
	_, err = io.ReadAll(response.Body)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.NoError(t, response.Body.Close())
	response, err = send(t.Context())
	require.NoError(t, err)
	require.NoError(t, json.NewDecoder(response.Body).Decode(&struct{}{}))
	require.NoError(t, response.Body.Close())

	for range 3 {
		<-arrived
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-arrived
		cancel()
	}()
	_, err = send(ctx)
	require.ErrorIs(t, err, context.Canceled)
	server.Close() // which waits for the call that hung until its client left
	require.Equal(t, 4, s.Ledger().Requests)
	require.Equal(t, 2, s.Ledger().Answered, "one of them was cut inside")
}

func TestHangLastsUntilTheClientLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStub(t, conversestub.Config{Script: []conversestub.Step{{Answer: "hang"}}})
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		before := time.Now()
		_, err := s.RoundTrip(request(ctx, claude, question("x")))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, time.Hour, time.Since(before))
		require.Equal(t, 1, s.Ledger().Abandoned)
	})
}

func TestBrokenConnectionsWithoutANetwork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStub(t, conversestub.Config{Script: []conversestub.Step{{Answer: "close-before"}, {Answer: "close-inside"}}})
		_, err := s.RoundTrip(request(t.Context(), claude, question("x")))
		require.ErrorContains(t, err, "closed before the answer")
		response, err := s.RoundTrip(request(t.Context(), claude, question("x")))
		require.NoError(t, err)
		_, err = io.ReadAll(response.Body)
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		require.Equal(t, s.Ledger().Usage, s.Ledger().Untold)
	})
}

func TestStepsFollowEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		steps, err := conversestub.ParseScript([]byte(`
{"answer": "throttle-tokens", "for": "20s"}
{"status": 503, "type": "ServiceUnavailableException", "message": "busy", "headers": {"Retry-After": "3"}, "times": 2}
{"answer": "ok", "delay": "5s"}
{"text": "I would say 4.", "stop": "stop_sequence"}
{"body": "{\"output\": {}}"}
{"answer": "access-denied", "always": true}
`))
		require.NoError(t, err)
		s := newStub(t, conversestub.Config{Script: steps})
		ask := func() reply { return ask(t, s, claude, question("x")) }
		for range 3 {
			require.Equal(t, 429, ask().status)
			time.Sleep(6 * time.Second)
		}
		require.Equal(t, 429, ask().status, "18 s after the first call")
		time.Sleep(2 * time.Second)
		require.Equal(t, "busy", ask().message)
		response, err := s.RoundTrip(request(t.Context(), claude, question("x")))
		require.NoError(t, err)
		require.Equal(t, "3", response.Header.Get("Retry-After"))
		before := time.Now()
		require.Equal(t, 200, ask().status)
		require.Equal(t, 5*time.Second, time.Since(before))
		got := ask()
		require.Equal(t, "I would say 4.", got.text())
		require.Equal(t, "stop_sequence", got.stop)
		require.JSONEq(t, `{"output": {}}`, string(ask().body))
		for range 3 {
			require.Equal(t, 403, ask().status)
		}
	})
}

func TestFaultsInScripts(t *testing.T) {
	for _, tc := range []struct{ name, script, want string }{
		{"empty", " \n", "the script is empty"},
		{"unknown answer", `[{"answer": "throtle-tokens"}]`, `did you mean "throttle-tokens"?`},
		{"unknown member", `{"answr": "ok"}`, "answr"},
		{"no time", `{"answer": "ok"} {"for": "soon"}`, "want a time"},
		{"no status", `[{"status": 7}]`, "want 200 to 599"},
		{"two answers", `[{"answer": "internal", "status": 503}]`, "says it all"},
		{"less than once", `[{"times": -1}]`, "want 1 or more"},
		{"more than an array", `[] {}`, "goes on"},
		{"message without a status", `{"message": "busy"}`, "want a status"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := conversestub.ParseScript([]byte(tc.script))
			require.ErrorContains(t, err, tc.want)
		})
	}
	_, err := conversestub.New(conversestub.Config{Script: []conversestub.Step{{Answer: "nonsense"}}})
	require.ErrorContains(t, err, "script: step 1")
	_, err = conversestub.New(conversestub.Config{Models: []conversestub.Model{{Pattern: "("}}})
	require.ErrorContains(t, err, "models")
}

func TestModelsCanBeOverridden(t *testing.T) {
	s := newStub(t, conversestub.Config{Models: []conversestub.Model{{Pattern: "nova-lite", Tools: "none", Schema: true, OnDemand: true, MaxOutput: 100}}})
	require.Equal(t, 200, ask(t, s, nova, question("x", schemaFormat(scoreSchema))).status)
	require.Equal(t, 400, ask(t, s, nova, question("x", forcedTool("f", scoreSchema))).status)
}

func FuzzParseScript(f *testing.F) {
	f.Add([]byte(`{"answer": "throttle-tokens", "for": "20s"} {"status": 503, "times": 2}`))
	f.Add([]byte(`[{"body": "{}"}]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<12 {
			return
		}
		steps, err := conversestub.ParseScript(text)
		if err != nil {
			return
		}
		_, err = conversestub.New(conversestub.Config{Script: steps})
		require.NoError(t, err, "what can be read can be played")
	})
}
