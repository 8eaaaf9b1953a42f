// A part that the jail links into programs that are run several times. Where the
// jail started the program for that, it runs before all else of the program, and
// forks a process of it for each run, which starts from here as if it had been
// executed; see serve_linux.go. Everywhere else it returns at once.
//
// It calls nothing but the kernel: each name of the C library may be the program's own.

typedef unsigned long word;

#if defined(__x86_64__)

enum {
	sys_rt_sigprocmask = 14, sys_dup3 = 292, sys_clone = 56, sys_exit_group = 231, sys_wait4 = 61,
	sys_getpid = 39, sys_getppid = 110, sys_sendto = 44, sys_recvmsg = 47, sys_close = 3, sys_close_range = 436,
	sys_prctl = 157, sys_set_robust_list = 273, sys_get_robust_list = 274,
	sys_landlock_create_ruleset = 444, sys_landlock_restrict_self = 446,
};

static inline long kernel(long number, word a, word b, word c, word d, word e, word f)
{
	register word r10 __asm__("r10") = d;
	register word r8 __asm__("r8") = e;
	register word r9 __asm__("r9") = f;
	long result;
	__asm__ volatile("syscall"
		: "=a"(result)
		: "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
		: "rcx", "r11", "memory", "cc");
	return result;
}

#define fork_arguments(flags, tid) flags, 0, 0, tid, 0, 0

#elif defined(__aarch64__)

enum {
	sys_rt_sigprocmask = 135, sys_dup3 = 24, sys_clone = 220, sys_exit_group = 94, sys_wait4 = 260,
	sys_getpid = 172, sys_getppid = 173, sys_sendto = 206, sys_recvmsg = 212, sys_close = 57, sys_close_range = 436,
	sys_prctl = 167, sys_set_robust_list = 99, sys_get_robust_list = 100,
	sys_landlock_create_ruleset = 444, sys_landlock_restrict_self = 446,
};

static inline long kernel(long number, word a, word b, word c, word d, word e, word f)
{
	register word x8 __asm__("x8") = number;
	register word x0 __asm__("x0") = a;
	register word x1 __asm__("x1") = b;
	register word x2 __asm__("x2") = c;
	register word x3 __asm__("x3") = d;
	register word x4 __asm__("x4") = e;
	register word x5 __asm__("x5") = f;
	__asm__ volatile("svc #0"
		: "+r"(x0)
		: "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
		: "memory", "cc");
	return (long)x0;
}

#define fork_arguments(flags, tid) flags, 0, 0, 0, tid, 0

#else
#error "another machine"
#endif

enum {
	control = 3, // the socket of the jail
	files = 3,   // that a run gets: standard input, output and error

	sol_socket = 1, scm_rights = 1, msg_dontwait = 0x40, msg_nosignal = 0x4000, msg_cmsg_cloexec = 0x40000000,
	sigchld = 17, sigkill = 9, clone_child_settid = 0x01000000, clone_child_cleartid = 0x00200000,
	wnohang = 1, wall = 0x40000000, echild = 10, eintr = 4, sig_setmask = 2,
	landlock_scope_signal = 2,
	pr_set_pdeathsig = 1, pr_set_child_subreaper = 36, pr_get_tid_address = 40,
};

static const word sign = 0x7266742d66726b31; // of a request

struct vector {
	void *base;
	word length;
};

struct message {
	void *name;
	unsigned name_length;
	struct vector *vectors;
	word vectors_length;
	void *control;
	word control_length;
	int flags;
};

struct rights {
	word length;
	int level, type;
	int files[files];
	int padding;
};

struct usage {
	long user_seconds, user_microseconds, system_seconds, system_microseconds;
	long resident; // in KiB
	long rest[13];
};

enum { refused, ended, unclean };

struct report {
	word serial;
	int what, status;
	word cpu; // in microseconds
	word resident; // in bytes
};

// receive waits for a request. It returns how many bytes came.
static long receive(word request[2], int got[files], word flags)
{
	struct rights rights;
	struct vector vector = {request, 2 * sizeof(word)};
	struct message message = {0, 0, &vector, 1, &rights, sizeof rights, 0};
	rights.length = 0;
	long n = kernel(sys_recvmsg, control, (word)&message, flags | msg_cmsg_cloexec, 0, 0, 0);
	if (n != 2 * sizeof(word) || request[0] != sign)
		return n > 0 ? -1 : n;
	if (message.control_length < sizeof rights - sizeof rights.padding || rights.level != sol_socket || rights.type != scm_rights ||
	    rights.length != sizeof rights - sizeof rights.padding)
		return -1;
	for (int i = 0; i < files; i++)
		got[i] = rights.files[i];
	return n;
}

