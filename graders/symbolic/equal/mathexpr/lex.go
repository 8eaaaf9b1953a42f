package mathexpr

import (
	"errors"
	"math/big"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits on what is read. They are far above any answer that people write.
const (
	MaxBytes  = 1 << 15 // bytes of an expression
	MaxTokens = 1 << 12 // tokens of an expression
	MaxDepth  = 3000    // steps of the grammar inside each other; a pair of brackets takes three
	MaxDigits = 1 << 12 // digits of a number
)

// Reasons why a text is not read.
var (
	ErrTooLong = errors.New("longer than an expression may be")
	ErrTooDeep = errors.New("nested deeper than an expression may be")
	errSyntax  = errors.New("not an expression")
	errEmpty   = errors.New("empty")
)

// Options say how ambiguous forms are read.
type Options struct {
	// SplitThousands reads the comma of 1,234 as one between two numbers.
	SplitThousands bool
	// DecimalComma reads the comma of 0,5 as a decimal point.
	DecimalComma bool
	// NoUnits reads letters such as mL, which may be a unit, as a product.
	NoUnits bool
}

type lexer struct {
	src     string
	at      int
	out     []token
	opt     Options
	env     int  // environments that are open: \\ ends a row
	quote   bool // inside \text
	quoted  int  // braces inside \text
	space   bool
	dollars bool // a $ without its partner means money
	begin   int  // where the token begins that is being read
	lists   int  // brackets that are open since a function that takes a list
}

// lex cuts a text into tokens.
func lex(src string, opt Options) ([]token, error) {
	src = peel(src)
	if len(src) > MaxBytes {
		return nil, ErrTooLong
	}
	l := lexer{src: mend(fold(unbold(src))), opt: opt}
	l.out = make([]token, 0, len(src)/2+4)
	if n := strings.Count(l.src, "$"); n > 0 {
		n -= strings.Count(l.src, `\$`)
		l.dollars = n%2 == 1
	}
	for l.at < len(l.src) {
		if len(l.out) > MaxTokens {
			return nil, ErrTooLong
		}
		if err := l.next(); err != nil {
			return nil, err
		}
	}
	return l.out, nil
}

// peel drops brackets around a whole text that are so many that they can mean
// nothing.
func peel(s string) string {
	const many = 8
	if len(s) > 4*MaxBytes || len(s) < 2*many {
		return s
	}
	for _, b := range [...]string{"()", "{}"} {
		open := len(s) - len(strings.TrimLeft(s, b[:1]))
		if open < many {
			continue
		}
		// How many of the opening brackets are closed by the last ones.
		depth, lowest := open, open
		end := len(strings.TrimRight(s, b[1:]))
		for i := open; i < end; i++ {
			switch s[i] {
			case b[0]:
				depth++
			case b[1]:
				depth--
				lowest = min(lowest, depth)
			}
		}
		if n := min(lowest, depth, len(s)-end); n > 1 && depth == len(s)-end {
			return s[n-1 : len(s)-n+1]
		}
	}
	return s
}

// unbold drops the asterisks of bold text around a whole text.
func unbold(s string) string {
	t := strings.TrimSpace(s)
	if len(t) > 4 && strings.HasPrefix(t, "**") && strings.HasSuffix(t, "**") && !strings.Contains(t[2:len(t)-2], "**") {
		return t[2 : len(t)-2]
	}
	return s
}

// mend undoes the damage that escaping does to LaTeX: a string that was
// escaped twice has two backslashes before each command, and one that was
// escaped once too little has a tab for \t, a form feed for \f and so on.
func mend(s string) string {
	if strings.Contains(s, `\\`) && doubled(s) {
		s = strings.ReplaceAll(s, `\\`, `\`)
	}
	if strings.ContainsAny(s, "\t\f\b\r\v\a") {
		var b strings.Builder
		for i := 0; i < len(s); i++ {
			letter := byte(0)
			switch s[i] {
			case '\t':
				letter = 't'
			case '\f':
				letter = 'f'
			case '\b':
				letter = 'b'
			case '\r':
				letter = 'r'
			case '\v':
				letter = 'v'
			case '\a':
				letter = 'a'
			}
			if letter != 0 {
				n := letters(s[i+1:])
				if n > 0 && knownCommand(string(letter)+s[i+1:i+1+n]) {
					b.WriteByte('\\')
					b.WriteByte(letter)
					continue
				}
			}
			b.WriteByte(s[i])
		}
		s = b.String()
	}
	return s
}

// doubled reports whether every command has two backslashes.
func doubled(s string) bool {
	found := false
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			continue
		}
		j := i
		for j < len(s) && s[j] == '\\' {
			j++
		}
		n := letters(s[j:])
		if known := n > 0 && knownCommand(s[j:j+n]); known || j-i == 2 && j < len(s) && strings.IndexByte("{}!,;", s[j]) >= 0 {
			if (j-i)%2 == 1 {
				return false
			}
			if known {
				found = true
			}
		}
		i = j - 1
	}
	return found
}

func letters(s string) int {
	n := 0
	for n < len(s) && isLetter(s[n]) {
		n++
	}
	return n
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func (l *lexer) emit(k kind, text string) {
	l.out = append(l.out, token{kind: k, text: text, space: l.space, quote: l.quote, pos: l.begin})
	l.space = false
}

func (l *lexer) rest() string { return l.src[l.at:] }

func (l *lexer) last() token {
	if len(l.out) == 0 {
		return token{}
	}
	return l.out[len(l.out)-1]
}

func (l *lexer) next() error {
	l.begin = l.at
	c := l.src[l.at]
	if c >= utf8.RuneSelf {
		return l.wide()
	}
	switch {
	case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '~' || c == '\f' || c == '\v':
		l.at++
		l.space = true
	case isDigit(c) || c == '.' && l.at+1 < len(l.src) && isDigit(l.src[l.at+1]) && l.last().kind != tNum:
		return l.number()
	case c == '\\':
		return l.command()
	case isLetter(c):
		l.run()
	default:
		return l.punctuation(c)
	}
	return nil
}

func (l *lexer) punctuation(c byte) error {
	l.at++
	two := ""
	if l.at < len(l.src) {
		two = l.src[l.at-1 : l.at+1]
	}
	switch two {
	case "<=", ">=", "!=", "==", "->", "=>", "**", "=<":
		l.at++
		l.emit(tOp, map[string]string{"==": "=", "->": "→", "=>": "→", "**": "^", "=<": "<=", "<=": "<=", ">=": ">=", "!=": "!="}[two])
		return nil
	}
	switch c {
	case '+', '-', '*', '/', '^', '=', '<', '>', ':', '_':
		if c == '_' && l.quote {
			return nil
		}
		if c == '_' {
			l.digitLetters()
		}
		l.emit(tOp, string(c))
	case '!':
		l.emit(tOp, "!")
	case '(', '[':
		if t := l.last(); l.lists > 0 || t.kind == tFunc && listFunction(t.text) {
			l.lists++
		}
		l.emit(tOpen, string(c))
	case ')', ']':
		l.lists = max(0, l.lists-1)
		l.emit(tClose, string(c))
	case '{':
		if l.quote {
			l.quoted++
			return nil
		}
		l.emit(tOpen, "{")
	case '}':
		if l.quote {
			if l.quoted--; l.quoted < 0 {
				l.quote = false
				l.space = true
			}
			return nil
		}
		l.emit(tClose, "}")
	case '|':
		if strings.HasPrefix(l.rest(), "|") && l.last().kind == tEnd {
			l.emit(tBar, "|")
			return nil
		}
		l.emit(tBar, "|")
	case ',':
		l.emit(tComma, ",")
	case ';':
		l.emit(tSemi, ";")
	case '&':
		l.emit(tAmp, "&")
	case '%':
		l.emit(tPercent, "%")
	case '\'':
		if strings.HasPrefix(l.rest(), "'") {
			l.emit(tPrime, "'")
			return nil
		}
		l.emit(tPrime, "'")
	case '"', '`':
		l.space = true
	case '$':
		if l.dollars && l.at < len(l.src) && (isDigit(l.src[l.at]) || l.src[l.at] == '.') {
			l.emit(tCurrency, "$")
			return nil
		}
		l.space = true
	case '.', '?':
		if strings.HasPrefix(l.rest(), "..") && c == '.' {
			l.at += 2
			l.emit(tDots, "...")
			return nil
		}
		l.space = true
	case '#', '@':
		l.emit(tOp, string(c))
	default:
		if c < ' ' {
			return nil
		}
		return errSyntax
	}
	return nil
}

// digitLetters joins the digits before a subscript that names a base above
// ten, where letters are digits too: FF_{16}.
func (l *lexer) digitLetters() {
	end := l.at - 1
	start := end
	letters := 0
	for start > 0 && end-start < 32 {
		c := l.src[start-1]
		if c >= 'A' && c <= 'Z' {
			letters++
		} else if !isDigit(c) {
			break
		}
		start--
	}
	if letters == 0 || start > 0 && (isLetter(l.src[start-1]) || l.src[start-1] == '\\') {
		return
	}
	sub := strings.TrimPrefix(strings.TrimSpace(l.rest()), "{")
	if len(sub) < 2 || !isDigit(sub[0]) || !isDigit(sub[1]) {
		return
	}
	base := int(sub[0]-'0')*10 + int(sub[1]-'0')
	if base < 11 || base > 36 {
		return
	}
	v, ok := new(big.Int).SetString(l.src[start:end], base)
	if !ok {
		return
	}
	// Each token of the digits begins at or behind their start.
	for len(l.out) > 0 && l.last().pos >= start {
		l.out = l.out[:len(l.out)-1]
	}
	l.out = append(l.out, token{kind: tNum, text: l.src[start:end], base: l.src[start:end], num: &Number{Val: new(big.Rat).SetInt(v)}, pos: start})
}

// run reads letters that follow each other.
func (l *lexer) run() {
	n := letters(l.rest())
	s := l.rest()[:n]
	if l.quote {
		l.at += n
		for l.at < len(l.src) && l.src[l.at] == '\'' && letters(l.src[l.at+1:]) > 0 {
			n = 1 + letters(l.src[l.at+1:])
			s += l.src[l.at : l.at+n]
			l.at += n
		}
		l.word(s)
		return
	}
	l.at += n
	if t := l.last(); t.kind == tNum && !l.space && (s == "th" || s == "st" || s == "nd" || s == "rd") {
		return
	}
	switch {
	case n == 1 && s == "x" && l.last().kind == tNum && strings.HasPrefix(strings.TrimLeft(l.rest(), " "), "10^"):
		l.emit(tOp, "*")
	case n == 1:
		l.emit(tLetter, s)
	case strings.EqualFold(s, "and") || strings.EqualFold(s, "or"):
		l.emit(tWord, strings.ToLower(s))
	case n == 3 && strings.HasPrefix(s, "or") && s[2] < 'a' && !l.space && l.last().kind != tEnd:
		// "1orW(x)": the spaces around the word were lost.
		l.emit(tWord, "or")
		l.emit(tLetter, s[2:])
	case l.plainCommand(s):
	default:
		l.letters(s)
	}
}

// word emits a word of text.
func (l *lexer) word(s string) {
	if f, ok := function(s); ok && (len(s) > 2 || s == "ln") && !l.unitNow(s) {
		l.emit(tFunc, f)
		return
	}
	l.emit(tWord, s)
}

// unitNow reports whether the name of a function is that of a unit, as in 5 min.
func (l *lexer) unitNow(s string) bool {
	return l.last().kind == tNum && (s == "min" || s == "sec" || s == "deg")
}

// plainCommand reads a name that plain text has for what LaTeX has a command
// for, and commands that lost their backslash.
func (l *lexer) plainCommand(s string) bool {
	switch s {
	case "pi", "Pi", "PI":
		l.emit(tCmd, "pi")
		return true
	case "inf", "oo", "infty", "infinity", "Infinity":
		l.emit(tCmd, "infty")
		return true
	case "rac", "dfrac", "tfrac", "frac":
		l.emit(tCmd, "frac")
		return true
	case "sqrt", "cbrt", "binom", "int", "lim", "sum", "prod":
		if next := strings.TrimLeft(l.rest(), " "); next == "" || strings.IndexByte("({[_^", next[0]) < 0 {
			if s != "sqrt" {
				return false
			}
		}
		if s == "sqrt" {
			s = "surd"
		}
		l.emit(tCmd, s)
		return true
	case "mod":
		l.emit(tOp, "mod")
		return true
	case "ext", "text":
		if strings.HasPrefix(l.rest(), "{") {
			l.at++
			l.quote, l.quoted = true, 0
			return true
		}
	case "sh", "ch", "th", "tr", "arg", "deg", "dim", "Re", "Im", "sign", "rank", "round", "lb", "tg":
		if next := l.rest(); next == "" || next[0] != '(' {
			return false
		}
	}
	if f, ok := function(s); ok && !l.unitNow(s) {
		l.emit(tFunc, f)
		return true
	}
	if symbolName(s) {
		l.emit(tLetter, s)
		return true
	}
	return false
}

// letters decides whether letters that follow each other are a word or a
// product of variables. A word has four letters and a vowel, or is known; of
// three or more capitals, as in a triangle's name, none is a variable.
func (l *lexer) letters(s string) {
	lower := strings.ToLower(s)
	if _, _, ok := numberWord(lower); ok || ordinalFraction(lower) > 0 {
		l.emit(tWord, s)
		return
	}
	if shortWord(lower) && !(l.opt.NoUnits && unitWord(s)) || unitWord(s) && !l.opt.NoUnits || len(s) > 3 && strings.ContainsAny(lower, "aeiouy") || len(s) > 12 {
		l.emit(tWord, s)
		return
	}
	if len(s) >= 3 && strings.ToUpper(s) == s {
		l.emit(tLetter, s)
		return
	}
	// A function or a constant at either end: 2pi is cut before, but xsin and pir are not.
	for i := 1; i < len(s)-1; i++ {
		if f, ok := function(s[i:]); ok && len(s)-i >= 3 {
			for _, c := range []byte(s[:i]) {
				l.emit(tLetter, string(c))
			}
			l.emit(tFunc, f)
			return
		}
	}
	if strings.HasPrefix(s, "pi") && len(s) > 2 {
		l.emit(tCmd, "pi")
		s = s[2:]
	}
	for _, c := range []byte(s) {
		l.emit(tLetter, string(c))
	}
}

// shortWord reports whether a short run of letters is a word or a unit rather
// than a product of variables.
func shortWord(s string) bool {
	switch s {
	case "the", "is", "are", "for", "all", "any", "of", "to", "if", "yes", "no", "not", "odd", "pct", "per",
		"am", "pm", "nor", "one", "two", "six", "ten", "was", "has", "its", "day", "way", "none", "both", "dne", "even", "foot", "feet", "inch",
		"set", "but", "we", "so", "it", "can", "get", "cup", "red", "win", "tie", "dog", "cat", "man", "boy", "let", "out", "ways", "true":
		return true
	}
	return false
}

// unitWord reports whether a short run of letters is a unit.
func unitWord(s string) bool {
	switch s {
	case "mph", "kph", "cm", "mm", "km", "kg", "mL", "ml", "Hz", "sec", "min", "hrs", "hr", "USD", "EUR", "rad", "ft", "lbs", "lb", "oz", "gal", "mol", "kHz", "MHz", "kWh", "kJ", "kN", "kPa", "cents":
		return true
	}
	return false
}

// wide reads a word in letters that have no form in ASCII.
func (l *lexer) wide() error {
	start := l.at
	for l.at < len(l.src) {
		r, size := utf8.DecodeRuneInString(l.rest())
		if r < utf8.RuneSelf || !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) {
			break
		}
		l.at += size
	}
	if l.at == start {
		return errSyntax
	}
	l.emit(tWord, l.src[start:l.at])
	return nil
}

func listFunction(name string) bool {
	return name == "max" || name == "min" || name == "gcd" || name == "lcm"
}
