package wasm_test

import (
	"bytes"
	"go/parser"
	"go/token"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/wasm"
)

func TestReplies(t *testing.T) {
	for name, r := range map[string]wasm.Reply{
		"empty":   {Stdout: []byte{}, Stderr: []byte{}},
		"full":    {Failure: sandbox.RuntimeError, Exit: 3, Usage: sandbox.Usage{CPU: time.Second, Wall: 2 * time.Second, Memory: 1 << 33}, Stdout: []byte("a\x00b"), Stderr: []byte("c")},
		"compile": {Failure: sandbox.CompileError, Stdout: []byte{}, Stderr: []byte("why")},
		"output":  {Failure: sandbox.OutputLimit, Exit: 134, Stdout: []byte("xxxx"), Stderr: []byte{}},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			require.NoError(t, wasm.WriteReply(&b, r))
			got, err := wasm.ReadReply(b.Bytes(), 4)
			require.NoError(t, err)
			require.Equal(t, r, got)
			for n := range b.Len() {
				_, err := wasm.ReadReply(b.Bytes()[:n], 4)
				require.Error(t, err, "cut after %d bytes", n)
			}
		})
	}
}

func TestRefusesReplies(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, wasm.WriteReply(&b, wasm.Reply{Stdout: make([]byte, 100)}))
	_, err := wasm.ReadReply(b.Bytes(), 99)
	require.Error(t, err, "a text longer than the limit")

	b.Bytes()[0] = 200
	_, err = wasm.ReadReply(b.Bytes(), 100)
	require.Error(t, err, "no such failure")
}

func FuzzReadReply(f *testing.F) {
	var b bytes.Buffer
	require.NoError(f, wasm.WriteReply(&b, wasm.Reply{Failure: sandbox.MemoryLimit, Exit: 1, Stdout: []byte("out"), Stderr: []byte("err")}))
	f.Add(b.Bytes())
	f.Add(bytes.Repeat([]byte{0xff}, 64))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := wasm.ReadReply(text, 1000)
		if err == nil && (len(r.Stdout) > 1000 || len(r.Stderr) > 1000 || r.Usage.CPU < 0 || r.Usage.Memory < 0) {
			t.Errorf("an impossible reply: %+v", r)
		}
	})
}

func FuzzCallable(f *testing.F) {
	f.Add("package main\n\nfunc f(x int) int { return x }\n\nfunc main() {}\n", "f")
	f.Add("package p; import . \"fmt\"; type Solution struct{}; func (Solution) F() { Println() }", "Solution.F")
	f.Add("//line x.go:5000\npackage main\nfunc main() { main() }\ntype T[P any] struct{}\nfunc g[P any]() {}", "g")
	f.Fuzz(func(t *testing.T, source, entry string) {
		files, err := wasm.Callable(source, entry)
		if err != nil {
			return
		}
		for _, name := range []string{wasm.GoFile, wasm.GoMainFile} {
			file, err := parser.ParseFile(token.NewFileSet(), name, files[name], parser.SkipObjectResolution)
			require.NoError(t, err, "%s", files[name])
			require.Equal(t, "main", file.Name.Name)
		}
	})
}
