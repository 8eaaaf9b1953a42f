package rollouts

import "bytes"

// element reads the next element of an array. The view begins behind the
// opening bracket or behind the comma of an element.
func (r *Reader) element() (Row, error) {
	if !r.in.skipSpace() {
		return Row{}, r.endsEarly()
	}
	if r.in.rest()[0] == ']' && !r.comma {
		r.in.pass(1)
		return Row{}, r.afterArray()
	}
	var o outline
	n, skipped, err := r.extent(&o)
	if err != nil {
		return Row{}, err
	}
	var row Row
	if n == 0 && skipped == 0 {
		row = nothing(r.in.rest()[0])
	} else {
		row = r.cut(n, skipped)
	}
	switch r.in.rest()[0] {
	case ',':
		r.in.pass(1)
		r.comma = true
	case ']':
		r.comma = false
	default:
		r.next = r.mismatch
	}
	if row.Line = r.onLine; row.Line > 0 {
		row.Part = r.rows + 1
	}
	return row, nil
}

// nothing is the row of an element that is not there, before the byte c.
func nothing(c byte) Row {
	if c == ',' {
		return unreadable(0, "nothing stands before a comma of the array: remove one comma")
	}
	return unreadable(0, "nothing stands behind the last comma of the array: remove the trailing comma")
}

func (r *Reader) mismatch() (Row, error) {
	return Row{}, r.damage("the brackets do not match")
}

// cut passes what extent found and makes a row of it.
func (r *Reader) cut(n, skipped int) Row {
	if skipped > 0 {
		r.in.pass(n)
		return tooLong("rollout", skipped+n)
	}
	length := len(bytes.TrimRight(r.in.rest()[:n], jsonSpace))
	row := r.row(length)
	r.in.pass(n - length)
	return row
}

// extent makes what comes next visible, up to where o stops and with the byte
// there, and returns its length without that byte. What makes it longer than
// MaxBytes is passed, and its length is returned as skipped.
func (r *Reader) extent(o *outline) (n, skipped int, err error) {
	for {
		rest := r.in.rest()
		at, ok := o.follow(rest, n)
		if !ok {
			r.in.pass(at)
			return 0, 0, r.damage("the brackets do not match")
		}
		stopped := at < len(rest)
		if n = at; n > MaxBytes {
			r.in.pass(n)
			skipped += n
			n = 0
		}
		if stopped {
			return n, skipped, nil
		}
		if !r.in.more() {
			return 0, 0, r.endsEarly()
		}
	}
}

func (r *Reader) endsEarly() error {
	r.in.pass(len(r.in.rest()))
	return r.damage("the JSON ends too early")
}

// afterArray goes on to what follows the array, and returns io.EOF where that
// is nothing.
func (r *Reader) afterArray() error {
	if r.inEnvelope {
		if err := r.restOfEnvelope(); err != nil {
			return err
		}
		r.inEnvelope = false
	}
	at := r.spaceFrom(0)
	if c, some := r.in.see(at); r.onLine > 0 && some && (beginsValue(c) || bytes.ContainsAny(r.in.rest()[:at], lineEnds)) {
		// The file is one of lines. What is left of this one has its number.
		r.findLineEnd(0)
		r.lines = r.onLine - 1
		r.onLine = 0
		r.next = r.line
		return errGoOn
	}
	if !r.in.skipSpace() {
		return r.end()
	}
	if !beginsValue(r.in.rest()[0]) {
		return r.damage("something follows the end of the JSON value")
	}
	r.next = r.value
	return errGoOn
}

// restOfEnvelope passes the members behind the array.
func (r *Reader) restOfEnvelope() error {
	for {
		if !r.in.skipSpace() {
			return r.endsEarly()
		}
		switch r.in.rest()[0] {
		case '}':
			r.in.pass(1)
			return nil
		case ',':
			r.in.pass(1)
		case ']':
			return r.damage("the brackets do not match")
		}
		if name, _, ok := r.member(0); ok && (name == envelope || name == "messages") {
			return r.damage("the object has %q and then %q: which holds the rollouts cannot be told", envelope, name)
		}
		var o outline
		n, _, err := r.extent(&o)
		if err != nil {
			return err
		}
		r.in.pass(n)
	}
}

// value reads the next of the rollouts and batches that stand one after the
// other.
func (r *Reader) value() (Row, error) {
	if !r.in.skipSpace() {
		return Row{}, r.end()
	}
	r.valueAt = r.in.offset()
	switch r.in.rest()[0] {
	case '[':
		r.in.pass(1)
		r.next = r.element
		return Row{}, errGoOn
	case '{':
		if array, ok := r.batch(); ok {
			r.in.pass(array + 1)
			r.inEnvelope = true
			r.next = r.element
			return Row{}, errGoOn
		}
	default:
		return Row{}, r.damage("something that is no rollout follows a rollout")
	}
	n, skipped, err := r.extent(&outline{one: true})
	if err != nil {
		return Row{}, err
	}
	return r.cut(n+1, skipped), nil
}
