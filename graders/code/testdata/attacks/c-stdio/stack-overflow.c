// crash; ; a stack that has no end
int f(int n) { volatile char block[4096]; block[0] = (char)n; return f(n + 1) + block[0]; }
int main(void) { return f(0); }
