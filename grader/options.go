package grader

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/grader/internal/nearest"
)

// An Option describes one option of a kind, for help texts and schemas.
type Option struct {
	Name    string   // dotted for options inside options: tolerance.rel
	Type    string   // "string", "number", "whole number", "true or false", "list", "mapping"
	Default string   // as JSON; "" where the option is unset
	Doc     string   // the doc tag
	Values  []string // the enum tag
}

// Options describes the options of k in the order of their fields.
func (k *Kind) Options() []Option {
	v := reflect.ValueOf(k.defaults)
	if !v.IsValid() || v.Kind() != reflect.Struct {
		return nil
	}
	var out []Option
	appendOptions(&out, v, "")
	return out
}

func appendOptions(out *[]Option, v reflect.Value, prefix string) {
	for _, f := range optionFields(v.Type()) {
		fv := v.FieldByIndex(f.Index)
		o := Option{Name: prefix + f.name, Type: optionType(f.Type), Doc: f.Tag.Get("doc"), Values: f.values()}
		if inner := f.Type; isOptionStruct(inner) {
			*out = append(*out, o)
			appendOptions(out, fv, o.Name+".")
			continue
		}
		if !fv.IsZero() || fv.Kind() == reflect.Bool || isNumber(fv.Kind()) {
			if b, err := jsonv2.Marshal(fv.Interface(), jsonv2.Deterministic(true)); err == nil {
				o.Default = string(b)
			}
		}
		*out = append(*out, o)
		if t := f.Type; t.Kind() == reflect.Pointer && isOptionStruct(t.Elem()) {
			appendOptions(out, reflect.Zero(t.Elem()), o.Name+".")
		}
	}
}

func isNumber(k reflect.Kind) bool { return k >= reflect.Int && k <= reflect.Float64 }

// isOptionStruct reports whether t is a struct that specs write as a mapping.
func isOptionStruct(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && !textual(t) && !reflect.PointerTo(t).Implements(jsonUnmarshaler) && !reflect.PointerTo(t).Implements(jsonUnmarshalerFrom)
}

var (
	jsonUnmarshaler     = reflect.TypeFor[jsonv2.Unmarshaler]()
	jsonUnmarshalerFrom = reflect.TypeFor[jsonv2.UnmarshalerFrom]()
)

func optionType(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if d, ok := reflect.Zero(t).Interface().(interface{ OptionType() string }); ok {
		return d.OptionType()
	}
	if textual(t) {
		return "string"
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Float32, reflect.Float64:
		return "number"
	case reflect.String:
		return "string"
	case reflect.Slice, reflect.Array:
		return "list"
	case reflect.Map, reflect.Struct:
		return "mapping"
	}
	if isNumber(t.Kind()) {
		return "whole number"
	}
	return "value"
}

type optionField struct {
	reflect.StructField
	name string
}

func (f optionField) values() []string {
	if e := f.Tag.Get("enum"); e != "" {
		return strings.Split(e, ",")
	}
	return nil
}

func optionFields(t reflect.Type) []optionField {
	var out []optionField
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() || name == "-" {
			continue
		}
		if name == "" {
			name = f.Name
		}
		out = append(out, optionField{f, name})
	}
	return out
}

// optionNames returns the names known at a JSON pointer into options of type t.
func optionNames(t reflect.Type, pointer string) []string {
	for token := range jsontext.Pointer(pointer).Tokens() {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		switch t.Kind() {
		case reflect.Slice, reflect.Array, reflect.Map:
			t = t.Elem()
		case reflect.Struct:
			i := slices.IndexFunc(optionFields(t), func(f optionField) bool { return f.name == token })
			if i < 0 {
				return nil
			}
			t = optionFields(t)[i].Type
		default:
			return nil
		}
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	var names []string
	for _, f := range optionFields(t) {
		names = append(names, f.name)
	}
	return names
}

// checkEnums refuses strings outside the enum tag of their field.
func checkEnums(v reflect.Value, pointer string) error {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			return checkEnums(v.Elem(), pointer)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if err := checkEnums(v.Index(i), fmt.Sprintf("%s/%d", pointer, i)); err != nil {
				return err
			}
		}
	case reflect.Map:
		for iter := v.MapRange(); iter.Next(); {
			at := string(jsontext.Pointer(pointer).AppendToken(fmt.Sprint(iter.Key())))
			if err := checkEnums(iter.Value(), at); err != nil {
				return err
			}
		}
	case reflect.Struct:
		if !isOptionStruct(v.Type()) {
			return nil
		}
		for _, f := range optionFields(v.Type()) {
			fv := v.FieldByIndex(f.Index)
			at := string(jsontext.Pointer(pointer).AppendToken(f.name))
			values := f.values()
			if values == nil {
				if err := checkEnums(fv, at); err != nil {
					return err
				}
				continue
			}
			if err := checkEnum(fv, values, at); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkEnum checks a string, or every string of a list.
func checkEnum(v reflect.Value, values []string, at string) error {
	if v.Kind() == reflect.Slice {
		for i := range v.Len() {
			if err := checkEnum(v.Index(i), values, fmt.Sprintf("%s/%d", at, i)); err != nil {
				return err
			}
		}
		return nil
	}
	if got := v.String(); v.Kind() == reflect.String && !slices.Contains(values, got) {
		return Optionf(at, "want one of %s, got %q%s", strings.Join(values, ", "), got, nearest.Hint(got, values))
	}
	return nil
}
