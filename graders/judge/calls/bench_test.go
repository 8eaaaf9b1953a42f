package calls_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/rftgrader/rftgrader/graders/judge/calls"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

// BenchmarkConverse measures what a question costs beside its call: key, flight,
// fit, lane and sums, for questions one after the other and side by side, and
// for one whose answer is kept.
func BenchmarkConverse(b *testing.B) {
	instant := converse.CallerFunc(func(context.Context, *converse.Request) (*converse.Answer, error) { return answer("7"), nil })
	limited := func(s *calls.Settings) { s.Limits = calls.Limits{RPM: 1 << 40, TPM: 1 << 60} }
	b.Run("one", func(b *testing.B) {
		c := newCaller(instant, limited)
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if _, err := c.Converse(b.Context(), ask(i)); err != nil {
				b.Fatal(err)
			}
		}
		_ = c.Close()
	})
	b.Run("many", func(b *testing.B) {
		c := newCaller(instant, limited)
		b.ReportAllocs()
		b.SetParallelism(64)
		var i atomic.Int64
		b.RunParallel(func(p *testing.PB) {
			for p.Next() {
				if _, err := c.Converse(b.Context(), ask(int(i.Add(1)))); err != nil {
					b.Error(err)
				}
			}
		})
		_ = c.Close()
	})
	b.Run("kept", func(b *testing.B) {
		c := newCaller(instant, nil)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := c.Converse(b.Context(), ask(0)); err != nil {
				b.Fatal(err)
			}
		}
		_ = c.Close()
	})
}
