/*
Package confine starts programs that nobody trusts, as processes without
privileges, and ends all that came of them. It needs no privilege itself.

A [Policy] says what the programs may reach. [Compile] tries each layer of
protection for real in a child process, keeps those that hold here and makes a
[Confinement] of them; [Confinement.Protections] tells which those are.
[Confinement.Start] then starts any number of processes, each in well under a
millisecond.

# Layers

	rlimits         bounds on processor time, memory, files and processes
	no_new_privs    no set-user-id program gives privileges back
	user            another user, where the caller is root; root without
	                capabilities where no other user can be had
	seccomp         system calls that reach beyond the program are refused
	landlock        only the files that the policy names can be opened
	landlock-net    no TCP connection, whatever the file descriptor
	landlock-scope  no signal and no abstract socket reaches other processes
	namespaces      where seccomp does not hold: a network namespace without
	                a way out, and an IPC namespace
	marker          limits that no process can take off or forge tell our
	                processes from others, wherever they hide
	dumpable        the memory, environment and descriptors of this process
	                cannot be opened (see [Harden])
	subreaper       orphans come back to this process (see [Harden])

# How a process is started

Start vforks: the child borrows the memory of this process, and does nothing
but a list of system calls that was written before, until it executes the
program. The list is: namespaces, group, limits, user, folder, descriptors,
parent-death signal, no_new_privs, Landlock, seccomp. The first one that fails
ends the child and is named in the [StartError].

The kernel sends the parent-death signal when the thread ends that called
Start. Go ends a thread only with a goroutine that was locked to it: do not
call Start from such a goroutine.

# How it is ended

Every process leads a group of its own. The seccomp filter answers setsid and
setpgid with success and does nothing, so that the group is the whole tree and
one signal reaches all of it at once. Where seccomp does not hold, the marker
finds those that left. [Process.Wait] returns when none is left, and reaps
exactly the children that are ours: programs that others start in this process,
with os/exec, are never waited for.
*/
package confine