static word microseconds(const struct usage *u)
{
	return (word)(u->user_seconds + u->system_seconds) * 1000000 + (word)(u->user_microseconds + u->system_microseconds);
}

// await waits for the end of a run, and for that of all that came of it, as far as
// it has ended by then.
static void await(long run, struct report *report)
{
	enum { most = 64 };
	struct usage usage;
	int status, over = 0;
	report->what = unclean;
	report->cpu = 0;
	for (int orphans = 0; orphans < most;) {
		long pid = kernel(sys_wait4, (word)-1, (word)&status, wall | (over ? wnohang : 0), (word)&usage, 0, 0);
		if (pid == -eintr)
			continue;
		if (pid == -echild) {
			report->what = over ? ended : refused;
			return;
		}
		if (pid <= 0)
			return;
		report->cpu += microseconds(&usage);
		if (pid == run) {
			over = 1;
			report->status = status;
			report->resident = (word)usage.resident << 10;
		} else if (over) {
			orphans++;
		}
	}
}

static void serve(void)
{
	word request[2], all = ~(word)0, mask, robust = 0, robust_length = 0, tid = 0;
	word scope[3] = {0, 0, landlock_scope_signal};
	int got[files];
	if (receive(request, got, msg_dontwait) <= 0)
		return;
	word self = (word)kernel(sys_getpid, 0, 0, 0, 0, 0, 0);
	// A fork has its own number where the C library keeps it.
	long able = kernel(sys_prctl, pr_get_tid_address, (word)&tid, 0, 0, 0, 0);
	if (able >= 0)
		able = kernel(sys_get_robust_list, 0, (word)&robust, (word)&robust_length, 0, 0, 0);
	if (able >= 0)
		able = kernel(sys_prctl, pr_set_child_subreaper, 1, 0, 0, 0, 0);
	// No run signals its server, or what is not its own.
	if (able >= 0)
		able = kernel(sys_landlock_create_ruleset, (word)scope, sizeof scope, 0, 0, 0, 0);
	int alone = (int)able;
	kernel(sys_rt_sigprocmask, sig_setmask, (word)&all, (word)&mask, sizeof mask, 0, 0);
	for (;;) {
		long run = able;
		if (able >= 0)
			run = kernel(sys_clone, fork_arguments(sigchld | clone_child_settid | clone_child_cleartid, tid));
		if (run == 0 && able >= 0) {
			for (int i = 0; i < files; i++)
				if (kernel(sys_dup3, (word)got[i], (word)i, 0, 0, 0, 0) < 0)
					kernel(sys_exit_group, 127, 0, 0, 0, 0, 0);
			if (kernel(sys_landlock_restrict_self, (word)alone, 0, 0, 0, 0, 0) < 0)
				kernel(sys_exit_group, 127, 0, 0, 0, 0, 0);
			kernel(sys_close_range, control, ~0u, 0, 0, 0, 0);
			kernel(sys_prctl, pr_set_pdeathsig, sigkill, 0, 0, 0, 0);
			if ((word)kernel(sys_getppid, 0, 0, 0, 0, 0, 0) != self)
				kernel(sys_exit_group, 127, 0, 0, 0, 0, 0);
			if (robust)
				kernel(sys_set_robust_list, robust, robust_length, 0, 0, 0, 0);
			kernel(sys_rt_sigprocmask, sig_setmask, (word)&mask, 0, sizeof mask, 0, 0);
			return;
		}
		for (int i = 0; i < files; i++)
			kernel(sys_close, (word)got[i], 0, 0, 0, 0, 0);
		struct report report = {request[1], refused, 0, 0, 0};
		if (run > 0)
			await(run, &report);
		if (kernel(sys_sendto, control, (word)&report, sizeof report, msg_nosignal, 0, 0) != sizeof report ||
		    receive(request, got, 0) <= 0)
			for (;;)
				kernel(sys_exit_group, 0, 0, 0, 0, 0, 0);
	}
}

__attribute__((section(".preinit_array"), used)) static void (*const before_all)(void) = serve;
