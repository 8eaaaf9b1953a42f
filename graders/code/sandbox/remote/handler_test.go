package remote_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/remote"
)

// ask is a request with its time in milliseconds.
func ask(ms int, inputs string) []byte {
	return fmt.Appendf(nil, `{"version":1,"op":"run","id":"7","program":{"language":{"name":"python"},"runtime":{},"source":"s","limits":{}},"inputs":%s,"time_ms":%d,"most":6000000}`, inputs, ms)
}

func TestHandlerRefuses(t *testing.T) {
	for name, payload := range map[string]string{
		"nothing":             ``,
		"no JSON":             `run`,
		"another version":     `{"version":2,"op":"report","id":"7"}`,
		"no id":               `{"version":1,"op":"report"}`,
		"another operation":   `{"version":1,"op":"shell","id":"7"}`,
		"no program":          `{"version":1,"op":"run","id":"7","time_ms":1,"most":6000000}`,
		"no language":         `{"version":1,"op":"run","id":"7","program":{"source":"s"},"time_ms":1,"most":6000000}`,
		"a member of its own": `{"version":1,"op":"report","id":"7","expected":[1]}`,
		"no time":             string(ask(0, "[]")),
		"a limit below zero":  `{"version":1,"op":"run","id":"7","program":{"language":{"name":"c"},"limits":{"time":-1}},"time_ms":1,"most":6000000}`,
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			answer, err := remote.Handler(played{}, remote.HandlerOptions{Log: slog.New(slog.NewTextHandler(&log, nil))})(t.Context(), []byte(payload))
			require.NoError(t, err)
			require.Contains(t, string(answer), `"error":"request"`)
			require.Contains(t, log.String(), "a request was refused")
		})
	}
}

func TestHandlerErrors(t *testing.T) {
	type runs = func(context.Context, sandbox.Program, []sandbox.Input, func(int, sandbox.Output) bool) (sandbox.Build, error)
	fails := func(err error) runs {
		return func(context.Context, sandbox.Program, []sandbox.Input, func(int, sandbox.Output) bool) (sandbox.Build, error) {
			return sandbox.Build{}, err
		}
	}
	hangs := func(after int) runs {
		return func(ctx context.Context, _ sandbox.Program, _ []sandbox.Input, take func(int, sandbox.Output) bool) (sandbox.Build, error) {
			for i := range after {
				take(i, sandbox.Output{Stdout: []byte("x")})
			}
			<-ctx.Done()
			return sandbox.Build{}, ctx.Err()
		}
	}
	for _, c := range []struct {
		name   string
		run    runs
		limit  time.Duration // of the function
		took   time.Duration
		answer string
	}{
		{"lasting", fails(grader.Permanentf("no toolchain")), 0, 0, `{"version":1,"id":"7","error":"permanent"}`},
		{"of no class", fails(errors.New("no class")), 0, 0, `{"version":1,"id":"7","error":"permanent"}`},
		{"passing", fails(grader.Transientf("no process")), 0, 0, `{"version":1,"id":"7","error":"transient"}`},
		{"the caller's time", hangs(0), 0, 5 * time.Second, `{"version":1,"id":"7","error":"deadline"}`},
		{"the function's time", hangs(0), 4 * time.Second, 3 * time.Second, `{"version":1,"id":"7","error":"timeout"}`},
		{"the function's short time", hangs(0), 400 * time.Millisecond, 300 * time.Millisecond, `{"version":1,"id":"7","error":"timeout"}`},
		{"time after an output", hangs(1), 4 * time.Second, 3 * time.Second, `{"version":1,"id":"7","build":{},"outputs":[{"stdout":"x"}]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if c.limit > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, c.limit)
					defer cancel()
				}
				start := time.Now()
				answer, err := remote.Handler(played{run: c.run}, remote.HandlerOptions{})(ctx, ask(5000, `[{"stdin":"a"},{"stdin":"b"}]`))
				require.NoError(t, err)
				require.Equal(t, c.answer, string(answer))
				require.Equal(t, c.took, time.Since(start))
			})
		})
	}
}

func TestHandlerSpends(t *testing.T) {
	panics := played{run: func(context.Context, sandbox.Program, []sandbox.Input, func(int, sandbox.Output) bool) (sandbox.Build, error) {
		panic("the words of a program")
	}}
	for _, c := range []struct {
		name     string
		executor sandbox.Executor
		sweep    func(context.Context) (int, error)
		answer   string
		spent    string
	}{
		{"nothing left", played{}, func(context.Context) (int, error) { return 0, nil }, `"stdout":"A"`, ""},
		{"a survivor", played{}, func(context.Context) (int, error) { return 2, nil }, `"stdout":"A"`, "left 2 processes"},
		{"no sweep", played{}, func(context.Context) (int, error) { return 0, errors.New("no /proc") }, `"stdout":"A"`, "no /proc"},
		{"a panic", panics, nil, `"error":"permanent"`, "panicked"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var causes []error
			handle := remote.Handler(c.executor, remote.HandlerOptions{Sweep: c.sweep, Spent: func(err error) { causes = append(causes, err) }})
			answer, err := handle(t.Context(), ask(5000, `[{"stdin":"a"}]`))
			require.NoError(t, err)
			require.Contains(t, string(answer), c.answer)
			again, err := handle(t.Context(), ask(5000, `[{"stdin":"a"}]`))
			require.NoError(t, err)
			if c.spent == "" {
				require.Empty(t, causes)
				require.Equal(t, string(answer), string(again))
				return
			}
			require.Len(t, causes, 1, "it is told once")
			require.ErrorContains(t, causes[0], c.spent)
			require.NotContains(t, causes[0].Error(), "the words of a program")
			require.Contains(t, string(again), `"error":"spent"`)
		})
	}
}

// TestHandlerRunsOneProgramAtATime holds a program and sends another.
func TestHandlerRunsOneProgramAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		running := 0
		handle := remote.Handler(played{run: func(_ context.Context, _ sandbox.Program, _ []sandbox.Input, take func(int, sandbox.Output) bool) (sandbox.Build, error) {
			running++
			if running != 1 {
				t.Error("two programs run")
			}
			time.Sleep(time.Second)
			running--
			take(0, sandbox.Output{})
			return sandbox.Build{}, nil
		}}, remote.HandlerOptions{})
		start := time.Now()
		done := make(chan error)
		for range 3 {
			go func() {
				_, err := handle(t.Context(), ask(5000, `[{"stdin":"a"}]`))
				done <- err
			}()
		}
		for range 3 {
			require.NoError(t, <-done)
		}
		require.Equal(t, 3*time.Second, time.Since(start))
	})
}

func FuzzRequest(f *testing.F) {
	f.Add(ask(5000, `[{"stdin":"a"},{"call":{"base64":"AA=="}}]`))
	f.Add([]byte(`{"version":1,"op":"report","id":"7"}`))
	handle := remote.Handler(played{}, remote.HandlerOptions{})
	f.Fuzz(func(t *testing.T, payload []byte) {
		answer, err := handle(t.Context(), payload)
		require.NoError(t, err)
		require.Contains(t, string(answer), `{"version":1,"id":"`)
	})
}
