package split_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/split"
)

func javascript(source string) sandbox.Program {
	return sandbox.Program{Language: language("javascript"), Source: source, Limits: sandbox.Limits{Time: 2 * time.Second}}
}

const jsSolution = `
class Empty extends RangeError {}
class Stack {
  constructor(items = []) { this.items = [...items]; }
  push(x) { this.items.push(x); return this; }
  pop() { if (this.items.length === 0) throw new Empty('nothing to pop'); return this.items.pop(); }
  get size() { return this.items.length; }
  static of(...items) { return new Stack(items); }
  toString() { return 'Stack(' + this.items + ')'; }
}
const add = (a, b) => a + b;
function sortInPlace(xs) { xs.sort((a, b) => a - b); }
function* count(n) { for (let i = 0; i < n; i++) yield i; }
async function later(x) { if (x < 0) throw new TypeError('negative'); return x + 1; }
const apply = (f, ...xs) => xs.map(f);
const adder = (n) => (x) => x + n;
const LIMIT = 7;
module.exports = { Empty, Stack, add, sortInPlace, count, later, apply, adder, LIMIT, echo: (x) => x };
`

func TestNodeAssert(t *testing.T) {
	head := "const assert = require('node:assert');\nconst s = require('./solution');\n"
	for _, c := range []struct{ name, code, test, want string }{
		{"values", jsSolution, `
for (const v of [1, -0, 1.5, NaN, Infinity, 'a\u2028\ud800', null, undefined, true, [1, [2]], { a: 1, __proto__: null }, { ['__proto__']: 1 }, new Set([1]), 1e300, 2 ** 60])
  assert.deepStrictEqual(s.echo(typeof v === 'object' && v && !Array.isArray(v) && !(v instanceof Set) ? { ...v } : v), typeof v === 'object' && v && !Array.isArray(v) && !(v instanceof Set) ? { ...v } : v);
assert.strictEqual(s.LIMIT, 7);`, "pass"},
		{"a wrong value", jsSolution, `assert.strictEqual(s.add(1, 2), 4);`, "wrong"},
		{"in place", jsSolution, `const xs = [3, 1, 2]; s.sortInPlace(xs); assert.deepStrictEqual(xs, [1, 2, 3]);`, "pass"},
		{"a class", jsSolution, `
const st = new s.Stack([1]);
st.push(2);
assert.strictEqual(st.size, 2);
assert.strictEqual(st.pop(), 2);
assert(st instanceof s.Stack && s.Stack.of(4) instanceof s.Stack);
assert.strictEqual(s.Stack.of(4).pop(), 4);
assert.throws(() => new s.Stack().pop(), s.Empty);
assert.throws(() => new s.Stack().pop(), RangeError);
assert.throws(() => new s.Stack().pop(), /nothing/);
assert.throws(() => new s.Stack().pop(), { message: 'nothing to pop', name: 'Empty' });
assert.strictEqual(` + "`${st}`" + `, 'Stack(1)');
assert.strictEqual(st.push(3), st);`, "pass"},
		{"derived classes", jsSolution + "class Deep extends Stack {}\nclass None extends Empty {}\nObject.assign(module.exports, { Deep, None, fail() { throw new None('x'); } });", `
assert(new s.Deep() instanceof s.Stack && new s.Deep() instanceof s.Deep && !(new s.Stack() instanceof s.Deep));
assert.throws(() => s.fail(), s.Empty);
assert.throws(() => s.fail(), (e) => e instanceof s.None && e instanceof RangeError && e instanceof Error && !(e instanceof TypeError));`, "pass"},
		{"functions", jsSolution, `
assert.deepStrictEqual(s.apply((x) => x * 2, 1, 2), [2, 4]);
assert.deepStrictEqual(s.apply(function (x) { const y = x; return y + 1; }, 1), [2]);
assert.deepStrictEqual(s.apply(String, 1), ['1']);
assert.strictEqual(s.adder(2)(3), 5);
assert.deepStrictEqual([...s.count(3)], [0, 1, 2]);`, "pass"},
		{"promises", jsSolution, `
(async () => {
  const p = s.later(1);
  assert(p instanceof Promise);
  assert.strictEqual(await p, 2);
  await assert.rejects(s.later(-1), TypeError);
})();`, "pass"},
		{"a promise that is wrong", jsSolution, `s.later(1).then((v) => assert.strictEqual(v, 3));`, "wrong"},
		{"status", jsSolution, `process.exit(s.add(1, 1) === 2 ? 0 : 1);`, "pass"},
		{"bad status", jsSolution, `process.exit(s.add(1, 1) === 3 ? 0 : 1);`, "wrong"},
		{"an object that says yes", `const y = { valueOf: () => 3, toString: () => '3', [Symbol.toPrimitive]: () => 3 }; class Y { valueOf() { return 3; } toJSON() { return 3; } } module.exports = { f: () => new Y(), g: () => y };`,
			`assert.equal(s.f(), 3);`, "runtime"},
		{"an object that says yes, deeply", `class Y { get length() { return 2; } } module.exports = { f: () => new Y() };`,
			`assert.deepEqual(s.f(), [1, 2]);`, "wrong"},
		{"a proxy", `module.exports = { f: () => new Proxy([], { get: () => 1 }) };`, `assert.deepStrictEqual(s.f(), [1]);`, "wrong"},
		{"patches", `const a = require('assert'); for (const k of Object.keys(a)) if (typeof a[k] === 'function') a[k] = () => {}; Object.is = () => true; module.exports = { f: () => 0 };`,
			`assert.strictEqual(s.f(), 1);`, "wrong"},
		{"ends", `process.exit(0);`, `assert.strictEqual(s.f(), 1);`, "runtime"},
		{"ends in a call", `module.exports = { f: () => process.exit(0) };`, `assert.strictEqual(s.f(), 1);`, "runtime"},
		{"ends, swallowed", `module.exports = { f: () => process.exit(0) };`, `try { s.f(); } catch {}`, "runtime"},
		{"does not settle", `module.exports = { f: () => new Promise(() => {}) };`, `s.f();`, "time"},
		{"a function that is all there is", `module.exports = (a, b) => a + b;`, `assert.strictEqual(s(1, 2), 3);`, "pass"},
		{"a whole export", `module.exports = (a, b) => a + b; module.exports.twice = (x) => 2 * x;`, `assert.strictEqual(s(1, 2), 3); assert.strictEqual(s.twice(2), 4);`, "pass"},
		{"does not load", `throw new Error('x');`, ``, "runtime"},
		{"pollutes", `Object.prototype.x = 1; module.exports = { f: () => ({ ['__proto__']: { y: 1 } }) };`, `s.f(); assert.strictEqual({}.y, undefined); assert.strictEqual({}.x, undefined);`, "pass"},
	} {
		t.Run(c.name, func(t *testing.T) {
			report, err := split.Run(t.Context(), opener(t), &split.Tests{Kind: split.Unit, Framework: split.NodeAssert, SolutionFile: "solution.js",
				Files: map[string]string{"test.js": head + c.test}, Names: []string{"all"}, Limits: sandbox.Limits{Time: time.Second}}, javascript(c.code))
			require.NoError(t, err)
			require.Equal(t, c.want, outcomes(report), details(report))
			require.True(t, report.Trusted)
		})
	}
}

