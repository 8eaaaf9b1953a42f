//go:build linux && (amd64 || arm64)

package confine

import (
	"slices"

	"golang.org/x/sys/unix"
)

// lastNumber is the highest call that the rules below have judged.
const lastNumber = unix.SYS_RSEQ_SLICE_YIELD

// newNamespaces are the flags of clone that make namespaces. CLONE_NEWTIME
// is not among them: clone reads its bit as part of the exit signal.
const newNamespaces = unix.CLONE_NEWNS | unix.CLONE_NEWCGROUP | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC |
	unix.CLONE_NEWUSER | unix.CLONE_NEWPID | unix.CLONE_NEWNET

// Requests that package unix does not name, from asm-generic/ioctls.h,
// linux/sockios.h and linux/fcntl.h.
const (
	ioctlTIOCCONS  = 0x541d
	ioctlTIOCLINUX = 0x541c
	ioctlFIOASYNC  = 0x5452
	ioctlFIOSETOWN = 0x8901
	ioctlSIOCSPGRP = 0x8902
	fcntlFSETSIG   = 10
	fcntlFSETOWNEX = 15
)

// rules returns the calls that are not simply allowed. A deny-list, because
// runtimes differ in what they call and an honest program must not fail; what it
// denies is what reaches beyond the program.
func rules(scoped bool) []rule { return slices.Concat(reaching(), staying(scoped)) }

// staying are the rules that keep a program in its group and to itself. A process
// that starts programs and ends them cannot live by them.
//
// With scoped set, Landlock keeps signals inside, and a program may signal its
// own children; otherwise only itself, for the kernel cannot tell here whose a
// process id is.
func staying(scoped bool) []rule {
	return slices.Concat(
		// A program that waits its turn behind all others would never be late; see Starved.
		onSelf(pretend, unix.SYS_SCHED_SETSCHEDULER, unix.SYS_SCHED_SETPARAM, unix.SYS_SCHED_SETATTR),
		onSelf(allow, unix.SYS_SCHED_SETAFFINITY,
			// Another's limits could be lowered: the grader's.
			unix.SYS_PRLIMIT64),
		// Leaving the group would be leaving the reach of the signal that ends it.
		rulesFor(pretend, unix.SYS_SETSID, unix.SYS_SETPGID),
		signals(scoped),
		// A core-scheduling cookie is shared with others; PR_SET_MM moves what /proc shows.
		// The parent-death signal must stay: a fork, which has none, can take the same.
		[]rule{{unix.SYS_PRCTL, []test{
			{0, equal, unix.PR_SCHED_CORE, refuse}, {0, equal, unix.PR_SET_MM, refuse},
			{0, otherThan, unix.PR_SET_PDEATHSIG, allow}, {1, equal, uint32(unix.SIGKILL), allow},
		}, refuse}},
	)
}

