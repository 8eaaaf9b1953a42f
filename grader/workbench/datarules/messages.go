package datarules

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// reservedTurns, behind which a colon stands, and reservedMarks are what chat templates
// of the trainers give a meaning.
var (
	reservedTurns = []string{"system", "user", "bot", "assistant", "thought"}
	reservedMarks = []string{"[eos]", "<image>", "<video>", "<unk>"}
)

// reservedWord returns the first reserved word of a text, in any case, or "".
func reservedWord(text string) string {
	for at := 0; ; at++ {
		i := strings.IndexAny(text[at:], ":[<")
		if i < 0 {
			return ""
		}
		at += i
		if text[at] != ':' {
			for _, mark := range reservedMarks {
				if end := at + len(mark); end <= len(text) && strings.EqualFold(text[at:end], mark) {
					return text[at:end]
				}
			}
			continue
		}
		for _, turn := range reservedTurns {
			start := at - len(turn)
			if start < 0 || !strings.EqualFold(text[start:at], turn) {
				continue
			}
			if before, _ := utf8.DecodeLastRuneInString(text[:start]); start == 0 || !inWord(before) {
				return text[start : at+1]
			}
		}
	}
}

// messages checks the messages of a record, which stand under a name.
func (f *File) messages(name string, v jsontext.Value) {
	list, ok := asList(v)
	if !ok || len(list) == 0 {
		got := kindOf(v)
		if ok {
			got = "an empty list"
		}
		f.find(f.line, "R1", "%s: want a list of messages, got %s", name, got)
		return
	}
	var roles []string
	for i, one := range list {
		m, ok := asObject(one)
		if !ok {
			f.find(f.line, "R2", "%s %d: want an object, got %s", name, i+1, kindOf(one))
			roles = append(roles, "")
			continue
		}
		for _, key := range m.names() {
			if !slices.Contains([]string{"role", "content", "tool_calls", "tool_call_id"}, key) {
				f.find(f.line, "R2", "%s %d: the field %q is none of role, content, tool_calls, tool_call_id", name, i+1, key)
			}
		}
		role := f.role(name, i, m["role"])
		if isSystem(role) && i > 0 && !isSystem(roles[i-1]) {
			f.find(f.line, "R4", "%s %d: a system message must be the first", name, i+1)
		}
		roles = append(roles, role)
		f.content(name, i, m)
	}
	systems, users := 0, 0
	for _, r := range roles {
		if isSystem(r) {
			systems++
		}
		if r == "user" {
			users++
		}
	}
	if systems > 1 {
		f.findAt(Warning, f.line, "R4", "%d system messages: join them", systems)
	}
	if users == 0 {
		f.find(f.line, "R5", "no message is the user's")
	}
	if last := roles[len(roles)-1]; last == "assistant" || last == "bot" {
		f.find(f.line, "R8", "the last message is an answer: the trainer generates the answer and appends it, so the prompt ends with the user's message")
	}
	if f.options.Target == SageMakerNova && (users > 1 || len(roles)-systems > 1) {
		f.find(f.line, "R9", "several turns: evaluation on SageMaker AI takes a single message of the user's")
	}
}

func isSystem(role string) bool { return role == "system" || role == "developer" }

// role checks a role and returns it in lower case.
func (f *File) role(name string, i int, v jsontext.Value) string {
	text, ok := asText(v)
	role := strings.ToLower(text)
	switch {
	case v == nil:
		f.find(f.line, "R3", "%s %d: no role", name, i+1)
	case !ok:
		f.find(f.line, "R3", "%s %d: role: want a string, got %s", name, i+1, kindOf(v))
	case role == "system", role == "user", role == "assistant":
	case role == "tool", role == "bot", role == "developer":
		if f.options.Target != SageMakerNova {
			f.findAt(Warning, f.line, "R3", "%s %d: the role %s is known to SageMaker AI's validator for Nova only", name, i+1, role)
		}
	default:
		f.find(f.line, "R3", "%s %d: the role is %q: want system, user or assistant", name, i+1, shortened(text))
	}
	return role
}

// content checks what a message says.
func (f *File) content(name string, i int, m object) {
	v := m["content"]
	switch v.Kind() {
	case '"':
		text, _ := asText(v)
		if strings.TrimSpace(text) == "" {
			f.find(f.line, "R6", "%s %d: the content is empty", name, i+1)
		}
		f.reserved(name, i, text)
	case '[':
		f.parts(name, i, v)
	default:
		if calls, ok := asList(m["tool_calls"]); ok && len(calls) > 0 && (v == nil || v.Kind() == 'n') {
			f.findAt(Warning, f.line, "R6", "%s %d: tool calls without content: validators want text in every message", name, i+1)
			return
		}
		f.find(f.line, "R6", "%s %d: content: want text, got %s", name, i+1, kindOf(v))
	}
}

// parts checks content that is a list.
func (f *File) parts(name string, i int, v jsontext.Value) {
	parts, _ := asList(v)
	if len(parts) == 0 {
		f.find(f.line, "R6", "%s %d: the content is an empty list", name, i+1)
		return
	}
	textual := true
	for _, p := range parts {
		part, ok := asObject(p)
		kind, _ := asText(part["type"])
		text, hasText := asText(part["text"])
		switch {
		case ok && (kind == "text" || kind == "") && hasText:
			if strings.TrimSpace(text) == "" {
				f.find(f.line, "R6", "%s %d: a part of the content is empty", name, i+1)
			}
			f.reserved(name, i, text)
		case ok && isMedia(part, kind):
			f.find(f.line, "R7", "%s %d: a part that is no text: want text only", name, i+1)
			textual = false
		default:
			f.find(f.line, "R6", `%s %d: a part of the content is not {"type":"text","text":"..."}`, name, i+1)
			textual = false
		}
	}
	if textual && f.options.Target.bedrock() {
		f.findAt(Warning, f.line, "R6", "%s %d: the content is a list of parts: only SageMaker AI's documentation has that; join the texts", name, i+1)
	}
}

func isMedia(part object, kind string) bool {
	for _, media := range []string{"image", "video", "document", "audio", "file"} {
		if _, ok := part[media]; ok || strings.Contains(strings.ToLower(kind), media) {
			return true
		}
	}
	return false
}

func (f *File) reserved(name string, i int, text string) {
	if word := reservedWord(text); word != "" {
		f.find(f.line, "R15", "%s %d: %q is a reserved word of chat templates", name, i+1, word)
	}
}

// promptText returns all that the messages say, each on a line of its own.
func promptText(v jsontext.Value) string {
	var b strings.Builder
	say := func(v jsontext.Value) {
		if t, ok := asText(v); ok {
			b.WriteString(t + "\n")
		}
	}
	list, _ := asList(v)
	for _, one := range list {
		m, _ := asObject(one)
		say(m["content"])
		parts, _ := asList(m["content"])
		for _, p := range parts {
			part, _ := asObject(p)
			say(part["text"])
		}
	}
	return b.String()
}

func shortened(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "..."
	}
	return s
}
