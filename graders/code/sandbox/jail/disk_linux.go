//go:build amd64 || arm64

package jail

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

// entryBytes is what an entry of a folder counts at least: inodes run out too.
const entryBytes = 512

// diskUsed returns the bytes that a folder takes, and stops counting above
// limit.
func diskUsed(dir string, limit int64) int64 {
	var used int64
	folders := []string{dir}
	for len(folders) > 0 && used <= limit {
		dir := folders[len(folders)-1]
		folders = folders[:len(folders)-1]
		f, err := openFolder(dir)
		if errors.Is(err, unix.EACCES) {
			// What a program hides counts too.
			unhide(dir)
			f, err = openFolder(dir)
		}
		if errors.Is(err, unix.ENAMETOOLONG) {
			return limit + 1
		}
		if err != nil {
			continue
		}
		more := 0
		used += folderUsed(f, limit-used, func(name string) {
			folders = append(folders, filepath.Join(dir, name))
			more++
		})
		f.Close()
	}
	return used
}

// openFolder opens a folder that a running program may exchange for anything else: for
// a link that leads elsewhere, or for a pipe, whose opening would wait for ever.
func openFolder(dir string) (*os.File, error) {
	fd, err := unix.Open(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), dir), nil
}

// unhide lets its owner into a folder, and changes nothing that took its place.
func unhide(dir string) {
	fd, err := unix.Open(dir, unix.O_PATH|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return
	}
	defer unix.Close(fd)
	_ = unix.Chmod("/proc/self/fd/"+strconv.Itoa(fd), 0o700)
}

func folderUsed(f *os.File, limit int64, folder func(string)) int64 {
	var used int64
	for used <= limit {
		names, _ := f.Readdirnames(1024)
		if len(names) == 0 {
			break
		}
		for _, name := range names {
			var st unix.Stat_t
			if unix.Fstatat(int(f.Fd()), name, &st, unix.AT_SYMLINK_NOFOLLOW) != nil {
				continue
			}
			used += max(st.Blocks*512, entryBytes)
			if st.Mode&unix.S_IFMT == unix.S_IFDIR {
				folder(name)
			}
		}
	}
	return used
}
