//go:build amd64 || arm64

package jail_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
)

// A driven is one call and what must come back.
type driven struct {
	name, language, entry, source, args string
	value                               string // the exact text of the value
	failure                             sandbox.Failure
	wrong                               string // the type of the error
}

func drivenCases() []driven {
	py := func(name, source, args, value string) driven {
		return driven{name: name, language: "python", entry: "f", source: source, args: args, value: value}
	}
	js := func(name, source, args, value string) driven {
		return driven{name: name, language: "javascript", entry: "f", source: source, args: args, value: value}
	}
	golang := func(name, source, args, value string) driven {
		return driven{name: name, language: "go", entry: "f", source: "package main\n" + source, args: args, value: value}
	}
	java := func(name, source, args, value string) driven {
		return driven{name: name, language: "java", entry: "f", source: source, args: args, value: value}
	}
	fail := func(d driven, failure sandbox.Failure, wrong string) driven {
		d.failure, d.wrong = failure, wrong
		return d
	}
	return []driven{
		py("numbers", "def f(x): return [x, 2.0, True, None, 10**30, float('nan'), -float('inf'), 1e300, -0.0, 1j]", `[7]`, `[7,2.0,true,null,1000000000000000000000000000000,{"$f":"nan"},{"$f":"-inf"},1e+300,-0.0,{"$c":[0.0,1.0]}]`),
		py("a number of many digits", "def f(x): return x * 10", "[1"+strings.Repeat("0", 6000)+"]", "1"+strings.Repeat("0", 6001)),
		py("text", "def f(x): return x", `["a\"\n\u00e9\ud83d\ude00\ud800"]`, `"a\"\n\u00e9\ud83d\ude00\ud800"`),
		py("containers", "def f(): return (1, {2}, frozenset([3]), {'a': 1}, {1: 2}, {'$x': 1}, b'hi')", `[]`, `{"$t":[1,{"$s":[2]},{"$fs":[3]},{"a":1},{"$d":[[1,2]]},{"$d":[["$x",1]]},{"$b":"aGk="}]}`),
		py("values that are sent", "def f(*a): return [type(x).__name__ for x in a]", `[{"$t":[1]},{"$s":[1]},{"$d":[[1,2]]},{"$b":"aGk="},{"$f":"nan"},{"$n":"1.5","k":"Decimal"},{"a":{"b":1}}]`, `["tuple","set","dict","bytes","float","Decimal","dict"]`),
		py("honest subclasses", "from collections import *\nimport enum\nclass E(enum.IntEnum):\n  A = 3\nP = namedtuple('P', 'x y')\nclass S(str): pass\ndef f(): return [Counter('aab'), defaultdict(int, a=1), P(1, 2), E.A, S('s'), deque([1]) and list(deque([1])), OrderedDict(b=1)]", `[]`, `[{"a":2,"b":1},{"a":1},{"$t":[1,2]},3,"s",[1],{"b":1}]`),
		py("hostile subclasses are read by their base", "class L(list):\n  def __iter__(self): return iter([9])\n  def __eq__(self, o): return True\n  def __len__(self): return 0\nclass I(int):\n  def __eq__(self, o): return True\n  def __repr__(self): return '42'\nclass D(dict):\n  def items(self): return [('x', 1)]\ndef f(): return [L([1]), I(5), D(a=1)]", `[]`, `[[1],5,{"a":1}]`),
		py("what is no data", "class A:\n  def __eq__(self, o): return True\ndef f(): return [A(), (x for x in []), f.__class__]", `[]`, `[{"$o":"A"},{"$x":"iterator"},{"$o":"type"}]`),
		py("deep", "def f():\n  x = []\n  for _ in range(100000): x = [x]\n  return x", `[]`, strings.Repeat("[", 200)+`{"$x":"deep"}`+strings.Repeat("]", 200)),
		py("cyclic", "def f():\n  x = [1]\n  x.append(x)\n  return x", `[]`, `[1,{"$x":"cyclic"}]`),
		py("shared is not cyclic", "def f():\n  x = [1]\n  return [x, x]", `[]`, `[[1],[1]]`),
		fail(py("long", "def f(): return 'x' * (1 << 22)", `[]`, ""), sandbox.OutputLimit, ""),
		fail(py("a long number", "def f(): return 1 << (1 << 26)", `[]`, ""), sandbox.OutputLimit, ""),
		py("method of Solution", "class Solution:\n  def f(self, x): return x + 1", `[1]`, `2`),
		{name: "method by its class", language: "python", entry: "Solution.f", source: "class Solution:\n  def f(self, x): return x + 1", args: `[1]`, value: `2`},
		py("a coroutine is not awaited", "async def f(x): return x", `[1]`, `{"$o":"coroutine"}`),
		py("the module is imported, and found as the main one", "main = __name__ == '__main__'\nimport sys\ndef f(): return [main, sys.modules['__main__'].f is f, sys.argv]", `[]`, `[false,true,["main.py"]]`),
		py("its own builtins are its own affair", "import builtins, json\nbuiltins.len = lambda x: 0\nbuiltins.isinstance = lambda *a: True\njson.dumps = lambda *a: 'no'\ndef f(): return [1, {'a': (2,)}]", `[]`, `[1,{"a":{"$t":[2]}}]`),
		fail(py("raises", "def f(): return 1 / 0", `[]`, ""), sandbox.RuntimeError, "ZeroDivisionError"),
		fail(py("its own exception with a hostile text", "class E(ValueError):\n  def __str__(self): raise SystemExit\ndef f(): raise E", `[]`, ""), sandbox.RuntimeError, "E"),
		fail(py("exits in the call", "import sys\ndef f(): sys.exit(0)", `[]`, ""), sandbox.RuntimeError, "SystemExit"),
		fail(py("exits when loaded", "import sys\nsys.exit(0)", `[]`, ""), sandbox.RuntimeError, "SystemExit"),
		fail(py("ends the process", "import os\ndef f(): os._exit(0)", `[]`, ""), sandbox.RuntimeError, ""),
		fail(py("recursion", "def f(): return f()", `[]`, ""), sandbox.RuntimeError, "RecursionError"),
		fail(py("no such function", "g = 1", `[]`, ""), sandbox.RuntimeError, "NameError"),

		js("numbers", "function f(x) { return [x, 0.5, -0, 1e300, NaN, -Infinity, 123456789012345678901234567890n, 2 ** 60]; }", `[7]`, `[7,0.5,-0.0,1e+300,{"$f":"nan"},{"$f":"-inf"},123456789012345678901234567890,1152921504606847000.0]`),
		js("an integer that no double holds", "const f = (x) => x + 1n;", `[12345678901234567890]`, `12345678901234567891`),
		js("containers", "const f = () => [new Map([['a', 1]]), new Map([[1, 2]]), new Set([1]), undefined, { a: [] }, { $x: 1 }, new Int8Array([1]), Buffer.from('hi')];", `[]`, `[{"a":1},{"$d":[[1,2]]},{"$s":[1]},{"$u":0},{"a":[]},{"$d":[["$x",1]]},[1],{"$b":"aGk="}]`),
		js("text", "const f = (x) => x;", `["a\"\n\u00e9\ud83d\ude00\ud800"]`, `"a\"\n\u00e9\ud83d\ude00\ud800"`),
		js("what is no data", "class A { toJSON() { return 1; } valueOf() { return 1; } }\nconst f = () => [new A(), new Proxy([], {}), { get x() { return 1; } }, () => 1, Symbol('s')];", `[]`, `[{"$o":"A"},{"$o":"Proxy"},{"x":{"$o":"getter"}},{"$o":"function"},{"$o":"symbol"}]`),
		js("exports of CommonJS", "module.exports = { f: (x) => x + 1 };", `[1]`, `2`),
		js("one exported function", "module.exports = (x) => x + 1;", `[1]`, `2`),
		js("exports of a module", "export function f(x) { return x + 1; }", `[1]`, `2`),
		js("default export of a module", "export default function (x) { return x + 1; }", `[1]`, `2`),
		js("not exported by a module", "import fs from 'node:fs';\nconst f = (x) => typeof fs.readFileSync + x;", `[1]`, `"function1"`),
		js("method of Solution", "class Solution { f(x) { return x + this.one(); } one() { return 1; } }", `[1]`, `2`),
		js("async", "async function f(x) { await new Promise((r) => setTimeout(r, 5)); return x; }", `[1]`, `1`),
		js("cyclic and deep", "const f = () => { const x = [1]; x.push(x); let d = []; for (let i = 0; i < 1e4; i++) d = [d]; return [x, JSON.stringify(d).length]; };", `[]`, `[[1,{"$x":"cyclic"}],20002]`),
		fail(js("throws", "const f = () => { null.x; };", `[]`, ""), sandbox.RuntimeError, "TypeError"),
		fail(js("exits", "const f = () => process.exit(0);", `[]`, ""), sandbox.RuntimeError, ""),

		golang("plain values", "func f(a int, b float64, s string, l []int, m map[string]int, by []byte) (int, float64, string, []int, map[string]int, []byte) { return a, b, s, l, m, by }", `[1,2,"x",[1],{"a":1},"hi"]`, `[1,2.0,"x",[1],{"a":1},{"$b":"aGk="}]`),
		golang("integer keys and boards of letters", "func f(m map[int]string, b [][]byte, r []rune) (map[int]string, int, int) { return m, len(b[1]), len(r) }", `[{"1":"a"},[["x"],["y","z"]],["ä"]]`, `[{"$d":[[1,"a"]]},2,1]`),
		golang("nil is an empty list", "func f() ([]int, map[string]int, *int, any) { return nil, nil, nil, nil }", `[]`, `[[],{},null,null]`),
		golang("structures", "type P struct { X int; Y *P `json:\"next\"` }\nfunc f(p P) *P { return &P{p.X + 1, &p} }", `[{"x":1}]`, `{"X":2,"next":{"X":1,"next":null}}`),
		golang("variadic", "func f(x ...int) int { return len(x) }", `[1,2,3]`, `3`),
		golang("error that is nil", "func f() (int, error) { return 1, nil }", `[]`, `1`),
		golang("a generic function", "import \"cmp\"\nfunc f[T cmp.Ordered](a ...T) T { m := a[0]; for _, x := range a { m = max(m, x) }; return m }", `[1,2.5]`, `2.5`),
		golang("a generic function of lists", "import \"slices\"\ntype N interface { ~int | ~float64 | int8 }\nfunc f[S ~[]E, E N](a S) S { a = slices.Clone(a); slices.Sort(a); return a }", `[[2,1]]`, `[1,2]`),
		golang("a generic function of two types", "type string = int\nfunc f[K comparable, V any](m map[K]V, k K) (V, bool) { v, ok := m[k]; return v, ok }", `[{"a":[1]},"a"]`, `[[1],true]`),
		fail(golang("a generic function of methods", "type S interface { String() string }\nfunc f[T S](a T) int { return 1 }", `[1]`, ""), sandbox.RuntimeError, "error"),
		golang("its own main and names", "import \"fmt\"\ntype any = int\ntype string2 string\nfunc len(x []int) int { return 99 }\nfunc main() { fmt.Println(f(nil)) }\nfunc f(x []int) int { return len(x) }", `[[1]]`, `99`),
		fail(golang("error", "import \"errors\"\nfunc f() (int, error) { return 1, errors.New(\"no\") }", `[]`, ""), sandbox.RuntimeError, "*errors.errorString"),
		fail(golang("panic", "func f() int { panic(\"no\") }", `[]`, ""), sandbox.RuntimeError, "panic"),
		fail(golang("exit", "import \"os\"\nfunc f() int { os.Exit(0); return 1 }", `[]`, ""), sandbox.RuntimeError, ""),
		fail(golang("the end of the goroutine", "import \"runtime\"\nfunc f() int { runtime.Goexit(); return 1 }", `[]`, ""), sandbox.RuntimeError, "Goexit"),
		fail(golang("no such function", "func g() {}", `[]`, ""), sandbox.RuntimeError, "error"),

		java("plain values", "class Solution { public Object[] f(int a, long b, double c, String s, boolean t, int[] l, List<List<Integer>> ll, Map<String, Integer> m, char ch) { return new Object[] { a, b, c, s, t, l, ll, m, ch }; } }", `[1,2,3,"x",true,[1],[[1],[2]],{"a":1},"c"]`, `[1,2,3.0,"x",true,[1],[[1],[2]],{"a":1},"c"]`),
		java("static, and what is no data", "public class Main { static class A {} static Object f() { return Arrays.asList(new A(), null, Set.of(1), Map.of(1, 2)); } }", `[]`, `[{"$o":"A"},null,{"$s":[1]},{"$d":[[1,2]]}]`),
		fail(java("throws", "class Solution { int f() { return new int[0][1].length; } int g() { return 1; } }", `[]`, ""), "", ""),
		fail(java("exits", "class Solution { int f() { System.exit(0); return 1; } }", `[]`, ""), sandbox.RuntimeError, ""),
	}
}

