// compile; ; attributes that want another compiler, plug-ins and no main
#![feature(plugin, custom_inner_attributes)]
#![plugin(lie)]
#![no_main]
#![recursion_limit = "4294967295"]
#[no_mangle]
pub extern "C" fn main() -> i32 { println!("6"); 0 }
