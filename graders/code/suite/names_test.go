package suite_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/suite"
)

func TestPrelude(t *testing.T) {
	for _, c := range []struct {
		name, tests string
		want        bool
	}{
		{"columns", `{"fn_name": "f", "inputs": [[1]], "outputs": [1]}`, true},
		{"columns that refuse it", `{"fn_name": "f", "imports": "none", "inputs": [[1]], "outputs": [1]}`, false},
		{"columns of a script", `{"inputs": ["1"], "outputs": ["1"]}`, false},
		{"a list", `[{"fn_name": "f", "input": [1], "output": 1}]`, true},
		{"our own", `{"kind": "function", "entry": "f", "cases": [{"args": [1], "out": 1}]}`, false},
		{"our own that wants it", `{"kind": "function", "imports": "leetcode", "entry": "f", "cases": [{"args": [1], "out": 1}]}`, true},
		{"asserts", `["assert f(1) == 1"]`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := suite.Parse([]byte(c.tests), "/tests", suite.Hint{})
			require.NoError(t, err)
			require.Equal(t, c.want, s.Prelude)
		})
	}
}

func TestNames(t *testing.T) {
	for _, name := range []string{"f", "Solution.f", "été", "$f_1", "f2"} {
		_, err := suite.Parse([]byte(`{"kind": "function", "entry": "`+name+`", "cases": [{"args": [{"$d": [["$z", {"$t": []}]]}], "out": "$z"}]}`), "/tests", suite.Hint{})
		require.NoError(t, err, name)
	}
	for _, tests := range []string{
		`{"kind": "function", "entry": "Solution().f", "cases": [{"args": [1], "out": 1}]}`,
		`{"fn_name": "Solution().f", "inputs": [[1]], "outputs": [1]}`,
		`{"prompt": "", "test": "def check(candidate): assert candidate(1) == 1", "entry_point": "Solution().f"}`,
	} {
		s, err := suite.Parse([]byte(tests), "/tests", suite.Hint{})
		require.NoError(t, err, tests)
		require.Equal(t, "Solution.f", s.Entry)
	}
	for _, tests := range []string{
		`{"kind": "function", "entry": "f(1)", "cases": [{"args": [1], "out": 1}]}`,
		`{"kind": "function", "entry": "1f", "cases": [{"args": [1], "out": 1}]}`,
		`{"kind": "function", "entry": "a..b", "cases": [{"args": [1], "out": 1}]}`,
		`{"fn_name": "f g", "inputs": [[1]], "outputs": [1]}`,
		`{"prompt": "", "test": "def check(candidate): pass", "entry_point": "f()"}`,
		`{"kind": "function", "entry": "f", "cases": [{"args": [{"a": {"$tuple": [1]}}], "out": 1}]}`,
		`{"kind": "function", "entry": "f", "cases": [{"args": [], "kwargs": {"a": {"$z": 1}}, "out": 1}]}`,
		`{"kind": "function", "entry": "f", "cases": [{"args": [], "out": {"$z": 1}}]}`,
		`{"kind": "function", "imports": "numpy", "entry": "f", "cases": [{"args": [], "out": 1}]}`,
	} {
		_, err := suite.Parse([]byte(tests), "/tests", suite.Hint{})
		require.Error(t, err, tests)
	}
}
