//go:build amd64 || arm64

package jail

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

//go:embed godriver/doc.go godriver/serve.go godriver/values.go
var goDriverFiles embed.FS

// A goLibrary holds the standard library's archives that programs were linked
// with, in a folder that candidates read.
type goLibrary struct {
	dir      string
	archives map[string]string // by import path
	missing  map[string]bool   // asked for, and not of the standard library
	config   string            // the file that lists the archives
	driver   bool              // the driver is among them
	tools    string            // the folder of compile and link
	n        int
}

// A goBuild is what a program is built with.
type goBuild struct {
	tools   string // the folder of compile and link
	config  string // the file that lists the archives
	unknown string // a package that there is none of
}

// archivesFor makes sure that the packages and what they import are there.
func (j *Jail) archivesFor(ctx context.Context, imports []string, driver bool) (goBuild, error) {
	j.sharing.Lock()
	defer j.sharing.Unlock()
	g := j.goLibrary
	if g.archives == nil {
		if err := j.openLibrary(ctx); err != nil {
			return goBuild{}, err
		}
	}
	if err := j.addArchives(ctx, imports); err != nil {
		return goBuild{}, err
	}
	for _, path := range imports {
		if g.missing[path] {
			return goBuild{unknown: path}, nil
		}
	}
	if driver && !g.driver {
		if err := j.addDriver(ctx); err != nil {
			return goBuild{}, err
		}
	}
	return goBuild{tools: g.tools, config: g.config}, nil
}

func (j *Jail) openLibrary(ctx context.Context) error {
	g := j.goLibrary
	defer j.sealShared()
	dir := filepath.Join(j.cache, "go")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return unavailable("make the folder of Go's archives", err)
	}
	out, err := j.goCommand(ctx, "env", "GOTOOLDIR")
	if err != nil {
		return err
	}
	g.tools, g.dir = strings.TrimSpace(string(out)), dir
	g.archives, g.missing = map[string]string{}, map[string]bool{}
	// Every program is linked with the runtime.
	return j.addArchives(ctx, []string{"runtime"})
}

// goCommand runs the go command as the user that grades: what it makes is of the
// standard library alone.
func (j *Jail) goCommand(ctx context.Context, arguments ...string) ([]byte, error) {
	tool, ok := j.tool("go")
	if !ok {
		return nil, grader.Permanentf("the go command is not there: install it, or put its folder into PATH")
	}
	command := exec.CommandContext(ctx, tool, arguments...)
	command.Dir = j.cache
	// Its compilers end with it, and what it was working on lies where Close removes
	// it. Without a home it leaves no process behind that reports how it is used.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	command.WaitDelay = time.Second
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "TMPDIR=" + j.private, "GOCACHE=" + j.goCache(), "GOTOOLCHAIN=local", "GOFLAGS=", "GOWORK=off", "GOENV=off", "GO111MODULE=off", "CGO_ENABLED=0", "GOPATH=" + j.cache}
	var out, complaint bytes.Buffer
	command.Stdout, command.Stderr = &out, &complaint
	if err := command.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		text := complaint.String()
		return nil, grader.Permanentf("go %s: %w: %s", arguments[0], err, strings.ToValidUTF8(text[:min(len(text), 300)], ""))
	}
	return out.Bytes(), nil
}

// goCache is the build cache of the user who grades, where there is one that can
// be written; it spares the half minute that the standard library takes.
func (j *Jail) goCache() string {
	if dir := os.Getenv("GOCACHE"); filepath.IsAbs(dir) {
		return dir
	}
	if dir, err := os.UserCacheDir(); err == nil {
		dir = filepath.Join(dir, "go-build")
		if _, err := os.Stat(dir); err == nil {
			if probe, err := os.CreateTemp(dir, "probe-"); err == nil {
				probe.Close()
				os.Remove(probe.Name())
				return dir
			}
		}
	}
	return filepath.Join(j.private, "gocache")
}

// addArchives copies archives that are not there yet. A package that is no
// standard one is noted as missing.
func (j *Jail) addArchives(ctx context.Context, imports []string) error {
	g := j.goLibrary
	var ask []string
	for _, path := range imports {
		if g.archives[path] == "" && !g.missing[path] {
			ask = append(ask, path)
		}
	}
	if len(ask) == 0 {
		return nil
	}
	defer j.sealShared()
	out, err := j.goCommand(ctx, append([]string{"list", "-e", "-export", "-deps", "-f", "{{if .Standard}}{{.ImportPath}}\t{{.Export}}{{end}}", "--"}, ask...)...)
	if err != nil {
		return err
	}
	fresh := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || file == "" || g.archives[path] != "" {
			continue
		}
		g.n++
		fresh[path] = filepath.Join(g.dir, strconv.Itoa(g.n)+".a")
		if err := copyFile(file, fresh[path]); err != nil {
			// What there is of them would take the room of programs in other languages.
			for _, made := range fresh {
				_ = removeTree(made)
			}
			return j.noRoom(out, err)
		}
	}
	maps.Copy(g.archives, fresh)
	for _, path := range ask {
		g.missing[path] = g.archives[path] == ""
	}
	return j.writeConfig()
}

