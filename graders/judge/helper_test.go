package judge_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/workbench/conversestub"
	"github.com/rftgrader/rftgrader/graders/judge"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

// build builds a judge. The tests ask no model: they answer by a context of
// simulated, or by a stand-in for the endpoint.
func build(t testing.TB, options string) grader.Grader {
	t.Helper()
	g, err := newJudge(options)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, g.(interface{ Close() error }).Close()) })
	return g
}

func newJudge(options string) (grader.Grader, error) {
	var all map[string]any
	if err := json.Unmarshal([]byte(options), &all); err != nil {
		return nil, err
	}
	if _, several := all["models"]; !several && all["model"] == nil {
		all["model"] = "anthropic.claude-3-haiku-20240307-v1:0"
	}
	if all["model"] == "" {
		delete(all, "model")
	}
	text, err := json.Marshal(all)
	if err != nil {
		return nil, err
	}
	return judge.Kind.New(&grader.Env{Name: "tone"}, text)
}

// asked keeps what a simulated model was asked.
type asked struct {
	mu       sync.Mutex
	requests []*converse.Request
}

func (a *asked) add(q *converse.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.requests = append(a.requests, q)
}

func (a *asked) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.requests)
}

// simulated returns a context in which judges are answered by a function, as a
// call of the tool.
func simulated(j conversestub.Judge) (context.Context, *asked) {
	return answered(func(_ int, q *converse.Request) (*converse.Answer, error) {
		return &converse.Answer{
			Tools: []converse.ToolUse{{Name: q.Output.Name, Input: json.RawMessage(j(conversestub.QuestionOf(q)))}},
			Stop:  converse.StopToolUse, Form: converse.FormTool, Attempts: 1,
			Usage: converse.Usage{Input: 100, Output: 10, CacheRead: 50},
		}, nil
	})
}

// answered returns a context in which judges are answered by a function of the
// number of the call, from 0, and the request.
func answered(answer func(int, *converse.Request) (*converse.Answer, error)) (context.Context, *asked) {
	seen := &asked{}
	ctx := converse.Intercept(context.Background(), func(converse.Caller) converse.Caller {
		return converse.CallerFunc(func(ctx context.Context, q *converse.Request) (*converse.Answer, error) {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			n := seen.count()
			seen.add(q)
			return answer(n, q)
		})
	})
	return ctx, seen
}

// say answers with text.
func say(text string) *converse.Answer {
	return &converse.Answer{Text: []string{text}, Stop: converse.StopEndTurn, Attempts: 1}
}

// rollout returns a rollout; reference is anything that is JSON, or nil.
func rollout(t testing.TB, prompt, answer string, reference any) *grader.Rollout {
	t.Helper()
	r := &grader.Rollout{ID: "r", Messages: []grader.Message{
		{Role: "user", Content: grader.TextContent(prompt)},
		{Role: "assistant", Content: grader.TextContent(answer)},
	}}
	if reference != nil {
		ref, err := grader.NewReference(reference)
		require.NoError(t, err)
		r.Reference = ref
	}
	return r
}

// endpoint starts a stand-in and points the SDK at it.
func endpoint(t testing.TB, cfg conversestub.Config) *conversestub.Stub {
	t.Helper()
	stub, err := conversestub.New(cfg)
	require.NoError(t, err)
	server := httptest.NewServer(stub)
	t.Cleanup(server.Close)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL_BEDROCK_RUNTIME": server.URL, "AWS_REGION": "us-east-1",
		"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_SESSION_TOKEN": "",
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_BEARER_TOKEN_BEDROCK": "", "AWS_PROFILE": "",
		"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
	} {
		if s, ok := t.(interface{ Setenv(string, string) }); ok {
			s.Setenv(name, value)
		}
	}
	return stub
}

// metric returns a metric of a result.
func metric(t testing.TB, res grader.Result, name string) float64 {
	t.Helper()
	for _, m := range res.Metrics {
		if m.Name == name {
			return m.Value
		}
	}
	require.Failf(t, "no such metric", "%s in %v", name, res.Metrics)
	return 0
}
