package number

import "unicode"

type kind uint8

const (
	kNumber     kind = iota // a number without a sign
	kWord                   // letters
	kPlus                   // +
	kMinus                  // any hyphen, dash or minus sign
	kTimes                  // × x * · \times
	kPower                  // ^ **
	kRaised                 // superscript digits
	kSlash                  // /
	kFrac                   // \frac, followed by two numbers or groups
	kOpen                   // (
	kClose                  // )
	kGroupOpen              // { of a power or a fraction
	kGroupClose             // }
	kPercent                // %
	kPerMille               // ‰ ‱
	kCurrency               // $ € £
	kEquals                 // =
	kAbout                  // ≈ ~
	kDegree                 // °
	kComma                  // , ; :
	kStop                   // .
)

// token is one mark of the text with its meaning.
type token struct {
	kind       kind
	apart      bool  // white space or markup stands before it
	broken     bool  // a line break stands before it
	inText     bool  // it stands inside \text{}
	vulgar     bool  // a number of one character: ½
	whole      bool  // a number without decimals or exponent
	spaced     bool  // a number whose groups are parted by ordinary spaces
	listed     bool  // a number whose groups are parted by commas, as a list may be
	dangles    bool  // a number that ends with its decimal mark
	value      Value // of a number, or the exponent of kRaised
	scale      int64 // of kPerMille: the power of ten that divides
	start, end int   // runes of the source
}

type brace struct {
	counts bool // it belongs to a power or a fraction
	text   bool // it belongs to \text
	frac   int  // arguments of \frac that are due after it
}

// lexer parts the text into tokens. Markup that changes no number is dropped,
// but what it stood between is never run together.
type lexer struct {
	f      Format
	src    []rune
	pos    int
	tokens []token
	digits []byte
	braces []brace

	apart    bool
	broken   bool
	frac     int  // arguments of \frac that are due
	power    bool // the exponent of a power is due
	text     bool // the next brace belongs to \text
	inText   int
	numbers  bool // a number was read
	currency bool // a bare $ is a currency sign: their count is odd
}

// maxDepth bounds nested braces.
const maxDepth = 64

func (l *lexer) run() error {
	dollars := 0
	for i, r := range l.src {
		if r == '$' && (i == 0 || l.src[i-1] != '\\') {
			dollars++
		}
	}
	l.currency = dollars%2 == 1
	l.apart = true
	for l.pos < len(l.src) {
		if err := l.next(); err != nil {
			return err
		}
	}
	return nil
}

// emit adds a token that ends at end.
func (l *lexer) emit(t token, end int) {
	t.start, t.end = l.pos, end
	t.apart, t.broken, t.inText = l.apart, l.broken, l.inText > 0
	l.tokens = append(l.tokens, t)
	l.numbers = l.numbers || t.kind == kNumber
	l.pos, l.apart, l.broken, l.power = end, false, false, false
}

// drop passes over what is no part of a number.
func (l *lexer) drop(end int) { l.pos, l.apart = end, true }

func (l *lexer) next() error {
	r := l.src[l.pos]
	if l.frac > 0 && !isSpace(r) && r != '{' {
		return l.argument(r)
	}
	switch {
	case isDigit(r), r == l.f.decimal() && l.digitRun(l.pos+1) > 0:
		return l.number()
	case isMark(r):
		return ErrExpression // struck out, barred or enclosed
	case isLetter(r):
		return l.word()
	case isSpace(r):
		l.broken = l.broken || r == lineBreak
		l.drop(l.pos + 1)
		return nil
	}
	if num, den, ok := vulgar(r); ok {
		l.emit(token{kind: kNumber, vulgar: true, value: FromInt(num).quo(FromInt(den))}, l.pos+1)
		return nil
	}
	if _, ok := superscript(r); ok {
		return l.raised()
	}
	if subscript(r) {
		return l.lowered()
	}
	return l.mark(r)
}

