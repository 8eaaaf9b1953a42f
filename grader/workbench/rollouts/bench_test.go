package rollouts_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/rftgrader/rftgrader/grader/workbench/rollouts"
)

func BenchmarkRead(b *testing.B) {
	const rows = 2000
	for _, form := range []struct{ name, before, between, after string }{
		{"lines", "", "\n", "\n"},
		{"array", "[", ",", "]"},
	} {
		b.Run(form.name, func(b *testing.B) {
			text := strings.Replace(rollout("a"), "2+2", strings.Repeat("a line of text\\n", 250), 1)
			file := form.before + strings.Repeat(text+form.between, rows-1) + text + form.after
			b.SetBytes(int64(len(file)))
			b.ReportAllocs()
			for b.Loop() {
				r := rollouts.NewReader(strings.NewReader(file))
				n := 0
				for ; ; n++ {
					if _, err := r.Read(); err != nil {
						if !errors.Is(err, io.EOF) {
							b.Fatal(err)
						}
						break
					}
				}
				if n != rows {
					b.Fatal(n)
				}
			}
		})
	}
}
