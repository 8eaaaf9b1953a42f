/*
Package wasm is the executor that runs programs as WebAssembly modules. What
holds them is the machine of WebAssembly itself, so it is as strong where the
kernel gives little as where it gives much: a module reaches its own memory and
the functions that it is given, and nothing else.

# How a program is run

Its language's compiler makes a module of it (clang with wasi-libc for C and C++,
the Go compiler for GOOS=wasip1), confined as package confine does it: a
compiler is told what to read by the program. A helper then translates the module
to machine code and runs it: a process of this very program, confined as well,
that serves one program and can be killed. Stopping a loop from inside the
process would cost each turn of it.

A script gets a new instance for each input, in the same helper. A program with
an entry (Go) is one instance, which answers calls in the lines of package wire; when
a call ends it, a new instance takes the next one.

What a module is given: arguments without meaning, standard input, standard
output, standard error, clocks, sleep, and random numbers that are the same in
every run. There is no file, no network, no variable, no other process.

The program that uses the executor must call [Helper] when it is started as
one: see Options.Helper.

# Limits

Time is processor time of the helper, taken every few milliseconds. Memory is
exact: it is the size of the module's linear memory, and a module that asks for
more than its limit ends there. Memory in [sandbox.Usage] is that size as well
(of a helper that was killed, what it held).
Disk and Processes have no meaning here.

# What programs must do without

C and C++ are compiled for a machine of 32 bits: long, size_t and pointers have
32. A program that counts on 64 bits of long, as 64-bit Linux has them, goes
wrong here. There are no threads, no processes, no signals from outside, no
setjmp. C++ exceptions cannot be caught: a program that has them compiles, runs
as far as it does not throw, and ends with a RuntimeError where it does.

Go has int of 64 bits. It has no parallel threads (goroutines take turns), no
cgo and no files.

# Costs

Measured on two cores: C starts in 0.2 ms for each input, after 100 ms of compiling
and translating; Go in 3 ms, after half a second.
*/
package wasm
