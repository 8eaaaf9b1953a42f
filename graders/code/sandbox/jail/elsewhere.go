//go:build !linux || !(amd64 || arm64)

package jail

import (
	"context"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// A Jail needs Linux.
type Jail struct{ sandbox.Opener }

// New fails: there is no confinement on this system.
func New(context.Context, Options) (*Jail, error) {
	return nil, grader.Permanentf("the executor jail needs Linux on amd64 or arm64: run the grader in a Linux container or virtual machine")
}

// Warm does nothing.
func (j *Jail) Warm(context.Context, ...string) error { return nil }

// Sweep is part of the Jail of Linux.
func (j *Jail) Sweep(context.Context) (int, error) { return 0, nil }
