//go:build amd64 || arm64

package jail

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// A built is a program that can be started.
type built struct {
	language *sandbox.Language
	own      *sandbox.Language // the built-in language that it is, or nil
	folder   *folder
	source   string
	binary   string
	entry    string
	limits   sandbox.Limits
	text     string   // Python: the text, which is written when a file is needed
	filed    bool     // the text was written to source
	seal     seal     // of src, when it was built
	changed  bool     // a run has changed src
	class    string   // Java: the type with main
	classes  []string // Java: all types

	many    bool    // it is run so often that a server is quicker
	serve   bool    // it may be run by a server
	server  *server // which there is now, or nil
	servers int     // how many have ended for the files that the program left
	buffer  []byte  // of the server
}

// build writes a program into a folder of its own and compiles it, to be run so many
// times as far as that is known. The caller removes the folder, which is nil with an error.
func (j *Jail) build(ctx context.Context, p sandbox.Program, runs int) (*built, sandbox.Build, error) {
	var build sandbox.Build
	l := p.Language
	if l == nil {
		return nil, build, grader.Permanentf("run a program: its language is not said")
	}
	if _, err := j.toolchain(ctx, l); err != nil {
		return nil, build, err
	}
	if err := j.mend(ctx, l); err != nil {
		return nil, build, unavailable("look after the sandbox", err)
	}
	folder, err := j.scratch.folder()
	if err != nil {
		return nil, build, unavailable("make a scratch folder", err)
	}
	file := l.File
	if file == "" || file != filepath.Base(file) {
		file = "main.txt"
	}
	own := builtinOf(j.builtins, l)
	b := &built{
		language: l, own: own, folder: folder, entry: p.Entry, limits: allowedFor(own, p.Limits.Or(j.limits)),
		source: filepath.Join(folder.src, file), binary: filepath.Join(folder.src, "program"),
	}
	if b.entry != "" && l.Driver == "" {
		_ = folder.remove()
		return nil, build, grader.Permanentf("language %s has no driver that calls functions: test it by standard input", l.Name)
	}
	b.many = runs >= leastServed && b.entry == ""
	err = j.buildIn(ctx, b, p, &build)
	if err == nil {
		err = folder.clean()
	}
	if err == nil && build.Failure == "" && (b.filed || b.text == "") {
		b.seal = sealOf(folder.src)
	}
	if err != nil {
		_ = folder.remove()
		return nil, build, unavailableUnlessTyped("build a program", err)
	}
	return b, build, nil
}

// unavailableUnlessTyped leaves errors alone that already say whose fault they are.
func unavailableUnlessTyped(what string, err error) error {
	if f := grader.FaultOf(err); f == grader.FaultTransient || f == grader.FaultDeadline {
		return err
	}
	if _, ok := err.(*grader.PermanentError); ok {
		return err
	}
	return unavailable(what, err)
}

func (j *Jail) buildIn(ctx context.Context, b *built, p sandbox.Program, build *sandbox.Build) error {
	text := p.Source
	switch {
	case b.language.Driver == DriverGo && (b.own != nil || b.entry != ""):
		return j.buildGo(ctx, b, p, b.limits, build)
	case b.language.Driver == DriverJava:
		text = b.prepareJava(text)
	case b.language.Driver == DriverJavaScript && mayBeModule(text):
		if err := j.writeModules(b, text); err != nil {
			return err
		}
	}
	if b.own != nil && b.own.Driver == DriverPython {
		b.text = text
		j.prepareZygotes()
		if j.zygotes.possible() {
			return nil
		}
		b.filed = true
	}
	if err := j.scratch.write(b.source, []byte(text)); err != nil {
		return err
	}
	command := b.language.Compile
	if len(command) == 0 {
		return nil
	}
	if b.own != nil && b.own.Name == "cpp" && strings.Contains(text, "bits/stdc++.h") {
		if dir := j.precompiledHeader(ctx); dir != "" {
			command = slices.Insert(slices.Clone(command), 1, "-I"+dir)
		}
	}
	if err := j.compileServed(ctx, b, text, b.expand(command), build); err != nil || build.Failure != "" {
		return err
	}
	if b.language.Driver == DriverJava {
		b.findClasses()
		if len(b.classes) == 0 {
			build.Failure = sandbox.CompileError
		}
	}
	if run := b.language.Run; len(run) > 0 && run[0] == "{binary}" && !executable(b.binary) {
		// A text can ask its compiler for a library.
		build.Failure = sandbox.CompileError
	}
	return nil
}

