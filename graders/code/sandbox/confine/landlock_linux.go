//go:build linux && (amd64 || arm64)

package confine

import (
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Rights of files and folders, by what a policy grants.
const (
	rightsRead    = unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_READ_DIR
	rightsExecute = rightsRead | unix.LANDLOCK_ACCESS_FS_EXECUTE
	rightsDevice  = unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_TRUNCATE | unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
	rightsWrite   = rightsExecute | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_TRUNCATE |
		unix.LANDLOCK_ACCESS_FS_REMOVE_DIR | unix.LANDLOCK_ACCESS_FS_REMOVE_FILE |
		unix.LANDLOCK_ACCESS_FS_MAKE_DIR | unix.LANDLOCK_ACCESS_FS_MAKE_REG | unix.LANDLOCK_ACCESS_FS_MAKE_SYM |
		unix.LANDLOCK_ACCESS_FS_MAKE_FIFO | unix.LANDLOCK_ACCESS_FS_REFER
	// rightsFile are those that a file, which is no folder, can be given.
	rightsFile = rightsDevice | unix.LANDLOCK_ACCESS_FS_EXECUTE
)

// landlockABI returns the version of Landlock that the kernel speaks, or 0.
func landlockABI() int {
	v, _, errno := unix.RawSyscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return 0
	}
	return int(v)
}

// handledFiles returns all rights of files that the version knows.
func handledFiles(abi int) uint64 {
	switch {
	case abi < 2:
		return 1<<13 - 1
	case abi < 3:
		return 1<<14 - 1 // rename and link between folders
	case abi < 5:
		return 1<<15 - 1 // truncate
	default:
		return 1<<16 - 1 // ioctl of devices
	}
}

// A place is a path beneath which rights are granted.
type place struct {
	fd     int // opened with O_PATH
	rights uint64
}

// A fence is what the rulesets of a confinement are made from.
type fence struct {
	files, net, scoped uint64
	places             []place
}

// newFence opens the paths of a policy, passing over those that do not exist.
func newFence(p Policy, abi int, net, scope bool) (*fence, error) {
	f := &fence{files: handledFiles(abi)}
	if net && abi >= 4 {
		f.net = unix.LANDLOCK_ACCESS_NET_BIND_TCP | unix.LANDLOCK_ACCESS_NET_CONNECT_TCP
	}
	if scope && abi >= 6 {
		f.scoped = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL
	}
	var granted []grantedPath
	for _, list := range []struct {
		paths  []string
		rights uint64
	}{{p.Execute, rightsExecute}, {p.Read, rightsRead}, {p.Device, rightsDevice}, {p.Write, rightsWrite}} {
		for _, path := range list.paths {
			real, err := filepath.EvalSymlinks(path)
			if err == nil && slices.ContainsFunc(granted, func(g grantedPath) bool { return g.covers(real, list.rights) }) {
				continue // fewer rules make a faster start
			}
			granted = append(granted, grantedPath{real, list.rights})
			pl, err := f.open(path, list.rights)
			if errors.Is(err, unix.ENOENT) || errors.Is(err, unix.ENOTDIR) || errors.Is(err, unix.EACCES) {
				continue // what cannot be reached from here needs no permission
			}
			if err != nil {
				f.close()
				return nil, err
			}
			f.places = append(f.places, pl)
		}
	}
	return f, nil
}

// A grantedPath has been given rights, with all that lies beneath it.
type grantedPath struct {
	path   string // without symbolic links
	rights uint64
}

func (g grantedPath) covers(path string, rights uint64) bool {
	if g.path == "" || rights&^g.rights != 0 {
		return false
	}
	rest, ok := strings.CutPrefix(path, strings.TrimSuffix(g.path, "/"))
	return ok && (rest == "" || rest[0] == '/')
}

func (f *fence) open(path string, rights uint64) (place, error) {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return place{}, fmt.Errorf("open %s for its permission: %w", path, err)
	}
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		unix.Close(fd)
		return place{}, fmt.Errorf("look at %s for its permission: %w", path, err)
	}
	if st.Mode&unix.S_IFMT != unix.S_IFDIR {
		rights &= rightsFile
	}
	return place{fd, rights & f.files}, nil
}

func (f *fence) close() {
	for _, p := range f.places {
		unix.Close(p.fd)
	}
	f.places = nil
}

// ruleset makes a ruleset of the fence and the process's own folders. The
// caller closes it.
func (f *fence) ruleset(read, write []string) (fd int, err error) {
	attr := [3]uint64{f.files, f.net, f.scoped}
	size := uintptr(8)
	switch {
	case f.scoped != 0:
		size = 24
	case f.net != 0:
		size = 16
	}
	r, _, errno := unix.RawSyscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), size, 0)
	if errno != 0 {
		return -1, &StartError{Step: "landlock ruleset", Err: errno}
	}
	// Above the numbers that the child's own descriptors will have.
	fd, err = unix.FcntlInt(r, unix.F_DUPFD_CLOEXEC, maxFiles)
	unix.Close(int(r))
	if err != nil {
		return -1, &StartError{Step: "landlock ruleset", Err: err}
	}
	for _, p := range f.places {
		if err := grant(fd, p); err != nil {
			unix.Close(fd)
			return -1, err
		}
	}
	for _, own := range []struct {
		paths  []string
		rights uint64
	}{{read, rightsExecute}, {write, rightsWrite}} {
		for _, path := range own.paths {
			p, err := f.open(path, own.rights)
			if err == nil {
				err = grant(fd, p)
				unix.Close(p.fd)
			}
			if err != nil {
				unix.Close(fd)
				return -1, err
			}
		}
	}
	return fd, nil
}

// grant adds a rule: struct landlock_path_beneath_attr, which is packed.
func grant(ruleset int, p place) error {
	var attr [12]byte
	binary.NativeEndian.PutUint64(attr[:8], p.rights)
	binary.NativeEndian.PutUint32(attr[8:], uint32(p.fd))
	if _, _, errno := unix.RawSyscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(ruleset), unix.LANDLOCK_RULE_PATH_BENEATH, uintptr(unsafe.Pointer(&attr)), 0, 0, 0); errno != 0 {
		return &StartError{Step: "landlock rule", Err: errno}
	}
	return nil
}
