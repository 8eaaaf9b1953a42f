// Package citation is a team's own kind of grader: it pays for answers that
// cite their sources.
package citation

import (
	"context"
	"fmt"
	"strings"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/answer"
)

// Options are what a spec may set, with the help that "rft help citation" prints.
type Options struct {
	Min int `json:"min" doc:"how many of the reference's sources an answer must name"`
}

// Kind is what both mains add to the kinds that ship.
var Kind = grader.Define("citation", `Citation counts the sources of the reference that an answer names as [source].

The reference is a list of sources. The score is the share of "min" that is reached, 0..1.`,
	Options{Min: 1}, build)

func build(_ *grader.Env, o Options) (grader.Grader, error) {
	if o.Min < 1 {
		return nil, grader.Optionf("/min", "want 1 or more, got %d", o.Min)
	}
	return grader.Func(func(_ context.Context, r *grader.Rollout) (grader.Result, error) {
		sources, err := r.Reference.Texts()
		if err != nil {
			return grader.Result{}, err
		}
		// What the model only thought is no part of its answer.
		text := answer.Strip(r.Response()).Text()
		named := map[string]bool{}
		for _, s := range sources {
			if strings.Contains(text, "["+s+"]") {
				named[s] = true
			}
		}
		score := min(1, float64(len(named))/float64(o.Min))
		return grader.Result{Score: score, Reason: fmt.Sprintf("names %d of %d sources", len(named), len(sources))}, nil
	}), nil
}
