package equal

import (
	"slices"
	"strings"
	"unicode"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal/mathexpr"
)

// texts compares words with words. A product of letters counts as a word, as
// plain text has it.
func (d *decision) texts(g, a *node) Result {
	x, y := textOf(g), textOf(a)
	if x == "" || y == "" {
		return different("words and another kind of value")
	}
	x, y = letterKey(x), letterKey(y)
	if x == y {
		return equalBy("the same words")
	}
	if first, rest, _ := strings.Cut(y, " "); yesNo(x) && first == x && !slices.ContainsFunc(strings.Fields(rest), yesNo) {
		return equalBy("the same word, and a remark")
	}
	return different("other words")
}

func yesNo(s string) bool { return s == "yes" || s == "no" || s == "true" || s == "false" }

// textOf returns a node as words, or "" if it is none.
func textOf(n *node) string {
	switch n.Op {
	case mathexpr.OpText, mathexpr.OpSym, mathexpr.OpConst:
		if n.Name == "inf" {
			return "infinitely many"
		}
		return n.Name
	case mathexpr.OpMul:
		var b strings.Builder
		for _, a := range n.Args {
			t := textOf(a)
			if t == "" || a.Op == mathexpr.OpMul {
				return ""
			}
			b.WriteString(t)
		}
		return b.String()
	case mathexpr.OpDomain:
		switch n.Name {
		case "empty":
			return "no solution"
		case "R":
			return "all real numbers"
		}
		return n.Name
	case mathexpr.OpUnit:
		if t := textOf(n.Args[0]); t != "" {
			return t + " " + n.Name
		}
	case mathexpr.OpNum:
		return n.Num.Val.RatString()
	}
	return ""
}

// letterKey folds case and drops articles, punctuation and white space around
// words.
func letterKey(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		case r == '\'' || r == '’':
		default:
			b.WriteByte(' ')
		}
	}
	fields := strings.Fields(b.String())
	fields = slices.DeleteFunc(fields, func(f string) bool {
		return f == "the" || f == "a" || f == "an"
	})
	key := strings.Join(fields, " ")
	for _, head := range [...]string{"final ", "answer is ", "answer "} {
		if rest, ok := strings.CutPrefix(key, head); ok && rest != "" {
			key = rest
		}
	}
	switch key {
	case "dne", "doesnt exist":
		return "does not exist"
	case "no solutions", "no real solution", "no real solutions":
		return "no solution"
	case "infinite", "infinitely many solutions":
		return "infinitely many"
	}
	return key
}

// words returns the words of a text without the commands of LaTeX; "" where
// there are none.
func words(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			for i+1 < len(s) && s[i+1]|0x20 >= 'a' && s[i+1]|0x20 <= 'z' {
				i++
			}
			b.WriteByte(' ')
		case c == '{' || c == '}' || c == '$':
		default:
			b.WriteByte(c)
		}
	}
	return letterKey(b.String())
}

// sameWords reports whether two texts are the same prose. Signs of
// mathematics in either of them make it none.
func sameWords(a, b string) bool {
	if !prose(a) || !prose(b) {
		return false
	}
	x := words(a)
	return len(x) > 1 && x == words(b)
}

// hasWord reports whether a text holds a word outside of commands.
func hasWord(s string) bool {
	for w := range strings.FieldsSeq(words(s)) {
		if len(w) > 1 && !unicode.IsDigit(rune(w[0])) {
			return true
		}
	}
	return false
}

// prose reports whether a text holds words and no mathematics.
func prose(s string) bool {
	run, longest := 0, 0
	command := false
	for _, r := range s {
		switch {
		case r == '\\':
			command, run = true, 0
		case command && r < unicode.MaxASCII && unicode.IsLetter(r):
		case strings.ContainsRune("+=<>^_/*|[]&~−", r):
			return false
		case unicode.IsLetter(r):
			run++
			longest = max(longest, run)
		default:
			run, command = 0, false
		}
	}
	return longest >= 2
}

// asText compares what could not be read.
func (r *Reference) asText(text string, err error) Result {
	if x := squeeze(r.text); x != "" && x == squeeze(text) {
		return equalBy("the same text but for its layout")
	}
	if sameWords(r.text, text) {
		return equalBy("the same words")
	}
	if err != nil {
		return Result{Unparsed, "the answer cannot be read: " + err.Error()}
	}
	return different("other words than the reference")
}

