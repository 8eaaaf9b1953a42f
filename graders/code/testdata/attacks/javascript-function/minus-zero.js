// comparison; ; not numbers, infinities, big integers that are nearly right, undefined
module.exports.steps = (n) => [NaN, Infinity, undefined, -1n, null, '0', [0]][n % 7];
