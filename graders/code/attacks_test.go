package code_test

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/internal/cage"
)

// A prison is a cage with what the kernel gives in it.
type prison struct {
	name string
	cage.Options
	// all: every attack is run, in every language. Elsewhere the shared ones are, and of
	// this repository's those that aim at a mark and do not take long to build: the
	// verdict and the limits of compilers rest on nothing that the kernel may lack, and
	// Go, Java, C++ and Rust call the same kernel.
	all bool
	// cannot names, by mark, the attacks that this kernel does not keep from it.
	cannot map[string][]string
	// barred are attacks that are not run there, as they would end the test or the
	// cage's own check with it.
	barred []string
}

// killers signal the grader or take its limits away. Where neither seccomp nor
// Landlock is left, a process of the same user may do that.
var killers = []string{
	"bash-stdio/parents", "c-stdio/kernel-doors", "c-stdio/parent-process", "c-stdio/signals", "c-stdio/x32-and-ia32", "go-stdio/raw-syscalls", "java-stdio/processes", "javascript-function/bindings",
	"python-function/kill-all", "python-function/kill-parent-group", "python-function/pidfd-kill", "python-function/sigio",
	"python-function/limits-of-parent", "python-function/nice-parent",
	"shared/go-kill-parent", "shared/js-kill-parent", "shared/py-kill-parent", "shared/py-prlimit-parent", "shared/py-ptrace-parent",
}

// callers reach the Runtime API where neither seccomp, Landlock nor namespaces are
// left.
var callers = []string{
	"bash-stdio/dev-tcp", "java-stdio/runtime-api", "javascript-function/runtime-api",
	"python-function/runtime-api-fastopen", "python-function/runtime-api-raw", "python-function/runtime-api-tools", "python-function/runtime-api-uring",
	"shared/py-network", "shared/py-runtime-api-combo",
}

// withoutLandlock is what a program can do where no rule says which files it may
// open: what its user may. Some of it happens now and then only, as the program is
// killed soon.
var withoutLandlock = map[string][]string{
	markTmp: {
		"bash-stdio/output-file", "bash-stdio/path", "c-stdio/counts-runs", "c-stdio/dev-files", "go-stdio/cache",
		"javascript-function/modules-left", "python-checker/beside-the-checker", "python-function/canary", "python-function/left-for-the-next",
		"python-pytest/conftest", "python-pytest/settings", "shared/sh-rm",
	},
	markApart: {"c-stdio/counts-runs", "javascript-function/modules-left", "python-function/left-for-the-next"},
	markCanary: {
		"bash-stdio/coprocesses", "bash-stdio/left-behind", "c-stdio/death-signal", "c-stdio/dev-files", "go-stdio/cache", "java-stdio/annotation-processor", "javascript-function/bindings",
		"javascript-function/detached-child", "python-function/canary", "python-function/double-fork", "shared/c-daemon", "shared/sh-rm",
	},
	markSecret: {"c-stdio/incbin", "python-function/secret-file", "python-stdio/credentials", "rust-stdio/include-str"},
	// The scratch folder itself was moved, removed or overwritten.
	markAlive: {"go-stdio/cache", "python-function/canary", "shared/sh-rm"},
}

// withoutSeccomp adds what seccomp alone stands against.
var withoutSeccomp = and(withoutLandlock, map[string][]string{
	markApart:  {"python-function/shared-memory"},
	markCanary: {"python-function/namespaces", "python-function/unix-sockets", "shared/py-userns"},
})

func and(a, b map[string][]string) map[string][]string {
	sum := maps.Clone(a)
	for mark, ids := range b {
		sum[mark] = slices.Concat(sum[mark], ids)
	}
	return sum
}

var prisons = []prison{
	{name: "everything", all: true, Options: cage.Options{Seconds: 540}},
	{name: "as root", Options: cage.Options{Root: true, Seconds: 540}},
	{name: "without landlock", cannot: withoutLandlock, Options: cage.Options{Mask: []string{"landlock"}, Seconds: 540}},
	{name: "without landlock and seccomp", cannot: withoutSeccomp, barred: killers, Options: cage.Options{Mask: []string{"landlock", "seccomp"}, Seconds: 540}},
	{name: "with limits alone", cannot: withoutSeccomp, barred: slices.Concat(killers, callers),
		Options: cage.Options{Mask: []string{"landlock", "seccomp", "namespaces"}, Seconds: 540}},
}

