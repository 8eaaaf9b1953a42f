package answer

import "strings"

// hashes finds what stands behind the last "####" on its line.
type hashes struct{}

func (hashes) find(b Body) result { return b.last(lastHashes) }

func lastHashes(s string) result {
	_, textEnd := trim(s, 0, len(s))
	doubtful := -1 // where a line stands behind that may be a heading or an answer
	titles := 0    // lines of words behind, each of which may be the answer if it is the only one
	var title result
	why := "no ####"
	for end := textEnd; end > 0; {
		n := strings.LastIndex(s[:end], "####")
		if n < 0 {
			break
		}
		start, stop := lineStart(s, n), min(lineEnd(s, n), textEnd)
		end = start
		r, what := hashLine(s, start, stop, textEnd)
		switch {
		case what == noHashes:
		case what == aHeading:
			why = "#### begins headings only"
		case what == aTitle:
			if titles++; titles == 1 {
				title = r
			}
		case what == doubtfulLine:
			doubtful = max(doubtful, n)
		case r.damaged:
			if doubtful < 0 && titles == 0 {
				return r
			}
			end = 0
		case doubtful >= 0 || titles > 1:
			return damaged(max(doubtful, title.start), "a later #### may begin the answer or a heading")
		case titles == 1:
			return title
		default:
			return r
		}
	}
	switch {
	case titles == 1 && doubtful < title.start:
		return title
	case titles > 0 || doubtful >= 0:
		why = "#### begins headings only"
	}
	return miss(why)
}

// hashKind is what a line with #### is.
type hashKind int

const (
	noHashes hashKind = iota
	anAnswer
	aHeading
	aTitle       // words: the answer, unless there are several such lines
	doubtfulLine // a heading, or an answer with words around it
)

// hashLine reads the line s[start:stop]. Text ends at textEnd.
func hashLine(s string, start, stop, textEnd int) (result, hashKind) {
	const behind = "behind the last ####"
	at, from := hashRun(s, start, stop)
	if at < 0 {
		return result{}, noHashes
	}
	from, to := trimMarks(s, from, cutClosingRun(s, from, stop))
	if from == to {
		return hashBelow(s, at, stop, textEnd), anAnswer
	}
	r := hit(s, from, to, behind)
	if !blank(strings.Trim(s[start:at], "*_>")) {
		return r, anAnswer
	}
	if m, ok := leadingMarker(s, from, to); ok {
		if m, to = trimMarks(s, m, to); m < to {
			return hit(s, m, to, behind), anAnswer
		}
		return hashBelow(s, at, stop, textEnd), anAnswer
	}
	if stop == textEnd {
		return r, anAnswer
	}
	return r, readHeading(s[from:to])
}

// cutClosingRun returns where the text ends before the "####" that may close a
// heading.
func cutClosingRun(s string, from, stop int) int {
	t := strings.TrimRight(s[from:stop], " \t\r")
	cut := strings.TrimRight(t, "#")
	if cut == "" || cut[len(cut)-1] == ' ' {
		return from + len(cut)
	}
	return from + len(t)
}

// hashRun finds the last run of exactly four on the line that has text behind
// it, or the first run where none has. The text behind it begins at from.
func hashRun(s string, start, stop int) (at, from int) {
	at = -1
	text := false // there is text behind the place that is looked at
	for i := stop; i > start; {
		if s[i-1] != '#' {
			text = text || s[i-1] != ' ' && s[i-1] != '\t' && s[i-1] != '\r' && s[i-1] != '*' && s[i-1] != '_'
			i--
			continue
		}
		end := i
		for i > start && s[i-1] == '#' {
			i--
		}
		if end-i == 4 {
			if at, from = i, end; text {
				return at, from
			}
		}
	}
	return at, from
}

// hashBelow returns the next line that holds text, where #### ends its line.
func hashBelow(s string, at, stop, textEnd int) result {
	none := damaged(at, "nothing stands behind the last ####")
	if stop >= textEnd {
		return none
	}
	from, _ := trim(s, stop, textEnd)
	to := min(lineEnd(s, from), textEnd)
	if strings.Contains(s[from:to], "####") {
		return none
	}
	if from, to = trimMarks(s, from, to); from == to {
		return none
	}
	return hit(s, from, to, "the line below the last ####")
}

// trimMarks removes emphasis from either end, paired or not: in "**#### 18**"
// the answer holds one half of it.
func trimMarks(s string, from, to int) (int, int) {
	from, to = trim(s, from, to)
	t := strings.TrimLeft(s[from:to], "*")
	from = to - len(t)
	to = from + len(strings.TrimRight(t, "*"))
	return unwrapEmphasis(s, from, to)
}
