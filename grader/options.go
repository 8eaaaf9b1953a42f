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
	appendOptions(&out, v, "", nil)
	return out
}

// appendOptions describes the fields of v, a struct inside structs of the
// types above, which it does not enter again.
func appendOptions(out *[]Option, v reflect.Value, prefix string, above []reflect.Type) {
	above = append(slices.Clone(above), v.Type())
	for _, f := range optionFields(v.Type()) {
		fv := v.FieldByIndex(f.Index)
		o := Option{Name: prefix + f.name, Type: optionType(f.Type), Doc: f.Tag.Get("doc"), Values: f.values()}
		if inner := f.Type; isOptionStruct(inner) {
			*out = append(*out, o)
			appendOptions(out, fv, o.Name+".", above)
			continue
		}
		t := f.Type
		mapping := t.Kind() == reflect.Pointer && isOptionStruct(t.Elem())
		if !mapping && (!fv.IsZero() || fv.Kind() == reflect.Bool || isNumber(fv.Kind())) {
			if b, err := jsonv2.Marshal(fv.Interface(), jsonv2.Deterministic(true)); err == nil {
				o.Default = string(b)
			}
		}
		*out = append(*out, o)
		if mapping && !slices.Contains(above, t.Elem()) {
			inner := fv.Elem()
			if fv.IsNil() {
				inner = reflect.Zero(t.Elem())
			}
			appendOptions(out, inner, o.Name+".", above)
		}
	}
}

func isNumber(k reflect.Kind) bool { return k >= reflect.Int && k <= reflect.Float64 }

// isOptionStruct reports whether t is a struct that specs write as a mapping.
func isOptionStruct(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && !textual(t) && !readsJSON(t)
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

// optionFields returns the options of a struct type, those of embedded structs
// in their place.
func optionFields(t reflect.Type) []optionField {
	var out []optionField
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-":
			continue
		case embedded(f):
			for _, inner := range optionFields(f.Type) {
				inner.Index = append(slices.Clone(f.Index), inner.Index...)
				out = append(out, inner)
			}
			continue
		case !f.IsExported():
			continue
		case name == "":
			name = f.Name
		}
		out = append(out, optionField{f, name})
	}
	return out
}

// embedded reports whether the members of f stand among those of its struct.
func embedded(f reflect.StructField) bool {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return f.Anonymous && name == "" && isOptionStruct(f.Type)
}

// untagged returns the fields of option structs that have no json tag.
func untagged(t reflect.Type, above ...reflect.Type) []string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Array || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if !isOptionStruct(t) || slices.Contains(above, t) {
		return nil
	}
	var out []string
	above = append(slices.Clone(above), t)
	for i := range t.NumField() {
		f := t.Field(i)
		if _, ok := f.Tag.Lookup("json"); !ok && f.IsExported() && !embedded(f) {
			out = append(out, f.Name)
		}
		if f.IsExported() {
			out = append(out, untagged(f.Type, above...)...)
		}
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
	if v.Kind() == reflect.Pointer && !v.IsNil() {
		return checkEnum(v.Elem(), values, at)
	}
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
