// equality; ; a proxy of a list whose members change, of a function, of itself
const p = new Proxy([1], { get: (t, k) => (k === 'length' ? 1 : k === 'toJSON' ? () => 0 : 0), ownKeys: () => ['0', 'length'], getPrototypeOf: () => Number.prototype });
module.exports.steps = () => p;