// squeeze drops white space and the commands that only concern layout.
func squeeze(s string) string {
	s = strings.NewReplacer(`\left`, "", `\right`, "", `\,`, "", `\!`, "", `\;`, "", `\:`, "", `\ `, "", `\displaystyle`, "",
		`\dfrac`, `\frac`, `\tfrac`, `\frac`, "$", "", `\quad`, "").Replace(s)
	var b strings.Builder
	for _, f := range strings.Fields(s) {
		if b.Len() > 0 && f[0] >= '0' && f[0] <= '9' {
			b.WriteByte(' ') // 4 2 is not 42
		}
		b.WriteString(f)
	}
	return strings.TrimRight(b.String(), ".")
}

// lastChoice is the last letter that stands for a choice of a question.
const (
	lastChoice     = 'J'
	choiceAlphabet = "ABCDEFGHIJ"
)

// choiceLetters returns the letters of a value that may be several choices.
func choiceLetters(n *node) string {
	s := ""
	switch n.Op {
	case mathexpr.OpSym:
		s = n.Name
	case mathexpr.OpMul, mathexpr.OpList, mathexpr.OpSet, mathexpr.OpTuple:
		for _, a := range n.Args {
			if a.Op != mathexpr.OpSym || len(a.Name) != 1 {
				return ""
			}
			s += a.Name
		}
	}
	for i := range len(s) {
		if s[i] < 'A' || s[i] > lastChoice || strings.IndexByte(s[:i], s[i]) >= 0 {
			return ""
		}
	}
	return s
}

// letters compares several choices, in any order.
func letters(g, a *node) (Result, bool) {
	x, y := choiceLetters(g), choiceLetters(a)
	if x == "" || y == "" {
		return Result{}, false
	}
	b, c := []byte(x), []byte(y)
	slices.Sort(b)
	slices.Sort(c)
	if string(b) == string(c) {
		return equalBy("the same choices"), true
	}
	return different("other choices"), true
}

// choice compares the letter of a choice where the reference is one.
func (r *Reference) choice(text string) (Result, bool) {
	if r.opt.NoChoices {
		return Result{}, false
	}
	want := bareChoice(r.text)
	if want == 0 {
		want = leadingChoice(r.text)
	}
	if want == 0 {
		return Result{}, false
	}
	got, several := findChoice(text)
	switch {
	case several:
		return different("more than one choice"), true
	case got == want:
		return equalBy("the same choice"), true
	case got != 0:
		return different("another choice"), true
	}
	return Result{}, false
}

