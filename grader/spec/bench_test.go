package spec_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/spec"
)

func BenchmarkParse(b *testing.B) {
	files := spec.WithFiles(func(string) ([]byte, error) { return []byte("rubric"), nil })
	list := kinds()
	for _, c := range []struct{ name, text string }{
		{"typical", hashedSpec},
		{"json", `{"version": 1, "graders": {"a": {"type": "citation", "min": 2}, "b": {"type": "constant"}}, "score": "a + b"}`},
		{"refused", strings.ReplaceAll(hashedSpec, "min", "mim")},
		{"1 MB of text", hashedSpec + "# " + strings.Repeat("x", 1_000_000) + "\n"},
		{"1 MB of names", strings.Repeat("a: b\n", 200_000)},
		{"1 MB of brackets", strings.Repeat("[", 1_000_000)},
		{"1 MB of blank lines", "a: |\n" + strings.Repeat("\n", 1_000_000)},
		{"1 MB of tabs", "a: \"" + strings.Repeat("\t", 1_000_000)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.text)))
			b.ReportAllocs()
			for b.Loop() {
				if s, err := spec.Parse("g.yaml", []byte(c.text), list, files); (err == nil) != (s != nil) {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkGrade(b *testing.B) {
	s := parse(b, "version: 1\ngraders: {c: {type: field}, d: {type: constant}}\nscore: gate(c, 0.9*c + 0.1*d)\nrange: [0, 1]\n")
	g, r := s.Grader(), rollout("score", 1)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := g.Grade(context.Background(), r); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGradeBatch(b *testing.B) {
	s := parse(b, "version: 1\ngraders: {c: {type: field}, r: {type: rank}}\nscore: gate(c, 0.9*c + 0.1*r)\n")
	rs := make([]*grader.Rollout, 64)
	for i := range rs {
		rs[i] = rollout("score", i%2, "length", i)
	}
	g, ok := s.Grader().(grader.BatchGrader)
	require.True(b, ok)
	b.ReportAllocs()
	for b.Loop() {
		if results, _ := g.GradeBatch(context.Background(), rs); len(results) != len(rs) {
			b.Fatal("a rollout is lost")
		}
	}
}
