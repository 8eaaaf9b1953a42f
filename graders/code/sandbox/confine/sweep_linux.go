//go:build linux && (amd64 || arm64)

package confine

import (
	"os"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// Harden closes this process to those that it starts, for as long as it lives:
// no process of the same user can open its memory, environment and descriptors,
// or trace it; orphans of its descendants become its children. Call it
// once, before the first Start. A debugger can no longer attach.
func Harden() error {
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return &StartError{Step: "dumpable", Err: err}
	}
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return &StartError{Step: "subreaper", Err: err}
	}
	return nil
}

// Sweep ends every process that any confinement of this process has started,
// or that came of one, and those that graders have left which have ended, and
// returns how many were alive. Other processes are not touched, nor those of
// other graders.
//
// The processes whose ids are given are kept. Where the seccomp filter holds
// them in their groups, so are the groups that they lead. Others must not be
// waited for any more: Sweep reaps them.
func (c *Confinement) Sweep(keep ...int) (ended int) {
	if !c.layers.marker {
		return c.sweep(keep, descends)
	}
	return c.sweep(keep, func(p proc) bool {
		m := markerOf(p.pid)
		switch {
		case m == 0:
			return false
		case m == tampered:
			return descends(p) || p.parent == 1 && os.Getpid() != 1
		}
		return m.source() == c.markers.id || m.orphaned(p.pid)
	})
}

// SweepOrphans ends what came of graders that were killed, and touches nothing that
// came of one which lives. It returns how many processes were alive.
func (c *Confinement) SweepOrphans() (ended int) {
	if !c.layers.marker {
		return 0
	}
	return c.sweep(nil, func(p proc) bool {
		m := markerOf(p.pid)
		return m != 0 && m != tampered && m.source() != c.markers.id && m.orphaned(p.pid)
	})
}

// sweep ends the processes that match, except this one, its ancestors and
// those to keep.
func (c *Confinement) sweep(keep []int, match func(proc) bool) (ended int) {
	spared := append(ancestors(os.Getpid()), keep...)
	seen := make(map[int]bool)
	endAll(func(p proc) bool {
		if slices.Contains(spared, p.pid) || c.layers.seccomp && slices.Contains(keep, p.group) || !match(p) {
			return false
		}
		if !p.ended() {
			seen[p.pid] = true
		}
		return true
	})
	return len(seen)
}

// endAll stops, kills and reaps all processes that match, until only zombies of
// other parents are left. Each is stopped as soon as it is seen, so that none can
// start another one while its brothers are killed. A pass that meets a process,
// though it be a zombie, is followed by another pass: its child may have been
// born after the pass began.
func endAll(match func(proc) bool) (cpu time.Duration) {
	self := os.Getpid()
	known := make(map[proc]bool)
	for pause := 50 * time.Microsecond; ; pause = min(2*pause, 5*time.Millisecond) {
		met := false
		var alive []proc
		for p := range allProcs() {
			key := proc{pid: p.pid, start: p.start}
			switch {
			case known[key] && p.parent != self || !match(p):
			case !p.ended() && p.signal(unix.SIGSTOP):
				alive = append(alive, p)
			default:
				// A zombie, or out of reach: there is nothing more to do about it.
				met = met || !known[key]
				known[key] = true
				cpu += p.reap()
			}
		}
		for _, p := range alive {
			_ = p.signal(unix.SIGKILL)
		}
		switch {
		case len(alive) > 0:
			time.Sleep(pause)
		case !met:
			return cpu
		}
	}
}

// signal signals exactly this process, not one that has its number by now. It
// reports whether the process is there and may be signalled.
func (p proc) signal(sig unix.Signal) bool {
	fd, err := unix.PidfdOpen(p.pid, 0)
	if err == nil {
		defer unix.Close(fd)
	}
	if p.gone() {
		return false
	}
	if err == nil {
		err = unix.PidfdSendSignal(fd, sig, nil, 0)
	}
	if err == unix.ENOSYS { // an old kernel, or one that knows no descriptors of processes
		err = unix.Kill(p.pid, sig)
	}
	return err == nil
}

// gone tells whether the process is not there any more.
func (p proc) gone() bool {
	now, ok := readProc(p.pid)
	return !ok || now.start != p.start
}

// reap collects a zombie if it is a child of this process.
func (p proc) reap() time.Duration {
	if !p.ended() || p.parent != os.Getpid() {
		return 0
	}
	var ru unix.Rusage
	if pid, err := unix.Wait4(p.pid, nil, unix.WNOHANG, &ru); err != nil || pid != p.pid {
		return 0
	}
	return cpuOf(&ru)
}

// ancestors returns a process and those above it.
func ancestors(pid int) []int {
	var line []int
	for pid > 0 && !slices.Contains(line, pid) {
		line = append(line, pid)
		p, _ := readProc(pid)
		pid = p.parent
	}
	return line
}

// descends tells whether a process came of this one, as far as parents tell.
func descends(p proc) bool {
	return p.pid != os.Getpid() && slices.Contains(ancestors(p.parent), os.Getpid())
}
