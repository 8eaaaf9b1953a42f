'use strict';
// Runs one JavaScript program: as a script ("run"), or as functions that are
// called over two descriptors in the lines of package wire ("call").
//
// The program is hostile and lives in this process. Nothing here is a secret
// and nothing here decides: a reply is only ever a value. What the driver uses
// it holds by names of its own, bound before the program is loaded.
const fs = require('fs');
const vm = require('vm');
const path = require('path');
const Module = require('module');
const url = require('url');
const util = require('util');

const DEPTH = 200;
const { readSync, writeSync, closeSync, readFileSync } = fs;
const { parse: parseJSON, stringify } = JSON;
const exit = process.reallyExit.bind(process);
const { isProxy, isMap, isSet, isDate, isPromise, isTypedArray, isGeneratorObject, isMapIterator, isSetIterator,
  isBigIntObject, isNumberObject, isStringObject, isBooleanObject, isAnyArrayBuffer, isNativeError } = util.types;
const { isArray } = Array;
const { isInteger, isSafeInteger } = Number;
const { getPrototypeOf, getOwnPropertyDescriptor, keys: keysOf, is: same, getOwnPropertyNames } = Object;
const uncurry = Function.prototype.bind.bind(Function.prototype.call);
const { apply: applyTo, construct } = Reflect;
const bigText = uncurry(BigInt.prototype.toString);
const numberText = uncurry(Number.prototype.toString);
const mapEach = uncurry(Map.prototype.forEach);
const setEach = uncurry(Set.prototype.forEach);
const dateText = uncurry(Date.prototype.toISOString);
const valueOf = { big: uncurry(BigInt.prototype.valueOf), number: uncurry(Number.prototype.valueOf), string: uncurry(String.prototype.valueOf), boolean: uncurry(Boolean.prototype.valueOf) };
const has = uncurry(Object.prototype.hasOwnProperty);
const indexOf = uncurry(Buffer.prototype.indexOf);
const MapClass = Map, SetClass = Set, BigIntOf = BigInt, NumberOf = Number, StringOf = String, BufferClass = Buffer, ErrorClass = Error;
const PromiseClass = Promise;
const promiseThen = uncurry(Promise.prototype.then);
const replace = uncurry(String.prototype.replace), test = uncurry(RegExp.prototype.test), slice = uncurry(String.prototype.slice);
const push = uncurry(Array.prototype.push), join = uncurry(Array.prototype.join);
const mapGet = uncurry(Map.prototype.get), mapSet = uncurry(Map.prototype.set);
const setHas = uncurry(Set.prototype.has), setAdd = uncurry(Set.prototype.add), setDelete = uncurry(Set.prototype.delete);

class TooLong extends Error {}

// Writer writes values as package wire has them. It reads own data properties
// and built-in contents; getters, proxies, toJSON and valueOf are not asked.
class Writer {
  constructor(limit, handles) { this.limit = limit; this.handles = handles; }

  write(value) {
    this.left = this.limit; this.parts = []; this.open = new SetClass();
    try {
      this.value(value, 0);
      return join(this.parts, '');
    } catch (e) {
      if (e instanceof TooLong) return '{"$x":"long"}';
      return '{"$x":"deep"}';
    }
  }

  put(text) {
    this.left -= text.length;
    if (this.left < 0) throw new TooLong();
    push(this.parts, text);
  }

  value(v, depth) {
    switch (typeof v) {
      case 'string': return this.put(quote(v));
      case 'number': return this.put(numberOf(v));
      case 'boolean': return this.put(v ? 'true' : 'false');
      case 'bigint': return this.put(bigText(v));
      case 'undefined': return this.put('{"$u":0}');
      case 'object': return v === null ? this.put('null') : this.object(v, depth);
      default: return this.foreign(v, typeof v);
    }
  }

  object(v, depth) {
    if (isProxy(v)) return this.foreign(v, 'Proxy');
    if (isNumberObject(v)) return this.value(valueOf.number(v), depth);
    if (isStringObject(v)) return this.value(valueOf.string(v), depth);
    if (isBooleanObject(v)) return this.value(valueOf.boolean(v), depth);
    if (isBigIntObject(v)) return this.value(valueOf.big(v), depth);
    if (depth >= DEPTH) return this.put('{"$x":"deep"}');
    if (setHas(this.open, v)) return this.put('{"$x":"cyclic"}');
    setAdd(this.open, v);
    this.container(v, depth + 1);
    setDelete(this.open, v);
  }

