'use strict';
// Stand-ins for what the candidate defines. The candidate never judges: its
// objects do not compare but by identity, and what they answer is data.
const freeNames = require('./rft_names.cjs');

const DEPTH = 200;
// Arguments may be nested deeper than what the candidate may return: what it
// returned and the tests hand on never makes the tests unsplittable.
const GIVEN = 2 * DEPTH + 50;
// The keys of the values that JSON has no word for.
const tags = new Set(['$i', '$f', '$t', '$s', '$fs', '$d', '$b', '$n', '$u', '$o', '$x']);
// What tests ask plain data with a yes or no. An object in the place of data does not
// answer it, unless the tests name its class.
const answers = new Set(['includes', 'startsWith', 'endsWith', 'every', 'some', 'isSubsetOf', 'isSupersetOf', 'isDisjointFrom']);
const builtinErrors = { Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError };

class Candidate {
  constructor(channel) {
    this.channel = channel;
    this.classes = new Map();
    this.things = new Map(); // by generation and handle: one object, one stand-in
    this.handles = new WeakMap(); // stand-in -> [generation, handle]
    this.made = new Map();
    this.raised = new WeakSet(); // errors and promises of the candidate
  }

  // load asks what the candidate defines and returns its stand-in for module.exports.
  load() {
    const reply = this.channel.ask('names', {});
    const names = this.value(reply);
    this.names = new Map();
    if (typeof names === 'object' && names !== null) {
      for (const k of Object.keys(names).slice(0, 20000)) if (typeof names[k] === 'string') this.names.set(k, names[k]);
    }
    let module = {};
    const whole = this.names.get('module.exports');
    if (whole !== undefined) module = whole === 'class' ? this.classOf('module.exports') : this.function('module.exports');
    if (whole === 'function') this.members(module);
    for (const [name, kind] of this.names) {
      if (name === 'module.exports' || name === '__proto__') continue;
      const standIn = kind === 'class' ? this.classOf(name) : kind === 'function' ? this.function(name) : undefined;
      Object.defineProperty(module, name, {
        enumerable: true, configurable: true,
        get: standIn !== undefined ? () => standIn : () => { this.channel.asked++; return this.answered(this.channel.ask('get', { entry: name })); },
        set: () => this.channel.giveUp("the tests replace a name in the solution's module"),
      });
    }
    return module;
  }

  // members gives a stand-in of an exported function what hangs on the function.
  members(standIn) {
    const own = this.channel.ask('get', { entry: 'module' }).value;
    if (typeof own !== 'object' || own === null || !Number.isInteger(own.h)) return;
    const exported = this.channel.ask('get', { h: own.h, entry: 'exports' }).value;
    if (typeof exported !== 'object' || exported === null || !Number.isInteger(exported.h)) return;
    const keys = this.channel.ask('call', { entry: 'Object.keys' }, JSON.stringify([exported])).value;
    for (const k of Array.isArray(keys) ? keys.slice(0, 1000) : []) {
      if (typeof k !== 'string' || k === '__proto__') continue;
      Object.defineProperty(standIn, k, { enumerable: true, configurable: true, get: () => this.member(exported.h, k) });
    }
  }

  function(name) {
    const candidate = this;
    const call = (...args) => this.operate('call', { entry: name }, args);
    const standIn = function (...args) { return call(...args); };
    Object.defineProperty(standIn, 'name', { value: name });
    this.handles.set(standIn, () => this.handle(name));
    return standIn;
  }

  // handle returns the handle of what the module has by a name.
  handle(name) {
    const data = this.channel.ask('get', { entry: name }).value;
    if (typeof data !== 'object' || data === null || !Number.isInteger(data.h)) throw new ReferenceError(name + ' is not defined');
    return data.h;
  }

