package spec_test

import (
	"context"
	"fmt"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/spec"
)

// length is a kind of grader: it pays answers of at most some characters.
func length() *grader.Kind {
	type options struct {
		Most int `json:"most" doc:"the most characters"`
	}
	return grader.Define("length", "Pays short answers.", options{Most: 100},
		func(_ *grader.Env, o options) (grader.Grader, error) {
			return grader.Func(func(_ context.Context, r *grader.Rollout) (grader.Result, error) {
				if n := len(r.Response()); n > o.Most {
					return grader.Result{Reason: fmt.Sprintf("%d characters", n)}, nil
				}
				return grader.Result{Score: 1, Reason: "short"}, nil
			}), nil
		})
}

func ExampleParse() {
	s, err := spec.Parse("grader.yaml", []byte(`
version: 1
graders:
  tidy:  {type: length, most: 1000}
  brief: {type: length, most: 5}
score: gate(tidy, 0.6 + 0.4*brief)
range: [0, 1]
`), []*grader.Kind{length()})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	res, err := s.Grader().Grade(context.Background(), &grader.Rollout{
		Messages: []grader.Message{{Role: "assistant", Content: grader.TextContent("forty-two")}},
	})
	fmt.Println(res.Score, err)
	fmt.Println(res.Reason)
	// Output:
	// 0.6 <nil>
	// tidy: 1 (short); brief: 0 (9 characters)
}

func ExampleError() {
	_, err := spec.Parse("grader.yaml", []byte(`version: 1
graders:
  brief: {type: length, mots: 5}
score: 2*breif
`), []*grader.Kind{length()})
	fmt.Println(err)
	// Output:
	// grader.yaml:3:25: graders.brief.mots: no such option; did you mean "most"? (there are most)
	//     3 |   brief: {type: length, mots: 5}
	//       |                         ^
	// grader.yaml:4:10: score: no grader "breif"; did you mean "brief"? (there are brief)
	//     4 | score: 2*breif
	//       |          ^
}
