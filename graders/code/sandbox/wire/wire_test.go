package wire_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox/wire"
)

func value(t testing.TB, text string) wire.Value {
	t.Helper()
	v, err := wire.Read([]byte(text))
	require.NoError(t, err, "%s", text)
	return v
}

// TestReadWrite checks that every form of the package comment is written as it
// is read.
func TestReadWrite(t *testing.T) {
	for _, c := range []struct {
		text string
		kind wire.Kind
	}{
		{`null`, wire.Null}, {`true`, wire.Bool}, {`false`, wire.Bool},
		{`"text"`, wire.Text}, {`"\ud83d"`, wire.Text}, {`"a\u0000\"\\\u007f"`, wire.Text}, {`"é😀"`, wire.Text},
		{`12`, wire.Int}, {`-1`, wire.Int}, {strings.Repeat("9", 5000), wire.Int},
		{`12.0`, wire.Float}, {`1e+300`, wire.Float}, {`5e-324`, wire.Float}, {`-0.0`, wire.Float},
		{`{"$f":"nan"}`, wire.Float}, {`{"$f":"inf"}`, wire.Float}, {`{"$f":"-inf"}`, wire.Float},
		{`[1,[2.5,"x"]]`, wire.List}, {`[]`, wire.List},
		{`{"$t":[1,2]}`, wire.Tuple}, {`{"$s":[1,2]}`, wire.Set}, {`{"$fs":[]}`, wire.FrozenSet},
		{`{"a":1,"b":{"c":[]}}`, wire.Map}, {`{}`, wire.Map}, {`{"$d":[[1,2],["a",3]]}`, wire.Map}, {`{"$d":[["$f",1]]}`, wire.Map},
		{`{"$b":"aGk="}`, wire.Bytes}, {`{"$c":[1.0,-2.5]}`, wire.Complex},
		{`{"$n":"12.50","k":"Decimal"}`, wire.Exact}, {`{"$u":0}`, wire.Undefined},
		{`{"$o":"Stack","h":1}`, wire.Object}, {`{"$o":"Stack"}`, wire.Object}, {`{"$x":"deep"}`, wire.Unwritten},
	} {
		t.Run(c.text[:min(len(c.text), 20)], func(t *testing.T) {
			v := value(t, c.text)
			require.Equal(t, c.kind, v.Kind)
			require.Equal(t, c.text, v.String())
			again, err := wire.ReadData([]byte(" " + c.text + "\n"))
			require.NoError(t, err)
			require.Equal(t, c.text, again.String())
		})
	}
}

func TestReadOtherSpellings(t *testing.T) {
	for text, want := range map[string]string{
		" [ 1 ,\t2 ]\r\n":        `[1,2]`,
		`-0`:                     `0`,
		`1E5`:                    `100000.0`,
		`"\u00e9\ud83d\ude00\/"`: `"é😀/"`,
		`"\ud83d\u0041"`:         `"\ud83dA"`,
		`{"a" : 1.50}`:           `{"a":1.5}`,
	} {
		require.Equal(t, want, value(t, text).String())
	}
}