func (l *lexer) number() error {
	n, end, err := l.literal(l.pos)
	if err != nil {
		return err
	}
	l.emit(token{kind: kNumber, value: n.value(), whole: !n.point, spaced: n.spaced, listed: n.listed, dangles: n.dangles}, end)
	return nil
}

// argument reads an argument of \frac that stands without braces: one digit.
func (l *lexer) argument(r rune) error {
	if !isDigit(r) {
		return ErrExpression
	}
	l.frac--
	l.emit(token{kind: kNumber, whole: true, value: FromInt(int64(r - '0'))}, l.pos+1)
	return nil
}

func (l *lexer) word() error {
	r := l.src[l.pos]
	if (r == 'x' || r == 'X') && l.afterNumber() && l.beforeTen(l.pos+1) {
		l.emit(token{kind: kTimes}, l.pos+1)
		return nil
	}
	end := l.pos
	for end < len(l.src) && (isLetter(l.src[end]) || isMark(l.src[end])) {
		if strikes(l.src[end]) {
			return ErrExpression
		}
		end++
	}
	if w := l.src[l.pos:end]; len(w) >= 4 && end < len(l.src) && l.src[end] == '{' && l.hasSuffix(w, "frac") {
		// A \frac that lost its backslash.
		if len(w) != 4 && !(len(w) == 5 && (w[0] == 'd' || w[0] == 't')) {
			return ErrExpression
		}
		return l.fracCommand(end)
	}
	l.emit(token{kind: kWord}, end)
	return nil
}

func (l *lexer) hasSuffix(w []rune, s string) bool {
	return string(w[len(w)-len(s):]) == s
}

func (l *lexer) afterNumber() bool {
	if len(l.tokens) == 0 {
		return false
	}
	switch l.tokens[len(l.tokens)-1].kind {
	case kNumber, kGroupClose, kClose, kRaised:
		return true
	}
	return false
}

// beforeTen reports whether the number 10 comes next.
func (l *lexer) beforeTen(i int) bool {
	for i < len(l.src) && (isSpace(l.src[i]) || l.src[i] == '{') {
		i++
	}
	return l.has(i, "10") && l.digitRun(i) == 2
}

func (l *lexer) raised() error {
	end := l.pos
	minus, digits := false, []rune(nil)
	for ; end < len(l.src); end++ {
		d, ok := superscript(l.src[end])
		if !ok {
			break
		}
		switch {
		case isDigit(d):
			digits = append(digits, d)
		case end > l.pos:
			return ErrExpression
		default:
			minus = d == '-'
		}
	}
	if len(digits) == 0 {
		return ErrExpression
	}
	e, err := smallInt(digits)
	if err != nil {
		return err
	}
	if minus {
		e = -e
	}
	l.emit(token{kind: kRaised, value: FromInt(e)}, end)
	return nil
}

// lowered passes over the index of a name, x₁; below a number it is a base.
func (l *lexer) lowered() error {
	if l.pos == 0 || !isLetter(l.src[l.pos-1]) {
		return ErrBase
	}
	for l.pos < len(l.src) && subscript(l.src[l.pos]) {
		l.pos++
	}
	return nil
}

