// resource; alive survivors; each of many children takes a little less than the limit
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int main(void) {
  for (int i = 0; i < 24; i++) if (fork() == 0) { char *p = malloc(40 << 20); memset(p, 1, 40 << 20); sleep(600); _exit(p[5]); }
  sleep(600);
  return 0;
}
