package lambdagrader

import (
	"bytes"
	"context"
	"encoding/binary"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
)

const testEnvironment = "2026/01/02/[$LATEST]0123456789abcdef"

// key makes the key of a rollout.
func key(n int) (k grader.Key) {
	binary.LittleEndian.PutUint64(k[:], uint64(n))
	return k
}

func openTestJournal(t testing.TB, folder string) (*journal, *bytes.Buffer) {
	t.Helper()
	if err := lockable(); err != nil {
		t.Skip("journals need files that can be locked: ", err)
	}
	var log bytes.Buffer
	j, err := openJournal(folder, testEnvironment, "scope", slog.New(slog.NewTextHandler(&log, nil)))
	require.NoError(t, err)
	return j, &log
}

// die ends the process of a journal, as far as the journal goes.
func die(t testing.TB, j *journal) {
	t.Helper()
	require.NotNil(t, j.file)
	require.NoError(t, j.file.Close())
}

func journalFiles(t testing.TB, folder string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, "*"))
	require.NoError(t, err)
	return names
}

func requireVerdict(t testing.TB, j *journal, n int, suspect, convict bool) {
	t.Helper()
	s, c := j.verdict(key(n))
	require.Equal(t, [2]bool{suspect, convict}, [2]bool{s && !c, c}, "suspect and convict: %d", n)
}

func TestJournal(t *testing.T) {
	for _, c := range []struct {
		name string
		// each life begins calls, ends some, and dies.
		lives    []func(j *journal)
		suspects []int
		convicts []int
	}{
		{"what was running is suspected", []func(*journal){
			func(j *journal) { j.begin(key(1)); j.begin(key(2)); j.begin(key(3)); j.end(true, key(2)) },
		}, []int{1, 3}, nil},
		{"what ends the process alone is convicted", []func(*journal){
			func(j *journal) { j.begin(key(1)); j.begin(key(2)) },
			func(j *journal) { j.begin(key(3)); j.end(true, key(3)); j.begin(key(2)) },
		}, []int{1}, []int{2}},
		{"what survives alone is cleared", []func(*journal){
			func(j *journal) { j.begin(key(1)); j.begin(key(2)) },
			func(j *journal) { j.begin(key(1)); j.end(true, key(1)) },
		}, []int{2}, nil},
		{"what was not really graded is not cleared", []func(*journal){
			func(j *journal) { j.begin(key(1)); j.begin(key(2)) },
			func(j *journal) { j.begin(key(1)); j.end(false, key(1)) },
		}, []int{1, 2}, nil},
		{"with company nobody is convicted", []func(*journal){
			func(j *journal) { j.begin(key(1)); j.begin(key(2)) },
			func(j *journal) { j.begin(key(1)); j.begin(key(9)) },
		}, []int{1, 2, 9}, nil},
		{"with company that has gone again, neither", []func(*journal){
			func(j *journal) { j.begin(key(1)) },
			func(j *journal) { j.begin(key(1)); j.begin(key(9)); j.end(true, key(9)) },
		}, []int{1}, nil},
		{"of a group only those that were there before are convicted", []func(*journal){
			func(j *journal) { j.begin(key(1), key(2)) },
			func(j *journal) { j.begin(key(1), key(3)) },
		}, []int{2, 3}, []int{1}},
		{"a conviction stays", []func(*journal){
			func(j *journal) { j.begin(key(1)) },
			func(j *journal) { j.begin(key(1)) },
			func(*journal) {},
			func(j *journal) { j.begin(key(2)); j.end(true, key(2)); j.rest() },
		}, nil, []int{1}},
		{"equal rollouts of two batches at once", []func(*journal){
			func(j *journal) { j.begin(key(1)); j.begin(key(1)); j.end(true, key(1)) },
		}, []int{1}, nil},
		{"more than the lines written at first", []func(*journal){
			func(j *journal) {
				for n := range firstLines + 10 {
					j.begin(key(n))
				}
				for n := range firstLines + 5 {
					j.end(true, key(n))
				}
				j.begin(key(7))
			},
		}, []int{7, firstLines + 5, firstLines + 9}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := t.TempDir()
			for _, life := range c.lives {
				j, log := openTestJournal(t, folder)
				life(j)
				die(t, j)
				require.Empty(t, log.String())
			}
			j, log := openTestJournal(t, folder)
			require.Empty(t, log.String())
			known := map[int]bool{}
			for _, n := range c.suspects {
				requireVerdict(t, j, n, true, false)
				known[n] = true
			}
			for _, n := range c.convicts {
				requireVerdict(t, j, n, false, true)
				known[n] = true
			}
			for n := range 20 {
				if !known[n] {
					requireVerdict(t, j, n, false, false)
				}
			}
			require.Len(t, journalFiles(t, folder), 1, "the files of the dead are gone")
		})
	}
}

