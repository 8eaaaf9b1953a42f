package specschema

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/jsonschema-go/jsonschema"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/answer"
)

// kindSchema returns the schema of a grader of one kind: its type and options.
func kindSchema(k *grader.Kind) (*jsonschema.Schema, error) {
	s, err := structSchema(reflect.ValueOf(k.Defaults()), nil)
	if err != nil {
		return nil, err
	}
	if s.Properties["type"] != nil {
		return nil, fmt.Errorf(`no option can have the name "type": a spec writes the kind there`)
	}
	s.Description = k.Synopsis()
	s.Properties["type"] = &jsonschema.Schema{Const: constant(k.Name()), Description: k.Synopsis()}
	s.PropertyOrder = append([]string{"type"}, s.PropertyOrder...)
	s.Required = []string{"type"}
	return s, nil
}

// structSchema returns the schema of a struct of options with its defaults.
// It does not enter again the types above it.
func structSchema(v reflect.Value, above []reflect.Type) (*jsonschema.Schema, error) {
	s := &jsonschema.Schema{Type: "object", Properties: map[string]*jsonschema.Schema{}, AdditionalProperties: never()}
	above = append(above[:len(above):len(above)], v.Type())
	return s, addFields(s, v, above)
}

func addFields(s *jsonschema.Schema, v reflect.Value, above []reflect.Type) error {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-":
			continue
		case f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct && !readsItself(f.Type):
			if err := addFields(s, v.Field(i), above); err != nil {
				return err
			}
			continue
		case !f.IsExported():
			continue
		case name == "":
			name = f.Name
		}
		var values []any
		if tag := f.Tag.Get("enum"); tag != "" {
			for e := range strings.SplitSeq(tag, ",") {
				values = append(values, e)
			}
		}
		field, err := valueSchema(v.Field(i), values, above)
		if err != nil {
			return fmt.Errorf("option %q: %w", name, err)
		}
		field.Description = f.Tag.Get("doc")
		if err := setDefault(field, v.Field(i)); err != nil {
			return fmt.Errorf("option %q: %w", name, err)
		}
		s.Properties[name] = field
		s.PropertyOrder = append(s.PropertyOrder, name)
	}
	return nil
}

// setDefault notes a default, unless it says nothing: a mapping shows those of
// its members, and an empty text or list none.
func setDefault(s *jsonschema.Schema, v reflect.Value) error {
	switch k := v.Kind(); {
	case k == reflect.Struct && !readsItself(v.Type()):
		return nil
	case (k == reflect.Slice || k == reflect.Map) && v.Len() == 0:
		return nil
	case v.IsZero() && k != reflect.Bool && (k < reflect.Int || k > reflect.Float64):
		return nil
	}
	b, err := jsonv2.Marshal(v.Interface(), jsonv2.Deterministic(true))
	if err != nil {
		return fmt.Errorf("encode the default: %w", err)
	}
	s.Default = json.RawMessage(b)
	return nil
}

