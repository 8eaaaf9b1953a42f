// equality-override; ; getters, thenables and array lengths that differ each time they are read
let reads = 0;
const moving = { get 0() { return reads++; }, get length() { return reads++; }, get then() { return reads++ % 2 ? (ok) => ok(reads) : undefined; } };
exports.steps = (n) => n % 2 ? moving : new Proxy([0], { get: (t, k) => k === 'length' ? 1 : reads++ });