// whole reports whether this is the cage in which nothing is missing.
func (p prison) whole() bool { return len(p.Mask) == 0 && !p.Root }

// runs reports whether an attack is run in the cage.
func (p prison) runs(x attack) bool {
	switch {
	case slices.Contains(p.barred, x.id):
		return false
	case p.all, strings.HasPrefix(x.id, "shared/"):
		return true
	case len(x.checks) == 0, x.category == "compile" && slices.Equal(x.checks, []string{markAlive}):
		return false
	}
	return p.speaks(x.language)
}

// speaks reports whether programs of a language are run in the cage beside the
// shared attacks.
func (p prison) speaks(language string) bool {
	return p.all || !slices.Contains([]string{"go", "java", "cpp", "rust"}, language)
}

// harm is 1 for attacks that reach the files of the graders.
func (p prison) harm(x attack) int {
	if slices.Contains(p.cannot[markAlive], x.id) || slices.Contains(p.cannot[markTmp], x.id) {
		return 1
	}
	return 0
}

// TestAttacks runs all attacks that are known in cages of several kinds. No
// attack is paid anywhere, and none escapes its score by an error; the marks
// hold except where the kernel's part is masked, and there the exceptions are
// written down.
func TestAttacks(t *testing.T) {
	for _, p := range prisons {
		t.Run(strings.ReplaceAll(p.name, " ", "-"), func(t *testing.T) {
			if !cage.Inside() {
				t.Parallel()
			}
			if !cage.Enter(t, p.Options) {
				return
			}
			a := newArena(t, p)
			fought := a.all(p, slices.Concat(ownAttacks(t), sharedAttacks(t)))
			require.Greater(t, fought, 60)
			t.Logf("%d attacks; the slowest:%s", fought, a.slowest())
			for _, mark := range slices.Sorted(maps.Keys(p.cannot)) {
				t.Logf("cannot hold %s: %s: %s", p.name, mark, strings.Join(p.cannot[mark], ", "))
			}
			if len(p.barred) > 0 {
				t.Logf("cannot be run %s: %s", p.name, strings.Join(p.barred, ", "))
			}
		})
	}
}

// all runs the attacks and returns how many were run. Those with marks
// are run one by one, so that the harm has a name; the others side by side.
func (a *arena) all(p prison, attacks []attack) int {
	var together, single []attack
	fought := 0
	for _, x := range attacks {
		switch {
		case !p.runs(x):
			continue
		case len(x.checks) > 0:
			single = append(single, x)
		default:
			together = append(together, x)
		}
		fought++
	}
	started := time.Now()
	// What harms the graders comes last: new ones have to make their library anew.
	slices.SortStableFunc(single, func(x, y attack) int { return p.harm(x) - p.harm(y) })
	var wg sync.WaitGroup
	limit := make(chan struct{}, runtime.GOMAXPROCS(0))
	for _, x := range together {
		wg.Go(func() {
			limit <- struct{}{}
			defer func() { <-limit }()
			a.judge(p, x, a.fight(x))
		})
	}
	wg.Wait()
	a.t.Logf("side by side: %d in %v", len(together), time.Since(started))
	faults := map[string]string{}
	a.inspect(faults)
	a.judge(p, attack{id: "those that aim at no mark"}, faults)

	for _, x := range single {
		faults := a.fight(x)
		a.inspect(faults)
		if slices.Contains(x.checks, markAlive) {
			if fault := a.gradesRight(a.tasks[a.probe(p, x)]); fault != "" {
				faults[markAlive] = fault
			}
		}
		a.judge(p, x, faults)
		if faults[markAlive] != "" || strings.Contains(faults[markTmp], "rft-jail-") {
			a.reopen()
		}
	}
	a.t.Logf("all: %d in %v", fought, time.Since(started))
	return fought
}

// judge fails the test for each fault that is no exception.
func (a *arena) judge(p prison, x attack, faults map[string]string) {
	for _, mark := range slices.Sorted(maps.Keys(faults)) {
		line := fmt.Sprintf("%s: %s: %s", x.id, mark, faults[mark])
		if slices.Contains(p.cannot[mark], x.id) {
			a.t.Log(line)
			continue
		}
		a.t.Error(line)
	}
}
