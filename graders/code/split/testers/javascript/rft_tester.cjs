'use strict';
// The process that holds tests: it calls the candidate, which lives in another
// process, and says what passed. It reads its orders from the grader.
const Module = require('module');
const path = require('path');
const url = require('url');
const { Channel } = require('./rft_channel.cjs');
const { Candidate } = require('./rft_proxy.cjs');
const files = require('./rft_files.cjs');

const channel = new Channel(Number(process.env.RFT_IN), Number(process.env.RFT_OUT));
const config = channel.config;
const folder = path.join(__dirname, 'tests');
process.chdir(folder);

function line(e) {
  let text = '';
  try { text = e instanceof Error ? e.name + ': ' + e.message : String(e); } catch { /* it says nothing */ }
  return text.split('\n', 1)[0].slice(0, 300);
}

function outcome(e) { return e && e.code === 'ERR_ASSERTION' ? 'failed' : 'error'; }

// What the tests print goes nowhere, and fills nothing.
const sink = (chunk, encoding, done) => {
  const f = typeof encoding === 'function' ? encoding : done;
  if (typeof f === 'function') process.nextTick(f);
  return true;
};
process.stdout.write = sink;
process.stderr.write = sink;

const record = {
  start(name) { channel.foul = ''; channel.say({ start: name }); },
  end(name, what, detail) {
    if (channel.foul) { what = 'error'; detail = channel.foul; }
    channel.say({ end: name, outcome: what, detail: detail || '' });
  },
};

// runner wraps the functions of node:test: it says when a test's function has
// begun and how it ended; the framework does the rest.
const registered = [];
function runner() {
  const real = require('node:test');
  const suites = [];
  const wrapTest = (f, above) => {
    const wrapped = function (...args) {
      const at = args.findIndex((a) => typeof a === 'function');
      const label = typeof args[0] === 'string' ? args[0] : at >= 0 && args[at].name ? args[at].name : '<anonymous>';
      const name = [...above(), label].join(' > ');
      registered.push(name);
      if (at >= 0) args[at] = wrapBody(args[at], name);
      return f.apply(this, args);
    };
    return wrapped;
  };
  const wrapBody = (body, name) => {
    const run = async (t, call) => {
      const state = { skipped: false, failed: false };
      record.start(name);
      try {
        await call(wrapContext(t, name, state));
      } catch (e) {
        if (state.skipped) record.end(name, 'skipped', '');
        else record.end(name, outcome(e), line(e));
        state.failed = true;
        throw e;
      }
      if (state.skipped) record.end(name, 'skipped', '');
      else if (state.failed) record.end(name, 'failed', 'a part of it failed');
      else record.end(name, 'passed', '');
    };
    if (body.length >= 2) {
      return (t, done) => { run(t, (c) => new Promise((ok, no) => body(c, (e) => e ? no(e) : ok()))).then(() => done(), done); };
    }
    return (t) => run(t, (c) => body(c));
  };
  const wrapContext = (t, name, state) => new Proxy(t || {}, {
    get(o, k) {
      const v = Reflect.get(o, k, o);
      if (k === 'skip' || k === 'todo') return (...a) => { state.skipped = true; return v.apply(o, a); };
      if (k === 'test') {
        return (...args) => {
          const at = args.findIndex((a) => typeof a === 'function');
          if (at >= 0) {
            const part = args[at];
            // A part runs inside its test: it is said by the test that holds it.
            args[at] = async (...a) => { try { return await part(...a); } catch (e) { state.failed = true; throw e; } };
          }
          return v.apply(o, args);
        };
      }
      return typeof v === 'function' ? v.bind(o) : v;
    },
  });
  const wrapSuite = (f) => function (...args) {
    const at = args.findIndex((a) => typeof a === 'function');
    const label = typeof args[0] === 'string' ? args[0] : '';
    if (at >= 0) {
      const body = args[at];
      args[at] = (...a) => { suites.push(label); try { return body(...a); } finally { suites.pop(); } };
    }
    return f.apply(this, args);
  };
  const variants = (wrapped, f, wrap) => {
    for (const k of ['skip', 'todo', 'only']) if (typeof f[k] === 'function') wrapped[k] = k === 'only' ? wrap(f[k]) : f[k];
    return wrapped;
  };
  const above = () => [...suites];
  const test = variants(wrapTest(real.test || real, above), real, (f) => wrapTest(f, above));
  const it = variants(wrapTest(real.it, above), real.it, (f) => wrapTest(f, above));
  const describe = variants(wrapSuite(real.describe), real.describe, wrapSuite);
  Object.assign(test, {
    test, it, describe, suite: describe, before: real.before, after: real.after, beforeEach: real.beforeEach,
    afterEach: real.afterEach, mock: real.mock, default: test,
  });
  return test;
}