// reaching are the rules that hold for everyone.
func reaching() []rule {
	return slices.Concat(
		// The network, and sockets of any kind. A pair of connected stream sockets
		// reaches nobody; one of datagram sockets could send to others by name.
		rulesFor(refuse,
			unix.SYS_SOCKET, unix.SYS_CONNECT, unix.SYS_BIND, unix.SYS_LISTEN, unix.SYS_ACCEPT, unix.SYS_ACCEPT4),
		[]rule{{unix.SYS_SOCKETPAIR, []test{
			{0, otherThan, unix.AF_UNIX, refuse},
			{1, lowBits, unix.SOCK_STREAM, allow},
			{1, lowBits, unix.SOCK_SEQPACKET, allow},
		}, refuse}},
		// Descriptors in flight keep files that nobody shows, and what waits in sockets is
		// nobody's resident memory.
		rulesFor(refuse, unix.SYS_SENDMSG, unix.SYS_SENDMMSG),
		[]rule{{unix.SYS_SETSOCKOPT, []test{{2, equal, unix.SO_SNDBUF, pretend}, {2, equal, unix.SO_SNDBUFFORCE, pretend}}, allow}},

		// Other processes' memory, descriptors and state.
		rulesFor(refuse,
			unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_KCMP,
			unix.SYS_PROCESS_MADVISE, unix.SYS_PROCESS_MRELEASE, unix.SYS_PERF_EVENT_OPEN,
			unix.SYS_PIDFD_SEND_SIGNAL, unix.SYS_PIDFD_GETFD),
		// Runtimes that find these missing do without.
		rulesFor(missing, unix.SYS_PIDFD_OPEN),

		// Mounts, roots, namespaces. clone3 passes its flags in memory, where no
		// filter sees them: the C library falls back on clone.
		rulesFor(refuse,
			unix.SYS_MOUNT, unix.SYS_UMOUNT2, unix.SYS_PIVOT_ROOT, unix.SYS_CHROOT, unix.SYS_UNSHARE, unix.SYS_SETNS,
			unix.SYS_FSOPEN, unix.SYS_FSCONFIG, unix.SYS_FSMOUNT, unix.SYS_FSPICK, unix.SYS_OPEN_TREE, unix.SYS_OPEN_TREE_ATTR,
			unix.SYS_MOVE_MOUNT, unix.SYS_MOUNT_SETATTR, unix.SYS_STATMOUNT, unix.SYS_LISTMOUNT, unix.SYS_LISTNS),
		[]rule{{unix.SYS_CLONE, []test{{0, anyBit, newNamespaces, refuse}}, allow}},
		rulesFor(missing, unix.SYS_CLONE3),

		// The kernel's own machinery, which has been the way in often enough.
		rulesFor(refuse,
			unix.SYS_BPF, unix.SYS_USERFAULTFD, unix.SYS_KEYCTL, unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY,
			unix.SYS_KEXEC_LOAD, unix.SYS_KEXEC_FILE_LOAD, unix.SYS_INIT_MODULE, unix.SYS_FINIT_MODULE, unix.SYS_DELETE_MODULE,
			unix.SYS_REBOOT, unix.SYS_SYSLOG, unix.SYS_ACCT, unix.SYS_SWAPON, unix.SYS_SWAPOFF, unix.SYS_QUOTACTL, unix.SYS_QUOTACTL_FD,
			unix.SYS_NFSSERVCTL, unix.SYS_LOOKUP_DCOOKIE, unix.SYS_VHANGUP, unix.SYS_LSM_SET_SELF_ATTR,
			unix.SYS_SETTIMEOFDAY, unix.SYS_CLOCK_SETTIME, unix.SYS_ADJTIMEX, unix.SYS_CLOCK_ADJTIME,
			unix.SYS_SETHOSTNAME, unix.SYS_SETDOMAINNAME,
			unix.SYS_NAME_TO_HANDLE_AT, unix.SYS_OPEN_BY_HANDLE_AT, unix.SYS_FANOTIFY_INIT, unix.SYS_FANOTIFY_MARK),
		rulesFor(missing, unix.SYS_IO_URING_SETUP, unix.SYS_IO_URING_ENTER, unix.SYS_IO_URING_REGISTER),

		// What outlives a process: System V and POSIX message queues, semaphores, shared memory.
		rulesFor(refuse,
			unix.SYS_SHMGET, unix.SYS_SHMAT, unix.SYS_SHMCTL, unix.SYS_SHMDT,
			unix.SYS_SEMGET, unix.SYS_SEMOP, unix.SYS_SEMCTL, unix.SYS_SEMTIMEDOP,
			unix.SYS_MSGGET, unix.SYS_MSGSND, unix.SYS_MSGRCV, unix.SYS_MSGCTL,
			unix.SYS_MQ_OPEN, unix.SYS_MQ_UNLINK, unix.SYS_MQ_TIMEDSEND, unix.SYS_MQ_TIMEDRECEIVE, unix.SYS_MQ_NOTIFY, unix.SYS_MQ_GETSETATTR),

		// Memory that counts as nobody's resident memory, or that moves others' pages.
		rulesFor(missing, unix.SYS_MEMFD_CREATE, unix.SYS_MEMFD_SECRET),
		rulesFor(refuse,
			unix.SYS_MIGRATE_PAGES, unix.SYS_MOVE_PAGES, unix.SYS_MBIND, unix.SYS_SET_MEMPOLICY, unix.SYS_SET_MEMPOLICY_HOME_NODE,
			unix.SYS_VMSPLICE, unix.SYS_MLOCKALL),

		// Who it is, and which precedence it has.
		rulesFor(refuse,
			unix.SYS_SETUID, unix.SYS_SETGID, unix.SYS_SETREUID, unix.SYS_SETREGID, unix.SYS_SETRESUID, unix.SYS_SETRESGID,
			unix.SYS_SETFSUID, unix.SYS_SETFSGID, unix.SYS_SETGROUPS, unix.SYS_CAPSET,
			unix.SYS_SETPRIORITY, unix.SYS_IOPRIO_SET),
		// Asking is harmless (0xffffffff); so is what a program has anyway (0).
		[]rule{{unix.SYS_PERSONALITY, []test{{0, equal, 0xffffffff, allow}, {0, equal, 0, allow}}, refuse}},

		// Writing back the whole machine's files would stall everyone.
		rulesFor(pretend, unix.SYS_SYNC, unix.SYS_SYNCFS),

		// Signals by way of descriptors and terminals, leases that make others wait.
		[]rule{
			{unix.SYS_IOCTL, []test{
				{1, equal, unix.TIOCSTI, refuse}, {1, equal, ioctlTIOCLINUX, refuse}, {1, equal, ioctlTIOCCONS, refuse},
				{1, equal, unix.TIOCSCTTY, refuse}, {1, equal, unix.TIOCSPGRP, refuse},
				{1, equal, ioctlFIOASYNC, refuse}, {1, equal, ioctlFIOSETOWN, refuse}, {1, equal, ioctlSIOCSPGRP, refuse},
			}, allow},
			{unix.SYS_FCNTL, []test{
				{1, equal, unix.F_SETOWN, refuse}, {1, equal, fcntlFSETSIG, refuse}, {1, equal, fcntlFSETOWNEX, refuse},
				{1, equal, unix.F_SETLEASE, refuse}, {1, equal, unix.F_NOTIFY, refuse},
			}, allow},
		},
		machineRules(),
	)
}

