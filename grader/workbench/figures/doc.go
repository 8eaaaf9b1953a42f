// Package figures says what the scores of a grading mean for a training: what its
// groups hold, how far the scores agree with labels and with themselves, and what
// guidance there is. It prints nothing. A figure that is not defined is NaN.
package figures
