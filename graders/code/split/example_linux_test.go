package split_test

import (
	"context"
	"fmt"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
	"github.com/rftgrader/rftgrader/graders/code/split"
)

func ExampleRun() {
	ctx := context.Background()
	box, err := jail.New(ctx, jail.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer box.Close()
	tests := &split.Tests{Kind: split.Asserts, Entry: "double", Asserts: []string{
		"assert double(2) == 4",
		"assert double('ab') == 'abab'",
	}}
	for _, code := range []string{
		"def double(x): return x + x",
		"class Yes:\n    def __eq__(self, other): return True\ndef double(x): return Yes()",
	} {
		report, err := split.Run(ctx, box, tests, sandbox.Program{Language: language("python"), Source: code})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(report.Passed(), "of", len(report.Tests), "passed, trusted:", report.Trusted)
	}
	// Output:
	// 2 of 2 passed, trusted: true
	// 0 of 2 passed, trusted: true
}
