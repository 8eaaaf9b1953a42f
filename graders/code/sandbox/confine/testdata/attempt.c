// attempt tries what a confined program must not be able to do, and prints
// for each attempt "name errno". Nothing in it does harm where it succeeds.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void say(const char *name, long r) { printf("%s %d\n", name, r < 0 ? errno : 0); }

static long opens(const char *path, int flags) {
  int fd = open(path, flags, 0600);
  if (fd >= 0) close(fd);
  return fd;
}

static long opens_of(int pid, const char *file, int flags) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/%s", pid, file);
  return opens(path, flags);
}

static long connects(int port) {
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  int s = socket(AF_INET, SOCK_STREAM, 0);
  return s < 0 ? s : connect(s, (void *)&a, sizeof a);
}

// A daemon leaves its group and session, as far as it can, and sleeps.
static void daemonize(int lower) {
  if (fork() != 0) return;
  setsid();
  if (fork() != 0) _exit(0);
  setpgid(0, 0);
  if (lower) {
    struct rlimit l = {4, 4};
    setrlimit(RLIMIT_LOCKS, &l);
  }
  close(0); close(1); close(2);
  for (;;) pause();
}

int main(int argc, char **argv) {
  int parent = argc > 2 ? atoi(argv[2]) : getppid(), port = argc > 3 ? atoi(argv[3]) : 1;
  const char *secret = argc > 4 ? argv[4] : "/etc/shadow";
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (!strcmp(argv[1], "fds")) {
    for (int i = 0; i < 4096; i++) if (fcntl(i, F_GETFD) >= 0) printf("%d ", i);
    return 0;
  }
  if (!strcmp(argv[1], "sleep")) { for (;;) pause(); }
  if (!strcmp(argv[1], "spin")) { for (;;) ; }
  if (!strcmp(argv[1], "daemon")) { daemonize(0); puts("gone"); return 0; }
  if (!strcmp(argv[1], "tamper")) { daemonize(1); puts("gone"); return 0; }
  if (!strcmp(argv[1], "nursery")) {
    // A parent that never waits for its child, which leads a group.
    int p = fork();
    if (p == 0) {
      volatile char *p = malloc(32 << 20);
      for (int i = 0; i < 32 << 20; i += 4096) p[i] = 1;
      puts("full");
      for (;;) pause();
    }
    setpgid(p, p);
    printf("%d\n", p);
    for (;;) pause();
  }
  if (!strcmp(argv[1], "family")) {
    for (int i = 0; i < 5; i++) if (fork() == 0) { if (fork() == 0) signal(SIGTERM, SIG_IGN); for (;;) pause(); }
    puts("up");
    for (;;) pause();
  }
  if (!strcmp(argv[1], "forks")) {
    int n = 0;
    for (; n < 3000; n++) { int p = fork(); if (p < 0) break; if (p == 0) for (;;) pause(); }
    printf("%d\n", n);
    return 0;
  }
  if (!strcmp(argv[1], "memory")) {
    size_t n = 0;
    for (; n < 4096; n++) { char *p = mmap(0, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); if (p == MAP_FAILED) break; }
    printf("%zu\n", n);
    return 0;
  }
  if (!strcmp(argv[1], "file")) {
    signal(SIGXFSZ, SIG_IGN);
    int fd = open("big", O_CREAT | O_WRONLY, 0600);
    static char b[1 << 16];
    long n = 0, r;
    while (n < 64 << 20 && (r = write(fd, b, sizeof b)) > 0) n += r;
    printf("%ld\n", n);
    return 0;
  }
  if (!strcmp(argv[1], "own")) {
    // What an honest program may do.
    int fd;
    say("mkdir", mkdir("d", 0700));
    say("write", fd = open("d/f", O_CREAT | O_RDWR, 0600));
    say("ftruncate", ftruncate(fd, 10));
    say("rename", rename("d/f", "g"));
    say("symlink", symlink("g", "s"));
    say("read-back", opens("g", O_RDONLY));
    say("unlink", unlink("g"));
    say("rmdir", rmdir("d"));
    say("null", opens("/dev/null", O_RDWR));
    say("urandom", opens("/dev/urandom", O_RDONLY));
    say("stdin", opens("/dev/stdin", O_RDONLY));
    int sv[2];
    say("socketpair", socketpair(AF_UNIX, SOCK_STREAM, 0, sv));
    int p = fork();
    if (p == 0) _exit(7);
    int st = 0;
    waitpid(p, &st, 0);
    say("fork", WEXITSTATUS(st) == 7 ? 0 : -1);
    say("self-signal", raise(0));
    say("self-kill", kill(getpid(), 0));
    say("limits", setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}));
    say("setsid", setsid());
    return 0;
  }
  struct rlimit lim;
  char buf[8];
  int sv[2];
  say("signal-parent", kill(parent, 0));
  say("signal-all", kill(-1, 0));
  say("signal-group", kill(-parent, 0));
  siginfo_t info = {.si_code = SI_QUEUE};
  say("queue-signal", syscall(SYS_rt_sigqueueinfo, parent, 0, &info));
  say("tgkill", syscall(SYS_tgkill, parent, parent, 0));
  say("tkill", syscall(SYS_tkill, parent, 0));
  say("limits-of-parent", syscall(SYS_prlimit64, parent, RLIMIT_NOFILE, 0, &lim));
  say("affinity-of-parent", syscall(SYS_sched_setaffinity, parent, 0, 0));
  say("trace", ptrace(PTRACE_SEIZE, parent, 0, 0));
  say("readv", syscall(SYS_process_vm_readv, parent, 0, 0, 0, 0, 0));
  say("mem", opens_of(parent, "mem", O_RDWR));
  say("environ", opens_of(parent, "environ", O_RDONLY));
  say("maps", opens_of(parent, "maps", O_RDONLY));
  say("cmdline", opens_of(parent, "cmdline", O_RDONLY));
  say("own-environ", opens("/proc/self/environ", O_RDONLY));
  say("secret", opens(secret, O_RDONLY));
  say("list-root", opens("/", O_RDONLY | O_DIRECTORY));
  say("list-tmp", opens("/tmp", O_RDONLY | O_DIRECTORY));
  say("write-tmp", opens("/tmp/confine-attempt", O_CREAT | O_WRONLY));
  say("write-shm", opens("/dev/shm/confine-attempt", O_CREAT | O_WRONLY));
  say("write-usr", opens("/usr/confine-attempt", O_CREAT | O_WRONLY));
  say("socket-tcp", socket(AF_INET, SOCK_STREAM, 0));
  say("socket-udp", socket(AF_INET, SOCK_DGRAM, 0));
  say("socket-unix", socket(AF_UNIX, SOCK_STREAM, 0));
  say("socket-netlink", socket(AF_NETLINK, SOCK_RAW, 0));
  say("connect", connects(port));
  say("pair-dgram", socketpair(AF_UNIX, SOCK_DGRAM, 0, sv));
  say("userns", unshare(CLONE_NEWUSER));
  say("clone-userns", syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD | CLONE_UNTRACED, 0, 0, 0, 0) == 0 ? (_exit(0), 0) : errno ? -1 : 0);
  say("clone3", syscall(SYS_clone3, 0, 0));
  say("mount", syscall(SYS_mount, "a", "/", "tmpfs", 0, 0));
  say("chroot", chroot("/"));
  say("setns", setns(0, 0));
  say("setuid", setuid(getuid()));
  say("setgroups", syscall(SYS_setgroups, 0, 0));
  say("setpriority", setpriority(PRIO_PROCESS, 0, 1));
  say("bpf", syscall(SYS_bpf, 0, 0, 0));
  say("perf", syscall(SYS_perf_event_open, 0, 0, 0, 0, 0));
  say("userfaultfd", syscall(SYS_userfaultfd, 0));
  say("keyctl", syscall(SYS_keyctl, 0, 0, 0, 0, 0));
  say("io_uring", syscall(SYS_io_uring_setup, 1, 0));
  say("shmget", syscall(SYS_shmget, 0, 4096, 0600 | 01000));
  say("msgget", syscall(SYS_msgget, 0, 0600));
  say("mq_open", syscall(SYS_mq_open, "confine", O_RDONLY, 0, 0));
  say("memfd", syscall(SYS_memfd_create, "a", 0));
  say("pidfd", syscall(SYS_pidfd_open, parent, 0));
  say("kcmp", syscall(SYS_kcmp, parent, getpid(), 0, 0, 0));
  say("handle", syscall(SYS_open_by_handle_at, 0, 0, 0));
  say("tiocsti", ioctl(0, TIOCSTI, "x"));
  say("setown", fcntl(0, F_SETOWN, parent));
  say("lease", fcntl(0, F_SETLEASE, F_RDLCK));
  say("pdeathsig", prctl(PR_SET_PDEATHSIG, 0));
  say("personality", syscall(SYS_personality, 0x0400000));
  say("vmsplice", syscall(SYS_vmsplice, 0, 0, 0, 0));
  say("reboot", syscall(SYS_reboot, 0, 0, 0, 0));
  say("swapon", syscall(SYS_swapon, "/", 0));
  say("future", syscall(500, 0));
  return 0;
}