func (j *Jail) writeConfig() error {
	g := j.goLibrary
	var b bytes.Buffer
	for path, file := range g.archives {
		fmt.Fprintf(&b, "packagefile %s=%s\n", path, file)
	}
	// A list that a compiler may be reading stays as it is.
	config := filepath.Join(g.dir, "config-"+strconv.Itoa(len(g.archives)))
	if err := os.WriteFile(config, b.Bytes(), 0o644); err != nil {
		return unavailable("write the list of Go's archives", err)
	}
	g.config = config
	return nil
}

// noRoom tells a folder in which the archives of a listing will never be from one that
// is full now.
func (j *Jail) noRoom(listing []byte, err error) error {
	const what = "copy the archives of Go's standard library"
	var fs unix.Statfs_t
	if !errors.Is(err, unix.ENOSPC) || unix.Statfs(j.scratch.root, &fs) != nil {
		return unavailable(what, err)
	}
	var need int64
	for line := range strings.Lines(string(listing)) {
		if _, file, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && file != "" {
			if st, err := os.Stat(file); err == nil {
				need += st.Size()
			}
		}
	}
	if have := int64(fs.Blocks) * int64(fs.Bsize); need > have {
		return grader.Permanentf("%s: they do not fit into the %d MiB that the scratch folder's file system has in all: let TMPDIR name a folder with more room: %w", what, have>>20, cause(err))
	}
	return unavailable(what, err)
}

// copyFile copies the whole file or leaves none.
func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.WriteFile(to, data, 0o644); err != nil {
		_ = os.Remove(to)
		return err
	}
	return nil
}

// addDriver compiles the driver that programs with an entry are linked with.
func (j *Jail) addDriver(ctx context.Context) error {
	defer j.sealShared()
	g := j.goLibrary
	folder, err := j.scratch.folder()
	if err != nil {
		return unavailable("make a scratch folder", err)
	}
	defer folder.remove()
	entries, err := goDriverFiles.ReadDir("godriver")
	if err != nil {
		return grader.Permanentf("read the driver: %w", err)
	}
	var files, imports []string
	for _, e := range entries {
		text, err := goDriverFiles.ReadFile(path.Join("godriver", e.Name()))
		if err != nil {
			return grader.Permanentf("read the driver: %w", err)
		}
		if strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		source, err := readGo(string(text), "", 0)
		if err != nil {
			return grader.Permanentf("read the driver: %w", err)
		}
		imports = append(imports, source.imports...)
		file := filepath.Join(folder.src, e.Name())
		if err := j.scratch.write(file, text); err != nil {
			return unavailable("write the driver", err)
		}
		files = append(files, file)
	}
	slices.Sort(imports)
	if err := j.addArchives(ctx, slices.Compact(imports)); err != nil {
		return err
	}
	archive := filepath.Join(folder.src, "driver.a")
	build := &sandbox.Build{}
	limits := sandbox.DefaultLimits()
	if err := j.compile(ctx, folder, append([]string{filepath.Join(g.tools, "compile"), "-o", archive, "-p", goDriverPath, "-complete", "-importcfg", g.config}, files...), nil, limits, build); err != nil {
		return err
	}
	if build.Failure != "" {
		return grader.Permanentf("the Go driver does not compile with this toolchain (%s): use a newer one", build.Failure)
	}
	to := filepath.Join(g.dir, "driver.a")
	if err := copyFile(archive, to); err != nil {
		return unavailable("keep the driver", err)
	}
	g.archives[goDriverPath] = to
	g.driver = true
	return j.writeConfig()
}

// buildGo compiles and links a program directly; go build would take as long
// again to find out that nothing else has changed.
func (j *Jail) buildGo(ctx context.Context, b *built, p sandbox.Program, limits sandbox.Limits, build *sandbox.Build) error {
	source, err := readGo(p.Source, p.Entry, limits.Output)
	if err != nil {
		build.Failure, build.Log = sandbox.CompileError, []byte(err.Error()+"\n")
		return nil
	}
	with, err := j.archivesFor(ctx, source.imports, source.driver != nil)
	if err != nil {
		return err
	}
	if with.unknown != "" {
		build.Failure, build.Log = sandbox.CompileError, []byte("package "+with.unknown+" is not in the standard library\n")
		return nil
	}
	files := []string{b.source}
	if err := j.scratch.write(b.source, source.text); err != nil {
		return unavailable("write a program", err)
	}
	if source.driver != nil {
		file := filepath.Join(b.folder.src, "rft_driver.go")
		if err := j.scratch.write(file, source.driver); err != nil {
			return unavailable("write a program", err)
		}
		files = append(files, file)
	}
	archive := filepath.Join(b.folder.src, "main.a")
	err = j.compile(ctx, b.folder, append([]string{filepath.Join(with.tools, "compile"), "-o", archive, "-p", "main", "-complete", "-importcfg", with.config}, files...), p.Language.Env, limits, build)
	if err != nil || build.Failure != "" {
		return err
	}
	return j.compile(ctx, b.folder, []string{filepath.Join(with.tools, "link"), "-o", b.binary, "-importcfg", with.config, "-buildmode=exe", "-s", "-w", archive}, p.Language.Env, limits, build)
}
