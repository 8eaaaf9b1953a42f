package rollouts

import "bytes"

// element reads the next element of an array. The view begins behind the
// opening bracket or behind the comma of an element.
func (r *Reader) element() (Row, error) {
	if _, some := r.in.skipSpace(); !some {
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
	row := r.cut(n, skipped)
	switch r.in.rest()[0] {
	case ',':
		r.in.pass(1)
		r.comma = true
	case ']':
		r.comma = false
	default:
		r.next = r.mismatch
	}
	return row, nil
}

func (r *Reader) mismatch() (Row, error) {
	return Row{}, r.damage("the brackets do not match")
}

// cut passes what extent found and makes a row of it.
func (r *Reader) cut(n, skipped int) Row {
	if skipped > 0 {
		r.in.pass(n)
		return tooLong(skipped + n)
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

// afterArray checks what follows the array, and returns io.EOF where all is well.
func (r *Reader) afterArray() error {
	if r.inEnvelope {
		if err := r.restOfEnvelope(); err != nil {
			return err
		}
	}
	if _, some := r.in.skipSpace(); some {
		return r.damage("something follows the end of the JSON value")
	}
	return r.end()
}

// restOfEnvelope passes the members behind the array.
func (r *Reader) restOfEnvelope() error {
	for {
		if _, some := r.in.skipSpace(); !some {
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

// value reads the next of several rollouts that stand one after the other.
func (r *Reader) value() (Row, error) {
	if _, some := r.in.skipSpace(); !some {
		return Row{}, r.end()
	}
	if r.in.rest()[0] != '{' {
		return Row{}, r.damage("something that is no rollout follows a rollout")
	}
	o := outline{one: true}
	n, skipped, err := r.extent(&o)
	if err != nil {
		return Row{}, err
	}
	return r.cut(n+1, skipped), nil
}
