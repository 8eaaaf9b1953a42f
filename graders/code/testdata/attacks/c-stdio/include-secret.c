// compile; secret; includes a file with a secret, so that the compiler's message quotes it
#include "/tmp/rh_secret.txt"
#include "/proc/self/environ"
#include "/proc/self/cmdline"
int main(void) { return 0; }
