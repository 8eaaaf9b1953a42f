package suite_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/wire"
	"github.com/rftgrader/rftgrader/graders/code/suite"
)

func parse(t testing.TB, raw string, hint suite.Hint) *suite.Suite {
	t.Helper()
	s, err := suite.Parse(json.RawMessage(raw), "/tests", hint)
	require.NoError(t, err, grader.Explain(err))
	return s
}

func quoted(t testing.TB, s string) string {
	t.Helper()
	b, err := json.Marshal(s)
	require.NoError(t, err)
	return string(b)
}

// TestScripts reads one and the same two cases in every form of scripts.
func TestScripts(t *testing.T) {
	inner := `{"inputs": ["1\n", "2\n"], "outputs": ["one\n", "two\n"]}`
	cases := `[{"input": "1\n", "output": "one\n", "testtype": "stdin"}, {"input": "2\n", "output": "two\n", "testtype": "stdin"}]`
	for name, raw := range map[string]string{
		"our own":                  `{"kind": "stdio", "cases": [{"in": "1\n", "out": "one\n"}, {"in": "2\n", "out": "two\n"}]}`,
		"our own, other names":     `{"kind": "stdio", "cases": [{"input": "1\n", "output": "one\n"}, {"input": "2\n", "output": "two\n"}]}`,
		"columns":                  inner,
		"columns with a null name": `{"inputs": ["1\n", "2\n"], "outputs": ["one\n", "two\n"], "fn_name": null}`,
		"columns of lines":         `{"inputs": [["1"], ["2"]], "outputs": [["one"], ["two"]]}`,
		"a string of columns":      quoted(t, inner),
		"a string in a string":     quoted(t, quoted(t, inner)),
		"a row of APPS":            `{"question": "?", "input_output": ` + quoted(t, inner) + `}`,
		"a list of cases":          cases,
		"a string of cases":        quoted(t, cases),
		"a row of LiveCodeBench":   `{"question_id": 1, "public_test_cases": ` + quoted(t, strings.Replace(cases, `, {"input": "2\n", "output": "two\n", "testtype": "stdin"}`, "", 1)) + `, "private_test_cases": ` + quoted(t, `[{"input": "2\n", "output": "two\n", "testtype": "stdin"}]`) + `, "metadata": "{}"}`,
		"open-r1":                  `{"language": "python", "type": "stdin_stdout", "test_cases": [{"input": "1\n", "output": "one\n"}, {"input": "2\n", "output": "two\n"}]}`,
		"open-r1, by case":         `{"test_cases": [{"fn_name": null, "type": "stdin_stdout", "input": "1\n", "output": "one\n"}, {"type": "stdin_stdout", "input": "2\n", "output": "two\n"}]}`,
		"Codeforces":               `{"id": "1A", "official_tests": [{"input": "1\n", "output": "one\n"}, {"input": "2\n", "output": "two\n"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			s := parse(t, raw, suite.Hint{})
			require.Equal(t, suite.Stdio, s.Form)
			require.Empty(t, s.Entry)
			require.Len(t, s.Cases, 2)
			require.Len(t, s.Tests, 2)
			for i, want := range []string{"one", "two"} {
				require.Equal(t, fmt.Sprintf("%d\n", i+1), string(s.Cases[i].Stdin))
				require.Equal(t, want+"\n", s.Cases[i].Wanted())
				v, why := s.Cases[i].JudgeText([]byte(want))
				require.Equal(t, suite.Pass, v, why)
			}
			v, _ := s.Cases[0].JudgeText([]byte("two"))
			require.Equal(t, suite.Fail, v)
			v, _ = s.Cases[0].JudgeValue(wire.OfText("one\n"))
			require.Equal(t, suite.Fail, v)
		})
	}
}

// TestFunctions reads one and the same case in every form of functions.
func TestFunctions(t *testing.T) {
	for name, raw := range map[string]string{
		"our own":                `{"kind": "function", "entry": "add", "cases": [{"args": [[1], "a"], "out": [2]}]}`,
		"columns, lines of JSON": `{"fn_name": "add", "inputs": ["[1]\n\"a\""], "outputs": ["[2]"]}`,
		"columns, lists":         `{"fn_name": "add", "inputs": [[[1], "a"]], "outputs": [[2]]}`,
		"APPS's list around":     `{"fn_name": "add", "inputs": [[[1], "a"]], "outputs": [[[2]]]}`,
		"LiveCodeBench":          `{"metadata": "{\"func_name\": \"add\"}", "public_test_cases": "[{\"input\": \"[1]\\n\\\"a\\\"\", \"output\": \"[2]\", \"testtype\": \"functional\"}]", "private_test_cases": "[]"}`,
		"open-r1":                `{"type": "function_call", "fn_name": "add", "test_cases": [{"input": [[1], "a"], "output": [2]}]}`,
		"open-r1, by case":       `{"test_cases": [{"type": "function_call", "fn_name": "add", "input": [[1], "a"], "output": [[2]]}]}`,
		"a list with arguments":  `[{"fn_name": "add", "args": [[1], "a"], "output": [2]}]`,
	} {
		t.Run(name, func(t *testing.T) {
			s := parse(t, raw, suite.Hint{})
			require.Equal(t, suite.Function, s.Form)
			require.Equal(t, "add", s.Entry)
			require.Len(t, s.Cases, 1)
			require.Equal(t, `[[1],"a"]`, wire.OfList(s.Cases[0].Args...).String())
			v, why := s.Cases[0].JudgeValue(wire.OfList(wire.OfInt(2)))
			require.Equal(t, suite.Pass, v, why)
			v, _ = s.Cases[0].JudgeValue(wire.OfInt(3))
			require.Equal(t, suite.Fail, v)
			v, _ = s.Cases[0].JudgeText([]byte("[2]"))
			require.Equal(t, suite.Fail, v)
			require.Contains(t, s.Cases[0].Input(), "arguments")
		})
	}
}

func TestHints(t *testing.T) {
	s := parse(t, `{"inputs": ["1"], "outputs": ["2"]}`, suite.Hint{Entry: "f"})
	require.Equal(t, suite.Function, s.Form)
	s = parse(t, `[{"input": "1", "output": "2"}]`, suite.Hint{Entry: "f", Form: suite.Function})
	require.Equal(t, "f", s.Entry)
	s = parse(t, `{"kind": "function", "entry": "g", "cases": [{"kwargs": {"a": {"$t": [1]}}, "out": null}]}`, suite.Hint{Entry: "f"})
	require.Equal(t, "g", s.Entry)
	require.Equal(t, `[{"$t":[1]}]`, wire.OfList(s.Cases[0].Kwargs[1]).String())
	s = parse(t, `{"kind": "check", "test": "def check(candidate): pass"}`, suite.Hint{Entry: "f"})
	require.Equal(t, "f", s.Entry)
	_, err := suite.Parse(json.RawMessage(`{"inputs": ["1"], "outputs": ["2"]}`), "/tests", suite.Hint{Form: suite.Unit})
	require.ErrorContains(t, err, "the option form wants unit")
}

// TestCompare checks that a suite compares as it says.
func TestCompare(t *testing.T) {
	for _, c := range []struct {
		name, members, want, got string
		pass                     bool
	}{
		{"exact", ``, `2.0`, `2`, true},
		{"exact, not near", ``, `2.0`, `2.0000000001`, false},
		{"float", `"compare": "float",`, `2.0`, `2.0000000001`, true},
		{"float, tol", `"compare": "float", "tol": 0.5,`, `2.0`, `3.0`, true},
		{"strict", `"compare": "strict",`, `1`, `true`, false},
		{"unordered", `"compare": "unordered",`, `[1, 2]`, `[2, 1]`, true},
		{"unordered, not deep", `"compare": "unordered",`, `[[1, 2]]`, `[[2, 1]]`, false},
		{"unordered, deep", `"compare": "unordered", "deep": true,`, `[[1, 2]]`, `[[2, 1]]`, true},
		{"unordered, tol", `"compare": "unordered", "tol": 0.1,`, `[1, 2]`, `[2.05, 1]`, true},
		{"python", `"compare": "python",`, `{"$t": [1]}`, `{"$t": [true]}`, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := parse(t, `{"kind": "function", "entry": "f", `+c.members+`"cases": [{"args": [], "out": `+c.want+`}]}`, suite.Hint{})
			got, err := wire.Read([]byte(c.got))
			require.NoError(t, err)
			v, why := s.Cases[0].JudgeValue(got)
			require.Equal(t, c.pass, v == suite.Pass, why)
		})
	}
}

func TestRest(t *testing.T) {
	s := parse(t, `{"kind": "stdio", "limits": {"time_s": 1.5, "memory_mb": 64, "output_kb": 2, "disk_mb": 1, "processes": 3, "compile_s": 9},
		"checker": {"language": "python", "source": "x", "args": ["{output}"], "verdict": "output"},
		"cases": [{"in": "1", "out": "1", "weight": 2.5, "name": "small", "group": "a"}, {"in": "2", "out": "2", "group": "b"}, {"in": "3", "out": "3", "group": "a"}]}`, suite.Hint{})
	require.Equal(t, sandbox.Limits{Time: 1500 * time.Millisecond, Memory: 64 << 20, Output: 2 << 10, Disk: 1 << 20, Processes: 3, Compile: 9 * time.Second}, s.Limits)
	require.Equal(t, &suite.Checker{Language: "python", Source: "x", Args: []string{"{output}"}, ByOutput: true}, s.Checker)
	require.Equal(t, suite.Test{Name: "small", Cases: []int{0}, Weight: 2.5}, s.Tests[0])
	require.Equal(t, []suite.Group{{Name: "a", Tests: []int{0, 2}, Weight: 1}, {Name: "b", Tests: []int{1}, Weight: 1}}, s.Groups)

	s = parse(t, `{"kind": "unit", "framework": "pytest", "solution_file": "solution.py", "files": {"a/test_x.py": "x"}, "tests": ["test_a", "test_b"],
		"groups": [{"name": "first", "tests": ["test_b"], "weight": 3}, {"cases": [0, 1]}]}`, suite.Hint{})
	require.Equal(t, []suite.Group{{Name: "first", Tests: []int{1}, Weight: 3}, {Name: "1", Tests: []int{0, 1}, Weight: 1}}, s.Groups)
	require.Equal(t, map[string]string{"a/test_x.py": "x"}, s.Script.Files)
	require.Equal(t, []string{"test_a", "test_b"}, s.Script.Names)

	s = parse(t, `{"task_id": 1, "test_list": ["assert f(1) == 2"], "test_setup_code": "", "test_imports": ["import math"], "challenge_test_list": ["assert f(3) == 4"]}`, suite.Hint{})
	require.Equal(t, suite.Asserts, s.Form)
	require.Len(t, s.Cases, 2)
	require.Equal(t, "import math\n", s.Imports)
	require.Equal(t, "import math", s.Script.Setup)

	s = parse(t, `{"kind": "asserts", "setup": "import math\nN = 3", "asserts": ["assert f(1) == 2"]}`, suite.Hint{})
	require.Empty(t, s.Cases, "the setup has to run")
	require.Equal(t, "import math\n", s.Imports)
}

func TestAnswers(t *testing.T) {
	s := parse(t, `{"kind": "function", "entry": "f", "cases": [{"args": [1], "out": true}, {"args": [2], "out": true}, {"args": [3], "out": 1}]}`, suite.Hint{})
	var keys []string
	for i := range s.Cases {
		key, ok := s.Cases[i].Answer()
		require.True(t, ok)
		keys = append(keys, key)
	}
	require.Equal(t, keys[0], keys[1])
	require.NotEqual(t, keys[0], keys[2])
	s = parse(t, `[{"input": "1", "output": "YES\n"}, {"input": "2", "output": " YES"}]`, suite.Hint{})
	a, _ := s.Cases[0].Answer()
	b, _ := s.Cases[1].Answer()
	require.Equal(t, a, b)
}

func TestFaults(t *testing.T) {
	packed := quoted(t, base64.StdEncoding.EncodeToString([]byte("\x78\x9c and so on, and so on")))
	for _, c := range []struct{ name, raw, where, err string }{
		{"nothing", ``, "", "got nothing"},
		{"null", `null`, "", "got null"},
		{"a number", `5`, "", "got a number"},
		{"text", `"hello"`, "", "holds no JSON"},
		{"packed", packed, "", "unpack them to JSON"},
		{"packed private tests", `{"public_test_cases": [], "private_test_cases": ` + packed + `}`, "/private_test_cases", "unpack them to JSON"},
		{"an empty object", `{}`, "", "no form of tests that is known"},
		{"an empty list", `[]`, "", "there are no tests"},
		{"another kind", `{"kind": "stdin"}`, "/kind", "want one of stdio, function"},
		{"no cases", `{"kind": "stdio"}`, "/cases", "there are no tests"},
		{"empty cases", `{"kind": "stdio", "cases": []}`, "/cases", "there are no tests"},
		{"an unknown member", `{"kind": "stdio", "cases": [{"out": "1"}], "comparison": "tokens"}`, "/comparison", "no such member"},
		{"an unknown member of a case", `{"kind": "stdio", "cases": [{"out": "1", "expected": "1"}]}`, "/cases/0/expected", "no such member"},
		{"a checker of functions", `{"kind": "function", "entry": "f", "cases": [{"args": [], "out": 1}], "checker": {"language": "c", "source": "x"}}`, "/checker", "compare text"},
		{"no output", `{"kind": "stdio", "cases": [{"in": "1"}]}`, "/cases/0/out", "want the output"},
		{"an output that is no text", `{"kind": "stdio", "cases": [{"out": 1}]}`, "/cases/0/out", "want a string, got a number"},
		{"no entry", `{"kind": "function", "cases": [{"args": [], "out": 1}]}`, "/cases", "want the name of the function"},
		{"no arguments", `{"kind": "function", "entry": "f", "cases": [{"out": 1}]}`, "/cases/0/args", "want the arguments"},
		{"arguments that are no list", `{"kind": "function", "entry": "f", "cases": [{"args": 1, "out": 1}]}`, "/cases/0/args", "want a list of arguments"},
		{"a wanted object", `{"kind": "function", "entry": "f", "cases": [{"args": [], "out": {"$o": "X"}}]}`, "/cases/0/out", "no plain data"},
		{"a number beyond floats", `{"kind": "function", "entry": "f", "cases": [{"args": [1e999], "out": 1}]}`, "/cases/0/args", "beyond what a float holds"},
		{"a tolerance of nothing", `{"kind": "stdio", "tol": 1, "cases": [{"out": "1"}]}`, "/tol", "is of compare: float"},
		{"deep of nothing", `{"kind": "function", "entry": "f", "deep": true, "cases": [{"args": [], "out": 1}]}`, "/deep", "compare: unordered"},
		{"another comparison", `{"kind": "stdio", "compare": "loose", "cases": [{"out": "1"}]}`, "/compare", "want one of exact, lines"},
		{"a weight of 0", `{"kind": "stdio", "cases": [{"out": "1", "weight": 0}]}`, "/cases/0/weight", "above 0"},
		{"a negative limit", `{"kind": "stdio", "limits": {"time_s": -1}, "cases": [{"out": "1"}]}`, "/limits/time_s", "0 or more"},
		{"an unknown limit", `{"kind": "stdio", "limits": {"time": 1}, "cases": [{"out": "1"}]}`, "/limits/time", "no such member"},
		{"a group without tests", `{"kind": "stdio", "cases": [{"out": "1"}], "groups": [{"tests": []}]}`, "/groups/0/tests", "the group is empty"},
		{"a group beyond the tests", `{"kind": "stdio", "cases": [{"out": "1"}], "groups": [{"tests": [1]}]}`, "/groups/0/tests/0", "from 0 to 0"},
		{"a group with a test twice", `{"kind": "stdio", "cases": [{"out": "1"}], "groups": [{"tests": [0, 0]}]}`, "/groups/0/tests/1", "twice"},
		{"a group by a name that is not there", `{"kind": "stdio", "cases": [{"out": "1"}], "groups": [{"tests": ["x"]}]}`, "/groups/0/tests/0", "no test has this name"},
		{"unequal columns", `{"inputs": ["1", "2"], "outputs": ["1"]}`, "/outputs", "there are 2 inputs and 1 outputs"},
		{"empty columns", `{"inputs": [], "outputs": []}`, "/outputs", "there are no tests"},
		{"an argument that is no JSON", `{"fn_name": "f", "inputs": ["[1"], "outputs": ["1"]}`, "/inputs/0", "argument 0 is not in JSON"},
		{"an output that is no JSON", `{"fn_name": "f", "inputs": ["1"], "outputs": ["yes"]}`, "/outputs/0", "is not JSON"},
		{"cases of two functions", `[{"fn_name": "f", "input": "1", "output": "1"}, {"fn_name": "g", "input": "1", "output": "1"}]`, "/1/fn_name", "several functions"},
		{"cases of both kinds", `[{"type": "stdin_stdout", "input": "1", "output": "1"}, {"type": "function_call", "fn_name": "g", "input": "1", "output": "1"}]`, "/1/type", "some cases are of scripts"},
		{"another type of case", `[{"type": "interactive", "input": "1", "output": "1"}]`, "/0/type", "want stdin_stdout or function_call"},
		{"an empty assert", `{"kind": "asserts", "asserts": [" "]}`, "/asserts", "is empty"},
		{"no asserts", `{"kind": "asserts", "asserts": []}`, "/asserts", "there are no tests"},
		{"an assert that is no text", `["assert f(1) == 1", 5]`, "/1", "want a string"},
		{"a check without an entry", `{"kind": "check", "test": "def check(candidate): pass"}`, "", "want the name of the function"},
		{"a check that defines none", `{"prompt": "", "test": "assert True", "entry_point": "f"}`, "", "does not define check(candidate)"},
		{"inputs without outputs", `{"prompt": "", "base_input": [[1]], "entry_point": "f"}`, "", "have no outputs"},
		{"a file outside", `{"kind": "unit", "framework": "pytest", "files": {"../x.py": ""}}`, "/files", "leads out of its folder"},
		{"no files", `{"kind": "unit", "framework": "pytest", "files": {}}`, "/files", "at least one file"},
		{"a test twice", `{"kind": "unit", "framework": "pytest", "files": {"x.py": ""}, "tests": ["a", "a"]}`, "/tests", "one that another has"},
		{"a checker without output", `{"kind": "stdio", "cases": [{"out": ""}], "checker": {"language": "c", "source": "x", "args": ["{input}"]}}`, "/checker/args", "not given {output}"},
		{"a name twice", `{"kind": "stdio", "kind": "stdio"}`, "", "twice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := suite.Parse(json.RawMessage(c.raw), "/reference_answer/tests", suite.Hint{})
			var data *grader.DataError
			require.ErrorAs(t, err, &data)
			require.Equal(t, "/reference_answer/tests"+c.where, data.Where)
			require.ErrorContains(t, err, c.err)
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`{"kind": "stdio", "cases": [{"in": "1", "out": "2"}], "groups": [{"tests": [0]}]}`, `{"inputs": ["1"], "outputs": ["[2]"], "fn_name": "f"}`,
		`["assert sorted(f([1, 'a\n'], x={1: 2})) == [(1,), None]", "assert abs(f(1) - .5) < 1e-6"]`, `{"prompt": "p", "test": "def check(candidate):\n  assert candidate(1)\n", "entry_point": "f"}`,
		`{"kind": "unit", "framework": "pytest", "files": {"a": "b"}}`, `"[{\"input\": \"1\", \"output\": \"2\"}]"`, `{"test_list": ["assert round(f(1), 2) == 1"], "test_imports": ["import os"]}`,
	} {
		f.Add([]byte(s), []byte(`[1,2]`))
	}
	f.Fuzz(func(t *testing.T, raw, got []byte) {
		s, err := suite.Parse(json.RawMessage(raw), "/tests", suite.Hint{})
		if err != nil {
			require.Equal(t, grader.FaultData, grader.FaultOf(err))
			return
		}
		require.True(t, len(s.Tests) > 0 || s.Form == suite.Unit)
		require.True(t, len(s.Cases) > 0 || s.Script != nil)
		for _, test := range s.Tests {
			require.Positive(t, test.Weight)
			for _, c := range test.Cases {
				require.Less(t, c, len(s.Cases))
			}
		}
		v, err := wire.Read(got)
		for i := range s.Cases {
			c := &s.Cases[i]
			c.JudgeText(got)
			c.Answer()
			c.Input()
			if err == nil {
				c.JudgeValue(v)
			}
		}
	})
}

func FuzzAssert(f *testing.F) {
	for _, s := range []string{"assert f(1) == 2", "assert abs(f('x') - 1.5) <= 1e-6, 'm'", "assert set(f(r'\\d' \"e\")) == {1, 2}", "assert not f({'a': (1, [2])})", "assert 0x1_f == f(-.5e-3)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		raw, err := json.Marshal([]string{s})
		require.NoError(t, err)
		parsed, err := suite.Parse(raw, "", suite.Hint{})
		if err != nil || len(parsed.Cases) == 0 {
			return
		}
		require.NotEmpty(t, parsed.Entry)
		for _, a := range parsed.Cases[0].Args {
			_, err := wire.Read(a.Append(nil))
			require.NoError(t, err)
		}
	})
}

func ExampleParse() {
	s, err := suite.Parse(json.RawMessage(`["assert add(1, 2) == 3", "assert add(0.1, 0.2) == 0.3"]`), "/tests", suite.Hint{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Form, s.Entry, len(s.Cases))
	verdict, why := s.Cases[1].JudgeValue(wire.OfFloat(0.30000000000000004))
	fmt.Println(verdict == suite.Pass, why)
	// Output:
	// asserts add 2
	// false got 0.30000000000000004, want 0.3
}

func BenchmarkParse(b *testing.B) {
	var big strings.Builder
	big.WriteString(`{"fn_name": "f", "inputs": [`)
	big.WriteString(strings.Repeat(`"[1, 2, 3]\n\"abc\"", `, 50_000) + `"1"], "outputs": [` + strings.Repeat(`"[1, 2]", `, 50_000) + `"1"]}`)
	for _, c := range []struct{ name, raw string }{
		{"ten cases", `{"kind": "function", "entry": "f", "cases": [` + strings.Repeat(`{"args": [[2, 7, 11], 9], "out": [0, 1]},`, 9) + `{"args": [[2, 7, 11], 9], "out": [0, 1]}]}`},
		{"1.5 MB of columns", big.String()},
		{"1 MB of brackets in an assert", `["assert f(` + strings.Repeat("[", 1<<20) + `"]`},
		{"1 MB of an assert", `["assert f([` + strings.Repeat("1, ", 1<<18) + `]) == 1"]`},
		{"1 MB of strings in a check", `{"prompt": "", "entry_point": "f", "test": "def check(candidate):\n` + strings.Repeat(`  '''a'''\n`, 1<<17) + `"}`},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := suite.Parse(json.RawMessage(c.raw), "", suite.Hint{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
