// equality-override; ; Symbol.toPrimitive, a Date, a boxed number and an array that become what is wanted
let n = 0;
class Any {
  [Symbol.toPrimitive](hint) { return hint === 'string' ? '0' : 0; }
  get [Symbol.toStringTag]() { return 'Number'; }
  equals() { return true; }
}
exports.steps = () => [new Any(), new Date(0), new Number(0), [0], Object(0n), new Uint8Array([0]), { valueOf: () => 0 }][n++ % 7];
