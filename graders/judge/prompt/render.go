package prompt

import (
	"fmt"
	"strings"
)

// A Piece is one part of the material.
type Piece struct {
	// Name is one of this package's names, with a number behind an underscore
	// where there are several of a kind.
	Name string
	// Text is data. Nobody vouches for it.
	Text string
	// Left says how many bytes of the text were left out, and where.
	Left Left
}

// Numbered returns the name of the candidate with a number, counted from 1.
func Numbered(i int) string { return fmt.Sprintf("%s_%d", Candidate, i) }

// A Message is the part of a question that holds the material.
type Message struct {
	Text string
	// Code is what the fences carry. It occurs twice for each piece and nowhere else.
	Code string
}

// Render writes the pieces, each between fences, and behind them the closing
// words, which are ours.
func Render(pieces []Piece, closing string) Message {
	safe := make([]Piece, len(pieces))
	size := len(closing)
	for i, p := range pieces {
		safe[i] = Piece{Name: p.Name, Text: harmless(p.Text), Left: p.Left}
		size += len(safe[i].Text) + 2*len(p.Name) + 4*codeBytes + 128
	}
	code := newCode(safe)
	var b strings.Builder
	b.Grow(size)
	for _, p := range safe {
		fmt.Fprintf(&b, "<%s-%s>\n", p.Name, code)
		b.WriteString(p.Text)
		fmt.Fprintf(&b, "\n</%s-%s>\n", p.Name, code)
		if p.Left.Bytes > 0 {
			fmt.Fprintf(&b, "(The piece %s above is not whole: it was too long, and %d bytes %s were left out by the grading system.)\n", p.Name, p.Left.Bytes, p.Left.Where)
		}
		b.WriteByte('\n')
	}
	b.WriteString(closing)
	return Message{Text: b.String(), Code: code}
}
