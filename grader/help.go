package grader

import (
	"strconv"
	"strings"
)

// PackageDoc returns the package comment in the text of a doc.go, without its
// first paragraph, for a kind whose help is its package's documentation:
//
//	//go:embed doc.go
//	var source string
//
//	var Kind = grader.Define("name", grader.PackageDoc(source), ...)
//
// The comment must be of the form /* ... */.
func PackageDoc(source string) string {
	_, text, _ := strings.Cut(source, "\n\n")
	text, _, _ = strings.Cut(text, "*/")
	return text
}

// Excerpt quotes the beginning of a text, at most 60 bytes of it, for a
// [Result.Reason] or a [DataError.Detail].
func Excerpt(s string) string {
	const most = 60
	if len(s) <= most {
		return strconv.Quote(s)
	}
	cut := most
	for cut > most-4 && s[cut]&0xc0 == 0x80 { // not inside a character
		cut--
	}
	return strconv.Quote(s[:cut]) + "..."
}
