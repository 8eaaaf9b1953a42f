//go:build linux && (amd64 || arm64)

package wasm_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/internal/cage"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/sandboxtest"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/wasm"
)

const asHelper = "helper-of-this-test"

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == asHelper {
		os.Exit(wasm.Helper(os.Args[2:]))
	}
	exit := cage.Main(m)
	if helperFolder != "" {
		_ = os.RemoveAll(helperFolder)
	}
	os.Exit(exit)
}

// scratch is a folder that other users can pass through, as temporary folders
// of tests cannot be.
func scratch(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "wasm-test-")
	require.NoError(t, err)
	require.NoError(t, os.Chmod(dir, 0o755))
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	return dir
}

// helper returns the command of the helper: this test. The race detector would make
// translating ten times slower, and finds nothing in a process with one user: a
// helper is built without it then.
func helper(t testing.TB) []string {
	t.Helper()
	if raced {
		path := filepath.Join(os.Getenv(cage.ShownVariable), "helper")
		if !cage.Inside() {
			var err error
			path, err = unraced()
			require.NoError(t, err)
		}
		return []string{path, asHelper}
	}
	self, err := os.Executable()
	require.NoError(t, err)
	return []string{self, asHelper}
}

var unraced = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "wasm-helper-")
	if err != nil {
		return "", err
	}
	helperFolder = dir
	if err := os.Chmod(dir, 0o755); err != nil {
		return "", err
	}
	path := filepath.Join(dir, "helper")
	out, err := exec.Command("go", "build", "-o", path, "./testdata/helper").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, out)
	}
	return path, err
})

// withHelper are the options of a cage that shows the helper of helper.
func withHelper(t testing.TB) cage.Options {
	t.Helper()
	if !raced || cage.Inside() {
		return cage.Options{}
	}
	path, err := unraced()
	require.NoError(t, err)
	return cage.Options{Shown: filepath.Dir(path)}
}

// helperFolder is removed when the tests have ended.
var helperFolder string

// open returns an executor.
func open(t testing.TB, o wasm.Options) *wasm.Executor {
	t.Helper()
	o.Helper = helper(t)
	if o.Scratch == "" {
		o.Scratch = scratch(t)
	}
	e, err := wasm.New(context.Background(), o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, e.Close()) })
	return e
}

func need(t testing.TB, e sandbox.Executor, languages ...string) {
	t.Helper()
	for _, name := range languages {
		if e.Report().Toolchains[name] == "" {
			t.Skipf("there is no toolchain for %s that every user can run", name)
		}
	}
}

func language(t testing.TB, name string) *sandbox.Language {
	t.Helper()
	for _, l := range wasm.Languages() {
		if l.Name == name {
			return l
		}
	}
	t.Fatalf("there is no language %s", name)
	return nil
}

// run runs a program and returns its outputs.
func run(t testing.TB, e sandbox.Executor, p sandbox.Program, inputs ...sandbox.Input) (sandbox.Build, []sandbox.Output) {
	t.Helper()
	var outs []sandbox.Output
	build, err := e.Run(context.Background(), p, inputs, func(_ int, out sandbox.Output) bool {
		outs = append(outs, out)
		return true
	})
	require.NoError(t, err)
	return build, outs
}

func stdin(text string) sandbox.Input { return sandbox.Input{Stdin: []byte(text)} }

func call(entry, args string) sandbox.Input {
	return sandbox.Input{Call: fmt.Appendf(nil, `{"id":1,"op":"call","entry":%q,"args":%s,"kwargs":{},"nonce":"n"}`, entry, args)}
}

func TestConformance(t *testing.T) {
	dir := scratch(t)
	e := open(t, wasm.Options{Scratch: dir})
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1)
	languages := wasm.Languages()
	switch {
	case testing.Short():
		languages = languages[:1] // The others take seconds to build.
	case raced:
		// C++ differs from C by its compiler alone, which no race detector watches.
		languages = slices.DeleteFunc(languages, func(l *sandbox.Language) bool { return l.Name == "cpp" })
	}
	sandboxtest.Suite{Executor: e, Languages: languages, Scratch: filepath.Join(dir, entries[0].Name())}.Run(t)
}