function install(solution) {
  const wanted = path.join(folder, config.solution).replace(/\.[cm]?js$/, '');
  const framework = config.framework === 'node:test' ? runner() : null;
  globalThis[Symbol.for('rft.solution')] = solution;
  globalThis[Symbol.for('rft.node:test')] = framework;
  const load = Module._load;
  Module._load = function (request, parent, main) {
    if (framework !== null && request === 'node:test') return framework;
    if (solution !== null && parent && parent.filename && /^\.{0,2}\//.test(request)) {
      const full = path.resolve(path.dirname(parent.filename), request).replace(/\.[cm]?js$/, '');
      if (full === wanted) return solution;
    }
    return load.apply(this, arguments);
  };
}

async function main() {
  let solution = null, candidate = null;
  if (!config.together) {
    files.hold(folder, config.texts);
    channel.texts = Object.values(config.texts).join('\n');
    delete config.texts;
    candidate = new Candidate(channel);
    try { solution = candidate.load(); } catch (e) {
      channel.say(channel.foul ? { done: true } : { unloaded: line(e) });
      process.reallyExit(0);
    }
  }
  if (config.together) {
    for (const file of config.tests) {
      try { files.parse(path.join(folder, file), config.modules.includes(file)); } catch (e) {
        if (e instanceof SyntaxError) { channel.say({ broken: line(e) }); process.reallyExit(0); }
      }
    }
    // From here on the candidate may say what it likes of the tests.
    channel.say({ begun: true });
  }
  install(solution);
  let fault = null, whole = false;
  const end = process.reallyExit.bind(process);
  process.on('uncaughtExceptionMonitor', (e) => { fault = fault || e; });
  process.on('exit', (code) => {
    if (config.framework === 'node:assert') {
      if (code === 0 && fault === null) record.end('all', 'passed', '');
      else record.end('all', fault === null ? 'failed' : outcome(fault), fault === null ? 'it ended with status ' + code : line(fault));
    }
    if (!channel.unsplittable) {
      if (config.framework === 'node:test' && whole && fault === null) channel.say({ plan: registered, whole });
      channel.say({ done: true });
    }
    end(0);
  });
  if (config.framework === 'node:assert') record.start('all');
  let heard = 0, failed = false;
  for (const file of config.tests) {
    const full = path.join(folder, file);
    const asked = channel.asked;
    try {
      if (config.modules.includes(file)) await (config.together ? import(url.pathToFileURL(full).href) : files.load(full));
      else Module._load(full, null, false);
    } catch (e) {
      // Only what the candidate had no word in is the tests' own fault.
      if (e instanceof SyntaxError && !channel.foul && channel.asked === asked && !/does not provide an export/.test(e.message)) channel.say({ broken: line(e) });
      if (config.framework === 'node:assert') throw e;
      failed = true;
      channel.say({ note: line(e) });
    }
    heard += channel.asked - asked;
  }
  // The names are the tests' own where the candidate had no word in them.
  whole = !failed && heard === 0;
}

main();
