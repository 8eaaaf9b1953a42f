package code_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code"
	"github.com/rftgrader/rftgrader/graders/code/internal/cage"
)

// The limits on processor time in the arena, in seconds, which every attack that
// sleeps or spins takes two or three times of: above what its honest programs need.
const (
	runSeconds     = 0.5
	compileSeconds = 3
)

// patience is how long one program may take in the arena, which none takes whose
// limits hold: three times 2 s and 7 s, on a machine that is not twenty times
// overloaded.
const patience = 4 * time.Minute

// An arena is a place inside of a cage in which attacks meet the kind code, and
// the marks are looked at.
type arena struct {
	t       *testing.T
	graders map[string]grader.Grader // by option score
	log     *lockedBuffer
	tasks   map[string]task
	before  map[string][]string // what the watched folders hold
	hits    int

	mu   sync.Mutex
	took map[string]time.Duration
}

// note adds what an attack took, for the list of the slowest.
func (a *arena) note(id string, took time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.took[id] += took
}

// slowest names the attacks that took longest.
func (a *arena) slowest() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	ids := slices.SortedFunc(maps.Keys(a.took), func(x, y string) int { return cmp.Compare(a.took[y], a.took[x]) })
	var b strings.Builder
	for _, id := range ids[:min(60, len(ids))] {
		fmt.Fprintf(&b, " %s %.1fs", id, a.took[id].Seconds())
	}
	return b.String()
}

// A lockedBuffer is a log that many goroutines write.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// newArena builds the graders and grades the honest solutions once: the library
// of Go and the like are made then.
func newArena(t *testing.T, p prison) *arena {
	t.Helper()
	a := &arena{t: t, log: &lockedBuffer{}, tasks: ownTasks(t), took: map[string]time.Duration{}}
	a.open()
	t.Cleanup(func() { require.NoError(t, a.close()) })
	t.Logf("the sandbox says of itself: %s", strings.TrimSpace(a.log.String()))
	a.honest(p)
	a.before = a.folders()
	a.hits = cage.Hits(t)
	return a
}

