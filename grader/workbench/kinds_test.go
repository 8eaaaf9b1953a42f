package workbench_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/rftgrader/rftgrader/grader"
)

// The kinds of these tests. Their texts do not change with those of the kinds
// that ship.

type wordOptions struct {
	Case string `json:"case" enum:"keep,fold" doc:"whether upper and lower case count as the same"`
}

// word wants the last word of the answer to be the reference.
var word = grader.Define("word", `Word compares the last word of the answer with the reference. It knows nothing else.

The score is 1 or 0.

# Metrics

	words  how many words the answer has`, wordOptions{Case: "keep"}, func(_ *grader.Env, o wordOptions) (grader.Grader, error) {
	return grader.Func(func(_ context.Context, r *grader.Rollout) (grader.Result, error) {
		want, err := r.Reference.Text()
		if err != nil {
			return grader.Result{}, err
		}
		words := strings.Fields(r.Response())
		result := grader.Result{Reason: "the answer is empty", Metrics: []grader.Metric{grader.Measure("words", float64(len(words)))}}
		if len(words) == 0 {
			return result, nil
		}
		result.Found, result.Reason = words[len(words)-1], "another word"
		if result.Found == want || o.Case == "fold" && strings.EqualFold(result.Found, want) {
			result.Score, result.Reason = 1, "the right word"
		}
		return result, nil
	}), nil
})

// faulty fails as the answer says.
var faulty = grader.Define("faulty", "Faulty fails as the answer says.", struct{}{}, func(*grader.Env, struct{}) (grader.Grader, error) {
	return grader.Func(func(_ context.Context, r *grader.Rollout) (grader.Result, error) {
		switch r.Response() {
		case "data":
			return grader.Result{}, &grader.DataError{Where: "/reference_answer", Err: errors.New("the reference cannot be read"), Detail: "it is \"secret\""}
		case "transient":
			return grader.Result{}, grader.Transientf("the judge is throttled")
		case "permanent":
			return grader.Result{}, grader.Permanentf("access denied")
		case "deadline":
			return grader.Result{}, &grader.DeadlineError{Err: errors.New("the judge took too long")}
		case "panic":
			panic("secret")
		}
		return grader.Result{Score: 1}, nil
	}), nil
})

type patientOptions struct {
	Told string `json:"told" doc:"the file that is made once a rollout waits"`
}

// patient grades answers but for "wait", at which it waits to be interrupted.
var patient = grader.Define("patient", "Patient waits for the end where the answer is wait.", patientOptions{}, func(_ *grader.Env, o patientOptions) (grader.Grader, error) {
	return grader.Func(func(ctx context.Context, r *grader.Rollout) (grader.Result, error) {
		if r.Response() != "wait" {
			return grader.Result{Score: 1}, nil
		}
		if err := os.WriteFile(o.Told, []byte("waiting\n"), 0o666); err != nil {
			return grader.Result{}, err
		}
		<-ctx.Done()
		return grader.Result{}, ctx.Err()
	}), nil
})

// rank scores a rollout by how many of its prompt's answers are shorter.
var rank = grader.Define("rank", "Rank scores answers by their place among those to the same prompt.", struct{}{}, func(*grader.Env, struct{}) (grader.Grader, error) {
	return ranking{}, nil
})

type ranking struct{}

func (g ranking) Grade(ctx context.Context, r *grader.Rollout) (grader.Result, error) {
	results, errs := g.GradeBatch(ctx, []*grader.Rollout{r})
	return results[0], errs[0]
}

func (ranking) GradeBatch(_ context.Context, rs []*grader.Rollout) ([]grader.Result, []error) {
	results := make([]grader.Result, len(rs))
	for i, r := range rs {
		shorter := 0
		for _, other := range rs {
			if len(other.Response()) < len(r.Response()) {
				shorter++
			}
		}
		results[i] = grader.Result{Score: float64(shorter) / float64(max(1, len(rs)-1)), Reason: fmt.Sprintf("one of %d", len(rs))}
	}
	return results, make([]error, len(rs))
}

func testKinds() []*grader.Kind { return []*grader.Kind{word, faulty, patient, rank} }
