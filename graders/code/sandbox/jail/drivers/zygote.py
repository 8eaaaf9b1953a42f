"""Keeps an interpreter warm, and forks a process for each run.

One child always stands by. It takes the next request, which comes on a socket, one
packet each, with the descriptors of the run; it tells the zygote, which forks the
next one, confines itself and runs the program. The zygote holds no program's text
and reads no request: it reaps what has ended and all that came of it.

Time goes into pages that a process touches first after a fork, on either side. So
what can be done once is done before any fork, and what is done for each goes one way
through the interpreter: system calls by their numbers, with arguments that lie ready.
"""
import ctypes
import fcntl
import gc
import os
import random
import struct

# What programs of this kind import most, loaded once, before any fork; and no more:
# every page that is here is copied and let go of again at each fork, which costs more
# in all than the imports of a program in a hundred.
import bisect, collections, copy, enum, functools, heapq, io, itertools  # noqa: E401,F401
import math, operator, re, string, time, types, typing                   # noqa: E401,F401

# The numbers of system calls.
NAMES = (
    "kill", "close", "chdir", "prctl", "setpgid", "getppid", "prlimit", "wait4", "waitid", "sigmask", "sigtimedwait", "recvmsg", "write")
NUMBERS = {
    "x86_64": (62, 3, 80, 157, 109, 110, 302, 61, 247, 14, 128, 47, 1),
    "aarch64": (129, 57, 49, 167, 154, 173, 261, 260, 95, 135, 137, 212, 64),
}
(KILL, CLOSE, CHDIR, PRCTL, SETPGID, GETPPID, PRLIMIT, WAIT4, WAITID, SIGMASK, SIGTIMEDWAIT, RECVMSG,
 WRITE) = NUMBERS[os.uname().machine]
LANDLOCK_RESTRICT_SELF = 446
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 36, 38
SECCOMP_MODE_FILTER = 2
SIG_BLOCK, SIG_SETMASK, MASK_SIZE = 0, 2, 8
MSG_DONTWAIT = 0x40
TAKEN, DEAD, HARD = 10, 17, 9  # SIGUSR1, SIGCHLD, SIGKILL
SOL_SOCKET, SCM_RIGHTS = 1, 1
ANYONE, GROUP = int(os.P_ALL), int(os.P_PGID)
LEFT = os.WEXITED | os.WNOWAIT  # somebody has ended, and stays to be reaped
LEFT_NOW = LEFT | os.WNOHANG
SI_PID = 4                      # the place of the process id in siginfo_t, as an array of int
CLOSED = 3                      # the exit status of a child that nobody will send a request

# The number of the run; flags; descriptors; bytes of the program's text; the limit
# of a value; pairs of limits as prlimit takes them. Then folder, path and entry, each
# ended by a zero byte.
REQUEST = struct.Struct("<QIIQQ8Q")
REQUEST_SIZE = REQUEST.size
HEAD, HEAD_AT, LIMITS_AT = struct.Struct("<IIQQ"), 8, 32
HAS_RULES, HAS_CALLS, HAS_BELL = 1, 2, 4
LIMITS = (0, 2, 1, 7)  # RLIMIT_CPU, RLIMIT_DATA, RLIMIT_FSIZE, RLIMIT_NOFILE
# What happened; the number of the run; process id; status as wait has it; nanoseconds of
# processor time; bytes of memory.
REPORT = struct.Struct("<IQiiqq")
REPORT_SIZE = REPORT.size
READY, FORKED, ENDED, REFUSED = range(4)
FILTER = struct.Struct("<II")  # bytes of the filter, how many places take the process id

# The zygote's own descriptors stand here, so that those of a run come to stand
# where the program has them: the lowest that are free, 0, 1, 2 and so on.
OWN = 60
CONTROL = 128  # bytes of what comes with a request


def rights(count):
    """Returns what comes with a request of so many descriptors, as cmsg(3) has it."""
    said = struct.pack("=QII%di" % count, 16 + 4 * count, SOL_SOCKET, SCM_RIGHTS, *range(count))
    return said.ljust(CONTROL, b"\0")


libc = ctypes.CDLL(None, use_errno=True)
asked = libc.syscall
# Without the care for errno and for threads, which touches more pages than the call; and
# without types of its arguments, which are then int, or arrays by their address.
syscall = ctypes.PyDLL(None).syscall
# Without the interpreter's care for threads, of which there are none, and for modules
# that want to hear of a fork: that touches more pages than many a program.
fork = ctypes.PyDLL(None).fork
byref = ctypes.byref
exit_now, get_pid, head_of = os._exit, os.getpid, HEAD.unpack_from


class Refused(Exception):
    """A step of the confinement failed; the program must not run."""


