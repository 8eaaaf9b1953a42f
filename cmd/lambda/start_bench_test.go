package main_test

import (
	"io"
	"net"
	"net/http"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/testdata"
)

// BenchmarkStart measures from the start of the process to its first request
// for an event, the part of a cold start that is the program's own. The second
// program does nothing but ask for an event: the floor for any Go function.
func BenchmarkStart(b *testing.B) {
	api := newStarts(b)
	spec := "GRADER_SPEC=" + testdata.Path("specs", "gsm8k.yaml")
	b.Run("rftgrader", func(b *testing.B) { api.measure(b, release(b, "lambda"), spec) })
	b.Run("floor", func(b *testing.B) { api.measure(b, release(b, "lambda/testdata/floor"), spec) })
}

// starts is a runtime API that tells when a program asks for its first event. The
// program then waits until it is killed.
type starts struct {
	address string
	next    chan struct{}
}

func newStarts(b *testing.B) *starts {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(b, err)
	s := &starts{address: listener.Addr().String(), next: make(chan struct{})}
	api := &http.Server{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			text, _ := io.ReadAll(r.Body)
			b.Errorf("it did not start: %s", text)
		}
		s.next <- struct{}{}
		<-r.Context().Done()
	})}
	go func() { _ = api.Serve(listener) }()
	b.Cleanup(func() { _ = api.Close() })
	return s
}

// measure starts a program again and again, in an environment of these variables.
func (s *starts) measure(b *testing.B, program string, env ...string) {
	env = append(env, "AWS_LAMBDA_RUNTIME_API="+s.address)
	for b.Loop() {
		cmd := exec.Command(program)
		cmd.Env = env
		require.NoError(b, cmd.Start())
		<-s.next
		b.StopTimer()
		require.NoError(b, cmd.Process.Kill())
		_ = cmd.Wait()
		b.StartTimer()
	}
}