  container(v, depth) {
    if (isArray(v)) return this.array(v, depth);
    if (isMap(v)) return this.map(v, depth);
    if (isSet(v)) return this.set(v, depth);
    if (isTypedArray(v)) return v instanceof Uint8Array && BufferClass.isBuffer(v) ? this.bytes(v) : this.array(v, depth);
    if (isGeneratorObject(v) || isMapIterator(v) || isSetIterator(v)) return this.handles ? this.foreign(v, 'Generator') : this.put('{"$x":"iterator"}');
    const proto = getPrototypeOf(v);
    if (isDate(v) || isPromise(v) || isAnyArrayBuffer(v) || (proto !== null && getPrototypeOf(proto) !== null)) return this.foreign(v, className(v));
    this.fields(v, depth);
  }

  bytes(v) { this.put('{"$b":"' + BufferClass.prototype.toString.call(v, 'base64') + '"}'); }

  array(v, depth) {
    const n = v.length;
    this.put('[');
    for (let i = 0; i < n; i++) {
      if (i > 0) this.put(',');
      const d = getOwnPropertyDescriptor(v, i);
      // A hole reads as undefined; a getter is not asked.
      if (d === undefined) this.value(undefined, depth);
      else if (has(d, 'value')) this.value(d.value, depth);
      else this.foreign(v, 'getter');
    }
    this.put(']');
  }

  map(v, depth) {
    const pairs = [];
    let text = true;
    mapEach(v, (m, k) => { push(pairs, [k, m]); if (typeof k !== 'string' || k[0] === '$') text = false; });
    this.put(text ? '{' : '{"$d":[');
    for (let i = 0; i < pairs.length; i++) {
      if (i > 0) this.put(',');
      if (text) { this.put(quote(pairs[i][0]) + ':'); this.value(pairs[i][1], depth); continue; }
      this.put('['); this.value(pairs[i][0], depth); this.put(','); this.value(pairs[i][1], depth); this.put(']');
    }
    this.put(text ? '}' : ']}');
  }

  set(v, depth) {
    this.put('{"$s":[');
    let first = true;
    setEach(v, (m) => { if (!first) this.put(','); first = false; this.value(m, depth); });
    this.put(']}');
  }

  fields(v, depth) {
    const keys = keysOf(v);
    let text = true;
    for (let i = 0; i < keys.length; i++) if (keys[i][0] === '$') text = false;
    this.put(text ? '{' : '{"$d":[');
    for (let i = 0; i < keys.length; i++) {
      if (i > 0) this.put(',');
      this.put(text ? quote(keys[i]) + ':' : '[' + quote(keys[i]) + ',');
      const d = getOwnPropertyDescriptor(v, keys[i]);
      if (d !== undefined && has(d, 'value')) this.value(d.value, depth);
      else this.foreign(v, 'getter');
      if (!text) this.put(']');
    }
    this.put(text ? '}' : ']}');
  }

  foreign(v, name) {
    const h = this.handles && (typeof v === 'object' || typeof v === 'function') ? ',"h":' + this.handles.keep(v) : '';
    this.put('{"$o":' + quote(slice(name, 0, 100)) + h + '}');
  }
}

function quote(s) {
  return replace(stringify(s), /[\u007f-\uffff]/g, (c) => '\\u' + slice('0000' + c.charCodeAt(0).toString(16), -4));
}

// JavaScript has one kind of number: what is whole is written as an integer.
function numberOf(v) {
  if (v !== v) return '{"$f":"nan"}';
  if (v === Infinity) return '{"$f":"inf"}';
  if (v === -Infinity) return '{"$f":"-inf"}';
  if (same(v, -0)) return '-0.0';
  if (isSafeInteger(v)) return numberText(v, 10);
  const text = numberText(v, 10);
  if (isInteger(v) && !test(/e/, text)) return text + '.0';
  return text;
}

