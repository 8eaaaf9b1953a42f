// compile; alive; macros that call themselves
#![recursion_limit = "1000000"]
macro_rules! m { ($($t:tt)*) => { m!($($t)* $($t)* x); }; }
m!(x);
fn main() {}
