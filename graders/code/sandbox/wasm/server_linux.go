//go:build linux && (amd64 || arm64)

package wasm

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/confine"
)

// helperMemory is what the helper may take beside a module's memory: the kernel
// grants no more, and half of it may be in use.
const helperMemory = 2 << 30

// A server is the helper of one program, seen from here. It is started again
// when it was killed.
type server struct {
	executor *Executor
	dir      string
	program  sandbox.Program
	left     time.Duration // processor time for translating

	process *confine.Process
	in      *os.File // requests
	out     *os.File // replies
	replies *bufio.Reader
}

// start starts a helper and waits for its word on the module.
func (s *server) start(ctx context.Context) (reply, error) {
	if err := s.spawn(); err != nil {
		return reply{}, err
	}
	r, err := s.exchange(ctx, nil, max(s.left, 0))
	if err != nil {
		return reply{}, err
	}
	if r.failure == sandbox.RuntimeError {
		// It died of the module.
		r.failure = sandbox.CompileError
	}
	return r, nil
}

func (s *server) spawn() error {
	cache := filepath.Join(s.dir, cacheFolder)
	if err := os.Mkdir(cache, 0o700); err == nil {
		if err := s.executor.give(cache); err != nil {
			return err
		}
	}
	limits := s.program.Limits
	config, err := json.Marshal(setup{Memory: limits.Memory, Output: limits.Output, Calls: s.program.Entry != "", Cache: cache})
	if err != nil {
		return grader.Permanentf("start the helper: %w", err)
	}
	module, err := os.Open(filepath.Join(s.dir, moduleName))
	if err != nil {
		return fileError(err)
	}
	defer module.Close()
	stdin, in, err := os.Pipe()
	if err != nil {
		return grader.Transientf("start the helper: %w", err)
	}
	defer stdin.Close()
	out, stdout, err := os.Pipe()
	if err != nil {
		in.Close()
		return grader.Transientf("start the helper: %w", err)
	}
	defer stdout.Close()
	s.process, err = s.executor.helpers.Start(confine.Spec{
		Path: s.executor.helper, Args: append(append([]string{}, s.executor.options.Helper...), helperName, string(config)),
		Files: []*os.File{stdin, stdout, nil, module}, Write: []string{cache},
		Limits: confine.Limits{Data: limits.Memory + helperMemory, Files: 64, FileSize: 1 << 30},
	})
	if err != nil {
		in.Close()
		out.Close()
		return startError(err)
	}
	s.in, s.out, s.replies = in, out, bufio.NewReaderSize(out, 1<<16)
	return nil
}

const (
	moduleName  = "main.wasm"
	cacheFolder = "translation"
)

// ask gives the helper one input or call.
func (s *server) ask(ctx context.Context, text []byte) (sandbox.Output, error) {
	if s.process == nil {
		// The module was translated before: what is wrong now is not the program's.
		first, err := s.start(ctx)
		if err == nil && first.failure != "" {
			err = grader.Transientf("start the helper again: it failed (%s) where it did not before", first.failure)
		}
		if err != nil {
			return sandbox.Output{}, err
		}
	}
	r, err := s.exchange(ctx, func() error { return writeRequest(s.in, text) }, s.program.Limits.Time)
	out := sandbox.Output{Failure: r.failure, Stderr: r.stderr, Exit: r.exit, Usage: r.usage}
	if s.program.Entry == "" {
		out.Stdout = r.stdout
	} else if r.failure == "" {
		out.Value, out.Failure = r.stdout, replyFailure(r.stdout)
	}
	return out, err
}

// replyFailure tells a reply with an error, or with a value that was too long to
// be written, from others. The candidate wrote it: whoever compares reads it again.
func replyFailure(line []byte) sandbox.Failure {
	var r struct {
		Value json.RawMessage `json:"value"`
		Error json.RawMessage `json:"error"`
	}
	switch err := json.Unmarshal(line, &r); {
	case err != nil || r.Error != nil:
		return sandbox.RuntimeError
	case string(r.Value) == `{"$x":"long"}`:
		return sandbox.OutputLimit
	}
	return ""
}

// exchange sends a request and waits for the reply, for as long as the limit on
// processor time and the clock on the wall allow. After anything but a reply the
// helper is gone.
func (s *server) exchange(ctx context.Context, send func() error, cpu time.Duration) (reply, error) {
	type answer struct {
		reply
		err error
	}
	answered := make(chan answer, 1)
	replies, limit := s.replies, s.program.Limits.Output
	go func() {
		var a answer
		if send != nil {
			a.err = send()
		}
		if a.err == nil {
			a.reply, a.err = readReply(replies, limit)
		}
		answered <- a
	}()
	start, before := time.Now(), cpuOf(s.process.PID())
	var starved confine.Starved
	ticker := time.NewTicker(watchEvery)
	defer ticker.Stop()
	for {
		select {
		case a := <-answered:
			if a.err == nil {
				return a.reply, nil
			}
			exit := s.stop()
			return reply{failure: sandbox.RuntimeError, exit: exit.Status, usage: sandbox.Usage{CPU: exit.CPU, Wall: time.Since(start)}}, nil
		case <-ctx.Done():
			s.stop()
			<-answered
			return reply{}, ctx.Err()
		case now := <-ticker.C:
			used, resident := cpuOf(s.process.PID())-before, residentOf(s.process.PID())
			starved.Note(now, confine.Usage{CPU: used, Ready: confine.ReadyThread(s.process.PID())})
			var failure sandbox.Failure
			switch {
			case used > cpu || now.Sub(start) > sandbox.Wall(cpu)+starved.Total():
				failure = sandbox.TimeLimit
			case resident > s.program.Limits.Memory+helperMemory/2:
				failure = sandbox.MemoryLimit
			default:
				continue
			}
			exit := s.stop()
			<-answered
			return reply{failure: failure, exit: exit.Status, usage: sandbox.Usage{CPU: used, Wall: time.Since(start), Memory: resident}}, nil
		}
	}
}

// stop ends the helper, and with it the reading of its replies.
func (s *server) stop() confine.Exit {
	if s.process == nil {
		return confine.Exit{}
	}
	s.process.Kill()
	exit, err := s.process.Wait(context.Background())
	if err != nil {
		exit.Status = 128 + int(unix.SIGKILL)
	}
	_ = errors.Join(s.in.Close(), s.out.Close())
	s.process = nil
	return exit
}

// cpuOf returns the processor time of a process of ours that has not been
// reaped: the clock that clock_getcpuclockid(3) names.
func cpuOf(pid int) time.Duration {
	const scheduled = 2 // CPUCLOCK_SCHED
	var t unix.Timespec
	if err := unix.ClockGettime(int32(^pid<<3|scheduled), &t); err != nil {
		return 0
	}
	return time.Duration(t.Nano())
}

// residentOf returns the resident memory of a process in bytes.
func residentOf(pid int) int64 {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/statm")
	if err != nil {
		return 0
	}
	var size, resident int64
	if _, err := fmt.Sscan(string(text), &size, &resident); err != nil {
		return 0
	}
	return resident * int64(os.Getpagesize())
}
