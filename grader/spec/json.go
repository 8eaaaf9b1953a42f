package spec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// readJSON reads the source as JSON. The error is one of syntax, with its
// place; other faults are reported and leave broken nodes.
func readJSON(r *report) (*node, place, error) {
	j := jsonReader{
		report: r,
		dec:    jsontext.NewDecoder(bytes.NewBufferString(r.src.text), jsontext.AllowDuplicateNames(true)),
		walker: walker{s: r.src},
	}
	root, err := j.value("", 0)
	if err == nil {
		rest := r.src.text[j.dec.InputOffset():]
		behind := strings.TrimLeft(rest, " \t\n")
		if behind == "" {
			return root, place{}, nil
		}
		return nil, r.src.place(len(r.src.text) - len(behind)), errors.New("not JSON: want nothing behind the closing brace")
	}
	var syn *jsontext.SyntacticError
	switch {
	case err == io.EOF:
		return nil, place{1, 1}, errors.New("the spec is empty")
	case !errors.As(err, &syn):
		return nil, r.src.place(int(j.dec.InputOffset())), err
	}
	why := strings.TrimPrefix(syn.Err.Error(), "jsontext: ")
	switch {
	case errors.Is(syn.Err, io.ErrUnexpectedEOF):
		why = "the text ends too early"
	case trailingComma(r.src.text[syn.ByteOffset:]):
		why = "a comma too many"
	}
	return nil, r.src.place(int(syn.ByteOffset)), fmt.Errorf("not JSON: %s", why)
}

// trailingComma reports whether a text begins with a comma before a closing
// brace or bracket.
func trailingComma(s string) bool {
	rest, ok := strings.CutPrefix(s, ",")
	rest = strings.TrimLeft(rest, " \t\n")
	return ok && (strings.HasPrefix(rest, "}") || strings.HasPrefix(rest, "]"))
}

type jsonReader struct {
	*report
	dec    *jsontext.Decoder
	walker walker
	values int // read so far
}

// raw reads a scalar and returns where it begins.
func (j *jsonReader) raw() (jsontext.Value, place, error) {
	v, err := j.dec.ReadValue()
	if err != nil {
		return nil, place{}, err
	}
	return v, j.walker.place(int(j.dec.InputOffset()) - len(v)), nil
}

func (j *jsonReader) value(path string, depth int) (*node, error) {
	if j.values++; j.values > maxTokens {
		return nil, errManyTokens()
	}
	switch k := j.dec.PeekKind(); k {
	case '{', '[':
		if _, err := j.dec.ReadToken(); err != nil {
			return nil, err
		}
		at := j.walker.place(int(j.dec.InputOffset()) - 1)
		if depth > maxDepth {
			return nil, fmt.Errorf("lists and mappings are nested more than %d deep", maxDepth)
		}
		if k == '{' {
			return j.object(at, path, depth)
		}
		return j.array(at, path, depth)
	case '"':
		v, at, err := j.raw()
		if err != nil {
			return nil, err
		}
		s, err := jsontext.AppendUnquote(nil, v)
		return &node{kind: kindText, style: doubleQuoted, at: at, text: string(s)}, err
	default:
		v, at, err := j.raw()
		if err != nil {
			return nil, err
		}
		n := &node{at: at, text: string(v), raw: string(v)}
		switch k {
		case '0':
			n.kind = kindNumber
		case 't', 'f':
			n.kind = kindBoolean
		}
		return n, nil
	}
}

func (j *jsonReader) object(at place, path string, depth int) (*node, error) {
	out := &node{kind: kindMapping, at: at}
	names := nameSet{}
	for j.dec.PeekKind() != '}' {
		v, keyAt, err := j.raw()
		if err != nil {
			return nil, err
		}
		name, err := jsontext.AppendUnquote(nil, v)
		if err != nil {
			return nil, err
		}
		if len(name) > maxName {
			return nil, errLongName()
		}
		value, err := j.value(under(path, string(name)), depth+1)
		if err != nil {
			return nil, err
		}
		if names.add(j.report, string(name), keyAt, path) {
			out.members = append(out.members, member{name: string(name), at: keyAt, value: value})
		}
	}
	_, err := j.dec.ReadToken()
	return out, err
}

func (j *jsonReader) array(at place, path string, depth int) (*node, error) {
	out := &node{kind: kindList, at: at}
	for j.dec.PeekKind() != ']' {
		item, err := j.value(atIndex(path, len(out.items)), depth+1)
		if err != nil {
			return nil, err
		}
		out.items = append(out.items, item)
	}
	_, err := j.dec.ReadToken()
	return out, err
}
