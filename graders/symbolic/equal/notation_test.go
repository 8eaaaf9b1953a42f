package equal_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal"
)

// FuzzEuropean checks that a number with dots between thousands and a decimal
// comma is equal to the same number without, and to no other.
func FuzzEuropean(f *testing.F) {
	f.Add(uint32(1234567), uint8(50))
	f.Add(uint32(1000), uint8(5))
	f.Fuzz(func(t *testing.T, whole uint32, cents uint8) {
		if cents %= 100; whole < 1000 {
			return
		}
		digits := fmt.Sprint(whole)
		var groups []string
		for len(digits) > 3 {
			groups = append([]string{digits[len(digits)-3:]}, groups...)
			digits = digits[:len(digits)-3]
		}
		written := strings.Join(append([]string{digits}, groups...), ".") + fmt.Sprintf(",%02d", cents)
		if r := equal.Decide(fmt.Sprintf("%d.%02d", whole, cents), written, equal.Options{}); r.Verdict != equal.Equal {
			t.Fatalf("%s: %s", written, r.Reason)
		}
		if r := equal.Decide(fmt.Sprintf("%d.%02d", whole+1, cents), written, equal.Options{}); r.Verdict == equal.Equal {
			t.Fatalf("%s is not one more: %s", written, r.Reason)
		}
	})
}
