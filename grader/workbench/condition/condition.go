package condition

import (
	"errors"
	"fmt"
	"strings"

	"github.com/rftgrader/rftgrader/grader"
)

// A Condition is a formula over names and pointers. It may be used by many
// goroutines at once.
type Condition struct {
	source  string
	formula *grader.Formula
	refs    []Ref
	bare    bool
}

// A Ref is a name or a pointer of a condition.
type Ref struct {
	Name    string // as it is looked up; a pointer begins with /
	Pointer bool
	Offset  int // in the source, in bytes

	compared bool
	op, text string
}

// Text reports whether the value is compared with a text.
func (r Ref) Text() bool { return r.compared }

// An Error is a fault in the text of a condition.
type Error struct {
	Offset int // in bytes
	Err    error
}

func (e *Error) Error() string { return e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }

// Values gives the values of names and pointers. An error of either is that of the
// evaluation.
type Values struct {
	Number func(Ref) (float64, error)
	Text   func(Ref) (string, error)
}

const maxBytes = 8 << 10

// Parse reads a condition. Faults are an [*Error].
func Parse(source string) (*Condition, error) {
	if len(source) > maxBytes {
		return nil, &Error{0, fmt.Errorf("the condition has %d bytes: at most %d are read", len(source), maxBytes)}
	}
	tokens, err := scan(source)
	if err != nil {
		return nil, err
	}
	w := &writer{tokens: tokens, end: len(source)}
	text, err := w.all()
	if err != nil {
		return nil, err
	}
	c := &Condition{source: source, refs: w.refs}
	c.bare = len(tokens) == 1 && len(w.refs) == 1 && w.refs[0].Pointer
	if c.formula, err = grader.ParseFormula(text); err != nil {
		var fault *grader.FormulaError
		if !errors.As(err, &fault) {
			return nil, &Error{0, err}
		}
		at := w.place(fault.Offset)
		return nil, &Error{at, fmt.Errorf("%s", strings.ReplaceAll(w.named(fault.Err.Error()), "a grader's name", "a name, a pointer"))}
	}
	return c, nil
}

// String returns the condition as it was written.
func (c *Condition) String() string { return c.source }

// Refs returns the names and pointers, in order of appearance.
func (c *Condition) Refs() []Ref { return c.refs }

// Pointer returns the only pointer, where the condition is nothing else.
func (c *Condition) Pointer() (Ref, bool) {
	if !c.bare {
		return Ref{}, false
	}
	return c.refs[0], true
}

// Holds reports whether the condition's value is not 0.
func (c *Condition) Holds(v Values) (bool, error) {
	x, err := c.formula.Eval(func(name string) (float64, error) {
		var at int
		if _, err := fmt.Sscanf(name, placeholder, &at); err != nil || at >= len(c.refs) {
			return 0, fmt.Errorf("there is no %q", name)
		}
		r := c.refs[at]
		if !r.compared {
			return v.Number(r)
		}
		text, err := v.Text(r)
		if err != nil {
			return 0, err
		}
		holds := text == r.text
		switch r.op {
		case "!=":
			holds = text != r.text
		case "~":
			holds = strings.Contains(text, r.text)
		}
		if holds {
			return 1, nil
		}
		return 0, nil
	})
	return x != 0, err
}
