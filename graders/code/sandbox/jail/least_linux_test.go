//go:build amd64 || arm64

package jail_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
)

// TestLeast runs a program of each language with the least memory that there is: a
// right answer must not fail by its runtime.
func TestLeast(t *testing.T) {
	hello := map[string]string{
		"python": "print(7)", "javascript": "console.log(7)", "go": "package main\nimport \"fmt\"\nfunc main() { fmt.Println(7) }",
		"c": "#include <stdio.h>\nint main(void) { puts(\"7\"); }", "cpp": "#include <iostream>\nint main() { std::cout << 7 << '\\n'; }",
		"java": "public class Main { public static void main(String[] a) { System.out.println(7); } }", "rust": "fn main() { println!(\"7\"); }", "bash": "echo 7",
	}
	j := open(t, jail.Options{})
	for _, l := range jail.Languages() {
		t.Run(l.Name, func(t *testing.T) {
			language(t, j, l.Name)
			least := jail.Least(l)
			require.Positive(t, least.Memory)
			require.Positive(t, least.Time)
			for _, memory := range []int64{1, least.Memory} {
				build, outs := run(t, j, sandbox.Program{Language: l, Source: hello[l.Name], Limits: sandbox.Limits{Memory: memory}}, sandbox.Input{})
				require.Empty(t, build.Failure, "%s", build.Log)
				require.Empty(t, outs[0].Failure, "%s", outs[0].Stderr)
				require.Equal(t, "7\n", string(outs[0].Stdout))
			}
		})
	}
	require.Zero(t, jail.Least(&sandbox.Language{Name: "other", Run: []string{"other"}}))
}
