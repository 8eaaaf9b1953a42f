// resource; alive; maps all addresses, then touches page by page
#include <sys/mman.h>
int main(void) {
  for (;;) {
    char *p = mmap(0, 64 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) continue;
    for (long i = 0; i < 64 << 20; i += 4096) p[i] = 1;
  }
}
