package converse_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

func TestIntercept(t *testing.T) {
	say := func(word string) func(converse.Caller) converse.Caller {
		return func(next converse.Caller) converse.Caller {
			return converse.CallerFunc(func(ctx context.Context, q *converse.Request) (*converse.Answer, error) {
				a, err := next.Converse(ctx, q)
				a.Text = append(a.Text, word)
				return a, err
			})
		}
	}
	own := converse.CallerFunc(func(context.Context, *converse.Request) (*converse.Answer, error) {
		return &converse.Answer{Text: []string{"own"}}, nil
	})
	once := converse.Intercept(t.Context(), say("inner"))
	for _, tc := range []struct {
		name string
		ctx  context.Context
		want []string
	}{
		{"nobody between", t.Context(), []string{"own"}},
		{"one", once, []string{"own", "inner"}},
		{"two", converse.Intercept(once, say("outer")), []string{"own", "inner", "outer"}},
		{"where the judge's time is its own", context.WithoutCancel(once), []string{"own", "inner"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a, err := converse.Through(tc.ctx, own).Converse(tc.ctx, &converse.Request{})
			require.NoError(t, err)
			require.Equal(t, tc.want, a.Text)
		})
	}
}