// mark reads a character that is neither digit, letter nor space.
func (l *lexer) mark(r rune) error {
	next := l.pos + 1
	switch r {
	case '\\':
		return l.commandToken()
	case '{':
		return l.open()
	case '}':
		l.shut()
		return nil
	case '+':
		l.emit(token{kind: kPlus}, next)
	case '×', '·':
		l.emit(token{kind: kTimes}, next)
	case '*':
		l.star()
	case '^':
		l.caret()
	case '/':
		l.emit(token{kind: kSlash}, next)
	case '(':
		l.emit(token{kind: kOpen}, next)
	case ')':
		l.emit(token{kind: kClose}, next)
	case '%':
		l.emit(token{kind: kPercent}, next)
	case '‰', '‱':
		l.emit(token{kind: kPerMille, scale: 3 + int64(r-'‰')}, next)
	case '=', '-', '→', '⇒', '➡', '⟹', '⟶', '➔', '➜', '∴', '•', '◦', '▪', '‣', '●', '►', '▶':
		if end := l.bullet(r); end > 0 {
			l.drop(end)
			return nil
		}
		switch r {
		case '=':
			l.emit(token{kind: kEquals}, next)
		case '-':
			l.emit(token{kind: kMinus}, next)
		default:
			return ErrExpression
		}
	case '∎', '■', '◼', '✓', '✔', '✅', '☑':
		return l.tick(next)
	case '≈':
		l.emit(token{kind: kAbout}, next)
	case '~':
		return l.tilde()
	case '°':
		l.emit(token{kind: kDegree}, next)
	case ',', ';', ':':
		l.emit(token{kind: kComma}, next)
	case '.':
		l.emit(token{kind: kStop}, next)
	case '$':
		if !l.currency {
			l.drop(next)
			return nil
		}
		l.emit(token{kind: kCurrency}, next)
		l.currency = false
	case '_':
		return l.underscore()
	case '\'', '"', '`':
		l.quote(next)
	case '#':
		if len(l.tokens) > 0 {
			return ErrExpression
		}
		l.drop(next)
	case '!':
		return l.bang()
	case '±', '∓':
		return ErrMany
	case '<':
		if end := l.htmlTag(); end > 0 {
			l.drop(end)
			return nil
		}
		return ErrBound
	case '>', '≤', '≥', '≠':
		return ErrBound
	default:
		if !unicode.Is(unicode.Sc, r) {
			return ErrExpression
		}
		l.emit(token{kind: kCurrency}, next)
	}
	return nil
}

// htmlTag returns where an HTML tag ends that only says how text looks, or 0.
func (l *lexer) htmlTag() int {
	i := l.pos + 1
	if l.has(i, "/") {
		i++
	}
	for _, name := range [...]string{"b", "strong", "i", "em", "u", "p", "br", "span", "code", "mark", "center"} {
		if !l.has(i, name) {
			continue
		}
		end := i + len(name)
		if name == "br" {
			for l.has(end, " ") || l.has(end, "/") {
				end++
			}
		}
		if l.has(end, ">") {
			return end + 1
		}
	}
	return 0
}

// bullet returns where an arrow, a bullet or a "therefore" ends with which the
// text begins, or 0. A single dash is the sign of a number.
func (l *lexer) bullet(r rune) int {
	if len(l.tokens) > 0 {
		return 0
	}
	if r != '=' && r != '-' {
		return l.pos + 1
	}
	end := l.pos
	for l.has(end, string(r)) {
		end++
	}
	if !l.has(end, ">") || end > l.pos+3 {
		return 0
	}
	return end + 1
}

// tick passes over the marks that end a proof or praise an answer, before all
// of it or behind all of it.
func (l *lexer) tick(next int) error {
	if len(l.tokens) == 0 {
		l.drop(next)
		return nil
	}
	for _, r := range l.src[next:] {
		if isDigit(r) || isLetter(r) {
			return ErrExpression
		}
	}
	l.drop(next)
	return nil
}

// quote passes over a quotation mark, which parts words only where no letter
// stands before it: farmer's is two words that stand together.
func (l *lexer) quote(next int) {
	if l.src[l.pos] == '\'' && l.pos > 0 && isLetter(l.src[l.pos-1]) {
		l.pos = next
		return
	}
	l.drop(next)
}

// star tells a product and a power from emphasis.
func (l *lexer) star() {
	end := l.pos + 1
	kind := kTimes
	if l.has(end, "*") {
		end, kind = end+1, kPower
	}
	if l.afterNumber() && l.operandAt(end) {
		l.emit(token{kind: kind}, end)
		l.power = kind == kPower
		return
	}
	for l.has(end, "*") {
		end++
	}
	l.drop(end)
}

