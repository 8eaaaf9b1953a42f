/*
Package jail is the executor that runs programs as confined processes on this
machine (see package confine for what holds them). It needs no privilege.

# How a program is run

Each program gets a folder of its own below the scratch folder: src, with
its text and what was compiled of it, and run, its working folder, which is
empty at each start. A run that changes anything in src has failed, and no
further one is started. Compilers run in the
same confinement as programs; what they print is in [sandbox.Build] and goes
nowhere else.

A script is run once for each input. A program with an entry is loaded once by
its language's driver, which answers calls in the lines of package wire on two
pipes; what the program prints goes to Stderr. A driver shares its process with
the program: it is there to make values out of calls, and never decides. When a
call ends the process, a new one is started for the next call, three times.
Several calls may be sent before the first is answered, and a program can read them;
each has its own time, and its own reply.

Python programs are forked from an interpreter that is kept warm: one process
always stands by, takes what is asked next, and confines itself before the program
is read. Several calls are answered before the jail is woken, unless they take
longer than a millisecond; each is still judged by its own time.

A program of C, C++ or Rust that is run three times or more is executed once, where
the kernel has seccomp and Landlock with its scopes: a part that is linked into it
forks it for each run before it has had a word (see drivers/serve.c). Each run has
pipes, memory, processor time and a scope of signals of its own, and what it leaves
running ends with its process group before the next. A program of which anything could run
before that part, in the process that all its runs come of, is executed for each run
as others are: one with functions of its own in .preinit_array, with resolvers of symbols, or
with names that the libraries would call. If all that is deceived, a program answers
for itself, with what it knows of its own earlier inputs; the limits and the comparison
are not in its hands. What it can tell in any case, by the numbers of processes, is how
many runs came before.

What programs share (drivers, archives, headers) is looked at before each
program where a program of the same user could have changed it, and written anew
then. Where the process of a jail is killed its programs end with it; what they
started, and the folders, are removed by the next New.

# Limits

One goroutine looks at every running group of processes each 15 ms: processor
time, resident memory, number of processes, files written. A group that goes
over a limit is killed. Limits of the kernel stand behind that: a program can be
over its limit by what it manages in 15 ms, and never by more than the kernel's
bound. Every fourth look goes behind what /proc and folders add up: deleted files
that are open or mapped count as files; page tables, what stands in many sockets and
shared memory that was let go count as memory; a program that hides its
descriptors is over its limit. A runtime's own memory (its Language's
Limits.Memory) is on top of the program's. Compilers may use 1 GiB of memory and
512 MiB of files.

# Languages

[Languages] is the table. The toolchain is looked for in PATH, then in the usual
folders, by running it confined: a tool that only the caller's user can execute
is passed over. Go programs are compiled and linked directly against the
standard library's archives, which are taken from the build cache of the user
who grades; cgo, assembly and linkname are not there. C++ programs that include
bits/stdc++.h use a header that was compiled before. Programs of C are compiled and
linked by the commands that gcc says it would run, with the linker gold where it is there;
what cannot be linked so is compiled by gcc itself.
*/
package jail
