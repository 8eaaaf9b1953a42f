//go:build linux && (amd64 || arm64)

package wasm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// A golang makes modules of Go: it compiles and links them directly, with the
// archives of the standard library from the build cache of the user who runs
// the executor.
type golang struct {
	*Executor
	path             string // of the go command
	compiler, linker string // programs of its own

	lock     lock
	archives map[string]string   // where the confined can read them, by import path; empty: there is none
	needs    map[string][]string // what a package imports, and what that imports
}

// goCommand runs the go command, which is trusted, on nothing of a program's
// but the names of packages. Without modules it asks nobody else.
func (e *Executor) goCommand(ctx context.Context, path string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = e.scratch
	// Without HOME it keeps no counters, which a process of its own would write after its end.
	cmd.Env = append(wasip1(), "PATH="+os.Getenv("PATH"), "TMPDIR="+e.scratch, "GOCACHE="+e.buildCache(),
		"GOPATH="+os.DevNull, "GOENV=off", "GOTOOLCHAIN=local", "GO111MODULE=off", "GOWORK=off", "CGO_ENABLED=0")
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = fmt.Errorf("go %s: %w: %s", args[0], err, firstLine(exit.Stderr))
	}
	return out, err
}

// buildCache is the user's, which spares the half minute that the standard
// library takes, or one of the executor's own where the user has none.
func (e *Executor) buildCache() string {
	if dir := os.Getenv("GOCACHE"); filepath.IsAbs(dir) {
		return dir
	}
	if dir, err := os.UserCacheDir(); err == nil {
		dir = filepath.Join(dir, "go-build")
		if st, err := os.Stat(dir); err == nil && st.IsDir() {
			return dir
		}
	}
	return filepath.Join(e.scratch, "gocache")
}

// goTools asks the go command where its compiler and linker are.
func (e *Executor) goTools(ctx context.Context) (path, dir string) {
	for _, path := range e.find("go") {
		if out, err := e.goCommand(ctx, path, "env", "GOTOOLDIR"); err == nil {
			return path, firstLine(out)
		}
	}
	return "", ""
}

func (e *Executor) findGo(ctx context.Context) *toolchain {
	path, dir := e.goTools(ctx)
	if path == "" {
		return absent("go", grader.Permanentf("wasm needs the go command for Go: put it into PATH"))
	}
	g := &golang{
		Executor: e, path: path, compiler: filepath.Join(dir, "compile"), linker: filepath.Join(dir, "link"),
		lock: newLock(), archives: map[string]string{}, needs: map[string][]string{},
	}
	work, err := e.folder()
	if err != nil {
		return absent("go", err)
	}
	defer os.RemoveAll(work)
	end, err := e.run(ctx, tool{args: []string{g.compiler, "-V"}, dir: work, time: prepareTime})
	if err == nil && end.failure != "" {
		err = grader.Permanentf("wasm needs the Go compiler %s, and a confined user cannot run it: install Go below /usr", g.compiler)
	}
	if err != nil {
		return absent("go", err)
	}
	version := strings.TrimPrefix(firstLine(end.log), "compile version ")
	return &toolchain{name: "go", version: version + " for wasip1/wasm", calls: true, prepare: g.prepare, compile: g.compile}
}

// usual are the packages that most programs import, so that the go command is
// asked once for all of them.
var usual = [...]string{
	"runtime", "bufio", "bytes", "cmp", "container/heap", "container/list", "container/ring", "context", "errors", "fmt", "io", "iter", "maps",
	"math", "math/big", "math/bits", "math/cmplx", "math/rand", "os", "regexp", "slices", "sort", "strconv", "strings", "sync", "time", "unicode", "unicode/utf8",
}

// prepare has the go command compile what most programs need of the standard
// library, or find it in the build cache.
func (g *golang) prepare(ctx context.Context) error {
	if err := os.MkdirAll(g.library(), 0o755); err != nil {
		return fileError(err)
	}
	if _, err := g.importConfig(ctx, usual[:]); err != nil {
		return err
	}
	return g.buildDriver(ctx)
}

// library is the folder of the standard library's archives.
func (e *Executor) library() string { return filepath.Join(e.shared(), "std") }

// importConfig writes which archive stands for which import: all that the
// imports need. What is not in the standard library is left for the compiler to
// name.
func (g *golang) importConfig(ctx context.Context, imports []string) ([]byte, error) {
	if err := g.lock.take(ctx); err != nil {
		return nil, err
	}
	defer g.lock.give()
	imports = append([]string{"runtime"}, imports...)
	if err := g.list(ctx, imports); err != nil {
		return nil, err
	}
	need := map[string]bool{}
	for _, path := range imports {
		need[path] = true
		for _, deep := range g.needs[path] {
			need[deep] = true
		}
	}
	var config bytes.Buffer
	for _, path := range slices.Sorted(maps.Keys(need)) {
		if file := g.archives[path]; file != "" {
			fmt.Fprintf(&config, "packagefile %s=%s\n", path, file)
		}
	}
	return config.Bytes(), nil
}

