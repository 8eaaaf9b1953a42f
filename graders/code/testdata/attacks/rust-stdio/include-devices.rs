// compile; alive secret; files and devices in the program, and paths to modules elsewhere
#[path = "/proc/self/environ"]
mod environment;
#[path = "/dev/zero"]
mod zero;
static SECRET: &str = include_str!("/tmp/rh_secret.txt");
static ZERO: &[u8] = include_bytes!("/dev/zero");
fn main() { println!("{}{}{}", SECRET, ZERO.len(), environment::X); }
