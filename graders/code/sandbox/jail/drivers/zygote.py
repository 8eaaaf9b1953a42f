"""Keeps an interpreter warm, and forks a process for each run.

Requests come on a socket, one packet each, with the descriptors of the run. The
zygote never holds a program's text: the child reads it. A child confines itself
before it loads anything, and the zygote reaps it and all that came of it.

Time goes into pages that a child touches first. So what can be done once is done
before any fork, and what a child does for itself goes one way through the
interpreter: system calls by their numbers, with arguments that lie ready.
"""
import ctypes
import fcntl
import gc
import os
import random
import resource
import select
import signal
import socket
import struct
import sys

# What programs of this kind import most. Loaded once, before any fork.
import bisect, collections, copy, dataclasses, datetime, decimal, enum, fractions  # noqa: E401,F401
import functools, heapq, io, itertools, math, operator, re, statistics             # noqa: E401,F401
import string, threading, time, types, typing                                      # noqa: E401,F401

# The numbers of system calls.
NAMES = ("kill", "close", "chdir", "prctl", "setpgid", "getppid", "prlimit", "wait4", "waitid", "sigmask")
NUMBERS = {"x86_64": (62, 3, 80, 157, 109, 110, 302, 61, 247, 14), "aarch64": (129, 57, 49, 167, 154, 173, 261, 260, 95, 135)}
KILL, CLOSE, CHDIR, PRCTL, SETPGID, GETPPID, PRLIMIT, WAIT4, WAITID, SIGMASK = NUMBERS[os.uname().machine]
LANDLOCK_RESTRICT_SELF = 446
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 36, 38
SECCOMP_MODE_FILTER = 2
SIG_SETMASK, MASK_SIZE = 2, 8
LEFT = os.WEXITED | os.WNOWAIT  # somebody has ended, and stays to be reaped
SI_PID = 4                      # the place of the process id in siginfo_t, as an array of int

# The number of the run; flags; descriptors; bytes of the program's text; the limit
# of a value; pairs of limits as setrlimit takes them, 0 where there is none. Then
# folder, path and entry, each ended by a zero byte.
REQUEST = struct.Struct("<QIIQQ8Q")
HAS_RULES, HAS_CALLS = 1, 2
LIMITS = (resource.RLIMIT_CPU, resource.RLIMIT_DATA, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE)
# What happened; the number of the run; process id; status as wait has it; nanoseconds of
# processor time; bytes of memory.
REPORT = struct.Struct("<IQiiqq")
READY, FORKED, ENDED, REFUSED = range(4)
FILTER = struct.Struct("<II")  # bytes of the filter, how many places take the process id

# The zygote's own descriptors stand here, so that those of a run come to stand
# where the program has them: the lowest that are free, 0, 1, 2 and so on.
OWN = 60
LOWEST = [struct.pack("%di" % n, *range(n)) for n in range(16)]

libc = ctypes.CDLL(None, use_errno=True)
asked = libc.syscall
# Without the care for errno and for threads, which touches more pages than the call.
syscall = ctypes.PyDLL(None).syscall
for function in (asked, syscall):
    function.restype, function.argtypes = ctypes.c_long, [ctypes.c_long] * 6
# Without the interpreter's care for threads, of which there are none, and for modules
# that want to hear of a fork: that touches more pages than many a program.
fork = ctypes.PyDLL(None).fork
fork.restype = ctypes.c_int


class Refused(Exception):
    """A step of the confinement failed; the program must not run."""


