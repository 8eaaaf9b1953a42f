package converse

import "context"

type interceptKey struct{}

// Intercept returns a context under which judges put their requests to what wrap
// makes of their own Caller. It is how a workbench records, replays or counts what
// judges ask without knowing how they are built. Of several, the one that
// was added last is asked first.
//
// The Caller that wrap gets is everything that a judge calls with: pacing, retries
// and sharing included. What wrap returns need not call it.
func Intercept(ctx context.Context, wrap func(Caller) Caller) context.Context {
	outer, _ := ctx.Value(interceptKey{}).(func(Caller) Caller)
	if outer == nil {
		return context.WithValue(ctx, interceptKey{}, wrap)
	}
	return context.WithValue(ctx, interceptKey{}, func(c Caller) Caller { return wrap(outer(c)) })
}

// Through returns c as ctx wants it: what [Intercept] makes of it, or c itself.
// A judge asks Through(ctx, c), and not c.
func Through(ctx context.Context, c Caller) Caller {
	if wrap, ok := ctx.Value(interceptKey{}).(func(Caller) Caller); ok {
		return wrap(c)
	}
	return c
}
