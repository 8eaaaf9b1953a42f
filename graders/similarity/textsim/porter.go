package textsim

import "strings"

// Stem is nltk's PorterStemmer with its extensions: M. F. Porter, "An algorithm
// for suffix stripping" (1980), with nltk's rules for short words and a list of
// irregular forms. The word is taken in lower case.
func Stem(word string) string {
	word = strings.ToLower(word)
	if stem := irregularStem(word); stem != "" {
		return stem
	}
	w := []rune(word)
	if len(w) <= 2 {
		return word
	}
	for _, step := range [...]func([]rune) []rune{step1a, step1b, step1c, step2, step3, step4, step5a, step5b} {
		w = step(w)
	}
	return string(w)
}

func irregularStem(word string) string {
	switch word {
	case "sky", "skies":
		return "sky"
	case "dying":
		return "die"
	case "lying":
		return "lie"
	case "tying":
		return "tie"
	case "innings", "inning":
		return "inning"
	case "outings", "outing":
		return "outing"
	case "cannings", "canning":
		return "canning"
	case "news", "howe", "proceed", "exceed", "succeed":
		return word
	}
	return ""
}

func isVowel(c rune) bool { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' }

// consonants calls yield for each letter of w: whether it is a consonant. A y is
// one at the beginning and behind a vowel.
func consonants(w []rune, yield func(i int, consonant bool) bool) {
	before := false
	for i, c := range w {
		consonant := !isVowel(c)
		if c == 'y' {
			consonant = i == 0 || !before
		}
		if !yield(i, consonant) {
			return
		}
		before = consonant
	}
}

// measure counts how often a vowel is followed by a consonant.
func measure(w []rune) (m int) {
	before := true
	consonants(w, func(_ int, consonant bool) bool {
		if consonant && !before {
			m++
		}
		before = consonant
		return true
	})
	return m
}

func hasVowel(w []rune) (found bool) {
	consonants(w, func(_ int, consonant bool) bool {
		found = !consonant
		return !found
	})
	return found
}

// lastThree says whether each of the last letters is a consonant; letters that
// are not there are none.
func lastThree(w []rune) (last [3]bool) {
	consonants(w, func(i int, consonant bool) bool {
		if k := i - (len(w) - 3); k >= 0 {
			last[k] = consonant
		}
		return true
	})
	return last
}

func doubled(w []rune) bool {
	n := len(w)
	return n >= 2 && w[n-1] == w[n-2] && lastThree(w)[2]
}

// shortEnd reports whether w ends in consonant, vowel, consonant other than w, x
// or y, or is a vowel and a consonant.
func shortEnd(w []rune) bool {
	last := lastThree(w)
	if len(w) == 2 {
		return !last[1] && last[2]
	}
	return len(w) >= 3 && last[0] && !last[1] && last[2] && !strings.ContainsRune("wxy", w[len(w)-1])
}

func cutSuffix(w []rune, suffix string) ([]rune, bool) {
	n := len(w) - len(suffix) // suffixes are ASCII
	if n < 0 {
		return w, false
	}
	for i := range len(suffix) {
		if w[n+i] != rune(suffix[i]) {
			return w, false
		}
	}
	return w[:n:n], true
}

func join(stem []rune, suffix string) []rune {
	return append(stem[:len(stem):len(stem)], []rune(suffix)...)
}

// apply replaces the first suffix of the list that w has, if what is left of it
// has at least that measure. Suffixes and replacements alternate.
func apply(w []rune, least int, rules ...string) []rune {
	for i := 0; i < len(rules); i += 2 {
		if stem, ok := cutSuffix(w, rules[i]); ok {
			if measure(stem) < least {
				return w
			}
			return join(stem, rules[i+1])
		}
	}
	return w
}

func step1a(w []rune) []rune {
	if stem, ok := cutSuffix(w, "ies"); ok && len(w) == 4 {
		return join(stem, "ie")
	}
	return apply(w, 0, "sses", "ss", "ies", "i", "ss", "ss", "s", "")
}

func step1b(w []rune) []rune {
	if stem, ok := cutSuffix(w, "ied"); ok {
		if len(w) == 4 {
			return join(stem, "ie")
		}
		return join(stem, "i")
	}
	if _, ok := cutSuffix(w, "eed"); ok {
		return apply(w, 1, "eed", "ee")
	}
	stem, ok := cutSuffix(w, "ed")
	if !ok || !hasVowel(stem) {
		if stem, ok = cutSuffix(w, "ing"); !ok || !hasVowel(stem) {
			return w
		}
	}
	for _, ending := range [...]string{"at", "bl", "iz"} {
		if _, ok := cutSuffix(stem, ending); ok {
			return join(stem, "e")
		}
	}
	last := stem[len(stem)-1]
	switch {
	case doubled(stem):
		if strings.ContainsRune("lsz", last) {
			return stem
		}
		return stem[:len(stem)-1]
	case measure(stem) == 1 && shortEnd(stem):
		return join(stem, "e")
	}
	return stem
}

func step1c(w []rune) []rune {
	if stem, ok := cutSuffix(w, "y"); ok && len(stem) > 1 && lastThree(stem)[2] {
		return join(stem, "i")
	}
	return w
}

func step2(w []rune) []rune {
	if stem, ok := cutSuffix(w, "alli"); ok && measure(stem) > 0 {
		return step2(join(stem, "al"))
	}
	if stem, ok := cutSuffix(w, "logi"); ok {
		// The l counts with the stem, so that short ones such as geo are cut too.
		if measure(w[:len(w)-3]) > 0 {
			return join(stem, "log")
		}
		return w
	}
	return apply(w, 1,
		"ational", "ate", "tional", "tion", "enci", "ence", "anci", "ance", "izer", "ize", "bli", "ble", "alli", "al",
		"entli", "ent", "eli", "e", "ousli", "ous", "ization", "ize", "ation", "ate", "ator", "ate", "alism", "al",
		"iveness", "ive", "fulness", "ful", "ousness", "ous", "aliti", "al", "iviti", "ive", "biliti", "ble", "fulli", "ful")
}

func step3(w []rune) []rune {
	return apply(w, 1, "icate", "ic", "ative", "", "alize", "al", "iciti", "ic", "ical", "ic", "ful", "", "ness", "")
}

func step4(w []rune) []rune {
	if stem, ok := cutSuffix(w, "ion"); ok {
		if n := len(stem); measure(stem) > 1 && (stem[n-1] == 's' || stem[n-1] == 't') {
			return stem
		}
		return w
	}
	return apply(w, 2,
		"al", "", "ance", "", "ence", "", "er", "", "ic", "", "able", "", "ible", "", "ant", "", "ement", "", "ment", "",
		"ent", "", "ou", "", "ism", "", "ate", "", "iti", "", "ous", "", "ive", "", "ize", "")
}

func step5a(w []rune) []rune {
	stem, ok := cutSuffix(w, "e")
	if !ok {
		return w
	}
	if m := measure(stem); m > 1 || m == 1 && !shortEnd(stem) {
		return stem
	}
	return w
}

func step5b(w []rune) []rune {
	if stem, ok := cutSuffix(w, "ll"); ok && measure(w[:len(w)-1]) > 1 {
		return join(stem, "l")
	}
	return w
}
