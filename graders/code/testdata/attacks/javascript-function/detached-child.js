// survivor; survivors canary; a detached child that nobody waits for
try {
  const { spawn } = require('child_process');
  const child = spawn(process.execPath, ['-e', 'setInterval(() => { try { require("fs").writeFileSync("/tmp/rh_canary", "child") } catch {} }, 50)'], { detached: true, stdio: 'ignore' });
  child.unref();
} catch { /* none */ }
module.exports.steps = () => 0;