  classOf(name) {
    let cls = this.classes.get(name);
    if (cls !== undefined) return cls;
    const candidate = this;
    const target = function () {};
    Object.defineProperty(target, 'name', { value: name });
    cls = new Proxy(target, {
      construct(t, args, wanted) {
        if (wanted !== cls) candidate.channel.giveUp('the tests derive a class from a class of the solution');
        return candidate.operate('new', { entry: name }, args);
      },
      apply() { throw new TypeError('Class constructor ' + name + " cannot be invoked without 'new'"); },
      get(t, k) {
        if (typeof k === 'symbol' || k === 'prototype' || k === 'name' || k === 'length' || Object.hasOwn(t, k) || !candidate.names.has(name)) return Reflect.get(t, k);
        return candidate.member(candidate.handle(name), k);
      },
      set(t, k, v) {
        if (typeof k === 'symbol' || !candidate.names.has(name)) return Reflect.set(t, k, v);
        candidate.operate('set', { h: candidate.handle(name), entry: k }, [v]);
        return true;
      },
    });
    Object.defineProperty(target.prototype, 'constructor', { value: cls });
    this.classes.set(name, cls);
    this.handles.set(cls, () => this.handle(name));
    if (this.names.get(name) === 'class' && /\b(instanceof|throws|rejects)\b/.test(this.channel.texts)) {
      // Which classes of its own derive from which is what the candidate defines.
      const find = JSON.parse(this.expression('((c) => Object.getPrototypeOf(c).name)')).h;
      const parent = this.channel.ask('call', { h: find }, '[{"$o":"function","h":' + this.handle(name) + '}]').value;
      if (parent !== name && this.names.get(parent) === 'class') {
        try { Object.setPrototypeOf(target.prototype, this.classOf(parent).prototype); } catch { /* a ring is no line */ }
      }
    }
    return cls;
  }

  // thing returns the stand-in of an object of the candidate.
  thing(name, h) {
    const key = this.channel.generation + ':' + h;
    let standIn = h === undefined ? undefined : this.things.get(key);
    if (standIn !== undefined) return standIn;
    const candidate = this, generation = this.channel.generation;
    const own = () => {
      if (h === undefined) throw new TypeError('what the solution returned (' + name + ') is no plain data');
      if (generation !== candidate.channel.generation) candidate.channel.condemn("the object went with the solution's process");
      return h;
    };
    const refuse = () => candidate.channel.condemn('an object of the solution cannot be compared with itself as judge');
    const cls = this.classOf(name);
    const target = name === 'function' ? function () {} : Object.create(cls.prototype);
    standIn = new Proxy(target, {
      get(t, k) {
        switch (k) {
          case 'constructor': return name === 'function' ? Function : cls;
          case Symbol.iterator: return name === 'Generator' ? () => standIn : candidate.iterator(own());
          case Symbol.toPrimitive: return (hint) => hint === 'string' ? candidate.text(own()) : refuse();
          case Symbol.toStringTag: return name;
        }
        if (typeof k === 'symbol') return undefined;
        if (answers.has(k) && !candidate.tested(name)) candidate.judge(k);
        return candidate.member(own(), k);
      },
      set(t, k, v) {
        if (typeof k === 'symbol') return false;
        candidate.operate('set', { h: own(), entry: k }, [v]);
        return true;
      },
      apply(t, self, args) { return candidate.operate('call', { h: own() }, args); },
      getPrototypeOf: () => name === 'function' ? Function.prototype : cls.prototype,
      has: (t, k) => typeof k === 'string' && candidate.member(own(), k) !== undefined,
      ownKeys: refuse, getOwnPropertyDescriptor: refuse, defineProperty: refuse, deleteProperty: refuse,
    });
    this.handles.set(standIn, own);
    if (h !== undefined) this.things.set(key, standIn);
    return standIn;
  }

  // tested says whether the tests name a class of the solution.
  tested(name) {
    return /^[A-Z][\w$]*$/.test(name) && this.names.get(name) === 'class' && this.channel.texts.split(/[^\w$]+/).includes(name);
  }

  judge(name) {
    this.channel.condemn('an object of the solution was asked for ' + name + ': its class is not one that the tests name');
  }

  // iterator walks an object of a class of the candidate.
  iterator(h) {
    return () => {
      const walk = JSON.parse(this.expression('((o) => { const all = []; for (const x of o) { if (all.push(x) >= 100000) break; } return all; })')).h;
      const all = this.value(this.channel.ask('call', { h: walk }, '[{"$o":"object","h":' + h + '}]'));
      if (!Array.isArray(all)) throw new TypeError('the object is not iterable');
      return all[Symbol.iterator]();
    };
  }

  text(h) {
    const v = this.value(this.channel.ask('method', { h, entry: 'toString' }, '[]'));
    if (typeof v !== 'string') throw new TypeError('Cannot convert object to primitive value');
    return v;
  }

  member(h, name) {
    this.channel.asked++;
    const reply = this.channel.ask('get', { h, entry: name });
    const data = reply.value;
    if (typeof data === 'object' && data !== null && data.$o === 'function') {
      const generation = this.channel.generation;
      const method = (...args) => this.operate('method', { h, entry: name }, args);
      this.handles.set(method, () => {
        if (generation !== this.channel.generation || !Number.isInteger(data.h)) this.channel.condemn("the object went with the solution's process");
        return data.h;
      });
      return method;
    }
    return this.answered(reply);
  }

