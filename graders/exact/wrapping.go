package exact

import (
	"strings"
)

// unwrap drops what encloses the whole text and only says how it looks: \text{}
// and its kin, the delimiters of mathematics, **bold** and `code`.
func unwrap(s string) string {
	const deepest = 8
	for range deepest {
		inside, ok := unwrapOnce(strings.TrimFunc(s, isSpace))
		if !ok || blank(inside) {
			break
		}
		s = inside
	}
	return s
}

func unwrapOnce(s string) (string, bool) {
	if len(s) < 3 {
		return s, false
	}
	switch s[0] {
	case '\\':
		for _, d := range [...][2]string{{`\(`, `\)`}, {`\[`, `\]`}} {
			if inside, ok := enclosed(s, d[0], d[1]); ok {
				return inside, true
			}
		}
		return braced(s)
	case '$':
		if inside, ok := enclosed(s, "$$", "$$"); ok {
			return inside, true
		}
		if inside, ok := enclosed(s, "$", "$"); ok && inside[len(inside)-1] != '\\' {
			return inside, true
		}
	case '*':
		if inside, ok := enclosed(s, "***", "***"); ok {
			return inside, true
		}
		return enclosed(s, "**", "**")
	case '`':
		return enclosed(s, "`", "`")
	}
	return s, false
}

// enclosed returns what stands between two marks that enclose s and stand
// nowhere inside.
func enclosed(s, open, shut string) (string, bool) {
	inside, ok := strings.CutPrefix(s, open)
	if !ok {
		return s, false
	}
	if inside, ok = strings.CutSuffix(inside, shut); !ok || inside == "" {
		return s, false
	}
	if strings.Contains(inside, open) || strings.Contains(inside, shut) {
		return s, false
	}
	return inside, true
}

// braced returns the argument of the command that is the whole of s.
func braced(s string) (string, bool) {
	brace := strings.IndexByte(s, '{')
	if brace < 0 || s[len(s)-1] != '}' || !looks(strings.TrimRight(s[1:brace], " ")) {
		return s, false
	}
	depth := 0
	for i := brace; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 && i < len(s)-1 {
				return s, false
			}
		}
	}
	if depth != 0 {
		return s, false
	}
	return s[brace+1 : len(s)-1], true
}

// looks reports whether a LaTeX command only says how its argument looks.
func looks(command string) bool {
	switch command {
	case "text", "textnormal", "textrm", "textbf", "textit", "textsf", "texttt", "textsc", "textsl", "emph", "underline",
		"mathrm", "mathbf", "mathit", "mathsf", "mathtt", "mathnormal", "operatorname", "mbox", "hbox", "boxed", "fbox", "bm", "boldsymbol":
		return true
	}
	return false
}

// withoutName drops a single name before a label, such as "Sentiment: positive"
// has it. It knows a few names only, since others may deny: "Not: positive".
func withoutName(s string) (string, bool) {
	name, rest, ok := strings.Cut(strings.TrimFunc(s, isSpace), ":")
	if !ok || len(name) > 32 {
		return s, false
	}
	mark := ""
	for _, m := range [...]string{"**", "__", "*", "_"} {
		if inside, ok := strings.CutPrefix(name, m); ok {
			name, mark = inside, m
			break
		}
	}
	if mark != "" {
		// The emphasis ends with the name, with its colon, or with the text.
		if inside, ok := strings.CutSuffix(name, mark); ok {
			name = inside
		} else if behind, ok := strings.CutPrefix(rest, mark); ok {
			rest = behind
		} else if inside, ok := strings.CutSuffix(rest, mark); ok {
			rest = inside
		} else {
			return s, false
		}
	}
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "answer", "final answer", "label", "final label", "class", "category", "classification", "sentiment", "prediction", "verdict",
		"result", "output", "choice", "option", "rating", "topic", "intent", "type":
		return rest, true
	}
	return s, false
}
