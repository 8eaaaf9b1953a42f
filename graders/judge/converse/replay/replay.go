// Package replay keeps what a model answered in files, and answers from them.
//
// A recording is one file of JSON for each question, named by the question's key
// ([converse.Request.Key]): KEY.json, with the request as it was sent and the answer,
// or the error where the answer is that there is none. A question whose key differs in
// anything but the random text of its fences has no recording: a change of a prompt,
// a rubric, a model or a rollout shows.
//
// Recordings hold prompts, answers and references.
package replay

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

// recording is a file.
type recording struct {
	Key     string            `json:"key"`
	Request *converse.Request `json:"request"`
	Answer  *converse.Answer  `json:"answer,omitempty"`
	Error   *failure          `json:"error,omitempty"`
}

// failure is an error that belongs to the question: asking again gives it again.
type failure struct {
	Class    converse.Class `json:"class"`
	Status   int            `json:"status,omitempty"`
	Code     string         `json:"code,omitempty"`
	Message  string         `json:"message,omitempty"`
	Remedy   string         `json:"remedy,omitempty"`
	Usage    converse.Usage `json:"usage"`
	Attempts int            `json:"attempts,omitempty"`
}

// kept are the classes of errors that are recorded. All others are faults of the
// day, of an account or of a line, which no recording should make last.
var kept = []converse.Class{
	converse.Capability, converse.TooLong, converse.Truncated, converse.Refused, converse.Filtered, converse.Malformed,
}

// A Recorder writes recordings into a folder.
type Recorder struct {
	dir string

	mu   sync.Mutex
	paid map[string]bool // keys whose recording has the usage of the call that was paid
}

// NewRecorder makes the folder, if there is none. Recordings in it stay, and are
// replaced where the same is asked again.
func NewRecorder(dir string) (*Recorder, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("the folder of the recordings: %w", err)
	}
	return &Recorder{dir: dir, paid: map[string]bool{}}, nil
}

// Wrap returns a Caller that asks c and records what it says. It is meant for
// [converse.Intercept].
func (r *Recorder) Wrap(c converse.Caller) converse.Caller {
	return converse.CallerFunc(func(ctx context.Context, q *converse.Request) (*converse.Answer, error) {
		a, err := c.Converse(ctx, q)
		rec := recording{Key: q.Key(), Request: q, Answer: a}
		if err != nil {
			e, ok := errors.AsType[*converse.Error](err)
			if !ok || !slices.Contains(kept, e.Class) {
				return a, err
			}
			rec.Answer = nil
			rec.Error = &failure{e.Class, e.Status, e.Code, e.Message, e.Remedy, e.Usage, e.Attempts}
		}
		if failed := r.write(rec); failed != nil {
			return nil, fmt.Errorf("record the judge's answer: %w", failed)
		}
		return a, err
	})
}

func (r *Recorder) write(rec recording) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	shared := rec.Answer != nil && rec.Answer.Shared
	if r.paid[rec.Key] {
		return nil // an equal question, answered by the call that is recorded
	}
	r.paid[rec.Key] = !shared
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // people read it
	e.SetIndent("", "  ")
	if err := e.Encode(rec); err != nil {
		return err
	}
	// Whoever reads the folder meanwhile finds whole files only.
	f, err := os.CreateTemp(r.dir, ".recording")
	if err != nil {
		return err
	}
	_, err = f.Write(b.Bytes())
	err = errors.Join(err, f.Chmod(0o666), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path(r.dir, rec.Key))
	}
	if err != nil {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	return err
}

// A Player answers from the recordings of a folder, and asks nobody.
type Player struct{ dir string }

// NewPlayer returns a Player of the recordings in a folder, which must be there.
func NewPlayer(dir string) (*Player, error) {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there are no recordings in %s: make them with --record %s", dir, dir)
	case err != nil:
		return nil, fmt.Errorf("the folder of the recordings: %w", err)
	case !info.IsDir():
		return nil, fmt.Errorf("%s is no folder of recordings", dir)
	}
	return &Player{dir: dir}, nil
}

// Wrap returns the Player, whatever c is. It is meant for [converse.Intercept].
func (p *Player) Wrap(converse.Caller) converse.Caller { return p }

// Converse answers as it was recorded. A question without a recording is an error
// that says how to record it.
func (p *Player) Converse(ctx context.Context, q *converse.Request) (*converse.Answer, error) {
	if err := ctx.Err(); err != nil {
		return nil, &converse.Error{Class: converse.Deadline, Err: err}
	}
	key := q.Key()
	b, err := os.ReadFile(path(p.dir, key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no recording of this question in %s: the prompt, the rubric, the model or the rollout has changed since; record it with --record %s in place of --replay %s", p.dir, p.dir, p.dir)
	}
	if err != nil {
		return nil, fmt.Errorf("read the recording: %w", err)
	}
	var rec recording
	if err := json.Unmarshal(b, &rec); err != nil || rec.Key != key || (rec.Answer == nil) == (rec.Error == nil) {
		return nil, fmt.Errorf("%s is no recording of this question: remove it, and record it with --record %s", path(p.dir, key), p.dir)
	}
	if e := rec.Error; e != nil {
		return nil, &converse.Error{Class: e.Class, Status: e.Status, Code: e.Code, Message: e.Message, Remedy: e.Remedy, Usage: e.Usage, Attempts: e.Attempts}
	}
	return rec.Answer, nil
}

func path(dir, key string) string { return filepath.Join(dir, key+".json") }
