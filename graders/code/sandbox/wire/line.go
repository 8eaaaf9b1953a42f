package wire

import (
	"errors"
	"fmt"
	"strconv"
)

// A Call asks a program to call one of its functions.
type Call struct {
	ID    int64
	Entry string
	Args  []Value
	// Kwargs are arguments by name: keys and values by turns, as in a Map.
	Kwargs []Value
	// Nonce is text that nobody can guess. A reply repeats it, so that one which
	// was written before the call is none.
	Nonce string
	// Echo asks for the arguments as they are after the call.
	Echo bool
}

// Append appends the line of the call, without a newline.
func (c Call) Append(b []byte) []byte {
	b = append(b, `{"id":`...)
	b = strconv.AppendInt(b, c.ID, 10)
	b = appendText(append(b, `,"op":"call","entry":`...), c.Entry)
	b = appendList(append(b, `,"args":`...), c.Args)
	b = append(b, `,"kwargs":{`...)
	for i := 0; i+1 < len(c.Kwargs); i += 2 {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendText(b, c.Kwargs[i].Text), ':')
		b = c.Kwargs[i+1].Append(b)
	}
	b = append(b, '}')
	if c.Echo {
		b = append(b, `,"echo":true`...)
	}
	return append(appendText(append(b, `,"nonce":`...), c.Nonce), '}')
}

// A Reply is what a program answered to a call: a value, or an Exception.
type Reply struct {
	Value     Value
	Exception *Exception
	// Args are the arguments after the call, where the call asked for them.
	Args []Value
}

// An Exception is what a call raised. All of it is text by a hostile hand.
type Exception struct {
	Type    string
	Bases   []string // its type and those above it, nearest first
	Message string
}

// ErrNoReply says that a line answers another call, or none.
var ErrNoReply = errors.New("the line is no reply to the call")

// ReadReply reads the line that a program wrote in reply to the call with the
// given id and nonce. A line that is no such reply is [ErrNoReply]; one that
// is none at all, another error. Neither quotes the line.
func ReadReply(line []byte, id int64, nonce string) (Reply, error) {
	r := reader{s: line, strict: true}
	if r.peek() != '{' {
		return Reply{}, fmt.Errorf("byte %d: %w", r.p, r.broken())
	}
	items, err := r.members(0)
	if err == nil && r.peek() != 0 {
		err = errSyntax
	}
	if err != nil {
		return Reply{}, fmt.Errorf("byte %d: %w", r.p, err)
	}
	var reply Reply
	var gotID, gotNonce, gotValue bool
	for i := 0; i < len(items); i += 2 {
		v := items[i+1]
		switch items[i].Text {
		case "id":
			gotID = v.Kind == Int && v.Text == strconv.FormatInt(id, 10)
		case "nonce":
			gotNonce = v.Kind == Text && v.Text == nonce
		case "value":
			reply.Value, gotValue = v, true
		case "args":
			if v.Kind != List {
				return Reply{}, errors.New("want a list of arguments")
			}
			reply.Args = v.Items
		case "error":
			if reply.Exception, err = exception(v); err != nil {
				return Reply{}, err
			}
		default:
			return Reply{}, errors.New("a reply with members that it does not have")
		}
	}
	switch {
	case !gotID || !gotNonce:
		return Reply{}, ErrNoReply
	case gotValue == (reply.Exception != nil):
		return Reply{}, errors.New("want a value or an error")
	}
	return reply, nil
}

func exception(v Value) (*Exception, error) {
	if v.Kind != Map {
		return nil, errors.New("want an error with type, bases and message")
	}
	var e Exception
	for i := 0; i < len(v.Items); i += 2 {
		m := v.Items[i+1]
		switch v.Items[i].Text {
		case "type":
			e.Type = m.Text
		case "message":
			e.Message = m.Text
		case "bases":
			for _, b := range m.Items {
				e.Bases = append(e.Bases, b.Text)
			}
		}
	}
	if e.Type == "" {
		return nil, errors.New("an error without a type")
	}
	return &e, nil
}
