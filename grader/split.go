package grader

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// envelope is the member under which some callers send the array.
const envelope = "trajectories"

// split cuts a payload into its rollouts. It goes by brackets and strings
// alone, and leaves the grammar of each rollout to its decoder: so a rollout
// with broken grammar inside does not lose its neighbours, and nothing is read
// twice. Where the brackets do not close, what follows the damage cannot be
// counted, and the payload is refused.
func split(payload []byte) ([]jsontext.Value, error) {
	at := len(payload) - len(bytes.TrimLeft(payload, jsonSpace))
	if at == len(payload) {
		return nil, &PayloadError{Err: errors.New("the payload is empty")}
	}
	if c := payload[at]; c != '[' && c != '{' {
		return nil, scalarProblem(payload)
	}
	parts, end, ok := outline(payload[at:])
	if !ok {
		return nil, grammarProblem(payload)
	}
	end += at
	if rest := bytes.TrimLeft(payload[end:], jsonSpace); len(rest) > 0 {
		return nil, &PayloadError{Offset: int64(len(payload) - len(rest)), Err: errors.New("something follows the end of the JSON value")}
	}
	if payload[at] == '[' {
		return parts, nil
	}
	return splitObject(payload[at:end], int64(at), parts)
}

// splitObject tells an envelope from a bare rollout.
func splitObject(object []byte, at int64, members []jsontext.Value) ([]jsontext.Value, error) {
	var batch jsontext.Value
	var names []string
	batches, isRollout := 0, false
	for _, m := range members {
		name, value := cutMember(m)
		switch name {
		case envelope:
			batch = value
			batches++
		case "messages":
			return []jsontext.Value{object}, nil
		case "id":
			isRollout = true
		}
		names = append(names, name)
	}
	switch {
	case batches > 1:
		return nil, &PayloadError{Offset: at, Err: fmt.Errorf("the name %q occurs twice", envelope)}
	case batches == 1:
		if len(batch) == 0 || batch[0] != '[' {
			return nil, &PayloadError{Offset: at, Err: fmt.Errorf("%q is %s, not an array", envelope, describe(batch))}
		}
		parts, end, ok := outline(batch)
		if !ok || end != len(batch) {
			return nil, grammarProblem(object)
		}
		return parts, nil
	case isRollout:
		return []jsontext.Value{object}, nil
	case len(names) == 0:
		return nil, &PayloadError{Offset: at, Err: errors.New("the payload is an empty object")}
	}
	return nil, &PayloadError{Offset: at, Err: fmt.Errorf("the payload is an object without messages (it has %s)", quoteNames(names))}
}

func quoteNames(names []string) string {
	const most = 8
	more := ""
	if len(names) > most {
		more = fmt.Sprintf(" and %d more", len(names)-most)
		names = names[:most]
	}
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = strconv.Quote(fieldName(n))
	}
	return strings.Join(quoted, ", ") + more
}

const jsonSpace = " \t\r\n"

// outline cuts the array or object at the start of b at its commas. It returns
// where the array or object ends, and false where its brackets do not close;
// the parts before the damage are returned all the same.
func outline(b []byte) (parts []jsontext.Value, end int, ok bool) {
	var nested []byte // the opening brackets, innermost last
	start := 1
	for i := 0; i < len(b); i++ {
		switch c := b[i]; c {
		case '"':
			n := stringEnd(b[i:])
			if n < 0 {
				return parts, len(b), false
			}
			i += n - 1
		case '{', '[':
			nested = append(nested, c)
		case ',':
			if len(nested) == 1 {
				parts = append(parts, bytes.Trim(b[start:i], jsonSpace))
				start = i + 1
			}
		case '}', ']':
			// ASCII puts each closing bracket two behind its opening one.
			if len(nested) == 0 || nested[len(nested)-1] != c-2 {
				return parts, i, false
			}
			if nested = nested[:len(nested)-1]; len(nested) == 0 {
				if last := bytes.Trim(b[start:i], jsonSpace); len(last) > 0 || len(parts) > 0 {
					parts = append(parts, last)
				}
				return parts, i + 1, true
			}
		}
	}
	return parts, len(b), false
}

// stringEnd returns the length of the string at the start of b with its
// quotes, or -1 where it does not end.
func stringEnd(b []byte) int {
	for i := 1; ; i++ {
		n := bytes.IndexByte(b[i:], '"')
		if n < 0 {
			return -1
		}
		i += n
		slashes := 0
		for b[i-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return i + 1
		}
	}
}

// cutMember cuts a part of an object into its name and its value. Both are
// empty where it has not that form.
func cutMember(part jsontext.Value) (name string, value jsontext.Value) {
	if len(part) == 0 || part[0] != '"' {
		return "", nil
	}
	n := stringEnd(part)
	if n < 0 {
		return "", nil
	}
	rest := bytes.TrimLeft(part[n:], jsonSpace)
	if len(rest) == 0 || rest[0] != ':' {
		return "", nil
	}
	return idText(part[:n]), bytes.TrimLeft(rest[1:], jsonSpace)
}

// member finds a member of a damaged object by its outline. It returns nil
// unless there is exactly one, and a whole JSON value.
func member(object []byte, name string) jsontext.Value {
	object = bytes.TrimLeft(object, jsonSpace)
	if len(object) == 0 || object[0] != '{' {
		return nil
	}
	parts, _, _ := outline(object)
	var found jsontext.Value
	for _, p := range parts {
		n, value := cutMember(p)
		if n != name {
			continue
		}
		if found != nil || !value.IsValid(lenient()...) {
			return nil
		}
		found = value
	}
	return found
}

func lenient() []jsontext.Options {
	return []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}
}

func newDecoder(b []byte) *jsontext.Decoder {
	return jsontext.NewDecoder(bytes.NewBuffer(b), lenient()...)
}

func scalarProblem(payload []byte) error {
	dec := newDecoder(payload)
	if _, err := dec.ReadToken(); err != nil {
		return &PayloadError{Offset: dec.InputOffset(), Err: bareSyntax(err)}
	}
	return &PayloadError{Err: fmt.Errorf("the payload is %s", describe(payload))}
}

// grammarProblem says where the grammar of a payload breaks.
func grammarProblem(payload []byte) error {
	dec := newDecoder(payload)
	for {
		_, err := dec.ReadToken()
		if err == nil {
			continue
		}
		var syn *jsontext.SyntacticError
		if errors.As(err, &syn) {
			return &PayloadError{Offset: syn.ByteOffset, Err: bareSyntax(err)}
		}
		return &PayloadError{Offset: dec.InputOffset(), Err: bareSyntax(err)}
	}
}

// bareSyntax names a grammar fault without quoting the text around it.
func bareSyntax(err error) error {
	var syn *jsontext.SyntacticError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
		return errors.New("the JSON ends too early")
	case errors.As(err, &syn):
		msg := syn.Err.Error()
		if i := strings.IndexAny(msg, "'\"`"); i >= 0 {
			// What is quoted first is the data, and later what was expected.
			quoted, err := strconv.QuotedPrefix(msg[i:])
			if err != nil {
				quoted = msg[i:]
			}
			msg = strings.TrimSpace(strings.TrimSpace(msg[:i]) + msg[i+len(quoted):])
		}
		return errors.New(msg)
	}
	return errors.New("invalid JSON")
}
