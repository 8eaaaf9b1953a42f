//go:build amd64 || arm64

package jail

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// mend looks whether what programs share is as the jail has left it, and writes
// it anew where it is not. A program of the same user can change the modes of
// files wherever they are, and without Landlock their contents: the next program
// must not fail for it. What runs at that moment may.
func (j *Jail) mend(ctx context.Context, l *sandbox.Language) error {
	if j.user != nil {
		return nil
	}
	j.sharing.Lock()
	defer j.sharing.Unlock()
	whole := j.shared
	if l.Driver != DriverGo && l.Driver != DriverJava && len(l.Compile) == 0 {
		// Nothing but the drivers is of use to it.
		whole = j.furniture
	}
	if j.rootState() == j.root && !whole.broken() {
		return nil
	}
	j.log.LogAttrs(ctx, slog.LevelWarn, "a program has changed the files of the sandbox, which are written anew")
	return j.refurnish()
}

// refurnish makes everything that programs share again. The caller holds
// sharing. The folder of what they read stays the same where it is there still:
// Landlock knows it by its inode.
func (j *Jail) refurnish() error {
	j.scratch.forget()
	now := stateOf(j.scratch.root)
	if now.inode != j.root.inode || now.mode&unix.S_IFMT != unix.S_IFDIR {
		if err := errors.Join(removeTree(j.scratch.root), os.Mkdir(j.scratch.root, 0o700)); err != nil {
			return err
		}
	}
	if err := os.Chmod(j.scratch.root, 0o711); err != nil {
		return err
	}
	if err := j.emptyShared(); err != nil {
		return err
	}
	if j.scratch.lock != nil {
		_ = j.scratch.lock.Close()
	}
	j.goLibrary, j.headerDone, j.header, j.java, j.serverPart = &goLibrary{}, false, "", "", partDone{}
	return errors.Join(j.scratch.hold(), j.furnish())
}

func (j *Jail) emptyShared() error {
	if st := stateOf(j.cache); st.mode&unix.S_IFMT != unix.S_IFDIR {
		return removeTree(j.cache)
	}
	if err := os.Chmod(j.cache, 0o755); err != nil {
		return err
	}
	entries, err := os.ReadDir(j.cache)
	for _, e := range entries {
		err = errors.Join(err, removeTree(filepath.Join(j.cache, e.Name())))
	}
	return err
}

// sealShared notes how what programs share is now. The caller holds sharing, or
// is alone.
func (j *Jail) sealShared() {
	if j.user != nil {
		return
	}
	j.root = j.rootState()
	j.furniture = append(sealOf(filepath.Join(j.cache, "drivers")), sealed{j.cache, stateOf(j.cache)})
	j.shared = sealOf(j.cache)
}

// rootState leaves out what changes when the folders of programs come and go.
func (j *Jail) rootState() state {
	now := stateOf(j.scratch.root)
	now.size, now.changed = 0, 0
	return now
}
