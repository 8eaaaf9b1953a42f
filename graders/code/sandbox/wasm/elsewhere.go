//go:build !linux || !(amd64 || arm64)

package wasm

import (
	"context"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// An Executor runs programs as WebAssembly modules.
type Executor struct{}

var _ sandbox.Executor = (*Executor)(nil)

func unsupported() error {
	return grader.Permanentf("the wasm executor needs Linux on amd64 or arm64, where its compilers can be confined")
}

// New returns a *grader.PermanentError: compilers cannot be confined here.
func New(context.Context, Options) (*Executor, error) { return nil, unsupported() }

// Run returns a *grader.PermanentError.
func (*Executor) Run(context.Context, sandbox.Program, []sandbox.Input, func(int, sandbox.Output) bool) (sandbox.Build, error) {
	return sandbox.Build{}, unsupported()
}

// Report says that nothing can be run.
func (*Executor) Report() sandbox.Report { return sandbox.Report{Executor: "wasm"} }

// Close does nothing.
func (*Executor) Close() error { return nil }

// Helper returns 2: there is nothing that it could help.
func Helper([]string) int { return 2 }
