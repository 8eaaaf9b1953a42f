package cage

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

const goCacheVariable = "GOCACHE"

// goCache is the build cache of the user who tests, with what Go programs in cages
// are mostly linked with in it, or empty where there is none to show. A cage
// without it compiles the standard library again.
var goCache = sync.OnceValue(func() string {
	dir := os.Getenv(goCacheVariable)
	if dir == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return ""
		}
		dir = filepath.Join(user, "go-build")
	}
	// These are how an overlay separates its options.
	if !filepath.IsAbs(dir) || strings.ContainsAny(dir, `:,\`) {
		return ""
	}
	warm := exec.Command("go", "list", "-export", "-deps", "-f", "{{.Export}}", "--",
		"bufio", "container/heap", "encoding/base64", "encoding/json", "flag", "fmt", "math/big", "math/rand", "os/exec", "os/signal", "regexp", "slices", "sort", "testing")
	warm.Dir = "/"
	warm.Env = append(os.Environ(), "CGO_ENABLED=0", "GO111MODULE=off", "GOFLAGS=", "GOWORK=off", "GOENV=off", "GOTOOLCHAIN=local", goCacheVariable+"="+dir)
	out, err := warm.Output()
	if err != nil {
		return ""
	}
	// What the tests' user may not read is of no use in a cage.
	archive, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	for _, path := range []string{dir, filepath.Dir(archive), archive} {
		if st, err := os.Stat(path); err != nil || st.Mode()&0o004 == 0 {
			return ""
		}
	}
	return dir
})

// showGoCache lays a folder that the test may write over the cache, which stays as it
// is. Where the kernel has no such mounts it is empty.
func showGoCache(dir, at string) error {
	upper, work := at+".upper", at+".work"
	for _, path := range []string{at, upper, work} {
		if err := os.Mkdir(path, 0o755); err != nil {
			return err
		}
	}
	options := fmt.Sprintf("lowerdir=%s,upperdir=%s,workdir=%s", dir, upper, work)
	if err := unix.Mount("overlay", at, "overlay", unix.MS_NOSUID|unix.MS_NODEV, options); err != nil {
		return os.Chmod(at, 0o777)
	}
	// It was cleaned up just now, for all that the go command knows.
	if err := os.WriteFile(filepath.Join(at, "trim.txt"), []byte(strconv.FormatInt(time.Now().Unix(), 10)), 0o666); err != nil {
		return err
	}
	entries, err := os.ReadDir(at)
	if err != nil {
		return err
	}
	mode := map[bool]os.FileMode{false: 0o666, true: 0o777}
	if err := os.Chmod(at, mode[true]); err != nil {
		return err
	}
	for _, e := range entries {
		if len(e.Name()) == 2 || !e.IsDir() {
			if err := os.Chmod(filepath.Join(at, e.Name()), mode[e.IsDir()]); err != nil {
				return err
			}
		}
	}
	return nil
}