// executable reports whether a compiler made a program.
func executable(path string) bool {
	st, err := os.Lstat(path)
	return err == nil && st.Mode().IsRegular() && st.Mode()&0o100 != 0
}

// expand fills in the places of a command.
func (b *built) expand(command []string) []string {
	r := strings.NewReplacer(
		"{source}", b.source, "{binary}", b.binary, "{dir}", b.folder.src, "{class}", b.class,
		"{memory}", strconv.FormatInt(max(b.limits.Memory/mebibyte, 1), 10))
	expanded := make([]string, len(command))
	for i, a := range command {
		expanded[i] = r.Replace(a)
	}
	return expanded
}

// compile runs a compiler in a program's folder and adds what came of it to
// the build.
func (j *Jail) compile(ctx context.Context, f *folder, command, env []string, limits sandbox.Limits, build *sandbox.Build) error {
	_, err := j.compileStatus(ctx, f, command, env, limits, build)
	return err
}

// compileStatus is compile, and returns the exit status.
func (j *Jail) compileStatus(ctx context.Context, f *folder, command, env []string, limits sandbox.Limits, build *sandbox.Build) (exit int, err error) {
	path, err := j.resolve(command[0])
	if err != nil {
		return 0, err
	}
	out, err := j.execute(ctx, &execution{
		path: path, args: command, dir: f.src, reach: reach{write: []string{f.src, f.run}}, watchDir: f.path,
		env: j.environment(env, f.run),
		limits: sandbox.Limits{
			Time: limits.Or(j.limits).Compile, Memory: max(compileMemory, limits.Memory), Output: mebibyte,
			Disk: compileDisk, Processes: compileProcesses,
		},
	})
	build.Usage.CPU += out.Usage.CPU
	build.Usage.Wall += out.Usage.Wall
	build.Usage.Memory = max(build.Usage.Memory, out.Usage.Memory)
	if err != nil {
		return 0, err
	}
	build.Log = append(append(build.Log, out.Stdout...), out.Stderr...)
	build.Log = build.Log[:min(len(build.Log), stderrKept)]
	build.Failure = out.Failure
	if out.Failure == sandbox.RuntimeError {
		build.Failure = sandbox.CompileError
	}
	return out.Exit, nil
}

// resolve returns the file of a command's first word.
func (j *Jail) resolve(name string) (string, error) {
	if filepath.IsAbs(name) {
		return name, nil
	}
	if path, ok := j.tool(name); ok {
		return path, nil
	}
	if _, err := j.findTool(context.Background(), name, []string{"--version"}); err != nil {
		return "", grader.Permanentf("%w", err)
	}
	path, _ := j.tool(name)
	return path, nil
}

// prepareJava names the file after the public type, and gives functions the
// imports that judges give them.
func (b *built) prepareJava(text string) string {
	if b.entry != "" {
		text = framedJava(text)
	}
	o := outlineJava(text)
	if plainJavaName(o.public) {
		b.source = filepath.Join(b.folder.src, o.public+".java")
	}
	b.class = o.className(o.main)
	if b.class == "" {
		b.class = "Main"
	}
	if b.entry != "" && o.pkg == "" {
		text = "import java.util.*; import java.util.function.*; import java.util.stream.*; import java.math.*; " + text
	}
	return text
}

// maxClasses bounds the types of a Java program that a driver looks through.
const maxClasses = 200

// findClasses lists the types that were compiled, by their files.
func (b *built) findClasses() {
	_ = filepath.WalkDir(b.folder.src, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || len(b.classes) >= maxClasses {
			return nil
		}
		name, ok := strings.CutSuffix(path, ".class")
		if ok && !strings.Contains(d.Name(), "$") {
			rel, err := filepath.Rel(b.folder.src, name)
			if err == nil {
				b.classes = append(b.classes, strings.ReplaceAll(rel, "/", "."))
			}
		}
		return nil
	})
}

