// Package invocation calls a deployed grading function as a trainer does: with
// batches of rollouts, several at once, through Lambda's Invoke API.
package invocation
