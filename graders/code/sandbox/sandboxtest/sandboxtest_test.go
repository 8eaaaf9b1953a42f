package sandboxtest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/sandboxtest"
)

var python = &sandbox.Language{Name: "python", Driver: "python", Compile: []string{"pretend"}}

// acted is an executor that acts the samples and runs nothing. The hooks break a rule.
type acted struct {
	output func(name string, out *sandbox.Output)
	build  func(name string, build *sandbox.Build)
	take   func(name string, inputs []sandbox.Input, take func(int, sandbox.Output) bool) bool
	fail   func(ctx context.Context, name string) error
	report func(r *sandbox.Report)
}

func (a acted) Close() error { return nil }

func (a acted) Report() sandbox.Report {
	r := sandbox.Report{
		Executor:    "acted",
		Protections: []sandbox.Protection{{Name: "nothing", Active: true, Stops: "everything, since nothing is run"}},
		Toolchains:  map[string]string{"python": "acted"},
	}
	if a.report != nil {
		a.report(&r)
	}
	return r
}

func (a acted) Run(ctx context.Context, p sandbox.Program, inputs []sandbox.Input, take func(int, sandbox.Output) bool) (sandbox.Build, error) {
	name := sandboxtest.SampleName(p.Language.Name, p.Source)
	if a.fail != nil {
		if err := a.fail(ctx, name); err != nil {
			return sandbox.Build{}, err
		}
	} else if ctx.Err() != nil {
		return sandbox.Build{}, ctx.Err()
	}
	var build sandbox.Build
	if name == "broken" {
		build = sandbox.Build{Failure: sandbox.CompileError, Log: []byte("what is this?")}
	}
	if a.build != nil {
		a.build(name, &build)
	}
	if build.Failure != "" {
		return build, nil
	}
	if a.take != nil && a.take(name, inputs, take) {
		return build, nil
	}
	for i, in := range inputs {
		out := a.act(name, p, in)
		if name == "maybe" && out.Failure != "" && p.Limits.Time > limitsThatEnd {
			<-ctx.Done()
			return build, ctx.Err()
		}
		if a.output != nil {
			a.output(name, &out)
		}
		if !take(i, out) {
			break
		}
	}
	return build, nil
}

// limitsThatEnd is more than any time limit that the suite waits for.
const limitsThatEnd = 30e9

func (a acted) act(name string, p sandbox.Program, in sandbox.Input) sandbox.Output {
	out := sandbox.Output{Usage: sandbox.Usage{Wall: 1, Memory: 1}}
	switch name {
	case "sum":
		sum := 0
		for _, word := range strings.Fields(string(in.Stdin)) {
			n, _ := strconv.Atoi(word)
			sum += n
		}
		out.Stdout = fmt.Append(nil, sum)
	case "copy":
		out.Stdout = in.Stdin
	case "fill":
		n, _ := strconv.Atoi(string(in.Stdin))
		if int64(n) > p.Limits.Output {
			n, out.Failure = int(p.Limits.Output), sandbox.OutputLimit
		}
		out.Stdout = []byte(strings.Repeat("x", n))
	case "deaf", "warn", "daemon":
		out.Stdout = []byte("ok\n")
	case "status":
		out.Stdout, out.Stderr, out.Exit, out.Failure = []byte("partial\n"), []byte("whoops\n"), 3, sandbox.RuntimeError
	case "crash":
		out.Exit, out.Failure = 139, sandbox.RuntimeError
	case "maybe":
		out.Stdout = []byte("ok\n")
		if string(in.Stdin) == "1" {
			out = sandbox.Output{Failure: sandbox.TimeLimit}
		}
	case "sleep":
		out.Failure = sandbox.TimeLimit
	case "eat":
		out.Failure = sandbox.MemoryLimit
	case "flood", "noise":
		out.Failure = sandbox.OutputLimit
	case "environment":
		out.Stdout = []byte("TZ=UTC\n")
	case "scratch":
		out.Stdout = []byte("fresh\n")
	case "fixed":
		out.Stdout = []byte("0\nalways\n")
	case "functions":
		return call(p, in)
	}
	return out
}

