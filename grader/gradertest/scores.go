package gradertest

import (
	"context"
	"io"

	"github.com/rftgrader/rftgrader/grader"
)

// Scores grades the cases of one file and checks that each earns exactly its score, or 1
// where it names none. It is for the many values of a kind that need not be put through
// all of [Run], which grades hostile answers with the options of every case.
func Scores(t T, kind *grader.Kind, path string) {
	t.Helper()
	cases, err := ReadCases(path, 1)
	if err != nil {
		t.Fatalf("%v", err)
		return
	}
	if len(cases) == 0 {
		t.Errorf("%s has no cases", path)
	}
	for _, c := range cases {
		if c.Err != nil {
			t.Errorf("%s: the rollout cannot be read: %v", c.Name, c.Err)
			continue
		}
		g, err := kind.New(&grader.Env{Name: "case"}, c.Options)
		if err != nil {
			t.Errorf("%s: the options: %v", c.Name, err)
			continue
		}
		switch res, err := g.Grade(context.Background(), c.Rollout); {
		case err != nil:
			t.Errorf("%s: %v", c.Name, err)
		case res.Score != c.Score:
			t.Errorf("%s: scores %v and not %v: %s", c.Name, res.Score, c.Score, res.Reason)
		}
		if closer, ok := g.(io.Closer); ok {
			if err := closer.Close(); err != nil {
				t.Errorf("%s: close: %v", c.Name, err)
			}
		}
	}
}
