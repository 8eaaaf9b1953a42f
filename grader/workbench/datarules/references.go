package datarules

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// reference checks the form of reference_answer.
func (f *File) reference(v jsontext.Value) {
	switch v.Kind() {
	case jsontext.KindInvalid, 'n':
		level := ruleOf("R11").Level
		if f.options.RequireReference {
			level = Error
		}
		f.findAt(level, f.line, "R11", "no reference_answer: the grader must do without")
	case '"':
		if t, _ := asText(v); strings.TrimSpace(t) == "" {
			f.find(f.line, "R10", "reference_answer is an empty string")
		}
	case '{':
		if o, _ := asObject(v); len(o) == 0 {
			f.find(f.line, "R10", "reference_answer is an empty object")
		}
	default:
		f.find(f.line, "R10", "reference_answer: want a string or an object, got %s", kindOf(v))
	}
}

// fewest is how many references there must be before their distribution says something.
const fewest = 20

// references knows of all references what can be told at the end of the file only.
type references struct {
	total int
	seen  map[uint64]*repeated
	most  *repeated

	form      string // of the first one
	formLine  int
	otherForm int // how many differ from it

	leaks []leak
}

// repeated is a reference and how often it occurs.
type repeated struct{ count, line int }

// leak is a prompt that tells its reference.
type leak struct {
	line    int
	spelled bool // behind "the answer is", so that it is no mere list of labels
}

func newReferences() references { return references{seen: map[uint64]*repeated{}} }

// add notes a reference and what its prompt says.
func (r *references) add(f *File, v jsontext.Value, prompt string) {
	if len(v) == 0 || v.Kind() == 'n' {
		return
	}
	r.total++
	compact := v.Clone()
	if compact.Compact() != nil {
		return
	}
	key := maphash.Bytes(f.seed, compact)
	one := r.seen[key]
	if one == nil {
		one = &repeated{line: f.line}
		r.seen[key] = one
	}
	one.count++
	if r.most == nil || one.count > r.most.count {
		r.most = one
	}
	form := formOf(v)
	switch {
	case r.form == "":
		r.form, r.formLine = form, f.line
	case form != r.form:
		if r.otherForm++; r.otherForm <= maxForms {
			f.find(f.line, "R21", "the reference is %s, and that of line %d is %s", form, r.formLine, r.form)
		}
	}
	for _, text := range leaves(v) {
		if told, spelled := tells(prompt, text); told {
			r.leaks = append(r.leaks, leak{f.line, spelled})
			break
		}
	}
}

// maxForms is how many references of another form are named.
const maxForms = 100

// formOf describes the form of a reference, with the names of an object.
func formOf(v jsontext.Value) string {
	o, ok := asObject(v)
	if !ok {
		return kindOf(v)
	}
	names := o.names()
	const most = 6
	more := ""
	if len(names) > most {
		more = fmt.Sprintf(" and %d more", len(names)-most)
		names = names[:most]
	}
	for i := range names {
		names[i] = shortened(names[i])
	}
	return "an object with " + strings.Join(names, ", ") + more
}

// maxLeaves is how many parts of a reference are looked for in its prompt.
const maxLeaves = 20

// leaves returns the first texts and numbers of a value.
func leaves(v jsontext.Value) []string {
	var all []string
	dec := jsontext.NewDecoder(bytes.NewReader(v), jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	for len(all) < maxLeaves {
		t, err := dec.ReadToken()
		if err != nil {
			break
		}
		inside, n := dec.StackIndex(dec.StackDepth())
		isName := inside == '{' && n%2 == 1
		if k := t.Kind(); !isName && (k == '"' || k == '0') {
			all = append(all, strings.TrimSpace(t.String()))
		}
	}
	return all
}

var answerBefore = regexp.MustCompile(`(?i)(?:answer|solution|result|correct|expected|reference)[^\n.]{0,24}$`)

// tells reports whether a prompt holds a reference as words of its own. A short one, or
// a number, may stand there by chance: it counts where the prompt calls it the answer.
func tells(prompt, text string) (told, spelled bool) {
	if text == "" || len(text) > len(prompt) {
		return false, false
	}
	long := utf8.RuneCountInString(text) >= 4 && strings.IndexFunc(text, unicode.IsLetter) >= 0
	const most = 50 // places that are looked at, so that the time is linear
	at := 0
	for range most {
		i := strings.Index(prompt[at:], text)
		if i < 0 {
			return told, false
		}
		start, end := at+i, at+i+len(text)
		at = start + 1
		before, _ := utf8.DecodeLastRuneInString(prompt[:start])
		after, _ := utf8.DecodeRuneInString(prompt[end:])
		first, _ := utf8.DecodeRuneInString(text)
		last, _ := utf8.DecodeLastRuneInString(text)
		if inWord(first) && inWord(before) || inWord(last) && inWord(after) {
			continue
		}
		if answerBefore.MatchString(prompt[max(0, start-60):start]) {
			return true, true
		}
		told = told || long
	}
	return told, false
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// end makes the findings about all references.
func (r *references) end(f *File) {
	labels := len(r.seen) > 1 && len(r.seen) <= 20 && r.total >= 5*len(r.seen)
	for _, l := range r.leaks {
		// A prompt lists the labels that it asks for.
		if !labels || l.spelled {
			f.find(l.line, "R20", "the prompt holds the reference: a model can copy it")
		}
	}
	if r.total < fewest {
		return
	}
	if 2*r.most.count > r.total {
		f.find(r.most.line, "R19", "%d of %d references are equal to this one: always answering it earns more than half", r.most.count, r.total)
	}
	if !labels {
		return
	}
	least := r.most
	for _, one := range r.seen {
		if one.count < least.count || one.count == least.count && one.line < least.line {
			least = one
		}
	}
	if r.most.count > 10*least.count {
		f.find(least.line, "R19", "the labels are unbalanced: the most frequent of %d occurs %d times, this one %d", len(r.seen), r.most.count, least.count)
	}
}
