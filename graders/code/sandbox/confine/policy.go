package confine

import (
	"os"
	"time"
)

// The names of the layers of protection, as [Policy.Without] and the reports
// write them.
const (
	LayerLimits     = "rlimits"
	LayerNoNewPrivs = "no_new_privs"
	LayerUser       = "user"
	LayerSeccomp    = "seccomp"
	LayerLandlock   = "landlock"
	LayerNet        = "landlock-net"
	LayerScope      = "landlock-scope"
	LayerNamespaces = "namespaces"
	LayerMarker     = "marker"
	LayerDumpable   = "dumpable"
	LayerSubreaper  = "subreaper"
)

// A Policy says what the processes of a [Confinement] may reach. What they
// open through descriptors that they are given is not bound by it.
//
// The zero Policy lets them reach nothing but their own [Spec.Read] and [Spec.Write]:
// [System] lists what programs of a usual system need.
type Policy struct {
	// Execute are folders and files that can be read and executed.
	Execute []string
	// Read are folders and files that can be read.
	Read []string
	// Device are device files that can be read and written, such as /dev/null.
	Device []string
	// Write are folders that all processes can read, write and execute. What one
	// of them leaves there the next one finds: see [Spec.Write].
	Write []string
	// Paths that do not exist are passed over.

	// User is whom the processes run as when this process is root. Nil is
	// [DefaultUser].
	User *User
	// Without names layers to leave out, to see what the others hold.
	Without []string
	// Keeper says that the processes fork programs and confine them, as an
	// interpreter kept warm does. Their filter leaves them what that takes: groups,
	// signals to others, limits of others. [Confinement.Filter] is the rest then,
	// which each child must load before it runs a program.
	Keeper bool
}

// System returns a policy with what compilers and interpreters need of a usual
// system, all of it read only: /usr, the libraries, files of /etc without
// secrets, the harmless devices, and the counts of memory and processors.
// Nothing of /proc that belongs to a process is in it: a program reaches its own
// descriptors through /dev/stdin and /dev/fd all the same, as pipes need no
// permission.
func System() Policy {
	return Policy{
		Execute: []string{"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"},
		Read: []string{
			"/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives",
			"/etc/localtime", "/etc/timezone", "/etc/locale.alias", "/etc/nsswitch.conf",
			"/etc/passwd", "/etc/group", "/etc/os-release", "/etc/mime.types",
			"/etc/ssl/openssl.cnf", "/etc/pki/tls/openssl.cnf",
			"/etc/java", "/etc/java-11-openjdk", "/etc/java-17-openjdk", "/etc/java-21-openjdk", "/etc/java-25-openjdk",
			"/etc/python3", "/etc/python3.11", "/etc/python3.12", "/etc/python3.13",
			"/dev/urandom", "/dev/random",
			"/proc/meminfo", "/proc/cpuinfo", "/proc/sys/vm/overcommit_memory",
			"/sys/devices/system/cpu", "/sys/kernel/mm/transparent_hugepage",
		},
		Device: []string{"/dev/null", "/dev/zero", "/dev/full"},
	}
}

// A User is whom processes run as.
type User struct{ UID, GID int }

// DefaultUser is the user that processes of root run as: number 60999, which
// no distribution and no part of systemd hands out.
func DefaultUser() User { return User{UID: 60999, GID: 60999} }

// A Spec is one process to start.
type Spec struct {
	// Path is the file to execute. It is not searched for.
	Path string
	// Args are the arguments, the program's name first. Empty: the Path alone.
	Args []string
	// Env is the whole environment ("NAME=value").
	Env []string
	// Dir is the working folder. Empty: "/".
	Dir string
	// Files become the descriptors 0, 1, 2 and so on; nil stands for /dev/null.
	// Every other descriptor is closed. Descriptors below 3 that are not given are
	// /dev/null. At most 24. A program that opens /dev/stdin opens the file anew: a
	// pipe must belong to the process's user for that (see [Confinement.User]).
	Files []*os.File
	// Read are folders that this process alone can read and execute; Write are
	// folders that it can write as well.
	Read, Write []string
	// Ruleset, where it is not nil, stands for Read and Write: one that Ruleset has
	// made of them before. Making one takes as long as half a start.
	Ruleset *os.File
	// Forks says that the process forks others of its kind under the same filter: what
	// a process may do to itself alone it can then name by process id 0 alone, and none
	// of the others does it to the first.
	Forks bool
	// Limits bound each of its processes.
	Limits Limits
}

// Limits bound each single process (Processes: all of the user together).
// Zero fields are left as they are for this process, except that core files,
// locked memory, real-time priority and message queues are always 0. A limit above what
// this process may grant becomes what it may grant.
type Limits struct {
	// CPU is processor time, rounded up to full seconds. The program gets SIGXCPU
	// then and SIGKILL a second later.
	CPU time.Duration
	// Data is writable private memory, in bytes; AddressSpace everything mapped.
	Data, AddressSpace int64
	Stack              int64 // bytes of the first thread's stack, until the program lifts it
	FileSize           int64 // bytes of each file written
	Files              int   // open descriptors
	// Processes is how many processes and threads its tree may have. The kernel
	// counts per user: the limit set is this number beside those that the user
	// already has and some to spare. It stops a fork bomb; it does not count.
	Processes int
}

// An Exit is how a process ended and what its whole tree used.
type Exit struct {
	// Status is the exit status, or 128 and the number of the signal.
	Status int
	// Signal is the number of the signal that ended it, or 0.
	Signal int
	// Killed is set when Kill or the end of a context ended it, not itself.
	Killed bool
	// CPU is user and system time of the process and of its reaped descendants.
	CPU time.Duration
	// Resident is the peak resident memory in bytes of the largest of its processes,
	// and 0 where the kernel does not tell it: a process that stayed smaller than
	// this one inherits the figure of this one. See [Group.Usage].
	Resident int64
}

// A Usage is what a group of processes uses at a moment.
type Usage struct {
	Resident  int64         // bytes of resident memory, shared pages counted for each process
	CPU       time.Duration // of the living processes and the descendants they waited for
	Processes int
	Threads   int
	// Ready says that a thread of them was seen on a processor or in line for one.
	Ready bool
	// PIDs are those of the living processes.
	PIDs []int
}

// A Filter is a seccomp program for a process that confines itself after a
// fork, as an interpreter kept warm does.
type Filter struct {
	// Program is the array of struct sock_filter, 8 bytes each.
	Program []byte
	// PIDs are offsets into Program of 32-bit words in the machine's byte order. Each
	// must be set to the process id of the process that loads the program, as
	// getpid gives it there.
	PIDs []int
}

// A StartError says at which step a process could not be started. It unwraps
// to the errno.
type StartError struct {
	Step string // such as "landlock" or "execute"
	Err  error
}

func (e *StartError) Error() string {
	return "start a confined process: " + e.Step + ": " + e.Err.Error()
}
func (e *StartError) Unwrap() error { return e.Err }
