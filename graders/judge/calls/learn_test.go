package calls_test

import (
	"context"
	"encoding/json"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/judge/calls"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
	"github.com/rftgrader/rftgrader/graders/judge/models"
)

func refusal(message string) error {
	return &converse.Error{Class: converse.Permanent, Status: 400, Code: "ValidationException", Message: message}
}

// structured returns a question that uses what models may not support.
func structured(i int) *converse.Request {
	q, zero := ask(i), 0.0
	q.Temperature = &zero
	q.Output = converse.Output{Form: converse.FormAuto, Name: "verdict", Schema: json.RawMessage(`{"type":"object"}`), Spelled: "Answer in JSON."}
	return q
}

func haiku(next converse.Caller) *calls.Caller {
	return calls.New(next, models.Lookup("us.anthropic.claude-haiku-4-5-20251001-v1:0"), calls.Defaults())
}

// TestLearning: a service that supports neither sampling nor anything but text
// says so once for each, and never again.
func TestLearning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		refused := map[string]int{}
		s := &service{latency: time.Second}
		s.reply = func(_ context.Context, _ int, q *converse.Request) (*converse.Answer, error) {
			says := ""
			switch {
			case q.Output.Form == converse.FormSchema:
				says = "This model doesn't support the outputConfig.textFormat field."
			case q.Temperature != nil:
				says = "temperature is deprecated for this model"
			case q.Output.Form != converse.FormText:
				says = "This model doesn't support tool use."
			default:
				return answer("7"), nil
			}
			mu.Lock()
			defer mu.Unlock()
			refused[says]++
			return nil, refusal(says)
		}
		c := haiku(s)
		a, err := c.Converse(t.Context(), structured(0))
		require.NoError(t, err)
		require.Equal(t, 4, a.Attempts)
		require.Equal(t, converse.FormText, a.Form)
		require.Contains(t, s.sent()[3].System, "Answer in JSON.")
		require.Empty(t, c.Model().Forms)
		require.False(t, c.Model().Temperature)

		answers := make([]*converse.Answer, 100)
		var asked sync.WaitGroup
		for i := range answers {
			asked.Go(func() { answers[i], _ = c.Converse(t.Context(), structured(i+1)) })
		}
		asked.Wait()
		for _, a := range answers {
			require.Equal(t, 1, a.Attempts)
		}
		require.Len(t, refused, 3)
		require.NoError(t, c.Close())

		// Many at once learn together: each is refused once for each lesson at most.
		s.requests = nil
		c = haiku(s)
		for i := range answers {
			asked.Go(func() { answers[i], _ = c.Converse(t.Context(), structured(i)) })
		}
		asked.Wait()
		for _, a := range answers {
			require.NotNil(t, a)
			require.LessOrEqual(t, a.Attempts, 4)
		}
		require.NoError(t, c.Close())
	})
}

// TestOtherRefusals: what says nothing of the model is final at once, and a
// service that refuses for ever is not asked for ever.
func TestOtherRefusals(t *testing.T) {
	s := &service{reply: func(context.Context, int, *converse.Request) (*converse.Answer, error) {
		return nil, refusal("messages: text content blocks must be non-empty")
	}}
	c := haiku(s)
	_, err := c.Converse(t.Context(), structured(0))
	require.Equal(t, converse.Permanent, converse.ClassOf(err))
	require.Len(t, s.sent(), 1)
	require.Equal(t, models.Lookup("anthropic.claude-haiku-4-5"), c.Model())
	require.NoError(t, c.Close())

	s = &service{reply: func(context.Context, int, *converse.Request) (*converse.Answer, error) {
		return nil, refusal("outputConfig, toolChoice, tools, temperature, system messages, cachePoint: all of them are refused")
	}}
	c = haiku(s)
	_, err = c.Converse(t.Context(), structured(0))
	require.Error(t, err)
	require.LessOrEqual(t, len(s.sent()), 9)
	require.NoError(t, c.Close())
}

// TestToolsThatBreak: an answer that cannot be had as a tool call is asked for
// in another form, and a model with which this happens again and again is not
// asked for tool calls any more.
func TestToolsThatBreak(t *testing.T) {
	for name, broken := range map[string]func() (*converse.Answer, error){
		"stop reason": func() (*converse.Answer, error) {
			return &converse.Answer{Stop: converse.StopMalformedTool, Usage: converse.Usage{Input: inputTokens}}, nil
		},
		"error": func() (*converse.Answer, error) {
			return nil, &converse.Error{Class: converse.Capability, Status: 424, Code: "ModelErrorException"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &service{reply: func(_ context.Context, _ int, q *converse.Request) (*converse.Answer, error) {
					if q.Output.Form == converse.FormTool {
						return broken()
					}
					return answer(`{"score": 7}`), nil
				}}
				c := newCaller(s, nil) // a Nova
				for i := range 5 {
					a, err := c.Converse(t.Context(), structured(i))
					require.NoError(t, err)
					require.Equal(t, converse.FormAnyTool, a.Form)
				}
				require.Equal(t, []converse.Form{converse.FormAnyTool}, c.Model().Forms)
				require.Len(t, s.sent(), 3*2+2)
				require.Equal(t, s.charged, c.Totals().Usage)
				require.NoError(t, c.Close())
			})
		})
	}
}
