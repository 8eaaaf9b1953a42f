package symbolic

import (
	"slices"
	"strings"
)

// tokens returns the words of a clause in lower case without the marks around
// them; a single capital stays one, because it may name a choice.
func tokens(clause string) []string {
	const most = 60
	var out []string
	if strings.ContainsAny(clause, "\\’—–") {
		clause = strings.NewReplacer("’", "'", `\(`, " ", `\)`, " ", `\[`, " ", `\]`, " ", "—", " ", "–", " ").Replace(clause)
	}
	for f := range strings.FieldsSeq(clause) {
		f = strings.Trim(f, "*$(),.:;!?\"`_")
		if in, ok := strings.CutPrefix(f, `\boxed{`); ok {
			f = strings.TrimSuffix(in, "}")
		}
		if f == "" {
			continue
		}
		if len(f) > 1 && f[0] != '\\' {
			f = strings.ToLower(f)
		}
		if out = append(out, f); len(out) == most {
			break
		}
	}
	return out
}

// plainValue returns a word that is a number, a fraction or the letter of a choice.
func plainValue(s string) string {
	if x, after, ok := strings.Cut(s, "="); ok && len(x) == 1 && letter(x[0]) {
		s = after
	}
	switch {
	case len(s) == 1 && s[0] >= 'A' && s[0] <= 'H', s != "one" && numberWord(s), strings.HasPrefix(s, `\frac{`), strings.HasPrefix(s, `\sqrt{`):
		return s
	case strings.ContainsAny(s, "0123456789") && strings.Trim(s, `0123456789.,/%-−\$`) == "":
		return s
	}
	return ""
}

func among(s string, words ...string) bool { return slices.Contains(words, s) }

// skip returns where the words from i on are no longer among these.
func skip(w []string, i int, words ...string) int {
	for i < len(w) && slices.Contains(words, w[i]) {
		i++
	}
	return i
}

// behindWords returns what stands behind words in a clause.
func behindWords(clause, words string) (string, bool) {
	i := strings.Index(strings.ToLower(clause), words+" ")
	if i < 0 || len(strings.ToLower(clause)) != len(clause) {
		return "", false
	}
	return clause[i+len(words)+1:], true
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
