// survivor; survivors canary; takes off the death signal, becomes a subreaper, execs under another name
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>
int main(void) {
  prctl(PR_SET_PDEATHSIG, 0);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  signal(SIGHUP, SIG_IGN);
  if (vfork() == 0) { execl("/bin/sh", "[kworker/1:0]", "-c", "trap '' 1 2 15; cd /; while :; do sleep 1; echo there > /tmp/rh_canary; done", (char *)0); _exit(0); }
  if (fork() == 0) { setsid(); if (fork()) _exit(0); for (int i = 0; i < 64; i++) close(i); sleep(600); }
  puts("6");
  return 0;
}
