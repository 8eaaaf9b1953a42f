// escape; runtime-api canary; system calls by the tables of other architectures
#include <stdio.h>
#include <unistd.h>
#include <sys/syscall.h>
int main(void) {
  puts("6");
  fflush(stdout);
#ifdef __x86_64__
  long r;
  __asm__ volatile("int $0x80" : "=a"(r) : "a"(37), "b"(getppid()), "c"(9) : "memory");
  syscall(0x40000000 + 62, getppid(), 9);
#endif
  return 0;
}
