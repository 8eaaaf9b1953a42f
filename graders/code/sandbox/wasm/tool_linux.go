//go:build linux && (amd64 || arm64)

package wasm

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/confine"
)

// What compilers may use, whatever programs may.
const (
	toolMemory    = 1 << 30
	toolFile      = 64 << 20
	toolProcesses = 64
	logLimit      = 64 << 10
)

// watchEvery is how often a helper is looked at.
const watchEvery = 10 * time.Millisecond

// treeEvery is how often a tree of processes is: that reads what the kernel says of
// each process of the machine.
const treeEvery = 50 * time.Millisecond

// A tool is one command of a toolchain.
type tool struct {
	args []string // the path of the program first
	env  []string
	dir  string // where it works, and the only folder that it can write
	time time.Duration
}

// A toolEnd is how a tool ended.
type toolEnd struct {
	log     []byte
	failure sandbox.Failure // CompileError, or the limit that it ran into
	usage   sandbox.Usage
}

// run runs a tool, confined. The error is the sandbox's or the context's.
func (e *Executor) run(ctx context.Context, t tool) (toolEnd, error) {
	out, in, err := os.Pipe()
	if err != nil {
		return toolEnd{}, grader.Transientf("run a compiler: %w", err)
	}
	defer out.Close()
	start := time.Now()
	p, err := e.tools.Start(confine.Spec{
		Path: t.args[0], Args: t.args, Dir: t.dir, Write: []string{t.dir},
		Env:   append([]string{"PATH=/usr/local/bin:/usr/bin:/bin", "TMPDIR=" + t.dir, "LANG=C.UTF-8", "TZ=UTC"}, t.env...),
		Files: []*os.File{nil, in, in},
		Limits: confine.Limits{
			CPU: t.time + time.Second, Data: 2 * toolMemory, FileSize: toolFile, Files: 256, Processes: toolProcesses,
		},
	})
	in.Close()
	if err != nil {
		return toolEnd{}, startError(err)
	}
	log := make(chan []byte, 1)
	go func() {
		text, _ := io.ReadAll(io.LimitReader(out, logLimit))
		_, _ = io.Copy(io.Discard, out)
		log <- text
	}()
	peak, failure, exit, err := watch(ctx, p, t.time)
	end := toolEnd{log: <-log, failure: failure, usage: sandbox.Usage{CPU: exit.CPU, Wall: time.Since(start), Memory: max(peak, exit.Resident)}}
	if err == nil && failure == "" && exit.CPU > t.time {
		end.failure = sandbox.TimeLimit
	} else if err == nil && failure == "" && exit.Status != 0 {
		end.failure = sandbox.CompileError
		if e.full() {
			err = grader.Transientf("run a compiler: the scratch folder is full: give it more room or run fewer programs at a time")
		}
	}
	return end, err
}

// watch waits for a process's end and kills it where it goes over its limits.
func watch(ctx context.Context, p *confine.Process, cpu time.Duration) (peak int64, failure sandbox.Failure, exit confine.Exit, err error) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		exit, err = p.Wait(ctx)
	}()
	ticker := time.NewTicker(treeEvery)
	defer ticker.Stop()
	deadline := time.Now().Add(sandbox.Wall(cpu))
	var starved confine.Starved
	for {
		select {
		case <-ended:
			return peak, failure, exit, err
		case now := <-ticker.C:
			if failure != "" {
				continue
			}
			u := p.Usage()
			starved.Note(now, u)
			peak = max(peak, u.Resident)
			switch {
			case u.CPU > cpu || now.After(deadline.Add(starved.Total())):
				failure = sandbox.TimeLimit
			case u.Resident > toolMemory:
				failure = sandbox.MemoryLimit
			}
			if failure != "" {
				p.Kill()
			}
		}
	}
}

// full reports whether the scratch folder has no room for a small module.
func (e *Executor) full() bool {
	var st unix.Statfs_t
	return unix.Statfs(e.scratch, &st) == nil && st.Bavail*uint64(st.Bsize) < 1<<20
}

// startError says whether a later try may start the process.
func startError(err error) error {
	if errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.ENOMEM) || errors.Is(err, unix.EMFILE) || errors.Is(err, unix.ENFILE) {
		return &grader.TransientError{Err: err}
	}
	return &grader.PermanentError{Err: err}
}

// fileError says the same of a file that could not be written.
func fileError(err error) error {
	if errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) || errors.Is(err, unix.EMFILE) || errors.Is(err, unix.ENFILE) {
		return &grader.TransientError{Err: err}
	}
	return &grader.PermanentError{Err: err}
}

// usualFolders are looked through after PATH.
var usualFolders = [...]string{"/usr/local/bin", "/usr/bin", "/bin", "/usr/local/go/bin", "/usr/lib/go/bin"}

// find returns the candidates for a program: the paths where a file of that
// name can be executed by somebody. Whether those who are confined can, a try
// must show.
func (e *Executor) find(name string) []string {
	folders := e.options.Path
	if len(folders) == 0 {
		folders = append(filepath.SplitList(os.Getenv("PATH")), usualFolders[:]...)
	}
	var found []string
	for _, dir := range folders {
		path := filepath.Join(dir, name)
		st, err := os.Stat(path)
		if err == nil && filepath.IsAbs(path) && st.Mode().IsRegular() && st.Mode()&0o111 != 0 {
			found = append(found, path)
		}
	}
	return found
}

// firstLine is what a tool says of its version.
func firstLine(log []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(log)), "\n")
	return strings.TrimSpace(line)
}
