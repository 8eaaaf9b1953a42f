package length

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rftgrader/rftgrader/graders/internal/compared"
)

// count returns how many units a text has.
func count(text string, unit Unit) float64 {
	switch unit {
	case UnitCharacters:
		return float64(utf8.RuneCountInString(strings.TrimFunc(text, unicode.IsSpace)))
	case UnitSentences:
		return float64(sentences(text))
	case UnitTokens:
		return float64(tokens(text))
	}
	n := 0
	eachWord(text, func(string) { n++ })
	return float64(n)
}

// eachWord calls yield for the words of a text: stretches without white space
// that hold a letter or a digit, and single characters of scripts that are
// written without spaces and in which one character is about a word.
func eachWord(text string, yield func(word string)) {
	start, says := 0, false
	end := func(i int) {
		if says {
			yield(text[start:i])
		}
		says = false
	}
	for i, r := range text {
		switch {
		case unicode.IsSpace(r):
			end(i)
			start = i + utf8.RuneLen(r)
		case ideographic(r):
			end(i)
			start = i + utf8.RuneLen(r)
			yield(text[i:start])
		case spoken(r):
			says = true
		}
	}
	end(len(text))
}

// spoken reports whether a character is a letter or digit that can be seen.
func spoken(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsDigit(r)) && !compared.BlankLetter(r)
}

func ideographic(r rune) bool {
	return r >= 0x2e80 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}

// sentences counts stretches with a letter or a digit that end at a mark of a
// sentence's end, at an empty line, before an item of a list or at the end.
func sentences(text string) (n int) {
	says := false
	end := func() {
		if says {
			n++
		}
		says = false
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '\n':
			if rest := strings.TrimLeft(text[i+1:min(len(text), i+1+16)], " \t\r"); rest == "" || rest[0] == '\n' || listItem(rest) {
				end()
			}
		case strings.ContainsRune("。！？｡", r):
			end()
		case r == '.' || r == '!' || r == '?' || r == '…':
			i = closed(text, i+size)
			next, _ := utf8.DecodeRuneInString(text[i:])
			if (i == len(text) || unicode.IsSpace(next)) && !(r == '.' && abbreviated(text[:i])) {
				end()
			}
			continue
		case spoken(r):
			says = true
		}
		i += size
	}
	end()
	return n
}

// closed returns where the marks end that may follow the end of a sentence.
func closed(text string, i int) int {
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !strings.ContainsRune(".!?…\"'”’»)]*_`", r) {
			break
		}
		i += size
	}
	return i
}

func listItem(s string) bool {
	if s[0] == '-' || s[0] == '*' || s[0] == '#' || strings.HasPrefix(s, "•") {
		return true
	}
	digits := strings.TrimLeft(s, "0123456789")
	return len(digits) < len(s) && digits != "" && (digits[0] == '.' || digits[0] == ')') && len(digits) > 1 && (digits[1] == ' ' || digits[1] == '\t')
}

// abbreviated reports whether the point at the end of text belongs to an
// abbreviation, an initial or the number of an item.
func abbreviated(text string) bool {
	const longest = 12 // bytes
	text = strings.TrimSuffix(text, ".")
	tail := text[max(0, len(text)-longest):]
	word := tail[strings.LastIndexFunc(tail, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '.' })+1:]
	switch strings.ToLower(word) {
	case "mr", "mrs", "ms", "dr", "prof", "st", "vs", "e.g", "i.e", "cf", "fig", "eq", "approx", "jr", "sr", "al", "p.m", "a.m":
		return true
	}
	r, size := utf8.DecodeRuneInString(word)
	if size == len(word) && unicode.IsUpper(r) && r != 'I' {
		return true // an initial
	}
	line := text[max(0, len(text)-longest):]
	if i := strings.LastIndexByte(line, '\n'); i >= 0 {
		line = line[i+1:]
	} else if len(text) > longest {
		return false
	}
	line = strings.TrimLeft(line, " \t")
	return line != "" && len(line) <= 3 && strings.Trim(line, "0123456789") == ""
}

// tokens estimates how many tokens a model's tokeniser makes of a text.
func tokens(text string) (n int) {
	const (
		lettersOfToken = 6 // of a word in Latin letters
		digitsOfToken  = 3
		othersOfToken  = 2  // letters of other alphabets
		spacesOfToken  = 16 // in a row; fewer belong to what follows
	)
	class, length := ' ', 0
	var before rune
	end := func() {
		per := 1
		switch class {
		case 'a':
			per = lettersOfToken
		case '0':
			per = digitsOfToken
		case 'x':
			per = othersOfToken
		case '.':
			per = 4 // of the same mark in a row
		case '\n':
			per = 8
		case ' ':
			n += length / spacesOfToken
			length = 0
		}
		n += (length + per - 1) / per
		length = 0
	}
	for _, r := range text {
		var c rune
		switch {
		case r == '\n':
			c = '\n'
		case unicode.IsSpace(r):
			c = ' '
		case ideographic(r):
			c = '漢'
		case unicode.IsDigit(r):
			c = '0'
		case r < 0x250 && unicode.IsLetter(r):
			c = 'a'
		case unicode.IsLetter(r) || unicode.Is(unicode.M, r):
			c = 'x'
		default:
			c = '.'
		}
		if c != class || c == '.' && r != before {
			end()
			class = c
		}
		length++
		before = r
	}
	end()
	return n
}
