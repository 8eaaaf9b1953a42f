// escape; canary; opens what devices and kernel files there are for writing
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int main(void) {
  const char *paths[] = {"/dev/mem", "/dev/kmsg", "/dev/tty", "/dev/shm/left", "/dev/mqueue/left", "/proc/sysrq-trigger", "/proc/self/oom_score_adj", "/sys/kernel/mm/ksm/run", "/sys/fs/cgroup/cgroup.procs", "/run/left", "/var/tmp/left"};
  for (unsigned i = 0; i < sizeof paths / sizeof *paths; i++) {
    int fd = open(paths[i], O_WRONLY | O_CREAT | O_NOCTTY, 0666);
    if (fd >= 0 && !strstr(paths[i], "oom") && !strstr(paths[i], "tty")) { int c = open("/tmp/rh_canary", O_WRONLY | O_TRUNC); if (c >= 0) { write(c, paths[i], strlen(paths[i])); close(c); } }
  }
  puts("6");
  return 0;
}
