//go:build linux && (amd64 || arm64)

package confine_test

import (
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox/confine"
)

func TestStarved(t *testing.T) {
	const ms = time.Millisecond
	type look struct {
		after, cpu time.Duration // since the look before
		ready      bool
	}
	for name, tt := range map[string]struct {
		looks []look
		want  time.Duration
	}{
		"nothing seen":                         {nil, 0},
		"the first look knows nothing":         {[]look{{20 * ms, 0, true}}, 0},
		"it sleeps":                            {[]look{{0, 0, false}, {20 * ms, 0, false}, {20 * ms, 0, false}}, 0},
		"it runs":                              {[]look{{0, 0, true}, {20 * ms, 20 * ms, true}, {20 * ms, 15 * ms, true}}, 0},
		"two of it run":                        {[]look{{0, 0, true}, {20 * ms, 40 * ms, true}}, 0},
		"it stands in line":                    {[]look{{0, 0, true}, {20 * ms, 0, true}, {20 * ms, 5 * ms, true}}, 35 * ms},
		"it stands in line, then sleeps":       {[]look{{0, 0, true}, {20 * ms, 0, true}, {20 * ms, 0, false}}, 20 * ms},
		"whoever looks was kept from it":       {[]look{{0, 0, false}, {2000 * ms, 300 * ms, false}}, 1700 * ms},
		"a child has ended, and its time gone": {[]look{{0, 50 * ms, true}, {20 * ms, -50 * ms, true}}, 20 * ms},
	} {
		t.Run(name, func(t *testing.T) {
			var s confine.Starved
			var u confine.Usage
			now := time.Unix(1, 0)
			for _, l := range tt.looks {
				now, u.CPU, u.Ready = now.Add(l.after), u.CPU+l.cpu, l.ready
				s.Note(now, u)
			}
			require.Equal(t, tt.want, s.Total())
		})
	}
}

func TestReadyThread(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	require.True(t, confine.ReadyThread(os.Getpid()), "the thread that asks runs")
	require.False(t, confine.ReadyThread(-1))
}
