package spec

import (
	"context"
	"errors"
	"fmt"

	"github.com/rftgrader/rftgrader/grader"
)

// Sweeps reports whether one of the graders is a [grader.Sweeper], wherever the
// formula or the routes use it.
func (s *Spec) Sweeps() bool { return len(s.sweepers) > 0 }

// Sweep calls every [grader.Sweeper] of the spec and returns how many processes
// they killed in all. One that fails does not keep the others from sweeping.
func (s *Spec) Sweep(ctx context.Context) (killed int, err error) {
	var errs []error
	for _, p := range s.sweepers {
		n, err := p.grader.(grader.Sweeper).Sweep(ctx)
		killed += n
		if err != nil {
			errs = append(errs, fmt.Errorf("sweep %s: %w", p.name, err))
		}
	}
	return killed, errors.Join(errs...)
}

// sweepersOf returns the parts that are a [grader.Sweeper].
func sweepersOf(parts []part) (sweepers []part) {
	for _, p := range parts {
		if _, ok := p.grader.(grader.Sweeper); ok {
			sweepers = append(sweepers, p)
		}
	}
	return sweepers
}
