package rollouts

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// envelope is the member under which some trainers send the array.
const envelope = "trajectories"

// window is how far the decision between two forms looks beyond the first line.
const window = 1 << 20

// first decides the form and begins to read in it.
func (r *Reader) first() (Row, error) {
	if err := r.beginning(); err != nil {
		return Row{}, err
	}
	if !r.in.skipSpace() {
		return Row{}, r.end()
	}
	switch r.in.rest()[0] {
	case '[':
		r.next = r.batchForm()
	case '{':
		r.next = r.objectForm()
	default:
		if err := r.checkText(); err != nil {
			return Row{}, err
		}
		r.findLineEnd(0)
		r.next = r.onLines
	}
	return Row{}, errGoOn
}

// batchForm tells lines, the first of which is a batch, from a batch that is
// all of the file, or is laid out on several lines.
func (r *Reader) batchForm() func() (Row, error) {
	ahead := r.ahead(window)
	n, ok := (&outline{one: true, strict: true}).follow(ahead, 0)
	switch {
	case ok && n < len(ahead):
		n++
		next := bytes.TrimLeft(ahead[n:], jsonSpace)
		more := len(next) > 0 && beginsValue(next[0]) || bytes.ContainsAny(ahead[n:], lineEnds)
		if more && r.onOneLine(n) {
			return r.onLines
		}
	case !ok, len(ahead) < window:
		r.findLineEnd(0)
		if batchesOnLines(ahead, r.lineEnd) {
			return r.onLines
		}
	case !bytes.ContainsAny(ahead, lineEnds):
		r.onLine = 1 + max(r.in.feeds, r.in.returns)
	}
	return r.value
}

// batchesOnLines decides for a file whose first batch is damaged. The lines of
// one batch that is laid out begin in other ways, or end in commas.
func batchesOnLines(ahead []byte, lineEnd byte) bool {
	count := 0
	for line := range bytes.SplitSeq(ahead, []byte{lineEnd}) {
		line = bytes.Trim(line, jsonSpace)
		switch {
		case len(line) == 0:
			continue
		case !beginsValue(line[0]), line[len(line)-1] == ',':
			return false
		case count > 0 || len(line) > 1: // not counting a bracket that may open the whole
			count++
		}
	}
	return count > 1
}

// objectForm tells an object around an array, one rollout, several rollouts,
// and lines.
func (r *Reader) objectForm() func() (Row, error) {
	if _, ok := r.batch(); ok {
		return r.batchForm()
	}
	n, ok := r.stop(&outline{one: true, strict: true}, 0)
	switch {
	case !ok:
		return r.damagedForm()
	case r.onOneLine(n + 1):
		return r.onLines
	}
	return r.value
}

// ahead makes n bytes visible, or what there is, and returns them.
func (r *Reader) ahead(n int) []byte {
	r.in.see(n - 1)
	return r.in.rest()[:min(n, len(r.in.rest()))]
}

// onOneLine reports whether something follows the n bytes of the first value,
// and these have no line end in them. It decides how lines end.
func (r *Reader) onOneLine(n int) bool {
	at := r.spaceFrom(n)
	if c, some := r.in.see(at); !some || isSpace(c) {
		return false
	}
	value, gap := r.in.rest()[:n], r.in.rest()[n:at]
	// A lone \r inside a value ends no line of a file whose lines end in \n.
	if bytes.IndexByte(value, '\n') >= 0 || bytes.IndexByte(value, '\r') >= 0 && bytes.IndexByte(gap, '\n') < 0 {
		return false
	}
	r.findLineEnd(n)
	return true
}

// batch returns where the array begins, if the object that comes next is one
// around an array of rollouts.
func (r *Reader) batch() (array int, ok bool) {
	array, ok = r.envelope()
	if c, _ := r.in.see(array); c != '[' {
		return 0, false
	}
	return array, ok
}

// envelope returns where the value of the member trajectories begins in the
// object that comes next, if it has that member and no messages before it.
func (r *Reader) envelope() (value int, ok bool) {
	o := outline{strict: true}
	for at := 1; ; {
		name, value, ok := r.member(at)
		switch {
		case !ok, name == "messages":
			return 0, false
		case name == envelope:
			return value, true
		}
		n, ok := r.stop(&o, at)
		if !ok || r.in.rest()[n] != ',' {
			return 0, false
		}
		at = n + 1
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

// damagedForm decides how an object that does not end as it should is read. On
// lines, damage costs one line; but the lines of one rollout that a person has
// laid out are no rollouts.
func (r *Reader) damagedForm() func() (Row, error) {
	r.findLineEnd(0)
	n := 0
	for {
		view := r.in.rest()
		if i := bytes.IndexByte(view[n:], r.lineEnd); i >= 0 {
			n += i
			break
		}
		if n = len(view); n > MaxBytes || !r.in.more() {
			return r.onLines
		}
	}
	all, some, count := true, false, 0
	for line := range bytes.SplitSeq(r.ahead(n+window), []byte{r.lineEnd}) {
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
		return r.onLines
	}
	return r.value
}
