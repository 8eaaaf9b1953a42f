// Package records knows which records of a data set belong together, which of them
// are equal, and how to draw some of them by a seed. It reads no files and
// prints nothing.
package records
