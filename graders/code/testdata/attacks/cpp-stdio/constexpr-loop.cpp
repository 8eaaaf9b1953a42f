// compile; alive; computes for ever while it is compiled
constexpr unsigned long f(unsigned long n) { unsigned long s = 0; for (unsigned long i = 0; i < n; i++) for (unsigned long k = 0; k < n; k++) s ^= i * k; return s; }
static_assert(f(200000) != 1);
int main() {}
