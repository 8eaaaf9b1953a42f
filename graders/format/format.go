package format

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/answer"
)

// Options are the options of the kind format: one constraint, or several.
type Options struct {
	Constraint
	Constraints []Constraint `json:"constraints" doc:"several constraints, each with its own part and credit, in the place of the options above"`
}

// A Constraint is met where all of its checks hold.
type Constraint struct {
	Name          string   `json:"name" doc:"the name of the constraint in metrics and reasons; by default those of its checks"`
	In            string   `json:"in" doc:"which part of the response the checks look at: response (default), answer, reasoning, or a finder such as tag:answer"`
	Credit        *float64 `json:"credit" doc:"what the constraint is worth beside the others, above 0; 1 by default"`
	Pattern       string   `json:"pattern" doc:"regular expression (RE2) that must match somewhere in the part"`
	ForbidPattern string   `json:"forbid_pattern" doc:"regular expression (RE2) that must match nowhere in the part"`
	Tags          []string `json:"tags" doc:"tags that must each stand in the part exactly once, closed, in this order, and say something"`
	Alone         bool     `json:"alone" doc:"whether nothing may stand outside of the tags"`
	PromptOpens   bool     `json:"prompt_opens" doc:"whether the prompt may have opened the first tag already"`
	Reasoning     string   `json:"reasoning" doc:"closed: reasoning that is closed and says something, and an answer behind it; absent: no reasoning"`
	StartsWith    string   `json:"starts_with" doc:"text that the part must begin with"`
	EndsWith      string   `json:"ends_with" doc:"text that the part must end with"`
	Script        []string `json:"script" doc:"names of the scripts, such as Latin, that the letters of the part must be of"`
	Share         *float64 `json:"share" doc:"least share of the letters that must be of these scripts, above 0 and at most 1; 1 by default"`
	Forbid        []string `json:"forbid" doc:"texts that must stand nowhere in the part, in any case and white space"`
	Words         int      `json:"words" doc:"least number of words in each of the tags, or in the reasoning; 1 by default"`
}

// answerFound is the metric that every result has.
const answerFound = "answer_found"

// Values of the options in and reasoning.
const (
	InResponse  = "response"
	InAnswer    = "answer"
	InReasoning = "reasoning"

	ReasoningClosed = "closed"
	ReasoningAbsent = "absent"
)

//go:embed doc.go
var source string

// Kind is the kind format.
var Kind = grader.Define("format", grader.PackageDoc(source), Options{}, build)

func build(_ *grader.Env, o Options) (grader.Grader, error) {
	g := &format{}
	if len(o.Constraints) == 0 {
		c, err := compile(o.Constraint, "")
		if err != nil {
			return nil, err
		}
		g.constraints = []*constraint{c}
	} else if len(o.checks()) > 0 || o.Name != "" || o.In != "" || o.Credit != nil {
		return nil, grader.Optionf("/constraints", "want either one constraint among the options or several in this list, got both: move all of them into the list")
	}
	for i, listed := range o.Constraints {
		c, err := compile(listed, fmt.Sprintf("/constraints/%d", i))
		if err != nil {
			return nil, err
		}
		for _, other := range g.constraints {
			if other.name == c.name {
				return nil, grader.Optionf(fmt.Sprintf("/constraints/%d/name", i), "want a name that no other constraint has, got %q again", c.name)
			}
		}
		g.constraints = append(g.constraints, c)
	}
	for _, c := range g.constraints {
		g.credit += c.credit
	}
	return g, nil
}

// checks returns the names of the checks that a constraint asks for.
func (c Constraint) checks() []string {
	var names []string
	for _, check := range []struct {
		name string
		set  bool
	}{
		{"pattern", c.Pattern != ""},
		{"forbid_pattern", c.ForbidPattern != ""},
		{"tags", len(c.Tags) > 0},
		{"reasoning", c.Reasoning != ""},
		{"starts_with", c.StartsWith != ""},
		{"ends_with", c.EndsWith != ""},
		{"script", len(c.Script) > 0},
		{"forbid", len(c.Forbid) > 0},
	} {
		if check.set {
			names = append(names, check.name)
		}
	}
	return names
}

// A constraint is a Constraint that is ready to be checked.
type constraint struct {
	name     string
	credit   float64
	part     part
	words    int
	pattern  *regexp.Regexp
	elements *regexp.Regexp // empty elements that the pattern names
	never    *regexp.Regexp
	tags     []tag
	alone    bool
	opened   bool
	closed   bool
	absent   bool
	starts   string
	ends     string
	scripts  []*unicode.RangeTable
	share    float64
	forbid   []string
}

