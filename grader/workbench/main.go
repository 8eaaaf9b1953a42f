package workbench

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/rftgrader/rftgrader/grader"
)

// Main is the whole program rft with the given kinds. It does not return.
func Main(kinds ...*grader.Kind) {
	if exit, ok := grader.RunHelper(kinds, os.Args[1:]); ok {
		os.Exit(exit)
	}
	// The first signal ends the work in good order, the second one at once. A terminal
	// that is closed and a reader of a pipe that has gone are such signals too: what
	// graders hold is to be given back.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
	context.AfterFunc(ctx, stop)
	os.Exit(Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, kinds...))
}

// The exit codes.
const (
	exitDone   = 0
	exitGate   = 1
	exitFailed = 2
	exitPipe   = 128 + 13 // as the shell says of a program that nobody reads from any more
)

// Run runs the program with the given arguments, the program's name not among
// them, and returns its exit code. The end of ctx is the interruption.
func Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, kinds ...*grader.Kind) int {
	p := &program{kinds: kinds, stdin: stdin, stdout: stdout, stderr: stderr}
	if err := grader.Validate(kinds...); err != nil {
		return p.report(fmt.Errorf("the program's kinds: %w", err))
	}
	root := p.command()
	// Without arguments cobra would read those of the process.
	root.SetArgs(append([]string{}, args...))
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	return p.report(root.ExecuteContext(ctx))
}

// program is what every command works with.
type program struct {
	kinds          []*grader.Kind
	stdin          io.Reader
	stdout, stderr io.Writer
}
