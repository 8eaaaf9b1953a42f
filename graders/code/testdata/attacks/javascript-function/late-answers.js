// forged-result; ; timers, microtasks and exit hooks that write replies on all descriptors
const fs = require('fs');
const shout = () => {
  for (let fd = 1; fd < 12; fd++) for (let id = 1; id < 9; id++) {
    try { fs.writeSync(fd, JSON.stringify({ id, nonce: '', value: 0 }) + '\n'); } catch {}
  }
};
process.on('exit', shout);
process.on('beforeExit', shout);
setInterval(shout, 1).unref();
exports.steps = (n) => { shout(); queueMicrotask(shout); setImmediate(shout); return -1; };
