package grader

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"hash"
	"maps"
	"slices"
	"strings"
)

// A Rollout is a prompt with the answer that a model wrote to it.
type Rollout struct {
	// ID is the rollout's id as text. Results must not depend on it.
	ID string
	// Messages are the turns in order. The last one is the generated answer.
	Messages []Message
	// Reference is reference_answer, wherever it was sent.
	Reference Reference
	// Metadata holds the row's other fields, as JSON, whether they were sent
	// at the top level or inside metadata. Where both places hold one name,
	// the value inside metadata is kept.
	Metadata map[string]json.RawMessage
}

// A Message is one turn of the conversation.
type Message struct {
	// Role is who speaks, in lower case: system, developer, user, tool,
	// assistant, nova_assistant, bot, or whatever else was sent.
	Role string
	// Content is what is said.
	Content Content
	// Reasoning is the chain of thought where a trainer sends it beside the
	// content (reasoning_content). It is no part of the answer.
	Reasoning string
	// Name is the speaker's or the tool's name, if one was sent.
	Name string
	// ToolCalls are the calls that the message asks for.
	ToolCalls []ToolCall
	// ToolCallID says which call a tool message answers.
	ToolCallID string
}

// FromModel reports whether a model wrote the message.
func (m Message) FromModel() bool {
	return m.Role == "assistant" || m.Role == "nova_assistant" || m.Role == "bot"
}

// Content is what a message says, in parts.
type Content []Part

// A Part is one part of a message's content.
type Part struct {
	// Type is "text" for a text part, or the type as it was sent.
	Type string
	// Text is the text of a text part, and empty for others.
	Text string
	// Raw is the JSON of a part that is not text, as it was sent.
	Raw json.RawMessage
}

// TextContent returns content of one text part.
func TextContent(text string) Content { return Content{{Type: "text", Text: text}} }

// Text returns the text parts, in order, each on a line of its own. Parts are
// separate blocks: joining them without a break would make words and numbers
// that nobody wrote.
func (c Content) Text() string {
	if len(c) == 1 {
		return c[0].Text
	}
	var texts []string
	for _, p := range c {
		if p.Type == "text" {
			texts = append(texts, p.Text)
		}
	}
	return strings.Join(texts, "\n")
}

// A ToolCall is a call that a model asked for.
type ToolCall struct {
	ID, Type, Name string
	// Arguments is the argument text as the model wrote it, a JSON object as
	// a rule. Nothing has checked it.
	Arguments string
}

// Response returns the text that the model generated: the last message, if a
// model wrote it. It is empty for a turn of tool calls only.
func (r *Rollout) Response() string {
	if n := len(r.Messages); n > 0 && r.Messages[n-1].FromModel() {
		return r.Messages[n-1].Content.Text()
	}
	return ""
}

// Prompt returns the messages before the generated answer.
func (r *Rollout) Prompt() []Message {
	if n := len(r.Messages); n > 0 && r.Messages[n-1].FromModel() {
		return r.Messages[:n-1]
	}
	return r.Messages
}

// A Key identifies content: equal contents have equal keys.
type Key [sha256.Size]byte

// Key identifies all that a grader may look at: messages, reference and
// metadata, and not the ID.
func (r *Rollout) Key() Key {
	h := newKeyHash()
	h.messages(r.Messages)
	h.bytes(r.Reference.raw)
	h.number(len(r.Metadata))
	for _, name := range slices.Sorted(maps.Keys(r.Metadata)) {
		h.text(name)
		h.bytes(r.Metadata[name])
	}
	return h.sum()
}

// PromptKey identifies the prompt: rollouts with equal keys form a group.
func (r *Rollout) PromptKey() Key {
	h := newKeyHash()
	h.messages(r.Prompt())
	return h.sum()
}

// keyHash writes values behind their lengths, so that no two contents run
// together to the same bytes.
type keyHash struct {
	h   hash.Hash
	buf []byte
}

func newKeyHash() *keyHash { return &keyHash{h: sha256.New(), buf: make([]byte, 0, 512)} }

func (k *keyHash) number(n int) { k.buf = binary.AppendUvarint(k.buf, uint64(n)); k.spill() }

func (k *keyHash) text(s string) {
	k.number(len(s))
	for len(s) > 0 {
		n := min(len(s), cap(k.buf)-len(k.buf))
		k.buf = append(k.buf, s[:n]...)
		s = s[n:]
		k.spill()
	}
}

func (k *keyHash) bytes(b []byte) {
	k.number(len(b))
	k.flush()
	k.h.Write(b)
}

func (k *keyHash) spill() {
	if cap(k.buf)-len(k.buf) < binary.MaxVarintLen64 {
		k.flush()
	}
}

func (k *keyHash) flush() { k.h.Write(k.buf); k.buf = k.buf[:0] }

func (k *keyHash) messages(ms []Message) {
	k.number(len(ms))
	for _, m := range ms {
		k.text(m.Role)
		k.text(m.Name)
		k.text(m.Reasoning)
		k.text(m.ToolCallID)
		k.number(len(m.Content))
		for _, p := range m.Content {
			k.text(p.Type)
			k.text(p.Text)
			k.bytes(p.Raw)
		}
		k.number(len(m.ToolCalls))
		for _, c := range m.ToolCalls {
			k.text(c.ID)
			k.text(c.Type)
			k.text(c.Name)
			k.text(c.Arguments)
		}
	}
}

func (k *keyHash) sum() Key { k.flush(); return Key(k.h.Sum(nil)) }
