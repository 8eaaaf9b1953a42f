package spec

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// An Error is a fault in a spec. Its text is made for a terminal:
//
//	grader.yaml:5:28: graders.cite.min: want a whole number, got "x"
//	    5 |   cite: {type: citation, min: x}
//	      |                               ^
//
// [Open] and [Parse] report several faults at once, joined in the order of the
// document; [Errors] takes them apart.
type Error struct {
	File   string
	Line   int    // from 1
	Column int    // from 1, in characters; a tab is one
	Path   string // the member, such as graders.cite.find[0]; "" for the whole
	// Problem says what is wrong and what to write instead, on one line.
	Problem string

	source string
	err    error
}

// Error returns the problem with its place, the line of the spec and a caret.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Headline())
	text, caret := excerpt(e.source, e.Column)
	b.WriteString(strings.TrimRight(fmt.Sprintf("\n%5d | %s", e.Line, text), " "))
	fmt.Fprintf(&b, "\n      | %s^", strings.Repeat(" ", caret))
	return b.String()
}

// Headline returns the problem with its place on one line, as it suits a log.
func (e *Error) Headline() string {
	path := e.Path
	if path != "" {
		path += ": "
	}
	return fmt.Sprintf("%s:%d:%d: %s%s", e.File, e.Line, e.Column, path, e.Problem)
}

// Unwrap returns the cause, such as a [*grader.OptionError], or nil.
func (e *Error) Unwrap() error { return e.err }

// Errors returns the faults that err joins, in the order of the document.
func Errors(err error) []*Error {
	var e *Error
	switch j := err.(type) {
	case nil:
		return nil
	case *Error:
		return []*Error{j}
	case interface{ Unwrap() []error }:
		var out []*Error
		for _, err := range j.Unwrap() {
			out = append(out, Errors(err)...)
		}
		return out
	}
	if errors.As(err, &e) {
		return []*Error{e}
	}
	return nil
}

// excerpt returns the part of a line around a column, fit for a terminal, and
// how many cells of the terminal stand before the column in it.
func excerpt(line string, col int) (text string, caret int) {
	const before, after = 90, 60
	runes := []rune(line)
	caret = min(col-1, len(runes))
	if len(runes) > before+after && caret > before {
		cut := caret - before
		runes, caret = append([]rune("..."), runes[cut:]...), before+3
	}
	if len(runes) > before+after+6 {
		runes = append(runes[:caret+after], []rune("...")...)
	}
	cells := 0
	for i, c := range runes {
		if !unicode.IsPrint(c) {
			runes[i], c = ' ', ' '
		}
		if i < caret {
			cells += width(c)
		}
	}
	return string(runes), cells
}

// width returns how many cells of a terminal a character takes: none for marks
// on the one before, two for East Asian wide characters and pictures.
func width(c rune) int {
	if unicode.Is(unicode.Mn, c) {
		return 0
	}
	for _, wide := range [][2]rune{{0x1100, 0x115f}, {0x2e80, 0xa4cf}, {0xac00, 0xd7a3}, {0xf900, 0xfaff}, {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x1f300, 0x1faff}, {0x20000, 0x3fffd}} {
		if c >= wide[0] && c <= wide[1] {
			return 2
		}
	}
	return 1
}

// A report collects the faults of one spec.
type report struct {
	src    *source
	faults []*Error
}

const (
	maxCollected = 100
	maxReported  = 20
)

// fail adds a fault. An error among the args that is wrapped with %w becomes
// the cause.
func (r *report) fail(at place, path, format string, args ...any) {
	err := fmt.Errorf(format, args...)
	r.add(at, path, err.Error(), errors.Unwrap(err))
}

func (r *report) add(at place, path, problem string, cause error) {
	if r.full() {
		return
	}
	r.faults = append(r.faults, &Error{
		File: r.src.name, Line: at.line, Column: at.col, Path: path,
		Problem: oneLine(problem), err: cause, source: r.src.line(at.line),
	})
}

// full reports whether more faults would be dropped.
func (r *report) full() bool { return len(r.faults) == maxCollected }

// err joins the faults in the order of the document.
func (r *report) err() error {
	switch len(r.faults) {
	case 0:
		return nil
	case 1:
		return r.faults[0]
	}
	slices.SortStableFunc(r.faults, func(a, b *Error) int {
		switch p, q := (place{a.Line, a.Column}), (place{b.Line, b.Column}); {
		case p.less(q):
			return -1
		case q.less(p):
			return 1
		}
		return 0
	})
	var errs []error
	for _, f := range r.faults[:min(len(r.faults), maxReported)] {
		errs = append(errs, f)
	}
	if more := len(r.faults) - maxReported; more > 0 {
		errs = append(errs, fmt.Errorf("%s: and at least %d more", r.src.name, more))
	}
	return errors.Join(errs...)
}

// oneLine keeps a message of a grader or a library on one line of sane length.
func oneLine(s string) string {
	const most = 1000
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "..."
	}
	return strings.Map(func(c rune) rune {
		if c == '\n' || c == '\t' {
			return ' '
		}
		if !unicode.IsPrint(c) && c != ' ' {
			return -1
		}
		return c
	}, s)
}

// clip quotes a text of the spec, shortened.
func clip(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) > most {
		return strconv.Quote(string([]rune(s)[:most])) + "..."
	}
	return strconv.Quote(s)
}

// among lists what there is, in parentheses.
func among(names []string) string {
	const most = 12
	more := ""
	if len(names) > most {
		more = fmt.Sprintf(" and %d more", len(names)-most)
		names = names[:most]
	}
	if len(names) == 0 {
		return ""
	}
	return " (there are " + strings.Join(names, ", ") + more + ")"
}

// under returns the path of a member of a mapping.
func under(path, name string) string {
	if !isName(name) || len(name) > 60 {
		return fmt.Sprintf("%s[%s]", path, clip(name))
	}
	if path == "" {
		return name
	}
	return path + "." + name
}

// atIndex returns the path of an element of a list.
func atIndex(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

// atPointer returns the path of what a JSON pointer leads to from n; n may be nil.
func atPointer(path string, n *node, pointer string) string {
	for token := range jsontext.Pointer(pointer).Tokens() {
		if n != nil && n.kind == kindList {
			path += "[" + token + "]"
		} else {
			path = under(path, token)
		}
		if n != nil {
			_, n = n.step(token)
		}
	}
	return path
}

func isName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}
