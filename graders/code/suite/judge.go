package suite

import (
	"strings"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/wire"
)

// A Verdict is what a case says of an output.
type Verdict int

const (
	Fail Verdict = iota
	Pass
	// Undecided: the value is one that only the Script can judge, such as an
	// iterator in "list(f(1)) == [1]".
	Undecided
)

// JudgeText compares a script's standard output. Why is for people, and may
// quote the beginning of what differs.
func (c *Case) JudgeText(stdout []byte) (v Verdict, why string) {
	if c.text == nil {
		return Fail, "the case wants a value"
	}
	if why = compareText(string(stdout), c.text.want, c.text.compare, c.text.tol); why != "" {
		return Fail, why
	}
	return Pass, ""
}

// JudgeValue compares the value that a call gave.
func (c *Case) JudgeValue(got wire.Value) (v Verdict, why string) {
	if c.values == nil {
		return Fail, "the case wants text"
	}
	for _, s := range c.values.steps {
		var state Verdict
		if got, state, why = s.apply(got); state != Pass {
			return state, why
		}
	}
	var first string
	for i, want := range c.values.want {
		equal, why := c.values.compare.Compare(got, want)
		if equal {
			return Pass, ""
		}
		if i == 0 {
			first = why
		}
	}
	return Fail, first
}

// Input says what the case gives, for people.
func (c *Case) Input() string {
	if c.text != nil {
		return "input " + grader.Excerpt(string(c.Stdin))
	}
	var b []byte
	for i, a := range c.Args {
		if i > 0 {
			b = append(b, ", "...)
		}
		if b = a.Append(b); len(b) > 200 {
			break
		}
	}
	return "arguments " + grader.Excerpt(string(b))
}

// Answer returns text that is the same for cases that one constant answer
// passes; ok is false where there is no telling.
func (c *Case) Answer() (key string, ok bool) {
	switch {
	case c.text != nil:
		return strings.Join(strings.Fields(c.text.want), " "), true
	case c.values == nil || len(c.values.want) == 0:
		return "", false
	}
	mode := c.values.compare.Mode
	if mode == wire.Close || mode == wire.Python {
		mode = wire.JSON
	}
	key, ok = c.values.want[0].Key(mode)
	for _, s := range c.values.steps {
		if s.op != truth {
			key = s.name() + " " + key // of another value than the answer itself
		}
	}
	return key, ok
}
