package code_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/locallambda"
	"github.com/rftgrader/rftgrader/graders/code/internal/cage"
	"github.com/rftgrader/rftgrader/testdata"
)

// functionProgram is the function's program. It lies in the repository, which
// cages show.
func functionProgram() string { return filepath.Join(testdata.Root(), "build", "test", "bootstrap") }

var buildFunction = sync.OnceValues(func() ([]byte, error) {
	path := functionProgram()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	// Another run of the tests may use the program: it is replaced, not written.
	fresh := path + "." + strconv.Itoa(os.Getpid())
	cmd := exec.Command("go", "build", "-trimpath", "-tags", "lambda.norpc", "-ldflags", "-s -w", "-o", fresh, "./cmd/lambda")
	cmd.Dir, cmd.Env = testdata.Root(), append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return out, err
	}
	return nil, os.Rename(fresh, path)
})

// enterWithFunction is cage.Enter with the function's program built before.
func enterWithFunction(t *testing.T, o cage.Options) bool {
	t.Helper()
	if !cage.Inside() {
		if testing.Short() {
			t.Skip("it builds the function and runs it in a cage")
		}
		out, err := buildFunction()
		require.NoError(t, err, "%s", out)
	}
	return cage.Enter(t, o)
}

// A function is the real one on the local Lambda.
type function struct {
	*locallambda.Function
	t    *testing.T
	log  *lockedBuffer
	temp string // its folder for temporary files
}

// startFunction runs the function's program with secrets in its environment. Env
// holds GRADER_SPEC or GRADER_ROLE.
func startFunction(t *testing.T, name string, concurrency int, env map[string]string) *function {
	t.Helper()
	f := &function{t: t, log: &lockedBuffer{}, temp: t.TempDir()}
	all := map[string]string{
		"TMPDIR": f.temp, "RH_SECRET": cage.Secret,
		"AWS_ACCESS_KEY_ID": cage.Secret, "AWS_SECRET_ACCESS_KEY": cage.Secret, "AWS_SESSION_TOKEN": cage.Secret,
	}
	maps.Copy(all, env)
	var err error
	f.Function, err = locallambda.Start(context.Background(), locallambda.Config{
		Bootstrap: functionProgram(), Name: name, Env: all, Concurrency: concurrency,
		Timeout: 3 * time.Minute, InitTimeout: time.Minute, Log: f.log,
	})
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, f.Close())
		if t.Failed() {
			t.Logf("the log of %s:\n%s", name, f.log.String())
		}
	})
	return f
}

// A scored rollout, as the function answers it.
type scored struct {
	ID      string   `json:"id"`
	Score   *float64 `json:"aggregate_reward_score"`
	Metrics []struct {
		Name  string  `json:"name"`
		Value float64 `json:"value"`
	} `json:"metrics_list"`
}

func (s scored) metric(name string) (float64, bool) {
	for _, m := range s.Metrics {
		if m.Name == name {
			return m.Value, true
		}
	}
	return 0, false
}

// failure names the class of the first failure.
func (s scored) failure() string {
	for _, m := range s.Metrics {
		if class, ok := strings.CutPrefix(m.Name, "tests.failed_"); ok && m.Value == 1 {
			return class
		}
	}
	return ""
}

// batch is a payload of entrants.
func batch(t *testing.T, entrants []entrant) []byte {
	t.Helper()
	rows := make([]map[string]any, len(entrants))
	for i, e := range entrants {
		rows[i] = map[string]any{
			"id":               e.id,
			"messages":         []map[string]string{{"role": "user", "content": "Write the program."}, {"role": "assistant", "content": block(e.language, e.source)}},
			"reference_answer": map[string]any{"tests": e.tests},
			"metadata":         map[string]string{"language": e.language},
		}
	}
	payload, err := json.Marshal(rows)
	require.NoError(t, err)
	return payload
}

// grade returns the scores of a batch, or the function's error.
func (f *function) grade(entrants []entrant) (entries []scored, fault string) {
	f.t.Helper()
	r, err := f.Invoke(f.t.Context(), batch(f.t, entrants))
	require.NoError(f.t, err)
	require.NotContains(f.t, string(r.Payload), cage.Secret)
	if r.FunctionError != "" {
		return nil, string(r.Payload)
	}
	require.NoError(f.t, json.Unmarshal(r.Payload, &entries), "%.300s", r.Payload)
	require.Len(f.t, entries, len(entrants))
	return entries, ""
}

