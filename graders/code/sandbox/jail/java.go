package jail

import "strings"

// A javaOutline is what must be known of a Java text to build it.
type javaOutline struct {
	pkg    string // the package, or empty
	public string // the public type of the top level, whose name the file must have
	main   string // the type that holds main: the public one before one named Main before the first
	first  string // the first type of the top level
}

// outlineJava reads the top level of a text. It goes through it once.
func outlineJava(text string) javaOutline {
	var o javaOutline
	var current, last, before string
	depth, public, inPackage := 0, false, false
	for token := range javaTokens(text) {
		switch token {
		case "{":
			depth++
		case "}":
			depth = max(depth-1, 0)
			if depth == 0 {
				public = false
			}
		case ";":
			inPackage = false
			if depth == 0 {
				public = false
			}
		case "public":
			if depth == 0 {
				public = true
			}
		case "(":
			if depth == 1 && last == "main" && before == "void" && (o.main == "" || o.main != o.public && (current == o.public || current == "Main")) {
				o.main = current
			}
		default:
			if depth == 0 && (last == "class" || last == "interface" || last == "enum" || last == "record") {
				current = token
				if o.first == "" {
					o.first = token
				}
				if public && o.public == "" {
					o.public = token
				}
			}
			if inPackage {
				o.pkg += token
			}
			inPackage = inPackage || depth == 0 && token == "package" && o.first == "" && o.pkg == ""
		}
		before, last = last, token
	}
	if o.main == "" {
		o.main = o.public
	}
	if o.main == "" {
		o.main = o.first
	}
	return o
}

// framedJava puts methods that stand alone into a class. Imports stay before it, and
// no line moves.
func framedJava(text string) string {
	if outlineJava(text).first != "" {
		return text
	}
	at, method := 0, false
	for p := 0; p < len(text); {
		end := after(text, p, "\n")
		line := strings.TrimSpace(text[p:end])
		if strings.HasPrefix(line, "import ") {
			at = end
		} else if line != "" && !strings.HasPrefix(line, "//") {
			break
		}
		p = end
	}
	for token := range javaTokens(text[at:]) {
		method = method || token == "("
	}
	if !method {
		return text
	}
	return text[:at] + "class Solution {" + text[at:] + "\n}\n"
}

// javaTokens yields names and single characters, without comments and texts.
func javaTokens(s string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for i := 0; i < len(s); {
			switch c := s[i]; {
			case strings.HasPrefix(s[i:], "//"):
				i = after(s, i, "\n")
			case strings.HasPrefix(s[i:], "/*"):
				i = after(s, i+2, "*/")
			case strings.HasPrefix(s[i:], `"""`):
				i = after(s, i+3, `"""`)
			case c == '"' || c == '\'':
				i = skipQuoted(s, i)
			case isNameByte(c):
				start := i
				for i < len(s) && isNameByte(s[i]) {
					i++
				}
				if !yield(s[start:i]) {
					return
				}
			case c <= ' ':
				i++
			default:
				if !yield(s[i : i+1]) {
					return
				}
				i++
			}
		}
	}
}

func isNameByte(c byte) bool {
	return c == '_' || c == '$' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// after returns the index behind the next end, or the length.
func after(s string, from int, end string) int {
	if i := strings.Index(s[from:], end); i >= 0 {
		return from + i + len(end)
	}
	return len(s)
}

func skipQuoted(s string, i int) int {
	quote := s[i]
	for i++; i < len(s) && s[i] != quote && s[i] != '\n'; i++ {
		if s[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// className returns the name by which the virtual machine finds a type.
func (o javaOutline) className(name string) string {
	if o.pkg == "" {
		return name
	}
	return o.pkg + "." + name
}

// plainJavaName says whether a name is fit for a file.
func plainJavaName(name string) bool {
	if name == "" || len(name) > 100 {
		return false
	}
	for i := range len(name) {
		if c := name[i]; !isNameByte(c) || c >= 0x80 || c == '$' {
			return false
		}
	}
	return true
}
