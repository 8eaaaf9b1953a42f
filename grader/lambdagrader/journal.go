package lambdagrader

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/rftgrader/rftgrader/grader"
)

// A journal remembers, in a file that outlives the process, which rollouts a
// grader of programs is grading. When the process ends meanwhile, those are the
// suspects of the next one: it grades them last and alone, and what ends it
// when alone is convicted and not graded again.
//
// The file holds no text of a rollout, only fingerprints under a key that
// programs do not know, so that they can neither guess a reference by them nor
// write one of their own. It exists while there is something to remember.
// While the process lives it holds a lock on the file, so a file without one
// is a dead process's.
type journal struct {
	folder, prefix string
	key            []byte
	log            *slog.Logger

	mu      sync.Mutex
	file    *os.File
	path    string // of file
	failed  bool   // the file could not be written: the journal says nothing more
	entries map[fingerprint]*entry
	free    []int // lines of the file that say nothing
	lines   int   // of the file
	calls   int   // of the grader that run
	marks   int   // entries that are suspected or convicted
}

type fingerprint [sha256.Size]byte

// An entry is what is remembered of one rollout.
type entry struct {
	line    int // of the file; -1 until it has one
	mark    mark
	running int  // calls of the grader that have it
	alone   bool // it is a suspect in the only call that runs
	suspect bool
	convict bool
}

// A mark is what a line of the file says of a rollout.
type mark byte

const (
	markNone     mark = '.'
	markRunning  mark = 'r' // a suspect, if the process ends now
	markAlone    mark = 'a' // a convict, if the process ends now
	markSuspect  mark = 's'
	markConvicts mark = 'c'
)

const (
	journalHead = "rftgrader journal 1\n"
	journalLine = len("r ") + 2*sha256.Size + len("\n")
	// journalName begins the name of every journal.
	journalName = "rftgrader-journal-"
	// unfinished ends the name of one that is not yet locked.
	unfinished = ".new"
	// firstLines are written at once, so that a disk which is full by then does
	// not keep the journal from marking them.
	firstLines = 256
	// maxLines bounds the file (270 kB) and the entries.
	maxLines = 4096
	// maxAge is how old a dead process's journal may be: a trainer retries
	// within minutes, and what is older is of another life.
	maxAge = time.Hour
)

// openJournal reads what dead processes of the same environment and scope have
// left in the folder. The environment is a text that its programs do not know.
func openJournal(folder, environment, scope string, log *slog.Logger) (*journal, error) {
	if err := lockable(); err != nil {
		return nil, err
	}
	root := hmac.New(sha256.New, []byte("rftgrader journal\x00"+environment))
	root.Write([]byte(scope))
	j := &journal{folder: folder, key: root.Sum(nil), log: log, entries: map[fingerprint]*entry{}}
	name := j.fingerprint(grader.Key{})
	j.prefix = journalName + hex.EncodeToString(name[:8]) + "-"
	return j, j.adopt()
}

func (j *journal) fingerprint(k grader.Key) (f fingerprint) {
	h := hmac.New(sha256.New, j.key)
	h.Write(k[:])
	h.Sum(f[:0])
	return f
}

// adopt takes over the journals of dead processes.
func (j *journal) adopt() error {
	names, err := filepath.Glob(filepath.Join(escapeGlob(j.folder), journalName+"*"))
	if err != nil {
		return err
	}
	var taken []*os.File
	defer func() {
		for _, f := range taken {
			f.Close()
		}
	}()
	for _, name := range names {
		if info, err := os.Lstat(name); err != nil || strings.HasSuffix(name, unfinished) && time.Since(info.ModTime()) < maxAge {
			continue // it is being made
		}
		f, err := openDead(name)
		if err != nil {
			continue // a living process's, or not ours
		}
		info, err := f.Stat()
		own := strings.HasPrefix(filepath.Base(name), j.prefix)
		switch {
		case err != nil:
			f.Close()
		case time.Since(info.ModTime()) > maxAge:
			_ = os.Remove(name) // a file that stays is as old the next time
			f.Close()
		case !own:
			f.Close()
		default:
			taken = append(taken, f)
			if err := j.read(f, info.Size()); err != nil {
				j.log.Warn("journal ignored", "cause", err.Error())
			}
		}
	}
	if len(j.entries) > 0 {
		j.ensure()
	}
	if j.failed {
		return nil // the old files are still there
	}
	for _, f := range taken {
		if err := os.Remove(f.Name()); err != nil {
			j.log.Warn("old journal not removed", "cause", err.Error())
		}
	}
	return nil
}

