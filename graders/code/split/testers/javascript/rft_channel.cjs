'use strict';
// The lines between the tester and the grader. The verdict is what is said here
// and nowhere else; what the tests print goes nowhere.
const fs = require('fs');

const { readSync, writeSync } = fs;
const { parse, stringify } = JSON;

// Gone says that the candidate's process has ended, or that a test asked an
// object of the candidate to be the judge. A test that catches it has failed all the same.
class Gone extends Error {}

class Channel {
  constructor(fdIn, fdOut) {
    this.fdIn = fdIn; this.fdOut = fdOut;
    this.rest = Buffer.alloc(0); this.chunk = Buffer.alloc(1 << 16);
    this.config = parse(this.line());
    this.nonce = this.config.nonce;
    delete this.config.nonce;
    this.foul = '';
    this.asked = 0; // how often the candidate had a word
    this.generation = 0; // of the candidate's process: handles die with it
    this.unsplittable = false;
  }

  line() {
    const parts = [this.rest];
    let end = this.rest.indexOf(10);
    while (end < 0) {
      let n;
      try { n = readSync(this.fdIn, this.chunk, 0, this.chunk.length, null); } catch (e) {
        if (e.code !== 'EAGAIN') throw e;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
        continue;
      }
      if (n === 0) process.reallyExit(3);
      const got = Buffer.from(this.chunk.subarray(0, n));
      parts.push(got);
      if (got.indexOf(10) >= 0) { this.rest = Buffer.concat(parts); end = this.rest.indexOf(10); }
    }
    const line = this.rest.toString('utf8', 0, end);
    this.rest = this.rest.subarray(end + 1);
    return line;
  }

  say(message) { this.raw(stringify({ ...message, nonce: this.nonce })); }

  raw(text) {
    const data = Buffer.from(text + '\n', 'utf8');
    for (let at = 0; at < data.length;) {
      try { at += writeSync(this.fdOut, data, at); } catch (e) {
        if (e.code !== 'EAGAIN') throw e;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
      }
    }
  }

  // ask sends an operation, whose arguments are JSON text, and returns the reply.
  ask(op, fields, args) {
    let text = '{"op":' + stringify(op);
    for (const k of Object.keys(fields)) if (fields[k] !== undefined) text += ',' + stringify(k) + ':' + stringify(fields[k]);
    if (args !== undefined) text += ',"args":' + args;
    this.raw('{"ask":' + text + '},"nonce":' + stringify(this.nonce) + '}');
    const line = this.line();
    let reply;
    try { reply = parse(line); } catch { this.condemn("the candidate's side sent what cannot be read"); }
    if ('dead' in reply) {
      this.generation++;
      this.condemn("the solution's process ended: " + reply.dead);
    }
    return reply;
  }

  condemn(why) {
    this.foul = this.foul || why;
    throw new Gone(why);
  }

  giveUp(reason) {
    if (!this.unsplittable) { this.unsplittable = true; this.say({ unsplittable: reason }); }
    this.condemn(reason);
  }
}

module.exports = { Channel, Gone };
