// disk; alive tmp; exchanges folders for pipes and for links to everything while they are counted
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void) {
  char folder[20], pipe[20], link[20];
  for (int i = 0; i < 50; i++) {
    sprintf(folder, "f%d", i); sprintf(pipe, "p%d", i); sprintf(link, "l%d", i);
    mkdir(folder, 0); mkfifo(pipe, 0600); symlink("/", link);
  }
  for (long n = 0; ; n++) {
    sprintf(folder, "f%ld", n % 50); sprintf(pipe, "p%ld", n % 50); sprintf(link, "l%ld", n % 50);
    syscall(SYS_renameat2, AT_FDCWD, folder, AT_FDCWD, n & 1 ? pipe : link, 2);
    syscall(SYS_renameat2, AT_FDCWD, folder, AT_FDCWD, n & 1 ? pipe : link, 2);
  }
}
