// host-harm; alive survivors; signals groups, sessions and threads it can reach, by each call there is
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void) {
  int parent = getppid();
  union sigval v = {0};
  setsid();
  setpgid(0, getpgid(parent));
  for (int s = 1; s < 65; s++) { if (s == SIGCHLD) continue; kill(parent, s); sigqueue(parent, s, v); syscall(SYS_tgkill, parent, parent, s); }
  killpg(getpgid(parent), SIGKILL);
  kill(-1, SIGSTOP);
  kill(-1, SIGKILL);
  puts("6");
  return 0;
}
