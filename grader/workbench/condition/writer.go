package condition

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// placeholder is the name that stands for a name or a pointer in the formula.
const placeholder = "v%d"

// maxDepth is how deep conditions may be nested.
const maxDepth = 100

// A writer turns tokens into the text of a formula, and knows where each piece of
// it comes from.
type writer struct {
	tokens []token
	at     int
	end    int // of the source
	depth  int
	refs   []Ref
	pieces []piece
}

// A piece is a text of the formula, and its place in the source.
type piece struct {
	text string
	at   int
}

func (w *writer) all() (string, error) {
	pieces, err := w.either()
	if err != nil {
		return "", err
	}
	if w.at < len(w.tokens) {
		t := w.tokens[w.at]
		return "", &Error{t.at, fmt.Errorf("want an operator or the end, got %q", t.text)}
	}
	w.pieces = pieces
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(p.text)
	}
	return b.String(), nil
}

// either writes conditions joined by ||.
func (w *writer) either() ([]piece, error) {
	return w.joined(or, w.both, ",1,(", ")!=0)")
}

// both writes conditions joined by &&.
func (w *writer) both() ([]piece, error) {
	return w.joined(and, w.run, ",(", ")!=0,0)")
}

// joined writes if(a<middle>b<last> for a and b.
func (w *writer) joined(by kind, part func() ([]piece, error), middle, last string) ([]piece, error) {
	left, err := part()
	for err == nil && w.at < len(w.tokens) && w.tokens[w.at].kind == by {
		at := w.tokens[w.at].at
		w.at++
		var right []piece
		if right, err = part(); err != nil {
			break
		}
		joined := append([]piece{{"if(", at}}, left...)
		joined = append(joined, piece{middle, at})
		joined = append(joined, right...)
		left = append(joined, piece{last, at})
	}
	return left, err
}

// run writes all up to what joins or ends a condition.
func (w *writer) run() ([]piece, error) {
	var out []piece
	for w.at < len(w.tokens) {
		t := w.tokens[w.at]
		switch t.kind {
		case and, or, comma, shut:
			if len(out) == 0 {
				return nil, &Error{t.at, fmt.Errorf("want a value, got %q", t.text)}
			}
			return out, nil
		case open:
			inner, err := w.parentheses()
			if err != nil {
				return nil, err
			}
			out = append(out, inner...)
			continue
		case name, pointer, text:
			p, err := w.value()
			if err != nil {
				return nil, err
			}
			out = append(out, p)
			continue
		}
		out = append(out, piece{t.text + " ", t.at})
		w.at++
	}
	if len(out) == 0 {
		return nil, &Error{w.end, fmt.Errorf("want a value, got the end")}
	}
	return out, nil
}

// parentheses writes a group, or the arguments of a function.
func (w *writer) parentheses() ([]piece, error) {
	if w.depth++; w.depth > maxDepth {
		return nil, &Error{w.tokens[w.at].at, fmt.Errorf("the condition is nested more than %d deep", maxDepth)}
	}
	defer func() { w.depth-- }()
	out := []piece{{"(", w.tokens[w.at].at}}
	for {
		w.at++
		inner, err := w.either()
		if err != nil {
			return nil, err
		}
		out = append(out, inner...)
		if w.at == len(w.tokens) {
			return nil, &Error{w.end, fmt.Errorf("want ), got the end")}
		}
		t := w.tokens[w.at]
		out = append(out, piece{t.text, t.at})
		if t.kind == shut {
			w.at++
			return out, nil
		}
	}
}

// value writes a name, a pointer or a comparison of one with a text.
func (w *writer) value() (piece, error) {
	t := w.tokens[w.at]
	if t.kind == name && w.kindAt(1) == open {
		w.at++
		return piece{t.text, t.at}, nil
	}
	r := Ref{Name: t.value, Pointer: t.kind == pointer, Offset: t.at}
	switch op := w.operatorAt(1); {
	case t.kind == text:
		of := w.kindAt(2)
		if op == "" || op == "~" || of != name && of != pointer {
			return piece{}, &Error{t.at, fmt.Errorf("a text can only be compared, by == and !=, with a name or a pointer")}
		}
		with := w.tokens[w.at+2]
		r = Ref{Name: with.value, Pointer: of == pointer, Offset: with.at, compared: true, op: op, text: t.value}
		w.at += 3
	case op != "" && w.kindAt(2) == text:
		r.compared, r.op, r.text = true, op, w.tokens[w.at+2].value
		w.at += 3
	default:
		w.at++
	}
	w.refs = append(w.refs, r)
	return piece{fmt.Sprintf(placeholder, len(w.refs)-1) + " ", t.at}, nil
}

func (w *writer) kindAt(n int) kind {
	if w.at+n >= len(w.tokens) {
		return other
	}
	return w.tokens[w.at+n].kind
}

// operatorAt returns an operator that compares texts.
func (w *writer) operatorAt(n int) string {
	if w.at+n < len(w.tokens) {
		switch t := w.tokens[w.at+n].text; t {
		case "==", "!=", "~":
			return t
		}
	}
	return ""
}

// place returns where in the source an offset of the formula comes from.
func (w *writer) place(offset int) int {
	for _, p := range w.pieces {
		if offset < len(p.text) {
			return p.at
		}
		offset -= len(p.text)
	}
	return w.end
}

var standsFor = regexp.MustCompile(`\bv(\d+)\b`)

// named puts names back where the formula's error speaks of what stands for them.
func (w *writer) named(message string) string {
	return standsFor.ReplaceAllStringFunc(message, func(s string) string {
		if i, err := strconv.Atoi(s[1:]); err == nil && i < len(w.refs) {
			return w.refs[i].Name
		}
		return s
	})
}
