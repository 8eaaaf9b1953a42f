// compile; secret; takes files and the environment into the program
fn main() { println!("{} {} {:?}", include_str!("/tmp/rh_secret.txt"), include_str!("/proc/self/environ"), option_env!("AWS_SECRET_ACCESS_KEY")); }
