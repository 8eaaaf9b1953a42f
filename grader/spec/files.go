package spec

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// maxFileBytes bounds one file beside a spec.
const maxFileBytes = 64 << 20

// readBeside reads a file that lies in the folder of a spec.
func readBeside(root *os.Root, name string) ([]byte, error) {
	const remedy = "files must lie in the folder of the spec"
	if name == "" || filepath.IsAbs(name) {
		return nil, fmt.Errorf("read file %q: want a path relative to the spec: %s", name, remedy)
	}
	info, err := root.Stat(name)
	if err != nil {
		if strings.Contains(err.Error(), "escapes") {
			return nil, fmt.Errorf("read a file beside the spec: %w: %s", err, remedy)
		}
		return nil, fmt.Errorf("read a file beside the spec: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("read file %q: want a regular file", name)
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read a file beside the spec: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFileBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read a file beside the spec: %w", err)
	}
	if len(b) > maxFileBytes {
		return nil, fmt.Errorf("read file %q: it is larger than %d bytes", name, maxFileBytes)
	}
	return b, nil
}

// A shelf hands out the files beside a spec while it is built, and keeps what
// each grader took, since that decides rewards too.
type shelf struct {
	read func(name string) ([]byte, error)

	mu       sync.Mutex
	closed   bool
	contents map[fileKey][]byte
}

type fileKey struct{ grader, file string }

func (s *shelf) take(grader, file string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, fmt.Errorf("read file %q: files are read only while the grader is built, since the spec's hash holds them", file)
	}
	key := fileKey{grader, file}
	b, ok := s.contents[key]
	if !ok {
		var err error
		if b, err = s.read(file); err != nil {
			return nil, err
		}
		s.contents[key] = bytes.Clone(b)
	}
	return bytes.Clone(b), nil
}

func (s *shelf) shut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
}

// taken returns what was taken, in a fixed order.
func (s *shelf) taken() []fileKey {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.SortedFunc(maps.Keys(s.contents), func(a, b fileKey) int {
		return cmp.Or(cmp.Compare(a.grader, b.grader), cmp.Compare(a.file, b.file))
	})
}
