// compile; alive; includes itself twice, and the largest headers again and again
#include <bits/stdc++.h>
#if __INCLUDE_LEVEL__ < 60
#include __FILE__
#include __FILE__
#endif
int main() {}
