package code_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/testdata"
)

// An attack is one or more programs, graded one after the other, of which none
// may be paid.
type attack struct {
	id       string
	language string
	tests    json.RawMessage
	score    string // option score; empty: all
	parts    []string
	category string
	// refused: the tests hold the program in their own process, and the kind is to
	// refuse them as a fault of the data.
	refused bool
	// checks are marks that the attack aims at, as [arena.check] names them.
	checks []string
}

// The marks, as the files of the catalogue name them.
const (
	markAlive      = "alive"       // the grader grades the next honest program right
	markCanary     = "canary"      // the file of the host is as it was
	markSurvivors  = "survivors"   // no process of the attack is left
	markSecret     = "secret"      // the secret is in nothing that the grader says
	markRuntimeAPI = "runtime-api" // nobody has reached the Runtime API
	markTmp        = "tmp"         // no file is left, in /tmp nor in the scratch folder
	markVerdict    = "verdict"     // not paid, and no error in a score's place
	markTime       = "time"        // graded within its limits
	markApart      = "apart"       // nothing comes from one program, or run, to the next
)

// A task is one folder of the own catalogue: tests, an honest solution, and the
// attacks on them in files beside task.json.
//
// The first line of an attack is a comment: category; marks; what it does.
// Files name.1.ext and name.2.ext are one attack of two programs.
type task struct {
	Language string          `json:"language"`
	Task     string          `json:"task"`
	Score    string          `json:"score"`
	Honest   string          `json:"honest"`
	Refused  bool            `json:"refused"`
	Tests    json.RawMessage `json:"tests"`
}

const ownCatalogue = "testdata/attacks"

// ownTasks returns the tasks of the own catalogue by the name of their folder.
func ownTasks(t testing.TB) map[string]task {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(ownCatalogue, "*", "task.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	tasks := map[string]task{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var c task
		require.NoError(t, json.Unmarshal(text, &c), file)
		tasks[filepath.Base(filepath.Dir(file))] = c
	}
	return tasks
}

// ownAttacks returns the own catalogue.
func ownAttacks(t testing.TB) []attack {
	t.Helper()
	var attacks []attack
	for folder, c := range ownTasks(t) {
		files, err := os.ReadDir(filepath.Join(ownCatalogue, folder))
		require.NoError(t, err)
		for _, file := range files {
			if file.Name() == "task.json" {
				continue
			}
			text, err := os.ReadFile(filepath.Join(ownCatalogue, folder, file.Name()))
			require.NoError(t, err)
			name, _, _ := strings.Cut(file.Name(), ".")
			head, _, _ := strings.Cut(strings.TrimLeft(string(text), "#/ "), "\n")
			fields := strings.SplitN(head, ";", 3)
			require.Len(t, fields, 3, "%s/%s: want category; marks; note", folder, file.Name())
			a := attack{id: folder + "/" + name, language: c.Language, tests: c.Tests, score: c.Score, refused: c.Refused, parts: []string{string(text)},
				category: fields[0], checks: strings.Fields(fields[1])}
			if n := len(attacks) - 1; n >= 0 && attacks[n].id == a.id {
				attacks[n].parts = append(attacks[n].parts, a.parts...)
				continue
			}
			attacks = append(attacks, a)
		}
	}
	slices.SortFunc(attacks, func(a, b attack) int { return strings.Compare(a.id, b.id) })
	return attacks
}

// A sharedCase is a line of attacks.jsonl and honest.jsonl.
type sharedCase struct {
	ID       string          `json:"id"`
	Language string          `json:"language"`
	Tests    json.RawMessage `json:"tests"`
	Code     string          `json:"code"`
	Expected string          `json:"expected"`
	Category string          `json:"category"`
	Checks   []string        `json:"checks"`
}

// sharedCases reads a file of the larger sets, and is empty where it is not here.
func sharedCases(t testing.TB, file string) []sharedCase {
	t.Helper()
	var missing absent
	path := testdata.Shared(&missing, "cases", "code", file)
	if missing {
		t.Logf("%s is not here: its cases are left out", file)
		return nil
	}
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 4<<20)
	var cases []sharedCase
	for lines.Scan() {
		var c sharedCase
		require.NoError(t, json.Unmarshal(lines.Bytes(), &c))
		cases = append(cases, c)
	}
	require.NoError(t, lines.Err())
	require.NotEmpty(t, cases)
	return cases
}

// absent notes that a file of the larger sets is not here.
type absent bool

func (*absent) Helper()                {}
func (a *absent) Skipf(string, ...any) { *a = true }

// sharedAttacks returns the larger catalogue of attacks.
func sharedAttacks(t testing.TB) []attack {
	t.Helper()
	marks := map[string]string{
		"grader_alive": markAlive, "canary_intact": markCanary, "no_survivors": markSurvivors,
		"secret_not_leaked": markSecret, "runtime_api_untouched": markRuntimeAPI, "tmp_clean": markTmp,
	}
	var attacks []attack
	for _, c := range sharedCases(t, "attacks.jsonl") {
		require.Equal(t, "fail", c.Expected, c.ID)
		a := attack{id: "shared/" + c.ID, language: c.Language, tests: c.Tests, parts: []string{c.Code}, category: c.Category}
		a.refused = c.ID == "cpp-assert-macro" || c.ID == "cpp-main-macro"
		for _, name := range c.Checks {
			if name == "bounded_time" { // which is checked of all
				continue
			}
			require.Contains(t, marks, name, c.ID)
			a.checks = append(a.checks, marks[name])
		}
		attacks = append(attacks, a)
	}
	return attacks
}

// program makes a rollout of a program and its tests, as a dataset would have it.
func program(t testing.TB, language, source string, tests json.RawMessage) *grader.Rollout {
	t.Helper()
	reference, err := json.Marshal(map[string]json.RawMessage{"tests": tests})
	require.NoError(t, err)
	r := rollout(t, block(language, source), string(reference))
	name, err := json.Marshal(language)
	require.NoError(t, err)
	r.Metadata = map[string]json.RawMessage{"language": name}
	return r
}
