// crash; ; throws where it may not
#include <iostream>
struct Z { ~Z() noexcept(false) { throw 1; } };
int main() { std::set_terminate([] { std::cout << 6 << std::endl; std::_Exit(0); }); Z z; throw 2; }
