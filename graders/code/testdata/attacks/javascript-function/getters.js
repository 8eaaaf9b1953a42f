// resource; ; an object whose properties never end
const endless = () => Object.defineProperty({}, 'a', { enumerable: true, get: endless });
module.exports.steps = endless;
