package workbench_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/workbench"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

func throttledUntil(end time.Time) converse.Retry {
	return converse.Retry{Model: "some.model", Until: end, Fault: &converse.Error{
		Class: converse.Throttled, Status: 429, Code: "ThrottlingException", Remedy: "raise the model's quota",
	}}
}

// TestWaits tells of a model that is throttled after some seconds, and then now and again,
// and not of a trouble that has passed by then.
func TestWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var said []string
		ctx, end := workbench.WatchJudges(t.Context(), func(format string, args ...any) {
			said = append(said, fmt.Sprintf("%v: ", time.Since(start))+fmt.Sprintf(format, args...))
		})
		for range 100 { // two in a second
			converse.Tell(ctx, throttledUntil(start.Add(15*time.Minute)))
			time.Sleep(500 * time.Millisecond)
		}
		const why = "the model's quota per minute is used up (ThrottlingException, HTTP 429); raise the model's quota"
		require.Equal(t, []string{
			"3s: some.model: asked again 7 times in 3s, and a question for up to 14m57s more: " + why,
			"33s: some.model: asked again 67 times in 33s, and a question for up to 14m27s more: " + why,
		}, said)

		// What comes much later is another trouble.
		time.Sleep(time.Minute)
		said = nil
		converse.Tell(ctx, throttledUntil(start.Add(15*time.Minute)))
		require.Empty(t, said)

		// A question that had no answer in a minute has waited long enough.
		slow := converse.Retry{Model: "other.model", Until: time.Now().Add(time.Minute), Fault: &converse.Error{Class: converse.Timeout}}
		converse.Tell(ctx, slow)
		require.Len(t, said, 1)
		require.Contains(t, said[0], "other.model: asked again once, and a question for up to 1m0s more: the model took too long")

		end()
		slow.Model = "third.model"
		converse.Tell(ctx, slow)
		require.Len(t, said, 1)
	})
}

// TestGradeTellsOfAJudgeThatWaits shows that the commands which ask judges tell of it on
// standard error, and with --quiet do not.
func TestGradeTellsOfAJudgeThatWaits(t *testing.T) {
	it := kindOf(func(ctx context.Context, r *grader.Rollout) (grader.Result, error) {
		converse.Tell(ctx, converse.Retry{Model: "some.model", Until: time.Now().Add(time.Hour), Fault: &converse.Error{Class: converse.Timeout}})
		return grader.Result{Score: float64(len(r.Response()))}, nil
	})
	spec := specFile(t, "it")
	input := rolloutLine("a", "p", "x") + rolloutLine("b", "p", "xy")
	for _, args := range [][]string{
		{"grade", "--spec", spec, "-"},
		{"grade", "--spec", spec, "--show", "a", "-"},
		{"diff", spec, spec, "-"},
		{"check", "--spec", spec, "--full", "2", "--probes", "0", "-"},
		{"judge", "attack", "--spec", spec, "-"},
		{"judge", "calibrate", "--spec", spec, "--repeat", "2", "-"},
	} {
		t.Run(strings.Join(args[:2], " "), func(t *testing.T) {
			r := run(t.Context(), strings.NewReader(input), []*grader.Kind{it}, args...)
			require.Contains(t, r.stderr.String(), "rft: some.model: asked again once, and a question for up to 1h0m0s more: the model took too long\n")
			r = run(t.Context(), strings.NewReader(input), []*grader.Kind{it}, append(args, "--quiet")...)
			require.NotContains(t, r.stderr.String(), "asked again")
		})
	}
}