// signals are the rules for sending signals. Signals to groups and to everyone
// are refused always; the own group can be named as process id 0.
func signals(scoped bool) []rule {
	if scoped {
		return []rule{
			{unix.SYS_KILL, []test{{0, negative, 0, refuse}}, allow},
			{unix.SYS_TGKILL, []test{{0, negative, 0, refuse}}, allow},
			{unix.SYS_TKILL, []test{{0, negative, 0, refuse}}, allow},
			{unix.SYS_RT_SIGQUEUEINFO, []test{{0, negative, 0, refuse}}, allow},
			{unix.SYS_RT_TGSIGQUEUEINFO, []test{{0, negative, 0, refuse}}, allow},
		}
	}
	return onSelf(allow, unix.SYS_KILL, unix.SYS_TGKILL, unix.SYS_TKILL, unix.SYS_RT_SIGQUEUEINFO, unix.SYS_RT_TGSIGQUEUEINFO)
}

// rulesFor gives several calls one answer.
func rulesFor(a answer, numbers ...uintptr) []rule {
	rs := make([]rule, len(numbers))
	for i, n := range numbers {
		rs[i] = rule{number: n, answer: a}
	}
	return rs
}

// onSelf answers calls whose first argument is the process itself, by 0 or by
// its id, and refuses the others.
func onSelf(then answer, numbers ...uintptr) []rule {
	rs := rulesFor(refuse, numbers...)
	for i := range rs {
		rs[i].tests = []test{{0, equal, 0, then}, {0, equal, ownPID, then}}
	}
	return rs
}
