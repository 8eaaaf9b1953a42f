package grader_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
)

// level is an option with a text form.
type level int

func (l level) MarshalText() ([]byte, error) { return []byte(strings.Repeat("+", int(l))), nil }

func (l *level) UnmarshalText(b []byte) error {
	if n := strings.Count(string(b), "+"); n == len(b) {
		*l = level(n)
		return nil
	}
	return fmt.Errorf("want plus signs, got %q", b)
}

// words is an option with a JSON form and a name for its type.
type words []string

func (words) OptionType() string { return "list of words" }

func (w *words) UnmarshalJSON(b []byte) error { return jsonv2.Unmarshal(b, (*[]string)(w)) }

// span is a struct that is written as one string.
type span struct{ from, to int }

func (s span) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%d-%d", s.from, s.to), nil }

func (s *span) UnmarshalText(b []byte) error {
	_, err := fmt.Sscanf(string(b), "%d-%d", &s.from, &s.to)
	return err
}

type custom struct {
	Level level             `json:"level" doc:"a level" `
	Words words             `json:"words" doc:"some words"`
	Span  span              `json:"span" doc:"a span"`
	Rules map[string]bounds `json:"rules" doc:"rules by name"`
	Pairs [2]bounds         `json:"pairs" doc:"two pairs"`
	Any   any               `json:"any" doc:"anything"`
	Raw   json.RawMessage   `json:"raw" doc:"any JSON"`
	Maybe *int              `json:"maybe" doc:"a number or null"`
	Modes map[string]shared `json:"modes" doc:"modes by name"`
	Bare  struct{}          `json:"bare" doc:"nothing"`
	Loose grader.Pointer    `json:"loose,omitzero" doc:"a pointer that is left out"`
}

func customKind() *grader.Kind {
	return undocumented("custom", "Doc.", custom{Level: 2, Words: words{"a"}, Span: span{1, 2}})
}

func TestOptionTypes(t *testing.T) {
	require.NoError(t, grader.Validate(customKind()))
	types := map[string]string{}
	for _, o := range customKind().Options() {
		types[o.Name] = o.Type + " " + o.Default
	}
	require.Equal(t, map[string]string{
		"level": `string "++"`,
		"words": `list of words ["a"]`,
		"span":  `string "1-2"`,
		"rules": "mapping ",
		"pairs": "list ",
		"any":   "value ",
		"raw":   "list ",
		"maybe": "whole number ",
		"modes": "mapping ",
		"bare":  "mapping ",
		"loose": "string ",
	}, types)
}

func TestOptionsWithFormsOfTheirOwn(t *testing.T) {
	resolved, err := customKind().Resolve([]byte(`{"level":"+","words":["x","y"],"span":"3-4","any":null,"raw":null,"maybe":7,"rules":{"r":{"high":1}},"loose":""}`))
	require.NoError(t, err)
	require.Equal(t, `{"level":"+","words":["x","y"],"span":"3-4","rules":{"r":{"low":0,"high":1}},"pairs":[{"low":0,"high":0},{"low":0,"high":0}],`+
		`"any":null,"raw":null,"maybe":7,"modes":{},"bare":{},"loose":""}`, string(resolved))

	for _, c := range []struct{ name, options, pointer, text string }{
		{"text of another form", `{"level":"high"}`, "/level", `level: want plus signs, got "high"`},
		{"no text", `{"level":1}`, "/level", `level: want a string, got 1`},
		{"null for text", `{"level":null}`, "/level", `level: want a string, got null`},
		{"a list for text", `{"span":[1]}`, "/span", `span: want a string, got a list`},
		{"inside JSON of another form", `{"words":["a",5]}`, "/words/1", `words.1: want a string, got 5`},
		{"JSON of another form", `{"words":"a"}`, "/words", `words: want a list, got "a"`},
		{"an unknown option of a rule", `{"rules":{"r":{"hi":1}}}`, "/rules/r/hi", `rules.r.hi: no such option; did you mean "high"? (there are low, high)`},
		{"an unknown option in an array", `{"pairs":[{"lo":1},{}]}`, "/pairs/0/lo", `did you mean "low"?`},
		{"an unknown option of a mapping without options", `{"bare":{"x":1}}`, "/bare/x", `bare.x: no such option`},
		{"outside an enum in a mapping", `{"modes":{"m/n":{"case":"fold"},"o":{"case":"x"}}}`, "/modes/o/case", `want one of keep, fold, got "x"`},
		{"a name that needs escapes", `{"a/b~c":1}`, "/a~1b~0c", `no such option`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := customKind().Resolve([]byte(c.options))
			var fault *grader.OptionError
			require.ErrorAs(t, err, &fault)
			require.Equal(t, c.pointer, fault.Pointer)
			require.ErrorContains(t, err, c.text)
		})
	}
}
