//go:build linux && (amd64 || arm64)

package confine

import (
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// Starved adds up the time in which processes stood ready to run and did not get a
// processor, as far as looks at them show it: a limit on the clock should leave
// it out. A process that sleeps gathers none of it.
//
// One goroutine notes; any may ask.
type Starved struct {
	at    time.Time
	cpu   time.Duration
	total atomic.Int64
}

// late is from which time between two looks on whoever looks was starved as well.
// What the processes did meanwhile is not known.
const late = 100 * time.Millisecond

// Note takes a look at the processes. Looks should be a few milliseconds apart.
func (s *Starved) Note(now time.Time, u Usage) {
	since, used := now.Sub(s.at), max(u.CPU-s.cpu, 0)
	first := s.at.IsZero()
	s.at, s.cpu = now, u.CPU
	switch {
	case first:
	case since > late:
		s.total.Add(int64(max(since-used, 0)))
	case u.Ready && used < since/2:
		s.total.Add(int64(since - used))
	}
}

// Total is the time up to the last look.
func (s *Starved) Total() time.Duration { return time.Duration(s.total.Load()) }

// ReadyThread tells whether a thread of a process runs, or could run at once.
func ReadyThread(pid int) bool {
	folder := "/proc/" + strconv.Itoa(pid) + "/task"
	dir, err := os.Open(folder)
	if err != nil {
		return false
	}
	defer dir.Close()
	ids, _ := dir.Readdirnames(maxThreads)
	var buf [512]byte
	for _, id := range ids {
		fd, err := unix.Open(folder+"/"+id+"/stat", unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err != nil {
			continue
		}
		n, _ := unix.Read(fd, buf[:])
		unix.Close(fd)
		if n > 0 && stateOf(buf[:n]) == 'R' {
			return true
		}
	}
	return false
}

// maxThreads bounds the threads of a process that are looked at.
const maxThreads = 256
