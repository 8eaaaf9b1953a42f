// resource; alive tmp; hides its descriptors from whoever looks, and holds deleted files
#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>
int main(void) {
  static char b[1 << 20] = {1};
  prctl(PR_SET_DUMPABLE, 0);
  for (int i = 0; i < 200; i++) {
    int f = open("x", O_CREAT | O_RDWR, 0600);
    unlink("x");
    for (int k = 0; k < 60 && write(f, b, sizeof b) > 0; k++);
  }
  for (;;);
}
