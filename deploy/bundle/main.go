// Command bundle writes the deployment package of a function: a zip whose bytes
// depend on the names and contents of its files alone.
//
//	bundle OUT.zip bootstrap [FILE...]
//
// The first file is the program and may be executed; all may be read by
// everybody, as Lambda needs it. Files stand at the top of the zip under their
// own names.
package main

import (
	"archive/zip"
	"compress/flate"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: bundle OUT.zip bootstrap [FILE...]")
		os.Exit(2)
	}
	if err := bundle(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "bundle:", err)
		os.Exit(1)
	}
}

// bundle writes beside the target and renames, so that a failure leaves no
// half package under its name.
func bundle(target string, files []string) (err error) {
	out, err := os.CreateTemp(filepath.Dir(target), ".bundle-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = out.Close()
			_ = os.Remove(out.Name())
		}
	}()
	w := zip.NewWriter(out)
	w.RegisterCompressor(zip.Deflate, func(to io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(to, flate.BestCompression)
	})
	for i, file := range files {
		mode := os.FileMode(0o644)
		if i == 0 {
			mode = 0o755
		}
		if err := add(w, file, mode); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	if err := out.Chmod(0o644); err != nil {
		return err
	}
	if err := out.Close(); err != nil {
		return err
	}
	return os.Rename(out.Name(), target)
}

// epoch is the earliest time that a zip can hold.
func epoch() time.Time { return time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC) }

func add(w *zip.Writer, file string, mode os.FileMode) error {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	header := &zip.FileHeader{Name: filepath.Base(file), Method: zip.Deflate, Modified: epoch()}
	header.SetMode(mode)
	entry, err := w.CreateHeader(header)
	if err != nil {
		return err
	}
	_, err = io.Copy(entry, in)
	return err
}
