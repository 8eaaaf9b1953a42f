package calls

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestWindow compares the window with one that counts everything anew.
func TestWindow(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	w := window{span: time.Minute}
	var all []use
	now := time.Unix(0, 0)
	used := func(at time.Time) (sum int) {
		for _, e := range all {
			if e.at.Add(w.span).After(at) {
				sum += e.amount
			}
		}
		return sum
	}
	for range 1000 {
		now = now.Add(time.Duration(random.IntN(2000)) * time.Millisecond)
		amount := random.IntN(100)
		w.add(now, amount)
		all = append(all, use{now, amount})
		if len(all) > 200 {
			all = all[1:]
		}
		require.Equal(t, used(now), w.used(now))
		room := random.IntN(3000)
		free := w.free(now, room)
		require.LessOrEqual(t, used(free), room)
		if free.After(now) {
			require.Greater(t, used(free.Add(-1)), room, "not a moment too late")
		}
	}
	require.Less(t, len(w.entries), 300, "what is over is dropped")
}

func TestGauge(t *testing.T) {
	var g gauge
	require.Equal(t, 99.0, g.upper(99))
	for range 8 {
		g.add(20)
	}
	require.Equal(t, 20.0, g.upper(99), "equal measurements leave no margin")
	for range 50 {
		g.add(10)
		g.add(30)
	}
	require.Greater(t, g.upper(99), 30.0)
	require.Less(t, g.upper(99), 60.0)
}

func TestPace(t *testing.T) {
	start := time.Unix(0, 0)
	var p pace
	p.widen(64)
	require.Equal(t, 64, p.width())
	p.throttled(start.Add(time.Second), start, 0)
	require.Equal(t, 32, p.width())
	p.throttled(start.Add(time.Second), start, 0)
	require.Equal(t, 32, p.width(), "calls that ran together make it fall once")
	p.throttled(start.Add(3*time.Second), start.Add(2*time.Second), 0)
	require.Equal(t, 1, p.width(), "nothing came through since")
	for range 47 {
		p.succeeded()
	}
	require.Equal(t, 48, p.width(), "back to three quarters")
	for range 48 {
		p.succeeded()
	}
	require.InDelta(t, 49, p.limit, 0.05, "and slowly above")
	for range 5000 {
		p.succeeded()
	}
	require.Equal(t, 64, p.width(), "and never beyond the concurrency")
	p.throttled(start.Add(9*time.Second), start.Add(8*time.Second), 30*time.Second)
	require.Equal(t, start.Add(39*time.Second), p.hold, "what the service asks for counts")

	// Others join with what they may have, and take as much with them.
	p.widen(16)
	require.Equal(t, 48, p.width())
	p.narrow(16)
	p.narrow(32)
	require.Equal(t, 32, p.width())
}
