package split

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

func TestReadReply(t *testing.T) {
	for _, c := range []struct {
		name, line string
		ok         bool
	}{
		{"a value", `{"id":1,"nonce":"n","value":[1,2.0]}`, true},
		{"null", `{"id":1,"nonce":"n","value":null}`, true},
		{"an error", `{"id":1,"nonce":"n","error":{"type":"E"}}`, true},
		{"neither", `{"id":1,"nonce":"n"}`, false},
		{"both", `{"id":1,"nonce":"n","value":1,"error":{}}`, false},
		{"another number", `{"id":2,"nonce":"n","value":1}`, false},
		{"another nonce", `{"id":1,"nonce":"","value":1}`, false},
		{"two of them", `{"id":1,"nonce":"n","value":1}{"id":2}`, false},
		{"a list", `[1]`, false},
		{"no JSON", `value`, false},
		{"nothing", ``, false},
		{"no UTF-8", "{\"id\":1,\"nonce\":\"n\",\"value\":\"\xff\"}", false},
		{"too deep", `{"id":1,"nonce":"n","value":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`, false},
		{"as deep as values may be", `{"id":1,"nonce":"n","value":` + strings.Repeat(`{"$t":[`, 200) + strings.Repeat("]}", 200) + `}`, true},
		{"brackets in text", `{"id":1,"nonce":"n","value":"` + strings.Repeat(`[\"`, 5000) + `"}`, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := readReply([]byte(c.line), 1, "n")
			require.Equal(t, c.ok, err == nil)
		})
	}
}

func FuzzReadReply(f *testing.F) {
	f.Add([]byte(`{"id":1,"nonce":"n","value":{"$o":"S","h":1},"args":[[1]]}`))
	f.Add([]byte(`{"id":1,"nonce":"n","error":{"type":"E","bases":[]}}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		r, err := readReply(line, 1, "n")
		if err != nil {
			return
		}
		out, err := writeLine(answer{Value: r.Value, Error: r.Error, Args: r.Args})
		require.NoError(t, err)
		require.NotContains(t, string(out), "\n")
		require.LessOrEqual(t, nesting(out), maxNesting)
	})
}

func TestStandsFor(t *testing.T) {
	for _, c := range []struct {
		name, ran string
		want      bool
	}{
		{"test_add", "test_add", true},
		{"test_add", "test_solution.T.test_add", true},
		{"T.test_add", "test_solution.T.test_add", true},
		{"test_add", "test_a.py::T::test_add[1-2]", true},
		{"test_add[1-2]", "test_a.py::test_add[1-2]", true},
		{"test_add", "test_a.py::test_add[a[0].test_b]", true},
		{"test_b", "test_a.py::test_add[a.test_b]", false},
		{"add", "test_add", false},
		{"pops", "Stack > pops", true},
		{"", "test_add", false},
		{"TestAdd", "TestAdded", false},
	} {
		require.Equal(t, c.want, standsFor(c.name, c.ran), "%s for %s", c.name, c.ran)
	}
}

func TestLedger(t *testing.T) {
	outcomes := func(names []string, tell func(l *ledger), failure sandbox.Failure) []Test {
		l := newLedger(names)
		tell(l)
		return l.results(failure)
	}
	t.Run("a test that ran twice passed twice", func(t *testing.T) {
		got := outcomes([]string{"a"}, func(l *ledger) {
			l.start("a")
			l.end("a", "failed", "")
			l.start("a")
			l.end("a", "passed", "")
			l.done = true
		}, "")
		require.False(t, got[0].Passed)
	})
	t.Run("an end without a start is none", func(t *testing.T) {
		got := outcomes([]string{"a"}, func(l *ledger) { l.end("a", "passed", ""); l.done = true }, "")
		require.Equal(t, Missing, got[0].Failure)
	})
	t.Run("a tester that ended early has not passed what it planned", func(t *testing.T) {
		got := outcomes(nil, func(l *ledger) {
			l.plan([]string{"a", "b"})
			l.start("a")
			l.end("a", "passed", "")
		}, sandbox.MemoryLimit)
		require.Equal(t, []Test{{Name: "a", Passed: true}, {Name: "b", Failure: sandbox.MemoryLimit, Detail: "it did not end"}}, got)
	})
	t.Run("without names and without an end nothing is whole", func(t *testing.T) {
		got := outcomes(nil, func(l *ledger) {
			l.start("a")
			l.end("a", "passed", "")
		}, "")
		require.Len(t, got, 2)
		require.False(t, got[1].Passed)
	})
	t.Run("nothing ran", func(t *testing.T) {
		got := outcomes(nil, func(l *ledger) { l.done = true }, "")
		require.Len(t, got, 1)
		require.False(t, got[0].Passed)
	})
	t.Run("the process ended in a test that says it passed", func(t *testing.T) {
		got := outcomes([]string{"a"}, func(l *ledger) {
			l.start("a")
			l.fail(sandbox.TimeLimit)
			l.end("a", "passed", "")
			l.done = true
		}, "")
		require.Equal(t, sandbox.TimeLimit, got[0].Failure)
	})
}

func TestImportsOf(t *testing.T) {
	for _, c := range []struct{ statement, want string }{
		{`import { add, mul as m } from './solution.js';`, `const { add, mul: m } = globalThis[Symbol.for("rft.solution")];`},
		{`import * as s from "./solution"`, `const s = globalThis[Symbol.for("rft.solution")];`},
		{`import s from './solution.mjs';`, `const s = globalThis[Symbol.for("rft.solution")].default ?? globalThis[Symbol.for("rft.solution")];`},
		{`import { x } from './other.js';`, `import { x } from './other.js';`},
		{`import { test } from 'node:test';`, `const { test } = globalThis[Symbol.for("rft.node:test")];`},
	} {
		require.Equal(t, c.want, rewriteImports(c.statement, "a.test.js", "solution", NodeTest))
	}
}

func FuzzGoSource(f *testing.F) {
	f.Add("package a\nimport \"testing\"\nfunc TestA(t *testing.T) { t.Parallel(); t.Run(\"x\", func(t *testing.T) {}) }")
	f.Add("package a; import (\"fmt\"; x \"os\"); //line a.go:99\ntype T struct { a []int; *T }; func (t *T) M(int) error { return nil }; var E = fmt.Errorf(\"\")")
	f.Fuzz(func(t *testing.T, text string) {
		// Neither hostile solutions nor odd tests end the grader.
		program := sandbox.Program{Language: &sandbox.Language{Name: "go"}, Source: text}
		tests := &Tests{Kind: Unit, Framework: GoTest, SolutionFile: "s.go", Files: map[string]string{"a_test.go": text, "b.go": text}}
		_, _ = planGo(tests, program)
		tests.Files = map[string]string{"a_test.go": "package a\nimport \"testing\"\nfunc TestA(t *testing.T) { var x T; x.M(1); _ = x.a; F(E, C) }\n"}
		_, _ = planGo(tests, program)
		_, _ = planGoTogether(tests, program)
	})
}
