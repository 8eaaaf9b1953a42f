package grader

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// An Item is one place in a payload: a rollout, or what could be read of it.
type Item struct {
	// ID is the id as it was sent, byte for byte, or null when none was. It
	// falls back to task_id, as AWS's own samples do.
	ID json.RawMessage
	// Rollout is never nil. When Err is not nil it holds what could be read.
	Rollout *Rollout
	// Err is a *DataError when the rollout cannot be graded as it was sent.
	Err error
}

// Decode reads a trainer's payload: an array of rollouts, an object with an
// array under "trajectories", or one bare rollout.
//
// Damage stays where it is: a rollout that cannot be read becomes an Item with
// a [*DataError] at its own index. Decode fails only when no rollouts can be
// told apart in the payload. It keeps no reference to the payload.
//
// A reference answer is taken from the top level or from metadata; two
// different ones in a rollout are a [*DataError], as are members that occur
// twice in an object. Invalid UTF-8 and lone surrogates in text become U+FFFD.
func Decode(payload []byte) ([]Item, error) {
	payload = bytes.TrimPrefix(payload, []byte("\xef\xbb\xbf"))
	raws, err := split(payload)
	if err != nil {
		return nil, err
	}
	items := make([]Item, len(raws))
	var d decoder
	for i, raw := range raws {
		items[i] = d.rollout(raw)
	}
	return items, nil
}

// DecodeRollout reads one rollout, as it stands in an array or on a line of a
// JSONL file. It keeps no reference to raw.
func DecodeRollout(raw []byte) Item {
	var d decoder
	return d.rollout(raw)
}

// A PayloadError says that no rollouts can be told apart in a payload.
type PayloadError struct {
	Offset int64 // in bytes
	Err    error
}

func (e *PayloadError) Error() string {
	return fmt.Sprintf("payload: %v (at byte %d): want a JSON array of rollouts, {\"trajectories\": [...]}, or one rollout", e.Err, e.Offset)
}

func (e *PayloadError) Unwrap() error { return e.Err }

// envelope is the member under which some callers send the array.
const envelope = "trajectories"

func split(payload []byte) ([]jsontext.Value, error) {
	dec := newDecoder(payload)
	switch dec.PeekKind() {
	case '[':
		return splitArray(payload, dec)
	case '{':
		return splitObject(payload, dec)
	}
	_, err := dec.ReadToken()
	switch {
	case errors.Is(err, io.EOF):
		return nil, &PayloadError{Err: errors.New("the payload is empty")}
	case err != nil:
		return nil, &PayloadError{Offset: dec.InputOffset(), Err: bareSyntax(err)}
	}
	return nil, &PayloadError{Err: fmt.Errorf("the payload is %s", describe(jsontext.Value(payload)))}
}

// splitArray cuts the array that comes next into its elements. Where the
// grammar breaks it falls back to the brackets alone.
func splitArray(payload []byte, dec *jsontext.Decoder) ([]jsontext.Value, error) {
	if _, err := dec.ReadToken(); err != nil {
		return nil, syntaxProblem(err)
	}
	base := dec.InputOffset() - 1 // of the opening bracket
	var raws []jsontext.Value
	for dec.PeekKind() != ']' {
		v, err := dec.ReadValue()
		if err != nil {
			if raws, ok := splitByBrackets(payload[base:]); ok {
				return raws, nil
			}
			return nil, syntaxProblem(err)
		}
		end := dec.InputOffset()
		raws = append(raws, jsontext.Value(payload[end-int64(len(v)):end]))
	}
	if _, err := dec.ReadToken(); err != nil {
		return nil, syntaxProblem(err)
	}
	if dec.StackDepth() == 0 {
		return raws, atEnd(dec)
	}
	return raws, nil
}