function className(v) {
  try {
    for (let p = getPrototypeOf(v); p !== null; p = getPrototypeOf(p)) {
      const d = getOwnPropertyDescriptor(p, 'constructor');
      if (d && typeof d.value === 'function') {
        const n = getOwnPropertyDescriptor(d.value, 'name');
        return n && typeof n.value === 'string' && n.value ? n.value : 'Object';
      }
    }
  } catch { /* an object that cannot be looked at is an object */ }
  return 'Object';
}

class Handles {
  constructor() { this.objects = new MapClass(); this.numbers = new MapClass(); this.n = 0; }
  keep(v) {
    let n = mapGet(this.numbers, v);
    if (n === undefined) { n = ++this.n; mapSet(this.objects, n, v); mapSet(this.numbers, v, n); }
    return n;
  }
  get(n) {
    const v = mapGet(this.objects, n);
    if (v === undefined) throw new ErrorClass('no such object');
    return v;
  }
}

// exactNumbers keeps integers that a double cannot hold as BigInt.
function decode(line) {
  if (!test(/[0-9]{16}/, line)) return parseJSON(line);
  return parseJSON(replace(line, /"(?:[^"\\]|\\.)*"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/g, (m) => {
    if (m[0] === '"' || test(/[.eE]/, m) || isSafeInteger(NumberOf(m))) return m;
    return '{"$i":"' + m + '"}';
  }));
}

function readValue(v, handles) {
  if (isArray(v)) { for (let i = 0; i < v.length; i++) v[i] = readValue(v[i], handles); return v; }
  if (typeof v !== 'object' || v === null) return v;
  const keys = keysOf(v);
  if (keys.length > 0 && keys.length <= 2 && keys[0][0] === '$') {
    const m = v[keys[0]];
    switch (keys[0]) {
      case '$i': return BigIntOf(m);
      case '$f': return m === 'nan' ? NaN : m === 'inf' ? Infinity : -Infinity;
      case '$t': return readValue(m, handles);
      case '$s': case '$fs': return new SetClass(readValue(m, handles));
      case '$d': return new MapClass(readValue(m, handles));
      case '$b': return BufferClass.from(m, 'base64');
      case '$n': return NumberOf(m);
      case '$u': return undefined;
      case '$o': if (handles && has(v, 'h')) return handles.get(v.h);
    }
  }
  for (const k of keys) v[k] = readValue(v[k], handles);
  return v;
}

function errorText(e) {
  let type = 'Error', message = '', bases = [];
  try {
    if (typeof e === 'object' && e !== null) {
      for (let p = getPrototypeOf(e), i = 0; p !== null && i < 20; p = getPrototypeOf(p), i++) {
        const d = getOwnPropertyDescriptor(p, 'constructor');
        const n = d && typeof d.value === 'function' && getOwnPropertyDescriptor(d.value, 'name');
        if (n && typeof n.value === 'string' && n.value !== 'Object') push(bases, slice(n.value, 0, 100));
      }
      type = bases[0] || 'Error';
      const d = getOwnPropertyDescriptor(e, 'message');
      if (d && typeof d.value === 'string') message = slice(d.value, 0, 2000);
    } else {
      type = typeof e;
      message = slice(StringOf(e), 0, 2000);
    }
  } catch { /* hostile errors say nothing */ }
  return '{"type":' + quote(type) + ',"bases":[' + join(bases.map(quote), ',') + '],"message":' + quote(message) + '}';
}