func TestJournalLeavesNothingBetweenBatches(t *testing.T) {
	folder := t.TempDir()
	j, log := openTestJournal(t, folder)
	require.Empty(t, journalFiles(t, folder), "nothing to remember")
	for range 3 {
		j.begin(key(1))
		j.begin(key(2))
		require.Len(t, journalFiles(t, folder), 1)
		j.end(true, key(1))
		j.rest()
		require.Len(t, journalFiles(t, folder), 1, "one is graded still")
		j.end(true, key(2))
		j.rest()
		require.Empty(t, journalFiles(t, folder))
	}
	require.Empty(t, log.String())
}

func TestJournalSaysNothingOfRollouts(t *testing.T) {
	folder := t.TempDir()
	j, _ := openTestJournal(t, folder)
	j.begin(key(1))
	names := journalFiles(t, folder)
	require.Len(t, names, 1)
	text, err := os.ReadFile(names[0])
	require.NoError(t, err)
	k := key(1)
	require.NotContains(t, string(text), strings.ToLower(string(fingerprint(k).line(markRunning)[2:])), "a key that anybody can compute")
	info, err := os.Stat(names[0])
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestJournalsThatAreIgnored(t *testing.T) {
	good := func(t *testing.T) (folder, file string, text []byte) {
		folder = t.TempDir()
		j, _ := openTestJournal(t, folder)
		j.begin(key(1))
		die(t, j)
		file = journalFiles(t, folder)[0]
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		return folder, file, text
	}
	for _, c := range []struct {
		name   string
		spoil  func(text []byte) []byte
		warned string
	}{
		{"whole", func(b []byte) []byte { return b }, ""},
		{"empty", func([]byte) []byte { return nil }, "does not begin as a journal"},
		{"cut short", func(b []byte) []byte { return b[:len(b)-3] }, "breaks off"},
		{"another text", func([]byte) []byte { return []byte("#!/bin/sh\n") }, "does not begin as a journal"},
		{"a line of something else", func(b []byte) []byte { b[len(journalHead)+10] = '?'; return b }, "line 1 "},
		{"an unknown mark", func(b []byte) []byte { b[len(journalHead)] = '?'; return b }, "unknown mark"},
		{"too large", func(b []byte) []byte { return append(b, make([]byte, maxLines*journalLine)...) }, "more than a journal can have"},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder, file, text := good(t)
			require.NoError(t, os.WriteFile(file, c.spoil(text), 0o600))
			j, log := openTestJournal(t, folder)
			requireVerdict(t, j, 1, c.warned == "", false)
			require.Contains(t, log.String(), c.warned)
			require.Equal(t, c.warned != "", log.Len() > 0)
			require.NotContains(t, journalFiles(t, folder), file, "it is not met again")
		})
	}

	t.Run("a living process's", func(t *testing.T) {
		folder := t.TempDir()
		living, _ := openTestJournal(t, folder)
		living.begin(key(1))
		j, _ := openTestJournal(t, folder)
		requireVerdict(t, j, 1, false, false)
		require.Len(t, journalFiles(t, folder), 1)
	})
	t.Run("another environment's", func(t *testing.T) {
		folder, file, _ := good(t)
		j, err := openJournal(folder, "another", "scope", slog.New(slog.DiscardHandler))
		require.NoError(t, err)
		requireVerdict(t, j, 1, false, false)
		require.FileExists(t, file, "its own environment may come back")
	})
	t.Run("another spec's", func(t *testing.T) {
		folder, file, _ := good(t)
		j, err := openJournal(folder, testEnvironment, "another", slog.New(slog.DiscardHandler))
		require.NoError(t, err)
		requireVerdict(t, j, 1, false, false)
		require.FileExists(t, file)
	})
	t.Run("of another day", func(t *testing.T) {
		folder, file, _ := good(t)
		require.NoError(t, os.Chtimes(file, time.Time{}, time.Now().Add(-2*maxAge)))
		j, _ := openTestJournal(t, folder)
		requireVerdict(t, j, 1, false, false)
		require.NoFileExists(t, file)
	})
	t.Run("no file at all", func(t *testing.T) {
		folder, file, _ := good(t)
		require.NoError(t, os.Remove(file))
		require.NoError(t, os.Mkdir(file, 0o700))
		require.NoError(t, os.Symlink("/dev/zero", file+"-link"))
		j, _ := openTestJournal(t, folder)
		requireVerdict(t, j, 1, false, false)
	})
}

