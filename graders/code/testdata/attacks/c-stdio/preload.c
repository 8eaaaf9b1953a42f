// monkeypatch; ; runs itself again with a library of its own in front
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int puts(const char *s) { return printf("1\n"); }
int main(int argc, char **argv) {
  if (!getenv("LD_PRELOAD")) {
    setenv("LD_PRELOAD", "/proc/self/exe", 1);
    setenv("LD_AUDIT", "./lie.so", 1);
    execv("/proc/self/exe", argv);
  }
  puts("6");
  return 0;
}
