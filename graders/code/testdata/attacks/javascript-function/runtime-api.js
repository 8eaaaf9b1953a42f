// lambda; runtime-api canary; asks for the event, by http, fetch and a socket, IPv6 too
const ask = () => {
  const url = 'http://127.0.0.1:9001/2018-06-01/runtime/invocation/next';
  try { require('http').get(url, (r) => r.on('data', (d) => require('fs').writeFileSync('/tmp/rh_canary', d))).on('error', () => {}); } catch { /* none */ }
  try { fetch(url).catch(() => {}); } catch { /* none */ }
  for (const host of ['127.0.0.1', '::1', '::ffff:127.0.0.1', 'localhost']) try { require('net').connect(9001, host).on('error', () => {}).write('GET /next HTTP/1.0\r\n\r\n'); } catch { /* none */ }
};
ask();
module.exports.steps = async () => { ask(); await new Promise((r) => setTimeout(r, 100)); return -1; };
