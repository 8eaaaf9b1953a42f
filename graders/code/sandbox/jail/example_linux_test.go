//go:build amd64 || arm64

package jail_test

import (
	"context"
	"fmt"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
)

func ExampleJail_Run() {
	ctx := context.Background()
	j, err := jail.New(ctx, jail.Options{Languages: []*sandbox.Language{jail.Find(jail.Languages(), "bash")}, Require: []string{"bash"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer j.Close()
	program := sandbox.Program{Language: jail.Find(jail.Languages(), "bash"), Source: "read n\necho $((n * n))\n"}
	inputs := []sandbox.Input{{Stdin: []byte("7\n")}, {Stdin: []byte("12\n")}}
	build, err := j.Run(ctx, program, inputs, func(i int, out sandbox.Output) bool {
		fmt.Printf("%d: %q %q\n", i, out.Stdout, out.Failure)
		return true
	})
	fmt.Printf("%q %v\n", build.Failure, err)
	// Output:
	// 0: "49\n" ""
	// 1: "144\n" ""
	// "" <nil>
}
