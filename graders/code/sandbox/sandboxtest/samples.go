package sandboxtest

import (
	"embed"
	"path"
	"strings"
	"time"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

//go:embed samples/*.txt
var files embed.FS

// samples are the programs of the suite by language and name. A file holds the
// programs of one language, each after a line "-- name --".
//
//	sum          prints the sum of the integers on standard input
//	copy         copies standard input to standard output, byte by byte
//	fill         reads n and writes n times "x"
//	deaf         prints "ok" and reads nothing
//	status       prints "partial", on standard error "whoops", ends with status 3
//	crash        ends by an exception or signal
//	maybe        reads n, loops for ever if it is 1, and prints "ok"
//	sleep        sleeps for ten minutes
//	eat          fills 4 GiB of memory and prints "done"
//	flood, noise print for ever: on standard output, on standard error
//	broken       is no program of its language
//	environment  prints its variables, NAME=value
//	scratch      prints "left" if it finds a file that it left before, else "fresh"
//	daemon       leaves "sleep MARKER" behind, in a session of its own, and prints "ok"
//	fixed        prints the time zone's offset, then what must be the same in every run
//	warn         compiles with a warning that says CANARY
//	functions    defines act(what, x) and echo(x)
var samples = readSamples()

func readSamples() map[string]map[string]string {
	all := map[string]map[string]string{}
	entries, err := files.ReadDir("samples")
	if err != nil {
		panic(err) // The folder is part of the program.
	}
	for _, entry := range entries {
		text, err := files.ReadFile(path.Join("samples", entry.Name()))
		if err != nil {
			panic(err)
		}
		all[strings.TrimSuffix(entry.Name(), ".txt")] = split(string(text))
	}
	return all
}

func split(text string) map[string]string {
	programs := map[string]string{}
	name, program := "", strings.Builder{}
	for line := range strings.Lines(text) {
		after, opens := strings.CutPrefix(line, "-- ")
		next, closes := strings.CutSuffix(after, " --\n")
		if !opens || !closes {
			program.WriteString(line)
			continue
		}
		programs[name] = program.String()
		name = next
		program.Reset()
	}
	programs[name] = program.String()
	delete(programs, "")
	return programs
}

// A probe runs samples of one language.
type probe struct {
	t        T
	executor sandbox.Executor
	language *sandbox.Language
}

// limits are wide enough for every runtime, and short enough to wait for.
func limits() sandbox.Limits {
	return sandbox.Limits{Time: 10 * time.Second, Memory: 512 << 20, Output: 1 << 20, Disk: 64 << 20, Processes: 64, Compile: 60 * time.Second}
}

// sample returns a program, and skips the rule when the language has none.
func (p probe) sample(name string) sandbox.Program {
	p.t.Helper()
	source, ok := samples[p.language.Name][name]
	if !ok {
		p.t.Skipf("%s has no program %q", p.language.Name, name)
	}
	return sandbox.Program{Language: p.language, Source: source, Limits: limits()}
}

// run runs a program that must build and whose every input must be taken.
func (p probe) run(program sandbox.Program, inputs ...sandbox.Input) []sandbox.Output {
	p.t.Helper()
	outputs, build := p.try(program, inputs...)
	if build.Failure != "" {
		p.t.Fatalf("the program must build: %s\n%s", build.Failure, build.Log)
	}
	if len(outputs) != len(inputs) {
		p.t.Fatalf("%d inputs gave %d outputs", len(inputs), len(outputs))
	}
	return outputs
}

func (p probe) try(program sandbox.Program, inputs ...sandbox.Input) ([]sandbox.Output, sandbox.Build) {
	p.t.Helper()
	var outputs []sandbox.Output
	build, err := p.executor.Run(p.t.Context(), program, inputs, func(i int, out sandbox.Output) bool {
		if i != len(outputs) {
			p.t.Errorf("output %d is taken after %d others: outputs are taken in order", i, len(outputs))
		}
		outputs = append(outputs, out)
		return true
	})
	if err != nil {
		p.t.Fatalf("the sandbox itself failed: %v", err)
	}
	if build.Failure != "" && len(outputs) > 0 {
		p.t.Errorf("%d outputs of a program that was not built are taken", len(outputs))
	}
	return outputs, build
}

// one runs a program on one input.
func (p probe) one(program sandbox.Program, stdin string) sandbox.Output {
	p.t.Helper()
	return p.run(program, sandbox.Input{Stdin: []byte(stdin)})[0]
}

// want checks how an output ended and what was printed, white space around aside.
func (p probe) want(out sandbox.Output, failure sandbox.Failure, stdout string) {
	p.t.Helper()
	if out.Failure != failure {
		p.t.Errorf("failure %q, want %q (exit %d, standard error %q)", out.Failure, failure, out.Exit, tail(out.Stderr))
	}
	if got := strings.TrimSpace(string(out.Stdout)); got != stdout {
		p.t.Errorf("standard output %q, want %q", tail(out.Stdout), stdout)
	}
}

func tail(text []byte) []byte { return text[max(0, len(text)-300):] }
