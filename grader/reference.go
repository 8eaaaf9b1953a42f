package grader

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A Reference is the reference answer of a rollout, or a part of it: a JSON
// value with a place. The zero value is a reference that was not sent.
type Reference struct {
	raw jsontext.Value
	at  string // JSON pointer into the rollout
}

// referencePlace is how errors name the reference, wherever it was sent.
const referencePlace = "/reference_answer"

// NewReference returns the reference that v encodes to.
func NewReference(v any) (Reference, error) {
	raw, err := jsonv2.Marshal(v, jsonv2.Deterministic(true))
	if err != nil {
		return Reference{}, fmt.Errorf("encode reference: %w", err)
	}
	return Reference{raw: raw, at: referencePlace}, nil
}

// Missing reports whether there is no reference, or a JSON null.
func (r Reference) Missing() bool { return len(r.raw) == 0 || r.raw.Kind() == 'n' }

// Raw returns the reference as JSON. The caller must not change it.
func (r Reference) Raw() json.RawMessage { return json.RawMessage(r.raw) }

// Where returns the JSON pointer of the reference in the rollout.
func (r Reference) Where() string {
	if r.at == "" {
		return referencePlace
	}
	return r.at
}

// Text returns a string, or a number or Boolean as it is written.
// Anything else is a [*DataError].
func (r Reference) Text() (string, error) {
	switch r.raw.Kind() {
	case '"':
		return unquoted(r.raw), nil
	case '0', 't', 'f':
		return string(r.raw), nil
	}
	return "", r.want("a string or a number")
}

// Texts returns the one text, or the texts of a list of strings and numbers.
// An empty list is a [*DataError].
func (r Reference) Texts() ([]string, error) {
	if r.raw.Kind() != '[' {
		t, err := r.Text()
		if err != nil {
			return nil, r.want("a string, a number or a list of them")
		}
		return []string{t}, nil
	}
	var elems []jsontext.Value
	if err := jsonv2.Unmarshal(r.raw, &elems, jsontext.AllowInvalidUTF8(true)); err != nil {
		return nil, Dataf(r.Where(), "unreadable list: %s", decodeProblem(err).bare)
	}
	if len(elems) == 0 {
		return nil, Dataf(r.Where(), "the list of reference answers is empty")
	}
	texts := make([]string, len(elems))
	for i, e := range elems {
		t, err := Reference{raw: e, at: fmt.Sprintf("%s/%d", r.Where(), i)}.Text()
		if err != nil {
			return nil, err
		}
		texts[i] = t
	}
	return texts, nil
}

// Decode reads the reference into v as [encoding/json] would, but strictly:
// names count with their case, and one that occurs twice is refused. Where v
// takes no string, a string that holds a JSON object or list counts as that.
// Errors are a [*DataError].
func (r Reference) Decode(v any) error {
	if r.Missing() {
		return r.want("a value")
	}
	err := jsonv2.Unmarshal(r.raw, v, jsontext.AllowInvalidUTF8(true))
	if err != nil && r.raw.Kind() == '"' {
		if inner := r.opened('['); inner.Kind() != '"' {
			err = jsonv2.Unmarshal(inner, v, jsontext.AllowInvalidUTF8(true))
		}
	}
	if err != nil {
		p := decodeProblem(err)
		return &DataError{Where: r.Where() + p.pointer, Err: fmt.Errorf("%s", p.bare), Detail: p.value}
	}
	return nil
}

func (r Reference) want(what string) *DataError {
	if r.Missing() {
		if r.Where() != referencePlace {
			return Dataf(r.Where(), "want %s, got null", what)
		}
		return Dataf(r.Where(), "no reference answer, neither at the top level nor in metadata: want %s", what)
	}
	return r.withPointers(Dataf(r.Where(), "want %s, got %s", what, describe(r.raw)), "")
}

// withPointers adds which pointers lead on from here: to the error those that
// look like names of fields, for a person all of them.
func (r Reference) withPointers(err *DataError, remedy string) *DataError {
	return withNames(err, memberNames(r.raw), remedy)
}

func withNames(err *DataError, names []string, remedy string) *DataError {
	var fields []string
	for _, n := range names {
		if snakeCase(n) {
			fields = append(fields, n)
		}
	}
	if len(fields) > 0 {
		err.Err = fmt.Errorf("%w; it has %s", err.Err, listPointers(fields, len(names)))
	}
	if remedy != "" {
		err.Err = fmt.Errorf("%w: %s", err.Err, remedy)
	}
	if len(fields) < len(names) {
		err.Detail = "it has " + listPointers(names, len(names))
	}
	return err
}

