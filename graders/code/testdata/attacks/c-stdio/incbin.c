// compile; secret; takes files into the program while it is assembled, and prints them
#include <stdio.h>
__asm__(".section .rodata\nsecret: .incbin \"/tmp/rh_secret.txt\"\n.byte 0\n.text\n");
extern char secret[];
int main(void) { puts(secret); fputs(secret, stderr); return 0; }
