//go:build linux

package cage

// Run is what Enter does outside, with the harm for the caller to judge.
var Run = run

// GoCache is the build cache that cages show.
var GoCache = goCache
