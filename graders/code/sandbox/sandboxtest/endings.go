package sandboxtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

var endingRules = []rule{
	{"builds a program that has no inputs", func(t T, p probe) {
		if outputs, build := p.try(p.sample("sum")); build.Failure != "" || len(outputs) != 0 {
			t.Errorf("failure %q and %d outputs", build.Failure, len(outputs))
		}
	}},
	{"stops when take says so", func(t T, p probe) {
		taken := 0
		build, err := p.executor.Run(t.Context(), p.sample("sum"), []sandbox.Input{stdin("1"), stdin("2"), stdin("3"), stdin("4")},
			func(int, sandbox.Output) bool { taken++; return taken < 2 })
		if err != nil || build.Failure != "" || taken != 2 {
			t.Errorf("error %v, failure %q, %d outputs taken; want none, none, 2", err, build.Failure, taken)
		}
	}},
	{"does nothing when its context has ended", func(t T, p probe) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		p.ends(ctx, p.sample("sum"), context.Canceled, 0, func() {})
	}},
	{"ends in the middle when its context is cancelled", func(t T, p probe) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		p.ends(ctx, p.endless(), context.Canceled, 1, func() { time.AfterFunc(100*time.Millisecond, cancel) })
	}},
	{"ends in the middle of a run at the deadline", func(t T, p probe) {
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		p.ends(ctx, p.endless(), context.DeadlineExceeded, 1, func() {})
	}},
	{"leaves no process behind", func(t T, p probe) {
		marker := fmt.Sprintf("%d.%d", 30000+rand.IntN(10000), rand.IntN(1e9))
		program := p.sample("daemon")
		program.Source = strings.ReplaceAll(program.Source, "MARKER", marker)
		for _, out := range p.run(program, stdin(""), stdin("")) {
			p.want(out, "", "ok")
		}
		if alive := processes(marker); len(alive) > 0 {
			t.Errorf("left alive: %s", strings.Join(alive, ", "))
		}
	}},
}

// endless loops for longer than the test waits, unless its context ends it.
func (p probe) endless() sandbox.Program {
	p.t.Helper()
	program := p.sample("maybe")
	program.Limits.Time = 2 * time.Minute
	return program
}

// ends runs a program whose second input never ends, until its context does.
// then is called after the first output.
func (p probe) ends(ctx context.Context, program sandbox.Program, want error, most int, then func()) {
	p.t.Helper()
	taken := 0
	_, err := p.executor.Run(ctx, program, []sandbox.Input{stdin("0"), stdin("1"), stdin("0")}, func(int, sandbox.Output) bool {
		taken++
		then()
		return true
	})
	if !errors.Is(err, want) {
		p.t.Errorf("the error is %v, want %v", err, want)
	}
	if taken > most {
		p.t.Errorf("%d outputs are taken, want at most %d", taken, most)
	}
}

// processes names those whose arguments hold the marker. Where there is no /proc
// there are none.
func processes(marker string) []string {
	paths, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		return nil
	}
	var found []string
	for _, path := range paths {
		if line, err := os.ReadFile(path); err == nil && bytes.Contains(line, []byte(marker)) {
			found = append(found, path+" "+string(bytes.ReplaceAll(line, []byte{0}, []byte{' '})))
		}
	}
	return found
}

// checkManyAtOnce runs twenty programs of all languages together.
func checkManyAtOnce(t T, s Suite) {
	var probes []probe
	for _, language := range s.Languages {
		if s.Executor.Report().Toolchains[language.Name] != "" && samples[language.Name] != nil {
			probes = append(probes, probe{t, s.Executor, language})
		}
	}
	if len(probes) == 0 {
		t.Skipf("the executor has none of the languages")
	}
	const programs = 20
	var all sync.WaitGroup
	faults := make([]string, programs)
	for i := range programs {
		p := probes[i%len(probes)]
		program := p.sample("sum")
		all.Go(func() {
			n := 0
			build, err := s.Executor.Run(t.Context(), program, []sandbox.Input{stdin(fmt.Sprint(i)), stdin(fmt.Sprint(i, i))}, func(k int, out sandbox.Output) bool {
				if got := strings.TrimSpace(string(out.Stdout)); got != fmt.Sprint(i*(k+1)) || out.Failure != "" {
					faults[i] = fmt.Sprintf("input %d gave %q, failure %q", k, got, out.Failure)
				}
				n++
				return true
			})
			if err != nil || build.Failure != "" || n != 2 {
				faults[i] = fmt.Sprintf("error %v, failure %q, %d outputs", err, build.Failure, n)
			}
		})
	}
	all.Wait()
	for i, fault := range faults {
		if fault != "" {
			t.Errorf("program %d: %s", i, fault)
		}
	}
}
