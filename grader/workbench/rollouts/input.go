package rollouts

import (
	"errors"
	"io"
)

// firstBuffer is the size of an input's buffer as long as no rollout needs more.
const firstBuffer = 256 << 10

// maxEmptyReads is how often a stream may give nothing before it counts as stuck.
const maxEmptyReads = 100

// input is a stream with a view of what comes next.
type input struct {
	r      io.Reader
	buf    []byte
	at     int   // buf[at:] has been read from r and not passed
	passed int64 // bytes of the stream before buf
	err    error // of r, for good

	feeds, returns int // \n and \r in the white space that skipSpace passed
}

// rest returns what is in view. It is valid until the next call of more.
func (in *input) rest() []byte { return in.buf[in.at:] }

// pass goes on to n bytes later, which are in view.
func (in *input) pass(n int) { in.at += n }

// offset returns the place of rest in the stream.
func (in *input) offset() int64 { return in.passed + int64(in.at) }

// more makes the view longer. It reports false at the end of the stream and
// when the stream fails.
func (in *input) more() bool {
	if in.err != nil {
		return false
	}
	if len(in.buf) == cap(in.buf) {
		in.makeRoom()
	}
	for range maxEmptyReads {
		n, err := in.r.Read(in.buf[len(in.buf):cap(in.buf)])
		in.buf = in.buf[:len(in.buf)+n]
		in.err = err
		if n > 0 || err != nil {
			return n > 0
		}
	}
	in.err = io.ErrNoProgress
	return false
}

// makeRoom forgets what was passed, and doubles the buffer where that is less
// than half of it, so that the copying stays linear in what is read.
func (in *input) makeRoom() {
	rest := in.rest()
	to := in.buf[:0]
	switch size := cap(in.buf); {
	case len(rest) <= firstBuffer/2 && size != firstBuffer:
		to = make([]byte, 0, firstBuffer)
	case len(rest) > size/2:
		to = make([]byte, 0, 2*size)
	}
	in.buf = append(to, rest...)
	in.passed += int64(in.at)
	in.at = 0
}

// failed returns the error of the stream, if it is not its end.
func (in *input) failed() error {
	if errors.Is(in.err, io.EOF) {
		return nil
	}
	return in.err
}

// see returns the byte i places ahead, and false where the stream ends before it.
func (in *input) see(i int) (byte, bool) {
	for len(in.rest()) <= i {
		if !in.more() {
			return 0, false
		}
	}
	return in.rest()[i], true
}

// skipSpace passes white space. It reports false at the end of the stream.
func (in *input) skipSpace() (some bool) {
	for {
		for i, c := range in.rest() {
			switch c {
			case '\n':
				in.feeds++
			case '\r':
				in.returns++
			case ' ', '\t':
			default:
				in.pass(i)
				return true
			}
		}
		in.pass(len(in.rest()))
		if !in.more() {
			return false
		}
	}
}

const (
	jsonSpace = " \t\r\n"
	lineEnds  = "\r\n"
)

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }
