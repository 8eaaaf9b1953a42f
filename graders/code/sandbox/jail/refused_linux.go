//go:build amd64 || arm64

package jail

import (
	"bytes"
	"context"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// A runtime that got no thread or no memory from a busy machine ends before the
// program has a word. It is started so often again, after a pause that grows.
const (
	refusedTries = 2
	refusedPause = 50 * time.Millisecond
)

// neverRan tells by the last words of a compiler or a runtime that the machine refused
// it what it needs. A program that prints them is run once more, and gains
// nothing by it.
func neverRan(out sandbox.Output) bool {
	if out.Failure != sandbox.RuntimeError && out.Failure != sandbox.MemoryLimit {
		return false
	}
	// Java's machine complains on standard output.
	return out.Exit != 128+int(unix.SIGKILL) && (refusedWords(out.Stderr) || refusedWords(out.Stdout))
}

func refusedWords(text []byte) bool {
	text = text[max(0, len(text)-8<<10):]
	for _, words := range []string{
		"Error occurred during initialization of VM", "insufficient memory for the Java Runtime Environment", "unable to create native thread",
		"Failed to start thread", "failed to create new OS thread", "Resource temporarily unavailable",
	} {
		if bytes.Contains(text, []byte(words)) {
			return true
		}
	}
	return false
}

// pauseRefused waits before a runtime is started again, or fails when ctx ends.
func pauseRefused(ctx context.Context, refusals int) error {
	timer := time.NewTimer(time.Duration(refusals) * refusedPause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
