package grader

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"reflect"
	"regexp"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/grader/internal/nearest"
)

// A Kind is a kind of grader: a name, a doc, options with their defaults, and
// how a grader is built from them. It is a value made by [Define]; programs
// list the kinds they know, and nothing is registered anywhere.
type Kind struct {
	name, doc string
	defaults  any
	decode    func(options []byte) (any, error)
	build     func(*Env, any) (Grader, error)
}

// Define makes a Kind.
//
// The name is what a spec writes after "type:". The doc is the text of "rft
// help NAME"; its first sentence stands in lists.
//
// C is a struct of options. Its fields carry json tags for their names, doc
// tags for what "rft help" says of them and, for strings with few values,
// enum tags ("a,b,c"). The defaults are filled in before a spec's options are
// read, so build sees every option set; unknown options, wrong types and
// values outside an enum never reach it.
//
// What build returns may be used by many goroutines at once. A fault in the
// options is best returned as an [*OptionError], so that the place in the spec
// is known. A Grader that is an [io.Closer] is closed with its spec.
func Define[C any](name, doc string, defaults C, build func(*Env, C) (Grader, error)) *Kind {
	k := &Kind{name: name, doc: doc, defaults: defaults}
	k.decode = func(options []byte) (any, error) {
		c, err := clone(defaults)
		if err != nil {
			return nil, err
		}
		if len(options) > 0 {
			if err := decodeOptions(options, &c); err != nil {
				return nil, err
			}
		}
		if err := checkEnums(reflect.ValueOf(&c).Elem(), ""); err != nil {
			return nil, err
		}
		return c, nil
	}
	if build != nil {
		k.build = func(env *Env, c any) (Grader, error) { return build(env, c.(C)) }
	}
	return k
}

// clone copies through JSON, so that no two graders share a map or a slice.
func clone[C any](c C) (C, error) {
	var out C
	b, err := jsonv2.Marshal(c)
	if err == nil {
		err = jsonv2.Unmarshal(b, &out)
	}
	return out, err
}

// Name returns what a spec writes after "type:".
func (k *Kind) Name() string { return k.name }

// Doc returns the help text.
func (k *Kind) Doc() string { return k.doc }

// Synopsis returns the first sentence of the doc, on one line.
func (k *Kind) Synopsis() string {
	s, _, _ := strings.Cut(strings.TrimSpace(k.doc), "\n\n")
	s = strings.Join(strings.Fields(s), " ")
	if i := strings.Index(s, ". "); i >= 0 {
		s = s[:i]
	}
	return strings.TrimSuffix(s, ".")
}

// Defaults returns the options as they are when a spec sets none.
func (k *Kind) Defaults() any { return k.defaults }

// New builds a grader of this kind from options in JSON (an object, or nothing
// for the defaults). Faults in the options are an [*OptionError].
func (k *Kind) New(env *Env, options []byte) (Grader, error) {
	c, err := k.decode(options)
	if err != nil {
		return nil, err
	}
	if env == nil {
		env = &Env{}
	}
	g, err := k.build(env, c)
	if err != nil {
		return nil, err
	}
	if g == nil {
		return nil, fmt.Errorf("kind %q built no grader and gave no error", k.name)
	}
	return g, nil
}

// Resolve returns the options as JSON with the defaults filled in, members in
// a fixed order: what the grader really runs with. Faults are an [*OptionError].
func (k *Kind) Resolve(options []byte) ([]byte, error) {
	c, err := k.decode(options)
	if err != nil {
		return nil, err
	}
	b, err := jsonv2.Marshal(c, jsonv2.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("encode the options of kind %q: %w", k.name, err)
	}
	return b, nil
}

// An Env is what a grader may use while it is built. The zero value works.
type Env struct {
	// Name is the grader's name in the spec.
	Name string
	// Log is where the grader may log. It never gets prompts, answers or references.
	Log *slog.Logger
	// Files reads a file that lies beside the spec. What is read becomes part
	// of the spec's hash.
	Files func(name string) ([]byte, error)
}

// Logger returns Log, or a logger that drops everything.
func (e *Env) Logger() *slog.Logger {
	if e.Log != nil {
		return e.Log
	}
	return slog.New(slog.NewTextHandler(io.Discard, nil))
}

// ReadFile reads a file that lies beside the spec.
func (e *Env) ReadFile(name string) ([]byte, error) {
	if e.Files == nil {
		return nil, fmt.Errorf("read %s: a spec without a folder has no files beside it", name)
	}
	return e.Files(name)
}

