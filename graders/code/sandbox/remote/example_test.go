package remote_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/remote"
)

// invoke stands for AWS Lambda: it gives the payload to the function.
type invoke func(ctx context.Context, payload []byte) ([]byte, error)

func (f invoke) RoundTrip(r *http.Request) (*http.Response, error) {
	payload, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	answer, err := f(r.Context(), payload)
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(bytes.NewReader(answer))}, nil
}

func Example() {
	os.Setenv("AWS_ACCESS_KEY_ID", keyID) // Lambda sets them.
	os.Setenv("AWS_SECRET_ACCESS_KEY", secret)
	defer os.Unsetenv("AWS_ACCESS_KEY_ID")
	defer os.Unsetenv("AWS_SECRET_ACCESS_KEY")

	// In the function: the handler of a jail, or of any executor.
	function := remote.Handler(played{}, remote.HandlerOptions{})

	// In the grader: its caller.
	e, err := remote.New(remote.Options{Function: "runner", Region: "eu-west-1", Transport: invoke(function)})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer e.Close()
	inputs := []sandbox.Input{{Stdin: []byte("one")}, {Stdin: []byte("two")}}
	_, err = e.Run(context.Background(), sandbox.Program{Language: python, Source: "shout"}, inputs, func(i int, out sandbox.Output) bool {
		fmt.Printf("%d: %s\n", i, out.Stdout)
		return true
	})
	fmt.Println(err)
	// Output:
	// 0: ONE
	// 1: TWO
	// <nil>
}