func splitObject(payload []byte, dec *jsontext.Decoder) ([]jsontext.Value, error) {
	// A bare rollout with broken grammar is one damaged rollout, but what
	// follows a whole one would be lost.
	whole := func() ([]jsontext.Value, error) {
		dec := newDecoder(payload)
		if dec.SkipValue() == nil {
			if err := atEnd(dec); err != nil {
				return nil, err
			}
		}
		return []jsontext.Value{jsontext.Value(payload)}, nil
	}
	if _, err := dec.ReadToken(); err != nil {
		return nil, syntaxProblem(err)
	}
	var names []string
	for dec.PeekKind() == '"' {
		t, err := dec.ReadToken()
		if err != nil {
			return nil, syntaxProblem(err)
		}
		switch name := t.String(); name {
		case envelope:
			if dec.PeekKind() != '[' {
				v, err := dec.ReadValue()
				if err != nil {
					return nil, syntaxProblem(err)
				}
				return nil, &PayloadError{Offset: dec.InputOffset(), Err: fmt.Errorf("%q is %s, not an array", envelope, describe(v))}
			}
			return splitArray(payload, dec)
		case "messages", "id":
			return whole()
		default:
			names = append(names, name)
		}
		if err := dec.SkipValue(); err != nil {
			return nil, syntaxProblem(err)
		}
	}
	if _, err := dec.ReadToken(); err != nil {
		return nil, syntaxProblem(err)
	}
	if len(names) == 0 {
		return nil, &PayloadError{Err: errors.New("the payload is an empty object")}
	}
	return nil, &PayloadError{Err: fmt.Errorf("the payload is an object without messages (it has %s)", quoteNames(names))}
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
		quoted[i] = fmt.Sprintf("%.40q", n)
	}
	return strings.Join(quoted, ", ") + more
}

func atEnd(dec *jsontext.Decoder) error {
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return &PayloadError{Offset: dec.InputOffset(), Err: errors.New("something follows the end of the JSON value")}
	}
	return nil
}

// splitByBrackets cuts an array into elements by brackets and strings alone,
// so that an element with broken grammar inside does not lose its neighbours.
// It gives up (false) where the array does not close: what follows the damage
// cannot be counted then.
func splitByBrackets(b []byte) ([]jsontext.Value, bool) {
	var raws []jsontext.Value
	var open []byte
	start, inString := 1, false
	for i := 0; i < len(b); i++ {
		c := b[i]
		if inString {
			switch c {
			case '\\':
				i++
			case '"':
				inString = false
			}
			continue
		}
		switch c {
		case '"':
			inString = true
		case '{', '[':
			open = append(open, c)
		case ',':
			if len(open) == 1 {
				raws = append(raws, bytes.TrimSpace(b[start:i]))
				start = i + 1
			}
		case '}', ']':
			// ASCII puts each closing bracket two behind its opening one.
			if len(open) == 0 || open[len(open)-1] != c-2 {
				return nil, false
			}
			if open = open[:len(open)-1]; len(open) == 0 {
				if last := bytes.TrimSpace(b[start:i]); len(last) > 0 || len(raws) > 0 {
					raws = append(raws, last)
				}
				return raws, true
			}
		}
	}
	return nil, false
}

