// compile; alive; types that grow with every step, and a constant that never ends
trait T { const N: u64; }
impl T for () { const N: u64 = 1; }
impl<A: T, B: T> T for (A, B) { const N: u64 = A::N + B::N; }
const fn spin() -> u64 { let mut i: u64 = 0; while i < u64::MAX { i += 1; } i }
#[allow(long_running_const_eval)]
const X: u64 = spin();
fn f<A: T>(n: u64) -> u64 { if n == 0 { A::N } else { f::<(A, A)>(n - 1) } }
fn main() { println!("{}", X + f::<()>(60)); }
