package symbolic_test

import (
	"context"
	"fmt"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/symbolic"
)

func Example() {
	g, err := symbolic.Kind.New(nil, []byte(`{"find": ["boxed"], "units": "require"}`))
	if err != nil {
		panic(err)
	}
	reference, err := grader.NewReference(`1.5\text{ m}`)
	if err != nil {
		panic(err)
	}
	for _, answer := range []string{`It is \boxed{150\text{ cm}} long.`, `It is \boxed{1.5} long.`, `It is \boxed{1.6\text{ m}} long.`} {
		res, err := g.Grade(context.Background(), &grader.Rollout{
			Messages:  []grader.Message{{Role: "assistant", Content: grader.TextContent(answer)}},
			Reference: reference,
		})
		if err != nil {
			panic(err)
		}
		fmt.Println(res.Score, res.Reason)
	}
	// Output:
	// 1 equal: the same number (boxed: the last box, line 1)
	// 0 different: the unit is missing (boxed: the last box, line 1)
	// 0 different: another number (boxed: the last box, line 1)
}
