package converse

import (
	"context"
	"time"
)

// A Retry is a question that is put again after a fault that passes.
type Retry struct {
	Model string
	Fault *Error
	// Until is when the question is given up.
	Until time.Time
}

type watchKey struct{}

// Watch returns a context under which saw is told of each question that is put again,
// before the wait for it. It may be called by many goroutines at once.
func Watch(ctx context.Context, saw func(Retry)) context.Context {
	return context.WithValue(ctx, watchKey{}, saw)
}

// Tell tells whoever watches ctx of a question that is put again.
func Tell(ctx context.Context, r Retry) {
	if saw, ok := ctx.Value(watchKey{}).(func(Retry)); ok {
		saw(r)
	}
}
