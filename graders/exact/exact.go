package exact

import (
	_ "embed"
	"slices"
	"strconv"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/answer"
	"github.com/rftgrader/rftgrader/graders/internal/compared"
)

// Options are the options of the kind exact.
type Options struct {
	Find        answer.Finders  `json:"find" doc:"where the answer is looked for; the first finder that finds something counts"`
	Text        compared.Text   `json:"text" doc:"which text is compared: what find finds, all behind the reasoning, the whole response, or a part of the tool calls"`
	Reference   grader.Pointer  `json:"reference,omitzero" doc:"which part of the reference answer to compare with: a JSON pointer such as /answer, \"\" for the whole"`
	Expect      compared.Expect `json:"expect,omitzero" doc:"a text to compare with in the place of the reference; {{/name}} and {{metadata:/name}} stand for parts of the row"`
	Match       Match           `json:"match" enum:"equal,contains,one_of,substring,substring_of" doc:"whether the answer is the reference, contains it as words, is the right one of the labels, contains it anywhere, or stands anywhere in it"`
	Labels      []string        `json:"labels" doc:"all labels that the task knows; for match one_of, and for match contains against answers that name several"`
	Case        Case            `json:"case" enum:"keep,fold" doc:"whether upper and lower case differ"`
	Whitespace  Whitespace      `json:"whitespace" enum:"collapse,trim,remove,keep" doc:"what is done with white space"`
	Wrapping    Wrapping        `json:"wrapping" enum:"strip,keep" doc:"what is done with \\text{}, $...$, **...** and the like around the whole answer"`
	Unicode     Unicode         `json:"unicode" enum:"nfc,nfkc,none" doc:"the Unicode normal form; nfkc also drops differences of look, such as full width"`
	Punctuation Punctuation     `json:"punctuation" enum:"keep,ends,remove" doc:"what is done with punctuation"`
	Articles    Articles        `json:"articles" enum:"keep,remove" doc:"whether the English words a, an and the count"`
}

// Match says how answer and reference are compared.
type Match string

const (
	MatchEqual    Match = "equal"
	MatchContains Match = "contains"
	MatchOneOf    Match = "one_of"

	MatchSubstring   Match = "substring"
	MatchSubstringOf Match = "substring_of"
)

// Case says whether upper and lower case differ.
type Case string

const (
	CaseKeep Case = "keep"
	CaseFold Case = "fold"
)

// Whitespace says what is done with white space.
type Whitespace string

const (
	WhitespaceCollapse Whitespace = "collapse"
	WhitespaceTrim     Whitespace = "trim"
	WhitespaceRemove   Whitespace = "remove"
	WhitespaceKeep     Whitespace = "keep"
)

// Unicode is a Unicode normal form.
type Unicode string

const (
	UnicodeNFC  Unicode = "nfc"
	UnicodeNFKC Unicode = "nfkc"
	UnicodeNone Unicode = "none"
)

// Wrapping says what is done with markup that encloses the whole answer.
type Wrapping string

const (
	WrappingStrip Wrapping = "strip"
	WrappingKeep  Wrapping = "keep"
)

// Punctuation says what is done with punctuation.
type Punctuation string

const (
	PunctuationKeep   Punctuation = "keep"
	PunctuationEnds   Punctuation = "ends"
	PunctuationRemove Punctuation = "remove"
)

// Articles says whether English articles count.
type Articles string

const (
	ArticlesKeep   Articles = "keep"
	ArticlesRemove Articles = "remove"
)

//go:embed doc.go
var source string

// Kind is the kind exact.
var Kind = grader.Define("exact", grader.PackageDoc(source), Options{
	Find:        answer.MustParse("boxed", "hashes", "tag:answer", "marker", "whole"),
	Text:        compared.Found(),
	Match:       MatchEqual,
	Case:        CaseKeep,
	Whitespace:  WhitespaceCollapse,
	Wrapping:    WrappingStrip,
	Unicode:     UnicodeNFC,
	Punctuation: PunctuationKeep,
	Articles:    ArticlesKeep,
}, build)

func build(_ *grader.Env, o Options) (grader.Grader, error) {
	if o.Find.IsZero() {
		return nil, grader.Optionf("/find", "want at least one finder, such as boxed")
	}
	g := &exact{
		find:      o.Find,
		text:      o.Text,
		expect:    o.Expect,
		reference: o.Reference,
		match:     o.Match,
		form:      form{o.Wrapping, o.Unicode, o.Case, o.Punctuation, o.Articles, o.Whitespace},
	}
	switch {
	case !o.Expect.IsZero() && !o.Reference.IsZero():
		return nil, grader.Optionf("/expect", "expect and reference exclude each other: remove one of them")
	case len(o.Labels) == 0 && o.Match == MatchOneOf:
		return nil, grader.Optionf("/labels", "match one_of needs the labels: want two or more")
	case len(o.Labels) == 0:
		return g, nil
	case o.Match != MatchContains && o.Match != MatchOneOf:
		return nil, grader.Optionf("/labels", "labels mean nothing to match %s: set match to one_of or contains, or remove them", o.Match)
	case len(o.Labels) == 1:
		return nil, grader.Optionf("/labels", "want two or more labels, got one")
	}
	for i, label := range o.Labels {
		at := "/labels/" + strconv.Itoa(i)
		l := g.form.of(label)
		if blank(l) {
			return nil, grader.Optionf(at, "nothing is left of the label %q: give another, or loosen the options less", label)
		}
		if j := slices.Index(g.labels, l); j >= 0 {
			return nil, grader.Optionf(at, "the label %q is the same as %q under these options: remove one", label, o.Labels[j])
		}
		g.labels = append(g.labels, l)
	}
	g.written = slices.Clone(o.Labels)
	g.lexicon = newLexicon(g.labels)
	g.seen = g.reveal()
	return g, nil
}
