package spec

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// A node is one value of a spec with its place in the text.
type node struct {
	kind    kind
	style   style
	at      place
	text    string   // of a text, what it says; of a number or a Boolean, its JSON
	raw     string   // of a number or a Boolean, how it is written
	members []member // of a mapping, in the order of the document, each name once
	items   []*node  // of a list
}

// A member is a name with a value.
type member struct {
	name  string
	at    place
	value *node
}

type kind uint8

const (
	kindNull kind = iota
	kindBoolean
	kindNumber
	kindText
	kindList
	kindMapping
	kindBroken // reported already: whoever meets it passes it over in silence
)

// style says how a scalar is written, which decides where inside it an offset lies.
type style uint8

const (
	plain style = iota
	singleQuoted
	doubleQuoted
	block // literal or folded, behind a header line
)

// got describes the value in an error.
func (n *node) got() string {
	switch n.kind {
	case kindBoolean, kindNumber:
		return n.text
	case kindText:
		return clip(n.text)
	case kindList:
		return "a list"
	case kindMapping:
		return "a mapping"
	}
	return "nothing"
}

// member returns the member of a mapping with a name, or nil.
func (n *node) member(name string) *member {
	for i := range n.members {
		if n.members[i].name == name {
			return &n.members[i]
		}
	}
	return nil
}

// step follows one token of a JSON pointer. It returns where the member's name
// or the element begins, and nil for what is not there.
func (n *node) step(token string) (place, *node) {
	switch n.kind {
	case kindMapping:
		if m := n.member(token); m != nil {
			return m.at, m.value
		}
	case kindList:
		if i, err := strconv.Atoi(token); err == nil && i >= 0 && i < len(n.items) {
			return n.items[i].at, n.items[i]
		}
	}
	return place{}, nil
}

// broken reports whether a fault was reported in n or below it.
func (n *node) isBroken() bool {
	if n.kind == kindBroken {
		return true
	}
	for _, m := range n.members {
		if m.value.isBroken() {
			return true
		}
	}
	for _, e := range n.items {
		if e.isBroken() {
			return true
		}
	}
	return false
}

// appendJSON writes n as JSON. It must not be broken.
func (n *node) appendJSON(dst []byte) []byte {
	switch n.kind {
	case kindBoolean, kindNumber:
		return append(dst, n.text...)
	case kindText:
		return appendText(dst, n.text)
	case kindList:
		dst = append(dst, '[')
		for i, e := range n.items {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = e.appendJSON(dst)
		}
		return append(dst, ']')
	case kindMapping:
		return appendMembers(dst, n.members)
	}
	return append(dst, "null"...)
}

func appendMembers(dst []byte, members []member) []byte {
	dst = append(dst, '{')
	for i, m := range members {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendText(dst, m.name), ':')
		dst = m.value.appendJSON(dst)
	}
	return append(dst, '}')
}

// appendText quotes a text, which is valid UTF-8: the source was checked, and
// escapes cannot name half a character.
func appendText(dst []byte, s string) []byte {
	quoted, _ := jsontext.AppendQuote(dst, s)
	return quoted
}
