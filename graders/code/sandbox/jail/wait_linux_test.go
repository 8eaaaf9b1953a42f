//go:build amd64 || arm64

package jail

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/confine"
)

// TestWaitStarved wants the clock to stand still for a program while it waits for a
// processor, and for none that sleeps.
func TestWaitStarved(t *testing.T) {
	const wall = 3 * time.Second
	for name, tt := range map[string]struct {
		starves, ends time.Duration
		lives         time.Duration
		failure       sandbox.Failure
	}{
		"it sleeps":                   {0, 0, wall, sandbox.TimeLimit},
		"it starves, then sleeps":     {10 * time.Second, 0, 10*time.Second + wall, sandbox.TimeLimit},
		"it starves, then ends":       {10 * time.Second, 11 * time.Second, 11 * time.Second, ""},
		"it ends while it is starved": {time.Minute, 20 * time.Second, 20 * time.Second, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				p := &process{done: make(chan struct{}), started: start}
				var killed atomic.Bool
				kill := func() {
					if !killed.Swap(true) {
						p.end(137, 9, 0, 0)
					}
				}
				look := func() confine.Usage {
					return confine.Usage{Processes: 1, Threads: 1, Ready: time.Since(start) < tt.starves}
				}
				p.watch(bound{cpu: time.Second, memory: mebibyte, processes: 8}, func() int { return 0 }, look, kill)
				if tt.ends > 0 {
					time.AfterFunc(tt.ends, func() {
						killed.Store(true)
						p.end(0, 0, 0, 0)
					})
				}
				w := newWatcher()
				w.add(p.watched)
				p.wait(t.Context(), wall)
				require.InDelta(t, tt.lives, time.Since(start), float64(5*watchEvery))
				require.Equal(t, tt.failure, p.failure())
				w.remove(p.watched)
				w.close()
			})
		})
	}
}
