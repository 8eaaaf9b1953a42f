// compile; alive; types that grow by themselves
template <int N, class... T> struct A : A<N - 1, T..., T...> {};
template <class... T> struct A<0, T...> {};
A<40, int> a;
int main() {}
