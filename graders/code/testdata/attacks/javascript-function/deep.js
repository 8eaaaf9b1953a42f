// resource; ; nested deeper than any recursion
module.exports.steps = () => { let x = []; for (let i = 0; i < 1e6; i++) x = [x]; return x; };
