// Package godriver is the half of the Go driver that is linked into the
// candidate's program: it reads calls from one descriptor, makes them by
// reflection and writes the results to another, in the lines of package wire.
//
// It imports the standard library only, because it is compiled on the machine
// that runs the candidates. The candidate lives in the same process; nothing
// here is a secret, and a reply is only ever a value.
package godriver
