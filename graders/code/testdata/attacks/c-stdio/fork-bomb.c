// resource; survivors alive; forks as fast as the machine can
#include <unistd.h>
int main(void) { for (;;) fork(); }
