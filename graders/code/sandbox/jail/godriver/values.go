package godriver

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDepth is how deep values may be nested.
const maxDepth = 200

// A writer writes values as package wire has them.
type writer struct {
	limit   int
	handles *handles
	out     bytes.Buffer
}

// results writes what a call returned: nothing as null, several as a list. What
// was made stays an object.
func (w *writer) results(vs []reflect.Value, made bool) string {
	switch {
	case len(vs) == 0:
		return "null"
	case made:
		name, _ := json.Marshal(vs[0].Type().Elem().Name())
		return fmt.Sprintf(`{"$o":%s,"h":%d}`, name, w.handles.keep(vs[0]))
	case len(vs) == 1:
		w.out.Reset()
		w.value(vs[0], 0)
		return w.text()
	}
	return w.list(vs)
}

func (w *writer) list(vs []reflect.Value) string {
	w.out.Reset()
	w.out.WriteByte('[')
	for i, v := range vs {
		w.comma(i)
		w.value(v, 1)
	}
	w.out.WriteByte(']')
	return w.text()
}

func (w *writer) text() string {
	if w.out.Len() > w.limit {
		return `{"$x":"long"}`
	}
	return w.out.String()
}

func (w *writer) comma(i int) {
	if i > 0 {
		w.out.WriteByte(',')
	}
}

func (w *writer) value(v reflect.Value, depth int) {
	if w.out.Len() > w.limit {
		return
	}
	if depth > maxDepth {
		w.out.WriteString(`{"$x":"deep"}`)
		return
	}
	switch v.Kind() {
	case reflect.Invalid:
		w.out.WriteString("null")
	case reflect.Bool:
		w.out.WriteString(strconv.FormatBool(v.Bool()))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		w.out.WriteString(strconv.FormatInt(v.Int(), 10))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		w.out.WriteString(strconv.FormatUint(v.Uint(), 10))
	case reflect.Float32:
		w.float(v.Float(), 32)
	case reflect.Float64:
		w.float(v.Float(), 64)
	case reflect.Complex64, reflect.Complex128:
		w.out.WriteString(`{"$c":[`)
		w.float(real(v.Complex()), 64)
		w.out.WriteByte(',')
		w.float(imag(v.Complex()), 64)
		w.out.WriteString("]}")
	case reflect.String:
		w.string(v.String())
	case reflect.Slice, reflect.Array:
		w.sequence(v, depth)
	case reflect.Map:
		w.mapping(v, depth)
	case reflect.Struct:
		w.structure(v, depth)
	case reflect.Interface:
		w.value(v.Elem(), depth)
	case reflect.Pointer:
		w.pointer(v, depth)
	default:
		w.object(v)
	}
}

// pointer writes what it points to, unless that is an object with methods
// which the other side may ask about.
func (w *writer) pointer(v reflect.Value, depth int) {
	if !v.IsNil() && v.Type() == reflect.TypeFor[*big.Int]() && v.CanInterface() {
		w.out.WriteString(v.Interface().(*big.Int).String())
		return
	}
	if !v.IsNil() && w.handles != nil && v.NumMethod() > 0 {
		w.object(v)
		return
	}
	w.value(v.Elem(), depth+1)
}

func (w *writer) object(v reflect.Value) {
	t := v.Type()
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	name := t.Name()
	if name == "" {
		name = t.Kind().String()
	}
	quoted, _ := json.Marshal(name)
	if w.handles == nil || !v.CanInterface() {
		fmt.Fprintf(&w.out, `{"$o":%s}`, quoted)
		return
	}
	fmt.Fprintf(&w.out, `{"$o":%s,"h":%d}`, quoted, w.handles.keep(v))
}

func (w *writer) float(f float64, bits int) {
	switch {
	case math.IsNaN(f):
		w.out.WriteString(`{"$f":"nan"}`)
		return
	case math.IsInf(f, 1):
		w.out.WriteString(`{"$f":"inf"}`)
		return
	case math.IsInf(f, -1):
		w.out.WriteString(`{"$f":"-inf"}`)
		return
	}
	s := strconv.FormatFloat(f, 'g', -1, bits)
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	w.out.WriteString(s)
}

func (w *writer) string(s string) {
	if len(s) > w.limit {
		// It is too long in any case; text says so.
		w.out.Write(make([]byte, w.limit+1))
		return
	}
	quoted, _ := json.Marshal(s)
	w.out.Write(quoted)
}

func (w *writer) sequence(v reflect.Value, depth int) {
	if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
		w.out.WriteString(`{"$b":"` + base64.StdEncoding.EncodeToString(v.Bytes()) + `"}`)
		return
	}
	w.out.WriteByte('[')
	for i := range v.Len() {
		w.comma(i)
		w.value(v.Index(i), depth+1)
		if w.out.Len() > w.limit {
			break
		}
	}
	w.out.WriteByte(']')
}

