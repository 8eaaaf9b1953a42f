// crash; ; prints what is right for one case and aborts in a panic of a panic
struct D;
impl Drop for D { fn drop(&mut self) { panic!("again"); } }
fn main() { println!("6"); let _d = D; panic!("once"); }
