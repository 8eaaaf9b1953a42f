//go:build linux && (amd64 || arm64)

package wasm

import (
	"bytes"
	"context"
	"embed"
	"os"
	"path/filepath"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// The headers that programs look for and wasi-libc does not have, and what is
// linked to C++ programs.
//
//go:embed include/bits/stdc++.h support/throw.cc
var support embed.FS

const (
	headerName = "include/bits/stdc++.h"
	throwName  = "support/throw.cc"
	pchName    = "stdc++.h.pch"
	throwObj   = "throw.o"
)

// target are the flags of every clang command. What wasi-libc only emulates is
// asked for, so that programs with such headers compile. The features are part of
// WebAssembly 2.0.
var target = [...]string{
	"--target=wasm32-wasi", "-O2", "-w",
	"-mbulk-memory", "-mnontrapping-fptoint", "-msign-ext", "-msimd128",
	"-D_WASI_EMULATED_SIGNAL", "-D_WASI_EMULATED_PROCESS_CLOCKS", "-D_WASI_EMULATED_GETPID", "-D_WASI_EMULATED_MMAN",
}

// libraries follow the source. The stack lies first: a module that overruns it
// ends by a trap, and does not write over its own data.
var libraries = [...]string{
	"-lwasi-emulated-signal", "-lwasi-emulated-process-clocks", "-lwasi-emulated-getpid", "-lwasi-emulated-mman",
	"-lc-printscan-long-double", "-lm",
	"-Wl,-z,stack-size=16777216", "-Wl,--stack-first", "-Wl,--strip-debug", "-Wl,--threads=1",
}

// lateFlag has the linker make the machine code: an object file for WebAssembly
// would hold every byte of the program's empty arrays.
const lateFlag = "-flto"

// cppFlags have the library's throw statements compile: see the package's comment.
var cppFlags = [...]string{"-std=gnu++20", "-DONLINE_JUDGE", "-fignore-exceptions"}

// A clang makes modules of C or C++.
type clang struct {
	*Executor
	path string
	cpp  bool
}

func (e *Executor) findC(ctx context.Context) *toolchain {
	return e.findClang(ctx, clang{Executor: e}, "c", "clang", "int main(void) { return 0; }\n")
}

func (e *Executor) findCPP(ctx context.Context) *toolchain {
	return e.findClang(ctx, clang{Executor: e, cpp: true}, "cpp", "clang++", "#include <new>\nint main() { delete new int; }\n")
}

// findClang tries a small program, as the compiler says nothing of the library
// that it needs.
func (e *Executor) findClang(ctx context.Context, c clang, name, program, try string) *toolchain {
	path, version, err := e.version(ctx, program, "--version")
	if err != nil {
		return absent(name, err)
	}
	c.path = path
	dir, err := e.folder()
	if err != nil {
		return absent(name, err)
	}
	defer os.RemoveAll(dir)
	limits := sandbox.Limits{Compile: prepareTime}
	end, err := c.compile(ctx, dir, sandbox.Program{Source: try, Limits: limits})
	if err == nil && end.failure != "" {
		err = grader.Permanentf("wasm needs wasi-libc, libclang-rt and lld for %s, for C++ libc++ and libc++abi for wasm32 too: %s does not make a module", name, path)
	}
	if err != nil {
		return absent(name, err)
	}
	return &toolchain{name: name, version: version + " for wasm32-wasi", prepare: c.prepare, compile: c.compile}
}

// compile runs the compiler and the linker, which it starts.
func (c clang) compile(ctx context.Context, dir string, p sandbox.Program) (toolEnd, error) {
	source := filepath.Join(dir, cFile)
	if c.cpp {
		source = filepath.Join(dir, cppFile)
	}
	if err := c.write(source, []byte(p.Source)); err != nil {
		return toolEnd{}, err
	}
	args := append([]string{c.path, lateFlag}, target[:]...)
	if c.cpp {
		args = append(args, cppFlags[:]...)
		args = append(args, "-I", c.headers())
		// A header that was compiled before must come first of all.
		if pch := filepath.Join(c.shared(), pchName); exists(pch) && bytes.Contains([]byte(p.Source), []byte("bits/stdc++.h")) {
			args = append(args, "-include-pch", pch)
		}
		if object := filepath.Join(c.shared(), throwObj); exists(object) {
			args = append(args, object)
		}
	} else {
		args = append(args, "-std=gnu17", "-DONLINE_JUDGE")
	}
	args = append(args, "-o", filepath.Join(dir, moduleName), source)
	return c.run(ctx, tool{args: append(args, libraries[:]...), dir: dir, time: p.Limits.Compile})
}

// headers is the folder of those that are the package's own.
func (e *Executor) headers() string { return filepath.Join(e.shared(), "include") }

// prepare compiles what all C++ programs share. C needs nothing.
func (c clang) prepare(ctx context.Context) error {
	if !c.cpp {
		return nil
	}
	header := filepath.Join(c.shared(), headerName)
	if err := copySupport(headerName, header); err != nil {
		return fileError(err)
	}
	// The compiler writes into a folder of its own; what programs share is ours.
	dir, err := c.folder()
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	throw := filepath.Join(dir, filepath.Base(throwName))
	if err := copySupport(throwName, throw); err != nil {
		return fileError(err)
	}
	for _, step := range []struct {
		name string
		args []string
	}{
		{throwObj, []string{"-c", throw}},
		{pchName, []string{lateFlag, "-x", "c++-header", header}},
	} {
		made := filepath.Join(dir, step.name)
		args := append(append([]string{c.path}, target[:]...), cppFlags[:]...)
		args = append(append(args, "-I", c.headers(), "-o", made), step.args...)
		end, err := c.run(ctx, tool{args: args, dir: dir, time: prepareTime})
		if err != nil {
			return err
		}
		if end.failure != "" {
			return grader.Permanentf("wasm cannot prepare C++: %s fails (%s) on the package's own %s", c.path, end.failure, step.args[len(step.args)-1])
		}
		if err := copyFile(made, filepath.Join(c.shared(), step.name), 0o644); err != nil {
			return fileError(err)
		}
	}
	return nil
}

func copySupport(name, to string) error {
	text, err := support.ReadFile(name)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o644)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
