package code

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxComplaint bounds in bytes what of a program's own words a reason shows.
const maxComplaint = 160

// exception names an exception, with the first line of what it says.
func exception(kind, message string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(message), "\n")
	return joined(shown(kind), shown(line))
}

// complaint finds in the end of what a program wrote to standard error the line
// that says why it ended; it is empty where none does.
func complaint(stderr []byte) string {
	lines := strings.Split(strings.ToValidUTF8(string(stderr[max(0, len(stderr)-8<<10):]), "\ufffd"), "\n")
	for _, line := range slices.Backward(lines) {
		line = strings.TrimSpace(line)
		word, _, _ := strings.Cut(line, ":")
		word = word[strings.LastIndexByte(word, ' ')+1:]
		switch {
		case strings.HasSuffix(word, "Error"), strings.HasSuffix(word, "Exception"), strings.HasSuffix(word, "Interrupt"), strings.HasSuffix(word, "Exit"),
			strings.HasPrefix(line, "panic: "), strings.HasPrefix(line, "fatal error: "), strings.HasPrefix(line, "terminate called"),
			strings.HasPrefix(line, "Exception in thread"), strings.HasPrefix(line, "thread '"), strings.Contains(line, "command not found"):
			return shown(line)
		}
	}
	return ""
}

// shown makes text of a hostile hand fit for a reason: short, on one line, and
// without what differs from run to run.
func shown(text string) string {
	text = withoutPaths(text[:min(len(text), 4*maxComplaint)])
	text = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || r == '\r' {
			return ' '
		}
		if !unicode.IsPrint(r) {
			return '\ufffd'
		}
		return r
	}, strings.TrimSpace(text))
	if len(text) > maxComplaint {
		text = strings.TrimRight(strings.ToValidUTF8(text[:maxComplaint], ""), " ") + "..."
	}
	return text
}

// diagnosis says where a compiler found the first fault, and what it is. Of what
// compilers quote only that is shown which stands in the program: they quote
// what they read elsewhere as well.
func (c composed) diagnosis(log, file string) string {
	n, rest := position(log, file)
	if n == 0 {
		return ""
	}
	where := ", line " + itoa(n)
	if c.added > 0 {
		if n = c.line(n); n > 0 {
			where = ", line " + itoa(n)
		} else {
			where = ", in the lines that the tests put around it"
		}
	}
	line, _, _ := strings.Cut(rest, "\n")
	line = strings.TrimLeft(line, "0123456789:,) ")
	if said := complaint([]byte(log)); strings.Contains(said, "Error") && (line == "" || strings.HasPrefix(line, "\n")) {
		line = said // Python says it at the end
	}
	line = strings.TrimPrefix(strings.TrimPrefix(line, "fatal "), "error: ")
	return joined(where, shown(c.quoting(line)))
}

// quoting leaves out what a message quotes and the program does not hold.
func (c composed) quoting(message string) string {
	var b strings.Builder
	for message != "" {
		i := strings.IndexAny(message, "'\"`\u2018")
		if i < 0 {
			b.WriteString(message)
			break
		}
		open, size := utf8.DecodeRuneInString(message[i:])
		mark := string(open)
		if open == '\u2018' {
			mark = "\u2019"
		} else if open == '`' {
			mark = "`'"
		}
		b.WriteString(message[:i+size])
		message = message[i+size:]
		end := strings.IndexAny(message, mark)
		if end < 0 {
			end = len(message)
		}
		if quoted := message[:end]; strings.Contains(c.source, quoted) {
			b.WriteString(quoted)
		} else {
			b.WriteString("...")
		}
		if end < len(message) {
			_, size = utf8.DecodeRuneInString(message[end:])
			b.WriteString(message[end : end+size])
			end += size
		}
		message = message[end:]
	}
	return b.String()
}

// position finds the first line of the source file that a compiler's output
// names, and returns what stands behind it.
func position(log, file string) (line int, rest string) {
	for {
		_, rest, ok := strings.Cut(log, file)
		if !ok {
			return 0, ""
		}
		log = rest
		rest = strings.TrimPrefix(strings.TrimLeft(rest, `"':,( `), "line ")
		n := 0
		for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
			n++
		}
		if n > 0 && n < 7 {
			line, _ := strconv.Atoi(rest[:n])
			return line, rest[n:]
		}
	}
}

// withoutPaths leaves of absolute paths their last part, because folders are
// those of one run, and of addresses of memory nothing.
func withoutPaths(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] == '/' && (i == 0 || strings.IndexByte(" '\"(=:`<[", s[i-1]) >= 0) && !strings.HasPrefix(s[i:], "//") {
			end := i
			for end < len(s) && strings.IndexByte(" '\"():,`<>[]\n\t", s[end]) < 0 {
				end++
			}
			path := s[i:end]
			b.WriteString(path[strings.LastIndexByte(path, '/')+1:])
			i = end
			continue
		}
		if strings.HasPrefix(s[i:], "0x") {
			end := i + 2
			for end < len(s) && strings.IndexByte("0123456789abcdefABCDEF", s[end]) >= 0 {
				end++
			}
			if end-i >= 10 {
				b.WriteString("0x...")
				i = end
				continue
			}
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}

func joined(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	}
	return a + ": " + b
}
