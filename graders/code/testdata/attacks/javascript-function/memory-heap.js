// resource; alive; fills the heap
module.exports.steps = () => { const held = []; for (;;) held.push(new Array(1 << 16).fill(held.length)); };
