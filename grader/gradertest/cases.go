package gradertest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/rftgrader/rftgrader/grader"
)

// A Case is one line of a case file.
type Case struct {
	// Name is the file and the line, and the rollout's id.
	Name string
	// Rollout is what is graded.
	Rollout *grader.Rollout
	// Err is the decoder's error for a rollout that cannot be read.
	Err error
	// Options are the grader's options in JSON; nil for the defaults.
	Options json.RawMessage
	// Score is the score that is wanted, in full and zero cases.
	Score float64
}

// The names of the case files.
const (
	FullFile      = "full.jsonl"
	ZeroFile      = "zero.jsonl"
	MalformedFile = "malformed.jsonl"
)

// ReadCases reads one case file. Score is the score of a case that names none.
func ReadCases(path string, score float64) ([]Case, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var cases []Case
	scanner := bufio.NewScanner(bytes.NewReader(text))
	scanner.Buffer(nil, len(text)+1)
	for line := 1; scanner.Scan(); line++ {
		raw := bytes.TrimSpace(scanner.Bytes())
		if len(raw) == 0 {
			continue
		}
		c, err := readCase(raw, score)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, line, err)
		}
		c.Name = fmt.Sprintf("%s:%d %s", filepath.Base(path), line, c.Rollout.ID)
		cases = append(cases, c)
	}
	return cases, scanner.Err()
}

// readCase takes the case's own members out of the rollout, so that no grader sees them.
func readCase(raw []byte, score float64) (Case, error) {
	item := grader.DecodeRollout(raw)
	c := Case{Rollout: item.Rollout, Err: item.Err, Score: score}
	if item.Rollout.Metadata == nil {
		return c, nil
	}
	c.Options = item.Rollout.Metadata["options"]
	if s, ok := item.Rollout.Metadata["score"]; ok {
		if err := json.Unmarshal(s, &c.Score); err != nil {
			return c, fmt.Errorf("score: want a number: %w", err)
		}
	}
	for _, name := range []string{"options", "score", "note"} {
		delete(item.Rollout.Metadata, name)
	}
	return c, nil
}
