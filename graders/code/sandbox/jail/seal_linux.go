//go:build amd64 || arm64

package jail

import (
	"io/fs"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// A seal tells whether anything in a folder has been changed: of each file its
// number, size, mode and the time of its last change, which no program can set.
type seal []sealed

type sealed struct {
	path  string
	state state
}

type state struct {
	inode, mode, owner uint64
	size, changed      int64
}

// maxSealed bounds how many files a seal looks at.
const maxSealed = 4096

func stateOf(path string) state {
	var st unix.Stat_t
	if unix.Lstat(path, &st) != nil {
		return state{size: -1}
	}
	return state{st.Ino, uint64(st.Mode), uint64(st.Uid), st.Size, st.Ctim.Nano()}
}

// sealOf seals all that is in folders now.
func sealOf(dirs ...string) seal {
	var s seal
	for _, dir := range dirs {
		_ = filepath.WalkDir(dir, func(path string, _ fs.DirEntry, _ error) error {
			if len(s) >= maxSealed {
				return fs.SkipAll
			}
			s = append(s, sealed{path, stateOf(path)})
			return nil
		})
	}
	return s
}

// broken says whether something has changed since. A file more changes its
// folder.
func (s seal) broken() bool {
	for _, f := range s {
		if stateOf(f.path) != f.state {
			return true
		}
	}
	return false
}

// tampered says whether a run has changed the program or what stands beside it.
func (b *built) tampered() bool {
	if !b.changed {
		b.changed = b.seal.broken()
	}
	return b.changed
}
