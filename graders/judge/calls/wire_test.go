package calls_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/judge/bedrock"
	"github.com/rftgrader/rftgrader/graders/judge/calls"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
	"github.com/rftgrader/rftgrader/graders/judge/models"
	"github.com/rftgrader/rftgrader/testdata"
)

// TestRecordedAnswers puts every recorded answer of the service before a Caller
// over the SDK's client, and a good answer behind it. What is asked again is
// answered then; what is final is asked once.
func TestRecordedAnswers(t *testing.T) {
	final := map[string]converse.Class{
		"throttle-daily": converse.Quota, "quota": converse.Quota,
		"access-denied": converse.Denied, "expired-token": converse.Denied,
		"not-found": converse.NotFound, "validation-on-demand": converse.NotFound,
		"no-output": converse.Filtered, "content-filtered": converse.Filtered,
		"context-window": converse.TooLong,
	}
	again := map[string]func(t *testing.T, bodies []string){
		"throttle-tokens": same, "throttle-requests": same, "bare-429": same,
		"model-not-ready": same, "model-timeout": same, "internal": same, "unavailable": same, "gateway-html": same,
		"empty-200": same, "truncated-200": same, "usage-float": same,
		"null-text": same, "malformed-output": same,
		"malformed-tool":    without("outputConfig"),
		"model-error":       without("outputConfig"),
		"validation-schema": without("outputConfig"),
		"validation":        without("temperature"),
		"max-tokens": func(t *testing.T, bodies []string) {
			require.Contains(t, bodies[0], `"maxTokens":300`)
			require.Contains(t, bodies[1], `"maxTokens":600`)
		},
	}
	type row struct {
		ID      string            `json:"id"`
		Status  int               `json:"status"`
		Headers map[string]string `json:"headers"`
		Body    string            `json:"body"`
	}
	text, err := os.ReadFile(testdata.Shared(t, "cases", "judge", "wire_responses.jsonl"))
	require.NoError(t, err)
	rows := map[string]row{}
	for s := bufio.NewScanner(bytes.NewReader(text)); s.Scan(); {
		var r row
		require.NoError(t, json.Unmarshal(s.Bytes(), &r))
		rows[r.ID] = r
	}
	require.NotEmpty(t, rows)
	for id := range final {
		require.Contains(t, rows, id)
	}
	for id := range again {
		require.Contains(t, rows, id)
	}

	var mu sync.Mutex
	bodies := map[string][]string{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := strings.Split(r.URL.Path, "/")[2]
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		mu.Lock()
		bodies[id] = append(bodies[id], string(b))
		answer := rows[id]
		if len(bodies[id]) > 1 {
			answer = rows["ok"]
		}
		mu.Unlock()
		for name, value := range answer.Headers {
			w.Header().Set(name, value)
		}
		w.WriteHeader(answer.Status)
		_, _ = io.WriteString(w, answer.Body)
	}))
	defer server.Close()
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "", "AWS_REGION": "us-east-1", "AWS_PROFILE": "",
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_BEARER_TOKEN_BEDROCK": "",
		"AWS_CA_BUNDLE": "", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": server.URL,
	} {
		t.Setenv(name, value)
	}
	base := bedrock.New(8)
	defer func() { require.NoError(t, base.Close()) }()

	t.Run("rows", func(t *testing.T) {
		for id := range rows {
			t.Run(id, func(t *testing.T) {
				t.Parallel()
				c := calls.New(base, models.Lookup("anthropic.claude-haiku-4-5"), calls.Defaults())
				q, zero := ask(0), 0.0
				q.Model, q.Temperature = id, &zero
				q.Output = converse.Output{Form: converse.FormSchema, Name: "verdict", Schema: json.RawMessage(`{"type":"object"}`), Spelled: "Answer in JSON."}
				a, err := c.Converse(t.Context(), q)
				require.NoError(t, c.Close())
				mu.Lock()
				sent := bodies[id]
				mu.Unlock()
				if class, ok := final[id]; ok {
					e := failure(t, err)
					require.Equal(t, class, e.Class)
					require.Equal(t, 1, e.Attempts)
					require.Len(t, sent, 1)
					return
				}
				require.NoError(t, err)
				if check, ok := again[id]; ok {
					require.Equal(t, 2, a.Attempts)
					require.Len(t, sent, 2)
					require.Equal(t, `{"score": 7}`, a.JoinedText())
					check(t, sent)
					charged := 13
					if rows[id].Status == 200 && strings.HasSuffix(rows[id].Body, `"totalTokens":13}}`) {
						charged = 26 // both were
					}
					require.Equal(t, charged, a.Usage.Input+a.Usage.Output)
					return
				}
				require.Equal(t, 1, a.Attempts)
				require.Len(t, sent, 1)
			})
		}
	})
}

// same: the question is asked again as it was.
func same(t *testing.T, bodies []string) { require.JSONEq(t, bodies[0], bodies[1]) }

// without: the question is asked again without a part.
func without(part string) func(*testing.T, []string) {
	return func(t *testing.T, bodies []string) {
		require.Contains(t, bodies[0], part)
		require.NotContains(t, bodies[1], part)
	}
}
