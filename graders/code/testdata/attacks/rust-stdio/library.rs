// compile; alive; asks the compiler for a library: what was made cannot be executed
#![crate_type = "staticlib"]
pub fn main() {
    println!("6");
}
