package wire_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox/wire"
)

// TestCompare lists pairs with the modes in which they are equal, of
// e (exact), f (float, tol 1e-6), s (strict), u (unordered), d (deep), p (python).
func TestCompare(t *testing.T) {
	modes := map[rune]wire.Comparison{
		'e': {Mode: wire.JSON},
		'f': {Mode: wire.Near, Tol: 1e-6},
		's': {Mode: wire.Strict},
		'u': {Mode: wire.Unordered},
		'd': {Mode: wire.Unordered, Deep: true},
		'p': {Mode: wire.Python},
	}
	for _, c := range []struct{ name, got, want, equal string }{
		{"null", `null`, `null`, "efsudp"},
		{"null and false", `null`, `false`, ""},
		{"null and 0", `null`, `0`, ""},
		{"undefined for null", `{"$u":0}`, `null`, "efud"},
		{"undefined", `{"$u":0}`, `{"$u":0}`, "efsudp"},
		{"an undefined member", `{"a":1,"b":{"$u":0}}`, `{"a":1}`, "efud"},
		{"an undefined member for null", `{"a":{"$u":0}}`, `{"a":null}`, "efud"},
		{"a null member that is not wanted", `{"a":1,"b":null}`, `{"a":1}`, ""},
		{"true", `true`, `true`, "efsudp"},
		{"true and 1", `true`, `1`, "p"},
		{"0 and false", `0`, `false`, "p"},
		{"true and 1 inside", `[true]`, `[1]`, "p"},
		{"2 and 2.0", `2`, `2.0`, "efudp"},
		{"-0.0 and 0", `-0.0`, `0`, "efudp"},
		{"-0.0 and 0.0", `-0.0`, `0.0`, "efsudp"},
		{"big integers", `123456789012345678901234567890`, `123456789012345678901234567890`, "efsudp"},
		{"big integers, off by one", `123456789012345678901234567890`, `123456789012345678901234567891`, "f"},
		{"beyond the integers of a float", `9007199254740993`, `9007199254740992.0`, "f"},
		{"a big float and its integer", `1e23`, `99999999999999991611392`, "efudp"},
		{"a big float and another integer", `1e23`, `100000000000000000000000`, "f"},
		{"0.1+0.2", `0.30000000000000004`, `0.3`, "f"},
		{"near, relative", `1000000.5`, `1000000`, "f"},
		{"not near", `1.00001`, `1`, ""},
		{"near zero", `1e-7`, `0`, "f"},
		{"nan", `{"$f":"nan"}`, `{"$f":"nan"}`, "efsud"},
		{"nan for a number", `{"$f":"nan"}`, `1.0`, ""},
		{"inf", `{"$f":"inf"}`, `{"$f":"inf"}`, "efsudp"},
		{"inf for a number", `{"$f":"inf"}`, `1e300`, ""},
		{"a number for inf", `1e300`, `{"$f":"inf"}`, ""},
		{"-inf for inf", `{"$f":"-inf"}`, `{"$f":"inf"}`, ""},
		{"text", `"a"`, `"a"`, "efsudp"},
		{"text and a number", `"1"`, `1`, ""},
		{"a lone surrogate", `"\ud800"`, `"\ufffd"`, ""},
		{"bytes and text", `{"$b":"aGk="}`, `"hi"`, ""},
		{"bytes", `{"$b":"aGk="}`, `{"$b":"aGk="}`, "efsudp"},
		{"a list", `[1,"a"]`, `[1,"a"]`, "efsudp"},
		{"a tuple for a list", `{"$t":[1,2]}`, `[1,2]`, "efud"},
		{"a tuple inside", `[{"$t":[1,2]}]`, `[[1,2]]`, "efud"},
		{"another order", `[2,1]`, `[1,2]`, "ud"},
		{"another order inside", `[[2,1]]`, `[[1,2]]`, "d"},
		{"other counts", `[1,1,2]`, `[1,2,2]`, ""},
		{"a shorter list", `[1]`, `[1,2]`, ""},
		{"a longer list", `[1,2]`, `[1]`, ""},
		{"a set for a list", `{"$s":[2,1]}`, `[1,2]`, "ud"},
		{"a set for a list with one twice", `{"$s":[1]}`, `[1,1]`, ""},
		{"sets", `{"$s":[2,1]}`, `{"$s":[1,2]}`, "efsudp"},
		{"a frozen set for a set", `{"$fs":[2,1]}`, `{"$s":[1,2]}`, "efudp"},
		{"other sets", `{"$s":[2,3]}`, `{"$s":[1,2]}`, ""},
		{"sets of tuples", `{"$s":[{"$t":[1,2]},{"$t":[0,1]}]}`, `{"$s":[{"$t":[0,1]},{"$t":[1,2]}]}`, "efsudp"},
		{"near sets", `{"$s":[2.0000000001,1]}`, `{"$s":[1,2]}`, "f"},
		{"a map", `{"b":2,"a":1}`, `{"a":1,"b":2}`, "efsudp"},
		{"a map with one more", `{"a":1,"b":2}`, `{"a":1}`, ""},
		{"a map with one less", `{"a":1}`, `{"a":1,"b":2}`, ""},
		{"a map with another value", `{"a":1}`, `{"a":2}`, ""},
		{"near inside", `{"a":[0.1000000001]}`, `{"a":[0.1]}`, "f"},
		{"keys of JSON", `{"$d":[[1,2],[true,3],[null,4],[1.5,5]]}`, `{"1":2,"true":3,"null":4,"1.5":5}`, "efud"},
		{"keys that are numbers", `{"$d":[[1,2]]}`, `{"$d":[[1.0,2]]}`, "efudp"},
		{"two keys in one", `{"$d":[[1,2],["1",2]]}`, `{"1":2}`, ""},
		{"keys that are tuples", `{"$d":[[{"$t":[1,2]},3]]}`, `{"$d":[[{"$t":[1,2]},3]]}`, "efsudp"},
		{"a map and a list", `{}`, `[]`, ""},
		{"Decimal and float", `{"$n":"0.50","k":"Decimal"}`, `0.5`, "efudp"},
		{"Decimal and a near float", `{"$n":"0.1","k":"Decimal"}`, `0.1`, "f"},
		{"Decimals", `{"$n":"0.50","k":"Decimal"}`, `{"$n":"0.5","k":"Decimal"}`, "efsudp"},
		{"Decimal and Fraction", `{"$n":"0.5","k":"Decimal"}`, `{"$n":"1/2","k":"Fraction"}`, "efudp"},
		{"Fraction and integer", `{"$n":"4/2","k":"Fraction"}`, `2`, "efudp"},
		{"a huge Decimal", `{"$n":"1E+999999999","k":"Decimal"}`, `{"$n":"1E+999999999","k":"Decimal"}`, "efsudp"},
		{"complex", `{"$c":[1.0,2.0]}`, `{"$c":[1.0,2.0]}`, "efsudp"},
		{"complex and real", `{"$c":[1.0,0.0]}`, `1`, "efudp"},
		{"objects", `{"$o":"X","h":1}`, `{"$o":"X","h":1}`, ""},
		{"objects inside", `[{"$o":"X"}]`, `[{"$o":"X"}]`, ""},
		{"objects in sets", `{"$s":[{"$o":"X"}]}`, `{"$s":[{"$o":"X"}]}`, ""},
		{"unwritten", `{"$x":"deep"}`, `{"$x":"deep"}`, ""},
		{"unwritten values of maps", `{"a":{"$x":"deep"}}`, `{"a":{"$x":"deep"}}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, want := value(t, c.got), value(t, c.want)
			equal := ""
			for _, name := range "efsudp" {
				ok, why := modes[name].Compare(got, want)
				require.Equal(t, ok, why == "", "%c", name)
				if ok {
					equal += string(name)
				}
			}
			require.Equal(t, c.equal, equal)
		})
	}
}

func TestUnorderedNear(t *testing.T) {
	near := wire.Comparison{Mode: wire.Unordered, Tol: 1e-6}
	deep := wire.Comparison{Mode: wire.Unordered, Tol: 1e-6, Deep: true}
	for _, c := range []struct {
		name, got, want string
		near, deep      bool
	}{
		{"numbers", `[2.0000000001, 1]`, `[1, 2]`, true, true},
		{"not near", `[2.1, 1]`, `[1, 2]`, false, false},
		{"lists", `[[3, 4.0000000001], [1, 2]]`, `[[1, 2], [3, 4]]`, true, true},
		{"lists in another order inside", `[[4.0000000001, 3], [2, 1]]`, `[[1, 2], [3, 4]]`, false, true},
		{"lists inside of maps", `[{"a":{"b":[2,1.0000000001]}}]`, `[{"a":{"b":[1,2]}}]`, false, true},
		{"text among numbers", `["b", 1, "a"]`, `["a", "b", 1]`, true, true},
		{"an object", `[{"$o":"X"}]`, `[1]`, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			ok, _ := near.Compare(value(t, c.got), value(t, c.want))
			require.Equal(t, c.near, ok)
			ok, _ = deep.Compare(value(t, c.got), value(t, c.want))
			require.Equal(t, c.deep, ok)
		})
	}
}

func TestClose(t *testing.T) {
	for _, c := range []struct {
		got, want string
		tol, rel  float64
		equal     bool
	}{
		{`0.33000000000000007`, `0.33`, 1e-6, 0, true},
		{`0.34`, `0.33`, 1e-6, 0, false},
		{`1`, `1`, 0, 0, true},
		{`1`, `1`, -1e-300, 0, false}, // a distance below 0 is wanted
		{`1000000000.5`, `1000000000`, 0, 1e-9, true},
		{`true`, `1`, 0, 0, true},
		{`"1"`, `1`, 1, 1, false},
		{`{"$f":"nan"}`, `{"$f":"nan"}`, 1, 1, false},
		{`{"$f":"inf"}`, `1`, 1, 1, false},
		{`{"$o":"X"}`, `1`, 1e9, 0, false},
		{`[1]`, `[1]`, 1, 0, false},
	} {
		ok, _ := wire.Comparison{Mode: wire.Close, Tol: c.tol, Rel: c.rel}.Compare(value(t, c.got), value(t, c.want))
		require.Equal(t, c.equal, ok, "%s, %s", c.got, c.want)
	}
}

func TestWhy(t *testing.T) {
	for _, c := range []struct {
		mode      wire.Mode
		got, want string
		why       string
	}{
		{wire.JSON, `[1,[2,3]]`, `[1,[2,4]]`, "at [1][1]: got 3, want 4"},
		{wire.JSON, `{"a":{"b":true}}`, `{"a":{"b":1}}`, `at [text "a"][text "b"]: got true, want 1`},
		{wire.JSON, `[1]`, `[1,2]`, "got 1 members, want 2"},
		{wire.JSON, `{"a":1}`, `{"a":1,"b":2,"c":3}`, "2 of 3 keys are missing"},
		{wire.JSON, `{"x":1}`, `{"a":1}`, `got the key text "x", which is not wanted or comes twice`},
		{wire.JSON, `{"$o":"Cheat"}`, `1`, `got an object of class "Cheat", which is no plain data`},
		{wire.JSON, `{"$x":"deep"}`, `1`, `got a value that could not be written ("deep")`},
		{wire.Unordered, `[1,2,3]`, `[1,5,6]`, "2 of 3 members are missing"},
		{wire.Strict, `{"$t":[1]}`, `[1]`, `got a tuple "{\"$t\":[1]}", want a list "[1]"`},
	} {
		_, why := wire.Comparison{Mode: c.mode}.Compare(value(t, c.got), value(t, c.want))
		require.Equal(t, c.why, why)
	}
}
