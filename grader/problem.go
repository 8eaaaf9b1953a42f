package grader

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/grader/internal/nearest"
)

func decodeOptions(options []byte, to any) error {
	err := jsonv2.Unmarshal(options, to, jsonv2.RejectUnknownMembers(true),
		jsonv2.WithUnmarshalers(jsonv2.UnmarshalFromFunc(refuseNull)))
	if err == nil {
		return nil
	}
	p := decodeProblem(err)
	if errors.Is(err, jsonv2.ErrUnknownName) {
		name := jsontext.Pointer(p.pointer).LastToken()
		known := optionNames(reflect.TypeOf(to).Elem(), string(jsontext.Pointer(p.pointer).Parent()))
		return &OptionError{Pointer: p.pointer, Name: true, Err: fmt.Errorf("no such option%s%s", nearest.Hint(name, known), listNames(known))}
	}
	text := p.text
	if p.value != "" {
		text += ", got " + scalarAt(options, p.pointer, p.value)
	}
	return &OptionError{Pointer: p.pointer, Err: errors.New(text)}
}

// refuseNull keeps a null, which is often an option whose value was forgotten,
// from turning a default into a zero.
func refuseNull(dec *jsontext.Decoder, to any) error {
	t := reflect.TypeOf(to).Elem()
	if dec.PeekKind() != 'n' || t.Kind() == reflect.Pointer || t.Kind() == reflect.Interface || readsJSON(t) {
		return errors.ErrUnsupported
	}
	return &jsonv2.SemanticError{GoType: t, JSONKind: 'n'}
}

// scalarAt returns the string or number at a place in the options as it is
// written, and otherwise what is given.
func scalarAt(options []byte, pointer, otherwise string) string {
	ref := Reference{raw: options}
	for token := range jsontext.Pointer(pointer).Tokens() {
		var err error
		if ref, err = ref.member(token); err != nil {
			return otherwise
		}
	}
	switch ref.raw.Kind() {
	case '"', '0', 't', 'f':
		return clip(strings.TrimSpace(string(ref.raw)))
	}
	return otherwise
}

func listNames(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return " (there are " + strings.Join(names, ", ") + ")"
}

// problem is a JSON decoding error in words: what was wanted, what was there.
type problem struct {
	pointer string
	text    string // what was wanted, without what was there
	value   string // what was there; may quote the data
	bare    string // what was wanted and the kind of what was there, quoting nothing
}

func decodeProblem(err error) problem {
	var sem *jsonv2.SemanticError
	var syn *jsontext.SyntacticError
	switch {
	case errors.As(err, &sem):
		return semanticProblem(sem)
	case errors.As(err, &syn):
		p := problem{pointer: string(syn.JSONPointer)}
		p.text = bareSyntax(err).Error()
		if errors.Is(err, jsontext.ErrDuplicateName) {
			p.text = "occurs twice"
		}
		p.bare = p.text
		return p
	}
	return problem{text: err.Error(), bare: otherForm}
}

const otherForm = "not of the form that is wanted here"

func semanticProblem(sem *jsonv2.SemanticError) problem {
	p := problem{pointer: string(sem.JSONPointer)}
	kind := describe(jsontext.Value(string(rune(sem.JSONKind))))
	if sem.Err != nil && sem.GoType != nil && (readsJSON(sem.GoType) || textual(sem.GoType) && sem.JSONKind == '"') {
		// The error of a type's own decoder says what it wants.
		p.text, p.bare = sem.Err.Error(), otherForm
		if inner, ok := errors.AsType[*jsonv2.SemanticError](sem.Err); ok {
			q := semanticProblem(inner)
			q.pointer = p.pointer + q.pointer
			return q
		}
		return p
	}
	p.text = "want another type"
	if sem.GoType != nil && goTypeName(sem.GoType) != "" {
		p.text = "want " + goTypeName(sem.GoType)
		if errors.Is(sem.Err, strconv.ErrRange) {
			p.text += " in the range of " + sem.GoType.Kind().String()
		}
	}
	p.value, p.bare = kind, p.text+", got "+kind
	if v := sem.JSONValue; len(v) > 0 && v.Kind() != '{' && v.Kind() != '[' {
		p.value = clip(string(v))
	}
	return p
}

func clip(s string) string {
	const most = 60
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "..."
	}
	return s
}

var textUnmarshaler = reflect.TypeFor[interface{ UnmarshalText([]byte) error }]()

// readsJSON reports whether t has a JSON decoder of its own.
func readsJSON(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(jsonUnmarshaler) || p.Implements(jsonUnmarshalerFrom)
}

func textual(t reflect.Type) bool { return reflect.PointerTo(t).Implements(textUnmarshaler) }

func goTypeName(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if textual(t) {
		return "a string"
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return "a whole number"
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "a whole number of 0 or more"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.String:
		return "a string"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Map, reflect.Struct:
		return "a mapping"
	}
	return ""
}
