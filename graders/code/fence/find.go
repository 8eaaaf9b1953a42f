package fence

import (
	"html"
	"slices"
	"strconv"
	"strings"
)

// A Policy says which of several blocks of the language counts.
type Policy string

const (
	Last    Policy = "last"
	First   Policy = "first"
	Only    Policy = "only"    // none, if there are several
	Longest Policy = "longest" // the later one of two that are as long
	All     Policy = "all"     // all of them, joined in order
)

// A Search says what code is looked for.
type Search struct {
	// Names are the names of the language as they may stand behind a fence, in
	// lower case.
	Names  []string
	Policy Policy
	// Defines reports whether code defines what is looked for. Where it is not nil,
	// policy last means the last block that does, if one does.
	Defines func(code string) bool
	// Raw allows code without a fence: the whole text, if it has no block at all
	// and looks like code of the language.
	Raw bool
}

// Find looks for the code in a text without reasoning. Ok is false where there
// is none; why says what was found or is missing, and quotes nothing.
func (s Search) Find(text string) (code string, ok bool, why string) {
	blocks := Blocks(text)
	if len(blocks) == 0 {
		return s.raw(text)
	}
	var right, untagged, plain []Block
	other := 0
	for _, b := range blocks {
		switch {
		case b.Code == "":
		case strings.HasPrefix(b.Code, ">>> "):
			other++ // what a session looked like
		case s.named(b.Tag):
			right = append(right, b)
		case b.Tag == "" || b.Tag == "code":
			if !shows(b.Heading) {
				untagged = append(untagged, b)
			} else if looksLikeCode(b.Code, s.Names) {
				plain = append(plain, b)
			}
		case b.Tag == "text" || b.Tag == "plaintext" || b.Tag == "txt":
			if !shows(b.Heading) && looksLikeCode(b.Code, s.Names) {
				plain = append(plain, b)
			}
			other++
		default:
			other++
		}
	}
	what := "the " + string(s.Policy) + " code block"
	if len(right) == 0 {
		right = untagged
		what += " without a language"
		if len(right) == 0 {
			right = plain
		}
	}
	switch {
	case len(right) == 0 && other > 0:
		return "", false, "no code block of the language among " + strconv.Itoa(len(blocks))
	case len(right) == 0:
		return "", false, "no code block that holds code"
	case len(right) > 1:
		what += " of " + strconv.Itoa(len(right))
	}
	switch s.Policy {
	case Last:
		if i := s.lastDefining(right); i >= 0 && i < len(right)-1 {
			return right[i].Code, true, "code block " + strconv.Itoa(i+1) + " of " + strconv.Itoa(len(right)) + ", the last that defines the function"
		}
	case First:
		return right[0].Code, true, what
	case Only:
		if len(right) > 1 {
			return "", false, strconv.Itoa(len(right)) + " code blocks where only one may be"
		}
	case Longest:
		best := right[0]
		for _, b := range right[1:] {
			if len(b.Code) >= len(best.Code) {
				best = b
			}
		}
		return best.Code, true, what
	case All:
		var b strings.Builder
		for _, block := range right {
			b.WriteString(block.Code)
		}
		return b.String(), true, what
	}
	return right[len(right)-1].Code, true, what
}

// named reports whether a tag is a name of the language, with a version behind it
// perhaps, as in python3.11 and c++14, or that of a file of it.
func (s Search) named(tag string) bool {
	if slices.Contains(s.Names, tag) {
		return true
	}
	if bare := strings.TrimRight(tag, "0123456789.-_"); bare != tag {
		return slices.Contains(s.Names, bare)
	}
	dot := strings.LastIndexByte(tag, '.')
	return dot > 0 && slices.Contains(s.Names, tag[dot+1:])
}

func (s Search) lastDefining(blocks []Block) int {
	if s.Defines == nil {
		return -1
	}
	for i, b := range slices.Backward(blocks) {
		if s.Defines(b.Code) {
			return i
		}
	}
	return -1
}

// shows reports whether a line announces what a program prints or reads.
func shows(heading string) bool {
	h := strings.ToLower(strings.Trim(heading, " *_#:.`>"))
	for _, word := range []string{"output", "prints", "stdout", "stderr", "input", "console", "result", "error message", "traceback"} {
		if h == word || strings.HasSuffix(h, " "+word) || strings.HasPrefix(h, word+" ") && len(h) < 40 {
			return true
		}
	}
	for _, words := range []string{"expected output ", "sample output ", "example output ", "sample input "} {
		if strings.HasPrefix(h, words) && len(h) < 60 {
			return true
		}
	}
	return false
}

func (s Search) raw(text string) (string, bool, string) {
	if !s.Raw {
		return "", false, "no code block"
	}
	text = strings.Trim(unixLines(strings.TrimPrefix(text, "\ufeff")), "\r\n")
	if inner, ok := between(text); ok {
		return strings.Trim(inner, "\r\n") + "\n", true, "the text between [BEGIN] and [DONE]"
	}
	if inner, ok := s.marked(text); ok {
		return inner, true, "the text between marks of code, without a code block"
	}
	if !looksLikeCode(text, s.Names) {
		if code, ok := s.amid(text); ok {
			return code, true, "the code amid the text, which has no code block"
		}
		return "", false, "no code block, and the text does not look like code"
	}
	return text + "\n", true, "the whole text, which has no code block"
}

