// Package converse holds what is said to a Bedrock model and what it answers,
// without an SDK.
//
// A [Caller] puts a [Request] to a model and gets an [Answer] or an [*Error].
// Callers are stacked: graders/judge/bedrock talks to the service, and
// graders/judge/calls retries, paces, shares and keeps on top of any Caller; a
// recorder or a player of recordings stands between or around them.
package converse

import "context"

// A Caller puts requests to models. It may be used by many goroutines at once
// and returns soon after ctx is done. It never changes q. Its errors are
// [*Error], or wrap one.
type Caller interface {
	Converse(ctx context.Context, q *Request) (*Answer, error)
}

// CallerFunc is a function that is a [Caller].
type CallerFunc func(ctx context.Context, q *Request) (*Answer, error)

// Converse calls f.
func (f CallerFunc) Converse(ctx context.Context, q *Request) (*Answer, error) { return f(ctx, q) }
