package spec

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/grader"
)

// maxOptionFaults is how many faults are looked for in one grader's options.
const maxOptionFaults = 10

// options returns a grader's options as JSON and as the kind resolves them.
// It reports all faults that it finds: what is at fault is taken out and the
// rest is tried again.
func (r *reader) options(e entry) (options, resolved []byte, ok bool) {
	path := under("graders", e.name)
	members := slices.DeleteFunc(slices.Clone(e.options.members), func(m member) bool { return m.name == "type" })
	ok = true
	t := reflect.TypeOf(e.kind.Defaults())
	kept := members[:0]
	for _, m := range members {
		if sound := r.suits(m.value, optionType(t, m.name), under(path, m.name)); !sound || m.value.isBroken() {
			ok = false
			continue
		}
		kept = append(kept, m)
	}
	for range maxOptionFaults {
		options = appendMembers(nil, kept)
		var err error
		if resolved, err = e.kind.Resolve(options); err == nil {
			return options, resolved, ok
		}
		ok = false
		token := r.optionFault(e, err)
		n := len(kept)
		if kept = slices.DeleteFunc(kept, func(m member) bool { return m.name == token }); len(kept) == n {
			break
		}
	}
	return nil, nil, false
}

// optionFault reports an error of a kind at the option that it is about, and
// returns the name of the outermost option there.
func (r *reader) optionFault(e entry, err error) (outermost string) {
	path := under("graders", e.name)
	at := e.at
	oe := new(grader.OptionError)
	if !errors.As(err, &oe) || oe.Err == nil {
		r.fail(at, path, "%w", err)
		return ""
	}
	n := e.options
	for token := range jsontext.Pointer(oe.Pointer).Tokens() {
		if outermost == "" {
			outermost = token
		}
		if n == nil {
			break
		}
		var keyAt place
		if keyAt, n = n.step(token); n != nil {
			at = keyAt
		}
	}
	remedy := ""
	if n != nil && n != e.options {
		if !oe.Name {
			at = n.at
		}
		remedy = unquote(n, oe.Error())
	}
	r.add(at, atPointer(path, e.options, oe.Pointer), oe.Err.Error()+remedy, err)
	return outermost
}

// unquote says what to do about a number or a Boolean in quotes.
func unquote(n *node, problem string) string {
	if n.kind != kindText || !strings.Contains(problem, "want a number") && !strings.Contains(problem, "want a whole number") && !strings.Contains(problem, "want true or false") {
		return ""
	}
	if k, _, _ := classify(n.text); k == kindNumber || k == kindBoolean {
		return ": write it without quotes"
	}
	return ""
}

// optionType returns the type of a member of t, or nil when it is not known.
func optionType(t reflect.Type, name string) reflect.Type {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil || opaque(t) {
		return nil
	}
	switch t.Kind() {
	case reflect.Slice, reflect.Array, reflect.Map:
		return t.Elem()
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			switch {
			case tag == name || tag == "" && f.Name == name:
				return f.Type
			case tag == "" && f.Anonymous:
				if inner := optionType(f.Type, name); inner != nil {
					return inner
				}
			}
		}
	}
	return nil
}

// opaque reports whether a type reads its own JSON.
func opaque(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return t.Kind() == reflect.Interface ||
		p.Implements(reflect.TypeFor[json.Unmarshaler]()) ||
		p.Implements(reflect.TypeFor[jsonv2.UnmarshalerFrom]())
}

func textual(t reflect.Type) bool {
	return t.Kind() == reflect.String || reflect.PointerTo(t).Implements(reflect.TypeFor[interface{ UnmarshalText([]byte) error }]())
}

// suits reports the two faults that JSON decoding would let pass or put less
// well: a member without a value, or with null, which would stand for zero and
// not for the default, and a number or a Boolean where a text belongs, which is
// a text that lacks its quotes. A null that is written out may mean something to
// a pointer, and to a type that reads its own JSON. A nil t is not known.
func (r *reader) suits(n *node, t reflect.Type, path string) bool {
	if n.kind == kindNull && n.raw == "" {
		r.fail(n.at, path, "has no value: give it one, or remove it")
		return false
	}
	if t != nil && opaque(t) {
		t = nil
	}
	switch {
	case t == nil:
		// Its decoder says what it wants.
	case n.kind == kindNull:
		if t.Kind() == reflect.Pointer {
			return true
		}
		r.fail(n.at, path, "has no value: give it one, or remove it")
		return false
	case t.Kind() == reflect.Pointer:
		return r.suits(n, t.Elem(), path)
	case (n.kind == kindNumber || n.kind == kindBoolean) && textual(t):
		r.fail(n.at, path, `want a string, got %s: quote it: "%s"`, n.raw, n.raw)
		return false
	case textual(t):
		return true
	}
	ok := true
	for _, m := range n.members {
		if !r.suits(m.value, optionType(t, m.name), under(path, m.name)) {
			ok = false
		}
	}
	for i, e := range n.items {
		if !r.suits(e, optionType(t, ""), atIndex(path, i)) {
			ok = false
		}
	}
	return ok
}
