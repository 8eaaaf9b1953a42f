package grader_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
)

func TestFaultOf(t *testing.T) {
	data := grader.Dataf("/reference_answer", "no good")
	transient := grader.Transientf("throttled: %w", io.ErrUnexpectedEOF)
	permanent := grader.Permanentf("access denied")
	deadline := &grader.DeadlineError{Err: context.DeadlineExceeded}
	for _, c := range []struct {
		name string
		err  error
		want grader.Fault
	}{
		{"none", nil, ""},
		{"data", data, grader.FaultData},
		{"transient", transient, grader.FaultTransient},
		{"permanent", permanent, grader.FaultPermanent},
		{"deadline", deadline, grader.FaultDeadline},
		{"wrapped", fmt.Errorf("grader x: %w", data), grader.FaultData},
		{"wrapped twice", fmt.Errorf("a: %w", fmt.Errorf("b: %w", transient)), grader.FaultTransient},
		{"joined", errors.Join(errors.New("plain"), transient), grader.FaultTransient},
		{"wrapped and joined", fmt.Errorf("%w and %w", errors.New("plain"), errors.Join(deadline)), grader.FaultDeadline},
		{"the first of two joined", errors.Join(data, transient), grader.FaultData},
		{"the outermost of two", &grader.PermanentError{Err: transient}, grader.FaultPermanent},
		{"a transient fault over a context's end", &grader.TransientError{Err: context.DeadlineExceeded}, grader.FaultTransient},
		{"a context's deadline", fmt.Errorf("call: %w", context.DeadlineExceeded), grader.FaultDeadline},
		{"a context's cancellation", context.Canceled, grader.FaultDeadline},
		{"unclassified", io.EOF, grader.FaultPermanent},
		{"an option error", grader.Optionf("/a", "bad"), grader.FaultPermanent},
		{"a payload error", &grader.PayloadError{Err: io.EOF}, grader.FaultPermanent},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, grader.FaultOf(c.err)) })
	}
	require.Equal(t, []grader.Fault{"data", "transient", "permanent", "deadline"}, grader.Faults())
	require.ErrorIs(t, transient, io.ErrUnexpectedEOF)
}

func TestErrorTexts(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{grader.Dataf("/a/b", "want %d", 3), "/a/b: want 3"},
		{grader.Dataf("", "want %d", 3), "want 3"},
		{grader.Transientf("slow"), "slow"},
		{grader.Permanentf("gone"), "gone"},
		{&grader.DeadlineError{Err: context.DeadlineExceeded}, "context deadline exceeded"},
		{grader.Optionf("/tolerance/rel", "want a number"), "tolerance.rel: want a number"},
		{grader.Optionf("", "want a mapping"), "want a mapping"},
		{&grader.PayloadError{Offset: 7, Err: io.EOF}, `payload: EOF (at byte 7): want a JSON array of rollouts, {"trajectories": [...]}, or one rollout`},
		// An error without a cause is a bug of its grader, and is still reported.
		{&grader.DataError{}, "the rollout cannot be graded"},
		{&grader.DataError{Where: "/a"}, "/a: the rollout cannot be graded"},
		{&grader.TransientError{}, "the grading failed for now"},
		{&grader.PermanentError{}, "the grading failed"},
		{&grader.DeadlineError{}, "time ran out"},
		{&grader.OptionError{Pointer: "/a"}, "a: not what is wanted here"},
	} {
		t.Run(c.want, func(t *testing.T) {
			require.EqualError(t, c.err, c.want)
			require.Equal(t, c.want, grader.Explain(c.err))
		})
	}
}

func TestExplainShowsDetailAndErrorNeverDoes(t *testing.T) {
	one := &grader.DataError{Where: "/reference_answer", Err: errors.New("want a number"), Detail: secret + " one"}
	two := &grader.DataError{Where: "/x", Err: one, Detail: secret + " two"}
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"alone", one, "/reference_answer: want a number (" + secret + " one)"},
		{"wrapped", fmt.Errorf("grader a: %w", one), "grader a: /reference_answer: want a number (" + secret + " one)"},
		{"inside another class", &grader.PermanentError{Err: one}, "/reference_answer: want a number (" + secret + " one)"},
		{"nested", two, "/x: /reference_answer: want a number (" + secret + " two; " + secret + " one)"},
		{"joined", errors.Join(io.EOF, one), "EOF\n/reference_answer: want a number (" + secret + " one)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.NotContains(t, c.err.Error(), secret)
			require.NotContains(t, fmt.Sprintf("%v %s %q", c.err, c.err, c.err.Error()), secret)
			require.Equal(t, c.want, grader.Explain(c.err))
		})
	}
	require.Empty(t, grader.Explain(nil))
	require.Equal(t, "EOF", grader.Explain(io.EOF))
}
