// Package stats describes scores: moments, percentiles, histograms, and the
// groups of rollouts that share a prompt. It takes finite numbers and prints
// nothing.
package stats
