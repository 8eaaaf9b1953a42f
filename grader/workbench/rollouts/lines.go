package rollouts

import (
	"bytes"
	"errors"
)

// onLines begins to read lines.
func (r *Reader) onLines() (Row, error) {
	r.lines = r.in.feeds
	if r.lineEnd == '\r' {
		r.lines = r.in.returns
	}
	r.next = r.line
	return Row{}, errGoOn
}

// findLineEnd decides how lines end, by the first end from a place of the view
// on. A file of an old Mac, and of some spreadsheets, has \r alone.
func (r *Reader) findLineEnd(from int) {
	r.lineEnd = '\n'
	for i := from; i < from+window; i++ {
		c, some := r.in.see(i)
		for ; some && c == '\r' && i < from+window; i++ {
			if c, some = r.in.see(i + 1); c != '\r' && c != '\n' || !some {
				r.lineEnd = '\r'
				return
			}
		}
		if !some || c == '\n' {
			return
		}
	}
}

// line reads the next line that is not blank, or goes on in the current one.
func (r *Reader) line() (Row, error) {
	for r.inLine == nil {
		n, skipped, ended := r.lineLength()
		if !ended && r.in.failed() != nil {
			return Row{}, r.in.failed()
		}
		if !ended && n == 0 && skipped == 0 {
			return Row{}, r.end()
		}
		text := bytes.Trim(r.in.rest()[:n], jsonSpace)
		r.in.pass(n)
		if ended {
			r.in.pass(1)
		}
		r.lines++
		if skipped > 0 {
			row := tooLong("line", skipped+n)
			row.Line = r.lines
			return row, nil
		}
		if row, ok := r.oneRollout(text); ok {
			row.Line = r.lines
			return row, nil
		}
	}
	return r.restOfLine()
}

// oneRollout reads a line that is one rollout, damaged or not. It reports false
// for a blank line, and leaves the other ones to restOfLine. The text is in
// view until the next line is looked for.
func (r *Reader) oneRollout(text []byte) (Row, bool) {
	if len(text) == 0 {
		return Row{}, false
	}
	if text[0] != '[' {
		row := r.decode(text)
		if row.Err == nil || text[0] != '{' {
			return row, true
		}
		if _, batch := within(text).batch(); !batch && !severalValues(text) {
			return row, true
		}
	}
	r.inLine = within(text)
	r.inLine.KeepText = r.KeepText
	return Row{}, false
}

// severalValues reports whether another rollout or batch follows the value that
// text begins with.
func severalValues(text []byte) bool {
	n := whole(text)
	rest := bytes.TrimLeft(text[n:], jsonSpace)
	return n > 0 && len(rest) > 0 && beginsValue(rest[0])
}

// beginsValue reports whether c begins a rollout or a batch.
func beginsValue(c byte) bool { return c == '{' || c == '[' }

// restOfLine reads the next rollout of a line that is a batch, or several
// values. Damage ends the line, and no more.
func (r *Reader) restOfLine() (Row, error) {
	row, err := r.inLine.Read()
	var damage *DamageError
	switch {
	case errors.As(err, &damage):
		row = r.inLine.damagedValue(damage)
		row.Number = r.inLine.rows + 1
		r.inLine = nil
	case err != nil:
		r.inLine = nil
		return Row{}, errGoOn
	}
	row.Line, row.Part = r.lines, row.Number
	return row, nil
}

// damagedValue is the row of the value at which a line could not be read on.
func (r *Reader) damagedValue(damage *DamageError) Row {
	text := r.in.buf[r.valueAt:]
	if len(text) > 0 && text[0] == '{' && !r.inEnvelope {
		if row := decode(text); row.Err != nil {
			return row
		}
	}
	return unreadable(len(text), "%w, and the rest of the line cannot be read", damage.Err)
}

// lineLength makes the next line visible and returns its length without the
// line end, and whether there is a line end. What makes a line longer than
// MaxBytes is passed, and its length is returned as skipped.
func (r *Reader) lineLength() (n, skipped int, ended bool) {
	for {
		rest := r.in.rest()
		i := bytes.IndexByte(rest[n:], r.lineEnd)
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
