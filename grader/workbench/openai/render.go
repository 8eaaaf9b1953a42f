package openai

import (
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// An option is a member of a grader in the spec: a word, a text, a number, a
// list of texts or a mapping.
type option struct {
	name  string
	value any
}

// A word needs no quotation marks in YAML.
type word string

// render writes the spec.
func (c *converter) render(score string) []byte {
	var b strings.Builder
	b.WriteString("# Imported from " + oneLine(c.Name) + ", a grader of OpenAI's, by rft import openai.\n")
	for _, r := range c.remarks {
		for i, line := range wrap(oneLine(r), 96) {
			if i == 0 {
				b.WriteString("# - " + line + "\n")
			} else {
				b.WriteString("#   " + line + "\n")
			}
		}
	}
	b.WriteString("version: 1\ngraders:\n")
	for _, g := range c.graders {
		b.WriteString("  " + g.name + ":\n    type: " + g.kind + "\n")
		for _, o := range g.options {
			b.WriteString("    " + o.name + ": " + yaml(o.value, 6) + "\n")
		}
	}
	if len(c.graders) != 1 || score != c.graders[0].name {
		b.WriteString("score: " + yaml(score, 2) + "\n")
	}
	if c.low != c.high {
		b.WriteString("range: [" + yaml(c.low, 0) + ", " + yaml(c.high, 0) + "]\n")
	}
	return []byte(b.String())
}

// yaml writes a value; a text of several lines as a block with that indentation.
func yaml(v any, indent int) string {
	switch v := v.(type) {
	case word:
		return string(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []string:
		var parts []string
		for _, s := range v {
			parts = append(parts, quote(s))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case []option:
		var parts []string
		for _, o := range v {
			name := o.name
			if !plain(name) {
				name = quote(name)
			}
			parts = append(parts, name+": "+yaml(o.value, indent))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case string:
		if blockable(v) {
			lines := strings.Split(v, "\n")
			for i, l := range lines {
				if l != "" {
					lines[i] = strings.Repeat(" ", indent) + l
				}
			}
			return "|-\n" + strings.Join(lines, "\n")
		}
		return quote(v)
	}
	return ""
}

// quote writes a text as JSON does, which YAML reads alike.
func quote(s string) string {
	b, err := jsontext.AppendQuote(nil, strings.ToValidUTF8(s, "\ufffd"))
	if err != nil {
		return `""`
	}
	return strings.ReplaceAll(string(b), "\x7f", `\u007f`)
}

// plain reports whether a name is one that options have, which needs no
// quotation marks.
func plain(s string) bool { return s == "min" || s == "max" }

// blockable reports whether YAML gives back a text of several lines that stands
// in a block.
func blockable(s string) bool {
	if !strings.Contains(s, "\n") || s != strings.TrimSpace(s) {
		return false
	}
	for line := range strings.SplitSeq(s, "\n") {
		if line != strings.TrimRight(line, " \t\r") {
			return false
		}
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' && r != '\n' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r == 0xfffd
	})
}

func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r <= ' ' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 || r == 0xfeff
	}), " ")
}

// wrap breaks a text into lines of at most width bytes, where its words allow.
func wrap(s string, width int) (lines []string) {
	line := ""
	for _, w := range strings.Fields(s) {
		if line != "" && len(line)+1+len(w) > width {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimSpace(line + " " + w)
	}
	return append(lines, line)
}
