package gate

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rftgrader/rftgrader/grader/answer"
)

// mostOpening is the length, in bytes, above which a text without reasoning and
// markup is no mere opening.
const mostOpening = 600

// IsContentless reports whether an answer has no content.
func IsContentless(text string) bool {
	text = answer.Strip(text).Text()
	text = visible(text)
	text = withoutTags(text)
	if len(text) > mostOpening {
		return !strings.ContainsFunc(text, content)
	}
	text = withoutCommands(text)
	bare := strings.TrimSpace(text)
	if mathSign(bare) {
		return false
	}
	if !strings.ContainsFunc(bare, content) {
		return true
	}
	if strings.EqualFold(strings.Trim(bare, " \n`*_\"'."), "null") {
		return true
	}
	return opening(bare)
}

// visible drops what cannot be seen.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r < 0x80 && r >= ' ', r == '\n':
			return r
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), r == utf8.RuneError,
			r == '\u3164', r == '\u115f', r == '\u1160', r == '\uffa0', r == '\u2800', r >= '\ufe00' && r <= '\ufe0f', r == '\u034f', r == '\u17b4', r == '\u17b5':
			return -1
		case r >= '\uff01' && r <= '\uff5e':
			return r - '\uff01' + '!'
		}
		return r
	}, s)
}

// content reports whether a character may be content by itself.
func content(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) ||
		r >= 0x80 && (unicode.Is(unicode.Sm, r) && r != '→' && r != '←' && r != '↔' || unicode.Is(unicode.Sc, r))
}

// mathSign reports whether a text is one sign that compares or adds.
func mathSign(s string) bool {
	switch s {
	case "+", "<", ">", "=", "<=", ">=", "!=", "==", "=>", "->":
		return true
	}
	return false
}

// withoutTags removes tags of markup and comments, and keeps what they hold.
func withoutTags(s string) string {
	if !strings.Contains(s, "<") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	comments := true
	for i := 0; i < len(s); {
		if s[i] != '<' {
			n := strings.IndexByte(s[i:], '<')
			if n < 0 {
				n = len(s) - i
			}
			b.WriteString(s[i : i+n])
			i += n
			continue
		}
		if comments && strings.HasPrefix(s[i:], "<!--") {
			n := strings.Index(s[i:], "-->")
			if n >= 0 {
				i += n + 3
				continue
			}
			comments = false
		}
		if n := tagLength(s[i:]); n > 0 {
			b.WriteByte('\n')
			i += n
			continue
		}
		b.WriteByte('<')
		i++
	}
	return b.String()
}

// tagLength returns the length of the tag that s begins with, or 0.
func tagLength(s string) int {
	i := 1
	if i < len(s) && (s[i] == '/' || s[i] == '|') {
		i++
	}
	from := i
	for i < len(s) && i < 40 && (s[i]|0x20 >= 'a' && s[i]|0x20 <= 'z' || i > from && (s[i] >= '0' && s[i] <= '9' || s[i] == '_' || s[i] == '-')) {
		i++
	}
	if i == from {
		return 0
	}
	for i < len(s) && i < 60 && (s[i] == ' ' || s[i] == '/' || s[i] == '|') {
		i++
	}
	if i < len(s) && s[i] == '>' {
		return i + 1
	}
	return 0
}

// withoutCommands removes the commands of LaTeX that only wrap or lay out, and
// the names of languages behind fences.
func withoutCommands(s string) string {
	for _, c := range [...]string{`\boxed`, `\fbox`, `\text`, `\textbf`, `\mathrm`, `\mathbf`, `\quad`, `\qquad`, `\begin{align*}`, `\end{align*}`, `\begin{align}`, `\end{align}`, `\begin{equation}`, `\end{equation}`, `\displaystyle`, `\left`, `\right`} {
		for at := 0; ; {
			n := strings.Index(s[at:], c)
			if n < 0 {
				break
			}
			at += n
			if next := at + len(c); next < len(s) && c[len(c)-1] != '}' && (s[next]|0x20 >= 'a' && s[next]|0x20 <= 'z') {
				at = next
				continue
			}
			s = s[:at] + " " + s[at+len(c):]
		}
	}
	if !strings.Contains(s, "```") {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), "```"); ok && !strings.Contains(rest, " ") && len(rest) < 20 {
			lines[i] = ""
		}
	}
	return strings.Join(lines, "\n")
}