// bareChoice returns the letter if a text is one, in whatever brackets.
func bareChoice(s string) byte {
	if len(s) > 40 || !strings.ContainsAny(s, choiceAlphabet) {
		return 0
	}
	s = strings.NewReplacer(`\text`, "", `\mathrm`, "", `\mathbf`, "", `\textbf`, "", `\mathsf`, "", `\boxed`, "", `\left`, "", `\right`, "", `\ `, "", "$", "", "{", "", "}", "", "(", "", ")", "", ".", "", " ", "", `\`, "", "*", "", ":", "").Replace(s)
	if len(s) == 1 && s[0] >= 'A' && s[0] <= lastChoice {
		return s[0]
	}
	return 0
}

// leadingChoice returns the letter of a choice that is written out, as in
// "(B) 12" or "B. 12".
func leadingChoice(s string) byte {
	if !strings.ContainsAny(s, choiceAlphabet) {
		return 0
	}
	s = strings.TrimSpace(strings.NewReplacer(`\text`, " ", `\mathrm`, " ", `\mathbf`, " ", `\textbf`, " ", "$", " ", "{", " ", "}", " ", "**", " ").Replace(s))
	open := strings.HasPrefix(s, "(")
	s = strings.TrimPrefix(s, "(")
	if len(s) < 3 || s[0] < 'A' || s[0] > lastChoice || s[2] != ' ' && s[2] != '\\' {
		return 0
	}
	if deniedChoice("", s[1:]) {
		return 0
	}
	if s[1] == ')' || !open && (s[1] == '.' || s[1] == ':') {
		return s[0]
	}
	return 0
}

// deniedChoice reports whether the words around a letter say that it is not
// chosen.
func deniedChoice(before, after string) bool {
	const near = 40 // bytes
	before = strings.ToLower(before[max(0, len(before)-near):])
	before = strings.TrimRight(before, " ([\"'")
	for _, w := range [...]string{"option", "choice", "answer"} {
		before = strings.TrimRight(strings.TrimSuffix(before, w), " ")
	}
	for _, w := range [...]string{" not", "n't", "n't be", "not be", "cannot be", " anything but", " except", " never", `\neg`, `\lnot`, "¬", "~", " rather than", " instead of", " unlike", " than", " neither", " nor"} {
		if strings.HasSuffix(" "+before, w) {
			return true
		}
	}
	fields := strings.Fields(strings.ToLower(after[:min(len(after), near)]))
	if len(fields) > 0 && strings.HasPrefix(fields[0], ")") {
		fields = fields[1:]
	}
	if len(fields) < 2 {
		return len(fields) == 1 && strings.HasPrefix(fields[0], "isn't")
	}
	second := strings.Trim(fields[1], ".,;!)")
	switch fields[0] {
	case "is", "was", "must", "would":
		return second == "wrong" || second == "not" || second == "incorrect" || second == "false" || second == "impossible" || second == "out" || second == "eliminated"
	case "isn't", "cannot", "can't":
		return true
	}
	return false
}

// findChoice finds the letter that an answer chooses.
func findChoice(s string) (letter byte, several bool) {
	if c := bareChoice(s); c != 0 {
		return c, false
	}
	if len(s) < 10 {
		if c := bareChoice(strings.ToUpper(s)); c != 0 {
			return c, false
		}
	}
	if len(s) > 4000 {
		return 0, false
	}
	plain := strings.NewReplacer(`\text`, " ", `\mathrm`, " ", `\mathbf`, " ", `\textbf`, " ", `\boxed`, " ", `\left`, "", `\right`, "", `\ `, " ", `\,`, " ", "$", " ", "{", " ", "}", " ", "**", " ").Replace(s)
	type mark struct {
		c       byte
		bracket bool
		at, end int
	}
	var marks []mark
	refused := 0
	for i := 0; i < len(plain); i++ {
		c := plain[i]
		if c < 'A' || c > lastChoice {
			continue
		}
		before, after := byte(' '), byte(' ')
		if i > 0 {
			before = plain[i-1]
		}
		if i+1 < len(plain) {
			after = plain[i+1]
		}
		if before != ' ' && before != '(' && before != '[' && before != '\n' && before != '"' && before != '\'' && before != ':' && before != ',' ||
			strings.IndexByte(" ).:,;]\n\"'!?", after) < 0 {
			continue
		}
		if after == '\'' && before != '\'' || strings.HasPrefix(strings.TrimLeft(plain[i+1:], ") "), "?") || deniedChoice(plain[:i], plain[i+1:]) {
			refused++
			continue
		}
		marks = append(marks, mark{c, before == '(' || before == '[' || after == ')' || after == '.' || after == ':', i, i + 1})
	}
	if len(marks) == 0 {
		// A letter that is only named to deny it is no choice.
		return 0, refused > 0
	}
	first := marks[0]
	distinct := 1
	for i, m := range marks[1:] {
		if m.c != first.c {
			distinct++
		}
		between := strings.ToLower(strings.Trim(plain[marks[i].end:m.at], " ().,[]:"))
		if m.c != marks[i].c && (between == "or" || between == "and" || between == "") || between == "or maybe" || between == "or perhaps" {
			return 0, true
		}
	}
	lead := strings.TrimLeft(plain[:first.at], " ([\n\"'")
	if lead == "" && (first.bracket || strings.HasPrefix(plain[first.end:], " ") && distinct == 1) {
		if first.c == 'A' && !first.bracket {
			return 0, false // the article
		}
		return first.c, false
	}
	last := byte(0)
	lower := strings.ToLower(plain)
	for _, m := range marks {
		head := strings.TrimRight(lower[:m.at], " ([:")
		for _, w := range [...]string{"option", "choice", "answer", "answer is", "option is", "choice is", "select", "choose"} {
			if strings.HasSuffix(head, w) {
				last = m.c
			}
		}
	}
	if last != 0 {
		return last, false
	}
	if distinct == 1 && (first.c != 'A' || first.bracket) {
		return first.c, false
	}
	return 0, distinct > 1
}
