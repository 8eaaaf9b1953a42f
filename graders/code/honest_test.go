package code_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/internal/cage"
)

// TestHonestInCages grades the honest solutions of both catalogues where a grader
// has no privileges at all, and where it is root: every right one passes, and
// every wrong one fails.
func TestHonestInCages(t *testing.T) {
	for name, options := range map[string]cage.Options{
		"unprivileged": {Seconds: 540},
		"root":         {Seconds: 540, Root: true},
	} {
		t.Run(name, func(t *testing.T) {
			if !cage.Inside() {
				t.Parallel()
			}
			if !cage.Enter(t, options) {
				return
			}
			g := faulty(t, `{"language": "metadata:/language"}`)
			cases := sharedCases(t, "honest.jsonl")
			for name, c := range ownTasks(t) {
				if !c.Refused && c.Score == "" {
					cases = append(cases, sharedCase{ID: name, Language: c.Language, Tests: c.Tests, Code: c.Honest, Expected: "pass"})
				}
			}
			require.Greater(t, len(cases), 15)
			if options.Root {
				// Root has its own user to confine with, and not its own compilers: some of each
				// language show that.
				cases = someOfEach(cases, 4)
			}
			right := map[string]int{}
			var mu sync.Mutex
			var wg sync.WaitGroup
			limit := make(chan struct{}, runtime.GOMAXPROCS(0))
			for _, c := range cases {
				wg.Go(func() {
					limit <- struct{}{}
					defer func() { <-limit }()
					ctx, cancel := context.WithTimeout(t.Context(), patience)
					defer cancel()
					result, err := g.Grade(ctx, program(t, c.Language, c.Code, c.Tests))
					mu.Lock()
					defer mu.Unlock()
					if err != nil || (result.Score == 1) != (c.Expected == "pass") {
						t.Errorf("%s: want %s, got %v: %s %v", c.ID, c.Expected, result.Score, result.Reason, err)
						return
					}
					right[c.Expected]++
				})
			}
			wg.Wait()
			t.Log(fmt.Sprint(right))
		})
	}
}

// someOfEach returns up to n cases of each language and verdict.
func someOfEach(cases []sharedCase, n int) (out []sharedCase) {
	taken := map[string]int{}
	for _, c := range cases {
		key := c.Language + " " + c.Expected
		if taken[key]++; taken[key] <= n {
			out = append(out, c)
		}
	}
	return out
}
