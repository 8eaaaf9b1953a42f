package suite_test

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox/wire"
	"github.com/rftgrader/rftgrader/graders/code/suite"
)

// asserts parses a list of assert statements.
func asserts(t testing.TB, statements ...string) *suite.Suite {
	t.Helper()
	raw, err := json.Marshal(statements)
	require.NoError(t, err)
	s, err := suite.Parse(raw, "/tests", suite.Hint{})
	require.NoError(t, err)
	require.Equal(t, suite.Asserts, s.Form)
	require.NotNil(t, s.Script)
	return s
}

// assertCases says of statements which call they make, and of values whether they
// pass (=), fail (!) or only Python can say (?).
func assertCases() []struct{ statement, call, values string } {
	return []struct{ statement, call, values string }{
		{`assert f(1) == 2`, `[1]`, `=2 =2.0 !3 !"2" !null !{"$o":"X"}`},
		{`assert f(1) == 2, "message"`, `[1]`, `=2 !3`},
		{`assert f(1) == 2, f"got {f(1)}"`, `[1]`, `=2 !3`},
		{`assert (f(1) == 2)`, `[1]`, `=2 !3`},
		{`assert ((f(1)) == (2))`, `[1]`, `=2 !3`},
		{`assert(f(1)==2)`, `[1]`, `=2 !3`},
		{`assert 2 == f(1)`, `[1]`, `=2 !3`},
		{`assert f(1) == True`, `[1]`, `=true =1 !false !2`},
		{`assert f(1) == 1`, `[1]`, `=true =1 =1.0`},
		{`assert f(1) is True`, `[1]`, `=true !1`},
		{`assert f(1) is None`, `[1]`, `=null !false !{"$u":0}`},
		{`assert f(1)`, `[1]`, `=true =1 =[0] ="x" !false !0 !0.0 !"" ![] !{} !null !{"$n":"0.0","k":"Decimal"} ?{"$o":"X"}`},
		{`assert not f(1)`, `[1]`, `=false =0 =[] =null !true !1 ?{"$o":"X"}`},
		{`assert f() == [1, 2,]`, `[]`, `=[1,2] !{"$t":[1,2]} ![2,1]`},
		{`assert f(1, ) == (1, 2)`, `[1]`, `={"$t":[1,2]} ![1,2]`},
		{`assert f((1)) == (1,)`, `[1]`, `={"$t":[1]} !1`},
		{`assert f(()) == ()`, `[{"$t":[]}]`, `={"$t":[]}`},
		{`assert f({1, 2}) == {'a': [None], 1: "x"}`, `[{"$s":[1,2]}]`, `={"$d":[["a",[null]],[1,"x"]]} !{"a":[null],"1":"x"}`},
		{`assert f({}) == set()`, `[{}]`, `={"$s":[]} ={"$fs":[]} !{} ![]`},
		{`assert f(a=1, b="x") == -1.5`, `[] a=1 b="x"`, `=-1.5 !1.5`},
		{`assert f(0x1F, 1_000, .5, 1e3, -0, 1., 0o17, 0b11) == 0`, `[31,1000,0.5,1000.0,0,1.0,15,3]`, `=0`},
		{`assert f(123456789012345678901234567890) == 0`, `[123456789012345678901234567890]`, `=0`},
		{`assert f('a\n\'\x41\u00e9\101', "b" 'c', r'\d', '''x
y''', b'\x00z') == ''`, `["a\u000a'AéA","bc","\\d","x\u000ay",{"$b":"AHo="}]`, `="" !null`},
		{`assert f("#", [1, # one
			2]) == 0`, `["#",[1,2]]`, `=0`},
		{`assert f(1) == \
	2`, `[1]`, `=2`},
		{`assert f(float('inf')) == float("-inf")`, `[{"$f":"inf"}]`, `={"$f":"-inf"} !{"$f":"inf"}`},
		{`assert abs(f(1) - 0.33) < 1e-6`, `[1]`, `=0.33 =0.3300000001 !0.34 !"0.33" !{"$f":"nan"}`},
		{`assert abs(0.5 - f(1)) <= 0.5`, `[1]`, `=1 =0.0 !1.01`},
		{`assert abs(f(1) - 1) < 1`, `[1]`, `=1 =0.001 !0 !2`},
		{`assert math.isclose(f(1), 1e9)`, `[1]`, `=1000000000.5 !1000000002`},
		{`assert math.isclose(f(1), 0.25, rel_tol=0.1, abs_tol=1)`, `[1]`, `=1.2 !1.3`},
		{`assert isclose(f(1), 3, abs_tol=0.1,)`, `[1]`, `=3.05 !3.2`},
		{`assert set(f(1)) == {1, 2}`, `[1]`, `=[1,2,1] ={"$t":[2,1]} =[1.0,2] !{"1":0,"2":0} ![1] !5 ![[1],[2]] ?{"$x":"iterator"}`},
		{`assert set(f(1)) == set([1, 2])`, `[1]`, `=[2,1] ![2]`},
		{`assert frozenset(f(1)) == {'a', 'b'}`, `[1]`, `="ab" =["b","a"] !"abc"`},
		{`assert sorted(f(1)) == [1, 2, 3]`, `[1]`, `=[3,1,2] ={"$s":[2,3,1]} ![1,2] ![1,2,"3"] ?{"$x":"iterator"}`},
		{`assert sorted(f(1)) == ["a", "b"]`, `[1]`, `="ba" ={"b":1,"a":2} !["b","b"]`},
		{`assert sorted(f(1)) == [(1, 2), (1, 3)]`, `[1]`, `=[{"$t":[1,3]},{"$t":[1,2]}] ![[1,3],[1,2]]`},
		{`assert list(f(1)) == [1, 2]`, `[1]`, `={"$t":[1,2]} =[1,2] !3`},
		{`assert tuple(f(1)) == (1, 2)`, `[1]`, `=[1,2] !{"$t":[1]}`},
		{`assert len(f(1)) == 2`, `[1]`, `=[1,2] ="é1" ={"a":1,"b":2} !"abc" !2`},
		{`assert len(set(f(1))) == 2`, `[1]`, `=[1,2,2] ![1]`},
		{`assert round(f(1), 2) == 2.67`, `[1]`, `=2.674 =2.67 !2.675000001 !2.5`},
		{`assert round(f(1)) == 2`, `[1]`, `=2.5 =1.5 !2.51`},
		{`assert abs(f(1)) == 2`, `[1]`, `=-2 =2.0 !3 !"2"`},
		{`assert bool(f(1)) == False`, `[1]`, `=0 =[] !1`},
		{`assert Solution().f([1], 2) == 3`, `[[1],2]`, `=3 !4`},
	}
}

