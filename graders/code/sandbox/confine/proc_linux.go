//go:build linux && (amd64 || arm64)

package confine

import (
	"bytes"
	"encoding/binary"
	"iter"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// ticks is the unit of times in /proc/PID/stat on every machine that Linux
// supports (USER_HZ).
const tick = time.Second / 100

// A proc is what /proc/PID/stat says of a process.
type proc struct {
	pid, parent, group int
	state              byte
	threads            int
	start              uint64 // in ticks since boot
	cpu                time.Duration
	pages              int64
}

// readProc reads one process; false where it is not there (any more).
func readProc(pid int) (proc, bool) {
	var path [32]byte
	name := strconv.AppendInt(append(path[:0], "/proc/"...), int64(pid), 10)
	name = append(name, "/stat"...)
	fd, err := unix.Open(string(name), unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return proc{}, false
	}
	defer unix.Close(fd)
	var buf [1024]byte
	n, err := unix.Read(fd, buf[:])
	if err != nil || n <= 0 {
		return proc{}, false
	}
	return parseStat(buf[:n])
}

// parseStat reads a line of /proc/PID/stat. The second field is the name that
// the program gave itself, with any bytes in it: the fields that can be
// trusted begin after the last parenthesis.
func parseStat(line []byte) (proc, bool) {
	open, end := bytes.IndexByte(line, '('), bytes.LastIndexByte(line, ')')
	if open < 0 || end < open {
		return proc{}, false
	}
	pid, ok := decimal(bytes.TrimSpace(line[:open]))
	if !ok {
		return proc{}, false
	}
	p := proc{pid: int(pid)}
	field := 2
	for f := range bytes.FieldsSeq(line[end+1:]) {
		field++
		if field == 3 {
			p.state = f[0]
			continue
		}
		var v int64
		switch field {
		case 4, 5, 14, 15, 16, 17, 20, 22, 24:
			if v, ok = decimal(f); !ok {
				return proc{}, false
			}
		}
		switch field {
		case 4:
			p.parent = int(v)
		case 5:
			p.group = int(v)
		case 14, 15, 16, 17:
			p.cpu += time.Duration(v) * tick
		case 20:
			p.threads = int(v)
		case 22:
			p.start = uint64(v)
		case 24:
			p.pages = v
			return p, true
		}
	}
	return proc{}, false
}

// stateOf reads the state alone.
func stateOf(line []byte) byte {
	end := bytes.LastIndexByte(line, ')')
	if end < 0 || end+2 >= len(line) {
		return 0
	}
	return line[end+2]
}

func decimal(b []byte) (int64, bool) {
	if len(b) == 0 || len(b) > 18 {
		return 0, false
	}
	var n int64
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// ended tells whether the process is a zombie.
func (p proc) ended() bool { return p.state == 'Z' || p.state == 'X' }

// ticksNow returns the time in ticks since boot, as proc.start counts.
func ticksNow() uint64 {
	var now unix.Timespec
	if unix.ClockGettime(unix.CLOCK_BOOTTIME, &now) != nil {
		return 0
	}
	return uint64(time.Duration(now.Nano()) / tick)
}

// allProcs yields every process that can be seen, the youngest first: those
// that multiply are met while they live.
func allProcs() iter.Seq[proc] {
	return func(yield func(proc) bool) {
		for _, pid := range slices.Backward(listPIDs()) {
			if p, ok := readProc(pid); ok && !yield(p) {
				return
			}
		}
	}
}

// listPIDs returns the ids of the processes that can be seen, in order.
func listPIDs() []int {
	fd, err := unix.Open("/proc", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	defer unix.Close(fd)
	var pids []int
	buf := make([]byte, 16<<10)
	for {
		n, err := unix.Getdents(fd, buf)
		if err == unix.EINTR {
			continue
		}
		if err != nil || n <= 0 {
			return pids
		}
		// struct linux_dirent64: inode, offset, length of the record, type, name.
		for b := buf[:n]; len(b) > 19; {
			length := int(binary.NativeEndian.Uint16(b[16:]))
			if length < 20 || length > len(b) {
				break
			}
			name, _, _ := bytes.Cut(b[19:length], []byte{0})
			if pid, ok := decimal(name); ok {
				pids = append(pids, int(pid))
			}
			b = b[length:]
		}
	}
}
