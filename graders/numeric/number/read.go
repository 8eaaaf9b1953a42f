package number

import (
	"errors"
	"strings"
)

// Bounds of what is read. A text of more bytes or a number of more digits is
// refused before any arithmetic.
const (
	MaxBytes  = 16 << 10
	MaxDigits = 4000
)

// Why a text was not read as one number.
var (
	ErrEmpty      = errors.New("it is empty")
	ErrNoNumber   = errors.New("it holds no number")
	ErrMany       = errors.New("it holds more than one number, or a range")
	ErrChain      = errors.New("it is a chain of equalities")
	ErrBound      = errors.New("it is an inequality")
	ErrExpression = errors.New("it is an expression, not a plain number")
	ErrBase       = errors.New("it is a number in a base of its own, or with an index")
	ErrWords      = errors.New("it says more than a number and its unit")
	ErrDoubt      = errors.New("it denies, doubts or bounds the number")
	ErrTime       = errors.New("it is a time of day or a ratio")
	ErrGroups     = errors.New("it is a list, or its digits are not grouped as in one number")
	ErrTrailsOff  = errors.New("it trails off with dots")
	ErrZero       = errors.New("it divides by zero")
	ErrExponent   = errors.New("its exponent of ten is beyond 1e15")
	ErrTooLong    = errors.New("it is longer than 16 KiB or 4000 digits")
	ErrDamaged    = errors.New("it is damaged: broken UTF-8, control characters or braces")
)

// A Format says how the text writes numbers. The zero value is the way of
// English and of programs.
type Format struct {
	// DecimalComma reads 1.000,5 as one thousand and a half, and 1,5 as one
	// and a half. Without it the comma groups digits and the point is the
	// decimal mark.
	DecimalComma bool
}

func (f Format) decimal() rune {
	if f.DecimalComma {
		return ','
	}
	return '.'
}

func (f Format) group() rune {
	if f.DecimalComma {
		return '.'
	}
	return ','
}

// A Reading is what a text says when it says one number.
type Reading struct {
	// Value is the number as written: 50 for 50%.
	Value Value
	// Percent is set when a percent sign or the word stands behind it.
	Percent bool
	// Unit is the text of the unit or currency in one spelling: "km/h" for
	// "km per hour", "$" for "dollars" and "USD", "apple" for "apples". It is
	// empty where none was written.
	Unit string
}

// Read reads a text that is one number. The error is one of this package's
// error values; it never quotes the text.
func Read(text string, f Format) (Reading, error) {
	if len(text) > MaxBytes {
		return Reading{}, ErrTooLong
	}
	r, err := read(text, f)
	if err == ErrMany {
		if twice, ok := readTwice(text, f); ok {
			return twice, nil
		}
	}
	return r, err
}

// readTwice reads a number that is said again in parentheses: 18 (eighteen).
func readTwice(text string, f Format) (Reading, bool) {
	text = strings.TrimRight(text, " .")
	inside, ok := strings.CutSuffix(text, ")")
	if !ok {
		return Reading{}, false
	}
	before, inside, ok := strings.Cut(inside, " (")
	if !ok {
		return Reading{}, false
	}
	a, err := read(before, f)
	if err != nil {
		return Reading{}, false
	}
	b, err := read(inside, f)
	if err != nil || a.Percent != b.Percent || a.Unit != "" && b.Unit != "" && a.Unit != b.Unit || !a.Value.Equal(b.Value) {
		return Reading{}, false
	}
	if a.Unit == "" {
		a.Unit = b.Unit
	}
	return a, true
}

func read(text string, f Format) (Reading, error) {
	var (
		runes  [64]rune
		tokens [16]token
		digits [64]byte
	)
	src, err := plainText(runes[:0], text, f)
	if err != nil {
		return Reading{}, err
	}
	l := lexer{f: f, src: src, tokens: tokens[:0], digits: digits[:0]}
	r, err := l.read()
	if err != nil {
		return Reading{}, err
	}
	return r, nil
}

func (l *lexer) read() (Reading, error) {
	if err := l.run(); err != nil {
		if err == ErrExpression && !l.anyDigit() {
			err = ErrNoNumber
		}
		return Reading{}, err
	}
	if len(l.tokens) == 0 {
		return Reading{}, ErrEmpty
	}
	p := parser{lexer: l}
	return p.reading()
}

func (l *lexer) anyDigit() bool {
	for _, r := range l.src {
		if _, _, ok := vulgar(r); ok || isDigit(r) {
			return true
		}
	}
	return false
}