// open builds the graders as a spec would.
func (a *arena) open() {
	log := slog.New(slog.NewJSONHandler(a.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	kind := code.New(code.Jail())
	a.graders = map[string]grader.Grader{}
	for _, score := range []string{"all", "share"} {
		options := fmt.Sprintf(`{"language": "metadata:/language", "tests": "/tests", "score": %q, "limits": {"time": %v, "compile": %d}}`, score, runSeconds, compileSeconds)
		g, err := kind.New(&grader.Env{Name: "tests", Log: log}, []byte(options))
		require.NoError(a.t, err)
		a.graders[score] = g
	}
}

func (a *arena) close() error {
	var err error
	for _, g := range a.graders {
		err = errors.Join(err, g.(io.Closer).Close())
	}
	return err
}

// reopen replaces graders that an attack has harmed.
func (a *arena) reopen() {
	_ = a.close()
	scratch, err := filepath.Glob("/tmp/rft-jail-*")
	require.NoError(a.t, err)
	for _, dir := range scratch {
		require.NoError(a.t, os.RemoveAll(dir))
	}
	a.open()
	lines := strings.Split(strings.TrimSpace(a.log.String()), "\n")
	a.t.Logf("new graders: %s", lines[len(lines)-1])
	a.before = a.folders()
}

// honest grades the honest solution of every task of the cage's languages.
func (a *arena) honest(p prison) {
	var wg sync.WaitGroup
	limit := make(chan struct{}, runtime.GOMAXPROCS(0))
	for name, c := range a.tasks {
		if !p.speaks(c.Language) {
			continue
		}
		wg.Go(func() {
			limit <- struct{}{}
			defer func() { <-limit }()
			if fault := a.gradesRight(c); fault != "" {
				a.t.Errorf("%s: its honest solution: %s", name, fault)
			}
		})
	}
	wg.Wait()
}

// gradesRight is empty where the honest solution of a task scores 1. One that was too
// slow is tried again: the limits are near, and other cages keep the machine busy.
func (a *arena) gradesRight(c task) (fault string) {
	for range 4 {
		if fault = a.gradesOnce(c); !strings.Contains(fault, "time limit") {
			break
		}
	}
	return fault
}

func (a *arena) gradesOnce(c task) (fault string) {
	ctx, cancel := context.WithTimeout(a.t.Context(), patience)
	defer cancel()
	result, err := a.grader(c.Score).Grade(ctx, program(a.t, c.Language, c.Honest, c.Tests))
	switch {
	case err != nil && c.Refused:
		return ""
	case err != nil:
		return "not graded: " + err.Error()
	case result.Score != 1:
		return fmt.Sprintf("scored %v: %s", result.Score, result.Reason)
	}
	return ""
}

func (a *arena) grader(score string) grader.Grader {
	if score == "" {
		score = "all"
	}
	return a.graders[score]
}

// probes names, for a language, the task whose honest solution shows that the
// grader is alive.
var probes = map[string]string{
	"python": "python-function", "javascript": "javascript-function", "go": "go-stdio", "c": "c-stdio",
	"cpp": "cpp-stdio", "java": "java-stdio", "rust": "rust-stdio", "bash": "bash-stdio",
}

// probe names the task whose honest solution follows an attack. With all
// protections it is of the attack's own language, whose caches are the nearest.
func (a *arena) probe(p prison, x attack) string {
	if p.whole() {
		return probes[x.language]
	}
	return probes["python"]
}

// watched are the folders in which nothing may be left. The scratch folders of
// the graders are among those in /tmp.
func (a *arena) folders() map[string][]string {
	seen := map[string][]string{}
	scratch, err := filepath.Glob("/tmp/rft-jail-*")
	require.NoError(a.t, err)
	for _, dir := range append(scratch, "/tmp", "/dev/shm", "/var/tmp", "/run/lock") {
		entries, err := os.ReadDir(dir)
		if err != nil {
			continue
		}
		for _, e := range entries {
			own := slices.Contains(scratch, dir) && (e.Name() == "shared" || e.Name() == "private")
			if own || !slices.Contains(scratch, dir) || !isEmptyFolder(filepath.Join(dir, e.Name())) {
				seen[dir] = append(seen[dir], e.Name())
			}
		}
	}
	return seen
}

// isEmptyFolder reports whether a folder holds nothing but empty folders, as
// those do that a jail keeps for the next program.
func isEmptyFolder(path string) bool {
	empty := true
	_ = filepath.WalkDir(path, func(_ string, d os.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			empty = false
			return filepath.SkipAll
		}
		return nil
	})
	return empty
}

// fight grades an attack and returns what is wrong with how it went, by mark. The marks of the machine are not looked at.
func (a *arena) fight(x attack) map[string]string {
	faults := map[string]string{}
	for i, part := range x.parts {
		ctx, cancel := context.WithTimeout(a.t.Context(), patience)
		started := time.Now()
		result, err := a.grader(x.score).Grade(ctx, program(a.t, x.language, part, x.tests))
		took := time.Since(started)
		cancel()
		a.note(x.id, took)
		var data *grader.DataError
		switch {
		case errors.As(err, &data) && x.refused:
		case errors.Is(err, context.DeadlineExceeded):
			faults[markTime] = fmt.Sprintf("part %d was not done after %v", i+1, patience)
		case err != nil:
			// An error is no zero: what provokes one escapes its score.
			faults[markVerdict] = fmt.Sprintf("part %d was not graded: %v %v", i+1, err, detail(data))
		case result.Score != 0 && slices.Contains(x.checks, markApart):
			faults[markApart] = fmt.Sprintf("part %d knew what an earlier program or run left: %s", i+1, result.Reason)
		case result.Score != 0:
			faults[markVerdict] = fmt.Sprintf("part %d was paid %v: %s", i+1, result.Score, result.Reason)
		}
		said, marshalErr := json.Marshal(result)
		require.NoError(a.t, marshalErr)
		if err != nil {
			said = append(said, err.Error()...)
			said = append(said, detail(data)...)
		}
		if bytes.Contains(said, []byte(cage.Secret)) {
			faults[markSecret] = "the result or the error holds the secret"
		}
	}
	if strings.Contains(a.log.String(), cage.Secret) {
		faults[markSecret] = "the log holds the secret"
	}
	return faults
}

func detail(d *grader.DataError) string {
	if d == nil {
		return ""
	}
	return d.Detail
}

// inspect looks at the marks of the machine, notes what was harmed and undoes
// it, so that the next attack starts as this one did.
func (a *arena) inspect(faults map[string]string) {
	text, err := os.ReadFile(cage.Canary)
	if err != nil || string(text) != cage.CanaryText {
		faults[markCanary] = fmt.Sprintf("the canary holds %.60q (%v)", text, err)
		// It may be another's file by now, in a folder where only its owner removes it.
		if os.Remove(cage.Canary) == nil {
			require.NoError(a.t, os.WriteFile(cage.Canary, nil, 0o666))
			require.NoError(a.t, os.Chmod(cage.Canary, 0o666))
		}
		require.NoError(a.t, os.WriteFile(cage.Canary, []byte(cage.CanaryText), 0o666))
	}
	if hits := cage.Hits(a.t); hits != a.hits {
		faults[markRuntimeAPI] = fmt.Sprintf("%d requests reached it", hits-a.hits)
		a.hits = hits
	}
	if alive := a.strangers(); len(alive) > 0 {
		faults[markSurvivors] = strings.Join(slices.Collect(maps.Values(alive)), "; ")
		for pid := range alive {
			if p, err := os.FindProcess(pid); err == nil {
				_ = p.Kill()
			}
		}
		require.Eventually(a.t, func() bool { return len(a.strangers()) == 0 }, 5*time.Second, 10*time.Millisecond, "survivors that could not be killed")
	}
	for dir, now := range a.folders() {
		for _, name := range now {
			if slices.Contains(a.before[dir], name) {
				continue
			}
			faults[markTmp] = strings.TrimSpace(faults[markTmp] + " " + filepath.Join(dir, name))
			_ = os.RemoveAll(filepath.Join(dir, name))
		}
	}
	for dir, before := range a.before {
		for _, name := range before {
			if _, err := os.Lstat(filepath.Join(dir, name)); err != nil {
				faults[markTmp] = strings.TrimSpace(faults[markTmp] + " gone: " + filepath.Join(dir, name))
			}
		}
	}
}

// strangers are the processes of the cage that are neither the first one, nor
// this one, nor one of its warm interpreters, each of which has one process of its own
// group that stands by.
func (a *arena) strangers() map[int]string {
	entries, err := os.ReadDir("/proc")
	require.NoError(a.t, err)
	strangers := map[int]string{}
	type standing struct{ pid, warm int }
	var warm []int
	var by []standing
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == 1 || pid == os.Getpid() {
			continue
		}
		stat, err := os.ReadFile("/proc/" + e.Name() + "/stat")
		if err != nil {
			continue
		}
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		if len(fields) < 3 || fields[0] == "Z" || fields[0] == "X" {
			continue
		}
		command, _ := os.ReadFile("/proc/" + e.Name() + "/cmdline")
		if bytes.Contains(command, []byte("\x00zygote\x00")) {
			if fields[1] == strconv.Itoa(os.Getpid()) && len(warm) < 2*runtime.GOMAXPROCS(0) { // two graders have two jails
				warm = append(warm, pid)
				continue
			}
			if parent, err := strconv.Atoi(fields[1]); err == nil && fields[1] == fields[2] {
				by = append(by, standing{pid, parent})
			}
		}
		strangers[pid] = fmt.Sprintf("process %d (%s) of %s in state %s", pid, bytes.ReplaceAll(command, []byte{0}, []byte{' '}), fields[1], fields[0])
	}
	for _, s := range by {
		if i := slices.Index(warm, s.warm); i >= 0 {
			warm = slices.Delete(warm, i, i+1)
			delete(strangers, s.pid)
		}
	}
	return strangers
}