// listPointers names members of an object that has total ones as JSON pointers.
func listPointers(names []string, total int) string {
	const most, longest = 12, 60
	var b strings.Builder
	shown := min(len(names), most)
	for i, n := range names[:shown] {
		if i > 0 {
			b.WriteString(", ")
		}
		p := string(jsontext.Pointer("").AppendToken(n))
		if len(p) > longest {
			p = strings.ToValidUTF8(p[:longest], "") + "..."
		}
		b.WriteString(p)
	}
	if total > shown {
		fmt.Fprintf(&b, " and %d more", total-shown)
	}
	return b.String()
}

// whole is what a reference means when no pointer is given.
func (r Reference) whole() (Reference, error) {
	const remedy = `set the option reference to a JSON pointer ("" for the whole)`
	if r.Missing() {
		return r, r.want("a string, a number or an object with one member")
	}
	v := r.opened('{')
	switch v.Kind() {
	case '"', '0':
		return r, nil
	case '{':
		if names := memberNames(v); len(names) == 1 {
			return Reference{raw: v, at: r.at}.member(names[0])
		}
	}
	return r, Reference{raw: v, at: r.at}.withPointers(
		Dataf(r.Where(), "want a string, a number or an object with one member, got %s", describe(v)), remedy)
}

// opened returns the value inside a string that holds a JSON object (or, for
// kind '[', an object or array), and the value itself otherwise.
func (r Reference) opened(kind jsontext.Kind) jsontext.Value {
	if r.raw.Kind() != '"' {
		return r.raw
	}
	inner := jsontext.Value(unquoted(r.raw))
	k := inner.Kind()
	if (k == '{' || k == '[' && kind == '[') && inner.IsValid(lenient()...) {
		return jsontext.Value(bytes.Trim(inner, jsonSpace))
	}
	return r.raw
}

// member follows one token of a JSON pointer.
func (r Reference) member(token string) (Reference, error) {
	v := r.opened('[')
	at := string(jsontext.Pointer(r.Where()).AppendToken(token))
	switch v.Kind() {
	case '{':
		var members map[string]jsontext.Value
		if err := jsonv2.Unmarshal(v, &members, jsontext.AllowInvalidUTF8(true)); err != nil {
			return r, Dataf(r.Where(), "unreadable object: %s", decodeProblem(err).bare)
		}
		if m, ok := members[token]; ok {
			return Reference{raw: m, at: at}, nil
		}
	case '[':
		var elems []jsontext.Value
		if err := jsonv2.Unmarshal(v, &elems, jsontext.AllowInvalidUTF8(true)); err != nil {
			return r, Dataf(r.Where(), "unreadable list: %s", decodeProblem(err).bare)
		}
		if i, err := strconv.Atoi(token); err == nil && i >= 0 && i < len(elems) && strconv.Itoa(i) == token {
			return Reference{raw: elems[i], at: at}, nil
		}
		return r, Dataf(at, "no such element: the list has %d", len(elems))
	}
	return r, Reference{raw: v, at: r.at}.withPointers(
		Dataf(at, "no such member: %s is %s", place(r.Where()), describe(v)), "")
}

// A Pointer is a grader's option that says which part of the rollout is the
// reference answer: a JSON pointer (RFC 6901) into the reference ("" for the
// whole), or "metadata:" and a JSON pointer into the row's other fields. The
// zero value is a pointer that was not given.
type Pointer struct {
	text string
	set  bool
}

// ParsePointer reads the form that specs use.
func ParsePointer(s string) (Pointer, error) {
	p := Pointer{text: s, set: true}
	if !p.path().IsValid() || p.inMetadata() && p.path() == "" {
		return Pointer{}, fmt.Errorf(`want a JSON pointer such as "/final_answer", "" for the whole reference, or "metadata:/field", got %q`, s)
	}
	return p, nil
}

// MustPointer is ParsePointer for constants; it panics when s is no pointer.
func MustPointer(s string) Pointer {
	p, err := ParsePointer(s)
	if err != nil {
		panic(err)
	}
	return p
}

const metadataPrefix = "metadata:"

func (p Pointer) inMetadata() bool { return strings.HasPrefix(p.text, metadataPrefix) }

func (p Pointer) path() jsontext.Pointer {
	return jsontext.Pointer(strings.TrimPrefix(p.text, metadataPrefix))
}

// IsZero reports whether no pointer was given.
func (p Pointer) IsZero() bool { return !p.set }

// String returns the pointer as it is written in a spec.
func (p Pointer) String() string { return p.text }

// MarshalJSON writes the form that specs use, and null for the zero value: the
// pointer "" is another.
func (p Pointer) MarshalJSON() ([]byte, error) {
	if !p.set {
		return []byte("null"), nil
	}
	return jsontext.AppendQuote(nil, p.text)
}