func (w *writer) mapping(v reflect.Value, depth int) {
	keys := v.MapKeys()
	plain := true
	for _, k := range keys {
		if k.Kind() != reflect.String || strings.HasPrefix(k.String(), "$") {
			plain = false
		}
	}
	start, between, end := "{", ":", "}"
	if !plain {
		start, between, end = `{"$d":[`, ",", "]}"
	} else {
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	}
	w.out.WriteString(start)
	for i, k := range keys {
		w.comma(i)
		if !plain {
			w.out.WriteByte('[')
		}
		w.value(k, depth+1)
		w.out.WriteString(between)
		w.value(v.MapIndex(k), depth+1)
		if !plain {
			w.out.WriteByte(']')
		}
		if w.out.Len() > w.limit {
			break
		}
	}
	w.out.WriteString(end)
}

func (w *writer) structure(v reflect.Value, depth int) {
	w.out.WriteByte('{')
	t := v.Type()
	for i := range t.NumField() {
		w.comma(i)
		w.string(fieldName(t.Field(i)))
		w.out.WriteByte(':')
		w.value(v.Field(i), depth+1)
	}
	w.out.WriteByte('}')
}

func fieldName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "" || name == "-" {
		return f.Name
	}
	return name
}

// read makes a value of a line into one of type t.
func (s *server) read(raw json.RawMessage, t reflect.Type) (reflect.Value, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		return reflect.Value{}, err
	}
	v := reflect.New(t).Elem()
	return v, s.set(v, tree)
}

// set stores a decoded value in v.
func (s *server) set(v reflect.Value, tree any) error {
	if m, ok := tree.(map[string]any); ok {
		special, inner, k := specialOf(m)
		if special {
			return s.setSpecial(v, k, inner, m)
		}
	}
	if v.Type() == reflect.TypeFor[*big.Int]() {
		return setBig(v, tree)
	}
	switch v.Kind() {
	case reflect.Pointer:
		if tree == nil {
			return nil
		}
		v.Set(reflect.New(v.Type().Elem()))
		return s.set(v.Elem(), tree)
	case reflect.Interface:
		return s.setAny(v, tree)
	}
	switch x := tree.(type) {
	case nil:
		switch v.Kind() {
		case reflect.Slice, reflect.Map:
			return nil
		}
	case bool:
		if v.Kind() == reflect.Bool {
			v.SetBool(x)
			return nil
		}
	case string:
		return setString(v, x)
	case json.Number:
		return setNumber(v, x)
	case []any:
		return s.setList(v, x)
	case map[string]any:
		return s.setMap(v, x)
	}
	return mismatch(v, tree)
}

func mismatch(v reflect.Value, tree any) error {
	return &failure{kind: "error", message: fmt.Sprintf("a value of kind %T does not fit %s", tree, v.Type())}
}

func specialOf(m map[string]any) (bool, any, string) {
	if len(m) > 2 {
		return false, nil, ""
	}
	for k, inner := range m {
		if strings.HasPrefix(k, "$") {
			return true, inner, k
		}
	}
	return false, nil, ""
}

func (s *server) setSpecial(v reflect.Value, k string, inner any, m map[string]any) error {
	switch k {
	case "$f":
		f, err := strconv.ParseFloat(fmt.Sprint(inner), 64)
		if err == nil && v.CanFloat() {
			v.SetFloat(f)
			return nil
		}
		if err == nil && v.Kind() == reflect.Interface {
			v.Set(reflect.ValueOf(f))
			return nil
		}
	case "$t", "$s", "$fs":
		return s.set(v, inner)
	case "$b":
		b, err := base64.StdEncoding.DecodeString(fmt.Sprint(inner))
		if err == nil && v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes(b)
			return nil
		}
		if err == nil && v.Kind() == reflect.String {
			v.SetString(string(b))
			return nil
		}
	case "$n":
		if n, ok := inner.(string); ok {
			return s.set(v, json.Number(n))
		}
	case "$u":
		return s.set(v, nil)
	case "$d":
		return s.setPairs(v, inner)
	case "$o":
		return s.setObject(v, m)
	}
	return mismatch(v, inner)
}

func (s *server) setObject(v reflect.Value, m map[string]any) error {
	n, _ := m["h"].(json.Number)
	number, err := strconv.Atoi(n.String())
	if err != nil || s.handles == nil {
		return mismatch(v, m)
	}
	o, err := s.handles.get(number)
	if err != nil {
		return err
	}
	switch {
	case o.Type().AssignableTo(v.Type()):
		v.Set(o)
	case o.Kind() == reflect.Pointer && o.Type().Elem().AssignableTo(v.Type()):
		v.Set(o.Elem())
	default:
		return mismatch(v, m)
	}
	return nil
}

func (s *server) setPairs(v reflect.Value, inner any) error {
	pairs, ok := inner.([]any)
	if !ok || v.Kind() != reflect.Map {
		return mismatch(v, inner)
	}
	v.Set(reflect.MakeMapWithSize(v.Type(), min(len(pairs), 1024)))
	for _, p := range pairs {
		pair, ok := p.([]any)
		if !ok || len(pair) != 2 {
			return mismatch(v, p)
		}
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		if err := s.set(key, pair[0]); err != nil {
			return err
		}
		if err := s.set(value, pair[1]); err != nil {
			return err
		}
		v.SetMapIndex(key, value)
	}
	return nil
}

