// Package testdata finds the repository's sample specs and rollouts, and larger
// sets of data that a machine may have, for the tests of all packages.
package testdata

import (
	"os"
	"path/filepath"
	"runtime"
)

// Root returns the folder of the repository.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(filepath.Dir(file))
}

// Path returns the path of a file below testdata, such as "specs/gsm8k.yaml".
func Path(elem ...string) string {
	return filepath.Join(append([]string{Root(), "testdata"}, elem...)...)
}

// SharedVariable is the environment variable that says where the larger sets
// are. Without it they are looked for in the folder "shared" beside the repository.
const SharedVariable = "RFT_SHARED"

// T is the part of [testing.TB] that Shared uses.
type T interface {
	Helper()
	Skipf(format string, args ...any)
}

// Shared returns the path of a file in the larger sets. It skips the test, by
// name, where the file is not there.
func Shared(t T, elem ...string) string {
	t.Helper()
	folder := os.Getenv(SharedVariable)
	switch {
	case folder == "":
		folder = filepath.Join(filepath.Dir(Root()), "shared")
	case !filepath.IsAbs(folder):
		folder = filepath.Join(Root(), folder)
	}
	path := filepath.Join(append([]string{folder}, elem...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is not here: set %s to the folder that holds it", filepath.Join(elem...), SharedVariable)
	}
	return path
}
