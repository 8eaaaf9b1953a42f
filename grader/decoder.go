package grader

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// decoder reads rollouts one after the other and reuses its parts.
type decoder struct {
	raw    []byte // the rollout being read
	buf    bytes.Buffer
	dec    *jsontext.Decoder
	copies []byte     // room for small copies, so that each is no allocation
	err    *DataError // the first fault of the rollout being read
	syntax bool       // the grammar itself is broken: nothing more can be read
}

func (d *decoder) reset(raw []byte, strict bool) {
	d.raw, d.buf = raw, *bytes.NewBuffer(raw)
	if d.dec == nil {
		d.dec = jsontext.NewDecoder(&d.buf)
	}
	d.dec.Reset(&d.buf, jsontext.AllowDuplicateNames(!strict), jsontext.AllowInvalidUTF8(true))
	d.err, d.syntax = nil, false
}

// rollout reads strictly first. Where an object holds a name twice it reads
// again without that rule, to know the id and the prompt of what it refuses.
func (d *decoder) rollout(raw []byte) Item {
	d.reset(raw, true)
	item := d.object()
	if !d.syntax {
		if d.err != nil {
			item.Err = d.err
		}
		return item
	}
	first := d.err
	d.reset(raw, false)
	item = d.object()
	item.Err = first
	if string(item.ID) == "null" {
		// The id may stand behind the damage.
		d.settleID(&item, member(raw, "id"), member(raw, "task_id"))
	}
	return item
}

// fail records the first fault; what is read later is still read.
func (d *decoder) fail(where, format string, args ...any) {
	if d.err != nil {
		return
	}
	d.err = Dataf(where, format, args...)
}

// broken records that the grammar is broken, and reports whether it is.
func (d *decoder) broken(err error) bool {
	if err == nil {
		return false
	}
	d.syntax = true
	where := ""
	if syn, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		where = string(syn.JSONPointer)
	}
	if errors.Is(err, jsontext.ErrDuplicateName) {
		d.fail(where, "the name occurs twice in its object, and which value is meant cannot be told")
	} else {
		d.fail(where, "not valid JSON: %v", bareSyntax(err))
	}
	return true
}

// fields are the parts of a rollout whose place is settled at its end.
type fields struct {
	id                   jsontext.Value // aliases the payload
	top, meta            jsontext.Value // reference answers
	hasMessages          bool
	topLevel, inMetadata map[string]json.RawMessage
}

func (d *decoder) object() Item {
	r := &Rollout{}
	item := Item{ID: json.RawMessage("null"), Rollout: r}
	if kind := d.dec.PeekKind(); kind != '{' {
		v, err := d.dec.ReadValue()
		if !d.broken(err) {
			d.fail("", "want a rollout object, got %s", describe(v))
		}
		return item
	}
	var f fields
	d.members(func(name []byte) (ok bool) {
		switch string(name) {
		case "id":
			f.id, ok = d.value()
			return ok
		case "messages":
			f.hasMessages = true
			return d.messages(r)
		case "reference_answer":
			f.top, ok = d.kept()
			return ok
		case "metadata":
			return d.metadata(&f)
		}
		return d.other(&f.topLevel, name)
	})
	if !d.syntax {
		if _, err := d.dec.ReadToken(); !errors.Is(err, io.EOF) {
			d.fail("", "something follows the rollout")
		}
	}
	d.settle(&item, &f)
	return item
}

// settle decides what depends on several fields.
func (d *decoder) settle(item *Item, f *fields) {
	r := item.Rollout
	switch {
	case f.inMetadata == nil:
		r.Metadata = f.topLevel
	case f.topLevel == nil:
		r.Metadata = f.inMetadata
	default:
		r.Metadata = f.topLevel
		maps.Copy(r.Metadata, f.inMetadata)
	}
	d.settleID(item, f.id, jsontext.Value(r.Metadata["task_id"]))
	d.settleReference(r, f)
	switch n := len(r.Messages); {
	case !f.hasMessages:
		d.fail("/messages", "the rollout has no messages")
	case n == 0:
		d.fail("/messages", "the list of messages is empty")
	case !r.Messages[n-1].FromModel():
		d.fail(fmt.Sprintf("/messages/%d/role", n-1),
			"the last message is no answer of a model: want the role assistant, nova_assistant or bot, got %q", fieldName(r.Messages[n-1].Role))
	}
}

// settleID takes the first of the ids that is one.
func (d *decoder) settleID(item *Item, ids ...jsontext.Value) {
	for _, id := range ids {
		if len(id) > 0 && id.Kind() != 'n' {
			item.ID = json.RawMessage(d.copy(id))
			if !utf8.Valid(id) {
				// One id of broken bytes must not make the whole response unreadable.
				item.ID = bytes.ToValidUTF8(id, []byte("\uFFFD"))
			}
			item.Rollout.ID = idText(jsontext.Value(item.ID))
			return
		}
	}
}