// escapeGlob makes a pattern of a path.
func escapeGlob(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// read takes the entries of a dead process's journal, all or none.
func (j *journal) read(f *os.File, size int64) error {
	if size > int64(len(journalHead)+maxLines*journalLine) {
		return fmt.Errorf("it has %d bytes, more than a journal can have", size)
	}
	text := make([]byte, size)
	if _, err := f.ReadAt(text, 0); err != nil {
		return err
	}
	marks, err := parseJournal(text)
	if err != nil {
		return err
	}
	for f, m := range marks {
		e := j.entries[f]
		if e == nil {
			if len(j.entries) == maxLines {
				break
			}
			e = &entry{line: -1}
			j.entries[f] = e
			j.marks++
		}
		switch m {
		case markAlone, markConvicts:
			e.convict = true
		default:
			e.suspect = true
		}
	}
	return nil
}

// parseJournal reads the lines that say something.
func parseJournal(text []byte) (map[fingerprint]mark, error) {
	text, ok := bytes.CutPrefix(text, []byte(journalHead))
	if !ok {
		return nil, errors.New("it does not begin as a journal")
	}
	if len(text)%journalLine != 0 {
		return nil, errors.New("its last line breaks off")
	}
	marks := map[fingerprint]mark{}
	for n := 1; len(text) > 0; n++ {
		line := text[:journalLine]
		text = text[journalLine:]
		var f fingerprint
		_, err := hex.Decode(f[:], line[2:journalLine-1])
		if err != nil || line[1] != ' ' || line[journalLine-1] != '\n' {
			return nil, fmt.Errorf("line %d of it is none of a journal", n)
		}
		switch m := mark(line[0]); m {
		case markNone:
		case markRunning, markSuspect:
			if _, known := marks[f]; !known {
				marks[f] = m
			}
		case markAlone, markConvicts:
			marks[f] = m
		default:
			return nil, fmt.Errorf("line %d of it has an unknown mark", n)
		}
	}
	return marks, nil
}

// verdict says what is known of a rollout.
func (j *journal) verdict(k grader.Key) (suspect, convict bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.marks == 0 {
		return false, false
	}
	e := j.entries[j.fingerprint(k)]
	if e == nil {
		return false, false
	}
	return e.suspect, e.convict
}

// begin notes that a call of the grader with these rollouts begins.
func (j *journal) begin(keys ...grader.Key) {
	prints := j.fingerprints(keys)
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.calls++; j.calls > 1 && j.marks > 0 {
		for f, e := range j.entries {
			if e.alone {
				e.alone = false
				j.write(f, e)
			}
		}
	}
	for _, f := range prints {
		e := j.entries[f]
		if e == nil {
			if len(j.entries) >= maxLines {
				continue
			}
			e = &entry{line: -1}
			j.entries[f] = e
		}
		e.running++
		e.alone = e.suspect && j.calls == 1
		j.write(f, e)
	}
}

// end notes that the call has returned. The process has survived it, so that
// suspects among the rollouts are cleared, if they were really graded.
func (j *journal) end(graded bool, keys ...grader.Key) {
	prints := j.fingerprints(keys)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.calls--
	for _, f := range prints {
		e := j.entries[f]
		if e == nil || e.running == 0 {
			continue
		}
		e.running--
		e.alone = false
		if e.suspect && graded && !e.convict {
			e.suspect = false
			j.marks--
		}
		j.write(f, e)
		if e.mark == markNone {
			delete(j.entries, f)
			if e.line >= 0 {
				j.free = append(j.free, e.line)
			}
		}
	}
}

func (j *journal) fingerprints(keys []grader.Key) []fingerprint {
	prints := make([]fingerprint, len(keys))
	for i, k := range keys {
		prints[i] = j.fingerprint(k)
	}
	return prints
}

// rest removes the file when there is nothing to remember.
func (j *journal) rest() {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file == nil || len(j.entries) > 0 {
		return
	}
	if err := os.Remove(j.path); err != nil {
		return // it says nothing, and can be used again
	}
	j.file.Close()
	j.file, j.free, j.lines = nil, nil, 0
}

// write brings an entry's line up to date. The caller holds mu.
func (j *journal) write(f fingerprint, e *entry) {
	m := e.now()
	if m == e.mark {
		return
	}
	e.mark = m
	if j.ensure(); j.file == nil {
		return
	}
	if e.line < 0 {
		if m == markNone {
			return
		}
		e.line = j.takeLine()
	}
	if _, err := j.file.WriteAt(f.line(m), int64(len(journalHead)+e.line*journalLine)); err != nil {
		j.fail(err)
	}
}

func (e *entry) now() mark {
	switch {
	case e.convict:
		return markConvicts
	case e.alone:
		return markAlone
	case e.running > 0:
		return markRunning
	case e.suspect:
		return markSuspect
	}
	return markNone
}

func (f fingerprint) line(m mark) []byte {
	b := make([]byte, 0, journalLine)
	b = append(b, byte(m), ' ')
	b = hex.AppendEncode(b, f[:])
	return append(b, '\n')
}

// takeLine returns a line that says nothing. There are no more entries than lines.
func (j *journal) takeLine() int {
	if n := len(j.free); n > 0 {
		line := j.free[n-1]
		j.free = j.free[:n-1]
		return line
	}
	j.lines++
	return j.lines - 1
}

// ensure makes the file, with all entries, unless it exists or has failed.
func (j *journal) ensure() {
	if j.file != nil || j.failed {
		return
	}
	text := []byte(journalHead)
	j.lines, j.free = 0, nil
	for f, e := range j.entries {
		e.line, e.mark = j.lines, e.now()
		text = append(text, f.line(e.mark)...)
		j.lines++
	}
	for j.lines < firstLines {
		text = append(text, fingerprint{}.line(markNone)...)
		j.free = append(j.free, j.lines)
		j.lines++
	}
	f, err := os.CreateTemp(j.folder, j.prefix+"*"+unfinished)
	if err != nil {
		j.fail(err)
		return
	}
	name := strings.TrimSuffix(f.Name(), unfinished)
	err = errors.Join(lock(f), writeAll(f, text))
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		f.Close()
		_ = os.Remove(f.Name()) // it says nothing
		j.fail(err)
		return
	}
	j.file, j.path = f, name
}

func writeAll(f *os.File, text []byte) error {
	_, err := f.Write(text)
	return err
}

func (j *journal) fail(err error) {
	j.failed = true
	if j.file != nil {
		j.file.Close()
		j.file = nil
	}
	j.log.Warn("journal not written: a rollout that ends the process will be graded again as all others", "cause", err.Error())
}
