package split_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/split"
)

// BenchmarkRun measures whole runs, with both processes.
func BenchmarkRun(b *testing.B) {
	for _, c := range []struct {
		name, language, code string
		tests                *split.Tests
	}{
		{"asserts", "python", "def f(x): return x + 1", &split.Tests{Kind: split.Asserts, Entry: "f", Asserts: strings.Split(strings.Repeat("assert f(1) == 2\n", 10), "\n")[:10]}},
		{"unittest", "python", stack, &split.Tests{Kind: split.Unit, Framework: split.Unittest, SolutionFile: "solution.py", Files: map[string]string{"test_solution.py": stackTests}, Names: []string{"test_push"}}},
		{"node", "javascript", jsSolution, &split.Tests{Kind: split.Unit, Framework: split.NodeAssert, SolutionFile: "solution.js", Files: map[string]string{"test.js": "require('assert').strictEqual(require('./solution').add(1, 2), 3)"}}},
		{"go", "go", goSolution, &split.Tests{Kind: split.Unit, Framework: split.GoTest, SolutionFile: "solution.go", Files: goTests().Files, Names: []string{"TestAdd"}}},
	} {
		b.Run(c.name, func(b *testing.B) {
			box := opener(b)
			for b.Loop() {
				report, err := split.Run(b.Context(), box, c.tests, sandbox.Program{Language: language(c.language), Source: c.code})
				require.NoError(b, err)
				require.Equal(b, len(report.Tests), report.Passed())
			}
		})
	}
}