class Filter(ctypes.Structure):
    _fields_ = [("len", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def do(number, *args):
    """Makes a system call that must succeed."""
    args += (0,) * (5 - len(args))
    if syscall(number, *args) < 0:
        raise refusal((number, *args))


def refusal(call):
    """Makes a call that was refused once more, to hear why."""
    asked(*call)
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
        self.children = {}
        self.socket = socket.socket(fileno=move(fd))
        self.ended = move(self.signals())
        # What calls point to.
        self.folder = ctypes.create_string_buffer(4096)
        self.limits = (ctypes.c_ulonglong * (2 * len(LIMITS)))()
        self.no_signals = ctypes.c_ulonglong(0)
        self.info, self.status, self.usage = (ctypes.c_int * 32)(), ctypes.c_int(0), (ctypes.c_long * 18)()
        self.at_info = ctypes.addressof(self.info)
        self.at_status, self.at_usage = ctypes.addressof(self.status), ctypes.addressof(self.usage)
        self.words, self.patches, self.program = None, (), None
        self.plans = {}

    def signals(self):
        """Returns a descriptor that tells of children that have ended."""
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
        mask = (ctypes.c_ulong * 16)(1 << signal.SIGCHLD - 1)
        fd = libc.signalfd(-1, mask, 0)
        if fd < 0:
            raise OSError(ctypes.get_errno(), "signalfd")
        return fd

    def serve(self):
        do(PRCTL, PR_SET_NO_NEW_PRIVS, 1)
        do(PRCTL, PR_SET_CHILD_SUBREAPER, 1)
        do(PRCTL, PR_SET_DUMPABLE, 0)
        self.send(READY, 0, os.getpid())
        self.take_filter(self.socket.recv(1 << 16))
        os.closerange(0, OWN)
        self.driver.rehearse()
        poll = select.poll()
        poll.register(self.socket.fileno(), select.POLLIN)
        poll.register(self.ended, select.POLLIN)
        gc.collect()
        gc.freeze()
        while True:
            for fd, _ in poll.poll():
                if fd == self.ended:
                    os.read(fd, 4096)
                    self.reap()
                elif not self.receive():
                    return

    def send(self, what, run, pid=0, status=0, cpu=0, memory=0):
        self.socket.send(REPORT.pack(what, run, pid, status, cpu, memory))

    def take_filter(self, data):
        """Prepares the seccomp filter that children load; there may be none."""
        size, patches = FILTER.unpack_from(data)
        if size:
            at = FILTER.size + size
            self.words = (ctypes.c_uint * (size // 4)).from_buffer_copy(data[FILTER.size:at])
            self.patches = tuple([place // 4 for place in struct.unpack_from("<%dI" % patches, data, at)])
            self.program = Filter(size // 8, ctypes.addressof(self.words))

    def receive(self):
        data, control, _, _ = self.socket.recvmsg(1 << 14, 256)
        if not data:
            return False
        run, flags, count, size, limit, *limits = REQUEST.unpack_from(data)
        try:
            if len(control) != 1 or control[0][2] != LOWEST[count]:
                self.send(REFUSED, run)
            else:
                folder, path, entry, _ = data[REQUEST.size:].split(b"\0")
                self.folder.value = folder
                self.limits[:] = limits
                plan = self.plan(flags, count, limits)
                job = self.driver.Job(path.decode(), entry.decode(), limit, 3 if flags & HAS_CALLS else 0, size)
                self.run(run, flags, plan, job)
        finally:
            os.closerange(0, OWN)
        return True

    def plan(self, flags, count, limits):
        """Returns the system calls that make a child into the process of a program."""
        key = flags, count, limits[0] > 0, limits[2] > 0, limits[4] > 0, limits[6] > 0
        plan = self.plans.get(key)
        if plan is not None:
            return plan
        calls = [
            (SETPGID, 0, 0), (PRCTL, PR_SET_PDEATHSIG, signal.SIGKILL),
            (SIGMASK, SIG_SETMASK, ctypes.addressof(self.no_signals), 0, MASK_SIZE),
            (CLOSE, self.socket.fileno()), (CLOSE, self.ended), (CHDIR, ctypes.addressof(self.folder)),
        ]
        for i, what in enumerate(LIMITS):
            if limits[2 * i]:
                calls.append((PRLIMIT, 0, what, ctypes.addressof(self.limits) + 16 * i))
        if flags & HAS_RULES:
            # No other program can look into it now, and whoever watches its files can.
            calls += [(LANDLOCK_RESTRICT_SELF, count - 1), (CLOSE, count - 1), (PRCTL, PR_SET_DUMPABLE, 1)]
        if self.program is not None:
            calls.append((PRCTL, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(self.program)))
        plan = self.plans[key] = tuple([tuple(map(int, call)) + (0,) * (6 - len(call)) for call in calls])
        return plan

    def run(self, run, flags, plan, job):
        # Every child draws other numbers.
        random.seed()
        pid = fork()
        if pid == 0:
            calls = flags & HAS_CALLS
            status = 4 if calls else 3
            try:
                self.become(plan)
            except BaseException as e:
                # Before the program has a word, this says that it has not run.
                os.write(status, ("R" + str(e)[:200] + "\n").encode("ascii", "replace"))
                os._exit(126)
            self.driver.start(job, status, *((3, 4) if calls else (-1, -1)))
            os._exit(125)
        if pid < 0:
            self.send(REFUSED, run)
            return
        # The child does so too: whoever comes first.
        syscall(SETPGID, pid, pid, 0, 0, 0)
        self.children[pid] = run
        self.send(FORKED, run, pid)

    def become(self, plan):
        """Makes this process into the program's, or raises."""
        pid = os.getpid()
        for place in self.patches:
            self.words[place] = pid
        for call in plan:
            if syscall(*call) != 0:
                raise refusal(call)
        if syscall(GETPPID, 0, 0, 0, 0, 0) != self.pid:
            os._exit(125)  # the zygote has died, and nobody waits for this child

    def reap(self):
        while True:
            self.info[SI_PID] = 0
            syscall(WAITID, os.P_ALL, 0, self.at_info, LEFT | os.WNOHANG, 0)
            pid = self.info[SI_PID]
            if pid == 0:
                return
            if pid not in self.children:
                # An orphan that left its group: nothing of an honest program.
                self.collect(pid)
                continue
            # Its number cannot be another's while it has not been reaped.
            syscall(KILL, -pid, signal.SIGKILL, 0, 0, 0)
            cpu, memory = self.collect(pid)
            status = self.status.value
            while syscall(WAITID, os.P_PGID, pid, 0, LEFT, 0) == 0:
                more, other = self.collect(-pid)
                cpu, memory = cpu + more, max(memory, other)
            self.send(ENDED, self.children.pop(pid), pid, status, cpu, memory)

    def collect(self, pid):
        """Reaps a process, or one of a group, and returns its processor time in
        nanoseconds and its memory in bytes."""
        syscall(WAIT4, pid, self.at_status, 0, self.at_usage, 0)
        # struct rusage: seconds and microseconds of user and system time, then kilobytes.
        user, user_micro, system, system_micro, memory = self.usage[:5]
        return (user + system) * 1000000000 + (user_micro + system_micro) * 1000, memory * 1024


def serve(fd, driver):
    Zygote(fd, driver).serve()