func TestAsserts(t *testing.T) {
	for _, c := range assertCases() {
		t.Run(c.statement, func(t *testing.T) {
			s := asserts(t, c.statement)
			require.Len(t, s.Cases, 1, "not read as a case")
			require.Equal(t, []suite.Test{{Cases: []int{0}, Weight: 1}}, s.Tests)
			k := &s.Cases[0]
			call := wire.OfList(k.Args...).String()
			for i := 0; i < len(k.Kwargs); i += 2 {
				call += " " + k.Kwargs[i].Text + "=" + k.Kwargs[i+1].String()
			}
			require.Equal(t, c.call, call)
			for v := range strings.FieldsSeq(c.values) {
				got, err := wire.Read([]byte(v[1:]))
				require.NoError(t, err, v)
				verdict, why := k.JudgeValue(got)
				require.Equal(t, map[byte]suite.Verdict{'=': suite.Pass, '!': suite.Fail, '?': suite.Undecided}[v[0]], verdict, "%s: %s", v, why)
				require.Equal(t, verdict == suite.Pass, why == "", v)
			}
		})
	}
}

// python judges the same statements and values as they are: f returns what the
// value stands for.
const python = `
import decimal, json, math, sys
from math import isclose
def read(v):
    if isinstance(v, list): return [read(x) for x in v]
    if not isinstance(v, dict): return v
    if "$t" in v: return tuple(read(x) for x in v["$t"])
    if "$s" in v: return {read(x) for x in v["$s"]}
    if "$fs" in v: return frozenset(read(x) for x in v["$fs"])
    if "$f" in v: return float(v["$f"])
    if "$n" in v: return decimal.Decimal(v["$n"])
    if "$d" in v: return {read(k): read(x) for k, x in v["$d"]}
    return {k: read(x) for k, x in v.items()}
for statement, value in json.load(sys.stdin):
    f = lambda *a, **k: read(value)
    class Solution: f = staticmethod(f)
    try: exec(statement); print("=")
    except (AssertionError, TypeError): print("!")
`

