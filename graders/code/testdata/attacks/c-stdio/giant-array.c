// compile; alive tmp; a program of many gigabytes
char a[1L << 34] = {1};
int main(void) { return a[1L << 33]; }
