package grader

import (
	"strings"
)

// Names and pointers come from the data too, and errors reach logs. What looks
// like the name of a field may stand there; anything else may be a question or
// an answer that somebody used for a key, and is shown as an ellipsis.

const (
	maxFieldName = 40  // bytes
	maxPlace     = 120 // bytes
)

// fieldName returns s if it looks like the name of a field or an index.
func fieldName(s string) string {
	ok := len(s) <= maxFieldName
	for i := 0; ok && i < len(s); i++ {
		c := s[i]
		ok = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("_-.~", c) >= 0
	}
	if ok {
		return s
	}
	return "…"
}

// snakeCase reports whether a member's name can hardly be anything but the name
// of a field.
func snakeCase(s string) bool {
	if s == "" || len(s) > maxFieldName {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && c != '_' && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// place returns a JSON pointer as errors show it.
func place(pointer string) string {
	tokens := strings.Split(pointer, "/")
	size := 0
	for i, token := range tokens {
		tokens[i] = fieldName(token)
		if size += 1 + len(tokens[i]); size > maxPlace {
			tokens = append(tokens[:i], "…")
			break
		}
	}
	return strings.Join(tokens, "/")
}
