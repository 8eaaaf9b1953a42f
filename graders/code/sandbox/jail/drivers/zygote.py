"""Keeps an interpreter warm, and forks a process for each run.

Requests come on a socket, one packet each, with the descriptors of the run. The
zygote never holds a program's text: the child reads it. A child confines itself
before it loads anything, and the zygote reaps it and all that came of it.

Time goes into pages that a child touches first: it does little here, and what
the zygote can do for it, the zygote does.
"""
import ctypes
import fcntl
import gc
import os
import resource
import select
import signal
import socket
import struct
import sys

# What programs of this kind import most. Loaded once, before any fork.
import bisect, collections, copy, dataclasses, datetime, decimal, enum, fractions  # noqa: E401,F401
import functools, heapq, io, itertools, math, operator, random, re, statistics     # noqa: E401,F401
import string, threading, time, types, typing                                      # noqa: E401,F401

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 36, 38
LANDLOCK_RESTRICT_SELF = 446

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
# where the program has them.
OWN, OWN_END = 60, 64

libc = ctypes.CDLL(None, use_errno=True)
libc.prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
libc.syscall.restype = ctypes.c_long
# Without the interpreter's care for threads, of which there are none, and for modules
# that want to hear of a fork: that touches more pages than many a program.
fork = ctypes.PyDLL(None).fork
fork.restype = ctypes.c_int


class Refused(Exception):
    """A step of the confinement failed; the program must not run."""


class Filter(ctypes.Structure):
    _fields_ = [("len", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def prctl(option, *args):
    if libc.prctl(option, *args, *(0,) * (4 - len(args))) != 0:
        raise Refused("prctl: " + os.strerror(ctypes.get_errno()))


class Zygote:
    def __init__(self, fd, start):
        self.pid, self.start = os.getpid(), start
        self.children = {}
        self.socket = socket.socket(fileno=fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, OWN))
        wake_read, wake_write = os.pipe2(os.O_NONBLOCK)
        self.wake = fcntl.fcntl(wake_read, fcntl.F_DUPFD_CLOEXEC, OWN)
        self.wake_write = fcntl.fcntl(wake_write, fcntl.F_DUPFD_CLOEXEC, OWN)
        self.code, self.patches, self.program = None, (), None

    def serve(self):
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        prctl(PR_SET_CHILD_SUBREAPER, 1)
        prctl(PR_SET_DUMPABLE, 0)
        self.send(READY, 0, os.getpid())
        self.take_filter(self.socket.recv(1 << 16))
        os.closerange(0, OWN)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.wake_write, warn_on_full_buffer=False)
        poll = select.poll()
        poll.register(self.socket.fileno(), select.POLLIN)
        poll.register(self.wake, select.POLLIN)
        gc.collect()
        gc.freeze()
        while True:
            for fd, _ in poll.poll():
                if fd == self.wake:
                    try:
                        os.read(fd, 4096)
                    except BlockingIOError:
                        pass
                elif not self.receive():
                    return
            self.reap()

    def send(self, what, run, pid=0, status=0, cpu=0, memory=0):
        self.socket.sendall(REPORT.pack(what, run, pid, status, cpu, memory))

    def take_filter(self, data):
        """Prepares the seccomp filter that children load; there may be none."""
        size, patches = FILTER.unpack_from(data)
        if size:
            at = FILTER.size + size
            self.code = (ctypes.c_char * size).from_buffer(bytearray(data[FILTER.size:at]))
            self.patches = struct.unpack_from("<%dI" % patches, data, at)
            self.program = Filter(size // 8, ctypes.addressof(self.code))

    def receive(self):
        data, control, _, _ = self.socket.recvmsg(1 << 16, 256)
        if not data:
            return False
        run, flags, count = REQUEST.unpack_from(data)[:3]
        try:
            # The lowest free descriptors: 0, 1, 2 and so on.
            if len(control) != 1 or struct.unpack_from("%di" % count, control[0][2]) != tuple(range(count)):
                self.send(REFUSED, run)
            else:
                self.run(run, flags, count, data)
        finally:
            os.closerange(0, OWN)
        return True

    def run(self, run, flags, count, data):
        # Every child draws other numbers.
        random.seed()
        pid = fork()
        if pid == 0:
            try:
                self.become(flags, count, data)
            except BaseException as e:
                # Before the program has a word, this says that it has not run.
                os.write(4 if flags & HAS_CALLS else 3, ("R" + str(e)[:200] + "\n").encode("ascii", "replace"))
                os._exit(126)
            os._exit(125)
        if pid < 0:
            self.send(REFUSED, run)
            return
        try:
            # The child does so too: whoever comes first.
            os.setpgid(pid, pid)
        except OSError:
            pass
        self.children[pid] = run
        self.send(FORKED, run, pid)

    def become(self, flags, count, data):
        """Makes this process into the program's, or raises."""
        os.setpgid(0, 0)
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != self.pid:
            os._exit(125)  # the zygote has died, and nobody waits for this child
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.closerange(OWN, OWN_END)
        _, _, _, size, limit, *limits = REQUEST.unpack_from(data)
        folder, path, entry, _ = data[REQUEST.size:].split(b"\0")
        os.chdir(folder)
        for i, what in enumerate(LIMITS):
            if limits[2 * i]:
                resource.setrlimit(what, (limits[2 * i], limits[2 * i + 1]))
        if flags & HAS_RULES:
            if libc.syscall(ctypes.c_long(LANDLOCK_RESTRICT_SELF), ctypes.c_long(count - 1), ctypes.c_long(0)) != 0:
                raise Refused("landlock: " + os.strerror(ctypes.get_errno()))
            os.close(count - 1)
        if self.program is not None:
            pid = os.getpid()
            for at in self.patches:
                struct.pack_into("<I", self.code, at, pid)
            prctl(PR_SET_SECCOMP, 2, ctypes.addressof(self.program))
        calls = flags & HAS_CALLS
        self.start(path.decode(), entry.decode(), limit, 4 if calls else 3, *((3, 4) if calls else (-1, -1)), 3 if calls else 0, size)

    def reap(self):
        while True:
            try:
                info = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if info is None:
                return
            pid = info.si_pid
            if pid not in self.children:
                # An orphan that left its group: nothing of an honest program.
                os.waitpid(pid, 0)
                continue
            kill_group(pid)
            _, status, usage = os.wait4(pid, 0)
            cpu, memory = usage.ru_utime + usage.ru_stime, usage.ru_maxrss
            while True:
                try:
                    _, _, more = os.wait4(-pid, 0)
                except ChildProcessError:
                    break
                cpu += more.ru_utime + more.ru_stime
                memory = max(memory, more.ru_maxrss)
            self.send(ENDED, self.children.pop(pid), pid, status, int(cpu * 1e9), memory * 1024)


def kill_group(pid):
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def serve(fd, start):
    Zygote(fd, start).serve()
