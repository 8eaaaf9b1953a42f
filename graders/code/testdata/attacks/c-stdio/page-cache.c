// resource; alive tmp; fills mapped files of its folder
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
int main(void) {
  for (int i = 0;; i++) {
    char name[32];
    sprintf(name, "m%d", i);
    int fd = open(name, O_CREAT | O_RDWR, 0600);
    if (fd < 0 || ftruncate(fd, 32 << 20)) continue;
    char *p = mmap(0, 32 << 20, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (p != MAP_FAILED) for (long k = 0; k < 32 << 20; k += 4096) p[k] = 1;
    close(fd);
  }
}