func TestReadRefuses(t *testing.T) {
	for _, text := range []string{
		``, ` `, `nul`, `nulll`, `[1`, `[1,]`, `[,1]`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{a:1}`, `1 2`, `01`, `1.`, `.5`, `+1`, `1e`, `NaN`, `Infinity`,
		`"`, `"\`, `"\x"`, `"\u12"`, `"\uzzzz"`, "\"\n\"", "\"\x80\"", "\"\\n\xff\"", `1e400`,
		`{"a":1,"a":2}`, `{"$q":1}`, `{"a":1,"$t":[]}`, `{"$t":1}`, `{"$f":"one"}`, `{"$d":[[1]]}`, `{"$b":"*"}`, `{"$c":[1,2]}`, `{"$n":"1"}`, `{"$o":"a","h":0}`,
		strings.Repeat("[", 100_000), strings.Repeat(`{"a":`, 100_000), "[" + strings.Repeat("1,", 1<<20) + "1]",
		"{" + strings.Repeat(`"a":1,`, 20) + `"b":2}`,
	} {
		t.Run(text[:min(len(text), 20)], func(t *testing.T) {
			_, err := wire.Read([]byte(text))
			require.Error(t, err)
		})
	}
}

// TestReadData checks what test data may hold beyond what a driver writes.
func TestReadData(t *testing.T) {
	for text, want := range map[string]string{
		`{"$ref":"#/x"}`:          `{"$d":[["$ref","#/x"]]}`,
		`{"a":1,"$t":[]}`:         `{"$d":[["a",1],["$t",[]]]}`,
		"\"a\x80b\"":              `"a` + "\ufffd" + `b"`,
		`{"$t":[1],"k":2}`:        `{"$d":[["$t",[1]],["k",2]]}`,
		`{"$t":[{"$s":["a"]}]}`:   `{"$t":[{"$s":["a"]}]}`,
		"\"\\n\xff\\ud800\"":      `"\u000a` + "\ufffd" + `"`,
		`[9007199254740993, 2.0]`: `[9007199254740993,2.0]`,
	} {
		v, err := wire.ReadData([]byte(text))
		require.NoError(t, err, "%s", text)
		require.Equal(t, want, v.String())
	}
}

func TestData(t *testing.T) {
	require.True(t, value(t, `[{"a":{"$t":[1]}}]`).Data())
	require.False(t, value(t, `[{"a":{"$t":[{"$o":"X"}]}}]`).Data())
	require.False(t, value(t, `{"$d":[[{"$x":"deep"},1]]}`).Data())
}

func TestCall(t *testing.T) {
	c := wire.Call{
		ID: 7, Entry: "f\n", Nonce: "n1", Echo: true,
		Args:   []wire.Value{wire.OfList(wire.OfInt(2), wire.OfFloat(7)), wire.OfText("x\ny"), wire.OfBool(true)},
		Kwargs: []wire.Value{wire.OfText("k"), wire.OfFloat(math.Inf(-1)), wire.OfText("l"), {}},
	}
	require.Equal(t, `{"id":7,"op":"call","entry":"f\u000a","args":[[2,7.0],"x\u000ay",true],"kwargs":{"k":{"$f":"-inf"},"l":null},"echo":true,"nonce":"n1"}`, string(c.Append(nil)))
	require.Equal(t, `{"id":0,"op":"call","entry":"","args":[],"kwargs":{},"nonce":""}`, string(wire.Call{}.Append(nil)))
}

func TestReadReply(t *testing.T) {
	r, err := wire.ReadReply([]byte(`{"id":1,"nonce":"n","value":[0,1]}`), 1, "n")
	require.NoError(t, err)
	require.Equal(t, `[0,1]`, r.Value.String())
	require.Nil(t, r.Exception)

	r, err = wire.ReadReply([]byte(`{"id":1,"nonce":"n","value":null,"args":[[1]]}`), 1, "n")
	require.NoError(t, err)
	require.Equal(t, wire.Null, r.Value.Kind)
	require.Len(t, r.Args, 1)

	r, err = wire.ReadReply([]byte(`{"id":1,"nonce":"n","error":{"type":"ValueError","bases":["ValueError","Exception"],"message":"no"}}`), 1, "n")
	require.NoError(t, err)
	require.Equal(t, &wire.Exception{Type: "ValueError", Bases: []string{"ValueError", "Exception"}, Message: "no"}, r.Exception)

	for _, c := range []struct {
		name, line string
		none       bool
	}{
		{"another nonce", `{"id":1,"nonce":"m","value":1}`, true},
		{"no nonce", `{"id":1,"value":1}`, true},
		{"another id", `{"id":2,"nonce":"n","value":1}`, true},
		{"an id that is no integer", `{"id":1.0,"nonce":"n","value":1}`, true},
		{"a nonce that is no text", `{"id":1,"nonce":["n"],"value":1}`, true},
		{"neither value nor error", `{"id":1,"nonce":"n"}`, false},
		{"value and error", `{"id":1,"nonce":"n","value":1,"error":{"type":"E"}}`, false},
		{"two values", `{"id":1,"nonce":"n","value":1,"value":2}`, false},
		{"another member", `{"id":1,"nonce":"n","value":1,"passed":true}`, false},
		{"an error without a type", `{"id":1,"nonce":"n","error":{}}`, false},
		{"an error that is text", `{"id":1,"nonce":"n","error":"E"}`, false},
		{"arguments that are no list", `{"id":1,"nonce":"n","value":1,"args":2}`, false},
		{"text behind it", `{"id":1,"nonce":"n","value":1} {}`, false},
		{"a list", `[1]`, false},
		{"nothing", ``, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := wire.ReadReply([]byte(c.line), 1, "n")
			require.Error(t, err)
			require.Equal(t, c.none, err == wire.ErrNoReply, "%v", err)
		})
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{`[1,2.5,"x",{"a":null}]`, `{"$t":[{"$s":[1]},{"$f":"nan"}]}`, `"\ud83d\ude00\ud800"`, `{"$d":[[1,2]]}`, `{"$n":"1/3","k":"Fraction"}`,
		`{"id":1,"nonce":"n","value":{"$c":[1.0,0.0]}}`, `{"$o":"X","h":3}`, `{"a":1,"$t":2}`, `1e308`, `-0`, "\"\xed\xa0\x80\""} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if v, err := wire.Read(b); err == nil {
			again, err := wire.Read(v.Append(nil))
			require.NoError(t, err)
			require.Equal(t, v.String(), again.String())
			for _, m := range []wire.Mode{wire.JSON, wire.Near, wire.Strict, wire.Unordered, wire.Python, wire.Close} {
				equal, why := wire.Comparison{Mode: m, Tol: 1e-9, Deep: true}.Compare(v, again)
				require.Equal(t, equal, why == "", "%s", m)
				if _, ok := v.Key(m); ok && m != wire.Close {
					require.True(t, equal, "%s: %s: %s", m, v, why)
				}
			}
		}
		if v, err := wire.ReadData(b); err == nil {
			again, err := wire.ReadData(v.Append(nil))
			require.NoError(t, err)
			require.Equal(t, v.String(), again.String())
		}
		_, _ = wire.ReadReply(b, 1, "n")
	})
}

func ExampleComparison() {
	got, _ := wire.Read([]byte(`{"$t":[1,2.0,"b"]}`))
	want, _ := wire.ReadData([]byte(`[1, 2, "a"]`))
	fmt.Println(wire.Comparison{Mode: wire.JSON}.Compare(got, want))
	fmt.Println(wire.Comparison{Mode: wire.JSON}.Compare(got, got))
	// Output:
	// false at [2]: got text "b", want text "a"
	// true
}

func BenchmarkReply(b *testing.B) {
	line := []byte(`{"id":1,"nonce":"0123456789abcdef","value":[0,1]}`)
	want := value(b, `[0,1]`)
	for b.Loop() {
		r, err := wire.ReadReply(line, 1, "0123456789abcdef")
		if err != nil {
			b.Fatal(err)
		}
		if ok, _ := (wire.Comparison{Mode: wire.JSON}).Compare(r.Value, want); !ok {
			b.Fatal("differs")
		}
	}
}

func BenchmarkHostile(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"1 MB of lists", strings.Repeat("[", 500) + strings.Repeat("[],", 1<<20/3) + "1" + strings.Repeat("]", 500)},
		{"1 MB of digits", strings.Repeat("9", 1<<20)},
		{"1 MB of floats", "[" + strings.Repeat("1e308,", 1<<20/6) + "1]"},
		{"1 MB of keys", `{"$d":[` + strings.Repeat(`[1,2],`, 1<<20/6) + `[1,2]]}`},
		{"1 MB of nested sets", strings.Repeat(`{"$s":[`, 280) + strings.Repeat("1,", 1<<18) + "2" + strings.Repeat(`]}`, 280)},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				v := value(b, c.text)
				for _, m := range []wire.Mode{wire.JSON, wire.Near, wire.Unordered} {
					wire.Comparison{Mode: m, Tol: 1e-9, Deep: true}.Compare(v, v)
				}
			}
		})
	}
}
