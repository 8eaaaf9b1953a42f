package split_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/split"
)

func TestCMain(t *testing.T) {
	const test = "#include <cassert>\n#include \"solution.cpp\"\nint main() { assert(twice(2) == 4); return 0; }\n"
	for _, c := range []struct{ name, code, want string }{
		{"right", "int twice(int x) { return 2 * x; }", "pass"},
		{"wrong", "int twice(int x) { return x; }", "runtime"},
		{"no program", "int twice(int x) { return", "compile"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tests := &split.Tests{Kind: split.Unit, Framework: split.CMain, SolutionFile: "solution.cpp", Files: map[string]string{"main.cpp": test}, Names: []string{"main"}}
			program := sandbox.Program{Language: language("cpp"), Source: c.code}
			report, err := split.Run(t.Context(), opener(t), tests, program)
			require.NoError(t, err)
			require.NotEmpty(t, report.Unsplittable)
			require.Empty(t, report.Tests)
			tests.Together = true
			report, err = split.Run(t.Context(), opener(t), tests, program)
			require.NoError(t, err)
			require.False(t, report.Trusted)
			require.Equal(t, c.want, outcomes(report), details(report))
		})
	}
}

func TestManyAtOnce(t *testing.T) {
	box := opener(t)
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() {
			report, err := split.Run(t.Context(), box, &split.Tests{Kind: split.Asserts, Entry: "f", Asserts: []string{"assert f(1) == 2"}},
				sandbox.Program{Language: language("python"), Source: "def f(x): return x + 1"})
			if err != nil || report.Passed() != 1 {
				t.Errorf("%v: %s", err, outcomes(report))
			}
		})
	}
	all.Wait()
}
