// steal-answers; secret; modules and texts from other files
#[path = "/proc/self/environ"]
#[cfg(any())]
mod hidden;
const A: &str = include_str!("/tmp/rh_secret.txt");
fn main() { println!("{}", A); }
