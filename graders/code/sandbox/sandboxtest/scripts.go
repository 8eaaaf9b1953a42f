package sandboxtest

import (
	"bytes"
	"strings"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

var scriptRules = []rule{
	{"answers each input in order", func(t T, p probe) {
		outputs := p.run(p.sample("sum"), stdin("1 2 3"), stdin("-5\n5\n"), stdin("1000000000000 1"), stdin("7"))
		for i, want := range []string{"6", "0", "1000000000001", "7"} {
			p.want(outputs[i], "", want)
			if outputs[i].Exit != 0 {
				t.Errorf("input %d: exit %d of a run that ended well", i, outputs[i].Exit)
			}
			if outputs[i].Usage.Wall <= 0 || outputs[i].Usage.Memory <= 0 {
				t.Errorf("input %d: no usage: %+v", i, outputs[i].Usage)
			}
		}
	}},
	{"runs with empty standard input", func(_ T, p probe) {
		outputs := p.run(p.sample("sum"), sandbox.Input{}, stdin(""))
		p.want(outputs[0], "", "0")
		p.want(outputs[1], "", "0")
	}},
	{"passes every byte, to the last that is allowed", func(t T, p probe) {
		program := p.sample("copy")
		block := make([]byte, program.Limits.Output)
		for i := range block {
			block[i] = byte(i * 31)
		}
		out := p.run(program, sandbox.Input{Stdin: block})[0]
		if out.Failure != "" || !bytes.Equal(out.Stdout, block) {
			t.Errorf("failure %q and %d bytes, of %d that came in", out.Failure, len(out.Stdout), len(block))
		}
	}},
	{"does not mind input that is not read", func(_ T, p probe) {
		p.want(p.one(p.sample("deaf"), strings.Repeat("0123456789abcdef", 1<<16)), "", "ok")
	}},
	{"reports an exit status, and what was printed before", func(t T, p probe) {
		out := p.one(p.sample("status"), "")
		p.want(out, sandbox.RuntimeError, "partial")
		if out.Exit != 3 {
			t.Errorf("exit %d, want 3", out.Exit)
		}
		if !strings.Contains(string(out.Stderr), "whoops") {
			t.Errorf("standard error %q, want whoops in it", tail(out.Stderr))
		}
	}},
	{"reports a crash", func(t T, p probe) {
		out := p.one(p.sample("crash"), "")
		if out.Failure != sandbox.RuntimeError || out.Exit == 0 {
			t.Errorf("failure %q, exit %d; want %q and another exit than 0", out.Failure, out.Exit, sandbox.RuntimeError)
		}
	}},
	{"says that a program does not compile", func(t T, p probe) {
		outputs, build := p.try(p.sample("broken"), stdin(""), stdin(""))
		if len(p.language.Compile) == 0 && build.Failure == "" {
			// What is not compiled may be found out when it is run.
			for _, out := range outputs {
				if out.Failure != sandbox.RuntimeError {
					t.Errorf("failure %q, want %q", out.Failure, sandbox.RuntimeError)
				}
			}
			return
		}
		if build.Failure != sandbox.CompileError {
			t.Errorf("failure %q, want %q", build.Failure, sandbox.CompileError)
		}
		if len(build.Log) == 0 {
			t.Errorf("the log says nothing of a program that does not compile")
		}
	}},
	{"keeps the compiler's words out of the outputs", func(t T, p probe) {
		program := p.sample("warn")
		out := p.one(program, "")
		p.want(out, "", "ok")
		if bytes.Contains(out.Stderr, []byte("CANARY")) {
			t.Errorf("standard error holds the compiler's warning")
		}
	}},
	{"gives no variable of its own environment", func(t T, p probe) {
		t.Setenv("AWS_SECRET_ACCESS_KEY", "sandboxtest-secret")
		t.Setenv("SANDBOXTEST_MARK", "sandboxtest-secret")
		out := p.one(p.sample("environment"), "")
		if out.Failure != "" {
			t.Errorf("failure %q", out.Failure)
		}
		for line := range strings.Lines(string(out.Stdout)) {
			name, _, _ := strings.Cut(line, "=")
			if strings.HasPrefix(name, "AWS_") || strings.HasPrefix(name, "LAMBDA_") || name == "_HANDLER" || strings.Contains(line, "sandboxtest-secret") {
				t.Errorf("the program sees the variable %s", name)
			}
		}
	}},
	{"starts each run in a fresh folder", func(_ T, p probe) {
		for _, out := range p.run(p.sample("scratch"), stdin(""), stdin(""), stdin("")) {
			p.want(out, "", "fresh")
		}
	}},
	{"gives the same in every run", func(t T, p probe) {
		program := p.sample("fixed")
		outputs := p.run(program, stdin(""), stdin(""))
		outputs = append(outputs, p.run(program, stdin(""))...)
		for _, out := range outputs {
			p.want(out, "", strings.TrimSpace(string(outputs[0].Stdout)))
			if zone, _, _ := strings.Cut(string(out.Stdout), "\n"); zone != "0" {
				t.Errorf("the time zone is %q seconds from UTC", zone)
			}
		}
	}},
}

func stdin(text string) sandbox.Input { return sandbox.Input{Stdin: []byte(text)} }