// TestUnprivileged runs as a user without privileges: nothing may need root.
func TestUnprivileged(t *testing.T) {
	if !cage.Enter(t, withHelper(t)) {
		return
	}
	require.NotZero(t, os.Getuid())
	e := open(t, wasm.Options{})
	sandboxtest.Run(t, e, language(t, "c"))
}

func TestClosed(t *testing.T) {
	dir := scratch(t)
	e := open(t, wasm.Options{Scratch: dir})
	require.NoError(t, e.Close())
	require.NoError(t, e.Close(), "a second time")
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
	_, err = e.Run(t.Context(), sandbox.Program{Language: language(t, "c")}, nil, nil)
	require.Equal(t, grader.FaultPermanent, grader.FaultOf(err))
}

func TestNewRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		options wasm.Options
		says    string
	}{
		"a language that it does not have": {wasm.Options{Languages: []string{"cobol"}}, `"cobol"`},
		"a layer that is none":             {wasm.Options{Without: []string{"moat"}}, `"moat"`},
		"a scratch folder that is none":    {wasm.Options{Scratch: "/dev/null"}, "/dev/null"},
		"a helper that is none":            {wasm.Options{Helper: []string{"/nowhere/helper"}}, "helper"},
	} {
		t.Run(name, func(t *testing.T) {
			if tt.options.Scratch == "" {
				tt.options.Scratch = scratch(t)
			}
			_, err := wasm.New(t.Context(), tt.options)
			require.ErrorContains(t, err, tt.says)
			require.Equal(t, grader.FaultPermanent, grader.FaultOf(err))
			if tt.options.Scratch != "/dev/null" {
				left, err := os.ReadDir(tt.options.Scratch)
				require.NoError(t, err)
				require.Empty(t, left, "nothing is left of what could not be made")
			}
		})
	}
}

// TestToolchainMissing wants a language without its tools to be named, when the
// executor is made for it and when a program comes.
func TestToolchainMissing(t *testing.T) {
	nowhere := []string{scratch(t)}
	_, err := wasm.New(t.Context(), wasm.Options{Scratch: scratch(t), Path: nowhere, Languages: []string{"c"}, Helper: helper(t)})
	require.ErrorContains(t, err, "clang")
	require.Equal(t, grader.FaultPermanent, grader.FaultOf(err))

	e := open(t, wasm.Options{Path: nowhere})
	require.Empty(t, e.Report().Toolchains)
	for name, says := range map[string]string{"c": "clang", "cpp": "clang++", "go": "go command"} {
		_, err = e.Run(t.Context(), sandbox.Program{Language: language(t, name)}, nil, nil)
		require.ErrorContains(t, err, says)
		require.Equal(t, grader.FaultPermanent, grader.FaultOf(err))
	}
}

// TestClosedScratch wants a folder that the confined cannot reach to be named.
func TestClosedScratch(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root's programs run as another user")
	}
	dir := scratch(t)
	require.NoError(t, os.Chmod(dir, 0o700))
	_, err := wasm.New(t.Context(), wasm.Options{Scratch: dir})
	require.ErrorContains(t, err, dir)
	require.Equal(t, grader.FaultPermanent, grader.FaultOf(err))
}

func TestRunRefuses(t *testing.T) {
	e := open(t, wasm.Options{})
	need(t, e, "c")
	for name, tt := range map[string]struct {
		program sandbox.Program
		says    string
	}{
		"no language":          {sandbox.Program{}, "no language"},
		"a foreign language":   {sandbox.Program{Language: &sandbox.Language{Name: "python"}}, `"python"`},
		"calls without driver": {sandbox.Program{Language: language(t, "c"), Entry: "f"}, "call functions in c"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := e.Run(t.Context(), tt.program, []sandbox.Input{stdin("")}, func(int, sandbox.Output) bool { return true })
			require.ErrorContains(t, err, tt.says)
			require.Equal(t, grader.FaultPermanent, grader.FaultOf(err))
		})
	}
}

