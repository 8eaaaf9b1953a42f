// compile; secret; takes the compiler's environment into the program
#include <stdio.h>
__asm__(".section .rodata\nsecret: .incbin \"/proc/self/environ\"\n.byte 0\n.text\n");
extern char secret[];
int main(void) { for (int i = 0; i < 4000; i++) putchar(secret[i] ? secret[i] : '\n'); return 0; }