// gradesRight grades a batch in which every entrant gets what it is worth.
func (f *function) gradesRight(entrants []entrant) []scored {
	f.t.Helper()
	entries, fault := f.grade(entrants)
	require.Empty(f.t, fault)
	for i, e := range entries {
		require.Equal(f.t, entrants[i].id, e.ID)
		require.NotNil(f.t, e.Score, e.ID)
		if *e.Score != entrants[i].worth {
			f.t.Errorf("%s scored %v, want %v: %v", e.ID, *e.Score, entrants[i].worth, e.Metrics)
		}
		if total, _ := e.metric("tests.total"); total != 0 {
			require.Equal(f.t, 10.0, total, e.ID)
		}
	}
	return entries
}

// lines returns the lines of the log with a message.
func (f *function) lines(message string) (lines []map[string]any) {
	f.t.Helper()
	for line := range strings.Lines(f.log.String()) {
		var entry map[string]any
		if json.Unmarshal([]byte(line), &entry) == nil && entry["message"] == message {
			lines = append(lines, entry)
		}
	}
	return lines
}

// processes tells the process of the function, how many warm interpreters it
// has, and who else is alive in the cage.
func (f *function) processes() (own, warm int, others []string) {
	f.t.Helper()
	type process struct {
		pid, parent, group int
		command, rawArgs   string
	}
	folders, err := filepath.Glob("/proc/[0-9]*")
	require.NoError(f.t, err)
	var all []process
	for _, folder := range folders {
		pid, err := strconv.Atoi(filepath.Base(folder))
		require.NoError(f.t, err)
		stat, err := os.ReadFile(filepath.Join(folder, "stat"))
		if err != nil || pid == 1 || pid == os.Getpid() {
			continue
		}
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		if len(fields) < 3 || fields[0] == "Z" || fields[0] == "X" {
			continue
		}
		parent, err := strconv.Atoi(fields[1])
		require.NoError(f.t, err)
		group, err := strconv.Atoi(fields[2])
		require.NoError(f.t, err)
		args, _ := os.ReadFile(filepath.Join(folder, "cmdline"))
		all = append(all, process{pid, parent, group, string(stat[:bytes.LastIndexByte(stat, ')')+1]), string(args)})
	}
	for _, p := range all {
		if p.parent == os.Getpid() && strings.Contains(p.command, "(bootstrap)") {
			require.Zero(f.t, own, "one environment")
			own = p.pid
		}
	}
	isWarm := func(p process) bool { return p.parent == own && strings.Contains(p.rawArgs, "\x00zygote\x00") }
	standsBy := map[int]bool{} // of the warm interpreters, whether one was seen
	for _, p := range all {
		if isWarm(p) {
			standsBy[p.pid] = false
			warm++
		}
	}
	for _, p := range all {
		seen, ofWarm := standsBy[p.parent]
		switch {
		case p.pid == own || isWarm(p):
		case ofWarm && !seen && p.group == p.parent && strings.Contains(p.rawArgs, "\x00zygote\x00"):
			standsBy[p.parent] = true
		default:
			others = append(others, p.command+" "+strings.ReplaceAll(p.rawArgs, "\x00", " "))
		}
	}
	return own, warm, others
}

// left names every file in the folders that all may write, but for those of this
// repository, which may be below /tmp, and in which somebody may be at work.
func left(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, folder := range []string{"/tmp", "/dev/shm", "/run/lock"} {
		_ = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if path == testdata.Root() {
				return fs.SkipDir
			}
			if err == nil && !d.IsDir() {
				files = append(files, path)
			}
			return nil
		})
	}
	entries, err := os.ReadDir("/var/tmp")
	require.NoError(t, err)
	for _, e := range entries {
		files = append(files, filepath.Join("/var/tmp", e.Name()))
	}
	slices.Sort(files)
	return files
}

// listeners returns the ports of this machine at which somebody listens, but
// that of the cage's own mark.
func listeners(t *testing.T) (ports []int) {
	t.Helper()
	const listening = "0A"
	text, err := os.ReadFile("/proc/net/tcp")
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) < 4 || fields[3] != listening {
			continue
		}
		_, hex, _ := strings.Cut(fields[1], ":")
		port, err := strconv.ParseInt(hex, 16, 32)
		require.NoError(t, err)
		if !strings.HasSuffix(cage.RuntimeAPI, ":"+strconv.FormatInt(port, 10)) {
			ports = append(ports, int(port))
		}
	}
	return ports
}

// mostWarm is how many warm interpreters one environment may keep.
func mostWarm() int { return runtime.GOMAXPROCS(0) }
