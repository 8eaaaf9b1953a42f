'use strict';
// The files of the tests, which are in the memory of this process and nowhere
// else: what lies on disk has their names and no text. Another process of the
// same user could read it there.
const fs = require('fs');
const Module = require('module');
const path = require('path');
const url = require('url');
const vm = require('vm');

const texts = new Map();
const modules = new Map();

function find(file) {
  if (file instanceof URL) file = file.protocol === 'file:' ? url.fileURLToPath(file) : '';
  if (Buffer.isBuffer(file)) file = file.toString();
  return typeof file === 'string' ? texts.get(path.resolve(file)) : undefined;
}

function content(text, options) {
  const encoding = typeof options === 'string' ? options : options && options.encoding;
  const data = Buffer.from(text, 'utf8');
  return encoding ? data.toString(encoding) : data;
}

// hold gives the folder's files to whoever in this process reads them.
function hold(folder, files) {
  for (const name of Object.keys(files)) texts.set(path.join(folder, name), files[name]);
  const { readFileSync, readFile } = fs;
  const later = fs.promises.readFile;
  fs.readFileSync = function (file, options) {
    const text = find(file);
    return text === undefined ? readFileSync.apply(this, arguments) : content(text, options);
  };
  fs.readFile = function (file, options, done) {
    const text = find(file);
    if (text === undefined) return readFile.apply(this, arguments);
    const call = typeof options === 'function' ? options : done;
    process.nextTick(() => call(null, content(text, options)));
  };
  fs.promises.readFile = async function (file, options) {
    const text = find(file);
    return text === undefined ? later.apply(this, arguments) : content(text, options);
  };
  const script = (module, file) => module._compile(find(file).replace(/^\uFEFF/, ''), file);
  for (const ext of ['.js', '.cjs', '.json']) {
    const real = Module._extensions[ext] || Module._extensions['.js'];
    Module._extensions[ext] = (module, file) => {
      if (find(file) === undefined) return real(module, file);
      if (ext === '.json') module.exports = JSON.parse(find(file));
      else script(module, file);
    };
  }
}

// load imports a module of the tests.
async function load(file) {
  const module = await made(file);
  if (module.status === 'unlinked') await module.link(linked);
  await module.evaluate();
  return module.namespace;
}

function made(file) {
  let module = modules.get(file);
  if (module === undefined) {
    module = new vm.SourceTextModule(find(file), {
      identifier: file,
      initializeImportMeta(meta) {
        meta.url = url.pathToFileURL(file).href;
        meta.filename = file;
        meta.dirname = path.dirname(file);
      },
      importModuleDynamically: async (specifier, from) => {
        const wanted = await linked(specifier, from);
        if (wanted.status === 'unlinked') await wanted.link(linked);
        await wanted.evaluate();
        return wanted;
      },
    });
    modules.set(file, module);
  }
  return module;
}

async function linked(specifier, from) {
  const file = /^\.{0,2}\//.test(specifier) ? path.resolve(path.dirname(from.identifier), specifier)
    : specifier.startsWith('file:') ? url.fileURLToPath(specifier) : '';
  const text = file === '' ? undefined : find(file);
  if (text !== undefined && (file.endsWith('.mjs') || file.endsWith('.js') && /^\s*(import|export)\b/m.test(text))) return made(file);
  let exported;
  if (text !== undefined) {
    const whole = Module._load(file, null, false);
    exported = { ...(typeof whole === 'object' ? whole : {}), default: whole };
  } else {
    exported = await import(file === '' ? specifier : url.pathToFileURL(file).href);
  }
  const names = Object.keys(exported);
  return new vm.SyntheticModule(names, function () { for (const n of names) this.setExport(n, exported[n]); }, { identifier: specifier });
}

// parse throws the error of a file that is no program.
function parse(file, module) {
  const text = find(file) ?? fs.readFileSync(file, 'utf8');
  if (module) new vm.SourceTextModule(text, { identifier: file });
  else if (!file.endsWith('.json')) new vm.Script(Module.wrap(text.replace(/^(\uFEFF)?(#!.*)?/, '')));
}

module.exports = { hold, load, parse };