// between returns what stands behind the last [BEGIN], up to [DONE] or the end, as
// the prompt of MBPP asks for it.
func between(text string) (string, bool) {
	i := strings.LastIndex(text, "[BEGIN]")
	if i < 0 || strings.TrimSpace(text[strings.LastIndexByte(text[:i], '\n')+1:i]) != "" {
		return "", false
	}
	inner, _, _ := strings.Cut(text[i+len("[BEGIN]"):], "[DONE]")
	return inner, strings.TrimSpace(inner) != ""
}

// marked returns the code between the last marks of code or of an answer: those of
// HTML, or words in brackets.
func (s Search) marked(text string) (string, bool) {
	lower := strings.ToLower(text)
	if len(lower) != len(text) {
		return "", false // its places are others
	}
	for _, mark := range []struct{ begin, end string }{
		{"<code", "</code>"}, {"<pre", "</pre>"}, {"[python]", "[/python]"}, {"[code]", "[/code]"}, {"<answer>", "</answer>"},
	} {
		i := strings.LastIndex(lower, mark.begin)
		if i < 0 {
			continue
		}
		if before := strings.TrimSpace(lower[strings.LastIndexByte(lower[:i], '\n')+1 : i]); before != "" && !strings.HasPrefix(before, "<pre") {
			continue
		}
		i += len(mark.begin)
		if mark.begin[0] == '<' && !strings.HasSuffix(mark.begin, ">") {
			end := strings.IndexByte(lower[i:], '>')
			if end < 0 || strings.ContainsAny(lower[i:i+end], "<\n") {
				continue
			}
			i += end + 1
		}
		inner := text[i:]
		if end := strings.Index(lower[i:], mark.end); end >= 0 {
			inner = inner[:end]
		}
		if mark.begin[0] == '<' && mark.begin != "<answer>" {
			if cdata, ok := strings.CutPrefix(strings.TrimSpace(inner), "<![CDATA["); ok {
				inner = strings.TrimSuffix(cdata, "]]>")
			} else {
				inner = html.UnescapeString(inner)
			}
		}
		inner = strings.Trim(inner, "\r\n") + "\n"
		if strings.Contains(strings.TrimSpace(inner), "\n") && looksLikeCode(inner, s.Names) {
			return inner, true
		}
	}
	return "", false
}

// looksLikeCode reports whether the first and the last line of a text are such
// as code has. What merely looks so costs nothing: it will not run.
func looksLikeCode(text string, names []string) bool {
	text = strings.Trim(text, " \t\n\u00a0\u200b\u2060\ufeff") + "\n"
	first, rest, _ := strings.Cut(text, "\n")
	if strings.TrimSpace(first) == "" {
		return false
	}
	last := strings.TrimSpace(rest)
	last = strings.TrimSpace(last[strings.LastIndexByte(last, '\n')+1:])
	return codeLine(first, names) && (last == "" || codeLine(last, names))
}

// codeLine reports whether a line has what prose has not: a keyword that opens
// a statement, or the punctuation of code.
func codeLine(line string, names []string) bool {
	line = strings.TrimSpace(line)
	if strings.HasPrefix(line, "#!") || strings.HasPrefix(line, "//") || strings.HasPrefix(line, "/*") || strings.HasSuffix(line, "*/") {
		return true
	}
	word := line
	if i := strings.IndexAny(line, " \t(:;{"); i >= 0 {
		word = line[:i]
	}
	switch {
	case slices.Contains([]string{"import", "from", "def", "class", "return", "package", "func", "public", "fn", "function", "const", "let", "var", "async", "export", "struct", "enum", "impl", "typedef", "template", "namespace"}, word):
		return true
	case strings.HasPrefix(line, "#"):
		return strings.HasPrefix(line, "#include") || strings.HasPrefix(line, "#define") || strings.HasPrefix(line, "#[") || slices.Contains(names, "python") || slices.Contains(names, "bash")
	case strings.HasPrefix(line, "@"), strings.HasPrefix(line, `"""`), strings.HasSuffix(line, `"""`):
		return slices.Contains(names, "python") || slices.Contains(names, "java")
	}
	if strings.HasSuffix(line, ".") || strings.HasSuffix(line, "!") || strings.HasSuffix(line, "?") {
		return false
	}
	if slices.Contains(names, "bash") && strings.TrimLeft(word, "abcdefghijklmnopqrstuvwxyz") == "" {
		return true
	}
	return strings.HasSuffix(line, ";") || strings.HasSuffix(line, "{") || strings.HasSuffix(line, "}") || strings.HasSuffix(line, ")") ||
		strings.HasSuffix(line, ":") && strings.ContainsAny(line, "=<>") || strings.Contains(line, " = ") || strings.Contains(line, "=") && !strings.Contains(line, " ")
}
