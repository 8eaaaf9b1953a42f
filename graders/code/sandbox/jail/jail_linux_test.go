//go:build amd64 || arm64

package jail_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/sandboxtest"
)

// scratch is a folder that every user can reach: the programs may run as
// another one.
func scratch(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "jail-test-")
	require.NoError(t, err)
	require.NoError(t, os.Chmod(dir, 0o755))
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	return dir
}

func open(t testing.TB, o jail.Options) *jail.Jail {
	t.Helper()
	if o.Scratch == "" {
		o.Scratch = scratch(t)
	}
	j, err := jail.New(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, j.Close()) })
	return j
}

func language(t testing.TB, j *jail.Jail, name string) *sandbox.Language {
	t.Helper()
	l := jail.Find(jail.Languages(), name)
	require.NotNil(t, l)
	if err := j.Toolchain(t.Context(), l); err != nil {
		t.Skipf("there is no toolchain for %s that every user can run: %v", l.Name, err)
	}
	return l
}

func TestConformance(t *testing.T) {
	j := open(t, jail.Options{})
	sandboxtest.Run(t, j, jail.Languages()...)
}

// run runs a program and returns its outputs.
func run(t testing.TB, j *jail.Jail, p sandbox.Program, inputs ...sandbox.Input) (sandbox.Build, []sandbox.Output) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var outs []sandbox.Output
	build, err := j.Run(ctx, p, inputs, func(i int, out sandbox.Output) bool {
		require.Equal(t, len(outs), i)
		outs = append(outs, out)
		return true
	})
	require.NoError(t, err)
	return build, outs
}
