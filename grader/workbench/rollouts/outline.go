package rollouts

// An outline follows the brackets and strings of JSON and nothing else, so that
// broken grammar inside a value does not hide where the value ends.
type outline struct {
	one     bool   // stop at the bracket that closes the first one
	strict  bool   // a line end inside a string is damage
	open    []byte // brackets, innermost last
	text    bool   // inside a string
	escaped bool   // behind a backslash in a string
}

// follow reads b from i on and returns the place of the byte to stop at: with
// one, the bracket that closes the first one; else the first comma or closing
// bracket outside all brackets that were opened. It returns len(b) where that
// is not in b, and a false ok where the damage is.
func (o *outline) follow(b []byte, i int) (at int, ok bool) {
	for ; i < len(b); i++ {
		c := b[i]
		if o.text {
			switch {
			case o.escaped:
				o.escaped = false
			case c == '\\':
				o.escaped = true
			case c == '"':
				o.text = false
			case (c == '\n' || c == '\r') && o.strict:
				return i, false
			}
			continue
		}
		switch c {
		case '"':
			o.text = true
		case '{', '[':
			o.open = append(o.open, c)
		case ',':
			if len(o.open) == 0 {
				return i, true
			}
		case '}', ']':
			if len(o.open) == 0 {
				return i, true
			}
			// ASCII puts each closing bracket two behind its opening one.
			if o.open[len(o.open)-1] != c-2 {
				return i, false
			}
			o.open = o.open[:len(o.open)-1]
			if o.one && len(o.open) == 0 {
				return i, true
			}
		}
	}
	return i, true
}

// whole returns the length of the array or object that b begins with, or 0
// where it does not end in b.
func whole(b []byte) int {
	o := outline{one: true}
	at, ok := o.follow(b, 0)
	if !ok || at == len(b) {
		return 0
	}
	return at + 1
}
