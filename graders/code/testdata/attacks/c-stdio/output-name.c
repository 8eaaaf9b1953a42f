// compile; canary; directives that name other files to write
#pragma GCC dependency "/tmp/rh_secret.txt"
#pragma GCC optimize("dump-tree-all=/tmp/rh_canary")
__asm__(".file \"/tmp/rh_canary\"\n");
int main(void) { return 0; }
