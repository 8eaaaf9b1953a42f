// compile; alive; a string switch and nested generics that take the compiler's memory
public class Main {
    static final String A = "0123456789".repeat(10);
    interface X<T> { }
    static <A, B extends X<? super X<X<? super B>>>> void f(X<? super X<X<? super B>>> x) { X<? super X<X<? super X<X<? super B>>>>> y = null; X<? super B> z = (X<? super B>) (Object) y; f(y); }
    public static void main(String[] args) { X<? super X<X<? super X<Integer>>>> q = null; f(q); }
}