func call(p sandbox.Program, in sandbox.Input) sandbox.Output {
	var c struct {
		ID    int               `json:"id"`
		Nonce string            `json:"nonce"`
		Args  []json.RawMessage `json:"args"`
	}
	if err := json.Unmarshal(in.Call, &c); err != nil {
		return sandbox.Output{Failure: sandbox.RuntimeError}
	}
	value, out := c.Args[0], sandbox.Output{}
	if p.Entry == "act" {
		x, _ := strconv.Atoi(string(c.Args[1]))
		value = json.RawMessage(fmt.Sprint(x))
		switch string(c.Args[0]) {
		case `"next"`:
			value = json.RawMessage(fmt.Sprint(x + 1))
		case `"print"`:
			out.Stderr = []byte("noise from inside 7\n")
		case `"loop"`:
			return sandbox.Output{Failure: sandbox.TimeLimit}
		default:
			return sandbox.Output{Failure: sandbox.RuntimeError}
		}
	}
	if p.Entry == "absent" {
		return sandbox.Output{Failure: sandbox.RuntimeError}
	}
	out.Value = fmt.Appendf(nil, `{"id":%d,"nonce":%q,"value":%s}`, c.ID, c.Nonce, value)
	return out
}

// record is a sandboxtest.T that keeps what is reported.
type record struct {
	*testing.T
	faults  []string
	skipped string
}

func (r *record) Errorf(format string, args ...any) {
	r.faults = append(r.faults, fmt.Sprintf(format, args...))
}

func (r *record) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

