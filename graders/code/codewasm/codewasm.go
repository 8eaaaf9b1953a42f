// Package codewasm gives the kind code with one executor more: wasm, which
// translates programs in C, C++ and Go to WebAssembly and runs them in a process
// of the grader's own. It needs nothing of the kernel.
//
// It is a package of its own, so that only programs which want it link its
// runtime:
//
//	func main() { lambdagrader.Main(graders.With(codewasm.Kind)...) }
package codewasm

import (
	"context"

	"github.com/rftgrader/rftgrader/graders/code"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/wasm"
)

// Kind is the kind code with the executors jail, remote and wasm.
var Kind = code.New(code.Jail(), code.Remote(), code.Engine{Name: "wasm", Open: open}).WithHelper(wasm.Helper)

func open(ctx context.Context, s code.Setup) (sandbox.Executor, error) {
	e, err := wasm.New(ctx, wasm.Options{Languages: s.Require, Limits: s.Limits})
	if err != nil {
		return nil, err
	}
	return e, nil
}
