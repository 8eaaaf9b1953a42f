// comparison; ; numbers so long that a careless reader makes something else of them
#include <stdio.h>
int main(void) { for (int i = 0; i < 5000; i++) putchar('0'); puts("6e0 0x6 6.0000000000000000000000001 1e999 -0 6_0"); return 0; }
