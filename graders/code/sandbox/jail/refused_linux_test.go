//go:build amd64 || arm64

package jail_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
)

// TestRefusedRuntime has runtimes and compilers that the machine refuses a thread: they
// are started again, and what refuses for ever is the program's failure.
func TestRefusedRuntime(t *testing.T) {
	bash := &sandbox.Language{Name: "fragile", File: "main.sh", Run: []string{"bash", "{source}"}, Version: []string{"bash", "--version"}}
	compiled := &sandbox.Language{
		Name: "fragile2", File: "main.sh", Compile: []string{"bash", "{source}"}, Run: []string{"echo", "well"}, Version: []string{"bash", "--version"},
	}
	j := open(t, jail.Options{Languages: []*sandbox.Language{bash, compiled}})
	const once = "[ -e seen ] && echo well && exit\n: > seen\n"
	for _, tt := range []struct {
		name, source string
		failure      sandbox.Failure
	}{
		{"by standard output", once + "echo Error occurred during initialization of VM\nexit 1\n", ""},
		{"by standard error", once + "echo 'fork: Resource temporarily unavailable' >&2\nexit 1\n", ""},
		{"by an abort", once + "echo 'runtime: failed to create new OS thread' >&2\nkill -ABRT $$\n", ""},
		{"as lack of memory", once + "echo 'java.lang.OutOfMemoryError: unable to create native thread' >&2\nexit 1\n", ""},
		{"for ever", "echo Error occurred during initialization of VM\nexit 1\n", sandbox.RuntimeError},
		{"no refusal", once + "echo 'fork: bad luck' >&2\nexit 1\n", sandbox.RuntimeError},
	} {
		t.Run(tt.name, func(t *testing.T) {
			build, outs := run(t, j, sandbox.Program{Language: bash, Source: tt.source}, sandbox.Input{})
			require.Empty(t, build.Failure)
			require.Equal(t, tt.failure, outs[0].Failure, "%s%s", outs[0].Stdout, outs[0].Stderr)
			if tt.failure == "" {
				require.Equal(t, "well\n", string(outs[0].Stdout))
			}
			build, outs = run(t, j, sandbox.Program{Language: compiled, Source: tt.source}, sandbox.Input{})
			if tt.failure != "" {
				require.Equal(t, sandbox.CompileError, build.Failure)
				return
			}
			require.Empty(t, build.Failure, "%s", build.Log)
			require.Equal(t, "well\n", string(outs[0].Stdout))
		})
	}
}
