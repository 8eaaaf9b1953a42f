package godriver_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail/godriver"
)

type point struct{ X, Y int }

func program() godriver.Program {
	return godriver.Program{
		Functions: godriver.Functions{
			"add":   func(a, b int) int { return a + b },
			"all":   func(a any, s []string, m map[string]point, x ...float64) []any { return []any{a, s, m, x} },
			"panic": func() { panic("no") },
		},
		Types:  godriver.Types{"point": reflect.TypeFor[point]()},
		Values: godriver.Values{"limit": new(int)},
	}
}

func answer(entry string, lines ...string) string {
	var out bytes.Buffer
	godriver.Serve(program(), godriver.Options{In: bytes.NewBufferString(strings.Join(lines, "\n") + "\n"), Out: &out, Entry: entry, Limit: 1 << 10})
	return out.String()
}

func TestServe(t *testing.T) {
	tests := []struct{ name, entry, line, want string }{
		{"a call", "add", `{"id":1,"nonce":"n","args":[1,2]}`, `{"id":1,"nonce":"n","value":3}`},
		{"a whole number with a point", "add", `{"id":1,"nonce":"n","args":[1.0,2e0]}`, `{"id":1,"nonce":"n","value":3}`},
		{"anything", "all", `{"id":1,"nonce":"n","args":[[1,{"a":1.5}],["x"],{"k":{"x":1}},2]}`, `{"id":1,"nonce":"n","value":[[1,{"a":1.5}],["x"],{"k":{"X":1,"Y":0}},[2.0]]}`},
		{"set and get", "*", `{"id":1,"nonce":"n","op":"set","entry":"limit","args":[4]}` + "\n" + `{"id":2,"nonce":"n","op":"get","entry":"limit"}`, `{"id":1,"nonce":"n","value":null}` + "\n" + `{"id":2,"nonce":"n","value":4}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { require.Equal(t, tt.want+"\n", answer(tt.entry, tt.line)) })
	}
	for _, line := range []string{
		`{"id":1,"args":[1]}`, `{"id":1,"args":[1,2.5]}`, `{"id":1,"args":["x",2]}`, `{"id":1,"args":[99999999999999999999,2]}`, `{"id":1,"args":[null,2]}`,
		`{"id":1,"entry":"panic","args":[]}`, `{"id":1,"op":"names"}`, `{"id":1,"entry":"none"}`, `[]`, `{`,
	} {
		t.Run("refuses "+line, func(t *testing.T) {
			var reply struct{ Error struct{ Type string } }
			require.NoError(t, json.Unmarshal([]byte(answer("add", line)), &reply))
			require.NotEmpty(t, reply.Error.Type)
		})
	}
	require.Contains(t, answer("all", `{"id":1,"args":["`+strings.Repeat("x", 2000)+`",[],{}]}`), `{"$x":"long"}`)
}

func FuzzServe(f *testing.F) {
	f.Add(`{"id":1,"nonce":"n","args":[1,2]}`)
	f.Add(`{"id":1,"op":"new","entry":"point","args":[{"$t":[1,{"$d":[[1,2]]}]}]}`)
	f.Add(`{"id":1,"entry":"all","args":[{"$o":"point","h":1},{"$s":["a"]},{"k":{"$u":0}},{"$f":"nan"}]}`)
	f.Fuzz(func(t *testing.T, line string) {
		for reply := range strings.Lines(answer("*", strings.ReplaceAll(line, "\n", " "))) {
			require.True(t, json.Valid([]byte(reply)), "%q to %q", reply, line)
		}
	})
}