func TestJournalThatCannotBeWrittenCostsNothing(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "gone")
	j, log := openTestJournal(t, folder)
	for range 3 {
		j.begin(key(1))
		j.end(true, key(1))
		j.rest()
	}
	require.Equal(t, 1, strings.Count(log.String(), "journal not written"))
	require.Empty(t, j.entries)
}

func TestJournalIsBounded(t *testing.T) {
	folder := t.TempDir()
	j, log := openTestJournal(t, folder)
	for n := range maxLines + 100 {
		j.begin(key(n))
	}
	info, err := os.Stat(journalFiles(t, folder)[0])
	require.NoError(t, err)
	require.EqualValues(t, len(journalHead)+maxLines*journalLine, info.Size())
	for n := range maxLines + 100 {
		j.end(true, key(n))
	}
	j.rest()
	require.Empty(t, journalFiles(t, folder))
	require.Empty(t, log.String())
}

func TestJournalConcurrently(t *testing.T) {
	folder := t.TempDir()
	j, log := openTestJournal(t, folder)
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for n := range 200 {
				k := key(n*4 + worker%4) // two workers have the same rollouts
				j.begin(k)
				j.verdict(k)
				j.end(true, k)
				j.rest()
			}
		})
	}
	wg.Wait()
	j.rest()
	require.Empty(t, j.entries)
	require.Empty(t, journalFiles(t, folder))
	require.Empty(t, log.String())
}

// groupGrader scores 1 and notes whom it was given.
type groupGrader struct{ seen []string }

func (g *groupGrader) Grade(context.Context, *grader.Rollout) (grader.Result, error) {
	return grader.Result{Score: 1}, nil
}

func (g *groupGrader) GradeBatch(_ context.Context, rs []*grader.Rollout) ([]grader.Result, []error) {
	results := make([]grader.Result, len(rs))
	for i, r := range rs {
		g.seen = append(g.seen, r.ID)
		results[i].Score = float64(len(r.ID))
	}
	return results, make([]error, len(rs))
}

func TestAConvictIsNotGradedAndCostsNoOther(t *testing.T) {
	rollouts := make([]*grader.Rollout, 3)
	for i, id := range []string{"a", "bb", "ccc"} {
		item := grader.DecodeRollout([]byte(`{"id":"` + id + `","messages":[{"role":"assistant","content":"` + id + `"}]}`))
		require.NoError(t, item.Err)
		rollouts[i] = item.Rollout
	}
	folder := t.TempDir()
	for range 2 {
		j, _ := openTestJournal(t, folder)
		j.begin(rollouts[1].Key())
		die(t, j)
	}
	j, _ := openTestJournal(t, folder)
	inner := &groupGrader{}
	g := watch(inner, j)

	_, err := g.Grade(t.Context(), rollouts[1])
	require.ErrorIs(t, err, ErrEndedProcess)
	require.Equal(t, grader.FaultPermanent, grader.FaultOf(err))
	_, err = g.Grade(t.Context(), rollouts[0])
	require.NoError(t, err)

	results, errs := g.(grader.BatchGrader).GradeBatch(t.Context(), rollouts)
	require.Equal(t, []string{"a", "ccc"}, inner.seen)
	require.Equal(t, []float64{1, 0, 3}, []float64{results[0].Score, results[1].Score, results[2].Score})
	require.NoError(t, errs[0])
	require.ErrorIs(t, errs[1], ErrEndedProcess)
	require.NoError(t, errs[2])
	_, alone := g.(grader.BatchGrader).GradeBatch(t.Context(), rollouts[1:2])
	require.ErrorIs(t, alone[0], ErrEndedProcess)

	_, isBatch := watch(grader.Func(inner.Grade), j).(grader.BatchGrader)
	require.False(t, isBatch)
}

func FuzzParseJournal(f *testing.F) {
	f.Add([]byte(journalHead))
	f.Add(append([]byte(journalHead), fingerprint{1}.line(markAlone)...))
	f.Add(append([]byte(journalHead), fingerprint{2}.line('x')...))
	f.Fuzz(func(t *testing.T, text []byte) {
		marks, err := parseJournal(text)
		if err != nil && marks != nil {
			t.Fatal("marks of a journal that is refused")
		}
		if len(marks)*journalLine > len(text) {
			t.Fatal("more marks than lines")
		}
	})
}

func BenchmarkJournal(b *testing.B) {
	j, _ := openTestJournal(b, b.TempDir())
	j.begin(key(0)) // the file is there, as in the middle of a batch
	for b.Loop() {
		j.begin(key(1))
		j.end(true, key(1))
	}
}
