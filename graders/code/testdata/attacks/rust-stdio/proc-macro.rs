// compile; canary; asks to be a plugin of the compiler
#![crate_type = "proc-macro"]
extern crate proc_macro;
#[proc_macro]
pub fn now(_: proc_macro::TokenStream) -> proc_macro::TokenStream { std::fs::write("/tmp/rh_canary", "compiled").ok(); "fn main() {}".parse().unwrap() }
