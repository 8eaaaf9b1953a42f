package converse

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
)

// fenceMark stands for the fence in what is hashed. Models' text cannot hold
// it: it is not valid UTF-8, and what is hashed is made valid first.
const fenceMark = "\xfffence\xff"

// Key returns a hash of everything that can change the answer, in hexadecimal:
// all of the request but Metadata, with the fence's text left out wherever it
// stands. Two requests of equal keys ask the same question.
//
// Object members in Schema and Extra count in any order.
func (q *Request) Key() string {
	c := q.Clone()
	c.Metadata, c.Fence = nil, ""
	c.Output.Schema = nil
	texts := make([]string, 0, len(c.System)+len(c.Messages)+1)
	for i, s := range c.System {
		texts = append(texts, unfenced(s, q.Fence))
		c.System[i] = ""
	}
	for i, m := range c.Messages {
		texts = append(texts, unfenced(m.Text, q.Fence))
		c.Messages[i].Text = ""
	}
	texts = append(texts, unfenced(c.Output.Spelled, q.Fence), canonical(q.Output.Schema))
	c.Output.Spelled = ""
	// What is encoded holds no type that encoding/json refuses but in Extra,
	// which came from JSON or YAML; one that did not hashes by its error.
	head, err := json.Marshal(c)
	if err != nil {
		head = []byte(err.Error())
	}
	h := sha256.New()
	part := func(b []byte) {
		n := len(b)
		h.Write([]byte{byte(n >> 56), byte(n >> 48), byte(n >> 40), byte(n >> 32), byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
		h.Write(b)
	}
	part(head)
	for _, t := range texts {
		part([]byte(t))
	}
	return hex.EncodeToString(h.Sum(nil))
}

func unfenced(s, fence string) string {
	s = strings.ToValidUTF8(s, "\ufffd") // as the wire has it
	if fence == "" {
		return s
	}
	return strings.ReplaceAll(s, fence, fenceMark)
}

// canonical returns JSON with the members of its objects in a fixed order and
// the digits of its numbers kept, or the text itself where it is not JSON.
func canonical(raw json.RawMessage) string {
	if len(raw) == 0 {
		return ""
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil || d.More() {
		return string(raw)
	}
	b, err := json.Marshal(v)
	if err != nil {
		return string(raw)
	}
	return string(b)
}