// compile checks a constraint at a JSON pointer into the options.
func compile(o Constraint, at string) (*constraint, error) {
	fail := func(option, format string, args ...any) error {
		return grader.Optionf(at+"/"+option, format, args...)
	}
	checks := o.checks()
	if len(checks) == 0 {
		return nil, fail("pattern", "want something to check: set pattern, forbid_pattern, tags, reasoning, starts_with, ends_with, script or forbid")
	}
	c := &constraint{
		name: strings.Join(checks, "_"), credit: 1, words: max(1, o.Words), share: 1,
		alone: o.Alone, opened: o.PromptOpens, starts: o.StartsWith, ends: o.EndsWith,
	}
	if o.Name != "" {
		c.name = o.Name
	}
	var err error
	if c.part, err = compilePart(o.In); err != nil {
		return nil, fail("in", "want response, answer, reasoning or a finder: %w", err)
	}
	if o.Credit != nil {
		const most = 1e9
		if c.credit = *o.Credit; !(c.credit > 0 && c.credit <= most) {
			return nil, fail("credit", "want more than 0 and at most %v, got %v", most, c.credit)
		}
	}
	if o.Pattern != "" {
		if c.pattern, err = answer.CompilePattern(o.Pattern); err != nil {
			return nil, fail("pattern", "%w", err)
		}
		c.elements = emptyElements(o.Pattern)
	}
	if o.ForbidPattern != "" {
		if c.never, err = answer.CompilePattern(o.ForbidPattern); err != nil {
			return nil, fail("forbid_pattern", "%w", err)
		}
	}
	for i, name := range o.Tags {
		again := func(other string) bool { return strings.EqualFold(other, name) }
		if !tagName.MatchString(name) || slices.ContainsFunc(o.Tags[:i], again) {
			return nil, fail(fmt.Sprintf("tags/%d", i), "want the bare name of a tag, such as answer, each of them once, got %q", name)
		}
		c.tags = append(c.tags, newTag(name))
	}
	switch {
	case o.StartsWith != strings.TrimLeftFunc(o.StartsWith, unicode.IsSpace):
		return nil, fail("starts_with", "no part begins with white space, since that is no part of it: want the text without it")
	case o.EndsWith != strings.TrimRightFunc(o.EndsWith, unicode.IsSpace):
		return nil, fail("ends_with", "no part ends with white space, since that is no part of it: want the text without it")
	case o.Name == answerFound:
		return nil, fail("name", "%s is the name of another metric: want another name", answerFound)
	case len(o.Tags) == 0 && o.Alone:
		return nil, fail("alone", "means nothing without tags: set tags")
	case len(o.Tags) == 0 && o.PromptOpens:
		return nil, fail("prompt_opens", "means nothing without tags: set tags")
	case len(o.Script) == 0 && o.Share != nil:
		return nil, fail("share", "means nothing without script: set script")
	case o.Words < 0:
		return nil, fail("words", "want 0 or more, got %d", o.Words)
	case o.Words > 0 && len(o.Tags) == 0 && o.Reasoning != ReasoningClosed:
		return nil, fail("words", "means nothing without tags, or reasoning: closed")
	case o.Reasoning != "" && o.Reasoning != ReasoningClosed && o.Reasoning != ReasoningAbsent:
		return nil, fail("reasoning", "want closed or absent, got %q", o.Reasoning)
	case o.Reasoning != "" && o.In != "" && o.In != InResponse:
		return nil, fail("in", "reasoning is checked in the whole response: want response")
	}
	c.closed, c.absent = o.Reasoning == ReasoningClosed, o.Reasoning == ReasoningAbsent
	for i, name := range o.Script {
		table := unicode.Scripts[name]
		if table == nil {
			return nil, fail(fmt.Sprintf("script/%d", i), "want the name of a script in Unicode, such as Latin, Cyrillic or Han, got %q", name)
		}
		c.scripts = append(c.scripts, table)
	}
	if o.Share != nil {
		if c.share = *o.Share; !(c.share > 0 && c.share <= 1) {
			return nil, fail("share", "want more than 0 and at most 1, got %v", c.share)
		}
	}
	for i, text := range o.Forbid {
		folded := fold(text)
		if folded == "" {
			return nil, fail(fmt.Sprintf("forbid/%d", i), "want a text; it is empty")
		}
		c.forbid = append(c.forbid, folded)
	}
	return c, nil
}