func TestDrivers(t *testing.T) {
	j := open(t, jail.Options{})
	for _, tt := range drivenCases() {
		if tt.failure == "" && tt.value == "" {
			continue
		}
		t.Run(tt.language+" "+tt.name, func(t *testing.T) {
			p := sandbox.Program{Language: language(t, j, tt.language), Source: tt.source, Entry: tt.entry}
			build, outs := run(t, j, p, sandbox.Input{Call: []byte(`{"id":5,"nonce":"n","op":"call","args":` + tt.args + `}`)})
			require.Empty(t, build.Failure, "%s", build.Log)
			require.Len(t, outs, 1)
			require.Equal(t, tt.failure, outs[0].Failure, "%s %s", outs[0].Value, outs[0].Stderr)
			if tt.failure == "" {
				require.Equal(t, `{"id":5,"nonce":"n","value":`+tt.value+`}`, string(outs[0].Value))
			}
			if tt.wrong != "" {
				var reply struct{ Error struct{ Type string } }
				require.NoError(t, json.Unmarshal(outs[0].Value, &reply))
				require.Equal(t, tt.wrong, reply.Error.Type)
			}
		})
	}
}

func TestCompileErrors(t *testing.T) {
	j := open(t, jail.Options{})
	for name, source := range map[string]string{
		"python": "def f(:", "javascript": "function f( {", "go": "package main\nfunc f( {", "c": "int main(", "cpp": "int main(", "java": "class X {", "rust": "fn main( {",
	} {
		for _, entry := range []string{"", "f"} {
			l := jail.Find(jail.Languages(), name)
			if entry != "" && l.Driver == "" {
				continue
			}
			t.Run(name+" "+entry, func(t *testing.T) {
				build, outs := run(t, j, sandbox.Program{Language: language(t, j, name), Source: source, Entry: entry}, sandbox.Input{Call: []byte(`{"id":1}`)})
				require.Equal(t, sandbox.CompileError, build.Failure)
				require.NotEmpty(t, build.Log)
				require.Empty(t, outs)
			})
		}
	}
}

