package verdict

import (
	"strings"
	"unicode/utf8"
)

// A node is a value of JSON, as far as it could be read.
type node struct {
	kind    kind
	text    string // of strings and of anything bare: numbers, literals, words
	members []member
	items   []*node
	cut     bool // the text ended inside it, or right behind a bare value
}

type kind int

const (
	bare kind = iota
	str
	object
	list
)

type member struct {
	key   string
	value *node
}

// A loose reads JSON as models write it. It reads each byte a bounded number
// of times.
type loose struct {
	s    string
	work int // bytes that may still be read, over all attempts
}

const (
	maxDepth = 40
	keyLimit = 200 // bytes of a key
)

// A found is an object or a list in a text, and where it stands.
type found struct {
	node       *node
	start, end int
}

// scan returns the objects, and the lists that begin with an object, that
// stand in a text, in order. What stands in them is not returned again.
func (p *loose) scan() []found {
	var all []found
	p.work = 16*len(p.s) + 4096
	for i := 0; i < len(p.s) && p.work > 0; {
		n := strings.IndexAny(p.s[i:], "{[(")
		if n < 0 {
			break
		}
		i += n
		start := i
		var x *node
		end := 0
		switch p.s[i] {
		case '{':
			if p.objectLike(i) {
				x, end = p.object(i, '}', 0)
			}
		case '[':
			if j := p.space(i + 1); j < len(p.s) && p.s[j] == '{' && p.objectLike(j) {
				x, end = p.list(i, 0)
			}
		case '(':
			if from, ok := p.call(i); ok {
				if x, end = p.object(i, ')', 0); x != nil && x.cut {
					x = nil
				}
				start = from
			}
		}
		if x == nil {
			i++
			continue
		}
		all = append(all, found{x, start, end})
		i = end
	}
	return all
}

// call reports whether a line begins with a function call whose first argument
// has a name, and where it begins.
func (p *loose) call(i int) (start int, ok bool) {
	start = i
	for start > 0 && i-start < 60 && (isLetter(p.s[start-1]) || isDigit(p.s[start-1]) || p.s[start-1] == '_' || p.s[start-1] == '.') {
		start--
	}
	if start == i {
		return 0, false
	}
	for j := start - 1; j >= 0 && p.s[j] != '\n'; j-- {
		if start-j > 8 || !strings.ContainsRune(" \t`[", rune(p.s[j])) {
			return 0, false
		}
	}
	j := p.space(i + 1)
	return start, j < len(p.s) && isLetter(p.s[j]) && p.keyAhead(j)
}

func (p *loose) space(i int) int {
	from := i
	for i < len(p.s) && (p.s[i] == ' ' || p.s[i] == '\n' || p.s[i] == '\t') {
		i++
	}
	p.work -= i - from
	return i
}

// blank passes over white space, comments and, in objects and lists, commas.
func (p *loose) blank(i int, commas bool) int {
	for {
		i = p.space(i)
		rest := p.s[i:]
		from := i
		switch {
		case rest == "":
			return i
		case commas && rest[0] == ',':
			i++
		case strings.HasPrefix(rest, "//"), rest[0] == '#':
			if n := strings.IndexByte(rest, '\n'); n >= 0 {
				i += n
			} else {
				i = len(p.s)
			}
		case strings.HasPrefix(rest, "/*"):
			if n := strings.Index(rest, "*/"); n >= 0 {
				i += n + 2
			} else {
				i = len(p.s)
			}
		default:
			return i
		}
		p.work -= i - from
	}
}

// objectLike reports whether the brace at i begins an object.
func (p *loose) objectLike(i int) bool {
	j := p.blank(i+1, false)
	return j < len(p.s) && (p.s[j] == '}' || p.keyAhead(j))
}

// quoteAt returns the family of the quotation mark at s[i] and its length.
func quoteAt(s string, i int) (family rune, size int) {
	if i >= len(s) {
		return 0, 0
	}
	r, size := utf8.DecodeRuneInString(s[i:])
	switch r {
	case '"', '\'', '`':
		return r, size
	case '“', '”', '„', '‟', '«', '»':
		return '“', size
	case '‘', '’', '‚', '‛':
		return '‘', size
	}
	return 0, 0
}

// sameFamily reports whether a quotation mark may close what another opened.
func sameFamily(open, mark rune) bool {
	return open == mark || open == '“' && mark == '"' || open == '‘' && mark == '\''
}

// keyAhead reports whether a key and its colon stand at i.
func (p *loose) keyAhead(i int) bool {
	_, _, ok := p.key(i)
	return ok
}

