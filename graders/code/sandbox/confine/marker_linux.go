//go:build linux && (amd64 || arm64)

package confine

import (
	"bytes"
	"os"
	"strconv"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// A marker is how processes of a run are found again wherever they hide: two hard
// limits that mean nothing to the kernel (locks, since Linux 2.4.25) or nothing to
// a process without real-time priority. Descendants inherit them. A process
// can lower a hard limit and never raise it: as the two add up to a constant,
// any change shows.
//
//	locks = 20 bits of a counter | 22 bits of the process id | 20 bits of the start time
//	rttime = markerSum - locks
type marker uint64

const markerSum = 1<<62 + 0x5246540000

// A markerSource makes the markers of this process.
type markerSource struct {
	id   uint64 // the low 42 bits
	next atomic.Uint64
}

const (
	markerStartBits = 20
	markerIDBits    = markerStartBits + 22
)

func newMarkerSource() *markerSource {
	pid := os.Getpid()
	var start uint64
	if p, ok := readProc(pid); ok {
		start = p.start
	}
	return &markerSource{id: uint64(pid)<<markerStartBits&(1<<markerIDBits-1) | start&(1<<markerStartBits-1)}
}

func (s *markerSource) marker() marker {
	return marker(s.next.Add(1)<<markerIDBits&(1<<62-1) | s.id)
}

func (m marker) locks() uint64  { return uint64(m) }
func (m marker) rtTime() uint64 { return markerSum - uint64(m) }

// source is what the markers of one process have in common.
func (m marker) source() uint64 { return uint64(m) & (1<<markerIDBits - 1) }

// orphaned tells whether the process that made the marker of pid has ended. The
// numbers in a marker mean nothing in another PID namespace.
func (m marker) orphaned(pid int) bool {
	maker, ok := readProc(int(m.source() >> markerStartBits))
	if ok && !maker.ended() && maker.start&(1<<markerStartBits-1) == m.source()&(1<<markerStartBits-1) {
		return false
	}
	return namespaces(pid) == 1
}

// namespaces is how many PID namespaces a process is in, as seen from here; 0
// where the kernel does not tell.
func namespaces(pid int) int {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(b) {
		if numbers, ok := bytes.CutPrefix(line, []byte("NSpid:")); ok {
			return len(bytes.Fields(numbers))
		}
	}
	return 0
}

// tampered stands for the marker of a process that has lowered its limits.
const tampered marker = 1<<64 - 1

// markerOf returns the marker of a process; 0 where it has none.
func markerOf(pid int) marker {
	var locks, rt unix.Rlimit
	if unix.Prlimit(pid, unix.RLIMIT_LOCKS, nil, &locks) == nil && unix.Prlimit(pid, unix.RLIMIT_RTTIME, nil, &rt) == nil {
		return readMarker(locks.Max, rt.Max)
	}
	// Another user's limits can be read, not asked for.
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/limits")
	if err != nil {
		return 0
	}
	return readMarker(hardLimit(b, "Max file locks"), hardLimit(b, "Max realtime timeout"))
}

func readMarker(locks, rt uint64) marker {
	switch {
	case locks > markerSum || rt > markerSum:
		return 0 // unlimited, as with everybody else
	case locks+rt == markerSum && locks != 0:
		return marker(locks)
	case locks+rt < markerSum:
		return tampered
	default:
		return 0
	}
}

// hardLimit reads the hard limit from a line of /proc/PID/limits.
func hardLimit(limits []byte, name string) uint64 {
	for line := range bytes.Lines(limits) {
		rest, ok := bytes.CutPrefix(line, []byte(name))
		if !ok {
			continue
		}
		if fields := bytes.Fields(rest); len(fields) > 1 {
			if n, err := strconv.ParseUint(string(fields[1]), 10, 64); err == nil {
				return n
			}
		}
	}
	return unix.RLIM_INFINITY
}
