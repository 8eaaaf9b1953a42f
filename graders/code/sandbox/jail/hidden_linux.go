//go:build amd64 || arm64

package jail

import (
	"bytes"
	"errors"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/confine"
)

// Memory of the kernel's that honest programs have too, and that does not count.
const (
	sparePageTables = 32 << 20
	spareSockets    = 64
)

// socketBytes is what a socket holds at most that has not been read: Linux's own
// setting of net.core.wmem_default.
const socketBytes = 208 << 10

// settled is the processor time by which a process is no longer on its way from what
// started it, which cannot be looked into.
const settled = 30 * time.Millisecond

// mostMapped bounds the deleted files that are mapped and no longer open: of those
// no size can be told.
const mostMapped = 8

// mostLooked bounds the descriptors that one look goes through: the look must not take
// longer than the time to the next.
const mostLooked = 1024

// lookBehind compares with the bound what neither resident sizes nor folders show:
// deleted files, page tables, what stands in sockets, shared memory that is mapped
// and not touched any more.
func (w *watched) lookBehind(u confine.Usage) {
	h := hidden{files: map[fileID]bool{}}
	now := roomTaken(w.bound.folder)
	grown := now.files-w.before.files > w.bound.disk || now.shared-w.before.shared > min(w.bound.disk, w.bound.memory)
	// Each look begins with another process, and ends when it has seen much.
	for i := range u.PIDs {
		h.look(u.PIDs[(i+w.looks)%len(u.PIDs)], grown)
		if h.looked > mostLooked {
			break
		}
	}
	switch {
	case diskUsed(w.bound.folder, w.bound.disk)+h.disk > w.bound.disk, h.mapped > mostMapped, h.shut && w.open && !w.bound.trusted && u.CPU >= settled:
		w.fail(sandbox.DiskLimit)
	case u.Resident+h.memory() > w.bound.memory:
		w.fail(sandbox.MemoryLimit)
	}
}

// A room is what all programs of the machine take.
type room struct {
	files  int64 // of the file system of a folder
	shared int64 // shared memory, with what is in tmpfs
}

func roomTaken(folder string) (r room) {
	var fs unix.Statfs_t
	if folder != "" && unix.Statfs(folder, &fs) == nil {
		r.files = int64(fs.Blocks-fs.Bfree) * fs.Bsize
	}
	var s unix.Sysinfo_t
	if unix.Sysinfo(&s) == nil {
		r.shared = int64(s.Sharedram) * int64(s.Unit)
	}
	return r
}

type fileID struct{ device, inode uint64 }

// A hidden adds up what processes hold.
type hidden struct {
	files   map[fileID]bool // those that were counted
	looked  int             // descriptors
	disk    int64
	mapped  int
	sockets int
	tables  int64
	shared  int64 // mapped shared memory
	seen    int64 // of which resident, and counted so
	shut    bool  // a process cannot be looked into
}

func (h *hidden) memory() int64 {
	m := max(h.shared-h.seen, 0)
	if h.tables > sparePageTables {
		m += h.tables
	}
	return m + int64(max(h.sockets-spareSockets, 0))*socketBytes
}

// look adds a process; deep also reads what it has mapped.
func (h *hidden) look(pid int, deep bool) {
	folder := "/proc/" + strconv.Itoa(pid)
	open := h.lookFiles(folder + "/fd")
	living := h.lookStatus(folder + "/status")
	// The memory was there after the descriptors were refused: it is no process that
	// was ending.
	h.shut = h.shut || !open && living
	if deep {
		h.lookMaps(folder + "/maps")
	}
}

// opens reports whether a process can be looked into.
func opens(pid int) bool {
	fd, err := unix.Open("/proc/"+strconv.Itoa(pid)+"/fd", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return false
	}
	unix.Close(fd)
	return true
}

// lookFiles adds deleted files that are open, memory files, and sockets. It
// reports false where it was refused.
func (h *hidden) lookFiles(folder string) bool {
	dir, err := os.Open(folder)
	if err != nil {
		return !errors.Is(err, unix.EACCES)
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(mostLooked)
	h.looked += len(names)
	for _, name := range names {
		var st unix.Stat_t
		if unix.Fstatat(int(dir.Fd()), name, &st, 0) != nil {
			continue
		}
		kind := st.Mode & unix.S_IFMT
		if kind != unix.S_IFSOCK && (kind != unix.S_IFREG || st.Nlink > 0) {
			continue
		}
		id := fileID{uint64(st.Dev), st.Ino}
		if h.files[id] {
			continue
		}
		h.files[id] = true
		if kind == unix.S_IFSOCK {
			h.sockets++
		} else {
			h.disk += st.Blocks * 512
		}
	}
	return true
}

// lookStatus adds page tables and resident shared memory, and reports whether the
// process has memory.
func (h *hidden) lookStatus(file string) bool {
	text, err := os.ReadFile(file)
	if err != nil {
		return false
	}
	tables, ok := kilobytes(text, "\nVmPTE:")
	shared, _ := kilobytes(text, "\nRssShmem:")
	h.tables += tables
	h.seen += shared
	return ok
}

// kilobytes reads a line of /proc/PID/status, in bytes. The name that a program
// gives itself is in the first line, with its line ends escaped.
func kilobytes(text []byte, name string) (int64, bool) {
	_, after, ok := bytes.Cut(text, []byte(name))
	if !ok {
		return 0, false
	}
	line, _, _ := bytes.Cut(after, []byte("\n"))
	n, err := strconv.ParseInt(string(bytes.TrimSpace(bytes.TrimSuffix(line, []byte("kB")))), 10, 52)
	return n << 10, err == nil
}

// lookMaps adds what is mapped of deleted files that are not open, and of shared
// memory. A line is: range, rights, offset, device, inode, name (proc(5)).
func (h *hidden) lookMaps(file string) {
	text, err := os.ReadFile(file)
	if err != nil {
		return
	}
	type mapping struct {
		size   int64
		memory bool
	}
	found := map[fileID]mapping{}
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(line)
		if !bytes.HasSuffix(line, []byte(" (deleted)")) {
			continue
		}
		fields := bytes.Fields(line)
		if len(fields) < 6 {
			continue
		}
		from, to, _ := bytes.Cut(fields[0], []byte("-"))
		first, err1 := strconv.ParseUint(string(from), 16, 64)
		last, err2 := strconv.ParseUint(string(to), 16, 64)
		id, ok := mappedFile(fields[3], fields[4])
		if err1 != nil || err2 != nil || !ok || h.files[id] {
			continue
		}
		found[id] = mapping{found[id].size + int64(last-first), bytes.Equal(fields[5], []byte("/dev/zero"))}
	}
	for id, m := range found {
		h.files[id] = true
		if m.memory {
			h.shared += m.size
		} else {
			h.disk += m.size
			h.mapped++
		}
	}
}

func mappedFile(device, inode []byte) (id fileID, ok bool) {
	major, minor, _ := bytes.Cut(device, []byte(":"))
	a, err1 := strconv.ParseUint(string(major), 16, 32)
	b, err2 := strconv.ParseUint(string(minor), 16, 32)
	n, err3 := strconv.ParseUint(string(inode), 10, 64)
	return fileID{unix.Mkdev(uint32(a), uint32(b)), n}, err1 == nil && err2 == nil && err3 == nil
}