func newDecoder(b []byte) *jsontext.Decoder {
	return jsontext.NewDecoder(bytes.NewBuffer(b), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// decoder reads rollouts one after the other and reuses its JSON decoder.
type decoder struct {
	dec    *jsontext.Decoder
	buf    *bytes.Buffer
	err    *DataError // the first fault of the rollout being read
	syntax bool       // the grammar itself is broken: nothing more can be read
	strict bool
}

func (d *decoder) reset(raw []byte, strict bool) {
	d.buf = bytes.NewBuffer(raw)
	if d.dec == nil {
		d.dec = jsontext.NewDecoder(d.buf)
	}
	d.dec.Reset(d.buf, jsontext.AllowDuplicateNames(!strict), jsontext.AllowInvalidUTF8(true))
	d.err, d.syntax, d.strict = nil, false, strict
}

// rollout reads strictly first. Where an object holds a name twice it reads
// again without that rule, to know the id and the prompt of what it refuses.
func (d *decoder) rollout(raw []byte) Item {
	d.reset(raw, true)
	item := d.object()
	if !d.syntax {
		item.Err = d.fault()
		return item
	}
	first := d.err
	d.reset(raw, false)
	item = d.object()
	item.Err = first
	if item.ID == nil {
		item.ID = json.RawMessage("null")
	}
	return item
}

func (d *decoder) fault() error {
	if d.err == nil {
		return nil
	}
	return d.err
}

// fail records the first fault; what is read later is still read.
func (d *decoder) fail(where, format string, args ...any) {
	if d.err == nil {
		d.err = Dataf(where, format, args...)
	}
}

// broken records that the grammar is broken, and reports whether it is.
func (d *decoder) broken(err error) bool {
	if err == nil {
		return false
	}
	d.syntax = true
	if d.err == nil {
		var syn *jsontext.SyntacticError
		where := ""
		if errors.As(err, &syn) {
			where = string(syn.JSONPointer)
		}
		switch {
		case errors.Is(err, jsontext.ErrDuplicateName):
			d.err = Dataf(where, "the name occurs twice in its object, and which value is meant cannot be told")
		default:
			d.err = Dataf(where, "not valid JSON: %v", bareSyntax(err))
		}
	}
	return true
}

// fields are the parts of a rollout whose place is settled at its end.
type fields struct {
	id, taskID           jsontext.Value
	top, meta            jsontext.Value // reference answers
	hasMessages          bool
	topLevel, inMetadata map[string]json.RawMessage
}

func (d *decoder) object() Item {
	r := &Rollout{}
	item := Item{ID: json.RawMessage("null"), Rollout: r}
	if kind := d.dec.PeekKind(); kind != '{' {
		v, err := d.dec.ReadValue()
		if !d.broken(err) {
			d.fail("", "want a rollout object, got %s", describe(v))
		}
		return item
	}
	var f fields
	d.members(func(name string) bool {
		switch name {
		case "id":
			return d.value(&f.id)
		case "messages":
			f.hasMessages = true
			return d.messages(r)
		case "reference_answer":
			return d.value(&f.top)
		case "metadata":
			return d.metadata(&f)
		}
		return d.other(&f.topLevel, name)
	})
	if !d.syntax && d.dec.PeekKind() != 0 {
		d.fail("", "something follows the rollout")
	}
	d.settle(&item, &f)
	return item
}

// settle decides what depends on several fields.
func (d *decoder) settle(item *Item, f *fields) {
	r := item.Rollout
	switch {
	case f.inMetadata == nil:
		r.Metadata = f.topLevel
	case f.topLevel == nil:
		r.Metadata = f.inMetadata
	default:
		r.Metadata = f.topLevel
		maps.Copy(r.Metadata, f.inMetadata)
	}
	id := f.id
	if id == nil || id.Kind() == 'n' {
		id = jsontext.Value(r.Metadata["task_id"])
	}
	if id != nil {
		item.ID = sentID(id)
		r.ID = idText(id)
	}
	d.reference(r, f)
	switch n := len(r.Messages); {
	case !f.hasMessages:
		d.fail("/messages", "the rollout has no messages")
	case n == 0:
		d.fail("/messages", "the list of messages is empty")
	case !r.Messages[n-1].FromModel():
		d.fail(fmt.Sprintf("/messages/%d/role", n-1),
			"the last message is no answer of a model: want the role assistant, nova_assistant or bot, got %.40q", r.Messages[n-1].Role)
	}
}

func (d *decoder) reference(r *Rollout, f *fields) {
	top, meta := Reference{raw: f.top, at: referencePlace}, Reference{raw: f.meta, at: referencePlace}
	switch {
	case meta.Missing():
		r.Reference = top
	case top.Missing() || sameJSON(f.top, f.meta):
		r.Reference = meta
	default:
		d.fail(referencePlace, "two different reference answers, at the top level and in metadata: which one is meant cannot be told")
	}
	if r.Reference.Missing() {
		r.Reference = Reference{}
	}
}

func sameJSON(a, b jsontext.Value) bool {
	if bytes.Equal(a, b) {
		return true
	}
	a, b = a.Clone(), b.Clone()
	return a.Canonicalize(jsontext.AllowInvalidUTF8(true)) == nil && b.Canonicalize(jsontext.AllowInvalidUTF8(true)) == nil && bytes.Equal(a, b)
}

// sentID returns the id's own bytes, made valid UTF-8 if they are not: one id
// of broken bytes must not make the whole response unreadable.
func sentID(id jsontext.Value) json.RawMessage {
	return json.RawMessage(bytes.ToValidUTF8(id, []byte("\uFFFD")))
}

func idText(id jsontext.Value) string {
	if id.Kind() == '"' {
		if b, err := jsontext.AppendUnquote(nil, id); err == nil || len(b) > 0 {
			return string(b)
		}
	}
	return string(id)
}

// members calls f with each name of the object that comes next; f must read
// the value and report whether reading can go on.
func (d *decoder) members(f func(name string) bool) bool {
	if _, err := d.dec.ReadToken(); d.broken(err) {
		return false
	}
	for {
		t, err := d.dec.ReadToken()
		if d.broken(err) {
			return false
		}
		if t.Kind() == '}' {
			return true
		}
		if !f(t.String()) {
			return false
		}
	}
}

// value reads the next value and keeps a copy; the last of several counts.
func (d *decoder) value(to *jsontext.Value) bool {
	v, err := d.dec.ReadValue()
	if d.broken(err) {
		return false
	}
	*to = v.Clone()
	return true
}

func (d *decoder) other(to *map[string]json.RawMessage, name string) bool {
	var v jsontext.Value
	if !d.value(&v) {
		return false
	}
	if *to == nil {
		*to = make(map[string]json.RawMessage, 4)
	}
	(*to)[name] = json.RawMessage(v)
	return true
}

func (d *decoder) metadata(f *fields) bool {
	switch d.dec.PeekKind() {
	case '{':
		return d.members(func(name string) bool {
			if name == "reference_answer" {
				return d.value(&f.meta)
			}
			return d.other(&f.inMetadata, name)
		})
	case 'n':
		return !d.broken(d.dec.SkipValue())
	}
	return d.other(&f.topLevel, "metadata")
}

// skip refuses the value that comes next and reads over it.
func (d *decoder) skip(want string) bool {
	where := string(d.dec.StackPointer())
	v, err := d.dec.ReadValue()
	if d.broken(err) {
		return false
	}
	// The pointer of a value is known only once the value is read.
	if p := string(d.dec.StackPointer()); p != "" {
		where = p
	}
	d.fail(where, "want %s, got %s", want, describe(v))
	return true
}

// text reads a string, or null as "".
func (d *decoder) text(to *string, want string) bool {
	switch d.dec.PeekKind() {
	case '"':
		t, err := d.dec.ReadToken()
		if d.broken(err) {
			return false
		}
		*to = t.String()
		return true
	case 'n':
		return !d.broken(d.dec.SkipValue())
	}
	return d.skip(want)
}

func (d *decoder) messages(r *Rollout) bool {
	r.Messages = nil
	if d.dec.PeekKind() != '[' {
		return d.skip("a list of messages")
	}
	if _, err := d.dec.ReadToken(); d.broken(err) {
		return false
	}
	r.Messages = make([]Message, 0, 4)
	for d.dec.PeekKind() != ']' {
		var m Message
		switch d.dec.PeekKind() {
		case '{':
			if !d.message(&m) {
				return false
			}
		default:
			if !d.skip("a message object") {
				return false
			}
		}
		r.Messages = append(r.Messages, m)
	}
	_, err := d.dec.ReadToken()
	return !d.broken(err)
}

func (d *decoder) message(m *Message) bool {
	return d.members(func(name string) bool {
		switch name {
		case "role":
			ok := d.text(&m.Role, "a role")
			m.Role = strings.ToLower(strings.TrimSpace(m.Role))
			return ok
		case "content":
			return d.content(&m.Content)
		case "reasoning_content":
			return d.reasoning(&m.Reasoning)
		case "name":
			return d.text(&m.Name, "a name")
		case "tool_call_id":
			return d.text(&m.ToolCallID, "a tool call id")
		case "tool_calls":
			return d.toolCalls(&m.ToolCalls)
		}
		return !d.broken(d.dec.SkipValue())
	})
}

const wantContent = "a string, a list of parts, an object with text, or null"

func (d *decoder) content(c *Content) bool {
	switch d.dec.PeekKind() {
	case '"':
		t, err := d.dec.ReadToken()
		if d.broken(err) {
			return false
		}
		*c = TextContent(t.String())
		return true
	case 'n':
		*c = nil
		return !d.broken(d.dec.SkipValue())
	case '{':
		p, ok := d.part()
		*c = Content{p}
		return ok
	case '[':
		if _, err := d.dec.ReadToken(); d.broken(err) {
			return false
		}
		*c = make(Content, 0, 2)
		for d.dec.PeekKind() != ']' {
			p, ok := d.part()
			if !ok {
				return false
			}
			*c = append(*c, p)
		}
		_, err := d.dec.ReadToken()
		return !d.broken(err)
	}
	return d.skip(wantContent)
}

// part reads one part: a bare string, {"text": "..."} with or without a type,
// or a part of another type, which is kept as it is and says nothing.
func (d *decoder) part() (Part, bool) {
	switch d.dec.PeekKind() {
	case '"':
		t, err := d.dec.ReadToken()
		if d.broken(err) {
			return Part{}, false
		}
		return Part{Type: "text", Text: t.String()}, true
	case '{':
	default:
		return Part{}, d.skip("a text part")
	}
	var kind string
	var text jsontext.Value
	raw, err := d.dec.ReadValue()
	if d.broken(err) {
		return Part{}, false
	}
	where := string(d.dec.StackPointer())
	names := make([]string, 0, 4)
	inner := newDecoder(raw)
	if _, err := inner.ReadToken(); d.broken(err) {
		return Part{}, false
	}
	for inner.PeekKind() == '"' {
		t, err := inner.ReadToken()
		if d.broken(err) {
			return Part{}, false
		}
		name := t.String()
		v, err := inner.ReadValue()
		if d.broken(err) {
			return Part{}, false
		}
		switch name {
		case "type":
			kind = idText(v)
		case "text":
			text = v
		}
		names = append(names, name)
	}
	switch {
	case text.Kind() == '"' && (kind == "" || strings.HasSuffix(kind, "text") && !strings.Contains(kind, "reasoning")):
		return Part{Type: "text", Text: idText(text)}, true
	case text.Kind() == 'n' && (kind == "" || kind == "text"):
		return Part{Type: "text"}, true
	case kind == "text" || kind == "" && (text != nil || len(names) == 0):
		d.fail(where+"/text", "want a string, got %s", describe(text))
	case kind == "" && !slices.ContainsFunc(names, isConverseBlock):
		d.fail(where, "a content part has neither text nor a type")
	}
	return Part{Type: kind, Raw: json.RawMessage(raw.Clone())}, true
}

// isConverseBlock reports whether a part without a type is one of the blocks
// of Bedrock's Converse API, whose one member names its kind.
func isConverseBlock(name string) bool {
	switch name {
	case "toolUse", "toolResult", "reasoningContent", "image", "document", "video", "cachePoint", "guardContent", "citationsContent":
		return true
	}
	return false
}

// reasoning keeps what is text and passes over the rest: a chain of thought is
// no part of the answer, so its form is nobody's fault.
func (d *decoder) reasoning(to *string) bool {
	if k := d.dec.PeekKind(); k == '"' {
		return d.text(to, "a string")
	}
	return !d.broken(d.dec.SkipValue())
}

func (d *decoder) toolCalls(calls *[]ToolCall) bool {
	switch d.dec.PeekKind() {
	case 'n':
		return !d.broken(d.dec.SkipValue())
	case '[':
	default:
		return d.skip("a list of tool calls")
	}
	if _, err := d.dec.ReadToken(); d.broken(err) {
		return false
	}
	for d.dec.PeekKind() != ']' {
		if d.dec.PeekKind() != '{' {
			if !d.skip("a tool call object") {
				return false
			}
			continue
		}
		var c ToolCall
		if !d.toolCall(&c) {
			return false
		}
		*calls = append(*calls, c)
	}
	_, err := d.dec.ReadToken()
	return !d.broken(err)
}

func (d *decoder) toolCall(c *ToolCall) bool {
	return d.members(func(name string) bool {
		switch name {
		case "id":
			return d.text(&c.ID, "a tool call id")
		case "type":
			return d.text(&c.Type, "a type")
		case "name":
			return d.text(&c.Name, "a function name")
		case "arguments":
			return d.arguments(c)
		case "function":
			if d.dec.PeekKind() != '{' {
				return d.skip("a function object")
			}
			return d.members(func(name string) bool {
				switch name {
				case "name":
					return d.text(&c.Name, "a function name")
				case "arguments":
					return d.arguments(c)
				}
				return !d.broken(d.dec.SkipValue())
			})
		}
		return !d.broken(d.dec.SkipValue())
	})
}

// arguments keeps a string's text or any other value's JSON.
func (d *decoder) arguments(c *ToolCall) bool {
	v, err := d.dec.ReadValue()
	if d.broken(err) {
		return false
	}
	c.Arguments = idText(v)
	return true
}

func syntaxProblem(err error) error {
	var syn *jsontext.SyntacticError
	if errors.As(err, &syn) {
		return &PayloadError{Offset: syn.ByteOffset, Err: bareSyntax(err)}
	}
	return &PayloadError{Err: bareSyntax(err)}
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
			msg = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(msg[:i]), ":"))
		}
		if msg == "" {
			msg = "invalid JSON"
		}
		return errors.New(msg)
	}
	return errors.New("invalid JSON")
}
