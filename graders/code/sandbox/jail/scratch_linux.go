//go:build amd64 || arm64

package jail

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/graders/code/sandbox/confine"
)

// A scratch is the folder of one jail. Programs have a folder each below it.
type scratch struct {
	root string
	lock *os.File      // held as long as this process lives
	user *confine.User // who owns what programs write; nil: this user

	mu   sync.Mutex
	free []*folder // in which nothing was ever changed
}

// maxFree bounds the folders that are kept for the next program.
const maxFree = 16

// makeScratch makes a folder of its own below dir. Others may pass through it
// to what they know by name, and not list it. Where a jail was killed here, orphans is
// called to end what it left running.
func makeScratch(dir string, user *confine.User, orphans func()) (*scratch, error) {
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		// A symbolic link on the way would not be what Landlock opened.
		return nil, err
	}
	removeAbandoned(dir, orphans)
	for try := 1; ; try++ {
		root, err := os.MkdirTemp(dir, scratchPrefix)
		if err != nil {
			return nil, err
		}
		s := &scratch{root: root, user: user}
		if err = errors.Join(os.Chmod(root, 0o711), s.hold()); err == nil {
			return s, nil
		}
		_ = removeTree(root)
		if try == 3 {
			return nil, err
		}
	}
}

const (
	scratchPrefix = "rft-jail-"
	lockName      = "lock"
)

// hold marks the folder as one whose process lives.
func (s *scratch) hold() error {
	path := filepath.Join(s.root, lockName)
	lock, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err = unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB); err == nil {
		// Somebody who took it for abandoned may have been quicker.
		_, err = os.Stat(path)
	}
	if err != nil {
		lock.Close()
		return err
	}
	s.lock = lock
	return nil
}

// lockTime is how long the maker of a folder may take to lock it.
const lockTime = time.Minute

// removeAbandoned removes the folders of jails of this user whose process was
// killed.
func removeAbandoned(dir string, orphans func()) {
	found, _ := filepath.Glob(filepath.Join(dir, scratchPrefix+"*"))
	for _, root := range found {
		var st unix.Stat_t
		if unix.Lstat(root, &st) != nil || st.Mode&unix.S_IFMT != unix.S_IFDIR || int(st.Uid) != os.Geteuid() {
			continue
		}
		lock, err := os.OpenFile(filepath.Join(root, lockName), os.O_WRONLY|unix.O_NOFOLLOW, 0)
		switch {
		case err == nil && unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil,
			errors.Is(err, fs.ErrNotExist) && time.Since(time.Unix(st.Mtim.Unix())) > lockTime:
			orphans()
			_ = removeTree(root)
		}
		if lock != nil {
			lock.Close()
		}
	}
}

func (s *scratch) remove() error {
	s.forget()
	if s.lock != nil {
		_ = s.lock.Close()
	}
	return removeTree(s.root)
}

// forget drops the folders that were kept.
func (s *scratch) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.free {
		f.dropRules()
	}
	s.free = nil
}

// A folder is what one program has: src, which it reads, and run, which it
// writes. It is used by one goroutine at a time.
type folder struct {
	path, src, run string
	scratch        *scratch
	made           [3]unix.Stat_t // as they were made
	rules          *os.File       // the Landlock ruleset of a program in it, or nil
	of             *confine.Confinement
}

func (s *scratch) folder() (*folder, error) {
	if f := s.kept(); f != nil {
		return f, nil
	}
	path, err := os.MkdirTemp(s.root, "p-")
	if err != nil {
		return nil, err
	}
	f := &folder{path: path, src: filepath.Join(path, "src"), run: filepath.Join(path, "run"), scratch: s}
	if err = os.Chmod(path, 0o711); err == nil {
		err = errors.Join(s.writable(f.src), s.writable(f.run))
	}
	if err != nil {
		_ = removeTree(path)
		return nil, err
	}
	f.made = f.look()
	return f, nil
}

// kept returns a folder that was kept and is as it was, or nil. Whoever tidies
// the temporary folder may have removed it.
func (s *scratch) kept() *folder {
	s.mu.Lock()
	defer s.mu.Unlock()
	for n := len(s.free); n > 0; n = len(s.free) {
		f := s.free[n-1]
		s.free = s.free[:n-1]
		if f.look() == f.made {
			return f
		}
		f.dropRules()
		_ = removeTree(f.path)
	}
	return nil
}

