package batch_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
)

func Example() {
	payload := `[
		{"id": "a", "messages": [{"role": "user", "content": "Say hello."}, {"role": "assistant", "content": "hello"}]},
		{"id": "b", "messages": [{"role": "user", "content": "Say hello."}, {"role": "assistant", "content": "go away"}]},
		{"id": "c", "messages": [{"role": "user", "content": "Say hello."}, {"role": "assistant", "content": 5}]}
	]`
	polite := grader.Func(func(_ context.Context, r *grader.Rollout) (grader.Result, error) {
		if strings.Contains(r.Response(), "hello") {
			return grader.Result{Score: 1, Reason: "says hello"}, nil
		}
		return grader.Result{Reason: "does not say hello"}, nil
	})
	items, err := grader.Decode([]byte(payload))
	if err != nil {
		fmt.Println(err)
		return
	}
	runner := batch.Runner{Grader: polite}
	outcomes := runner.Run(context.Background(), items)
	for _, o := range outcomes {
		fmt.Println(string(o.Item.ID), o.Result.Score, o.Err)
	}
	policy := grader.DefaultPolicy()
	policy.MaxUngraded = 0.5
	scores, err := batch.Settle(outcomes, policy)
	if err != nil {
		fmt.Println(err)
		return
	}
	response, err := grader.AppendResponse(nil, scores)
	fmt.Println(string(response), err)
	// Output:
	// "a" 1 <nil>
	// "b" 0 <nil>
	// "c" 0 /messages/1/content: want a string, a list of parts, an object with text, or null, got a number
	// [{"id":"a","aggregate_reward_score":1},{"id":"b","aggregate_reward_score":0},{"id":"c","aggregate_reward_score":0.5,"metrics_list":[{"name":"ungraded","value":1,"type":"Metric"}]}] <nil>
}

func BenchmarkRun(b *testing.B) {
	var items []grader.Item
	for i := range 64 {
		items = append(items, rollout(fmt.Sprint(i), "prompt "+strings.Repeat("p", 500), fmt.Sprint(i, strings.Repeat(" and so on", 400))))
	}
	g := grader.Func(func(context.Context, *grader.Rollout) (grader.Result, error) { return grader.Result{Score: 1}, nil })
	b.Run("64 rollouts, no cache", func(b *testing.B) {
		runner := batch.Runner{Grader: g}
		for b.Loop() {
			runner.Run(b.Context(), items)
		}
	})
	b.Run("64 rollouts, all known", func(b *testing.B) {
		cache, err := batch.NewCache(100)
		if err != nil {
			b.Fatal(err)
		}
		runner := batch.Runner{Grader: g, Cache: cache}
		for b.Loop() {
			runner.Run(b.Context(), items)
		}
	})
}
