// resource; time; waits behind all others, in the hope that its clock stands still
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>
#include <cstdio>
#include <fcntl.h>
int main() {
  sched_param none{};
  sched_setscheduler(0, SCHED_IDLE, &none);
  setpriority(PRIO_PROCESS, 0, 19);
  int fd = open("/proc/self/autogroup", O_WRONLY);
  if (fd >= 0 && write(fd, "19", 2)) {}
  for (int i = 0; i < 60; i++) if (vfork() == 0) { for (;;) { usleep(200); sched_yield(); } }
  for (;;) { usleep(200); sched_yield(); }
}
