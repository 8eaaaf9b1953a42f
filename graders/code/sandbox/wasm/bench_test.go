//go:build linux && (amd64 || arm64)

package wasm_test

import (
	"fmt"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/wasm"
)

// BenchmarkExecutors runs the same programs here and in the jail, as many at a
// time as there are processors. Programs of the same text differ in a comment.
func BenchmarkExecutors(b *testing.B) {
	const (
		sumC  = "#include <stdio.h>\n\nint main(void) {\n\tint a, b;\n\tscanf(\"%d %d\", &a, &b);\n\tprintf(\"%d\\n\", a + b);\n}\n"
		sumGo = "package main\n\nimport \"fmt\"\n\nfunc add(a, b int) int { return a + b }\n\nfunc main() {\n\tvar a, b int\n\tfmt.Scan(&a, &b)\n\tfmt.Println(add(a, b))\n}\n"
	)
	j, err := jail.New(b.Context(), jail.Options{Scratch: scratch(b)})
	require.NoError(b, err)
	defer j.Close()
	executors := []struct {
		name     string
		executor sandbox.Executor
		language func(name string) *sandbox.Language
	}{
		{"wasm", open(b, wasm.Options{}), func(name string) *sandbox.Language { return language(b, name) }},
		{"jail", j, func(name string) *sandbox.Language { return jail.Find(jail.Languages(), name) }},
	}
	for _, tt := range []struct {
		name, language, source, entry string
		inputs                        int
	}{
		{"C script of 1 test", "c", sumC, "", 1},
		{"C script of 10 tests", "c", sumC, "", 10},
		{"C script of 100 tests", "c", sumC, "", 100},
		{"Go script of 10 tests", "go", sumGo, "", 10},
		{"Go function of 10 tests", "go", sumGo, "add", 10},
	} {
		for _, e := range executors {
			b.Run(tt.name+"/"+e.name, func(b *testing.B) {
				need(b, e.executor, tt.language)
				var inputs []sandbox.Input
				for i := range tt.inputs {
					if tt.entry == "" {
						inputs = append(inputs, stdin(fmt.Sprint(i, " ", i)))
					} else {
						inputs = append(inputs, call(tt.entry, fmt.Sprintf("[%d,%d]", i, i)))
					}
				}
				p := sandbox.Program{Language: e.language(tt.language), Entry: tt.entry, Source: tt.source}
				run(b, e.executor, p, inputs[0]) // What all programs share is made now.
				var n, failed atomic.Int64
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						p := p
						p.Source += "// " + strconv.FormatInt(n.Add(1), 10) + "\n"
						build, err := e.executor.Run(b.Context(), p, inputs, func(_ int, out sandbox.Output) bool {
							if out.Failure != "" {
								failed.Add(1)
							}
							return true
						})
						if err != nil || build.Failure != "" {
							failed.Add(1)
						}
					}
				})
				require.Zero(b, failed.Load())
				b.ReportMetric(float64(b.N*tt.inputs)/b.Elapsed().Seconds(), "tests/s")
			})
		}
	}
}
