package workbench

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
)

// results is a file of --out, or the rollouts on standard output. It grows beside the file that it replaces in
// the end, so that neither is ever half of the other. A nil one is no file.
type results struct {
	path string   // as it was given
	form form     // nil is that of JSONL
	file *os.File // nil for standard output, and when it is closed
	// target is what file becomes in the end; "" where it is written in
	// place, being a device or a pipe.
	target   string
	replaces bool // there is a file of that name already
	w        io.Writer
	buf      []byte // lines that are to be written
	line     []byte

	heads  int    // lines that are no results
	lines  int    // that were written whole
	size   int64  // of them in bytes
	failed error  // the first error of the file: nothing is written after it
	left   string // where the lines are, after a failure
}

// newResults opens the file, which must be none of the files that are read.
func (p *program) newResults(path, spec string, form form, inputs []input) (*results, error) {
	r := &results{path: path, form: form}
	if form != nil {
		r.buf = form.head()
		r.heads = bytes.Count(r.buf, []byte{'\n'})
	}
	if path == standardStream {
		r.w = p.stdout
		return r, nil
	}
	r.target = path
	mode := os.FileMode(0o666)
	info, err := os.Stat(path)
	if err == nil {
		for _, in := range inputs {
			if in.info != nil && os.SameFile(in.info, info) {
				return nil, fmt.Errorf("--out %s is an input: results need a file of their own", path)
			}
		}
		if of, err := os.Stat(spec); err == nil && os.SameFile(of, info) {
			return nil, fmt.Errorf("--out %s is the spec: results need a file of their own", path)
		}
		switch {
		case info.IsDir():
			return nil, fmt.Errorf("--out %s is a folder: name a file in it", path)
		case !info.Mode().IsRegular():
			r.target = ""
		default:
			r.replaces = true
			mode = info.Mode().Perm()
			if r.target, err = filepath.EvalSymlinks(path); err != nil {
				return nil, r.fault(err)
			}
		}
	}
	if r.target == "" {
		r.file, err = os.OpenFile(path, os.O_WRONLY, 0)
	} else {
		r.file, err = createBeside(r.target, mode)
	}
	if err != nil {
		return nil, r.fault(err)
	}
	r.w = r.file
	return r, nil
}

// fault names the file as the person did, and no other one.
func (r *results) fault(err error) error {
	if inPath, ok := errors.AsType[*os.PathError](err); ok {
		err = inPath.Err
	}
	if _, statErr := os.Stat(filepath.Dir(r.path)); errors.Is(err, os.ErrNotExist) && errors.Is(statErr, os.ErrNotExist) {
		return fmt.Errorf("--out %s: there is no folder %s: make it first", r.path, filepath.Dir(r.path))
	}
	return fmt.Errorf("--out %s: %w", r.path, err)
}

const resultsBuffer = 64 << 10

// createBeside makes a new file in the folder of path, with the mode that a
// file of that name would get.
func createBeside(path string, mode os.FileMode) (*os.File, error) {
	folder, base := filepath.Split(path)
	for n := range maxPartials {
		name := filepath.Join(folder, fmt.Sprintf(".%s.partial%d", base, n))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if !errors.Is(err, os.ErrExist) {
			return f, err
		}
	}
	return nil, fmt.Errorf("there are %d unfinished files .%s.partial* in its folder: remove them", maxPartials, base)
}

// maxPartials is how many unfinished files may lie about before a person has
// to clear up.
const maxPartials = 100

// name is where the results are when all went well; "" is nowhere to look.
func (r *results) name() string {
	if r == nil || r.path == standardStream {
		return ""
	}
	return r.path
}

func (r *results) write(at row, o *batch.Outcome) error {
	if r == nil {
		return nil
	}
	encode := appendResult
	if r.form != nil {
		encode = r.form.row
	}
	line, err := encode(r.line[:0], at, o)
	if err != nil {
		return fmt.Errorf("%s: encode the result: %w", at.place(), err)
	}
	r.line = line
	return r.add(line)
}

// writeLine writes a line of JSON that was made elsewhere.
func (r *results) writeLine(line []byte) error {
	if r == nil {
		return nil
	}
	return r.add(append(bytes.TrimSpace(line), '\n'))
}

func (r *results) add(line []byte) error {
	if r.buf = append(r.buf, line...); len(r.buf) >= resultsBuffer {
		return r.flush()
	}
	return nil
}

func (r *results) flush() error {
	if r == nil || len(r.buf) == 0 || r.failed != nil {
		return nil
	}
	n, err := r.w.Write(r.buf)
	if err == nil && n < len(r.buf) {
		err = io.ErrShortWrite
	}
	whole := bytes.LastIndexByte(r.buf[:n], '\n') + 1
	r.lines += bytes.Count(r.buf[:whole], []byte{'\n'})
	if heads := min(r.heads, r.lines); heads > 0 {
		r.lines -= heads
		r.heads -= heads
	}
	r.size += int64(whole)
	r.buf = r.buf[:0]
	if err != nil {
		r.failed = r.fault(err)
	}
	return r.failed
}

// end writes what stands behind the rollouts.
func (r *results) end(s *summary, t *tally, gates []gateResult) error {
	if r == nil || r.form == nil || r.failed != nil {
		return nil
	}
	tail, err := r.form.tail(s, t, gates)
	if err != nil {
		return fmt.Errorf("--out %s: %w", r.path, err)
	}
	r.buf = append(r.buf, tail...)
	lines := r.lines
	err = r.flush()
	r.lines = lines
	return err
}

// finish gives the file its name if it is to be kept. After a failure it leaves
// the whole lines beside a file of that name.
func (r *results) finish(keep bool) error {
	if r == nil || r.file == nil {
		return nil
	}
	if !keep || r.failed != nil && r.lines == 0 {
		r.abandon()
		return nil
	}
	f := r.file
	r.file = nil
	if r.failed != nil && r.target != "" {
		r.left = f.Name()
		if err := f.Truncate(r.size); err != nil {
			r.left += " (and half a line behind them)"
		}
	}
	if err := f.Close(); err != nil && r.failed == nil {
		r.failed = r.fault(err)
		r.left = f.Name()
	}
	if r.target == "" || r.failed != nil {
		return r.failed
	}
	if err := os.Rename(f.Name(), r.target); err != nil {
		r.left = f.Name()
		if link, ok := errors.AsType[*os.LinkError](err); ok {
			err = link.Err
		}
		r.failed = r.fault(err)
	}
	return r.failed
}

// kept says behind the error that ended a run where its results are.
func (r *results) kept() string {
	switch {
	case r == nil, r.failed == nil && r.name() == "":
		return ""
	case r.failed == nil:
		return "; their results are in " + r.path
	case r.lines == 0:
		return "; no result was written"
	case r.left == "":
		return fmt.Sprintf("; written: %s", count(r.lines, "result"))
	case r.replaces:
		return fmt.Sprintf("; written: %s, in %s; %s is as it was", count(r.lines, "result"), r.left, r.path)
	}
	return fmt.Sprintf("; written: %s, in %s", count(r.lines, "result"), r.left)
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
