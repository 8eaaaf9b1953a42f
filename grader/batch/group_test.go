package batch_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
)

// ranking scores by the share of the group's answers that are shorter.
type ranking struct {
	*actor
	mu     sync.Mutex
	groups []int
}

func (g *ranking) GradeBatch(ctx context.Context, rs []*grader.Rollout) ([]grader.Result, []error) {
	g.mu.Lock()
	g.groups = append(g.groups, len(rs))
	g.mu.Unlock()
	results, errs := make([]grader.Result, len(rs)), make([]error, len(rs))
	for i, r := range rs {
		switch r.Response() {
		case "panic":
			panic("a group's panic")
		case "hang":
			<-ctx.Done()
			return results, errs[:1]
		case "short count":
			return results[:1], errs
		case "data":
			errs[i] = grader.Dataf("", "unreadable")
		}
		for _, other := range rs {
			if len(other.Response()) < len(r.Response()) {
				results[i].Score += 1 / float64(len(rs))
			}
		}
	}
	return results, errs
}

func TestGroupsAreGradedTogether(t *testing.T) {
	g := &ranking{actor: newActor()}
	var items []grader.Item
	for i := range 12 {
		items = append(items, rollout(fmt.Sprint(i), fmt.Sprintf("prompt %d", i%3), strings.Repeat("x", i)))
	}
	items = append(items, rollout("alone", "another prompt", "x"), grader.DecodeRollout([]byte(`{}`)))
	runner := batch.Runner{Grader: g}
	outcomes := runner.Run(t.Context(), items)
	require.ElementsMatch(t, []int{4, 4, 4, 1}, g.groups)
	for i, o := range outcomes[:12] {
		require.NoError(t, o.Err)
		require.Equal(t, float64(i/3)/4, o.Result.Score)
	}
	require.Zero(t, outcomes[12].Result.Score)
	require.Equal(t, grader.FaultData, outcomes[13].Fault())
}

func TestAGroupsFaultCostsThatGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &ranking{actor: newActor()}
		var items []grader.Item
		for _, bad := range []string{"panic", "short count", "hang", "data", "fine"} {
			items = append(items, rollout(bad, "prompt with "+bad, bad), rollout(bad+" mate", "prompt with "+bad, "x"))
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		runner := batch.Runner{Grader: g, Concurrency: 1}
		outcomes := runner.Run(ctx, items)
		var faults []grader.Fault
		for _, o := range outcomes {
			faults = append(faults, o.Fault())
		}
		p := grader.FaultPermanent
		require.Equal(t, []grader.Fault{p, p, p, p, p, p, grader.FaultData, "", "", ""}, faults)
		require.ErrorContains(t, outcomes[2].Err, "1 results and 2 errors")
	})
}

func TestAGroupIsKeptWhole(t *testing.T) {
	cache, err := batch.NewCache(100)
	require.NoError(t, err)
	g := &ranking{actor: newActor()}
	runner := batch.Runner{Grader: g, Cache: cache, Scope: "s"}
	a, b, c := rollout("a", "p", "x"), rollout("b", "p", "xx"), rollout("c", "p", "xxx")
	runner.Run(t.Context(), []grader.Item{a, b, b})
	outcomes := runner.Run(t.Context(), []grader.Item{b, a, b})
	require.Equal(t, []int{3}, g.groups, "the same group in another order is known")
	require.Equal(t, batch.FromCache, outcomes[0].Source)
	require.InDelta(t, 1.0/3, outcomes[0].Result.Score, 1e-12)
	runner.Run(t.Context(), []grader.Item{a, b, c})
	require.Equal(t, []int{3, 3}, g.groups, "another group is another question")
}
