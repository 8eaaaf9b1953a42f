// compile; secret; takes the compiler's environment into the program
fn main() { println!("{:?} {:?} {:?}", option_env!("AWS_SECRET_ACCESS_KEY"), option_env!("RH_SECRET"), std::env::vars().collect::<Vec<_>>()); }
