package workbench_test

import (
	"context"
	"os"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/workbench"
)

type shortOptions struct {
	Most int `json:"most" doc:"how many characters an answer may have"`
}

// A program knows the kinds that its main lists. Main does the same as Run, with
// the arguments and the streams of the process.
func ExampleRun() {
	short := grader.Define("short", "Short pays for answers of few characters.", shortOptions{Most: 80},
		func(_ *grader.Env, o shortOptions) (grader.Grader, error) {
			return grader.Func(func(_ context.Context, r *grader.Rollout) (grader.Result, error) {
				if len([]rune(r.Response())) > o.Most {
					return grader.Result{Reason: "too long"}, nil
				}
				return grader.Result{Score: 1, Reason: "short enough"}, nil
			}), nil
		})

	workbench.Run(context.Background(), []string{"kinds"}, os.Stdin, os.Stdout, os.Stderr, short)
	// Output:
	// kind   what it does
	// short  Short pays for answers of few characters
	//
	// rft help KIND explains one of them, with its options.
}
