package grader_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
)

// echo answers with what it is asked.
type echo struct{ name string }

func (e *echo) Invoke(_ context.Context, payload []byte) ([]byte, error) { return payload, nil }
func (e *echo) Spent() error                                             { return nil }
func (e *echo) Close() error                                             { return nil }

func TestStartService(t *testing.T) {
	define := func(name string) *grader.Kind {
		return grader.Define(name, "It grades nothing.", struct{}{}, func(*grader.Env, struct{}) (grader.Grader, error) { return nil, nil })
	}
	fails := errors.New("no tools")
	serves := func(_ context.Context, env *grader.Env) (grader.Service, error) { return &echo{env.Name}, nil }
	plain := define("plain")
	kinds := []*grader.Kind{
		nil, plain,
		define("first").WithService("runner", serves),
		define("second").WithService("runner", func(context.Context, *grader.Env) (grader.Service, error) { return nil, fails }),
		define("third").WithService("judge", func(context.Context, *grader.Env) (grader.Service, error) { return nil, fails }),
	}
	for _, c := range []struct {
		name, service string
		kinds         []*grader.Kind
		fails         string
	}{
		{"the first kind that has it", "runner", kinds, ""},
		{"one that does not start", "judge", kinds, "no tools"},
		{"a name that none has", "cook", kinds, `no kind of this program has a service "cook": there are runner, runner, judge`},
		{"no name", "", kinds, `no kind of this program has a service ""`},
		{"kinds without services", "runner", kinds[:2], "nor any other"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := grader.StartService(t.Context(), c.kinds, c.service, &grader.Env{Name: "part"})
			if c.fails != "" {
				require.ErrorContains(t, err, c.fails)
				require.Nil(t, s)
				return
			}
			require.NoError(t, err)
			require.Equal(t, &echo{"part"}, s)
		})
	}
	require.Error(t, func() error {
		_, err := grader.StartService(t.Context(), []*grader.Kind{plain}, "runner", nil)
		return err
	}(), "the kind itself is unchanged")
	require.Equal(t, "first", kinds[2].Name())
	require.NoError(t, grader.Validate(kinds[1:]...))
}
