//go:build amd64 || arm64

package jail

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// hide removes what a trusted program was made of: it runs, and where Landlock
// does not hold, programs of the same user could read the rest.
func (f *folder) hide() {
	entries, err := os.ReadDir(f.src)
	if err != nil {
		return
	}
	for _, e := range entries {
		_ = removeTree(filepath.Join(f.src, e.Name()))
	}
}

// unreadable returns a copy of an interpreter that can be executed and not
// read: the kernel then lets no process of the same user look into its memory or
// environment (ptrace(2), PR_SET_DUMPABLE). It is made once, and is one of the
// things that programs share: see mend.
func (j *Jail) unreadable(path string) (string, error) {
	j.sharing.Lock()
	defer j.sharing.Unlock()
	to := filepath.Join(j.cache, "unread-"+filepath.Base(path))
	if st, err := os.Lstat(to); err == nil && st.Mode() == 0o111 {
		return to, nil
	}
	defer j.sealShared()
	_ = removeTree(to)
	if err := copyExecutable(path, to); err != nil {
		return "", unavailable("copy an interpreter", err)
	}
	return to, nil
}

func copyExecutable(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o200)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if err = errors.Join(err, out.Close()); err == nil {
		err = os.Chmod(to, 0o111)
	}
	if err != nil {
		_ = os.Remove(to)
	}
	return err
}
