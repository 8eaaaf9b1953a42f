package locallambda_test

import (
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/locallambda"
)

func TestWarm(t *testing.T) {
	log := new(journal)
	f := start(t, locallambda.Config{Concurrency: 1, Log: log})
	require.NoError(t, f.Warm(context.Background()))
	require.NoError(t, f.Warm(context.Background()), "one is idle already")
	stats := f.Stats()
	require.Equal(t, 1, stats.ColdStarts)
	require.Len(t, stats.InitDurations, 1)
	require.Equal(t, 1, stats.Idle)
	require.Zero(t, stats.Invocations)
	require.Empty(t, log.String(), "there was no request")

	r := invoke(t, f, do.report)
	require.Zero(t, r.InitDuration, "it found the environment warm")
	require.NotContains(t, string(r.Log), "INIT")
	require.Equal(t, 1, f.Stats().ColdStarts)
}

func TestWarmHasAPlaceOfTheConcurrency(t *testing.T) {
	f := start(t, locallambda.Config{Concurrency: 1})
	g := newGate(t)
	b := inBackground(t, f, map[string]any{"do": "wait", "url": g.url})
	<-g.arrived
	var refused *locallambda.InvokeError
	require.ErrorAs(t, f.Warm(context.Background()), &refused)
	require.Equal(t, 429, refused.Status)
	g.open()
	b.wait(t)
	require.NoError(t, f.Warm(context.Background()))
}

func TestWarmFails(t *testing.T) {
	for name, c := range map[string]struct {
		init   string
		config locallambda.Config
		want   string
		inits  int
	}{
		"reported": {init: "error", want: "the function does not start: SpecError: no spec", inits: 1},
		"exit":     {init: "exit", want: "the function does not start: Runtime.ExitError: Runtime exited with error: exit status 7", inits: 1},
		"hang": {
			init: "hang", config: locallambda.Config{InitTimeout: 50 * time.Millisecond, Timeout: 120 * time.Millisecond},
			want: "the function does not start: Sandbox.Timedout: Task timed out after 0.12 seconds", inits: 2,
		},
	} {
		t.Run(name, func(t *testing.T) {
			log := new(journal)
			c.config.Env = map[string]string{"INIT": c.init}
			c.config.Log = log
			c.config.Concurrency = 1
			f := start(t, c.config)
			for n := range 2 { // the second time shows that the slot has come back
				err := f.Warm(context.Background())
				var failed *locallambda.InitError
				require.ErrorAs(t, err, &failed)
				require.EqualError(t, err, c.want)
				require.Equal(t, c.inits*(n+1), f.Stats().InitErrors)
			}
			require.Zero(t, f.Stats().ColdStarts)
			require.Zero(t, f.Stats().Environments)
			require.Contains(t, log.String(), "INIT_REPORT")
			require.NotContains(t, log.String(), "RequestId")
		})
	}
}

func TestWarmTriesAgainAfterATimeout(t *testing.T) {
	f := start(t, locallambda.Config{
		Env:         map[string]string{"INIT": "hang once", "MARK": filepath.Join(t.TempDir(), "mark")},
		InitTimeout: 2 * time.Second, // enough to write the mark on a slow machine
	})
	require.NoError(t, f.Warm(context.Background()))
	require.Equal(t, 1, f.Stats().InitErrors)
	require.Equal(t, 1, f.Stats().Idle)
}

func TestWarmEnds(t *testing.T) {
	t.Run("with the context", func(t *testing.T) {
		log := make(lines, 100)
		f := start(t, locallambda.Config{Env: map[string]string{"INIT": "hang"}, Log: log})
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error)
		go func() { done <- f.Warm(ctx) }()
		require.Equal(t, "hanging\n", <-log)
		cancel()
		require.ErrorIs(t, <-done, context.Canceled)
	})
	t.Run("with the function", func(t *testing.T) {
		log := make(lines, 100)
		f := start(t, locallambda.Config{Env: map[string]string{"INIT": "hang"}, Log: log})
		done := make(chan error)
		go func() { done <- f.Warm(context.Background()) }()
		require.Equal(t, "hanging\n", <-log)
		require.NoError(t, f.Close())
		require.ErrorIs(t, <-done, locallambda.ErrClosed)
		require.ErrorIs(t, f.Warm(context.Background()), locallambda.ErrClosed)
	})
}

func TestServeOfAFunctionThatDoesNotStart(t *testing.T) {
	log := new(journal)
	config := locallambda.Config{Bootstrap: bootstrap, Env: map[string]string{"INIT": "error"}}
	err := locallambda.Serve(context.Background(), config, "127.0.0.1:0", log)
	var failed *locallambda.InitError
	require.ErrorAs(t, err, &failed)
	require.Equal(t, locallambda.InitError{Type: "SpecError", Message: "no spec"}, *failed)
	require.NotContains(t, log.String(), "serving")
	requireNoGoroutines(t)
}

func TestServeEndsWhileTheFunctionStarts(t *testing.T) {
	log := make(lines, 100)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	config := locallambda.Config{Bootstrap: bootstrap, Env: map[string]string{"INIT": "hang"}, InitTimeout: time.Minute}
	go func() { done <- locallambda.Serve(ctx, config, "127.0.0.1:0", log) }()
	require.Equal(t, "hanging\n", <-log)
	cancel()
	require.NoError(t, <-done)
	requireNoGoroutines(t)
}

// elfFor is the header of a program for a machine, and nothing else.
func elfFor(machine uint16) string {
	h := make([]byte, 64)
	copy(h, "\x7fELF\x02\x01\x01")
	binary.LittleEndian.PutUint16(h[16:], 2) // an executable
	binary.LittleEndian.PutUint16(h[18:], machine)
	binary.LittleEndian.PutUint32(h[20:], 1) // of the one version of ELF
	binary.LittleEndian.PutUint16(h[52:], 64)
	return string(h)
}

func TestBootstrapOfAnotherSystem(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the hints tell programs of Linux apart")
	}
	const amd64, arm64, s390 = 62, 183, 22
	for _, tc := range []struct {
		name, text string
		want       string
		arch       string // the one on which the hint would be wrong
	}{
		{"for amd64", elfFor(amd64), "exec format error; it is built for amd64 and this machine is " + runtime.GOARCH + ": build it with GOARCH=" + runtime.GOARCH, "amd64"},
		{"for arm64", elfFor(arm64), "exec format error; it is built for arm64 and this machine is " + runtime.GOARCH + ": build it with GOARCH=" + runtime.GOARCH, "arm64"},
		{"for another machine", elfFor(s390), "exec format error; it is built for EM_S390 and", "s390x"},
		{"no program", "no program", "exec format error; it is no program of this system, and a script needs a first line such as #!/bin/sh", ""},
		{"without its interpreter", "#!/no/such/interpreter\n", "no such file or directory; the file is there, but not the interpreter", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "bootstrap")
			require.NoError(t, os.WriteFile(path, []byte(tc.text), 0o755))
			f := start(t, locallambda.Config{Bootstrap: path})
			err := f.Warm(context.Background())
			if tc.arch == runtime.GOARCH {
				require.Error(t, err)
				require.NotContains(t, err.Error(), "build it with")
				return
			}
			require.ErrorContains(t, err, tc.want)
		})
	}
}
