package suite

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/wire"
)

// A node is a JSON value of the tests with its place.
type node struct {
	raw jsontext.Value
	at  string // JSON pointer into the rollout
}

func (n node) fault(format string, args ...any) error { return grader.Dataf(n.at, format, args...) }

func (n node) missing() bool { return len(n.raw) == 0 || n.raw.Kind() == 'n' }

func (n node) kind() string {
	switch n.raw.Kind() {
	case 'n':
		return "null"
	case 't', 'f':
		return "a Boolean"
	case '"':
		return "a string"
	case '0':
		return "a number"
	case '{':
		return "an object"
	case '[':
		return "a list"
	}
	return "nothing"
}

// open returns what a string of JSON holds, down to two levels of strings, and
// otherwise the node itself.
func (n node) open() node {
	for range 2 {
		if n.raw.Kind() != '"' {
			return n
		}
		s, err := n.text()
		if err != nil {
			return n
		}
		inner := jsontext.Value(s)
		if k := inner.Kind(); k != '{' && k != '[' && k != '"' || !inner.IsValid(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true)) {
			return n
		}
		n.raw = bytes.TrimSpace(inner)
	}
	return n
}

// members returns the members of an object.
func (n node) members() (map[string]node, error) {
	n = n.open()
	if n.raw.Kind() != '{' {
		return nil, n.fault("want an object, got %s%s", n.kind(), n.compressed())
	}
	var raw map[string]jsontext.Value
	if err := jsonv2.Unmarshal(n.raw, &raw, jsontext.AllowInvalidUTF8(true)); err != nil {
		return nil, n.fault("unreadable object: is a name in it twice?")
	}
	out := make(map[string]node, len(raw))
	for name, v := range raw {
		out[name] = node{v, string(jsontext.Pointer(n.at).AppendToken(name))}
	}
	return out, nil
}

// elements returns the elements of a list.
func (n node) elements() ([]node, error) {
	n = n.open()
	if n.raw.Kind() != '[' {
		return nil, n.fault("want a list, got %s%s", n.kind(), n.compressed())
	}
	var raw []jsontext.Value
	if err := jsonv2.Unmarshal(n.raw, &raw, jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true)); err != nil {
		return nil, n.fault("unreadable list")
	}
	out := make([]node, len(raw))
	for i, v := range raw {
		out[i] = node{v, fmt.Sprintf("%s/%d", n.at, i)}
	}
	return out, nil
}

// compressed says what to do about tests that were packed.
func (n node) compressed() string {
	if n.raw.Kind() != '"' {
		return ""
	}
	s, err := n.text()
	if err != nil {
		return ""
	}
	head, err := base64.StdEncoding.DecodeString(s[:min(len(s)&^3, 8)])
	if err == nil && len(head) > 1 && (head[0] == 0x78 || head[0] == 0x1f && head[1] == 0x8b || head[0] == 0x80) {
		return " that looks like compressed or pickled tests: unpack them to JSON when the dataset is made, because reading a pickle runs what is in it"
	}
	return " that holds no JSON"
}

func (n node) text() (string, error) {
	var s string
	if n.raw.Kind() != '"' {
		return "", n.fault("want a string, got %s", n.kind())
	}
	if err := jsonv2.Unmarshal(n.raw, &s, jsontext.AllowInvalidUTF8(true)); err != nil {
		return "", n.fault("unreadable string")
	}
	return s, nil
}

// optional reads a string, or "" for null and what is not there.
func (n node) optional() (string, error) {
	if n.missing() {
		return "", nil
	}
	return n.text()
}

func (n node) texts() ([]string, error) {
	elements, err := n.elements()
	if err != nil {
		return nil, err
	}
	out := make([]string, len(elements))
	for i, e := range elements {
		if out[i], err = e.text(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// number reads a number from 0 up.
func (n node) number() (float64, error) {
	var f float64
	if n.raw.Kind() != '0' || jsonv2.Unmarshal(n.raw, &f) != nil || f < 0 || math.IsInf(f, 0) {
		return 0, n.fault("want a number of 0 or more")
	}
	return f, nil
}

func (n node) boolean() (bool, error) {
	var b bool
	if jsonv2.Unmarshal(n.raw, &b) != nil {
		return false, n.fault("want true or false, got %s", n.kind())
	}
	return b, nil
}

func (n node) value() (wire.Value, error) {
	v, err := wire.ReadData(n.raw)
	if err != nil {
		return v, n.fault("unreadable value: %w", err)
	}
	return v, nil
}

// fields is an object whose members are taken one by one, so that those which
// nobody knows can be told.
type fields struct {
	node
	left map[string]node
}

func (n node) fields() (*fields, error) {
	m, err := n.members()
	return &fields{n, m}, err
}

func (f *fields) has(name string) bool { return !f.left[name].missing() }

// take removes a member; one that is not there has nothing but its place.
func (f *fields) take(name string) node {
	n, ok := f.left[name]
	if !ok {
		n = f.member(name)
	}
	delete(f.left, name)
	return n
}

func (f *fields) member(name string) node {
	return node{at: string(jsontext.Pointer(f.at).AppendToken(name))}
}

// done refuses members that nobody took: a misspelt option must not change what
// is a right answer.
func (f *fields) done(known string) error {
	if len(f.left) > 0 {
		name := slices.Min(slices.Collect(maps.Keys(f.left)))
		return f.member(name).fault("tests of this form have no such member: they have %s", strings.Join(strings.Fields(known), ", "))
	}
	return nil
}
