package spec

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

const (
	// These two keep the YAML scanner linear: it goes over what it has read
	// once more for each of these.
	maxBlankLines = 100 // in a row
	maxTabs       = 1000

	// maxTokens bounds what the parser, which takes quadratic time for members
	// without a value, gets to see.
	maxTokens = 30_000

	// maxName bounds names in bytes, since the parser keeps the whole path of
	// every value.
	maxName = 200
)

// scannable refuses texts on which the scanner would take quadratic time.
func scannable(s *source) (place, error) {
	blank, tabs := 0, 0
	for n := 1; n <= len(s.starts); n++ {
		line := s.line(n)
		if strings.Trim(line, " \t") == "" {
			blank++
		} else {
			blank = 0
		}
		tabs += strings.Count(line, "\t")
		if blank > maxBlankLines {
			return place{n, 1}, fmt.Errorf("more than %d blank lines in a row: remove them", maxBlankLines)
		}
		if tabs > maxTabs {
			return place{n, 1}, fmt.Errorf("more than %d tabs: use spaces", maxTabs)
		}
	}
	return place{}, nil
}

// parseYAML returns the body of the one document, nil when it is empty.
func parseYAML(text string) (body ast.Node, at place, err error) {
	defer func() {
		if p := recover(); p != nil {
			body, at, err = nil, place{1, 1}, fmt.Errorf("the YAML reader cannot read this text: write it in simpler YAML, or as JSON")
		}
	}()
	if !strings.HasSuffix(text, "\n") {
		// The scanner treats the last line of a text differently otherwise.
		text += "\n"
	}
	tokens := lexer.Tokenize(text)
	if tk, err := checkTokens(tokens); err != nil {
		return nil, tokenPlace(tk), err
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		at := place{1, 1}
		if s, ok := err.(interface {
			GetToken() *token.Token
			GetMessage() string
		}); ok {
			at, err = tokenPlace(s.GetToken()), syntaxError(s.GetMessage())
		}
		return nil, at, err
	}
	for _, d := range file.Docs {
		switch {
		case d.Body == nil:
		case body != nil:
			return nil, tokenPlace(d.GetToken()), fmt.Errorf("a second document begins here: a spec is one document")
		default:
			body = d.Body
		}
	}
	return body, place{}, nil
}

// checkTokens refuses what a spec may not use, and nesting so deep that the
// parser, which is recursive, would run out of stack.
func checkTokens(tokens token.Tokens) (*token.Token, error) {
	flow, row, line := 0, 0, 0 // row counts what opens a level on the same line
	seen := false
	if len(tokens) > maxTokens {
		return tokens[maxTokens], errManyTokens()
	}
	for i, tk := range tokens {
		if tk.Type == token.MappingValueType && i > 0 && len(tokens[i-1].Value) > maxName {
			return tokens[i-1], errLongName()
		}
		if tk.Position.Line != line {
			row, line = 0, tk.Position.Line
		}
		switch tk.Type {
		case token.InvalidType:
			return tk, syntaxError(tk.Error)
		case token.TagType:
			return tk, fmt.Errorf("a spec has no tags such as %s: quote a text, and write a number or a Boolean plainly", clip(tk.Value))
		case token.AnchorType, token.AliasType:
			return tk, fmt.Errorf("a spec has no anchors and aliases: write the value out, or quote a text that begins with %s", tk.Value)
		case token.MergeKeyType:
			return tk, fmt.Errorf("a spec has no merge keys: write the members out")
		case token.MappingKeyType:
			return tk, fmt.Errorf("a spec has no complex keys: write name: value")
		case token.DirectiveType:
			return tk, fmt.Errorf("a spec has no directives: remove the line, or quote the text")
		case token.DocumentHeaderType:
			if seen {
				return tk, fmt.Errorf("a second document begins here: a spec is one document")
			}
		case token.MappingStartType, token.SequenceStartType:
			flow++
		case token.MappingEndType, token.SequenceEndType:
			flow--
		case token.LiteralType, token.FoldedType:
			if flow > 0 {
				return tk, fmt.Errorf("a text behind %s cannot stand inside of [ ] or { }: quote it", tk.Value)
			}
		case token.SequenceEntryType:
			if flow > 0 {
				return tk, fmt.Errorf("a list with - cannot stand inside of [ ] or { }: write it in [ ]")
			}
			row++
		}
		if tk.Type != token.CommentType {
			seen = true
		}
		if flow > maxDepth || row > maxDepth {
			return tk, fmt.Errorf("lists and mappings are nested more than %d deep", maxDepth)
		}
	}
	return nil, nil
}

func errManyTokens() error {
	return fmt.Errorf("more than %d names, values and marks: shorten the spec", maxTokens)
}

func errLongName() error { return fmt.Errorf("a name of more than %d bytes: shorten it", maxName) }

func tokenPlace(tk *token.Token) place {
	if tk == nil || tk.Position == nil {
		return place{1, 1}
	}
	return place{max(tk.Position.Line, 1), max(tk.Position.Column, 1)}
}

// A syntaxError is a message of the library.
type syntaxError string

func (e syntaxError) Error() string { return string(e) }

const tabIndents = "a tab cannot indent: use spaces"

// explain says in the words of a spec's author what the library found.
func (e syntaxError) explain(s *source, at place) error {
	line := s.line(at.line)
	if indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]; strings.Contains(indent, "\t") {
		return errors.New(tabIndents)
	}
	for _, known := range []struct{ found, problem string }{
		{"mapping value is not allowed in this context", `want one "name: value" in a line: quote a value that has ": " in it, and indent what belongs to it`},
		{"could not find flow mapping end token", "this { is never closed"},
		{"sequence end token ']' not found", "a [ is never closed"},
		{"end character of single-quoted", "this quote is never closed"},
		{"end character of double-quoted", "this quote is never closed"},
		{"found unknown escape character", `no such escape: write \\ for a backslash, or put the text in single quotes`},
		{"is a reserved character", "a plain text cannot begin with this character: quote it"},
		{"non-map value is specified", "want name: value"},
		{"',' or '}' must be specified", "want , or }: quote a text with brackets, braces or commas in it"},
		{"',' or ']' must be specified", "want , or ]: quote a text with brackets, braces or commas in it"},
		{"could not find '['", "this ] closes nothing"},
		{"could not find '{'", "this } closes nothing"},
		{"unexpected scalar value type", "want a value here"},
		{"value is not allowed in this context", "this does not belong to what stands above: check the indentation"},
	} {
		if strings.Contains(string(e), known.found) {
			return fmt.Errorf("%s", known.problem)
		}
	}
	return fmt.Errorf("not YAML: %s", string(e))
}
