package answer

import "strings"

// A thoughtMark is what opens and what closes one kind of reasoning.
type thoughtMark struct{ open, close string }

// thoughts are the marks of the models that are in use. Of those in angle
// brackets the opening one may have attributes.
func thoughts() [15]thoughtMark {
	return [...]thoughtMark{
		{"<think>", "</think>"},
		{"<thinking>", "</thinking>"},
		{"<thought>", "</thought>"},
		{"<thoughts>", "</thoughts>"},
		{"<reasoning>", "</reasoning>"},
		{"<reflection>", "</reflection>"},
		{"<analysis>", "</analysis>"},
		{"<scratchpad>", "</scratchpad>"},
		{"<seed:think>", "</seed:think>"},
		{"<|begin_of_thought|>", "<|end_of_thought|>"},
		{"<|start_thinking|>", "<|end_thinking|>"},
		{"<|thinking|>", "<|/thinking|>"},
		{"<|think|>", "<|/think|>"},
		{"[think]", "[/think]"},
		{"◁think▷", "◁/think▷"},
	}
}

const (
	solutionOpen  = "<|begin_of_solution|>"
	solutionClose = "<|end_of_solution|>"
	channelMark   = "<|channel|>" // of gpt-oss: a header follows, and then messageMark
	messageMark   = "<|message|>"
)

// tagLimit bounds, in bytes, what may stand between the name of a tag and its
// closing bracket, and what may stand in the header of a message.
const tagLimit = 200

// reasoningName reports whether <name> marks reasoning.
func reasoningName(name string) bool {
	for _, t := range thoughts() {
		if strings.EqualFold(t.open, "<"+name+">") {
			return true
		}
	}
	return false
}

// markLength returns the length of the mark that s begins with, or 0. White
// space, and attributes where the mark opens, may stand before the bracket of
// a tag.
func markLength(s, mark string) int {
	if hasFoldPrefix(s, mark) {
		return len(mark)
	}
	if mark[0] != '<' || mark[1] == '|' || !hasFoldPrefix(s, mark[:len(mark)-1]) {
		return 0
	}
	n := len(mark) - 1
	rest := s[n:min(len(s), n+tagLimit)]
	if rest == "" || strings.IndexByte(" \t\r\n", rest[0]) < 0 {
		return 0
	}
	end := strings.IndexAny(rest, "<>")
	if end < 0 || rest[end] != '>' {
		return 0
	}
	if !blank(rest[:end]) && (mark[1] == '/' || !strings.Contains(rest[:end], "=")) {
		return 0
	}
	return n + end + 1
}

// thoughtAt reads the mark that s begins with: the kind that it opens or
// closes, or -1, and its length.
func thoughtAt(marks *[15]thoughtMark, s string) (opened, closed, length int) {
	if len(s) < 3 {
		return -1, -1, 0
	}
	for i := range marks {
		t := &marks[i]
		if !mayBegin(s, t.open) && !mayBegin(s, t.close) {
			continue
		}
		if n := markLength(s, t.open); n > 0 {
			return i, -1, n
		}
		if n := markLength(s, t.close); n > 0 {
			return -1, i, n
		}
	}
	return -1, -1, 0
}

// mayMark reports whether s may begin with a mark of any kind. Texts are full of
// brackets that are none, and a few bytes tell nearly all of them.
func mayMark(s string) bool {
	if len(s) < 3 {
		return false
	}
	if s[0] != '<' && s[0] != '[' {
		return true
	}
	if s[1] == '|' {
		return true
	}
	name := s[1:]
	if name[0] == '/' {
		name = name[1:]
	}
	if len(name) < 3 {
		return false
	}
	switch a, b, c := name[0]|0x20, name[1]|0x20, name[2]|0x20; a {
	case 't':
		return b == 'h'
	case 'r':
		return b == 'e' && (c == 'a' || c == 'f')
	case 'a':
		return b == 'n' && c == 'a'
	case 's':
		return b == 'c' && c == 'r' || b == 'e' && c == 'e'
	}
	return false
}

// mayBegin looks at three bytes only: texts are full of brackets that are no
// marks. Marks are longer.
func mayBegin(s, mark string) bool {
	return s[0] == mark[0] && s[1]|0x20 == mark[1]|0x20 && s[2]|0x20 == mark[2]|0x20
}

// afterMark returns where the first such mark in s ends, or -1.
func afterMark(s, mark string) int {
	for i := 0; ; i++ {
		n := strings.IndexByte(s[i:], mark[0])
		if n < 0 {
			return -1
		}
		i += n
		if n := markLength(s[i:], mark); n > 0 {
			return i + n
		}
	}
}

// channelHeader reads the header behind channelMark: whether its message is
// the final one, and where that begins; -1 where the header was cut off.
func channelHeader(s string) (final bool, length int) {
	header := s[len(channelMark):min(len(s), len(channelMark)+tagLimit)]
	n := strings.Index(header, messageMark)
	if n < 0 {
		return false, -1
	}
	name := strings.TrimLeft(header[:n], " \t\r\n")
	final = hasFoldPrefix(name, "final") && (len(name) == 5 || !isLetter(name[5]))
	return final, len(channelMark) + n + len(messageMark)
}

// messageEnds reports whether s begins with what ends a message in a channel.
func messageEnds(s string) bool {
	for _, mark := range [...]string{"<|end|>", "<|return|>", "<|call|>", "<|start|>"} {
		if strings.HasPrefix(s, mark) {
			return true
		}
	}
	return false
}

// messageEnd returns where the message ends that s begins in, or -1.
func messageEnd(s string) int {
	for i := 0; ; i++ {
		n := strings.Index(s[i:], "<|")
		if n < 0 {
			return -1
		}
		if i += n; messageEnds(s[i:]) || strings.HasPrefix(s[i:], channelMark) {
			return i
		}
	}
}

// cutEndings returns where s ends without the tokens that end a text. A </s>
// may also end text that is struck out.
func cutEndings(s string) int {
	struck, looked := false, false
	for {
		t := strings.TrimRightFunc(s, isSpace)
		cut := len(t)
		for _, token := range [...]string{
			"<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|endoftext|>", "<|end_of_text|>", "<|end|>", "<|return|>", "<|eot|>",
			"<|end_of_turn|>", "<|END_OF_TURN_TOKEN|>", "<end_of_turn>", "<eos>", "<pad>", "<｜end▁of▁sentence｜>", "<|endofassistant|>", "<|role_end|>", "</s>",
		} {
			if !strings.HasSuffix(t, token) {
				continue
			}
			if token == "</s>" {
				if !looked {
					struck, looked = strings.Contains(s, "<s>"), true
				}
				if struck {
					continue
				}
			}
			cut = len(t) - len(token)
			break
		}
		if cut == len(t) {
			return len(s)
		}
		s = s[:cut]
	}
}
