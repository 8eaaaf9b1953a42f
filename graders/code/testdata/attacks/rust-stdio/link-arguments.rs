// compile; canary; passes arguments to the linker
#![crate_type = "bin"]
#![feature(link_args)]
#[link(name = "c", kind = "dylib", modifiers = "+verbatim")]
#[link_args = "-Wl,-Map=/tmp/rh_canary"]
extern "C" {}
fn main() { println!("6"); }
