package workbench_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench"
)

func TestValueAt(t *testing.T) {
	const line = `{"a": [10, {"b/c": "x", "": 1}], "m~n": null, "a b": {}, "n": 5}`
	for _, tc := range []struct {
		pointer, want string
	}{
		{"", line}, {"/a/0", "10"}, {"/a/1/b~1c", `"x"`}, {"/a/1/", "1"}, {"/m~0n", "null"}, {"/a b", "{}"},
		{"/a/2", ""}, {"/a/x", ""}, {"/b", ""}, {"/n/0", ""}, {"/a/0/0", ""}, {"/a/-", ""},
	} {
		t.Run(tc.pointer, func(t *testing.T) {
			v, ok := workbench.ValueAt([]byte(line), tc.pointer)
			require.Equal(t, tc.want != "", ok)
			require.Equal(t, tc.want, string(v))
		})
	}
}

// FuzzValueAt looks for a line or a pointer that it chokes on, and for what is no
// JSON value.
func FuzzValueAt(f *testing.F) {
	f.Add([]byte(`{"a":[1,{"b":2}]}`), "/a/1/b")
	f.Add([]byte(`[]`), "/0/~0~1")
	f.Add([]byte(`{"a":1,"a":2}`), "/a")
	f.Fuzz(func(t *testing.T, line []byte, pointer string) {
		if !json.Valid(line) {
			return // lines are checked first
		}
		if v, ok := workbench.ValueAt(line, pointer); ok {
			require.True(t, json.Valid(v), "%q", v)
		}
	})
}
