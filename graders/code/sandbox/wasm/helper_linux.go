//go:build linux && (amd64 || arm64)

package wasm

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/experimental"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/tetratelabs/wazero/sys"
	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// moduleFile is the descriptor that the helper finds the module on.
const moduleFile = 3

// trapExit is the exit status of a module that ended by a trap: that of a
// process that aborted.
const trapExit = 128 + 6

// Helper is the whole work of the process that runs one program, between its
// standard input and output. The arguments are those that the executor starts it
// with, after Options.Helper. It returns the exit status.
func Helper(args []string) int {
	var s setup
	if len(args) != 2 || args[0] != helperName || json.Unmarshal([]byte(args[1]), &s) != nil {
		return 2
	}
	if err := serve(s, os.NewFile(moduleFile, "module"), os.Stdin, os.Stdout); err != nil && !errors.Is(err, io.EOF) {
		return 1
	}
	return 0
}

// serve translates the module and answers requests until in ends.
func serve(s setup, module io.Reader, in io.Reader, out io.Writer) error {
	// What is garbage is gone when the process ends. A collection cannot stop a
	// module in a loop, and would have everything else in this process wait.
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(512 << 20)
	h, first := load(s, module)
	w := bufio.NewWriterSize(out, 1<<16)
	r := bufio.NewReaderSize(in, 1<<16)
	if err := errors.Join(writeReply(w, first), w.Flush()); err != nil || first.failure != "" {
		return err
	}
	var answer func(text []byte) reply
	if s.Calls {
		answer = (&conversation{helper: h}).call
	} else {
		answer = h.script
	}
	for {
		text, err := readRequest(r)
		if err != nil {
			return err
		}
		if err := errors.Join(writeReply(w, answer(text)), w.Flush()); err != nil {
			return err
		}
	}
}

// A helper holds a translated module.
type helper struct {
	setup
	runtime wazero.Runtime
	module  wazero.CompiledModule
	system  wazero.CompiledModule // the functions that it is given
}

// load translates the module. The reply says what is wrong with it.
func load(s setup, module io.Reader) (*helper, reply) {
	start := time.Now()
	h := &helper{setup: s}
	text, err := io.ReadAll(module)
	if err == nil {
		err = h.translate(text, s.Cache)
	}
	if err != nil && s.Cache != "" {
		// It may be the cache that failed: all works without it, and slower.
		err = h.translate(text, "")
	}
	first := reply{usage: sandbox.Usage{CPU: processorTime(), Wall: time.Since(start)}}
	if err != nil {
		first.failure, first.stderr = sandbox.CompileError, clip(err.Error(), s.Output)
	}
	return h, first
}

func (h *helper) translate(text []byte, cache string) error {
	ctx := experimental.WithCompilationWorkers(context.Background(), runtime.GOMAXPROCS(0))
	config := wazero.NewRuntimeConfigCompiler().WithDebugInfoEnabled(false)
	if cache != "" {
		files, err := wazero.NewCompilationCacheWithDir(cache)
		if err != nil {
			return err
		}
		config = config.WithCompilationCache(files)
	}
	h.runtime = wazero.NewRuntimeWithConfig(ctx, config)
	var err error
	if h.system, err = wasi_snapshot_preview1.NewBuilder(h.runtime).Compile(ctx); err != nil {
		return err
	}
	if _, err = h.runtime.InstantiateModule(ctx, h.system, wazero.NewModuleConfig()); err != nil {
		return err
	}
	if h.module, err = h.runtime.CompileModule(ctx, text); err != nil {
		return err
	}
	return h.known()
}

// known checks that the module asks for nothing that it cannot have.
func (h *helper) known() error {
	if len(h.module.ImportedMemories()) > 0 {
		return errors.New("the module imports a memory")
	}
	for _, f := range h.module.ImportedFunctions() {
		module, name, _ := f.Import()
		if _, ok := h.system.ExportedFunctions()[name]; !ok || module != wasi_snapshot_preview1.ModuleName {
			return fmt.Errorf("the module imports the function %s of %s, which does not exist", name, module)
		}
	}
	return nil
}

// script runs one instance from start to end.
func (h *helper) script(stdin []byte) reply {
	stdout, stderr := &bounded{limit: h.Output}, &bounded{limit: h.Output}
	memory := &memory{limit: uint64(h.Memory)}
	start, cpu := time.Now(), processorTime()
	err := h.run(bytes.NewReader(stdin), stdout, stderr, memory)
	failure, exit, why := class(err)
	if why != "" {
		stderr.add(why)
	}
	return reply{
		failure: failure, exit: exit, stdout: stdout.text, stderr: stderr.text,
		usage: sandbox.Usage{CPU: processorTime() - cpu, Wall: time.Since(start), Memory: memory.size()},
	}
}

// run runs one instance. The error says how it ended, unless it ended well.
func (h *helper) run(stdin io.Reader, stdout, stderr io.Writer, memory *memory) (err error) {
	// A module that needs too much from the start panics outside its own code.
	defer func() {
		if p := recover(); p != nil {
			e, ok := p.(error)
			if !ok {
				e = fmt.Errorf("%v", p)
			}
			err = e
		}
	}()
	ctx := experimental.WithMemoryAllocator(context.Background(), memory)
	instance, err := h.runtime.InstantiateModule(ctx, h.module, wazero.NewModuleConfig().
		WithName("").WithArgs("main").
		WithStdin(stdin).WithStdout(stdout).WithStderr(stderr).
		WithSysWalltime().WithSysNanotime().WithSysNanosleep().
		WithRandSource(rand.NewChaCha8([32]byte{})))
	if instance != nil {
		err = errors.Join(err, instance.Close(ctx))
	}
	return err
}

// The ends that the helper itself gives an instance.
var (
	errMemory = errors.New("the memory limit is reached")
	errOutput = errors.New("the output limit is reached")
)

// class says what an instance's end means. The text is for people.
func class(err error) (failure sandbox.Failure, exit int, why string) {
	var ended *sys.ExitError
	switch {
	case err == nil:
		return "", 0, ""
	case errors.Is(err, errMemory):
		return sandbox.MemoryLimit, trapExit, ""
	case errors.Is(err, errOutput):
		return sandbox.OutputLimit, trapExit, ""
	case errors.As(err, &ended) && ended.ExitCode()&0xff == 0:
		return "", 0, ""
	case errors.As(err, &ended):
		return sandbox.RuntimeError, int(ended.ExitCode() & 0xff), ""
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return sandbox.RuntimeError, trapExit, "\n" + line + "\n"
}

// processorTime is what this process has used.
func processorTime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &t); err != nil {
		return 0
	}
	return time.Duration(t.Nano())
}

// bounded keeps what is written to it, and ends the instance that writes more.
type bounded struct {
	text  []byte
	limit int64
}

func (b *bounded) Write(p []byte) (int, error) {
	if int64(len(b.text)+len(p)) > b.limit {
		b.text = append(b.text, p[:max(0, b.limit-int64(len(b.text)))]...)
		panic(errOutput)
	}
	b.text = append(b.text, p...)
	return len(p), nil
}

// add appends the helper's own words as far as there is room.
func (b *bounded) add(text string) {
	b.text = append(b.text, clip(text, b.limit-int64(len(b.text)))...)
}

func clip(text string, limit int64) []byte {
	return []byte(text[:max(0, min(int64(len(text)), limit))])
}