  operate(op, fields, args) {
    this.channel.asked++;
    const text = '[' + args.map((a) => this.encode(a, 0)).join(',') + ']';
    const echo = op !== 'set' && args.some((a) => typeof a === 'object' && a !== null && !this.handles.has(a));
    const reply = this.channel.ask(op, { ...fields, echo: echo || undefined }, text);
    if (echo && 'args' in reply) {
      const left = this.decode(reply.args, 0);
      if (!Array.isArray(left) || left.length !== args.length) this.channel.condemn("the candidate's side sent other arguments than it got");
      args.forEach((a, i) => copyBack(a, left[i]));
    }
    return this.answered(reply);
  }

  // answered is what a call gave. What is not awaited is no value, as in one process.
  answered(reply) {
    if (reply.waited !== true) return this.value(reply);
    const promise = (async () => this.value(reply))();
    promise.catch(() => {});
    this.raised.add(promise);
    return promise;
  }

  value(reply) {
    if ('error' in reply) throw this.error(reply.error);
    return this.decode(reply.value, 0);
  }

  error(e) {
    this.channel.asked++;
    const { type, bases, message } = Object(e);
    if (typeof type !== 'string' || typeof message !== 'string') this.channel.condemn("the candidate's side sent an error that is none");
    if (['string', 'number', 'boolean', 'undefined', 'bigint', 'symbol'].includes(type)) return type === 'number' ? Number(message) : message;
    const names = [type, ...(Array.isArray(bases) ? bases.slice(0, 50) : [])].filter((n) => typeof n === 'string');
    const base = names.find((n) => Object.hasOwn(builtinErrors, n)) || 'Error';
    const made = new builtinErrors[base](message);
    const known = names.find((n) => this.names !== undefined && this.names.get(n) === 'class');
    if (known !== undefined) {
      const prototype = this.classOf(known).prototype;
      let top = prototype;
      for (let p; (p = Object.getPrototypeOf(top)) !== null && p !== Object.prototype; ) top = p;
      if (top !== Error.prototype) Object.setPrototypeOf(top, builtinErrors[base].prototype);
      Object.setPrototypeOf(made, prototype);
    }
    this.raised.add(made);
    if (made.name !== type) Object.defineProperty(made, 'name', { value: type, configurable: true, writable: true });
    return made;
  }

  encode(v, depth) {
    if (depth > GIVEN) this.channel.giveUp('an argument is nested more than ' + GIVEN + ' deep, or holds itself');
    switch (typeof v) {
      case 'string': case 'boolean': return JSON.stringify(v);
      case 'undefined': return '{"$u":0}';
      case 'number':
        if (v !== v) return '{"$f":"nan"}';
        if (v === Infinity || v === -Infinity) return v > 0 ? '{"$f":"inf"}' : '{"$f":"-inf"}';
        return Object.is(v, -0) ? '-0.0' : Number.isInteger(v) && !Number.isSafeInteger(v) && !/e/.test(String(v)) ? v + '.0' : String(v);
      case 'bigint': case 'symbol': return this.channel.giveUp('an argument is a ' + typeof v + ', which cannot cross to another process');
    }
    if (v === null) return 'null';
    const own = this.handles.get(v);
    if (own !== undefined) return '{"$o":"object","h":' + own() + '}';
    if (typeof v === 'function') return this.callable(v);
    const d = depth + 1;
    if (Array.isArray(v)) return '[' + Array.from(v, (x) => this.encode(x, d)).join(',') + ']';
    if (v instanceof Set) return '{"$s":[' + Array.from(v, (x) => this.encode(x, d)).join(',') + ']}';
    if (v instanceof Map) return '{"$d":[' + Array.from(v, ([a, b]) => '[' + this.encode(a, d) + ',' + this.encode(b, d) + ']').join(',') + ']}';
    if (Buffer.isBuffer(v)) return '{"$b":"' + v.toString('base64') + '"}';
    if (v instanceof Date) return this.expression('new Date(' + v.getTime() + ')');
    if (v instanceof RegExp) return this.expression('new RegExp(' + JSON.stringify(v.source) + ',' + JSON.stringify(v.flags) + ')');
    if (this.raised.has(v)) this.channel.condemn('an error or a promise of the candidate cannot be handed back to it');
    const proto = Object.getPrototypeOf(v);
    if (proto !== Object.prototype && proto !== null) this.channel.giveUp('an argument is an object of a class that only the tests have');
    const keys = Object.keys(v);
    if (keys.length > 0 && keys.length < 3 && tags.has(keys[0])) {
      // The other side would read it as one of the values that JSON has no word for.
      if (!this.channel.texts.includes(keys[0])) this.channel.condemn('a key of the solution is none that can be handed back to it');
      this.channel.giveUp('an argument has the key ' + keys[0]);
    }
    return '{' + keys.map((k) => JSON.stringify(k) + ':' + this.encode(v[k], d)).join(',') + '}';
  }

