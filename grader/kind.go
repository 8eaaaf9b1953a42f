package grader

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"reflect"
	"strings"
	"sync"

	jsonv2 "github.com/go-json-experiment/json"
)

// A Kind is a kind of grader: a name, a doc, options with their defaults, and
// how a grader is built from them. It is a value made by [Define]; programs
// list the kinds they know, and nothing is registered anywhere.
type Kind struct {
	name, doc string
	defaults  any
	decode    func(options []byte) (any, error)
	build     func(*Env, any) (Grader, error)
	helper    func(args []string) int
	service   string
	start     func(context.Context, *Env) (Service, error)
}

// Define makes a Kind.
//
// The name is what a spec writes after "type:". The doc is the text of "rft
// help NAME"; its first sentence stands in lists.
//
// C is a struct of options. Its fields carry json tags for their names, doc
// tags for what "rft help" says of them and, for strings with few values,
// enum tags ("a,b,c"). The defaults are filled in before a spec's options are
// read, so build sees every option set; unknown options, wrong types, nulls
// and values outside an enum never reach it. A null is for options that are
// pointers, or that read JSON themselves.
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
func (k *Kind) Defaults() any {
	if c, err := k.decode(nil); err == nil {
		return c
	}
	return k.defaults // half-built: see Validate
}

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
	// Shared is what the graders of one spec have in common, such as a quota
	// that they keep to together, by keys of types of their own; nil for a
	// grader that is built alone.
	Shared *sync.Map
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
	text := textOf(e.Err, "not what is wanted here")
	if p == "" {
		return text
	}
	return p + ": " + text
}

func (e *OptionError) Unwrap() error { return e.Err }

// Optionf returns an [*OptionError] for the option at a JSON pointer such as
// "/tolerance/rel".
func Optionf(pointer, format string, args ...any) *OptionError {
	return &OptionError{Pointer: pointer, Err: fmt.Errorf(format, args...)}
}

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
		if !isKindName(k.name) {
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
		names := map[string]bool{}
		for _, o := range k.Options() {
			if o.Doc == "" {
				fail("option %q has no doc tag", o.Name)
			}
			if names[o.Name] {
				fail("two options have the name %q", o.Name)
			}
			names[o.Name] = true
		}
		for _, f := range untagged(t) {
			fail("the option field %s has no json tag", f)
		}
		c, err := k.decode(nil)
		switch {
		case err != nil:
			fail("its defaults are refused: %w", err)
		case !sameOptions(reflect.ValueOf(c), reflect.ValueOf(k.defaults)):
			fail("its defaults change when they are copied as JSON: keep them in exported fields that are read as they are written")
		}
	}
	return errors.Join(errs...)
}

func isKindName(s string) bool {
	for i, c := range []byte(s) {
		if !(c >= 'a' && c <= 'z') && (i == 0 || c != '_' && !(c >= '0' && c <= '9')) {
			return false
		}
	}
	return s != ""
}

// sameOptions compares two values of one type, the first of them a copy. An
// empty list or map and none are the same, and so are null and no raw JSON.
func sameOptions(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Slice, reflect.Map:
		if a.Len() == 0 && b.Len() == 0 {
			return true
		}
		if b.Len() == 0 && a.Type().ConvertibleTo(reflect.TypeFor[[]byte]()) && string(a.Bytes()) == "null" {
			return true
		}
		if a.Len() != b.Len() || a.Kind() == reflect.Slice && !sameElements(a, b) {
			return false
		}
		if a.Kind() == reflect.Map {
			for _, key := range a.MapKeys() {
				if v := b.MapIndex(key); !v.IsValid() || !sameOptions(a.MapIndex(key), v) {
					return false
				}
			}
		}
		return true
	case reflect.Array:
		return sameElements(a, b)
	case reflect.Struct:
		for i := range a.NumField() {
			if !sameOptions(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Pointer, reflect.Interface:
		if a.IsNil() || b.IsNil() {
			return a.IsNil() == b.IsNil()
		}
		a, b = a.Elem(), b.Elem()
		return a.Type() == b.Type() && sameOptions(a, b)
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return a.IsNil() && b.IsNil()
	}
	return a.Equal(b)
}

func sameElements(a, b reflect.Value) bool {
	for i := range a.Len() {
		if !sameOptions(a.Index(i), b.Index(i)) {
			return false
		}
	}
	return true
}
