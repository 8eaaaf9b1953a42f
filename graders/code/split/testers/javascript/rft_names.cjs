'use strict';
// Which names a function's text uses and does not define itself. It errs on the
// side of finding too many: then the function is not sent.
const keywords = new Set(`async await break case catch class const continue debugger default delete do else extends false
finally for function get if in instanceof let new null of return set static super switch this throw true try typeof var void
while with yield undefined NaN Infinity arguments Array Object String Number Boolean Math JSON Map Set WeakMap WeakSet Date
RegExp Symbol BigInt Promise Error TypeError RangeError SyntaxError ReferenceError parseInt parseFloat isNaN isFinite
encodeURIComponent decodeURIComponent Reflect Proxy Intl structuredClone`.split(/\s+/));

module.exports = function freeNames(text) {
  const used = new Set(), defined = new Set();
  // Template literals with expressions are not read.
  if (/`[^`]*\$\{/.test(text)) text = text.replace(/\$\{|`/g, ' ');
  const tokens = text.match(/\/\/[^\n]*|\/\*[^]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`[^`]*`|[\p{ID_Start}$_][\p{ID_Continue}$]*|\.\.\.|=>|[0-9][\w.]*|\S/gu) || [];
  const words = tokens.filter((t) => !/^(\/\/|\/\*|['"`])/.test(t));
  const isName = (t) => t !== undefined && /^[\p{ID_Start}$_]/u.test(t);
  for (let i = 0; i < words.length; i++) {
    const t = words[i];
    if (!isName(t) || keywords.has(t)) continue;
    const before = words[i - 1], after = words[i + 1];
    if (before === '.' || (after === ':' && (before === '{' || before === ','))) continue;
    if (['let', 'const', 'var', 'function', 'class', 'catch'].includes(before) || after === '=>') defined.add(t);
    used.add(t);
  }
  // The names in the brackets of the parameters, of the function and of those in it.
  for (let i = 0; i < words.length; i++) {
    if (words[i] !== ')' || !(words[i + 1] === '=>' || words[i + 1] === '{')) continue;
    let depth = 0, k = i;
    for (; k >= 0; k--) {
      if (words[k] === ')') depth++;
      if (words[k] === '(' && --depth === 0) break;
    }
    if (['if', 'for', 'while', 'switch', 'with'].includes(words[k - 1])) continue;
    for (let n = k + 1; n < i; n++) {
      // A default value is no parameter.
      if (words[n] === '=') { while (n < i && words[n] !== ',') n++; continue; }
      if (isName(words[n])) defined.add(words[n]);
    }
  }
  return [...used].filter((n) => !defined.has(n));
};