// UnmarshalJSON reads the form that specs use, and null as the zero value.
func (p *Pointer) UnmarshalJSON(b []byte) error {
	switch v := jsontext.Value(b); v.Kind() {
	case 'n':
		*p = Pointer{}
		return nil
	case '"':
		return p.UnmarshalText([]byte(unquoted(v)))
	default:
		return fmt.Errorf(`want a JSON pointer such as "/final_answer", got %s`, describe(v))
	}
}

// MarshalText writes the form that specs use.
func (p Pointer) MarshalText() ([]byte, error) { return []byte(p.text), nil }

// UnmarshalText reads the form that specs use.
func (p *Pointer) UnmarshalText(b []byte) error {
	q, err := ParsePointer(string(b))
	if err != nil {
		return err
	}
	*p = q
	return nil
}

// Lookup returns the part of the rollout that p points to; it is never missing.
//
// Without a pointer, a reference that is a string or a number is used whole,
// and an object with exactly one member stands for that member; keys are never
// guessed. A string that holds a JSON object counts as that object, and where
// a pointer leads on, one that holds a JSON list counts as that list. Whatever
// cannot be found is a [*DataError] that says which pointers exist.
func (r *Rollout) Lookup(p Pointer) (Reference, error) {
	if p.inMetadata() {
		ref, err := r.pointed(string(p.path()), "/metadata")
		if err == nil && ref.Missing() {
			err = Dataf(ref.Where(), "is null")
		}
		return ref, err
	}
	ref := r.Reference
	if !p.set {
		ref, err := ref.whole()
		if err == nil && ref.Missing() {
			err = Dataf(ref.Where(), "the reference answer is null")
		}
		return ref, err
	}
	if ref.Missing() {
		return ref, ref.want("a value at " + fmt.Sprintf("%q", p.text))
	}
	for token := range p.path().Tokens() {
		var err error
		if ref, err = ref.member(token); err != nil {
			return ref, err
		}
	}
	if ref.Missing() {
		return ref, Dataf(ref.Where(), "the reference answer is null")
	}
	return ref, nil
}

// At returns what a JSON pointer into the whole rollout leads to: /id,
// /reference_answer/..., /metadata/... or, for any other field of the row,
// /field/...; what is not there is a [*DataError].
func (r *Rollout) At(pointer string) (Reference, error) {
	p := jsontext.Pointer(pointer)
	if !p.IsValid() || p == "" {
		return Reference{}, fmt.Errorf("want a JSON pointer such as /metadata/task, got %q", pointer)
	}
	first, rest := splitPointer(p)
	switch first {
	case "id":
		id, err := NewReference(r.ID)
		id.at = "/id"
		return id, err
	case "reference_answer":
		return r.Lookup(Pointer{text: string(rest), set: true})
	case "metadata":
		if rest == "" {
			return Reference{}, Dataf("/metadata", "want a field of the metadata, such as /metadata/task")
		}
		return r.pointed(string(rest), "/metadata")
	}
	return r.pointed(pointer, "")
}

func splitPointer(p jsontext.Pointer) (first string, rest jsontext.Pointer) {
	for token := range p.Tokens() {
		first = token
		break
	}
	if i := strings.IndexByte(string(p[1:]), '/'); i >= 0 {
		rest = p[1+i:]
	}
	return first, rest
}

// pointed follows a pointer that begins in the row's other fields.
func (r *Rollout) pointed(pointer, parent string) (Reference, error) {
	first, rest := splitPointer(jsontext.Pointer(pointer))
	at := string(jsontext.Pointer(parent).AppendToken(first))
	ref := Reference{raw: jsontext.Value(r.Metadata[first]), at: at}
	if ref.raw == nil && first == "reference_answer" {
		ref = r.Reference
	}
	if ref.raw == nil {
		return Reference{at: at}, withNames(Dataf(at, "the rollout has no such field"), slices.Sorted(maps.Keys(r.Metadata)), "")
	}
	for token := range rest.Tokens() {
		var err error
		if ref, err = ref.member(token); err != nil {
			return ref, err
		}
	}
	return ref, nil
}

// describe names the kind of a JSON value without quoting it.
func describe(v jsontext.Value) string {
	switch v.Kind() {
	case 'n':
		return "null"
	case 't', 'f':
		return "a Boolean"
	case '"':
		return "a string"
	case '0':
		return "a number"
	case '{':
		return "an object"
	case '[':
		return "a list"
	}
	return "nothing"
}

// memberNames returns the names of an object's members in order.
func memberNames(v jsontext.Value) []string {
	if v.Kind() != '{' {
		return nil
	}
	var names []string
	dec := newDecoder(v)
	if _, err := dec.ReadToken(); err != nil {
		return nil
	}
	for dec.PeekKind() == '"' {
		t, err := dec.ReadToken()
		if err != nil {
			return names
		}
		names = append(names, t.String())
		if err := dec.SkipValue(); err != nil {
			return names
		}
	}
	return names
}
