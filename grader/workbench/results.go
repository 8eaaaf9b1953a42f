package workbench

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
)

// results is the file of --out. It grows beside the file that it replaces in
// the end, so that neither is ever half of the other. A nil one is no file.
type results struct {
	path string   // as it was given; "" for standard output
	file *os.File // nil for standard output, and when it is closed
	// target is what file becomes in the end; "" where it is written in
	// place, being a device or a pipe.
	target string
	w      *bufio.Writer
	line   []byte
}

// newResults opens the file, which must be none of the files that are read.
func (p *program) newResults(o gradeOptions, inputs []input) (*results, error) {
	if o.out == standardStream {
		return &results{w: bufio.NewWriterSize(p.stdout, resultsBuffer)}, nil
	}
	r := &results{path: o.out, target: o.out}
	mode := os.FileMode(0o666)
	info, err := os.Stat(o.out)
	if err == nil {
		for _, in := range inputs {
			if in.info != nil && os.SameFile(in.info, info) {
				return nil, fmt.Errorf("--out %s is an input: results need a file of their own", o.out)
			}
		}
		if of, err := os.Stat(o.spec); err == nil && os.SameFile(of, info) {
			return nil, fmt.Errorf("--out %s is the spec: results need a file of their own", o.out)
		}
		switch {
		case info.IsDir():
			return nil, fmt.Errorf("--out %s is a folder: name a file in it", o.out)
		case !info.Mode().IsRegular():
			r.target = ""
		default:
			mode = info.Mode().Perm()
			if r.target, err = filepath.EvalSymlinks(o.out); err != nil {
				return nil, fmt.Errorf("--out: %w", err)
			}
		}
	}
	if r.target == "" {
		r.file, err = os.OpenFile(o.out, os.O_WRONLY, 0)
	} else {
		r.file, err = createBeside(r.target, mode)
	}
	if err != nil {
		return nil, fmt.Errorf("--out: %w", err)
	}
	r.w = bufio.NewWriterSize(r.file, resultsBuffer)
	return r, nil
}

const resultsBuffer = 64 << 10

// createBeside makes a new file in the folder of path, with the mode that a
// file of that name would get.
func createBeside(path string, mode os.FileMode) (*os.File, error) {
	folder, base := filepath.Split(path)
	for n := 0; ; n++ {
		name := filepath.Join(folder, fmt.Sprintf(".%s.partial%d", base, n))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if !errors.Is(err, os.ErrExist) || n == maxPartials {
			return f, err
		}
	}
}

// maxPartials is how many unfinished files may lie about before a person has
// to clear up.
const maxPartials = 100

func (r *results) name() string {
	if r == nil {
		return ""
	}
	return r.path
}

func (r *results) write(at row, o *batch.Outcome) error {
	if r == nil {
		return nil
	}
	line, err := appendResult(r.line[:0], at, o)
	if err != nil {
		return fmt.Errorf("%s: encode the result: %w", at.place(), err)
	}
	r.line = line
	if _, err := r.w.Write(line); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	return nil
}

func (r *results) flush() error {
	if r == nil {
		return nil
	}
	if err := r.w.Flush(); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	return nil
}

// finish gives the file its name if it is to be kept.
func (r *results) finish(keep bool) error {
	if r == nil || r.file == nil {
		return nil
	}
	if !keep {
		r.abandon()
		return nil
	}
	f := r.file
	r.file = nil
	if err := f.Close(); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	if r.target == "" {
		return nil
	}
	if err := os.Rename(f.Name(), r.target); err != nil {
		return fmt.Errorf("--out: %w; the results are in %s", err, f.Name())
	}
	return nil
}

// abandon removes a file that was not finished.
func (r *results) abandon() {
	if r == nil || r.file == nil {
		return
	}
	_ = r.file.Close() // what it holds is given up
	if r.target != "" {
		_ = os.Remove(r.file.Name()) // it is named as a partial file, should it stay
	}
	r.file = nil
}

// appendResult appends the line of one rollout. The cause may quote the data:
// the person asked for the file.
func appendResult(dst []byte, at row, o *batch.Outcome) ([]byte, error) {
	dst = append(dst, `{"id":`...)
	dst = append(dst, oneLine(o.Item.ID)...)
	dst = append(dst, `,"aggregate_reward_score":`...)
	var err error
	if !o.Graded() {
		dst = append(dst, `null,"metrics_list":[],"found":"","reason":"","ungraded":{"class":`...)
		dst = appendText(dst, string(o.Fault()))
		dst = append(dst, `,"cause":`...)
		cause := grader.Explain(o.Err)
		if o.Source == batch.FromDecoder {
			cause = at.Place() + ": " + cause
		}
		dst = appendText(dst, cause)
		dst = append(dst, `,"place":`...)
		dst = appendText(dst, at.place())
		return append(dst, "}}\n"...), nil
	}
	score := o.Result.Score
	if score == 0 {
		score = 0 // and not -0
	}
	dst = jsontext.AppendFloat(dst, score, 64)
	dst = append(dst, `,"metrics_list":`...)
	if dst, err = grader.AppendMetrics(dst, o.Result.Metrics); err != nil {
		return dst, err
	}
	dst = append(dst, `,"found":`...)
	dst = appendText(dst, o.Result.Found)
	dst = append(dst, `,"reason":`...)
	dst = appendText(dst, o.Result.Reason)
	return append(dst, "}\n"...), nil
}

// oneLine returns an id as it was sent, unless it is a value that was laid out
// on several lines.
func oneLine(id []byte) []byte {
	if bytes.IndexByte(id, '\n') < 0 && bytes.IndexByte(id, '\r') < 0 {
		return id
	}
	v := jsontext.Value(bytes.Clone(id))
	if err := v.Compact(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)); err != nil {
		return []byte("null")
	}
	return v
}

// appendText appends a JSON string. A grader may have cut a text inside a character.
func appendText(dst []byte, s string) []byte {
	quoted, err := jsontext.AppendQuote(dst, strings.ToValidUTF8(s, "\uFFFD"))
	if err != nil {
		return append(dst, `""`...)
	}
	return quoted
}
