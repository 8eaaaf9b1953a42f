package main_test

import (
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
	next := make(chan struct{})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(b, err)
	// Whoever asks for an event is measured and then waits until it is killed.
	api := &http.Server{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		next <- struct{}{}
		<-r.Context().Done()
	})}
	go func() { _ = api.Serve(listener) }()
	b.Cleanup(func() { _ = api.Close() })

	run := func(b *testing.B, program string) {
		for b.Loop() {
			cmd := exec.Command(program)
			cmd.Env = []string{
				"AWS_LAMBDA_RUNTIME_API=" + listener.Addr().String(),
				"GRADER_SPEC=" + testdata.Path("specs", "gsm8k.yaml"),
			}
			require.NoError(b, cmd.Start())
			<-next
			b.StopTimer()
			require.NoError(b, cmd.Process.Kill())
			_ = cmd.Wait()
			b.StartTimer()
		}
	}
	b.Run("rftgrader", func(b *testing.B) {
		run(b, build(b, "lambda", "-trimpath", "-tags", "lambda.norpc", "-ldflags", "-s -w"))
	})
	b.Run("floor", func(b *testing.B) {
		run(b, build(b, "lambda/testdata/floor", "-trimpath", "-tags", "lambda.norpc", "-ldflags", "-s -w"))
	})
}
