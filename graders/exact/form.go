package exact

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// form is what texts are brought to before they are compared.
type form struct {
	wrapping    Wrapping
	unicode     Unicode
	letters     Case
	punctuation Punctuation
	articles    Articles
	whitespace  Whitespace
}

func (f form) with(change func(*form)) form {
	change(&f)
	return f
}

// of returns s in the form. It takes time linear in s.
func (f form) of(s string) string {
	if f.wrapping == WrappingStrip {
		s = unwrap(s)
	}
	if ascii(s) {
		if f.letters == CaseFold {
			s = strings.ToLower(s)
		}
	} else {
		s = f.normal(s)
		if f.letters == CaseFold {
			// A Caser has state, so each call has its own. Folding may leave
			// what is no longer in the normal form.
			s = f.normal(cases.Fold().String(s))
		}
	}
	switch f.punctuation {
	case PunctuationEnds:
		s = trimPunctuation(s)
		if f.wrapping == WrappingStrip {
			// A full stop may have stood behind the markup.
			if inside := unwrap(s); inside != s {
				s = trimPunctuation(inside)
			}
		}
	case PunctuationRemove:
		s = removePunctuation(s)
	}
	if f.articles == ArticlesRemove {
		s = removeArticles(s)
	}
	switch f.whitespace {
	case WhitespaceTrim:
		s = strings.TrimFunc(s, isSpace)
	case WhitespaceCollapse:
		s = joinFields(s, " ")
	case WhitespaceRemove:
		s = joinFields(s, "")
	}
	return s
}

func (f form) normal(s string) string {
	switch f.unicode {
	case UnicodeNFC:
		return norm.NFC.String(s)
	case UnicodeNFKC:
		return norm.NFKC.String(s)
	}
	return s
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// isSpace knows white space and the characters that have no width at all and
// no meaning in any script.
func isSpace(r rune) bool {
	return unicode.IsSpace(r) || r == '\u200b' || r == '\u2060' || r == '\ufeff'
}

// blank reports whether nothing can be seen of s.
func blank(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !isSpace(r) })
}

// joinFields replaces each run of white space by sep, and drops it at the ends.
func joinFields(s, sep string) string {
	s = strings.TrimFunc(s, isSpace)
	if !strings.ContainsFunc(s, isSpace) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for s != "" {
		n := strings.IndexFunc(s, isSpace)
		if n < 0 {
			n = len(s)
		}
		b.WriteString(s[:n])
		if s = strings.TrimLeftFunc(s[n:], isSpace); s != "" {
			b.WriteString(sep)
		}
	}
	return b.String()
}

// removeArticles drops the words a, an and the with the space behind them.
func removeArticles(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	dropped := false
	for len(s) > 0 {
		n := strings.IndexFunc(s, isSpace)
		if n == 0 {
			n = strings.IndexFunc(s, func(r rune) bool { return !isSpace(r) })
			if n < 0 {
				n = len(s)
			}
			if !dropped {
				b.WriteString(s[:n])
			}
			dropped, s = false, s[n:]
			continue
		}
		if n < 0 {
			n = len(s)
		}
		if dropped = article(s[:n]); !dropped {
			b.WriteString(s[:n])
		}
		s = s[n:]
	}
	return b.String()
}

func article(w string) bool {
	if len(w) > 3 {
		return false
	}
	switch strings.ToLower(w) {
	case "a", "an", "the":
		return true
	}
	return false
}