// key reads a key and the colon behind it.
func (p *loose) key(i int) (name string, end int, ok bool) {
	p.work -= 8
	family, size := quoteAt(p.s, i)
	j := i + size
	if family != 0 && family != '`' {
		for j < len(p.s) && j-i <= keyLimit {
			if p.s[j] == '\\' {
				j += 2
				continue
			}
			if f, n := quoteAt(p.s, j); f != 0 && sameFamily(family, f) {
				p.work -= j - i
				if at, ok := p.colon(j + n); ok {
					return unescaped(p.s[i+size : j]), at, true
				}
				if p.s[j] == '"' || f == '“' {
					return "", 0, false
				}
			}
			j++
		}
		p.work -= min(j, len(p.s)) - i
		return "", 0, false
	}
	j = i
	for j < len(p.s) && j-i <= keyLimit && (isLetter(p.s[j]) || p.s[j] == '_' || p.s[j] == '$' || j > i && (isDigit(p.s[j]) || p.s[j] == '-')) {
		j++
	}
	p.work -= j - i
	if j == i {
		return "", 0, false
	}
	at, ok := p.colon(j)
	return p.s[i:j], at, ok
}

// colon reads a colon or an equals sign.
func (p *loose) colon(i int) (end int, ok bool) {
	i = p.space(i)
	for _, c := range [...]string{":=", "=>", ":", "="} {
		if strings.HasPrefix(p.s[i:], c) {
			return i + len(c), !strings.HasPrefix(p.s[i:], "==")
		}
	}
	return 0, false
}

// object reads the members up to the closing brace. Where it is none after
// all, it returns nil.
func (p *loose) object(i int, closer byte, depth int) (*node, int) {
	x := &node{kind: object}
	if depth > maxDepth {
		return nil, i
	}
	quoted := false
	for i++; p.work > 0; {
		p.work--
		i = p.blank(i, true)
		if i >= len(p.s) {
			x.cut = true
			return x, len(p.s)
		}
		if c := p.s[i]; c == closer {
			return x, i + 1
		}
		key, at, ok := p.key(i)
		if !ok {
			if !quoted {
				if q, _ := quoteAt(p.s, i); q != 0 && !strings.ContainsAny(p.s[i:min(len(p.s), i+keyLimit)], "\n:") && len(p.s)-i < keyLimit {
					x.cut = true // the text ends in a key
					return x, len(p.s)
				}
				if len(x.members) > 0 && wordToEnd(p.s[i:]) {
					x.cut = true
					return x, len(p.s)
				}
				return nil, i
			}
			// A surplus brace, or what is left of a stray quotation mark.
			i++
			continue
		}
		if q, _ := quoteAt(p.s, i); q != 0 || closer == ')' {
			quoted = true
		}
		var v *node
		v, i = p.value(at, depth, closer)
		if v == nil {
			return nil, i
		}
		x.members = append(x.members, member{key, v})
		if v.cut && i >= len(p.s) {
			x.cut = true
			return x, i
		}
	}
	return nil, i
}

func wordToEnd(s string) bool {
	return len(s) < keyLimit && strings.IndexFunc(s, func(r rune) bool { return r == ' ' || r == '\n' || r == '}' }) < 0
}

// list reads the items up to the closing bracket.
func (p *loose) list(i int, depth int) (*node, int) {
	x := &node{kind: list}
	if depth > maxDepth {
		return nil, i
	}
	for i++; p.work > 0; {
		p.work--
		i = p.blank(i, true)
		if i >= len(p.s) {
			x.cut = true
			return x, len(p.s)
		}
		switch p.s[i] {
		case ']':
			return x, i + 1
		case '}', ')':
			i++
			continue
		}
		v, end := p.value(i, depth, ']')
		if v == nil {
			return nil, end
		}
		x.items = append(x.items, v)
		if i = end; v.cut && i >= len(p.s) {
			x.cut = true
			return x, i
		}
	}
	return nil, i
}

func (p *loose) value(i, depth int, closer byte) (*node, int) {
	i = p.blank(i, false)
	if i >= len(p.s) {
		return &node{cut: true}, i
	}
	switch p.s[i] {
	case '{':
		// Doubled braces are one.
		for n := p.space(i + 1); n < len(p.s) && p.s[n] == '{'; n = p.space(i + 1) {
			i = n
		}
		return p.object(i, '}', depth+1)
	case '[':
		return p.list(i, depth+1)
	}
	if family, size := quoteAt(p.s, i); family != 0 {
		return p.str(i+size, family, closer)
	}
	return p.bare(i, closer)
}

