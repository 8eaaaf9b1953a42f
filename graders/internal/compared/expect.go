package compared

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/rftgrader/rftgrader/grader"
)

// An Expect is the option "expect": a text to compare with in the place of the
// reference, in which {{POINTER}} stands for a part of the row: "{{/name}}" and
// "{{}}" for the reference answer, "{{metadata:/name}}" for another field. The
// zero value is an option that was not given.
type Expect struct {
	source string
	parts  []part
}

// A part is text and the pointer behind it.
type part struct {
	text    string
	pointer grader.Pointer // zero behind the last text
}

const open, shut = "{{", "}}"

// ParseExpect reads the form that specs use.
func ParseExpect(s string) (Expect, error) {
	e := Expect{source: s}
	for rest := s; ; {
		text, behind, ok := strings.Cut(rest, open)
		if !ok {
			e.parts = append(e.parts, part{text: text})
			break
		}
		name, behind, ok := strings.Cut(behind, shut)
		if !ok {
			return Expect{}, fmt.Errorf("want %s behind each %s", shut, open)
		}
		p, err := grader.ParsePointer(strings.TrimSpace(name))
		if err != nil {
			return Expect{}, fmt.Errorf("between %s and %s: %w", open, shut, err)
		}
		e.parts = append(e.parts, part{text, p})
		rest = behind
	}
	if Blank(s) {
		return Expect{}, fmt.Errorf("want a text to compare with; it is empty")
	}
	return e, nil
}

// IsZero reports whether the option was not given.
func (e Expect) IsZero() bool { return len(e.parts) == 0 }

// OptionType says in help texts what the option takes.
func (Expect) OptionType() string { return "string" }

// MarshalJSON writes the form that specs use, and null for the zero value.
func (e Expect) MarshalJSON() ([]byte, error) {
	if e.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(e.source)
}

// UnmarshalJSON reads the form that specs use, and null as the zero value.
func (e *Expect) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*e = Expect{}
		return nil
	}
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("want a text, got %.60s", b)
	}
	read, err := ParseExpect(s)
	if err == nil {
		*e = read
	}
	return err
}

// Of returns the text for a rollout. What is missing in the row, or is no text,
// number or Boolean, is a [*grader.DataError].
func (e Expect) Of(r *grader.Rollout) (string, error) {
	var b strings.Builder
	for _, p := range e.parts {
		b.WriteString(p.text)
		if p.pointer.IsZero() {
			continue
		}
		ref, err := r.Lookup(p.pointer)
		if err != nil {
			return "", err
		}
		text, err := ref.Text()
		if err != nil {
			return "", err
		}
		b.WriteString(text)
	}
	return b.String(), nil
}
