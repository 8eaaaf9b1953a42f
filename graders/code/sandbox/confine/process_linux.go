//go:build linux && (amd64 || arm64)

package confine

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// A Process is a confined process and all that comes of it.
type Process struct {
	pid     int
	layers  layers
	marker  marker
	ownPeak int64  // this process's peak memory when it was started, in bytes
	born    uint64 // when, in ticks since boot; the first is not full
	killed  atomic.Bool

	// alive is held to send signals, and to reap: no signal goes to a number that
	// may already be another's.
	alive  sync.Mutex
	reaped bool

	wait sync.Mutex
	exit Exit
	err  error
	done bool
}

func newProcess(pid int, l layers, m marker, born uint64) *Process {
	var ru unix.Rusage
	_ = unix.Getrusage(unix.RUSAGE_SELF, &ru)
	return &Process{pid: pid, layers: l, marker: m, ownPeak: ru.Maxrss << 10, born: born}
}

// PID returns the process id, which is the number of its group too.
func (p *Process) PID() int { return p.pid }

// Group returns the process's group.
func (p *Process) Group() Group { return Group(p.pid) }

// Kill sends SIGKILL to the process and to all of its group. It does not
// wait: Wait does, and finds those that left the group.
func (p *Process) Kill() {
	p.alive.Lock()
	defer p.alive.Unlock()
	if !p.reaped {
		p.killed.Store(true)
		p.Group().Kill()
	}
}

// Wait waits until the process has ended, then kills and reaps all that came
// of it. When ctx ends first everything is killed, and the error is the context's cause;
// the Exit is valid all the same. Later calls return the same.
func (p *Process) Wait(ctx context.Context) (Exit, error) {
	p.wait.Lock()
	defer p.wait.Unlock()
	if p.done {
		return p.exit, p.err
	}
	p.done = true
	var cut atomic.Bool
	stop := context.AfterFunc(ctx, func() {
		cut.Store(true)
		p.Kill()
	})
	for {
		// The zombie is left for now: it keeps the group's number from being used again.
		var info unix.Siginfo
		err := unix.Waitid(unix.P_PID, p.pid, &info, unix.WEXITED|unix.WNOWAIT, nil)
		if err == nil {
			break
		}
		if err != unix.EINTR {
			// The number may be another's by now; the marker is not.
			stop()
			p.alive.Lock()
			p.reaped = true
			p.alive.Unlock()
			p.hunt()
			p.err = fmt.Errorf("wait for a confined process: %w: something else in this program waits for children that are not its own", err)
			return p.exit, p.err
		}
	}
	stop()
	p.finish()
	if cut.Load() {
		p.err = context.Cause(ctx)
	}
	return p.exit, p.err
}

// finish kills what is left of the group, reaps the leader and then the rest.
func (p *Process) finish() {
	p.alive.Lock()
	defer p.alive.Unlock()
	p.Group().Kill()
	var status unix.WaitStatus
	var ru unix.Rusage
	for {
		if _, err := unix.Wait4(p.pid, &status, 0, &ru); err != unix.EINTR {
			break
		}
	}
	p.reaped = true
	p.exit.CPU = cpuOf(&ru)
	if peak := ru.Maxrss << 10; peak > p.ownPeak {
		p.exit.Resident = peak
	}
	switch {
	case status.Signaled():
		p.exit.Signal = int(status.Signal())
		p.exit.Status = 128 + p.exit.Signal
		p.exit.Killed = p.killed.Load() && status.Signal() == unix.SIGKILL
	case status.Exited():
		p.exit.Status = status.ExitStatus()
	}
	if unix.Kill(-p.pid, 0) != unix.ESRCH {
		p.exit.CPU += p.Group().End()
	}
	if !p.layers.seccomp {
		p.exit.CPU += p.hunt()
	}
}

// hunt ends the descendants that left the group, by the marker they cannot
// take off, and whoever tried.
func (p *Process) hunt() (cpu time.Duration) {
	if p.marker == 0 {
		return 0
	}
	return endAll(func(q proc) bool {
		if q.start < p.born {
			return false
		}
		m := markerOf(q.pid)
		return m == p.marker || m == tampered && descends(q)
	})
}

// Usage returns what the process and all that came of it use now.
func (p *Process) Usage() Usage {
	if p.layers.seccomp {
		return p.Group().Usage()
	}
	var u Usage
	for q := range allProcs() {
		if q.group == p.pid || p.marker != 0 && markerOf(q.pid) == p.marker {
			u.add(q)
		}
	}
	return u
}