// valueSchema returns the schema of a value of v's type; values are those of
// the enum tag.
func valueSchema(v reflect.Value, values []any, above []reflect.Type) (*jsonschema.Schema, error) {
	t := v.Type()
	if t.Kind() == reflect.Pointer {
		inner := v.Elem()
		if v.IsNil() {
			inner = reflect.Zero(t.Elem())
		}
		s, err := valueSchema(inner, values, above)
		return orNull(s), err
	}
	if s := ownSchema(v); s != nil {
		return s, nil
	}
	switch k := t.Kind(); {
	case values != nil && k == reflect.String:
		return &jsonschema.Schema{Type: "string", Enum: values}, nil
	case textual(t) || k == reflect.String:
		return &jsonschema.Schema{Type: "string"}, nil
	case k == reflect.Bool:
		return &jsonschema.Schema{Type: "boolean"}, nil
	case k >= reflect.Int && k <= reflect.Int64:
		return &jsonschema.Schema{Type: "integer"}, nil
	case k >= reflect.Uint && k <= reflect.Uintptr:
		return &jsonschema.Schema{Type: "integer", Minimum: pointer(0.0)}, nil
	case k == reflect.Float32 || k == reflect.Float64:
		return &jsonschema.Schema{Type: "number"}, nil
	case k == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
		return &jsonschema.Schema{Type: "string", ContentEncoding: "base64"}, nil
	case k == reflect.Slice || k == reflect.Array:
		items, err := valueSchema(reflect.Zero(t.Elem()), values, above)
		s := &jsonschema.Schema{Type: "array", Items: items}
		if k == reflect.Array {
			s.MinItems, s.MaxItems = pointer(t.Len()), pointer(t.Len())
		}
		return s, err
	case k == reflect.Map:
		members, err := valueSchema(reflect.Zero(t.Elem()), values, above)
		return &jsonschema.Schema{Type: "object", AdditionalProperties: members}, err
	case k == reflect.Struct:
		for _, a := range above {
			if a == t {
				return &jsonschema.Schema{Type: "object"}, nil
			}
		}
		return structSchema(v, above)
	}
	return nil, fmt.Errorf("options of type %v have no JSON", t)
}

// ownSchema returns the schema of a type whose JSON is its own, and nil for
// all others. Types that are not known here are not restricted.
func ownSchema(v reflect.Value) *jsonschema.Schema {
	switch v.Type() {
	case reflect.TypeFor[grader.Pointer]():
		return &jsonschema.Schema{Types: []string{"string", "null"}, Pattern: "^(metadata:)?/|^$"}
	case reflect.TypeFor[grader.Action]():
		return actionSchema()
	case reflect.TypeFor[answer.Finders]():
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{
			finderSchema(),
			{Type: "array", Items: finderSchema(), MinItems: pointer(1), UniqueItems: true},
			{Type: "null"},
		}}
	case reflect.TypeFor[time.Duration]():
		if b, err := jsonv2.Marshal(v.Interface()); err == nil && jsontext.Value(b).Kind() == '"' {
			return &jsonschema.Schema{Type: "string", Pattern: durationPattern}
		}
		return &jsonschema.Schema{}
	}
	if !readsJSON(v.Type()) && v.Kind() != reflect.Interface {
		return nil
	}
	s := &jsonschema.Schema{}
	if o, ok := reflect.Zero(v.Type()).Interface().(interface{ OptionType() string }); ok {
		s.Title = o.OptionType()
	}
	return s
}

func actionSchema() *jsonschema.Schema {
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Enum: []any{"fail", "neutral"}}, {Type: "number"}}}
}

// finderSchema lets an editor complete the finders without an argument.
func finderSchema() *jsonschema.Schema {
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{
		{Enum: []any{"boxed", "hashes", "marker", "last_number", "last_line", "code", "whole"}},
		{Type: "string", Pattern: "^(tag|regex):.|^json:"},
	}}
}

// orNull lets a value be null, too.
func orNull(s *jsonschema.Schema) *jsonschema.Schema {
	switch {
	case s == nil || s.Type == "":
		return s
	case s.Enum != nil:
		s.Enum = append(s.Enum[:len(s.Enum):len(s.Enum)], nil)
	}
	s.Types, s.Type = []string{s.Type, "null"}, ""
	return s
}

// readsItself reports whether a type is no mapping of options to a spec.
func readsItself(t reflect.Type) bool { return readsJSON(t) || textual(t) }

func readsJSON(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[jsonv2.UnmarshalerFrom]())
}

func textual(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[interface{ UnmarshalText([]byte) error }]())
}

func quote(s string) json.RawMessage {
	b, _ := jsontext.AppendQuote(nil, s) // a Go string constant is valid UTF-8
	return json.RawMessage(b)
}

func number(f float64) json.RawMessage { return json.RawMessage(jsontext.AppendFloat(nil, f, 64)) }
