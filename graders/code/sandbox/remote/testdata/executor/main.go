// The executor of the tests is a real function that runs programs in a jail.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/remote"
)

func main() {
	j, err := jail.New(context.Background(), jail.Options{Languages: table()})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	handle := remote.Handler(j, remote.HandlerOptions{})
	lambda.Start(func(ctx context.Context, payload rawEvent) (rawEvent, error) {
		if how := os.Getenv("MISBEHAVE"); how != "" {
			return misbehave(ctx, how)
		}
		answer, err := handle(ctx, payload)
		return answer, err
	})
}

func misbehave(ctx context.Context, how string) (rawEvent, error) {
	switch how {
	case "exit":
		os.Exit(3)
	case "hang":
		<-ctx.Done()
		time.Sleep(time.Hour) // It is killed at the time-out.
	case "forge":
		return rawEvent(`{"version":1,"id":"guessed","build":{},"outputs":[{"stdout":"6"}]}`), nil
	}
	return nil, fmt.Errorf("the words of a hostile function")
}

// A rawEvent is the event as it came.
type rawEvent []byte

// MarshalJSON returns the bytes.
func (r rawEvent) MarshalJSON() ([]byte, error) { return r, nil }

// UnmarshalJSON keeps the bytes.
func (r *rawEvent) UnmarshalJSON(b []byte) error {
	*r = append((*r)[:0], b...)
	return nil
}
