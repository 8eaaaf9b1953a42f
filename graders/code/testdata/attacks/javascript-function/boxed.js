// equality; ; a boxed number and a list that is a number to ==
module.exports.steps = (n) => (n % 2 ? Object(-1) : [[0]]);
