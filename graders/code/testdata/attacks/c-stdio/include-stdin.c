// compile; alive; includes what waits for input, and itself
#include "/dev/stdin"
#include __FILE__
int main(void) { return 0; }
