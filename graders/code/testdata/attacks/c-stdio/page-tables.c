// resource; alive; reads a page of each 2 MiB of nothing: no page is resident, and the tables of them fill the memory
#include <sys/mman.h>
int main(void) {
  long all = 1L << 42;
  volatile char *p = mmap(0, all, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  madvise((void *)p, all, MADV_NOHUGEPAGE);
  for (long i = 0; i < all; i += 2 << 20) (void)p[i];
  for (;;);
}
