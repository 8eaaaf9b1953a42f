package locallambda_test

import (
	"context"
	"strings"
	"testing"

	"github.com/rftgrader/rftgrader/grader/workbench/locallambda"
)

func BenchmarkWarmInvoke(b *testing.B) {
	for name, payload := range map[string]string{
		"small":  `[{"id":"1"}]`,
		"5.4 MB": `["` + strings.Repeat("x", 5_400_000) + `"]`,
	} {
		b.Run(name, func(b *testing.B) {
			f := start(b, locallambda.Config{})
			p := []byte(payload)
			if _, err := f.Invoke(context.Background(), p); err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(p)))
			for b.Loop() {
				if _, err := f.Invoke(context.Background(), p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkColdStart(b *testing.B) {
	for b.Loop() {
		f, err := locallambda.Start(context.Background(), locallambda.Config{Bootstrap: bootstrap})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := f.Invoke(context.Background(), nil); err != nil {
			b.Fatal(err)
		}
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