// An OptionError is a fault in the options of a grader.
type OptionError struct {
	Pointer string // JSON pointer into the options
	Err     error  // what is wanted, and what was there
	// Name is set when the member's name is the fault, not its value.
	Name bool
}

func (e *OptionError) Error() string {
	p := strings.ReplaceAll(strings.TrimPrefix(e.Pointer, "/"), "/", ".")
	if p == "" {
		return e.Err.Error()
	}
	return p + ": " + e.Err.Error()
}

func (e *OptionError) Unwrap() error { return e.Err }

// Optionf returns an [*OptionError] for the option at a JSON pointer such as
// "/tolerance/rel".
func Optionf(pointer, format string, args ...any) *OptionError {
	return &OptionError{Pointer: pointer, Err: fmt.Errorf(format, args...)}
}

func decodeOptions(options []byte, to any) error {
	err := jsonv2.Unmarshal(options, to, jsonv2.RejectUnknownMembers(true))
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
		text += ", got " + p.value
	}
	return &OptionError{Pointer: p.pointer, Err: errors.New(text)}
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
		p := problem{pointer: string(sem.JSONPointer)}
		switch {
		case sem.GoType != nil && goTypeName(sem.GoType) != "" && (sem.Err == nil || sem.JSONKind != 0 && !textual(sem.GoType)):
			p.text = "want " + goTypeName(sem.GoType)
		case sem.Err != nil:
			// The error of a type's own decoder says what it wants.
			return problem{pointer: p.pointer, text: sem.Err.Error(), bare: "not of the form that is wanted here"}
		default:
			p.text = "want another type"
		}
		kind := describe(jsontext.Value(string(rune(sem.JSONKind))))
		switch sem.JSONKind {
		case '"', '0', 't', 'f', 'n':
			p.value = kind
			if len(sem.JSONValue) > 0 {
				p.value = clip(string(sem.JSONValue))
			}
		default:
			p.value = kind
		}
		p.bare = p.text + ", got " + kind
		return p
	case errors.As(err, &syn):
		p := problem{pointer: string(syn.JSONPointer)}
		p.text = bareSyntax(err).Error()
		if errors.Is(err, jsontext.ErrDuplicateName) {
			p.text = "occurs twice"
		}
		p.bare = p.text
		return p
	}
	return problem{text: err.Error(), bare: "not of the form that is wanted here"}
}

func clip(s string) string {
	const most = 60
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "..."
	}
	return s
}

var textUnmarshaler = reflect.TypeFor[interface{ UnmarshalText([]byte) error }]()

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

var kindName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// Validate refuses kinds that are undocumented, doubled or half-built, before
// anything runs. It returns all faults, joined.
func Validate(kinds ...*Kind) error {
	var errs []error
	seen := map[string]bool{}
	for i, k := range kinds {
		if k == nil {
			errs = append(errs, fmt.Errorf("kind %d of the list is nil", i))
			continue
		}
		fail := func(format string, args ...any) {
			errs = append(errs, fmt.Errorf("kind %q: %w", k.name, fmt.Errorf(format, args...)))
		}
		if !kindName.MatchString(k.name) {
			fail("want a name of lower-case letters, digits and underscores")
		}
		if seen[k.name] {
			fail("two kinds have this name")
		}
		seen[k.name] = true
		if strings.TrimSpace(k.doc) == "" {
			fail("has no doc")
		}
		if k.build == nil {
			fail("has no build function: make kinds with grader.Define")
			continue
		}
		t := reflect.TypeOf(k.defaults)
		if t == nil || t.Kind() != reflect.Struct {
			fail("want a struct of options, got %v", t)
			continue
		}
		for _, o := range k.Options() {
			if o.Doc == "" {
				fail("option %q has no doc tag", o.Name)
			}
		}
		c, err := k.decode(nil)
		switch {
		case err != nil:
			fail("its defaults cannot be copied as JSON: %w", err)
		case !sameOptions(c, k.defaults):
			fail("its defaults change when they are copied as JSON: give every option field a json tag")
		}
	}
	return errors.Join(errs...)
}

// sameOptions compares by what the options encode to, since an empty list and
// no list mean the same.
func sameOptions(a, b any) bool {
	if reflect.DeepEqual(a, b) {
		return true
	}
	x, err1 := jsonv2.Marshal(a, jsonv2.Deterministic(true))
	y, err2 := jsonv2.Marshal(b, jsonv2.Deterministic(true))
	return err1 == nil && err2 == nil && string(x) == string(y) && allTagged(reflect.TypeOf(a))
}

func allTagged(t reflect.Type) bool {
	for i := range t.NumField() {
		if _, ok := t.Field(i).Tag.Lookup("json"); !ok {
			return false
		}
	}
	return true
}
