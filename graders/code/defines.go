package code

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
	"github.com/rftgrader/rftgrader/graders/code/suite"
)

// definer returns what tells the blocks that define the function under test, nil
// where the tests name none.
func definer(t *task) func(code string) bool {
	var names []string
	switch {
	case t.Form == suite.Stdio || t.Form == suite.Unit:
		return nil
	case t.Entry != "":
		names = []string{plainName(t.Entry)}
	case t.Script != nil:
		for _, statement := range t.Script.Asserts {
			names = called(names, statement)
		}
	}
	if len(names) == 0 {
		return nil
	}
	find := definesCall
	if t.language.Driver == jail.DriverPython {
		find = defines
	}
	return func(code string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return find(code, name) })
	}
}

func plainName(entry string) string { return entry[strings.LastIndexByte(entry, '.')+1:] }

// maxCalled bounds how many names of a list of asserts are looked for.
const maxCalled = 32

// called adds the names that a statement of Python calls as f(...).
func called(names []string, statement string) []string {
	for i := 0; i < len(statement) && len(names) < maxCalled; {
		start := i
		for i < len(statement) && isName(statement[i]) {
			i++
		}
		if i == start {
			i++
			continue
		}
		name := statement[start:i]
		if i < len(statement) && statement[i] == '(' && (start == 0 || statement[start-1] != '.') && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func isName(c byte) bool {
	return c == '_' || c == '$' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}

// defines reports whether Python code defines a name: a function or class of
// that name, in a class perhaps, or an assignment to it.
func defines(code, name string) bool {
	name = plainName(name)
	for line := range strings.SplitSeq(code, "\n") {
		line = strings.TrimSpace(line)
		line = strings.TrimPrefix(line, "async ")
		for _, keyword := range []string{"def ", "class "} {
			if rest, ok := strings.CutPrefix(line, keyword); ok && begins(strings.TrimLeft(rest, " \t"), name, "(:[ ") {
				return true
			}
		}
		if begins(line, name, "=: ") {
			rest := strings.TrimLeft(line[len(name):], " ")
			if strings.HasPrefix(rest, ":") || strings.HasPrefix(rest, "=") && !strings.HasPrefix(rest, "==") {
				return true
			}
		}
	}
	return false
}

// begins reports whether s begins with the name and one of the characters.
func begins(s, name, chars string) bool {
	rest, ok := strings.CutPrefix(s, name)
	return ok && rest != "" && strings.IndexByte(chars, rest[0]) >= 0
}

// definesCall reports whether code of a language with braces defines a function:
// its name stands behind a word that declares, or is given a value, or has
// parameters behind it and then a body.
func definesCall(code, name string) bool {
	for p := 0; ; {
		i := strings.Index(code[p:], name)
		if i < 0 {
			return false
		}
		start, end := p+i, p+i+len(name)
		p = end
		if start > 0 && isName(code[start-1]) || end < len(code) && isName(code[end]) {
			continue
		}
		line := code[strings.LastIndexByte(code[:start], '\n')+1 : start]
		rest := strings.TrimLeft(code[end:min(len(code), end+maxParameters)], " \t")
		head := strings.TrimRight(line, " \t*")
		switch word := head[strings.LastIndexFunc(head, func(r rune) bool { return !unicode.IsLetter(r) })+1:]; {
		case strings.Contains(line, "//"):
		case word == "func" || word == "function" || word == "class" || word == "fn":
			return true
		case strings.HasPrefix(rest, "=") && !strings.HasPrefix(rest, "==") && !strings.HasPrefix(rest, "=>"):
			return true
		case strings.HasPrefix(rest, "(") && word != "return" && word != "new" && word != "await" && hasBody(rest):
			return true
		}
	}
}

// maxParameters bounds the text of a function's parameters in bytes.
const maxParameters = 2000

// hasBody reports whether parentheses are followed by a body, with types or
// exceptions before it perhaps.
func hasBody(s string) bool {
	depth := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth < 0 {
				return false
			}
		case depth > 0:
		case c == '{':
			return true
		case c == ';' || c == '}' || c == '=' || c == '+' || c == '"':
			return false
		}
	}
	return false
}
