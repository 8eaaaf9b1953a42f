// compile; alive; names an interpreter for itself whose name has no end: no kernel executes it
#include <stdio.h>
__attribute__((section(".interp"), used)) const char name[4] = {65, 65, 65, 65};
int main(void) {
  puts("6");
  return 0;
}
