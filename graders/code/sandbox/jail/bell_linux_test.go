//go:build amd64 || arm64

package jail_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

func calls(n int) (inputs []sandbox.Input) {
	for i := range n {
		inputs = append(inputs, sandbox.Input{Call: fmt.Appendf(nil, `{"id":%d,"nonce":"n","op":"call","args":[%d]}`, i+1, i)})
	}
	return inputs
}

// TestRepliesToldOfTogether has programs whose replies are heard of late, or never: each
// call is judged as if it were alone.
func TestRepliesToldOfTogether(t *testing.T) {
	j, l := warmed(t)
	limits := sandbox.Limits{Time: 400 * time.Millisecond, Output: 4 << 20}
	const n = 8
	for name, tt := range map[string]struct {
		source string
		fails  map[int]sandbox.Failure
		long   int // bytes that a value has at least
		times  int // how often the time is up on the clock; 0: never
	}{
		"quick":             {source: "def f(n): return n"},
		"slow":              {source: "import time\ndef f(n):\n  time.sleep(0.005)\n  return n"},
		"longer than pipes": {source: "def f(n): return 'x' * 200000", long: 200000},
		"half a pipe":       {source: "def f(n): return 'x' * (20000 + 9000 * (n % 3))", long: 20000},
		"by and by longer":  {source: "def f(n): return 'x' * 4 ** n * 10", long: 10},
		"prints as well":    {source: "def f(n):\n  print('y' * 30000)\n  return n"},
		"spins":             {source: "def f(n):\n  while n == 5: pass\n  return n", fails: map[int]sandbox.Failure{5: sandbox.TimeLimit}, times: 1},
		"sleeps":            {source: "import time\ndef f(n):\n  if n == 5: time.sleep(600)\n  return n", fails: map[int]sandbox.Failure{5: sandbox.TimeLimit}, times: 1},
		"goes":              {source: "import os\ndef f(n):\n  if n == 5: os._exit(0)\n  return n", fails: map[int]sandbox.Failure{5: sandbox.RuntimeError}},
		"is killed":         {source: "import os\ndef f(n):\n  if n == 0: os.kill(os.getpid(), 9)\n  return n", fails: map[int]sandbox.Failure{0: sandbox.RuntimeError}},
		"raises":            {source: "def f(n): return 1 // (n - 5)", fails: map[int]sandbox.Failure{5: sandbox.RuntimeError}},
		"leaves a child":    {source: "import os, time\ndef f(n):\n  if n == 3 and os.fork() == 0: time.sleep(600)\n  return n"},
		// It writes the reply of the driver to a call that it does not answer, and never rings.
		"never rings": {
			source: "import os, time\ndef f(n):\n  if n == 2:\n    os.write(4, b'{\"id\":3,\"nonce\":\"n\",\"value\":2}\\n')\n    time.sleep(600)\n  return n",
			fails:  map[int]sandbox.Failure{3: sandbox.TimeLimit}, times: 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			outs := make(map[int]sandbox.Output)
			build, err := j.Run(t.Context(), sandbox.Program{Language: l, Source: tt.source, Entry: "f", Limits: limits}, calls(n), func(i int, out sandbox.Output) bool {
				outs[i] = out
				return true
			})
			require.NoError(t, err)
			require.Empty(t, build.Failure)
			require.Len(t, outs, n)
			up := 0
			for i := range n {
				require.Equal(t, tt.fails[i], outs[i].Failure, "call %d: %s%s", i, outs[i].Stderr[:min(len(outs[i].Stderr), 200)], outs[i].Value[:min(len(outs[i].Value), 200)])
				if outs[i].Usage.Wall >= limits.Time {
					up++
				}
				if tt.fails[i] == "" {
					require.True(t, strings.HasPrefix(string(outs[i].Value), fmt.Sprintf(`{"id":%d,"nonce":"n","value":`, i+1)))
					require.GreaterOrEqual(t, len(outs[i].Value), tt.long)
				}
			}
			require.Equal(t, tt.times, up, "only what is late takes the time of a late call")
		})
	}
}

// TestEndedAsItBegins ends programs at any moment of their start.
func TestEndedAsItBegins(t *testing.T) {
	j, l := warmed(t)
	p := sandbox.Program{Language: l, Source: "def f(n): return n", Entry: "f"}
	for i := range 150 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i)*10*time.Microsecond)
		_, err := j.Run(ctx, p, calls(3), func(int, sandbox.Output) bool { return true })
		cancel()
		if err != nil {
			require.ErrorIs(t, err, context.DeadlineExceeded)
		}
	}
	_, outs := run(t, j, p, calls(2)...)
	require.Empty(t, outs[1].Failure)
}
