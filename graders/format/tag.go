package format

import (
	"fmt"
	"regexp"
	"strings"
)

var tagName = regexp.MustCompile(`^[\pL_][\pL\pN_.:-]{0,63}$`)

// A tag finds the openings and closings of one element.
type tag struct {
	name           string
	opening, shuts *regexp.Regexp
}

func newTag(name string) tag {
	quoted := regexp.QuoteMeta(name)
	return tag{
		name:    name,
		opening: regexp.MustCompile(`(?i)<` + quoted + `(?:\s[^<>]*)?>`),
		shuts:   regexp.MustCompile(`(?i)</` + quoted + `\s*>`),
	}
}

// element returns where the one element of the tag stands in s, or why there is
// not exactly one. Where opened is true the opening may be missing.
func (t tag) element(s string, opened bool) (outer, inner [2]int, why string) {
	opening, shuts := t.opening.FindAllStringIndex(s, 2), t.shuts.FindAllStringIndex(s, 2)
	switch {
	case len(opening) > 1:
		return outer, inner, fmt.Sprintf("<%s> stands there more than once", t.name)
	case len(shuts) > 1:
		return outer, inner, fmt.Sprintf("</%s> stands there more than once", t.name)
	case len(opening) == 0 && !opened:
		return outer, inner, fmt.Sprintf("there is no <%s>", t.name)
	case len(shuts) == 0:
		return outer, inner, fmt.Sprintf("there is no </%s>", t.name)
	case len(opening) == 0:
		opening = [][]int{{0, 0}}
	}
	if shuts[0][0] < opening[0][1] {
		return outer, inner, fmt.Sprintf("</%s> stands before <%s>", t.name, t.name)
	}
	return [2]int{opening[0][0], shuts[0][1]}, [2]int{opening[0][1], shuts[0][0]}, ""
}

// inOrder says why the tags of the constraint do not stand in s as they should.
func (c *constraint) inOrder(s string) string {
	from := 0
	for i, t := range c.tags {
		outer, inner, why := t.element(s, c.opened && i == 0)
		switch {
		case why != "":
			return why
		case outer[0] < from:
			return fmt.Sprintf("<%s> does not stand behind </%s>", t.name, c.tags[i-1].name)
		case !enough(unmarked(s[inner[0]:inner[1]]), c.words):
			return fmt.Sprintf("<%s> says nothing, or fewer than %d words", t.name, c.words)
		case c.alone && strings.TrimSpace(s[from:outer[0]]) != "":
			return fmt.Sprintf("something stands before <%s>", t.name)
		}
		from = outer[1]
	}
	if c.alone && strings.TrimSpace(s[from:]) != "" {
		return fmt.Sprintf("something stands behind </%s>", c.tags[len(c.tags)-1].name)
	}
	return ""
}

var word = regexp.MustCompile(`[\pL_][\pL\pN_]*`)

// emptyElements returns what matches an element, or a box, that says nothing
// and whose name stands in a pattern; nil where there is no name.
func emptyElements(pattern string) *regexp.Regexp {
	const most = 24
	seen := map[string]bool{}
	var alternatives []string
	for _, name := range word.FindAllString(pattern, -1) {
		if seen[name] || len(alternatives) == most {
			continue
		}
		seen[name] = true
		if len(name) > 1 && strings.Contains(pattern, "<") {
			// RE2 has no reference back to the name that opened.
			alternatives = append(alternatives, fmt.Sprintf(`<%s(?:\s[^<>]*)?>%s</%s\s*>`, name, nothing, name))
		}
		if strings.HasSuffix(name, "boxed") || strings.HasSuffix(name, "fbox") {
			alternatives = append(alternatives, `\\f?box(?:ed)?\s*\{`+nothing+`\}`)
		}
	}
	if len(alternatives) == 0 {
		return nil
	}
	return regexp.MustCompile(`(?i)` + strings.Join(alternatives, "|"))
}

// nothing matches what says nothing, and tags.
const nothing = `(?:[^[:alnum:]\x{80}-\x{10FFFF}]|[^\x00-\x7f\pL\pN\p{Sm}\p{Sc}\p{So}]|[\x{115f}\x{1160}\x{2800}\x{3164}\x{ffa0}]|<[/|]?[\pL_][^<>]*>|\\(?:text(?:bf|it|rm|tt)?|math(?:rm|bf|it|sf)|boxed|fbox|mbox|quad|qquad)\b)*`
