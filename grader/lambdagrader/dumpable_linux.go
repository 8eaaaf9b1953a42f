package lambdagrader

import "syscall"

// hideProcess closes what /proc tells of this process (its environment with the
// credentials, its memory, its descriptors) to other processes of its user, and
// keeps them from tracing it. Programs that it starts are not concerned.
func hideProcess() error {
	const setDumpable = 4 // PR_SET_DUMPABLE, see prctl(2)
	if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, setDumpable, 0, 0); errno != 0 {
		return errno
	}
	return nil
}