func TestAProcessThatEndsIsStartedAgainThreeTimes(t *testing.T) {
	j := open(t, jail.Options{})
	p := sandbox.Program{Language: language(t, j, "python"), Source: "import os\ndef f(x):\n  if x: os._exit(3)\n  return x", Entry: "f"}
	var inputs []sandbox.Input
	for i, x := range []int{0, 1, 0, 1, 1, 0, 1, 0, 0} {
		inputs = append(inputs, sandbox.Input{Call: fmt.Appendf(nil, `{"id":%d,"args":[%d]}`, i, x)})
	}
	_, outs := run(t, j, p, inputs...)
	var got []string
	for _, out := range outs {
		got = append(got, string(out.Failure))
	}
	r := string(sandbox.RuntimeError)
	require.Equal(t, []string{"", r, "", r, r, "", r, r, r}, got, "the fourth death is the last")
	require.Equal(t, 3, outs[1].Exit)
}

func TestSessions(t *testing.T) {
	j := open(t, jail.Options{CPUs: 1})
	tests := []struct{ name, language, source, object, field string }{
		{"python", "python", "LIMIT = 5\nclass Stack:\n  def __init__(self): self.items = []\n  def push(self, x):\n    self.items.append(x)\n    return self\n  def size(self): return len(self.items)\ndef sort(x): x.sort()\n", "Stack", "LIMIT"},
		{"javascript", "javascript", "const LIMIT = 5;\nclass Stack {\n  constructor() { this.items = []; }\n  push(x) { this.items.push(x); return this; }\n  size() { return this.items.length; }\n}\nfunction sort(x) { x.sort(); return null; }\n", "Stack", "LIMIT"},
		{"go", "go", "package main\nimport \"slices\"\nvar LIMIT = 5\ntype Stack struct { Items []int }\nfunc (s *Stack) Push(x int) *Stack { s.Items = append(s.Items, x); return s }\nfunc (s *Stack) Size() int { return len(s.Items) }\nfunc sort(x []int) { slices.Sort(x) }\n", "Stack", "LIMIT"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, build, err := j.Open(t.Context(), sandbox.Conversant{Program: sandbox.Program{Language: language(t, j, tt.language), Source: tt.source, Entry: "*"}})
			require.NoError(t, err)
			require.NotNil(t, s, "%s", build.Log)
			defer s.Close()
			id := 0
			ask := func(rest string) string {
				id++
				require.NoError(t, s.Send(fmt.Appendf(nil, `{"id":%d,"nonce":"n",%s}`, id, rest)))
				line, failure, err := s.Receive(t.Context(), 0)
				require.NoError(t, err)
				require.Empty(t, failure)
				text, ok := strings.CutPrefix(string(line), fmt.Sprintf(`{"id":%d,"nonce":"n",`, id))
				require.True(t, ok, "%s", line)
				return strings.TrimSuffix(text, "}")
			}
			push, size := "push", "size"
			if tt.language == "go" {
				push, size = "Push", "Size"
			}
			names := ask(`"op":"names"`)
			for _, want := range []string{`"Stack":"class"`, `"sort":"function"`, `"LIMIT":"value"`} {
				require.Contains(t, strings.ReplaceAll(names, " ", ""), want)
			}
			require.Equal(t, `"value":5`, ask(`"op":"get","entry":"LIMIT"`))
			require.Equal(t, `"value":{"$o":"Stack","h":1}`, ask(`"op":"new","entry":"Stack","args":[]`))
			require.Equal(t, `"value":{"$o":"Stack","h":1}`, ask(`"op":"method","h":1,"entry":"`+push+`","args":[4]`), "the same object has the same handle")
			require.Equal(t, `"value":1`, ask(`"op":"method","h":1,"entry":"`+size+`","args":[]`))
			require.Equal(t, `"value":null,"args":[[1,2]]`, ask(`"op":"call","entry":"sort","args":[[2,1]],"echo":true`))
			require.Contains(t, ask(`"op":"method","h":99,"entry":"x","args":[]`), `"error":`)
			require.Contains(t, ask(`"op":"dance"`), `"error":`)
			usage, _ := s.Close()
			require.Positive(t, usage.Memory)
			require.Error(t, s.Send([]byte("{}")))
			_, failure, err := s.Receive(t.Context(), 0)
			require.NoError(t, err)
			require.Equal(t, sandbox.RuntimeError, failure)
		})
	}
}