// mayBeModule says whether a JavaScript text could be an ECMAScript module.
func mayBeModule(text string) bool {
	return strings.Contains(text, "import") || strings.Contains(text, "export") || strings.Contains(text, "await")
}

// writeModules writes the text under names that make Node take it as a module,
// once with a way to what it declares and does not export.
func (j *Jail) writeModules(b *built, text string) error {
	base := strings.TrimSuffix(b.source, "js")
	if err := j.scratch.write(base+"mjs", []byte(text)); err != nil {
		return err
	}
	return j.scratch.write(base+"call.mjs", []byte(text+"\n;export const __rft_lookup = (n) => eval(n);\n"))
}

// precompiledHeader returns the folder that holds bits/stdc++.h compiled, or
// nothing where that fails. It is made once; compiling it takes a second, and
// every program that includes it is spared that.
func (j *Jail) precompiledHeader(ctx context.Context) string {
	j.sharing.Lock()
	defer j.sharing.Unlock()
	if j.headerDone {
		return j.header
	}
	defer j.sealShared()
	dir := filepath.Join(j.cache, "cpp", "bits")
	if os.MkdirAll(dir, 0o755) != nil {
		return ""
	}
	folder, err := j.scratch.folder()
	if err != nil {
		return ""
	}
	defer folder.remove()
	source, made := filepath.Join(folder.src, "stdc++.h"), filepath.Join(folder.src, "stdc++.h.gch")
	if j.scratch.write(source, []byte("#include <bits/stdc++.h>\n")) != nil {
		return ""
	}
	var build sandbox.Build
	cpp := Find(Languages(), "cpp")
	command := []string{cpp.Compile[0], "-O2", "-pipe", "-std=gnu++20", "-w", "-DONLINE_JUDGE", "-x", "c++-header", source, "-o", made, "-pthread"}
	err = j.compile(ctx, folder, command, cpp.Env, sandbox.DefaultLimits(), &build)
	if ctx.Err() != nil {
		return ""
	}
	j.headerDone = true
	if err == nil && build.Failure == "" && copyFile(made, filepath.Join(dir, "stdc++.h.gch")) == nil {
		j.header = filepath.Join(j.cache, "cpp")
	}
	return j.header
}

// javaDriver returns the folder of the compiled Java driver, made once.
func (j *Jail) javaDriver(ctx context.Context, l *sandbox.Language) (string, error) {
	j.sharing.Lock()
	defer j.sharing.Unlock()
	if j.java != "" {
		return j.java, nil
	}
	defer j.sealShared()
	folder, err := j.scratch.folder()
	if err != nil {
		return "", unavailable("make a scratch folder", err)
	}
	defer folder.remove()
	source := filepath.Join(folder.src, "Driver.java")
	text, err := driverFiles.ReadFile("drivers/Driver.java")
	if err == nil {
		err = j.scratch.write(source, text)
	}
	if err != nil {
		return "", unavailable("write the Java driver", err)
	}
	var build sandbox.Build
	if err := j.compile(ctx, folder, []string{"javac", "-encoding", "UTF-8", "-g:none", "-nowarn", "-proc:none", "-d", folder.src, source}, l.Env, sandbox.DefaultLimits(), &build); err != nil {
		return "", err
	}
	if build.Failure != "" {
		return "", grader.Permanentf("the Java driver does not compile with this toolchain (%s): use Java 11 or newer", build.Failure)
	}
	dir := filepath.Join(j.cache, "java")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", unavailable("keep the Java driver", err)
	}
	classes, _ := filepath.Glob(filepath.Join(folder.src, "*.class"))
	for _, c := range classes {
		if err := copyFile(c, filepath.Join(dir, filepath.Base(c))); err != nil {
			return "", unavailable("keep the Java driver", err)
		}
	}
	j.java = dir
	return dir, nil
}