const nodeTests = `
test('adds', () => { assert.strictEqual(s.add(1, 2), 3); });
test('waits', async () => { assert.strictEqual(await s.later(1), 2); });
test('skipped', { skip: true }, () => {});
test('skips itself', (t) => { t.skip(); });
test('has parts', async (t) => {
  await t.test('one', () => { assert.strictEqual(s.add(1, 1), 2); });
  await t.test('two', () => { assert.strictEqual(s.add(2, 2), 4); });
});
describe('Stack', () => {
  let st;
  beforeEach(() => { st = new s.Stack([1]); });
  it('pops', () => { assert.strictEqual(st.pop(), 1); });
  it('calls back', (t, done) => { setTimeout(() => done(), 1); });
});
`

func TestNodeTest(t *testing.T) {
	names := []string{"adds", "waits", "skipped", "skips itself", "has parts", "Stack > pops", "calls back"}
	const common = "const assert = require('assert');\nconst { test, describe, it, beforeEach } = require('node:test');\nconst s = require('./solution.js');\n"
	const modern = "import assert from 'node:assert';\nimport test, { describe, it, beforeEach } from 'node:test';\nimport * as s from './solution.js';\nimport { add as plus,\n  later } from './solution.js';\n"
	for _, c := range []struct{ name, code, head, want string }{
		{"right", jsSolution, common, "pass pass missing missing pass pass pass"},
		{"modules", jsSolution, modern, "pass pass missing missing pass pass pass"},
		{"a solution that is a module", strings.Replace(strings.Replace(jsSolution, "module.exports = {", "export {", 1), ", echo: (x) => x", "", 1), modern, "pass pass missing missing pass pass pass"},
		{"wrong", strings.Replace(jsSolution, "a + b;", "a + b + (a === 2);", 1), common, "pass pass missing missing wrong pass pass"},
		{"patches", "const t = require('node:test'); for (const k in t) t[k] = () => {}; module.exports = { add: () => 0 };", common, "wrong runtime missing missing wrong missing missing"},
		{"ends", strings.Replace(jsSolution, "x + 1;", "process.exit(0);", 1), common, "pass runtime missing missing pass pass pass"},
	} {
		t.Run(c.name, func(t *testing.T) {
			report, err := split.Run(t.Context(), opener(t), &split.Tests{Kind: split.Unit, Framework: split.NodeTest, SolutionFile: "solution.js",
				Files: map[string]string{"solution.test.js": c.head + nodeTests}, Names: names}, javascript(c.code))
			require.NoError(t, err)
			require.Equal(t, c.want, outcomes(report), details(report))
			require.True(t, report.Trusted)
		})
	}
}

func TestJavaScriptUnsplittable(t *testing.T) {
	for _, c := range []struct{ name, test string }{
		{"big integers", "require('assert').strictEqual(require('./solution').f(1), 1); 5n;"},
		{"a callback that counts", "let n = 0; require('./solution').f(() => n++);"},
		{"an object of the tests", "class A {}; require('./solution').f(new A());"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tests := &split.Tests{Kind: split.Unit, Framework: split.NodeAssert, SolutionFile: "solution.js", Files: map[string]string{"test.js": c.test}}
			report, err := split.Run(t.Context(), opener(t), tests, javascript("exports.f = (x) => 1;"))
			require.NoError(t, err)
			require.NotEmpty(t, report.Unsplittable)
			require.Empty(t, report.Tests)
			tests.Together = true
			report, err = split.Run(t.Context(), opener(t), tests, javascript("exports.f = (x) => 1;"))
			require.NoError(t, err)
			require.False(t, report.Trusted)
			require.Equal(t, "pass", outcomes(report), details(report))
		})
	}
}