// looksLikeModule tells what only an ECMAScript module may say.
function needsModule(e) {
  return test(/import statement outside a module|Unexpected token 'export'|import\.meta|await is only valid|Cannot use 'import/, StringOf(e && e.message));
}

// compileText returns "script" or "module", or throws what is wrong.
function kindOf(source, file) {
  try {
    vm.compileFunction(source.replace(/^#!/, '//'), ['exports', 'require', 'module', '__filename', '__dirname'], { filename: file });
    return 'script';
  } catch (e) {
    if (needsModule(e)) return 'module';
    throw e;
  }
}

function fault(status, e) {
  writeSync(status, 'S\n');
  try { process._rawDebug(StringOf(e && e.stack).slice(0, 4000)); } catch { /* nobody reads it */ }
  exit(1);
}

function run(file, status) {
  const source = readFileSync(file, 'utf8');
  let kind;
  try { kind = kindOf(source, file); } catch (e) { fault(status, e); }
  writeSync(status, 'L\n');
  closeSync(status);
  process.argv.splice(1, process.argv.length, kind === 'module' ? file.replace(/js$/, 'mjs') : file);
  // The program must find itself to be the main module.
  Module.runMain();
}

class Driver {
  constructor(entry, limit) {
    this.entry = entry;
    this.handles = entry === '*' ? new Handles() : null;
    this.writer = new Writer(limit, this.handles);
    this.exports = {};
    this.lookup = () => undefined;
  }

  async load(file, source, kind) {
    if (kind === 'module') {
      this.exports = await import(url.pathToFileURL(file.replace(/js$/, 'call.mjs')).href);
      this.lookup = this.exports.__rft_lookup || this.lookup;
      return;
    }
    // Functions are called as of a module that another one loaded: what a program
    // does only as the main module is not theirs.
    const main = new Module('.', null);
    const module = new Module(file, main);
    module.filename = file;
    module.paths = [];
    const load = Module.createRequire(file);
    // The last line gives a way to what the text declares and does not export.
    const body = vm.compileFunction(source.replace(/^#!/, '//') + '\n;return (n) => eval(n);',
      ['exports', 'require', 'module', '__filename', '__dirname'], { filename: file });
    load.main = main;
    const lookup = applyTo(body, module.exports, [module.exports, load, module, file, path.dirname(file)]);
    if (typeof lookup === 'function') this.lookup = lookup;
    this.exports = module.exports;
  }

  global(name) {
    const e = this.exports;
    if (e !== null && (typeof e === 'object' || typeof e === 'function') && !isProxy(e)) {
      if (name in e && name !== 'name' && name !== 'length') return e[name];
      const d = e.default;
      if (d !== null && typeof d === 'object' && name in d) return d[name];
    }
    if (test(/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u, name)) {
      try { return this.lookup(name); } catch { /* not declared */ }
    }
    if (typeof e === 'function' && this.handles === null) return e;
    if (e !== null && typeof e === 'object' && typeof e.default === 'function' && this.handles === null) return e.default;
    return undefined;
  }

  find(name) {
    const dot = name.indexOf('.');
    if (dot > 0) {
      const owner = this.global(name.slice(0, dot));
      if (typeof owner === 'function') return this.method(owner, name.slice(dot + 1));
      if (owner) return owner[name.slice(dot + 1)];
    }
    const f = this.global(name);
    if (typeof f === 'function') return f;
    const solution = this.global('Solution');
    if (typeof solution === 'function' && solution.prototype && name in solution.prototype) return this.method(solution, name);
    if (f !== undefined) return f;
    throw new ReferenceError('no function of that name');
  }

  method(owner, name) {
    if (owner.prototype && name in owner.prototype) { const o = construct(owner, []); return (...args) => o[name](...args); }
    return owner[name];
  }

  names() {
    const names = {};
    const all = new SetClass(this.declared || []);
    if (this.exports && typeof this.exports === 'object') for (const k of keysOf(this.exports)) all.add(k);
    for (const k of all) {
      if (k === '__rft_lookup') continue;
      const v = this.global(k);
      if (v === undefined) continue;
      names[k] = typeof v === 'function' ? (test(/^class\b/, Function.prototype.toString.call(v)) ? 'class' : 'function') : 'value';
    }
    if (typeof this.exports === 'function') names['module.exports'] = test(/^class\b/, Function.prototype.toString.call(this.exports)) ? 'class' : 'function';
    return names;
  }

  object(m) { return m.h ? this.handles.get(m.h) : undefined; }

  do(m, args) {
    switch (m.op || 'call') {
      case 'call': {
        if (this.handles && m.h) return applyTo(this.handles.get(m.h), undefined, args);
        const name = m.entry || this.entry;
        if (name === 'module.exports') return this.exports(...args);
        const f = this.find(name);
        if (typeof f !== 'function') throw new TypeError(name + ' is not a function');
        return f(...args);
      }
      case 'names': return this.names();
      case 'new': {
        const made = m.entry === 'module.exports' ? construct(this.exports, args) : construct(this.find(m.entry), args);
        return { kept: made };
      }
      case 'method': return this.handles.get(m.h)[m.entry](...args);
      case 'get': return m.h ? this.handles.get(m.h)[m.entry] : this.global(m.entry);
      case 'set': this.handles.get(m.h)[m.entry] = args[0]; return undefined;
      case 'isinstance': return this.handles.get(m.h) instanceof this.find(m.entry);
    }
    throw new ErrorClass('an operation that this driver does not know');
  }

  async answer(line) {
    let m = {}, result, waited = false;
    try {
      m = decode(line);
      const args = readValue(m.args || [], this.handles);
      if (m.kwargs && keysOf(m.kwargs).length > 0) push(args, readValue(m.kwargs, this.handles));
      if (m.op && m.op !== 'call' && this.handles === null) throw new ErrorClass('this program only answers calls');
      let value = this.do(m, args);
      const kept = m.op === 'new';
      if (!kept && typeof value === 'object' && value !== null && !isProxy(value) && (isPromise(value) || typeof value.then === 'function')) {
        // Whoever did not await it must not take it for a value.
        waited = this.handles !== null;
        value = await value;
      }
      if (kept) result = '"value":{"$o":' + quote(className(value.kept)) + ',"h":' + this.handles.keep(value.kept) + '}';
      else result = '"value":' + this.writer.write(value);
      if (m.echo) result += ',"args":' + this.writer.write(args);
    } catch (e) {
      result = '"error":' + errorText(e);
    }
    return '{"id":' + (isSafeInteger(m.id) ? m.id : 0) + ',"nonce":' + quote(StringOf(m.nonce)) + (waited ? ',"waited":true,' : ',') + result + '}\n';
  }
}

class Lines {
  constructor(fd) { this.fd = fd; this.rest = BufferClass.alloc(0); this.chunk = BufferClass.alloc(1 << 16); }
  next() {
    let parts = [this.rest], end = indexOf(this.rest, 10);
    while (end < 0) {
      let n;
      try { n = readSync(this.fd, this.chunk, 0, this.chunk.length, null); } catch (e) { if (e.code === 'EAGAIN') continue; throw e; }
      if (n === 0) return null;
      const got = BufferClass.from(this.chunk.subarray(0, n));
      push(parts, got);
      if (indexOf(got, 10) >= 0) { this.rest = BufferClass.concat(parts); end = indexOf(this.rest, 10); }
    }
    const line = this.rest.toString('utf8', 0, end);
    this.rest = this.rest.subarray(end + 1);
    return line;
  }
}

function writeAll(fd, text) {
  const data = BufferClass.from(text, 'latin1');
  for (let at = 0; at < data.length;) {
    try { at += writeSync(fd, data, at); } catch (e) { if (e.code !== 'EAGAIN') throw e; }
  }
}

// declaredNames finds what a text declares at its top, to list it.
function declaredNames(source) {
  const names = [];
  for (const m of source.matchAll(/^(?:export\s+)?(?:default\s+)?(?:async\s+)?(?:function\s*\*?|class|const|let|var)\s+([A-Za-z_$][\w$]*)/gm)) names.push(m[1]);
  return names;
}

async function call(file, entry, limit, fdIn, fdOut) {
  const source = readFileSync(file, 'utf8');
  let kind;
  try { kind = kindOf(source, file); } catch (e) { fault(fdOut, e); }
  writeSync(fdOut, 'L\n');
  const driver = new Driver(entry, limit);
  if (entry === '*') driver.declared = declaredNames(source);
  const lines = new Lines(fdIn);
  let failed = null;
  try { await driver.load(file, source, kind); } catch (e) { failed = errorText(e); }
  for (let line; (line = lines.next()) !== null;) {
    if (failed === null) { writeAll(fdOut, await driver.answer(line)); continue; }
    const m = parseJSON(line);
    writeAll(fdOut, '{"id":' + m.id + ',"nonce":' + quote(StringOf(m.nonce)) + ',"error":' + failed + '}\n');
  }
  exit(0);
}

const [, , mode, file, ...rest] = process.argv;
if (mode === 'run') run(file, 3);
else {
  // A promise that nobody waits for must not end the process between calls.
  // One that never settles must run into the time limit, not end the process.
  setInterval(() => {}, 1 << 30);
  process.on('unhandledRejection', () => {});
  call(file, rest[0], NumberOf(rest[1]), 3, 4);
}
