package rollouts

import (
	"bytes"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// envelope is the member under which some trainers send the array.
const envelope = "trajectories"

// window is how far the decision between two forms looks beyond the first line.
const window = 1 << 20

// first decides the form and reads the first row.
func (r *Reader) first() (Row, error) {
	if err := r.beginning(); err != nil {
		return Row{}, err
	}
	lines, some := r.in.skipSpace()
	r.lines = lines
	if !some {
		return Row{}, r.end()
	}
	switch r.in.rest()[0] {
	case '[':
		r.next = r.listForm()
	case '{':
		r.next = r.objectForm()
	default:
		r.next = r.line
	}
	return r.next()
}

// beginning passes a byte order mark and refuses what is no text in UTF-8.
func (r *Reader) beginning() error {
	r.in.see(3)
	b := r.in.rest()
	mark := []byte("\xef\xbb\xbf")
	switch {
	case bytes.HasPrefix(b, mark):
		r.in.pass(len(mark))
	case bytes.HasPrefix(b, []byte("\xff\xfe")), bytes.HasPrefix(b, []byte("\xfe\xff")):
		return fmt.Errorf("%w: this is UTF-16; save it as UTF-8", ErrEncoding)
	case bytes.HasPrefix(b, []byte("\x1f\x8b")):
		return fmt.Errorf("%w: this is compressed; unpack it with gunzip", ErrEncoding)
	case bytes.HasPrefix(b, []byte("PAR1")):
		return fmt.Errorf("%w: this is a Parquet file; export it as JSONL", ErrEncoding)
	}
	return nil
}

// listForm tells an array from lines whose first one is no rollout.
func (r *Reader) listForm() func() (Row, error) {
	r.in.see(window)
	n := whole(firstLine(r.in.rest()))
	if n > 0 && bytes.IndexByte(r.in.rest(), '\n') >= n && r.followed(n) {
		return r.line
	}
	r.in.pass(1)
	return r.element
}

// objectForm tells an object around an array, one rollout, several rollouts,
// and lines.
func (r *Reader) objectForm() func() (Row, error) {
	o := outline{strict: true}
	at, looking := 1, true
	for {
		if looking {
			name, value, ok := r.member(at)
			looking = ok && name != "messages"
			if c, _ := r.in.see(value); ok && name == envelope && c == '[' {
				r.in.pass(value + 1)
				r.inEnvelope = true
				return r.element
			}
		}
		n, ok := r.stop(&o, at)
		switch {
		case !ok, r.in.rest()[n] == ']':
			return r.damagedForm()
		case r.in.rest()[n] == ',':
			at = n + 1
		case bytes.IndexByte(r.in.rest()[:n], '\n') < 0 && r.followed(n+1):
			return r.line
		default:
			return r.value
		}
	}
}

// stop follows o from at to where it stops, which is then visible. It reports
// false at damage, at the end of the stream and beyond MaxBytes.
func (r *Reader) stop(o *outline, at int) (int, bool) {
	for at <= MaxBytes {
		rest := r.in.rest()
		n, ok := o.follow(rest, at)
		if !ok || n < len(rest) {
			return n, ok
		}
		at = n
		if !r.in.more() {
			return at, false
		}
	}
	return at, false
}

// member returns the name of the member that begins at a place of the view,
// and where its value begins.
func (r *Reader) member(at int) (name string, value int, ok bool) {
	at = r.spaceFrom(at)
	if c, _ := r.in.see(at); c != '"' {
		return "", 0, false
	}
	o := outline{strict: true}
	end := at
	for o.text = true; o.text; end++ {
		c, some := r.in.see(end + 1)
		if _, fine := o.follow([]byte{c}, 0); !some || !fine || end > MaxBytes {
			return "", 0, false
		}
	}
	quoted := r.in.rest()[at : end+1]
	// Broken UTF-8 makes a name that is none of those looked for.
	unquoted, _ := jsontext.AppendUnquote(nil, quoted)
	colon := r.spaceFrom(end + 1)
	if c, _ := r.in.see(colon); c != ':' {
		return "", 0, false
	}
	return string(unquoted), r.spaceFrom(colon + 1), true
}

// spaceFrom returns the first place from i on that is not white space.
func (r *Reader) spaceFrom(i int) int {
	for {
		c, some := r.in.see(i)
		if !some || !isSpace(c) || i > MaxBytes {
			return i
		}
		i++
	}
}

// followed reports whether something follows n bytes of the view.
func (r *Reader) followed(n int) bool {
	c, some := r.in.see(r.spaceFrom(n))
	return some && !isSpace(c)
}

// damagedForm decides how an object that does not end as it should is read. On
// lines, damage costs one line; but the lines of one rollout that a person has
// laid out are no rollouts.
func (r *Reader) damagedForm() func() (Row, error) {
	n := 0
	for bytes.IndexByte(r.in.rest()[n:], '\n') < 0 {
		if n = len(r.in.rest()); n > MaxBytes || !r.in.more() {
			return r.line
		}
	}
	r.in.see(n + window)
	all, some, count := true, false, 0
	for line := range bytes.Lines(r.in.rest()) {
		line = bytes.Trim(line, jsonSpace)
		if len(line) == 0 {
			continue
		}
		begins := line[0] == '{'
		all = all && begins
		if count > 0 {
			some = some || begins && whole(line) == len(line) && bytes.Contains(line, []byte(`"messages"`))
		}
		count++
	}
	if count == 1 || all || some {
		return r.line
	}
	return r.value
}

func firstLine(b []byte) []byte {
	line, _, _ := bytes.Cut(b, []byte("\n"))
	return line
}
