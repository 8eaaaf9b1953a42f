package panics_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/internal/panics"
)

func describe(f func()) (text string) {
	defer func() { text = panics.Describe(recover()) }()
	f()
	return ""
}

func TestDescribe(t *testing.T) {
	var none []int
	var nowhere *struct{ n int }
	require.Regexp(t, `^panicked: runtime error: index out of range \[3\] with length 0, at .*panics_test.* \(panics_test.go:\d+\)$`,
		describe(func() { none[3]++ }))
	require.Regexp(t, `nil pointer dereference, at .*\(panics_test.go:\d+\)$`, describe(func() { nowhere.n++ }))
	text := describe(func() { panic("the answer is SECRET") })
	require.Regexp(t, `^panicked with a value of type string, at .*\(panics_test.go:\d+\)$`, text)
	require.NotContains(t, text, "SECRET")
	require.Contains(t, panics.Describe(nil), "Goexit")
}
