package locallambda

import (
	"debug/elf"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"syscall"
)

// explainStart adds to the error of starting the bootstrap what a person has to
// do about it, where that can be told.
func explainStart(path string, err error) error {
	switch {
	case errors.Is(err, syscall.ENOEXEC):
		if hint := formatHint(path); hint != "" {
			return fmt.Errorf("%w; %s", err, hint)
		}
	case errors.Is(err, fs.ErrNotExist):
		if _, statErr := os.Stat(path); statErr == nil {
			return fmt.Errorf("%w; the file is there, but not the interpreter or the dynamic loader that it names: build it with CGO_ENABLED=0", err)
		}
	}
	return err
}

// formatHint says why the system cannot execute a file.
func formatHint(path string) string {
	f, err := elf.Open(path)
	if err != nil {
		return "it is no program of this system, and a script needs a first line such as #!/bin/sh"
	}
	defer f.Close()
	arch := architecture(f.Machine)
	switch {
	case runtime.GOOS != "linux":
		return fmt.Sprintf("it is built for linux and this machine is %s: build it with GOOS=%s GOARCH=%s", runtime.GOOS, runtime.GOOS, runtime.GOARCH)
	case arch != runtime.GOARCH:
		return fmt.Sprintf("it is built for %s and this machine is %s: build it with GOARCH=%s", arch, runtime.GOARCH, runtime.GOARCH)
	}
	return ""
}

// architecture returns Go's name of a machine, or that of the ELF format for one
// on which Lambda does not run.
func architecture(m elf.Machine) string {
	switch m {
	case elf.EM_X86_64:
		return "amd64"
	case elf.EM_AARCH64:
		return "arm64"
	}
	return m.String()
}
