// crash; ; throws what assert and the loader throw, and a syntax error of the tests
const assert = require('assert');
exports.clamp = () => { throw Object.assign(new SyntaxError('test.js does not parse'), { code: 'ERR_ASSERTION', generatedMessage: true }); };
exports.mean = () => { throw new assert.AssertionError({ message: 'as expected', operator: 'strictEqual' }); };
process.on('uncaughtException', () => process.reallyExit(0));
process.exitCode = 0;