// bare reads a value without quotation marks: up to a comma, a brace or the
// end of the line.
func (p *loose) bare(i int, closer byte) (*node, int) {
	from := i
	cut := true
loop:
	for ; i < len(p.s); i++ {
		switch c := p.s[i]; c {
		case ',', '}', ']', '\n', '"':
			if c == ',' && i+1 < len(p.s) && isDigit(p.s[i+1]) && i > from && isDigit(p.s[i-1]) && closer != ']' {
				continue // 7,5 may be one number or two
			}
			cut = false
			break loop
		case ')':
			if closer == ')' {
				cut = false
				break loop
			}
		case '<', '`':
			if strings.HasPrefix(p.s[i:], "</") || strings.HasPrefix(p.s[i:], "```") {
				cut = false
				break loop
			}
		case '/', '#':
			if i > from && (p.s[i-1] == ' ' || p.s[i-1] == '\t') && (c == '#' || strings.HasPrefix(p.s[i:], "//") || strings.HasPrefix(p.s[i:], "/*")) {
				cut = false
				break loop
			}
		}
	}
	p.work -= i - from
	text := strings.TrimRight(p.s[from:i], " \t")
	if text != p.s[from:i] {
		cut = false
	}
	if j := strings.IndexByte(text, ','); j >= 0 {
		text = "?" // no value at all
	}
	return &node{kind: bare, text: text, cut: cut}, i
}

// str reads a string up to the quotation mark that closes it. Marks that
// neither a comma and a key nor a brace follow stand in the string.
func (p *loose) str(i int, family rune, closer byte) (*node, int) {
	from := i
	for i < len(p.s) {
		if p.s[i] == '\\' {
			i += 2
			continue
		}
		if p.s[i] < utf8.RuneSelf && p.s[i] != '"' && p.s[i] != '\'' && p.s[i] != '`' {
			i++
			continue
		}
		f, size := quoteAt(p.s, i)
		if f != 0 && sameFamily(family, f) && p.closes(i+size, closer) {
			p.work -= i - from
			return &node{kind: str, text: unescaped(p.s[from:i])}, i + size
		}
		_, size = utf8.DecodeRuneInString(p.s[i:])
		i += size
	}
	p.work -= len(p.s) - from
	return &node{kind: str, text: "", cut: true}, len(p.s)
}

// closes reports whether a string may end before i.
func (p *loose) closes(i int, closer byte) bool {
	j := p.space(i)
	if j >= len(p.s) {
		return true
	}
	switch c := p.s[j]; c {
	case '}', ']':
		return true
	case ')':
		return closer == ')'
	case ',':
		k := p.blank1(j + 1)
		if k >= len(p.s) || closer == ']' {
			return true
		}
		return p.s[k] == '}' || p.s[k] == ']' || p.keyAhead(k)
	case '<', '`':
		return strings.HasPrefix(p.s[j:], "</") || strings.HasPrefix(p.s[j:], "```")
	case '/', '#':
		return strings.HasPrefix(p.s[j:], "//") || strings.HasPrefix(p.s[j:], "/*") || c == '#'
	}
	return strings.Contains(p.s[i:j], "\n") && p.keyAhead(j)
}

// blank1 passes over white space and one comment on the line.
func (p *loose) blank1(i int) int {
	i = p.space(i)
	for _, mark := range [...][2]string{{"//", "\n"}, {"#", "\n"}, {"/*", "*/"}} {
		if strings.HasPrefix(p.s[i:], mark[0]) {
			line := p.s[i:min(len(p.s), i+keyLimit)]
			if n := strings.Index(line, mark[1]); n >= 0 {
				return p.space(i + n + len(mark[1]))
			}
		}
	}
	return i
}

// unescaped resolves the escapes of a string. A backslash before anything else
// is dropped.
func unescaped(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch s[i] {
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case 'r', 'b', 'f':
			b.WriteByte(' ')
		case 'u':
			if r, ok := hex4(s[i+1:]); ok {
				b.WriteRune(r)
				i += 4
			} else {
				b.WriteByte('u')
			}
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func hex4(s string) (rune, bool) {
	if len(s) < 4 {
		return 0, false
	}
	var r rune
	for i := range 4 {
		c := s[i] | 0x20
		switch {
		case isDigit(s[i]):
			r = r<<4 | rune(s[i]-'0')
		case c >= 'a' && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		default:
			return 0, false
		}
	}
	return r, true
}