// TestAssertsAgreeWithPython runs every statement on every value in Python.
func TestAssertsAgreeWithPython(t *testing.T) {
	path, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not here to compare with")
	}
	var pairs [][2]any
	var names, want []string
	for _, c := range assertCases() {
		for v := range strings.FieldsSeq(c.values) {
			if v[0] == '?' || strings.Contains(v, `"$o"`) || strings.Contains(v, `"$u"`) {
				continue
			}
			pairs = append(pairs, [2]any{c.statement, json.RawMessage(v[1:])})
			names, want = append(names, c.statement+" with "+v[1:]), append(want, v[:1])
		}
	}
	in, err := json.Marshal(pairs)
	require.NoError(t, err)
	cmd := exec.Command(path, "-c", python)
	cmd.Stdin = bytes.NewReader(in)
	out, err := cmd.Output()
	require.NoError(t, err)
	got := strings.Fields(string(out))
	require.Len(t, got, len(want))
	for i := range want {
		require.Equal(t, want[i], got[i], names[i])
	}
}

// TestAssertsThatRun lists statements that only Python can judge.
func TestAssertsThatRun(t *testing.T) {
	for _, statement := range []string{
		`assert f(1) != 2`, `assert f(1) < 2`, `assert f(1) in (1, 2)`, `assert f(1) is not None`, `assert f(1) is 5`,
		`assert f(1) == f(2)`, `assert f(g(1)) == 2`, `assert f(x) == 2`, `assert f(*[1]) == 2`, `assert f(1)[0] == 2`, `assert f(1).x == 2`,
		`assert f(1) == 1 + 1`, `assert f(1) == 2 or True`, `assert f(1) == 2 and f(2) == 3`, `assert f(1) == 2 if x else y`,
		`assert f([i for i in range(3)]) == 2`, `assert f(lambda x: x) == 2`, `assert f(10**9) == 2`, `assert f("%s" % 1) == 2`, `assert f(f"x") == ""`,
		`assert f(1j) == 2`, `assert f(1) == float("nan")`, `assert all(f(i) == i for i in range(3))`, `assert isinstance(f(1), int)`, `assert str(f(1)) == "1"`,
		`assert sorted(f(1), key=len) == []`, `assert sorted(f(1), reverse=True) == []`, `assert round(f(1), -1) == 0`, `assert (f(1) == 2, "always true")`,
		`assert f(1) == 2; f(3)`, `x = f(1)`, `assert`, `assert f(1) ==`, `assert f(1`, `assert f("`, `assert f(a=1, 2) == 3`, `assert f(1) == 2)`,
		`assert abs(f(1) - 2) < x`, `assert abs(f(1) - f(2)) < 1`, `assert math.isclose(f(1), 2, tol=1)`, `assert math.floor(f(1)) == 2`,
		`assert f(1) == 01`, `assert f(1) == 1__0`, `assert f(1) == {[1]}`, `assert f(1) == {1: 2, 3}`, `assert f("\N{DASH}") == 1`, `assert f(1) == "\ud800"`,
		`assert f(1) == list({1, 2})`, `assert f.g(1) == 2`, `assert not f(1) == 2`, `assert False`, `assert 0`, `assert f(1) == 'a' 1`,
		`for i in range(3): assert f(i) == i`, "assert f(1) == 1\nassert f(2) == 2", `assert ` + strings.Repeat("(", 5000) + `f(1)`,
		`assert f(1) == ` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000),
	} {
		t.Run(statement[:min(len(statement), 60)], func(t *testing.T) {
			s := asserts(t, statement)
			require.Empty(t, s.Cases)
			require.Equal(t, []suite.Test{{Weight: 1}}, s.Tests)
		})
	}
}

