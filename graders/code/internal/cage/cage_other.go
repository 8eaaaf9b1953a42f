//go:build !linux

package cage

import "testing"

// Main runs the tests.
func Main(m *testing.M) int { return m.Run() }

// Inside reports whether the test runs in a cage.
func Inside() bool { return false }

// Enter skips the test: namespaces are Linux's.
func Enter(t *testing.T, _ Options) bool {
	t.Skip("hostile programs run in a cage only, and cages need Linux")
	return false
}

// Hits is called inside a cage.
func Hits(testing.TB) int { return 0 }