class Filter(ctypes.Structure):
    _fields_ = [("len", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def do(number, *args):
    """Makes a system call that must succeed."""
    if syscall(number, *args, *(0,) * (5 - len(args))) < 0:
        raise refusal((number, *args))


def refusal(call):
    """Makes a call that was refused once more, to hear why."""
    asked(*call, *(0,) * (6 - len(call)))
    name = "landlock" if call[0] == LANDLOCK_RESTRICT_SELF else NAMES[NUMBERS[os.uname().machine].index(call[0])]
    return Refused("%s: %s" % (name, os.strerror(ctypes.get_errno())))


def move(fd):
    """Moves a descriptor out of the way of those of the runs."""
    return fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, OWN)


class Zygote:
    def __init__(self, fd, driver):
        self.pid, self.driver = os.getpid(), driver
        # It has done its work: no child looks for a symbol. Programs do not need it.
        os.environ.pop("LD_BIND_NOW", None)
        self.fd = move(fd)
        # What calls point to.
        self.signals = ctypes.c_ulonglong(1 << TAKEN - 1 | 1 << DEAD - 1)
        do(SIGMASK, SIG_BLOCK, byref(self.signals), 0, MASK_SIZE)
        self.taken = ctypes.c_ulonglong(1 << TAKEN - 1)
        self.soon, self.at_once = (ctypes.c_longlong * 2)(0, 5000000), (ctypes.c_longlong * 2)(0, 0)
        # What a request is received into; struct msghdr, struct iovec (recvmsg(2)).
        self.request, self.control = bytearray(1 << 14), bytearray(CONTROL)
        self.held = (ctypes.c_char * len(self.request)).from_buffer(self.request)
        self.run = (ctypes.c_int * 2).from_buffer(self.request)
        self.beside = (ctypes.c_char * CONTROL).from_buffer(self.control)
        self.part = (ctypes.c_size_t * 2)(ctypes.addressof(self.held), len(self.request))
        self.message = (ctypes.c_size_t * 7)(0, 0, ctypes.addressof(self.part), 1, ctypes.addressof(self.beside), CONTROL, 0)
        self.forked = (ctypes.c_int * (REPORT_SIZE // 4))(FORKED)
        self.no_signals = ctypes.c_ulonglong(0)
        self.info, self.status, self.usage = (ctypes.c_int * 32)(), ctypes.c_int(0), (ctypes.c_long * 18)()
        self.words, self.patches, self.program, self.plans = None, (), None, {}

    def serve(self):
        do(PRCTL, PR_SET_NO_NEW_PRIVS, 1)
        do(PRCTL, PR_SET_CHILD_SUBREAPER, 1)
        do(PRCTL, PR_SET_DUMPABLE, 0)
        self.send(READY, 0, self.pid)
        self.take_filter(os.read(self.fd, 1 << 16))
        self.make_plans()
        os.closerange(0, OWN)
        self.driver.rehearse()
        random.seed()
        gc.collect()
        gc.freeze()
        try:
            libc.malloc_trim(0)  # what imports have left is nothing to copy
        except AttributeError:
            pass  # of another C library
        self.keep()

    def keep(self):
        """Keeps one child standing by, and reaps those that have ended."""
        call, signals, children, standby = syscall, byref(self.signals), set(), 0
        soon = byref(self.soon)
        while True:
            if standby == 0:
                standby = fork()
                if standby == 0:
                    self.take()
                elif standby < 0:
                    standby = 0
                    self.refuse()
                else:
                    children.add(standby)
            what = call(SIGTIMEDWAIT, signals, 0, 0 if standby else soon, MASK_SIZE)
            if what == TAKEN:
                standby = 0
            elif what == DEAD and self.reap(children, standby):
                standby = 0

    def send(self, what, run, pid=0, status=0, cpu=0, memory=0):
        os.write(self.fd, REPORT.pack(what, run, pid, status, cpu, memory))

    def take_filter(self, data):
        """Prepares the seccomp filter that children load; there may be none."""
        size, patches = FILTER.unpack_from(data)
        if size:
            at = FILTER.size + size
            self.words = (ctypes.c_uint * (size // 4)).from_buffer_copy(data[FILTER.size:at])
            self.patches = tuple([place // 4 for place in struct.unpack_from("<%dI" % patches, data, at)])
            self.program = Filter(size // 8, ctypes.addressof(self.words))

    def refuse(self):
        """Tells who asks meanwhile that nothing can be forked."""
        size = asked(RECVMSG, self.fd, self.message, MSG_DONTWAIT)
        if size == 0:
            os._exit(0)
        if size > 0:
            self.send(REFUSED, REQUEST.unpack_from(self.request)[0])
            os.closerange(0, OWN)
            # As the children find them.
            self.message[5], self.message[6], self.control[:] = CONTROL, 0, bytes(CONTROL)

    def take(self):
        """Waits for a request, in a child, and runs it."""
        call, fd, parent, request = syscall, self.fd, self.pid, self.request
        call(PRCTL, PR_SET_PDEATHSIG, HARD, 0, 0, 0)
        if call(GETPPID) != parent:
            exit_now(125)  # the zygote has died, and nobody waits for this child
        size = call(RECVMSG, fd, self.message, 0)
        if size <= 0:
            exit_now(CLOSED)
        # The zygote hears of it first: who knows its number can end it. Then it is in a
        # group of its own, which ends with it.
        call(KILL, parent, TAKEN)
        call(SETPGID, 0, 0)
        pid = get_pid()
        flags, count, text, limit = head_of(request, HEAD_AT)
        forked = self.forked
        forked[1:3], forked[3] = self.run, pid
        call(WRITE, fd, forked, REPORT_SIZE)
        try:
            if self.words is not None:
                for place in self.patches:
                    self.words[place] = pid
            plan = self.plans.get((flags, count))
            if plan is None or self.control != plan[0]:
                raise Refused("descriptors: they do not stand where they should")
            for one in plan[1]:
                if call(*one) != 0:
                    raise refusal(one)
            _, path, entry, _ = request[REQUEST_SIZE:size].split(b"\0")
            self.driver.run(path.decode(), entry.decode(), limit, text, 5 if flags & HAS_BELL else -1)
        except BaseException as e:
            # Before the program has a word, this says that it has not run.
            os.write(4 if flags & HAS_CALLS else 3, ("R" + str(e)[:200] + "\n").encode("ascii", "replace"))
            exit_now(126)
        finally:
            exit_now(125)

    def make_plans(self):
        """Writes down the system calls that make a child into the process of a program,
        for all the requests that there are, with the descriptors that come with it."""
        for kind, count in (0, 4), (HAS_CALLS, 5), (HAS_CALLS | HAS_BELL, 6):
            for rules in (0, HAS_RULES):
                count += 1 if rules else 0
                plan = [(SIGMASK, SIG_SETMASK, byref(self.no_signals), 0, MASK_SIZE), (CLOSE, self.fd), (CHDIR, byref(self.held, REQUEST_SIZE))]
                for i, what in enumerate(LIMITS):
                    plan.append((PRLIMIT, 0, what, byref(self.held, LIMITS_AT + 16 * i), 0))
                if rules:
                    # No other program can look into it now, and whoever watches its files can.
                    plan += [(LANDLOCK_RESTRICT_SELF, count - 1, 0), (CLOSE, count - 1), (PRCTL, PR_SET_DUMPABLE, 1, 0, 0, 0)]
                if self.program is not None:
                    plan.append((PRCTL, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, byref(self.program)))
                self.plans[kind | rules, count] = (rights(count), tuple(plan))

    def reap(self, children, standby):
        """Reaps all that have ended, and says whether who stood by is among them."""
        call, info, gone = syscall, self.info, False
        while True:
            info[SI_PID] = 0
            call(WAITID, ANYONE, 0, info, LEFT_NOW, 0)
            pid = info[SI_PID]
            if pid == 0:
                return gone
            if pid not in children:
                # An orphan that left its group: nothing of an honest program.
                self.collect(pid)
                continue
            # Its number cannot be another's while it has not been reaped.
            call(KILL, -pid, HARD)
            cpu, memory = self.collect(pid)
            status = self.status.value
            while call(WAITID, GROUP, pid, info, LEFT, 0) == 0:
                more, other = self.collect(-pid)
                cpu, memory = cpu + more, max(memory, other)
            children.discard(pid)
            if pid == standby:
                gone = True
                # It may have taken a request before it ended, which is not heard of yet.
                if call(SIGTIMEDWAIT, byref(self.taken), 0, byref(self.at_once), MASK_SIZE) != TAKEN:
                    if status >> 8 & 0xFF == CLOSED:
                        os._exit(0)
                    continue
            os.write(self.fd, REPORT.pack(ENDED, 0, pid, status, cpu, memory))

    def collect(self, pid):
        """Reaps a process, or one of a group, and returns its processor time in
        nanoseconds and its memory in bytes."""
        syscall(WAIT4, pid, byref(self.status), 0, self.usage)
        # struct rusage: seconds and microseconds of user and system time, then kilobytes.
        user, user_micro, system, system_micro, memory = self.usage[:5]
        return (user + system) * 1000000000 + (user_micro + system_micro) * 1000, memory * 1024


def serve(fd, driver):
    Zygote(fd, driver).serve()