// reach is what a program in the folder may read and write.
func (f *folder) reach(c *confine.Confinement) (reach, error) {
	r := reach{read: []string{f.src}, write: []string{f.run}}
	if f.rules == nil || f.of != c {
		f.dropRules()
		rules, err := c.Ruleset(r.read, r.write)
		if err != nil {
			return r, err
		}
		f.rules, f.of = rules, c
	}
	r.rules = f.rules
	return r, nil
}

func (f *folder) dropRules() {
	if f.rules != nil {
		_ = f.rules.Close()
		f.rules = nil
	}
}

// writable makes a folder that the user of the programs owns.
func (s *scratch) writable(path string) error {
	if err := os.Mkdir(path, 0o700); err != nil {
		return err
	}
	return s.give(path)
}

func (s *scratch) give(path string) error {
	if s.user == nil {
		return nil
	}
	return os.Lchown(path, s.user.UID, s.user.GID)
}

// write puts a new file into a folder, readable for the user of the programs.
// What is already there is never followed or written.
func (s *scratch) write(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if s.user != nil {
		err = errors.Join(err, f.Chown(s.user.UID, s.user.GID))
	}
	return errors.Join(err, f.Close())
}

// remove gives the folder back. One that no program has touched, not even its
// times or attributes, is kept for the next: making folders is slow on many disks.
func (f *folder) remove() error {
	if f.look() == f.made {
		f.scratch.mu.Lock()
		defer f.scratch.mu.Unlock()
		if len(f.scratch.free) < maxFree {
			f.scratch.free = append(f.scratch.free, f)
			return nil
		}
	}
	f.dropRules()
	return removeTree(f.path)
}

// look returns what the kernel says of the folders, but for when they were read.
func (f *folder) look() (now [3]unix.Stat_t) {
	for i, path := range []string{f.path, f.src, f.run} {
		if unix.Lstat(path, &now[i]) != nil {
			return [3]unix.Stat_t{{Size: -1}}
		}
		now[i].Atim = unix.Timespec{}
	}
	return now
}

// touched says whether anything was made or changed in run.
func (f *folder) touched() bool {
	var now unix.Stat_t
	err := unix.Lstat(f.run, &now)
	now.Atim = unix.Timespec{}
	return err != nil || now != f.made[2]
}

// clean empties run between two runs. Most programs leave nothing there, and
// then there is nothing to do.
func (f *folder) clean() error {
	if !f.touched() {
		return nil
	}
	f.dropRules()
	if err := removeTree(f.run); err != nil {
		return err
	}
	if err := f.scratch.writable(f.run); err != nil {
		return err
	}
	made := f.look()
	f.made[0], f.made[2] = made[0], made[2]
	return nil
}

// removeTree removes a folder and all that is in it, however deep, whatever
// its permissions. No process may write there any more. Folders in folders are
// first moved side by side, so that no path gets long and no stack deep.
func removeTree(top string) error {
	if err := unix.Unlink(top); err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	r := remover{aside: top + ".rm", folders: []string{top}}
	for len(r.folders) > 0 {
		dir := r.folders[len(r.folders)-1]
		r.folders = r.folders[:len(r.folders)-1]
		if err := r.empty(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove a scratch folder: %w", err)
		}
		if err := unix.Rmdir(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove a scratch folder: %w", err)
		}
	}
	if r.n > 0 {
		return unix.Rmdir(r.aside)
	}
	return nil
}

type remover struct {
	aside   string   // the folder that folders are moved to
	folders []string // those still to remove
	n       int      // how many were moved
}

// empty unlinks what is in dir, and moves its folders aside.
func (r *remover) empty(dir string) error {
	if err := os.Chmod(dir, 0o700); err != nil {
		return err
	}
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	for {
		entries, err := f.ReadDir(1024)
		for _, e := range entries {
			path := filepath.Join(dir, e.Name())
			if e.IsDir() {
				err = r.moveAside(path)
			} else {
				err = unix.Unlink(path)
			}
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		if len(entries) == 0 {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
}

func (r *remover) moveAside(path string) error {
	if r.n == 0 {
		if err := os.Mkdir(r.aside, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	// A folder that cannot be written cannot be moved.
	if err := os.Chmod(path, 0o700); err != nil {
		return err
	}
	r.n++
	to := filepath.Join(r.aside, strconv.Itoa(r.n))
	if err := os.Rename(path, to); err != nil {
		return err
	}
	r.folders = append(r.folders, to)
	return nil
}
