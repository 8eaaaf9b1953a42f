//go:build linux && (amd64 || arm64)

package confine

import (
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// A Group is a group of processes, by its number: the process id of its leader.
type Group int

// Kill sends SIGKILL to all of the group. A process that is being forked at this
// moment is hit as well.
func (g Group) Kill() {
	if g > 1 {
		_ = unix.Kill(-int(g), unix.SIGKILL)
	}
}

// End kills all of the group and reaps those of it that are children of this
// process, until the group is empty or the remaining ones are zombies whose parent
// must reap them. The number must be that of a group that the caller knows
// to exist or to have had members until now.
func (g Group) End() time.Duration {
	if g <= 1 {
		return 0
	}
	var cpu time.Duration
	for pause := 50 * time.Microsecond; ; {
		g.Kill()
		cpu += g.reap()
		if unix.Kill(-int(g), 0) == unix.ESRCH || !g.alive() {
			return cpu
		}
		// A member is on its way out, its parent not yet: it comes to us then.
		time.Sleep(pause)
		pause = min(2*pause, 5*time.Millisecond)
	}
}

// reap collects the ended children of this process in the group, waiting for
// those that have been killed.
func (g Group) reap() (cpu time.Duration) {
	for {
		var ru unix.Rusage
		pid, err := unix.Wait4(-int(g), nil, 0, &ru)
		switch {
		case err == unix.EINTR:
		case err != nil || pid <= 0:
			return cpu
		default:
			cpu += cpuOf(&ru)
		}
	}
}

// alive reports whether the group has a member that is no zombie.
func (g Group) alive() bool {
	for p := range allProcs() {
		if p.group == int(g) && !p.ended() {
			return true
		}
	}
	return false
}

// Usage returns what the group's processes use now. It reads /proc once; the
// cost grows with the processes of the machine.
func (g Group) Usage() Usage {
	var u Usage
	for p := range allProcs() {
		if p.group == int(g) {
			u.add(p)
		}
	}
	return u
}

func (u *Usage) add(p proc) {
	u.Resident += p.pages * int64(os.Getpagesize())
	u.CPU += p.cpu
	if !p.ended() {
		u.Processes++
		u.PIDs = append(u.PIDs, p.pid)
		u.Threads += p.threads
		u.Ready = u.Ready || p.state == 'R' || p.threads > 1 && ReadyThread(p.pid)
	}
}

func cpuOf(ru *unix.Rusage) time.Duration {
	return time.Duration(ru.Utime.Nano() + ru.Stime.Nano())
}

// owner returns the user of a process, or -1.
func owner(pid int) int {
	var st unix.Stat_t
	if unix.Stat("/proc/"+strconv.Itoa(pid), &st) != nil {
		return -1
	}
	return int(st.Uid)
}
