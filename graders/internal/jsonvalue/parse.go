package jsonvalue

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Bounds of what is read. Numbers are bounded since 1e999999 is six bytes and
// a million digits.
const (
	MaxDepth    = 100  // of objects and lists in each other
	maxNumber   = 1000 // bytes of one number
	maxExponent = 400  // of ten, which is more than any float64 has
)

// Parse reads text that is one JSON value with white space around it at most.
// A name that occurs twice in an object, invalid UTF-8 and what goes beyond the
// bounds are errors; none of them quotes the text.
func Parse(text string) (any, error) {
	p := parser{jsontext.NewDecoder(strings.NewReader(text))}
	v, err := p.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := p.dec.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the JSON value")
	}
	return v, nil
}

type parser struct{ dec *jsontext.Decoder }

func (p parser) value(depth int) (any, error) {
	switch kind := p.dec.PeekKind(); kind {
	case '{', '[':
		if depth++; depth > MaxDepth {
			return nil, fmt.Errorf("objects and lists stand in each other deeper than %d", MaxDepth)
		}
		if _, err := p.dec.ReadToken(); err != nil {
			return nil, broken(err)
		}
		if kind == '{' {
			return p.object(depth)
		}
		return p.list(depth)
	}
	v, err := p.dec.ReadValue()
	if err != nil {
		return nil, broken(err)
	}
	switch v.Kind() {
	case '"':
		b, err := jsontext.AppendUnquote(nil, v)
		return string(b), err
	case '0':
		n := string(v)
		if !readable(n) {
			return nil, fmt.Errorf("a number has more than %d characters, or an exponent beyond %d", maxNumber, maxExponent)
		}
		return json.Number(n), nil
	case 't':
		return true, nil
	case 'f':
		return false, nil
	}
	return nil, nil
}

func (p parser) object(depth int) (any, error) {
	members := map[string]any{}
	for p.dec.PeekKind() != '}' {
		name, err := p.dec.ReadToken()
		if err != nil {
			return nil, broken(err)
		}
		key := name.String()
		if members[key], err = p.value(depth); err != nil {
			return nil, err
		}
	}
	_, err := p.dec.ReadToken()
	return members, broken(err)
}

func (p parser) list(depth int) (any, error) {
	elements := []any{}
	for p.dec.PeekKind() != ']' {
		v, err := p.value(depth)
		if err != nil {
			return nil, err
		}
		elements = append(elements, v)
	}
	_, err := p.dec.ReadToken()
	return elements, broken(err)
}

func broken(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, jsontext.ErrDuplicateName):
		return errors.New("a name occurs twice in an object")
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return errors.New("the JSON ends too early")
	}
	return errors.New("it is not valid JSON")
}

func readable(number string) bool {
	if len(number) > maxNumber {
		return false
	}
	_, exponent, ok := cutExponent(number)
	if !ok {
		return true
	}
	e, err := strconv.Atoi(exponent)
	return err == nil && -maxExponent <= e && e <= maxExponent
}

func cutExponent(number string) (mantissa, exponent string, ok bool) {
	if i := strings.IndexAny(number, "eE"); i >= 0 {
		return number[:i], number[i+1:], true
	}
	return number, "", false
}

// canonical returns the one way to write a number of the value of n.
func canonical(n json.Number) string {
	mantissa, exponent, _ := cutExponent(string(n))
	e, _ := strconv.Atoi(exponent) // an exponent that is missing is 0; others were read by readable
	digits, negative := strings.CutPrefix(mantissa, "-")
	whole, fraction, _ := strings.Cut(digits, ".")
	e -= len(fraction)
	digits = strings.TrimLeft(whole+fraction, "0")
	trimmed := strings.TrimRight(digits, "0")
	if trimmed == "" {
		return "0"
	}
	e += len(digits) - len(trimmed)
	trimmed += "e" + strconv.Itoa(e)
	if negative {
		return "-" + trimmed
	}
	return trimmed
}

// Says reports whether a value holds a number, a Boolean or a text that is not
// blank, at any depth.
func Says(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.ContainsFunc(v, visible)
	case []any:
		for _, e := range v {
			if Says(e) {
				return true
			}
		}
		return false
	case map[string]any:
		for _, e := range v {
			if Says(e) {
				return true
			}
		}
		return false
	}
	return v != nil
}
