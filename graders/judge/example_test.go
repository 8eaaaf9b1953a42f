package judge_test

import (
	"context"
	"fmt"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/judge"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

func ExampleKind() {
	g, err := judge.Kind.New(nil, []byte(`{
		"model": "us.amazon.nova-2-lite-v1:0",
		"criteria": [
			{"name": "source", "weight": 2, "prompt": "The answer names its source."},
			{"name": "brief", "prompt": "The answer has at most two sentences."}
		]
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	item := grader.DecodeRollout([]byte(`{
		"id": "1",
		"messages": [
			{"role": "user", "content": "How high is Mont Blanc?"},
			{"role": "assistant", "content": "It is 4,806 m high."}
		]
	}`))
	// In place of the model: what it answers.
	ctx := converse.Intercept(context.Background(), func(converse.Caller) converse.Caller {
		return converse.CallerFunc(func(context.Context, *converse.Request) (*converse.Answer, error) {
			return &converse.Answer{Text: []string{`{"reasoning": "No source, but brief.", "results": {"source": "no", "brief": "yes"}}`}}, nil
		})
	})
	res, err := g.Grade(ctx, item.Rollout)
	fmt.Printf("%.2f %v\n", res.Score, err)
	fmt.Println(res.Reason)
	// Output:
	// 0.33 <nil>
	// source: 0, brief: 1. No source, but brief.
}
