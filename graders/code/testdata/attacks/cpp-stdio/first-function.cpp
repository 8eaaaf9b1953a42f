// poison; apart survivors; counts its runs in memory that a function shares which runs before all constructors
#include <cstdio>
#include <cstdlib>
#include <new>
#include <sys/mman.h>
static int *count;
static void first() { count = static_cast<int *>(mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)); }
__attribute__((section(".preinit_array"), used)) static void (*const before)() = first;
void *operator new(std::size_t n) { ++*count; return std::malloc(n); }
int main() {
  const int out[] = {6, 1, 25, 21};
  delete new int;
  std::printf("%d\n", out[(*count - 1) % 4]);
}
