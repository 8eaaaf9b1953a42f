/*
Package sandbox runs programs that nobody trusts, and says what came out.

It is made for grading what a language model wrote, and usable alone. The
caller gives a [Program] and the inputs; an [Executor] builds the program, runs
it and returns outputs. It never sees what the caller expects of them: whoever
knows the expected outputs compares in a process of its own.

# Threat model

The program is hostile. It knows the sandbox, wants to be paid, and may want to
harm the host. It runs as the same user as the caller where no other user can
be had. The caller holds secrets: expected outputs, credentials in its
environment, an answer to give.

What holds whatever the kernel gives:

  - No expected output enters a process that runs the program, nor its files,
    arguments, environment or descriptors.
  - An end, an exit status, printed text are never a verdict. A run of a script
    is its standard output; a call is a value that came back on a descriptor of
    its own. A program that speaks on that descriptor itself has made a guess.
  - Values are data. What does not encode as plain data is no value.
  - The environment of the program is made from nothing; every descriptor
    but its own is closed.
  - Compiler output is for people. It never leaves the [Build] unasked.

What the kernel must give is in the [Report], probed when the executor starts:
each [Protection] with the attacks that it stops.
*/
package sandbox
