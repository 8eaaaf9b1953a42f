package rollouts

import (
	"bytes"
)

// line reads the next line that is not blank.
func (r *Reader) line() (Row, error) {
	for {
		n, skipped, ended := r.lineLength()
		if !ended && r.in.failed() != nil {
			return Row{}, r.in.failed()
		}
		line := r.in.rest()[:n]
		if !ended && n == 0 && skipped == 0 {
			return Row{}, r.end()
		}
		r.lines++
		lead := n - len(bytes.TrimLeft(line, jsonSpace))
		line = bytes.Trim(line, jsonSpace)
		var row Row
		switch {
		case skipped > 0:
			r.in.pass(n)
			row = tooLong(skipped + n)
		case len(line) > 0:
			r.in.pass(lead)
			row = r.row(len(line))
			r.in.pass(n - lead - len(line))
		default:
			r.in.pass(n)
		}
		if ended {
			r.in.pass(1)
		}
		if row.Rollout != nil {
			row.Line = r.lines
			return row, nil
		}
	}
}

// lineLength makes the next line visible and returns its length without the
// line end, and whether there is a line end. What makes a line longer than
// MaxBytes is passed, and its length is returned as skipped.
func (r *Reader) lineLength() (n, skipped int, ended bool) {
	for {
		rest := r.in.rest()
		i := bytes.IndexByte(rest[n:], '\n')
		if ended = i >= 0; ended {
			n += i
		} else {
			n = len(rest)
		}
		if n > MaxBytes {
			r.in.pass(n)
			skipped += n
			n = 0
		}
		if ended || !r.in.more() {
			return n, skipped, ended
		}
	}
}
