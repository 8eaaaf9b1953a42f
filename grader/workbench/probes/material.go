package probes

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/grader"
)

// material is what probes are made of: a good rollout and its neighbours.
type material struct {
	rollout  *grader.Rollout
	response string
	found    string   // the answer in it, "" where the grader does not say
	wrong    string   // another answer
	donors   []string // good responses of other rows, which are wrong here
	options  []string // different answers of the rows, the right one not among them

	called     []grader.ToolCall // the calls of the answer, if it has any
	form       callForm
	tag        string            // of inTags
	neighbours []grader.ToolCall // calls of other rows, which are wrong here
}

// replaced returns the response with something else wherever the answer stands.
func (m *material) replaced(with string) string {
	if m.found == "" {
		return with
	}
	at := strings.LastIndex(m.response, m.found)
	if at < 0 {
		return with
	}
	return withoutWord(m.response[:at], m.found, with) + with + withoutWord(m.response[at+len(m.found):], m.found, with)
}

// inPlace returns the response with something else where the answer stands last.
func (m *material) inPlace(with string) string {
	at := strings.LastIndex(m.response, m.found)
	if at < 0 || m.found == "" {
		return with
	}
	return m.response[:at] + with + m.response[at+len(m.found):]
}

// withoutWord replaces a text where it stands as words of its own.
func withoutWord(s, word, with string) string {
	var b strings.Builder
	for {
		i := strings.Index(s, word)
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		if isWord(s, i, i+len(word)) {
			b.WriteString(with)
		} else {
			b.WriteString(word)
		}
		s = s[i+len(word):]
	}
}

// isWord reports whether s[i:j] neither begins nor ends inside a word.
func isWord(s string, i, j int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	first, _ := utf8.DecodeRuneInString(s[i:j])
	last, _ := utf8.DecodeLastRuneInString(s[i:j])
	after, _ := utf8.DecodeRuneInString(s[j:])
	return !(inWord(first) && inWord(before)) && !(inWord(last) && inWord(after))
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// holds reports whether a text says the answer as words of its own: then it may be
// right to pay it.
func (m *material) holds(text string) bool {
	if m.found == "" {
		return false
	}
	text, found := strings.ToLower(text), strings.ToLower(strings.TrimSpace(m.found))
	for at := 0; found != ""; {
		i := strings.Index(text[at:], found)
		if i < 0 {
			break
		}
		if isWord(text, at+i, at+i+len(found)) {
			return true
		}
		at += i + len(found)
	}
	value, ok := valueOf(found)
	if !ok {
		return false
	}
	for _, n := range numbers.FindAllString(text, -1) {
		if v, ok := valueOf(n); ok && v.Cmp(value) == 0 {
			return true
		}
	}
	return false
}

var numbers = regexp.MustCompile(`\d+(?:\.\d+)?`)

// valueOf reads a plain number, with the signs that stand around one.
func valueOf(s string) (*big.Rat, bool) {
	s = strings.NewReplacer(",", "", "$", "", "%", "", " ", "").Replace(s)
	const longest = 40 // digits, so that no exponent makes a number that fills the memory
	if len(s) > longest || strings.ContainsAny(s, "eEpPxX") {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

// same reports whether two answers are told to be equal by their looks.
func same(a, b string) bool {
	form := func(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), "")) }
	if form(a) == form(b) {
		return true
	}
	x, ok := valueOf(a)
	y, also := valueOf(b)
	return ok && also && x.Cmp(y) == 0
}

// changed makes another answer of one.
func changed(found string) string {
	if v, ok := valueOf(found); ok && v.IsInt() {
		return new(big.Int).Add(v.Num(), big.NewInt(7)).String()
	}
	if loc := numbers.FindStringIndex(found); loc != nil && loc[1]-loc[0] < 10 {
		v, _ := valueOf(found[loc[0]:loc[1]])
		return found[:loc[0]] + new(big.Rat).Add(v, big.NewRat(7, 1)).FloatString(0) + found[loc[1]:]
	}
	return "a banana"
}

// isProse reports whether the answer is a text of sentences: what is added to it, such
// as "not" before it, leaves most of it true.
func (m *material) isProse() bool {
	const most = 8
	words := 0
	for _, w := range strings.Fields(m.found) {
		if letters := strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }); utf8.RuneCountInString(letters) > 1 && !strings.ContainsAny(w, `\\{}=_^`) {
			words++
		}
	}
	return words > most
}

// isDocument reports whether the answer is a JSON document or has several lines: a
// finder picks it out of the words around it.
func (m *material) isDocument() bool {
	v := jsontext.Value(m.found)
	k := v.Kind()
	return strings.Contains(m.found, "\n") || (k == '{' || k == '[') && v.IsValid()
}

// prompt returns what the prompt says.
func (m *material) prompt() string {
	var parts []string
	for _, message := range m.rollout.Prompt() {
		parts = append(parts, message.Content.Text())
	}
	return strings.Join(parts, "\n\n")
}

// reference returns the reference as JSON, or "".
func (m *material) reference() string {
	if m.rollout.Reference.Missing() {
		return ""
	}
	b, err := json.Marshal(map[string]json.RawMessage{"reference_answer": m.rollout.Reference.Raw()})
	if err != nil {
		return ""
	}
	return string(b)
}

// referenceTexts returns the first texts and numbers of the reference.
func (m *material) referenceTexts() []string {
	const most = 8
	var texts []string
	dec := jsontext.NewDecoder(bytes.NewReader(m.rollout.Reference.Raw()), jsontext.AllowInvalidUTF8(true))
	for len(texts) < most {
		t, err := dec.ReadToken()
		if err != nil {
			break
		}
		inside, n := dec.StackIndex(dec.StackDepth())
		isName := inside == '{' && n%2 == 1
		if k := t.Kind(); !isName && (k == '"' || k == '0') {
			texts = append(texts, t.String())
		}
	}
	return texts
}

// list writes the integers from one number to another.
func list(from, to int) string {
	step := 1
	if to < from {
		step = -1
	}
	var b strings.Builder
	for i := from; i != to+step; i += step {
		if i != from {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%d", i)
	}
	return b.String()
}
