package verdict

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// strictly reads a text that is one JSON value. Repeated members are kept.
func strictly(text string) (*node, bool) {
	d := jsontext.NewDecoder(strings.NewReader(text), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	x, err := decodeNode(d, 0)
	if err != nil {
		return nil, false
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, false
	}
	return x, true
}

func decodeNode(d *jsontext.Decoder, depth int) (*node, error) {
	if depth > maxDepth {
		v, err := d.ReadValue()
		return &node{kind: bare, text: string(bytes.TrimSpace(v[:min(len(v), 1)]))}, err
	}
	t, err := d.ReadToken()
	if err != nil {
		return nil, err
	}
	switch t.Kind() {
	case '"':
		return &node{kind: str, text: t.String()}, nil
	case '{':
		x := &node{kind: object}
		for d.PeekKind() != '}' {
			name, err := d.ReadToken()
			if err != nil {
				return nil, err
			}
			key := name.String()
			v, err := decodeNode(d, depth+1)
			if err != nil {
				return nil, err
			}
			x.members = append(x.members, member{key, v})
		}
		_, err := d.ReadToken()
		return x, err
	case '[':
		x := &node{kind: list}
		for d.PeekKind() != ']' {
			v, err := decodeNode(d, depth+1)
			if err != nil {
				return nil, err
			}
			x.items = append(x.items, v)
		}
		_, err := d.ReadToken()
		return x, err
	}
	return &node{kind: bare, text: t.String()}, nil
}
