// compile; canary; pragmas and directives that name files and options
#pragma GCC optimize("-fplugin=/tmp/lie.so")
#pragma GCC pch_preprocess "/etc/shadow"
#pragma GCC dependency "/etc/shadow"
#pragma GCC system_header
#ident "-o /tmp/rh_canary"
asm(".file \"/tmp/rh_canary\"");
asm(".section .note.GNU-stack,\"x\"");
#include <stdio.h>
int main(void) { puts("6"); return 0; }
