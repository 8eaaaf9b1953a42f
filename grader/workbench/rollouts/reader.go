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
	// Bytes is the length of the rollout as JSON.
	Bytes int
}

// Place says where the row stands in its file: "line 7" or "rollout 7".
func (r Row) Place() string {
	if r.Line > 0 {
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

// ErrEncoding says that a file is no text in UTF-8 at all.
var ErrEncoding = errors.New("no UTF-8 text")

// A Reader reads the rollouts of one file. It is not safe for concurrent use.
type Reader struct {
	in    input
	next  func() (Row, error) // how the file's form is read
	rows  int
	lines int   // that were passed in a JSONL file
	err   error // what ended the reading

	inEnvelope bool // the array is a member of an object
	comma      bool // the array goes on behind a comma
}

// NewReader returns a Reader of the rollouts in r, which need not be buffered.
func NewReader(r io.Reader) *Reader {
	reader := &Reader{in: input{r: r}}
	reader.next = reader.first
	return reader
}

// Read returns the next row, and [io.EOF] behind the last one. A row that
// cannot be graded as it stands has its Err set, and reading goes on; the error
// of Read is one of the stream itself or a [*DamageError], and ends the reading.
func (r *Reader) Read() (Row, error) {
	if r.err != nil {
		return Row{}, r.err
	}
	row, err := r.next()
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

// row decodes n bytes of the view and passes them.
func (r *Reader) row(n int) Row {
	row := Row{Item: grader.DecodeRollout(r.in.rest()[:n]), Bytes: n}
	r.in.pass(n)
	return row
}

// tooLong is the row of a rollout that was passed unread.
func tooLong(bytes int) Row {
	return Row{
		Item: grader.Item{
			ID:      []byte("null"),
			Rollout: &grader.Rollout{},
			Err:     grader.Dataf("", "the rollout is longer than %d MiB", MaxBytes>>20),
		},
		Bytes: bytes,
	}
}
