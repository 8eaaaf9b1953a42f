package rollouts

import (
	"errors"
	"fmt"
	"io"

	"github.com/rftgrader/rftgrader/grader"
)

// MaxBytes is how long one rollout may be, as JSON: 64 MiB, ten times what a
// trainer can send in a whole batch. A longer one is a row with a
// [*grader.DataError].
const MaxBytes = 64 << 20

// A Row is one rollout of a file, or what could be read of it.
type Row struct {
	grader.Item
	// Number counts the rows of the file, from 1.
	Number int
	// Line is the line of a JSONL file, from 1, and 0 in other files.
	Line int
	// Part counts the rollouts of a line that is a batch or holds several
	// rollouts, from 1. It is 0 where a line is one rollout.
	Part int
	// Bytes is the length of the rollout as JSON.
	Bytes int
	// Text is the rollout as it stands in the file, if [Reader.KeepText] is set.
	Text []byte
}

// Place says where the row stands in its file: "line 7", "line 7, rollout 2"
// or "rollout 7".
func (r Row) Place() string {
	switch {
	case r.Line > 0 && r.Part > 0:
		return fmt.Sprintf("line %d, rollout %d", r.Line, r.Part)
	case r.Line > 0:
		return fmt.Sprintf("line %d", r.Line)
	}
	return fmt.Sprintf("rollout %d", r.Number)
}

// A DamageError says that from some place of a file on rollouts cannot be told
// apart any more.
type DamageError struct {
	Offset int64 // in bytes
	Rows   int   // read before the damage
	Err    error
}

func (e *DamageError) Error() string {
	where := "before the first rollout"
	if e.Rows > 0 {
		where = fmt.Sprintf("behind rollout %d", e.Rows)
	}
	return fmt.Sprintf("%v (byte %d, %s), and what follows cannot be read: mend the file, or write one rollout on each line, where damage costs one line only", e.Err, e.Offset, where)
}

func (e *DamageError) Unwrap() error { return e.Err }

// A Reader reads the rollouts of one file. It is not safe for concurrent use.
type Reader struct {
	// KeepText makes Read keep the text of each row.
	KeepText bool

	in   input
	next func() (Row, error) // how the file's form is read
	rows int
	err  error // what ended the reading

	lineEnd byte    // of a file of lines: \n, or \r where no \n follows it
	lines   int     // that were passed in a file of lines
	inLine  *Reader // of the values of the current line, where it is no single rollout

	inEnvelope bool  // the array is a member of an object
	comma      bool  // the array goes on behind a comma
	onLine     int   // the line that the array stands on, as far as could be seen, or 0
	valueAt    int64 // where the value began that is being read
}

// NewReader returns a Reader of the rollouts in r, which need not be buffered.
func NewReader(r io.Reader) *Reader {
	reader := &Reader{in: input{r: r}}
	reader.next = reader.first
	return reader
}

// within returns a Reader of the values in text, which it does not copy.
func within(text []byte) *Reader {
	reader := &Reader{in: input{buf: text, err: io.EOF}}
	reader.next = reader.value
	return reader
}

// errGoOn is what a form returns that has given way to another one.
var errGoOn = errors.New("go on")

// Read returns the next row, and [io.EOF] behind the last one. A row that
// cannot be graded as it stands has its Err set, and reading goes on; the error
// of Read is one of the stream itself or a [*DamageError], and ends the reading.
func (r *Reader) Read() (Row, error) {
	if r.err != nil {
		return Row{}, r.err
	}
	row, err := r.next()
	for errors.Is(err, errGoOn) {
		row, err = r.next()
	}
	if err != nil {
		r.err = err
		return Row{}, err
	}
	r.rows++
	row.Number = r.rows
	return row, nil
}

// Offset returns how many bytes of the stream the rows so far have taken.
func (r *Reader) Offset() int64 { return r.in.offset() }

// end returns why nothing follows.
func (r *Reader) end() error {
	if err := r.in.failed(); err != nil {
		return err
	}
	return io.EOF
}

func (r *Reader) damage(format string, args ...any) error {
	if err := r.in.failed(); err != nil {
		return err
	}
	return &DamageError{Offset: r.in.offset(), Rows: r.rows, Err: fmt.Errorf(format, args...)}
}
