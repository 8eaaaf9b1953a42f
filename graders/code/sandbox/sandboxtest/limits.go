package sandboxtest

import (
	"strconv"
	"time"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

var limitRules = []rule{
	{"ends a loop, and runs the next input", func(_ T, p probe) {
		program := p.sample("maybe")
		program.Limits.Time = p.atLeast(400 * time.Millisecond)
		outputs := p.run(program, stdin("0"), stdin("1"), stdin("0"))
		p.want(outputs[0], "", "ok")
		p.want(outputs[1], sandbox.TimeLimit, "")
		p.want(outputs[2], "", "ok")
	}},
	{"ends a program that sleeps", func(_ T, p probe) {
		program := p.sample("sleep")
		program.Limits.Time = p.atLeast(300 * time.Millisecond)
		p.want(p.one(program, ""), sandbox.TimeLimit, "")
	}},
	{"ends a program that takes too much memory", func(_ T, p probe) {
		program := p.sample("eat")
		program.Limits.Memory = max(256<<20, p.language.Limits.Memory)
		p.want(p.one(program, ""), sandbox.MemoryLimit, "")
	}},
	{"allows just as much output as it says", func(t T, p probe) {
		program := p.sample("fill")
		program.Limits.Output = 10000
		outputs := p.run(program, stdin(strconv.Itoa(10000)), stdin(strconv.Itoa(10001)), stdin(strconv.Itoa(9999)))
		for i, n := range []int{10000, 0, 9999} {
			out := outputs[i]
			switch {
			case n == 0 && out.Failure != sandbox.OutputLimit:
				t.Errorf("one byte too many: failure %q, want %q", out.Failure, sandbox.OutputLimit)
			case n == 0 && len(out.Stdout) > 10000:
				t.Errorf("one byte too many: %d bytes are kept", len(out.Stdout))
			case n > 0 && (out.Failure != "" || len(out.Stdout) != n):
				t.Errorf("%d bytes: failure %q and %d bytes", n, out.Failure, len(out.Stdout))
			}
		}
	}},
	{"ends a flood", func(t T, p probe) {
		program := p.sample("flood")
		out := p.one(program, "")
		if out.Failure != sandbox.OutputLimit || int64(len(out.Stdout)) > program.Limits.Output {
			t.Errorf("failure %q and %d bytes, want %q and at most %d", out.Failure, len(out.Stdout), sandbox.OutputLimit, program.Limits.Output)
		}
	}},
	{"ends a flood of standard error", func(t T, p probe) {
		program := p.sample("noise")
		out := p.one(program, "")
		if out.Failure != sandbox.OutputLimit || int64(len(out.Stderr)) > program.Limits.Output {
			t.Errorf("failure %q and %d bytes, want %q and at most %d", out.Failure, len(out.Stderr), sandbox.OutputLimit, program.Limits.Output)
		}
	}},
}

// atLeast returns a time that the language's runtime can start in.
func (p probe) atLeast(d time.Duration) time.Duration { return max(d, p.language.Limits.Time) }
