// Package stats describes scores: moments, percentiles, histograms, the groups of
// rollouts that share a prompt, and how well a judge's scores agree with people's
// and with themselves. It takes finite numbers and prints nothing. A figure that
// is not defined is NaN.
package stats