// list asks for the packages that are not known yet.
func (g *golang) list(ctx context.Context, imports []string) error {
	var ask []string
	for _, path := range imports {
		if _, known := g.archives[path]; !known && path != "unsafe" && standard(path) {
			ask = append(ask, path)
		}
	}
	if len(ask) == 0 {
		return nil
	}
	const format = "{{if .Standard}}{{.ImportPath}}\t{{.Export}}\t{{join .Deps \" \"}}{{end}}"
	out, err := g.goCommand(ctx, g.path, append([]string{"list", "-e", "-export", "-deps", "-f", format, "--"}, ask...)...)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return grader.Permanentf("wasm cannot get Go's standard library for wasip1: give the go command a build cache (GOCACHE) that it can write, or that holds it: %w", err)
	}
	for line := range strings.Lines(string(out)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(fields) != 3 || fields[1] == "" || g.archives[fields[0]] != "" {
			continue
		}
		file, err := g.lay(fields[0], fields[1])
		if err != nil {
			return err
		}
		g.archives[fields[0]], g.needs[fields[0]] = file, strings.Fields(fields[2])
	}
	for _, path := range ask {
		if _, there := g.archives[path]; !there {
			g.archives[path] = "" // It is not asked for again.
		}
	}
	return nil
}

// lay puts an archive where the confined can read it: the build cache may be
// closed to them.
func (g *golang) lay(path, from string) (string, error) {
	to := filepath.Join(g.library(), strings.ReplaceAll(path, "/", "-")+".a")
	if os.Link(from, to) == nil {
		if st, err := os.Stat(to); err == nil && st.Mode()&0o044 == 0o044 {
			return to, nil
		}
		_ = os.Remove(to)
	}
	if err := copyFile(from, to, 0o644); err != nil {
		return "", fileError(fmt.Errorf("make the archive of %s readable: %w", path, err))
	}
	return to, nil
}

// standard reports whether a path may be one of the standard library's: those
// are plain names without dots, and nobody else may import their internals.
// Nor may a program import the driver.
func standard(path string) bool {
	for i, element := range strings.Split(path, "/") {
		if element == "" || element == "internal" || element == "vendor" || i == 0 && (element == "cmd" || element == "rft") || strings.Trim(element, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return false
		}
	}
	return true
}

// importsOf returns what the sources import. What cannot be parsed imports
// nothing: the compiler will say so.
func importsOf(sources ...string) []string {
	var imports []string
	for _, source := range sources {
		file, err := parser.ParseFile(token.NewFileSet(), goFile, source, parser.ImportsOnly)
		if err != nil {
			continue
		}
		for _, spec := range file.Imports {
			if path, err := strconv.Unquote(spec.Path.Value); err == nil {
				imports = append(imports, path)
			}
		}
	}
	return imports
}

// compile compiles the program, with a main of ours where functions are called,
// and links it.
func (g *golang) compile(ctx context.Context, dir string, p sandbox.Program) (toolEnd, error) {
	for _, path := range importsOf(p.Source) {
		if path != "unsafe" && !standard(path) {
			return toolEnd{failure: sandbox.CompileError, log: fmt.Appendf(nil, "package %q is not in the standard library\n", path)}, nil
		}
	}
	sources := map[string]string{goFile: p.Source}
	if p.Entry != "" {
		var err error
		if sources, err = callable(p.Source, p.Entry, p.Limits.Output); err != nil {
			return toolEnd{failure: sandbox.CompileError, log: []byte(err.Error() + "\n")}, nil
		}
	}
	end, err := g.object(ctx, dir, "main", "main.a", sources, p.Limits.Compile)
	if err != nil || end.failure != "" {
		return end, err
	}
	linked, err := g.run(ctx, tool{
		args: []string{g.linker, "-importcfg", importsName, "-s", "-w", "-o", moduleName, "main.a"},
		env:  wasip1(), dir: dir, time: max(p.Limits.Compile-end.usage.CPU, 0),
	})
	linked.log = append(end.log, linked.log...)
	linked.usage.CPU += end.usage.CPU
	linked.usage.Wall += end.usage.Wall
	linked.usage.Memory = max(linked.usage.Memory, end.usage.Memory)
	return linked, err
}

const importsName = "imports"

func wasip1() []string { return []string{"GOOS=wasip1", "GOARCH=wasm"} }

// object compiles the sources of one package in a folder.
func (g *golang) object(ctx context.Context, dir, path, to string, sources map[string]string, limit time.Duration) (toolEnd, error) {
	config, err := g.importConfig(ctx, importsOf(slices.Collect(maps.Values(sources))...))
	if err != nil {
		return toolEnd{}, err
	}
	if err := g.write(filepath.Join(dir, importsName), config); err != nil {
		return toolEnd{}, err
	}
	args := []string{g.compiler, "-p", path, "-complete", "-importcfg", importsName, "-o", to, "-pack", "-trimpath", dir}
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		if err := g.write(filepath.Join(dir, name), []byte(sources[name])); err != nil {
			return toolEnd{}, err
		}
		args = append(args, name)
	}
	return g.run(ctx, tool{args: args, env: wasip1(), dir: dir, time: limit})
}

// goFolders are what the tools need to execute beyond the system's folders.
func (e *Executor) goFolders(ctx context.Context) []string {
	if _, dir := e.goTools(ctx); dir != "" {
		return []string{dir}
	}
	return nil
}
