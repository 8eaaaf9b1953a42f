//go:build race

package wasm_test

// raced says that the race detector watches this test.
const raced = true
