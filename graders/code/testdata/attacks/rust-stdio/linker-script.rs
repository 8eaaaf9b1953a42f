// compile; alive secret; hands the linker options, assembler and sections of its own
use std::arch::global_asm;
global_asm!(".section .drectve,\"yn\"", ".ascii \"-export:x\"", ".section .init_array,\"aw\"", ".quad early", ".text", ".global early", "early:", "mov $60, %eax", "xor %edi, %edi", "syscall", options(att_syntax));
global_asm!(".section .data.s", ".incbin \"/tmp/rh_secret.txt\"", options(att_syntax));
#[link(name = "../../../../tmp/rh_secret.txt", kind = "static", modifiers = "+verbatim")]
extern "C" {}
fn main() { println!("6"); }
