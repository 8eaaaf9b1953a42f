package wire

import (
	"bytes"
	"slices"
	"strconv"
)

// Key returns text that is the same for values that are equal in a mode and for
// no others; ok is false for what equals nothing, itself included. Close counts
// as Python, Near as JSON.
func (v Value) Key(m Mode) (key string, ok bool) {
	k := keyer{mode: m}
	ok = k.append(v)
	return string(k.b), ok
}

// keyer writes keys. Every part is written behind its length or its count, so
// that no two values run together.
type keyer struct {
	mode Mode
	flat bool // lists as multisets
	b    []byte
}

func (k *keyer) part(kind byte, s string) {
	k.b = strconv.AppendInt(append(k.b, kind), int64(len(s)), 10)
	k.b = append(append(k.b, ':'), s...)
}

func (k *keyer) append(v Value) bool {
	strict, python := k.mode == Strict, k.mode.python()
	switch v.Kind {
	case Object, Unwritten:
		return false
	case Undefined:
		if strict || python {
			k.b = append(k.b, 'u')
			return true
		}
		k.b = append(k.b, 'z')
	case Null:
		k.b = append(k.b, 'z')
	case Text:
		k.part('t', v.Text)
	case Bytes:
		k.part('y', v.Text)
	case Bool:
		if python {
			return k.number(v)
		}
		k.b = append(k.b, 'b', '0'+byte(v.Float))
	case Int, Float, Complex, Exact:
		return k.number(v)
	case List, Tuple:
		kind := byte('l')
		if v.Kind == Tuple && (strict || python) {
			kind = 'p'
		}
		return k.items(kind, v.Items, k.flat)
	case Set, FrozenSet:
		kind := byte('s')
		if v.Kind == FrozenSet && strict {
			kind = 'f'
		} else if k.flat {
			kind = 'l'
		}
		return k.items(kind, v.Items, true)
	case Map:
		return k.members(v.Items)
	}
	return true
}

func (k *keyer) number(v Value) bool {
	if k.mode.python() && nan(v) {
		return false
	}
	kind := byte('n')
	if k.mode == Strict {
		kind = "nife"[kindOfNumber(v)]
	}
	var buf [64]byte
	k.part(kind, string(v.appendNumberKey(buf[:0])))
	if k.mode == Strict && v.Kind == Exact {
		k.part('k', v.Name)
	}
	return true
}

// kindOfNumber tells the kinds of numbers apart: 1 Int, 2 Float, 3 Exact, 0 Complex.
func kindOfNumber(v Value) int {
	switch v.Kind {
	case Int:
		return 1
	case Float:
		return 2
	case Exact:
		return 3
	}
	return 0
}

func (k *keyer) items(kind byte, items []Value, sorted bool) bool {
	k.b = strconv.AppendInt(append(k.b, kind), int64(len(items)), 10)
	k.b = append(k.b, '[')
	if !sorted {
		for _, item := range items {
			if !k.append(item) {
				return false
			}
		}
		return true
	}
	keys, ok := k.each(items)
	slices.SortFunc(keys, bytes.Compare)
	for _, key := range keys {
		k.b = append(k.b, key...)
	}
	return ok
}

// each returns the key of every item.
func (k *keyer) each(items []Value) ([][]byte, bool) {
	inner := keyer{mode: k.mode, flat: k.flat}
	ends := make([]int, len(items))
	for i, item := range items {
		if !inner.append(item) {
			return nil, false
		}
		ends[i] = len(inner.b)
	}
	keys := make([][]byte, len(items))
	start := 0
	for i, end := range ends {
		keys[i], start = inner.b[start:end], end
	}
	return keys, true
}

func (k *keyer) members(items []Value) bool {
	var keys [][]byte
	for i := 0; i+1 < len(items); i += 2 {
		if k.dropped(items[i+1]) {
			continue
		}
		inner := keyer{mode: k.mode, flat: k.flat}
		if !inner.mapKey(items[i]) || !inner.append(items[i+1]) {
			return false
		}
		keys = append(keys, inner.b)
	}
	slices.SortFunc(keys, bytes.Compare)
	k.b = strconv.AppendInt(append(k.b, 'm'), int64(len(keys)), 10)
	k.b = append(k.b, '{')
	for _, key := range keys {
		k.b = append(k.b, key...)
	}
	return true
}

// dropped reports whether a member of a map counts as not there: JSON has no
// undefined.
func (k *keyer) dropped(v Value) bool {
	return v.Kind == Undefined && k.mode != Strict && !k.mode.python()
}

// mapKey writes the key of a map's member. As JSON has only text for keys, 1
// and "1" are the same where values are compared as JSON.
func (k *keyer) mapKey(v Value) bool {
	if k.mode == Strict || k.mode.python() {
		return k.append(v)
	}
	switch v.Kind {
	case Null:
		k.part('t', "null")
	case Bool:
		k.part('t', strconv.FormatBool(v.True()))
	case Int, Float, Exact, Complex:
		var buf [64]byte
		k.part('t', string(v.appendNumberKey(buf[:0])))
	default:
		return k.append(v)
	}
	return true
}
