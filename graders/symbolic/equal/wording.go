package equal

import "strings"

// atOdds says why two texts that may be read as the same value are not: marks and
// words that have no part in a value, on one side or differently on both.
func atOdds(reference, answer string) string {
	if len(reference) > 2000 || len(answer) > 2000 {
		return ""
	}
	switch x, y := percentagePoints(reference), percentagePoints(answer); {
	case x && !y && (percentSign(answer) || share(answer)), y && !x && (percentSign(reference) || share(reference)):
		return "percentage points and a percentage"
	}
	if x, y := dayHalf(reference), dayHalf(answer); x != "" && y != "" && x != y {
		return "noon and midnight"
	}
	if x, y := strings.Contains(reference, "''"), strings.Contains(answer, "''"); x != y && strings.Contains(reference, "'") && strings.Contains(answer, "'") &&
		digitsBefore(reference) && digitsBefore(answer) && strings.Count(reference, "'") <= 2 && strings.Count(answer, "'") <= 2 {
		return "minutes and seconds"
	}
	switch x, y := dateOf(reference), dateOf(answer); {
	case x == nil && y == nil:
	case x == nil && y.iso, y == nil && x.iso:
		return "a date and another value"
	case x == nil || y == nil:
	case x.iso != y.iso || x.fields != y.fields:
		return "another date, or one in another order"
	}
	if crossed(reference) != crossed(answer) {
		return "a cross product and another one"
	}
	return ""
}

func percentagePoints(s string) bool {
	i := strings.Index(s, "percent")
	return i >= 0 && strings.Contains(s[i:], "point")
}

func percentSign(s string) bool {
	return strings.Contains(s, "%") || strings.Contains(s, "percent")
}

// share reports whether a text begins with 0. as a share of one does.
func share(s string) bool {
	return strings.HasPrefix(strings.TrimLeft(s, " $-"), "0.")
}

// dayHalf returns noon or midnight if a text names one of them.
func dayHalf(s string) string {
	for _, w := range [...]string{"noon", "midnight"} {
		if i := strings.Index(s, w); i >= 0 && (i == 0 || !letter(s[i-1])) {
			return w
		}
	}
	return ""
}

// digitsBefore reports whether the first prime of a text stands behind a digit.
func digitsBefore(s string) bool {
	i := strings.IndexByte(s, '\'')
	return i > 0 && s[i-1] >= '0' && s[i-1] <= '9'
}

// A date is three numbers of which one is a year.
type date struct {
	fields [3]string // without leading zeros, in the order in which they stand
	iso    bool      // 2020-05-06, which is no difference
}

// dateOf reads a text that is a date in digits only, such as 5/6/2020.
func dateOf(s string) *date {
	s = strings.Trim(s, " $")
	if len(s) < 8 || len(s) > 10 {
		return nil
	}
	sep := "/"
	if strings.Contains(s, "-") {
		sep = "-"
	}
	parts := strings.Split(s, sep)
	if len(parts) != 3 {
		return nil
	}
	var d date
	years := 0
	for i, p := range parts {
		if p == "" || strings.Trim(p, "0123456789") != "" {
			return nil
		}
		d.fields[i] = strings.TrimLeft(p, "0")
		switch {
		case len(p) == 4 && i != 1 && (p[0] == '1' || p[0] == '2'):
			years++
		case len(p) > 2 || d.fields[i] == "" || len(p) == 2 && (p[0] > '3' || p[0] == '3' && p[1] > '1'):
			return nil
		}
	}
	if years != 1 {
		return nil
	}
	d.iso = sep == "-" && len(s) == 10 && len(parts[0]) == 4
	return &d
}

// crossed reports whether a text has a cross product of two vectors.
func crossed(s string) bool {
	for i := strings.Index(s, `\times`); i >= 0; {
		before, after := strings.TrimRight(s[:i], " "), strings.TrimLeft(s[i+len(`\times`):], " ")
		if vectorEnds(before) && vectorBegins(after) {
			return true
		}
		next := strings.Index(after, `\times`)
		if next < 0 {
			return false
		}
		i = len(s) - len(after) + next
	}
	return false
}

func vectorBegins(s string) bool {
	for _, c := range [...]string{`\vec`, `\mathbf`, `\boldsymbol`, `\overrightarrow`, `\hat`} {
		if strings.HasPrefix(s, c) {
			return true
		}
	}
	return false
}

// vectorEnds reports whether a text ends with a vector: an arrow, or bold type,
// not far before its end.
func vectorEnds(s string) bool {
	i := strings.LastIndexByte(s, '\\')
	return i >= 0 && len(s)-i <= 24 && vectorBegins(s[i:]) && !strings.ContainsAny(s[i:], "+-=,()")
}