func TestReport(t *testing.T) {
	e := open(t, wasm.Options{Without: []string{"landlock"}})
	r := e.Report()
	require.Equal(t, "wasm", r.Executor)
	require.Empty(t, r.Missing([]string{"wasm"}))
	require.Equal(t, []string{"landlock"}, r.Missing([]string{"landlock"}))
}

func TestHelperRefuses(t *testing.T) {
	for _, args := range [][]string{nil, {"wasm"}, {"other", "{}"}, {"wasm", "{"}, {"wasm", "{}", "more"}} {
		require.Equal(t, 2, wasm.Helper(args), "%q", args)
	}
}

// TestScratchFull wants a full disk to be no fault of the program.
func TestScratchFull(t *testing.T) {
	if !cage.Enter(t, withHelper(t)) {
		return
	}
	dir := scratch(t)
	e := open(t, wasm.Options{Scratch: dir})
	need(t, e, "c")
	fill(t, filepath.Join(dir, "filler"))
	p := sandbox.Program{Language: language(t, "c"), Source: "int main(void) { return 0; }\n"}
	_, err := e.Run(t.Context(), p, []sandbox.Input{stdin("")}, func(int, sandbox.Output) bool { return true })
	require.Error(t, err)
	require.Equal(t, grader.FaultTransient, grader.FaultOf(err), "%v", err)

	require.NoError(t, os.Remove(filepath.Join(dir, "filler")))
	build, outs := run(t, e, p, stdin(""))
	require.Empty(t, build.Failure)
	require.Len(t, outs, 1)
}

// fill takes all the room of a file system. It is called in a cage, where /tmp
// is small and nobody else's.
func fill(t *testing.T, path string) {
	t.Helper()
	require.True(t, cage.Inside())
	f, err := os.Create(path)
	require.NoError(t, err)
	defer f.Close()
	for block := make([]byte, 1<<20); len(block) > 0; {
		if _, err := f.Write(block); err != nil {
			block = block[:len(block)/2]
		}
	}
}

// TestNothingLeft wants no goroutine to stay behind, whatever became of the run.
func TestNothingLeft(t *testing.T) {
	e := open(t, wasm.Options{})
	need(t, e, "c")
	p := sandbox.Program{Language: language(t, "c"), Source: "#include <stdio.h>\nint main(void) { int n = 0; scanf(\"%d\", &n); while (n) ; return 0; }\n"}
	p.Limits.Time = 50 * time.Millisecond
	before := runtime.NumGoroutine()
	for range 5 {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		_, _ = e.Run(ctx, p, []sandbox.Input{stdin("0"), stdin("1"), stdin("1")}, func(int, sandbox.Output) bool { return true })
		cancel()
	}
	stacks := make([]byte, 1<<16)
	require.LessOrEqual(t, runtime.NumGoroutine(), before, "%s", stacks[:runtime.Stack(stacks, true)])
}

func ExampleNew() {
	// A program that lists the kind "code" needs no Options.Helper.
	e, err := wasm.New(context.Background(), wasm.Options{Languages: []string{"c"}, Helper: []string{os.Args[0], asHelper}})
	if err != nil {
		fmt.Println("hello from C")
		return // There is no compiler here.
	}
	defer e.Close()
	p := sandbox.Program{
		Language: wasm.Languages()[0],
		Source:   "#include <stdio.h>\n\nint main(void) {\n\tputs(\"hello from C\");\n}\n",
	}
	_, err = e.Run(context.Background(), p, []sandbox.Input{{}}, func(_ int, out sandbox.Output) bool {
		fmt.Println(strings.TrimSpace(string(out.Stdout)))
		return true
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output: hello from C
}