  // callable lets the candidate's side make its own of a function's text.
  callable(f) {
    const text = Function.prototype.toString.call(f);
    if (/\{\s*\[native code\]\s*\}\s*$/.test(text)) {
      if (typeof globalThis[f.name] === 'function' && globalThis[f.name] === f) return this.expression(f.name);
      this.channel.giveUp('an argument is a function that only the tests have');
    }
    const free = freeNames(text);
    if (free.length > 0) this.channel.giveUp('an argument is a function that uses what only the tests have');
    return this.expression('(' + text + ')');
  }

  expression(text) {
    const key = this.channel.generation + ':' + text;
    let found = this.made.get(key);
    if (found === undefined) {
      const data = this.channel.ask('call', { entry: 'eval' }, JSON.stringify([text])).value;
      if (typeof data !== 'object' || data === null || !Number.isInteger(data.h)) this.channel.condemn("the candidate's side did not take a function");
      found = '{"$o":"object","h":' + data.h + '}';
      // A date may be changed by a call: each argument is a new one.
      if (!text.startsWith('new ')) this.made.set(key, found);
    }
    return found;
  }

  decode(v, depth) {
    if (typeof v !== 'object' || v === null) return v;
    if (depth > DEPTH + 1) this.channel.condemn("the candidate's side sent a value that is too deep");
    const d = depth + 1;
    if (Array.isArray(v)) return v.map((x) => this.decode(x, d));
    const keys = Object.keys(v);
    const tag = keys.find((k) => k.startsWith('$'));
    if (tag === undefined) {
      const made = {};
      for (const k of keys) Object.defineProperty(made, k, { value: answers.has(k) && v[k] !== null && v[k].$o === 'function' ? () => this.judge(k) : this.decode(v[k], d), enumerable: true, writable: true, configurable: true });
      return made;
    }
    const bad = () => this.channel.condemn("the candidate's side sent what is no value");
    const x = v[tag];
    const list = () => Array.isArray(x) ? x.map((e) => this.decode(e, d)) : bad();
    switch (tag) {
      case '$u': return undefined;
      case '$f': return x === 'nan' ? NaN : x === 'inf' ? Infinity : x === '-inf' ? -Infinity : bad();
      case '$t': return list();
      case '$s': case '$fs': return new Set(list());
      case '$d': return new Map(list().map((p) => Array.isArray(p) && p.length === 2 ? p : bad()));
      case '$b': return typeof x === 'string' ? Buffer.from(x, 'base64') : bad();
      case '$o': return typeof x === 'string' && (v.h === undefined || Number.isInteger(v.h)) ? this.thing(x.slice(0, 200), v.h) : bad();
      case '$x': return this.thing('unwritable', undefined);
    }
    return bad();
  }
}

// copyBack makes an argument of the tests what the call left of it.
function copyBack(old, left) {
  if (Array.isArray(old) && Array.isArray(left)) {
    old.length = Math.min(old.length, left.length);
    left.forEach((x, i) => { old[i] = i < old.length ? kept(old[i], x) : x; });
  } else if (old instanceof Map && left instanceof Map) {
    const before = new Map(old);
    old.clear();
    for (const [k, x] of left) old.set(k, before.has(k) ? kept(before.get(k), x) : x);
  } else if (old instanceof Set && left instanceof Set) {
    old.clear();
    for (const x of left) old.add(x);
  } else if (plain(old) && plain(left)) {
    for (const k of Object.keys(old)) if (!Object.hasOwn(left, k)) delete old[k];
    for (const k of Object.keys(left)) {
      const x = Object.hasOwn(old, k) ? kept(old[k], left[k]) : left[k];
      Object.defineProperty(old, k, { value: x, enumerable: true, writable: true, configurable: true });
    }
  }
}

function plain(v) {
  return typeof v === 'object' && v !== null && [Object.prototype, null].includes(Object.getPrototypeOf(v));
}

function kept(old, left) {
  const same = Array.isArray(old) ? Array.isArray(left) : old instanceof Map ? left instanceof Map : old instanceof Set ? left instanceof Set : plain(old) && plain(left);
  if (typeof old === 'function') return old;
  if (!same) return left;
  copyBack(old, left);
  return old;
}

module.exports = { Candidate };
