package grader

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// A Service is a part that a kind can have a function of its own for, beside
// the one that grades: what runs there has none of the grading function's secrets.
type Service interface {
	// Invoke answers one invocation. An error is a function error, which the
	// caller reads. It returns soon after ctx is done.
	Invoke(ctx context.Context, payload []byte) ([]byte, error)
	// Spent is not nil once the process must not be used for another invocation,
	// and says why. It is asked after each answer.
	Spent() error
	io.Closer
}

// WithService returns the kind with a service by the given name, which programs
// that list the kind can play instead of grading.
func (k *Kind) WithService(name string, start func(context.Context, *Env) (Service, error)) *Kind {
	with := *k
	with.service, with.start = name, start
	return &with
}

// StartService starts the service of that name, of the first kind that has it.
// The error for a name that none has says which there are.
func StartService(ctx context.Context, kinds []*Kind, name string, env *Env) (Service, error) {
	var names []string
	for _, k := range kinds {
		switch {
		case k == nil || k.start == nil:
		case k.service == name:
			return k.start(ctx, env)
		default:
			names = append(names, k.service)
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("no kind of this program has a service %q, nor any other", name)
	}
	return nil, fmt.Errorf("no kind of this program has a service %q: there are %s", name, strings.Join(names, ", "))
}
