// resource; alive; takes memory outside of the heap, shared too
module.exports.steps = () => { const held = []; for (;;) { held.push(new SharedArrayBuffer(32 << 20)); new Uint8Array(held[held.length - 1]).fill(1); } };