func TestAssertLists(t *testing.T) {
	s := asserts(t, "assert f(1) == 2", "assert f(2) == 3")
	require.Equal(t, "f", s.Entry)
	require.Len(t, s.Cases, 2)

	s = asserts(t, "assert f(1) == 2", "assert g(2) == 3")
	require.Empty(t, s.Cases, "several functions")
	require.Len(t, s.Tests, 2)

	s = asserts(t, "assert f(1) == 2", "assert f(2) != 3")
	require.Empty(t, s.Cases, "one that has to run")
}

const checkHead = "\n\nMETADATA = {\n    'author': 'x',  # who\n    'n': 1\n}\n\n\n"

func TestChecks(t *testing.T) {
	parse := func(test string) *suite.Suite {
		raw, err := json.Marshal(map[string]string{"prompt": "def add(a, b):\n", "test": test, "entry_point": "add"})
		require.NoError(t, err)
		s, err := suite.Parse(raw, "", suite.Hint{})
		require.NoError(t, err)
		require.Equal(t, suite.Check, s.Form)
		require.Equal(t, "add", s.Entry)
		require.Equal(t, "def add(a, b):\n", s.Prompt)
		require.Len(t, s.Tests, 1, "a check is one test")
		return s
	}
	for _, c := range []struct {
		name, test string
		cases      int
	}{
		{"two asserts", "def check(candidate):\n    assert candidate(1, 2) == 3\n    assert candidate(0, 0) == 0, 'zero'\n", 2},
		{"with what HumanEval writes", checkHead + "def check(candidate):\n\n    # simple\n    \"\"\"doc\"\"\"\n    assert candidate(1, 2) == 3\n    assert True, \"always\"\n    assert abs(candidate(1, 2) - 3) < 1e-6\n\n", 2},
		{"imports and a call", "import math\n\ndef check( candidate ):\n\timport os\n\tassert candidate(1, 2) == 3\n", 1},
		{"a call of check", "def check(candidate):\n  assert candidate([1,\n 2], 2) == 3\n\ncheck(add)\n", 1},
		{"a loop", "def check(candidate):\n    for i in range(3):\n        assert candidate(i, 0) == i\n", 0},
		{"a helper", "def h(): pass\ndef check(candidate):\n    assert candidate(1, 2) == 3\n", 0},
		{"another function", "def check(candidate):\n    assert add(1, 2) == 3\n", 0},
		{"nothing asserted", "def check(candidate):\n    pass\n", 0},
		{"an assignment", "def check(candidate):\n    x = 1\n    assert candidate(1, 2) == 3\n", 0},
		{"two of them", "def check(candidate):\n    assert candidate(1, 2) == 3\ndef check(candidate):\n    assert candidate(1, 2) == 3\n", 0},
		{"code behind it", "def check(candidate):\n    assert candidate(1, 2) == 3\nadd = None\n", 0},
		{"a string that is never closed", "def check(candidate):\n    assert candidate('1) == 3\n", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := parse(c.test)
			require.Len(t, s.Cases, c.cases)
			require.Len(t, s.Tests[0].Cases, c.cases)
		})
	}
}