// operandAt reports whether what stands at i can be multiplied.
func (l *lexer) operandAt(i int) bool {
	for i < len(l.src) && isSpace(l.src[i]) {
		i++
	}
	return i < len(l.src) && (isDigit(l.src[i]) || l.src[i] == '(' || l.src[i] == '-' || l.src[i] == '{' || l.src[i] == '\\')
}

func (l *lexer) caret() {
	// A degree sign in LaTeX is a raised circle.
	i := l.pos + 1
	braces := 0
	for i < len(l.src) && (isSpace(l.src[i]) || l.src[i] == '{') {
		if l.src[i] == '{' {
			braces++
		}
		i++
	}
	end := 0
	if i < len(l.src) && l.src[i] == '°' {
		end = i + 1
	} else if name, e := l.command(i); name == "circ" || name == "degree" {
		end = e
	}
	for end > 0 && braces > 0 {
		for end < len(l.src) && isSpace(l.src[end]) {
			end++
		}
		if !l.has(end, "}") {
			end = 0
			break
		}
		end++
		braces--
	}
	if end > 0 {
		l.emit(token{kind: kDegree}, end)
		return
	}
	l.emit(token{kind: kPower}, l.pos+1)
	l.power = true
}

func (l *lexer) tilde() error {
	next := l.pos + 1
	if l.has(next, "~") {
		return ErrExpression // struck out
	}
	if l.numbers {
		l.drop(next) // a space in LaTeX
		return nil
	}
	l.emit(token{kind: kAbout}, next)
	return nil
}

// underscore tells an index from emphasis.
func (l *lexer) underscore() error {
	next := l.pos + 1
	if l.pos > 0 && next < len(l.src) {
		before, after := l.src[l.pos-1], l.src[next]
		if isLetter(before) && (isLetter(after) || isDigit(after) || after == '{') {
			return l.index(next)
		}
		if (isDigit(before) || before == ')' || before == '}') && (isLetter(after) || isDigit(after) || after == '{') {
			return ErrBase
		}
	}
	l.drop(next)
	return nil
}

// index passes over the index of a name: x_1, x_{max}.
func (l *lexer) index(i int) error {
	if l.src[i] != '{' {
		for i < len(l.src) && (isLetter(l.src[i]) || isDigit(l.src[i])) {
			i++
		}
		l.pos = i
		return nil
	}
	for i++; i < len(l.src); i++ {
		switch l.src[i] {
		case '}':
			l.pos = i + 1
			return nil
		case '{', '=':
			return ErrExpression
		}
	}
	return ErrDamaged
}

// bang passes over an exclamation mark after a word at the end. Anywhere else
// it is a factorial.
func (l *lexer) bang() error {
	k := len(l.tokens)
	if k == 0 || l.tokens[k-1].kind != kWord || l.tokens[k-1].end-l.tokens[k-1].start < 2 {
		return ErrExpression
	}
	for _, r := range l.src[l.pos+1:] {
		if !isSpace(r) && r != '!' && r != '*' && r != '"' && r != '\'' {
			return ErrExpression
		}
	}
	l.drop(len(l.src))
	return nil
}

func (l *lexer) open() error {
	if len(l.braces) == maxDepth {
		return ErrExpression
	}
	b := brace{counts: l.frac > 0 || l.power, text: l.text, frac: max(0, l.frac-1)}
	l.braces = append(l.braces, b)
	if l.text = false; b.text {
		l.inText++
	}
	if b.counts {
		l.frac = 0
		l.emit(token{kind: kGroupOpen}, l.pos+1)
		return nil
	}
	l.drop(l.pos + 1)
	return nil
}

// shut closes a brace; one that was never opened is left over from what stood
// around the answer and says nothing.
func (l *lexer) shut() {
	k := len(l.braces) - 1
	if k < 0 {
		l.drop(l.pos + 1)
		return
	}
	b := l.braces[k]
	l.braces = l.braces[:k]
	if b.text {
		l.inText--
	}
	if b.counts {
		l.emit(token{kind: kGroupClose}, l.pos+1)
		l.frac = b.frac
		return
	}
	l.drop(l.pos + 1)
}
