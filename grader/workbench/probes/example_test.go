package probes_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/workbench/probes"
)

// A grader that only looks whether the right city is named pays an answer that denies it.
func ExampleRun() {
	names := grader.Func(func(_ context.Context, r *grader.Rollout) (grader.Result, error) {
		city, err := r.Reference.Text()
		if err != nil {
			return grader.Result{}, err
		}
		if strings.Contains(r.Response(), city) {
			return grader.Result{Score: 1, Found: city}, nil
		}
		return grader.Result{}, nil
	})
	oslo, err := grader.NewReference("Oslo")
	if err != nil {
		fmt.Println(err)
		return
	}
	good := probes.Good{Place: "norway", Rollout: &grader.Rollout{
		Messages: []grader.Message{
			{Role: "user", Content: grader.TextContent("The capital of Norway?")},
			{Role: "assistant", Content: grader.TextContent("It is Oslo.")},
		},
		Reference: oslo,
	}}
	report, err := probes.Run(context.Background(), names, []probes.Good{good}, probes.Options{Full: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, paid := range report.Paid {
		if paid.Probe == "negated" {
			fmt.Printf("%s: %s earns %v\n", paid.Probe, paid.Answer, paid.Score)
		}
	}
	// Output:
	// negated: It is not Oslo. earns 1
	// negated: The answer is not Oslo. earns 1
}
