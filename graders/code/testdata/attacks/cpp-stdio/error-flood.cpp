// compile; alive; messages larger than the disk
#define E #error x
template <int N> struct L { static constexpr int v = L<N - 1>::v + undeclared_name_of_a_thing_that_is_long; };
template <class T, class U> auto f(T t, U u) -> decltype(f(std::pair<T, U>(t, u), std::pair<U, T>(u, t)));
int x[] = {L<800>::v, L<801>::v, L<802>::v, f(1, 2)};
int main() {}