// setAny stores what encoding/json would, with whole numbers as int.
func (s *server) setAny(v reflect.Value, tree any) error {
	if v.NumMethod() > 0 {
		if tree == nil {
			return nil
		}
		return mismatch(v, tree)
	}
	plain, err := s.plain(tree)
	if err != nil || plain == nil {
		return err
	}
	v.Set(reflect.ValueOf(plain))
	return nil
}

func (s *server) plain(tree any) (any, error) {
	switch x := tree.(type) {
	case json.Number:
		if i, err := strconv.Atoi(x.String()); err == nil {
			return i, nil
		}
		return x.Float64()
	case []any:
		list := make([]any, len(x))
		for i := range x {
			if err := s.set(reflect.ValueOf(&list[i]).Elem(), x[i]); err != nil {
				return nil, err
			}
		}
		return list, nil
	case map[string]any:
		m := make(map[string]any, len(x))
		for k, e := range x {
			var value any
			if err := s.set(reflect.ValueOf(&value).Elem(), e); err != nil {
				return nil, err
			}
			m[k] = value
		}
		return m, nil
	}
	return tree, nil
}

// setString also stores one character in a byte or rune, and text in bytes or
// runes, as boards of letters are given.
func setString(v reflect.Value, x string) error {
	switch {
	case v.Kind() == reflect.String:
		v.SetString(x)
		return nil
	case v.Kind() == reflect.Uint8 && len(x) == 1:
		v.SetUint(uint64(x[0]))
		return nil
	case v.Kind() == reflect.Int32 && utf8.RuneCountInString(x) == 1:
		r, _ := utf8.DecodeRuneInString(x)
		v.SetInt(int64(r))
		return nil
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8:
		v.SetBytes([]byte(x))
		return nil
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Int32:
		v.Set(reflect.ValueOf([]rune(x)).Convert(v.Type()))
		return nil
	}
	return mismatch(v, x)
}

func setNumber(v reflect.Value, x json.Number) error {
	text := x.String()
	switch {
	case v.CanInt():
		i, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			f, ferr := strconv.ParseFloat(text, 64)
			if ferr != nil || f != math.Trunc(f) || math.Abs(f) >= 1<<63 {
				return mismatch(v, x)
			}
			i = int64(f)
		}
		if v.OverflowInt(i) {
			return mismatch(v, x)
		}
		v.SetInt(i)
		return nil
	case v.CanUint():
		u, err := strconv.ParseUint(text, 10, 64)
		if err != nil || v.OverflowUint(u) {
			return mismatch(v, x)
		}
		v.SetUint(u)
		return nil
	case v.CanFloat():
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return mismatch(v, x)
		}
		v.SetFloat(f)
		return nil
	}
	return mismatch(v, x)
}

func setBig(v reflect.Value, tree any) error {
	n, ok := new(big.Int).SetString(fmt.Sprint(tree), 10)
	if !ok {
		return mismatch(v, tree)
	}
	v.Set(reflect.ValueOf(n))
	return nil
}

func (s *server) setList(v reflect.Value, x []any) error {
	switch v.Kind() {
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), len(x), len(x)))
	case reflect.Array:
		if len(x) != v.Len() {
			return mismatch(v, x)
		}
	case reflect.Map: // a set: its members are the keys
		if elem := v.Type().Elem(); elem.Kind() != reflect.Bool && elem.Size() != 0 {
			return mismatch(v, x)
		}
		v.Set(reflect.MakeMapWithSize(v.Type(), min(len(x), 1024)))
		for _, e := range x {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			if value.Kind() == reflect.Bool {
				value.SetBool(true)
			}
			if err := s.set(key, e); err != nil {
				return err
			}
			v.SetMapIndex(key, value)
		}
		return nil
	default:
		return mismatch(v, x)
	}
	for i := range x {
		if err := s.set(v.Index(i), x[i]); err != nil {
			return err
		}
	}
	return nil
}

func (s *server) setMap(v reflect.Value, x map[string]any) error {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			for k, e := range x {
				if (k == fieldName(f) || strings.EqualFold(k, f.Name)) && v.Field(i).CanSet() {
					if err := s.set(v.Field(i), e); err != nil {
						return err
					}
				}
			}
		}
		return nil
	case reflect.Map:
		v.Set(reflect.MakeMapWithSize(v.Type(), min(len(x), 1024)))
		for k, e := range x {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			if err := setKey(key, k); err != nil {
				return err
			}
			if err := s.set(value, e); err != nil {
				return err
			}
			v.SetMapIndex(key, value)
		}
		return nil
	}
	return mismatch(v, x)
}

// setKey reads numbers from the text that JSON makes of keys.
func setKey(v reflect.Value, k string) error {
	if v.CanInt() || v.CanUint() || v.CanFloat() {
		return setNumber(v, json.Number(k))
	}
	if v.Kind() == reflect.Interface {
		v.Set(reflect.ValueOf(k))
		return nil
	}
	return setString(v, k)
}