func TestASessionOfACommand(t *testing.T) {
	j := open(t, jail.Options{CPUs: 1})
	python := language(t, j, "python")
	// A candidate holds the only place: the tester needs none.
	candidate, _, err := j.Open(t.Context(), sandbox.Conversant{Program: sandbox.Program{Language: python, Source: "x = 1", Entry: "*"}})
	require.NoError(t, err)
	defer candidate.Close()
	tester, _, err := j.Open(t.Context(), sandbox.Conversant{
		Program: sandbox.Program{Language: python},
		Command: []string{"python3", "-I", "tester.py", "{in}", "{out}"},
		Files:   map[string]string{"tester.py": "import os, sys\nprint('said')\nsys.stdout.flush()\ni, o = int(sys.argv[1]), int(sys.argv[2])\nassert [str(i), str(o)] == [os.environ['RFT_IN'], os.environ['RFT_OUT']]\nwhile True:\n  line = os.read(i, 100)\n  if not line: break\n  os.write(o, open('below/data.txt').read().encode() + line)\n", "below/data.txt": "data "},
	})
	require.NoError(t, err)
	require.NoError(t, tester.Send([]byte("hello")))
	line, failure, err := tester.Receive(t.Context(), 0)
	require.NoError(t, err)
	require.Empty(t, failure)
	require.Equal(t, "data hello", string(line))
	_, stderr := tester.Close()
	require.Equal(t, "said\n", string(stderr))
	_, _, err = j.Open(t.Context(), sandbox.Conversant{Command: []string{"python3"}, Files: map[string]string{"../out": ""}})
	require.Error(t, err)
}