func (r *record) Skipf(format string, args ...any) {
	r.skipped = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func observe(t *testing.T, check func(sandboxtest.T)) *record {
	r := &record{T: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		check(r)
	}()
	<-done
	return r
}

func TestAcceptsWhatIsRight(t *testing.T) {
	dir := t.TempDir()
	sandboxtest.Suite{Executor: acted{}, Languages: []*sandbox.Language{python}, Scratch: dir}.Run(t)
}

// TestRefusesWhatIsWrong breaks each rule, and wants that rule to say so.
func TestRefusesWhatIsWrong(t *testing.T) {
	on := func(sample string, change func(*sandbox.Output)) acted {
		return acted{output: func(name string, out *sandbox.Output) {
			if name == sample {
				change(out)
			}
		}}
	}
	succeed := func(out *sandbox.Output) { *out = sandbox.Output{Stdout: []byte("ok\n")} }
	backwards := func(name string, inputs []sandbox.Input, take func(int, sandbox.Output) bool) bool {
		for i := len(inputs) - 1; i >= 0; i-- {
			take(i, acted{}.act(name, sandbox.Program{Language: python}, inputs[i]))
		}
		return true
	}
	deaf := func(name string, inputs []sandbox.Input, take func(int, sandbox.Output) bool) bool {
		for i, in := range inputs {
			take(i, acted{}.act(name, sandbox.Program{Language: python}, in))
		}
		return true
	}
	runs := 0
	cases := map[string][]acted{
		"answers each input in order": {
			on("sum", func(out *sandbox.Output) { out.Stdout = []byte("6") }),
			on("sum", func(out *sandbox.Output) { out.Usage = sandbox.Usage{} }),
			on("sum", func(out *sandbox.Output) { out.Exit = 1 }),
			{take: backwards},
			{fail: func(context.Context, string) error { return os.ErrPermission }},
		},
		"runs with empty standard input":                      {on("sum", func(out *sandbox.Output) { out.Stdout = nil })},
		"passes every byte, to the last that is allowed":      {on("copy", func(out *sandbox.Output) { out.Stdout = out.Stdout[1:] })},
		"does not mind input that is not read":                {on("deaf", func(out *sandbox.Output) { out.Failure = sandbox.RuntimeError })},
		"reports an exit status, and what was printed before": {on("status", func(out *sandbox.Output) { out.Exit = 1 }), on("status", func(out *sandbox.Output) { out.Stderr = nil })},
		"reports a crash":                                     {on("crash", succeed)},
		"says that a program does not compile": {
			{build: func(_ string, b *sandbox.Build) { b.Failure = "" }},
			{build: func(_ string, b *sandbox.Build) { b.Log = nil }},
		},
		"gives no variable of its own environment": {
			on("environment", func(out *sandbox.Output) { out.Stdout = []byte("TZ=UTC\nAWS_REGION=eu\n") }),
			on("environment", func(out *sandbox.Output) { out.Stdout = []byte("X=" + os.Getenv("SANDBOXTEST_MARK") + "\n") }),
		},
		"starts each run in a fresh folder": {on("scratch", func(out *sandbox.Output) { out.Stdout = []byte("left\n") })},
		"gives the same in every run": {
			on("fixed", func(out *sandbox.Output) { runs++; out.Stdout = fmt.Append([]byte("0\n"), runs) }),
			on("fixed", func(out *sandbox.Output) { out.Stdout = []byte("3600\nalways\n") }),
		},
		"ends a loop, and runs the next input":      {on("maybe", succeed), on("maybe", func(out *sandbox.Output) { out.Failure = sandbox.TimeLimit })},
		"ends a program that sleeps":                {on("sleep", succeed)},
		"ends a program that takes too much memory": {on("eat", func(out *sandbox.Output) { out.Failure = sandbox.RuntimeError })},
		"allows just as much output as it says": {
			on("fill", func(out *sandbox.Output) { out.Failure = sandbox.OutputLimit }),
			on("fill", func(out *sandbox.Output) { out.Failure = "" }),
			on("fill", func(out *sandbox.Output) { out.Stdout = append(out.Stdout, 'x') }),
		},
		"ends a flood":                   {on("flood", succeed), on("flood", func(out *sandbox.Output) { out.Stdout = make([]byte, 1<<20+1) })},
		"ends a flood of standard error": {on("noise", succeed), on("noise", func(out *sandbox.Output) { out.Stderr = make([]byte, 1<<20+1) })},
		"builds a program that has no inputs": {
			{build: func(_ string, b *sandbox.Build) { b.Failure = sandbox.CompileError }},
			{take: func(_ string, _ []sandbox.Input, take func(int, sandbox.Output) bool) bool {
				return take(0, sandbox.Output{})
			}},
		},
		"stops when take says so":                          {{take: deaf}},
		"does nothing when its context has ended":          {{fail: func(context.Context, string) error { return nil }, take: deaf}},
		"ends in the middle when its context is cancelled": {{take: deaf}},
		"ends in the middle of a run at the deadline":      {{take: deaf}, {fail: func(context.Context, string) error { return os.ErrDeadlineExceeded }}},
		"leaves no process behind":                         {on("daemon", func(out *sandbox.Output) { out.Stdout = nil })},
		"answers calls": {
			on("functions", func(out *sandbox.Output) {
				out.Value = []byte(strings.Replace(string(out.Value), `"nonce":"`, `"nonce":"0`, 1))
			}),
			on("functions", func(out *sandbox.Output) {
				out.Value = []byte(strings.Replace(string(out.Value), `"id":`, `"id":1`, 1))
			}),
			on("functions", func(out *sandbox.Output) { out.Value = []byte("42") }),
			on("functions", func(out *sandbox.Output) { out.Stderr = nil }),
		},
		"carries text of any kind": {on("functions", func(out *sandbox.Output) { out.Value = []byte(strings.ReplaceAll(string(out.Value), `\u0000`, " ")) })},
		"goes on after a call that failed": {
			on("functions", func(out *sandbox.Output) { out.Failure = "" }),
			on("functions", func(out *sandbox.Output) { out.Failure = sandbox.RuntimeError }),
		},
		"fails calls of what is not there": {on("functions", func(out *sandbox.Output) { out.Failure = "" })},
	}
	for _, rule := range sandboxtest.RuleNames() {
		if rule == "keeps the compiler's words out of the outputs" {
			continue // No Python program has warnings; see the next test.
		}
		t.Run(rule, func(t *testing.T) {
			require.NotEmpty(t, cases[rule], "no executor breaks this rule")
			for i, executor := range cases[rule] {
				r := observe(t, func(t sandboxtest.T) { sandboxtest.Check(t, rule, executor, python) })
				require.Empty(t, r.skipped)
				require.NotEmpty(t, r.faults, "executor %d is not found out", i)
			}
		})
	}
}

func TestRefusesWarningsInOutputs(t *testing.T) {
	rust := &sandbox.Language{Name: "rust"}
	const rule = "keeps the compiler's words out of the outputs"
	require.Empty(t, observe(t, func(t sandboxtest.T) { sandboxtest.Check(t, rule, acted{}, rust) }).faults)
	leaking := acted{output: func(_ string, out *sandbox.Output) { out.Stderr = []byte("warning: unused CANARY") }}
	require.NotEmpty(t, observe(t, func(t sandboxtest.T) { sandboxtest.Check(t, rule, leaking, rust) }).faults)
}

func TestRefusesReports(t *testing.T) {
	for name, spoil := range map[string]func(r *sandbox.Report){
		"no name":                    func(r *sandbox.Report) { r.Executor = "" },
		"no protections":             func(r *sandbox.Report) { r.Protections = nil },
		"a protection without name":  func(r *sandbox.Report) { r.Protections[0].Name = "" },
		"a protection without Stops": func(r *sandbox.Report) { r.Protections[0].Stops = "" },
		"inactive for no reason":     func(r *sandbox.Report) { r.Protections[0].Active = false },
		"a protection twice":         func(r *sandbox.Report) { r.Protections = append(r.Protections, r.Protections[0]) },
		"no version":                 func(r *sandbox.Report) { r.Toolchains["go"] = "" },
	} {
		t.Run(name, func(t *testing.T) {
			r := observe(t, func(t sandboxtest.T) { sandboxtest.CheckReport(t, acted{report: spoil}) })
			require.Len(t, r.faults, 1)
		})
	}
}

func TestRefusesLeftFiles(t *testing.T) {
	folder := t.TempDir()
	r := observe(t, func(t sandboxtest.T) {
		sandboxtest.LeavesNothing(t, folder, func() {
			if err := os.WriteFile(filepath.Join(folder, "left"), nil, 0o600); err != nil {
				t.Fatalf("%v", err)
			}
		})
	})
	require.Len(t, r.faults, 1)
	require.Contains(t, r.faults[0], "left")
}

func TestRefusesMixedUpPrograms(t *testing.T) {
	mixed := acted{output: func(_ string, out *sandbox.Output) { out.Stdout = []byte("4") }}
	r := observe(t, func(t sandboxtest.T) { sandboxtest.CheckManyAtOnce(t, mixed, python) })
	require.Greater(t, len(r.faults), 10)
}

// TestSkipsByName wants a language without toolchain to be skipped, not failed.
func TestSkipsByName(t *testing.T) {
	java := &sandbox.Language{Name: "java"}
	none := acted{report: func(r *sandbox.Report) { r.Toolchains = nil }}
	r := observe(t, func(t sandboxtest.T) { sandboxtest.CheckManyAtOnce(t, none, java) })
	require.Empty(t, r.faults)
	require.NotEmpty(t, r.skipped)
}

// TestSamples wants every language to have the programs that no rule skips.
func TestSamples(t *testing.T) {
	for _, language := range []string{"python", "javascript", "go", "c", "cpp", "java", "rust", "bash"} {
		t.Run(language, func(t *testing.T) {
			require.Subset(t, sandboxtest.SampleNames(language), []string{
				"sum", "copy", "fill", "deaf", "status", "crash", "maybe", "sleep", "eat", "flood", "noise", "broken", "environment", "scratch",
			})
		})
	}
}

func ExampleRun() {
	conformance := func(t *testing.T, executor sandbox.Executor) {
		sandboxtest.Run(t, executor, &sandbox.Language{Name: "python"}, &sandbox.Language{Name: "c"})
	}
	_ = conformance
	// Output:
}
