// timeout; ; never lets the event loop turn
const spin = () => Promise.resolve().then(spin);
module.exports.steps = () => spin();
