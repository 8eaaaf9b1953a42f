package gate

import (
	"regexp"
	"slices"
	"strings"
)

// A Reason says why an answer is kept from the judge. It never quotes the
// answer. The empty reason lets it pass.
type Reason string

const (
	// Pass lets an answer through.
	Pass Reason = ""
	// Empty is an answer of nothing but white space.
	Empty Reason = "the answer is empty"
	// Contentless is an answer without content.
	Contentless Reason = "the answer has no content"
	// TooLong is an answer beyond a limit.
	TooLong Reason = "the answer is too long"
	// Unmatched is an answer that does not match a pattern that it must match.
	Unmatched Reason = "the answer does not match what is required"
	// Forbidden is an answer that matches a pattern that it must not match.
	Forbidden Reason = "the answer matches what is forbidden"
)

// Gates are what an answer must pass. The zero value keeps empty answers from
// the judge and nothing else.
type Gates struct {
	// Contentless keeps answers without content from the judge.
	Contentless bool
	// Allow lists answers that are content all the same, such as ":" where a
	// task asks for a mark. White space around an answer does not count.
	Allow []string
	// MaxBytes and MaxTokens limit the length of an answer; 0 is no limit.
	// Tokens are estimated by [Tokens].
	MaxBytes, MaxTokens int
	// Require lists patterns that must match, Forbid those that must not.
	Require, Forbid []*regexp.Regexp
}

// Check returns why an answer is kept from the judge, or [Pass]. It takes
// linear time.
func (g *Gates) Check(answer string) Reason {
	trimmed := strings.TrimSpace(answer)
	switch {
	case slices.ContainsFunc(g.Allow, func(a string) bool { return strings.TrimSpace(a) == trimmed }):
	case trimmed == "":
		return Empty
	case g.Contentless && IsContentless(answer):
		return Contentless
	}
	if g.MaxBytes > 0 && len(answer) > g.MaxBytes || g.MaxTokens > 0 && Tokens(answer) > g.MaxTokens {
		return TooLong
	}
	for _, p := range g.Require {
		if !p.MatchString(answer) {
			return Unmatched
		}
	}
	for _, p := range g.Forbid {
		if p.MatchString(answer) {
			return Forbidden
		}
	}
	return Pass
}

// Tokens estimates how many tokens a text has: one for each four bytes of
// ASCII and one for each other character, rounded up. Models differ by a third
// either way.
func Tokens(text string) int {
	ascii, other := 0, 0
	for _, r := range text {
		if r < 0x80 {
			ascii++
		} else {
			other++
		}
	}
	return (ascii+3)/4 + other
}
