package equal

import "strings"

// european rewrites numbers such as 1.000,50 and 1.234.567 with a decimal point
// and without separators. A dot must stand before each three digits, and a comma
// before the last ones or two dots in all, so that nothing else can be meant by
// those who write so. It returns false where there is none.
func european(s string) (string, bool) {
	if strings.IndexByte(s, '.') < 0 {
		return s, false
	}
	var b strings.Builder
	found := false
	for i := 0; i < len(s); {
		if s[i] < '0' || s[i] > '9' {
			b.WriteByte(s[i])
			i++
			continue
		}
		end := i
		for end < len(s) && (s[end] >= '0' && s[end] <= '9' || (s[end] == '.' || s[end] == ',') && end+1 < len(s) && s[end+1] >= '0' && s[end+1] <= '9') {
			end++
		}
		if n, ok := plainNumber(s[i:end]); ok {
			b.WriteString(n)
			found = true
		} else {
			b.WriteString(s[i:end])
		}
		i = end
	}
	return b.String(), found
}

// plainNumber reads one number of that kind.
func plainNumber(s string) (string, bool) {
	whole, decimals, comma := strings.Cut(s, ",")
	groups := strings.Split(whole, ".")
	if len(groups) < 2 || len(groups) == 2 && !comma || groups[0][0] == '0' || len(groups[0]) > 3 || strings.ContainsAny(decimals, ".,") {
		return "", false
	}
	for _, g := range groups[1:] {
		if len(g) != 3 {
			return "", false
		}
	}
	if whole = strings.Join(groups, ""); comma {
		return whole + "." + decimals, true
	}
	return whole, true
}

// signed writes "negative 5" and "minus 5" as -5.
func signed(s string) string {
	if !strings.Contains(s, "egative") && !strings.Contains(s, "inus") {
		return s
	}
	t := s
	for _, p := range [...]string{"$", `\text{`, `\mathrm{`} {
		t = strings.TrimSpace(strings.TrimPrefix(t, p))
	}
	for _, w := range [...]string{"negative", "minus", "Negative", "Minus"} {
		rest, ok := strings.CutPrefix(t, w)
		if !ok {
			continue
		}
		number := strings.TrimLeft(rest, "} $")
		if len(number) == len(rest) || number == "" {
			return s
		}
		if c := number[0]; c >= '0' && c <= '9' || strings.HasPrefix(number, `\frac`) || strings.HasPrefix(number, `\sqrt`) {
			return "-" + strings.TrimRight(number, " $")
		}
	}
	return s
}

// freeParameter returns the letter of which a text says that it is any number of
// a set, as in "n = 2k, k \in \mathbb{Z}", and the set: Z, N or R.
func freeParameter(s string) (name, domain string) {
	if !strings.ContainsAny(s, "ZℤNℕRℝ") && !strings.Contains(s, "integer") {
		return "", ""
	}
	s = strings.NewReplacer(" ", "", "{", "", "}", "", "$", "", `\,`, "", `\text`, "", `\mathbb`, "", `\mathbf`, "", `\mathrm`, "", "∈", `\in`, "ℤ", "Z", "ℕ", "N", "ℝ", "R", `\Z`, "Z", `\N`, "N", `\R`, "R").Replace(s)
	for _, sign := range [...]string{`\inZ`, `\inN`, `\inR`, "isaninteger", "isanyinteger", "aninteger", "integer"} {
		i := strings.Index(s, sign)
		if i < 1 {
			continue
		}
		if c := s[i-1]; c >= 'a' && c <= 'z' && (i == 1 || !letter(s[i-2]) || strings.HasSuffix(s[:i-1], "where") || strings.HasSuffix(s[:i-1], "for") || strings.HasSuffix(s[:i-1], `\quad`)) {
			if domain = "Z"; strings.HasPrefix(sign, `\in`) {
				domain = sign[3:]
				if rest := s[i+len(sign):]; rest != "" && strings.IndexByte("^_*+-", rest[0]) >= 0 {
					domain += rest // a part of it
				}
			}
			return string(c), domain
		}
	}
	return "", ""
}