// idText returns the text of a string, and the JSON of any other value.
func idText(id jsontext.Value) string {
	if id.Kind() == '"' {
		return unquoted(id)
	}
	return string(id)
}

func (d *decoder) settleReference(r *Rollout, f *fields) {
	top, meta := Reference{raw: f.top, at: referencePlace}, Reference{raw: f.meta, at: referencePlace}
	switch {
	case meta.Missing():
		r.Reference = top
	case top.Missing() || sameJSON(f.top, f.meta):
		r.Reference = meta
	default:
		d.fail(referencePlace, "two different reference answers, at the top level and in metadata: which one is meant cannot be told")
	}
	if r.Reference.Missing() {
		r.Reference = Reference{}
	}
}

// sameJSON reports whether two values differ in white space, the order of
// members and the spelling of text and fractions at most. Integers count
// digit by digit, since beyond 2^53 a float64 cannot tell them apart.
func sameJSON(a, b jsontext.Value) bool {
	if bytes.Equal(a, b) {
		return true
	}
	a, b = a.Clone(), b.Clone()
	opts := []jsontext.Options{jsontext.AllowInvalidUTF8(true), jsontext.CanonicalizeRawInts(false)}
	return a.Canonicalize(opts...) == nil && b.Canonicalize(opts...) == nil && bytes.Equal(a, b)
}

// members calls f with each name of the object that comes next, which is valid
// until the next read; f must read the value and report whether reading can go on.
func (d *decoder) members(f func(name []byte) bool) bool {
	if _, err := d.dec.ReadToken(); d.broken(err) {
		return false
	}
	for d.dec.PeekKind() != '}' {
		v, err := d.dec.ReadValue()
		if d.broken(err) {
			return false
		}
		name := v[1 : len(v)-1]
		if bytes.IndexByte(name, '\\') >= 0 || !utf8.Valid(name) {
			name = []byte(unquoted(v))
		}
		if !f(name) {
			return false
		}
	}
	_, err := d.dec.ReadToken()
	return !d.broken(err)
}

// elements calls f before each element of the array that comes next.
func (d *decoder) elements(f func() bool) bool {
	if _, err := d.dec.ReadToken(); d.broken(err) {
		return false
	}
	for d.dec.PeekKind() != ']' {
		if !f() {
			return false
		}
	}
	_, err := d.dec.ReadToken()
	return !d.broken(err)
}

// value reads the next value, which aliases the payload.
func (d *decoder) value() (jsontext.Value, bool) {
	v, err := d.dec.ReadValue()
	return v, !d.broken(err)
}

// kept reads the next value and keeps a copy.
func (d *decoder) kept() (jsontext.Value, bool) {
	v, ok := d.value()
	return d.copy(v), ok
}

// copy returns a copy of v. Small ones share a block of memory.
func (d *decoder) copy(v jsontext.Value) jsontext.Value {
	const block, small = 4 << 10, 1 << 10
	if len(v) > small {
		return v.Clone()
	}
	if cap(d.copies)-len(d.copies) < len(v) {
		d.copies = make([]byte, 0, block)
	}
	start := len(d.copies)
	d.copies = append(d.copies, v...)
	return jsontext.Value(d.copies[start:len(d.copies):len(d.copies)])
}

func (d *decoder) other(to *map[string]json.RawMessage, name []byte) bool {
	key := string(name)
	v, ok := d.kept()
	if !ok {
		return false
	}
	if *to == nil {
		*to = make(map[string]json.RawMessage, 4)
	}
	(*to)[key] = json.RawMessage(v)
	return true
}

func (d *decoder) metadata(f *fields) bool {
	switch d.dec.PeekKind() {
	case '{':
		return d.members(func(name []byte) (ok bool) {
			if string(name) == "reference_answer" {
				f.meta, ok = d.kept()
				return ok
			}
			return d.other(&f.inMetadata, name)
		})
	case 'n':
		return d.skip()
	}
	return d.other(&f.topLevel, []byte("metadata"))
}

func (d *decoder) skip() bool { return !d.broken(d.dec.SkipValue()) }

// refuse reads over the value that comes next: it is not what is wanted.
func (d *decoder) refuse(want string) bool {
	v, ok := d.value()
	if ok {
		d.fail(string(d.dec.StackPointer()), "want %s, got %s", want, describe(v))
	}
	return ok
}

// text reads a string, or null as "".
func (d *decoder) text(to *string, want string) bool {
	switch d.dec.PeekKind() {
	case '"':
		v, ok := d.value()
		if ok {
			*to = unquoted(v)
		}
		return ok
	case 'n':
		return d.skip()
	}
	return d.refuse(want)
}
