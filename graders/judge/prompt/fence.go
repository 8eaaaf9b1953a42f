package prompt

import (
	"crypto/rand"
	"encoding/hex"
	"strings"
	"unicode/utf8"
)

// The names of the pieces. Several candidates are numbered: candidate_1.
const (
	Prompt    = "prompt"
	Context   = "context"
	Reference = "reference"
	Criteria  = "criteria"
	Candidate = "candidate"
)

var names = []string{Prompt, Context, Reference, Criteria, Candidate}

// codeBytes is the size of a fence's code: 64 random bits.
const codeBytes = 8

// newCode draws the code of a request's fences. It occurs in none of the pieces.
func newCode(pieces []Piece) string {
	for {
		var b [codeBytes]byte
		rand.Read(b[:]) // never fails: it ends the program where there is no randomness
		code := hex.EncodeToString(b[:])
		clash := false
		for _, p := range pieces {
			clash = clash || strings.Contains(p.Text, code)
		}
		if !clash {
			return code
		}
	}
}

// harmless returns text as data: valid UTF-8, without control characters that
// endpoints refuse, and without anything that looks like a fence of this
// package. Everything else stays as it is.
func harmless(text string) string {
	if !strings.ContainsFunc(text, suspicious) {
		return text
	}
	var b strings.Builder
	b.Grow(len(text) + 16)
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '<' && fenceLike(text[i:]):
			b.WriteString("‹")
			i++
		case c < ' ' && c != '\n' && c != '\t' && c != '\r':
			b.WriteRune(utf8.RuneError)
			i++
		case c < utf8.RuneSelf:
			b.WriteByte(c)
			i++
		default:
			r, n := utf8.DecodeRuneInString(text[i:])
			b.WriteRune(r) // of an invalid byte it is the replacement character
			i += n
		}
	}
	return b.String()
}

func suspicious(r rune) bool { return r == '<' || r < ' ' || r == utf8.RuneError }

// fenceLike reports whether s, which begins with an opening bracket, begins
// with a tag of a piece's name, whatever its case, with or without a slash, a
// number and a code.
func fenceLike(s string) bool {
	const most = 32 // bytes between the bracket and the name
	rest := s[1:min(len(s), 1+most+len(Reference))]
	rest = strings.TrimLeft(rest, "/ \t\r\n\u200b\u200c\u200d\u2060\ufeff")
	for _, name := range names {
		if len(rest) >= len(name) && strings.EqualFold(rest[:len(name)], name) {
			return len(rest) == len(name) || !isLetter(rest[len(name)])
		}
	}
	return false
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
