package spec

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

const (
	// Both bounds keep the YAML scanner linear: it goes over what it has read
	// once more for each of these.
	maxBlankLines = 100 // in a row
	maxTabs       = 1000

	// maxWeight bounds what aliases may unfold to.
	maxWeight = 4 * maxSpecBytes
)

// readYAML reads the one document of the source. It returns nil when the
// syntax is at fault; faults inside the tree leave broken nodes.
func readYAML(r *report) *node {
	if at, err := scannable(r.src); err != nil {
		r.fail(at, "", "%w", err)
		return nil
	}
	body, at, err := parseYAML(r.src.text)
	if err != nil {
		r.fail(at, "", "%w", explainSyntax(r.src, at, err))
		return nil
	}
	if body == nil {
		r.fail(place{1, 1}, "", "the spec is empty: want version, graders and, with several graders, score")
		return nil
	}
	t := treeMaker{report: r, anchors: map[string]*node{}}
	return t.node(body, "", 0)
}

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
			at, err = tokenPlace(s.GetToken()), fmt.Errorf("%s", s.GetMessage())
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
	for _, tk := range tokens {
		if tk.Position.Line != line {
			row, line = 0, tk.Position.Line
		}
		switch tk.Type {
		case token.InvalidType:
			return tk, fmt.Errorf("%s", tk.Error)
		case token.TagType:
			return tk, fmt.Errorf("a spec has no tags such as %s: quote a text, and write a number or a Boolean plainly", clip(tk.Value))
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
		case token.SequenceEntryType, token.AnchorType:
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

func tokenPlace(tk *token.Token) place {
	if tk == nil || tk.Position == nil {
		return place{1, 1}
	}
	return place{max(tk.Position.Line, 1), max(tk.Position.Column, 1)}
}

// explainSyntax says in the words of a spec's author what the library found.
func explainSyntax(s *source, at place, err error) error {
	line := s.line(at.line)
	if indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]; strings.Contains(indent, "\t") {
		return fmt.Errorf("a tab cannot indent: use spaces")
	}
	msg := err.Error()
	for _, known := range []struct{ found, problem string }{
		{"mapping value is not allowed in this context", `want one "name: value" in a line: quote a value that has ": " in it, and indent what belongs to it`},
		{"could not find flow mapping end token", "this { is never closed"},
		{"sequence end token ']' not found", "a [ is never closed"},
		{"end character of single-quoted", "this quote is never closed"},
		{"end character of double-quoted", "this quote is never closed"},
		{"is a reserved character", "a plain text cannot begin with this character: quote it"},
		{"non-map value is specified", "want name: value"},
		{"could not find '['", "this ] closes nothing"},
		{"could not find '{'", "this } closes nothing"},
		{"unexpected scalar value type", "want a value here"},
		{"value is not allowed in this context", "this does not belong to what stands above: check the indentation"},
	} {
		if strings.Contains(msg, known.found) {
			return fmt.Errorf("%s", known.problem)
		}
	}
	return fmt.Errorf("not YAML: %s", msg)
}

// A treeMaker turns the library's tree into nodes.
type treeMaker struct {
	*report
	anchors map[string]*node
}

func (t *treeMaker) node(n ast.Node, path string, depth int) *node {
	if n == nil {
		return &node{kind: kindNull, at: place{1, 1}, weight: 4}
	}
	at := tokenPlace(n.GetToken())
	fail := func(format string, args ...any) *node {
		t.fail(at, path, format, args...)
		return &node{kind: kindBroken, at: at, weight: 1}
	}
	if depth > maxDepth {
		return fail("lists and mappings are nested more than %d deep", maxDepth)
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		return t.mapping(n.Values, n.IsFlowStyle, at, path, depth)
	case *ast.MappingValueNode:
		return t.mapping([]*ast.MappingValueNode{n}, false, at, path, depth)
	case *ast.SequenceNode:
		out := &node{kind: kindList, at: at, weight: 2}
		for i, e := range n.Values {
			item := t.node(e, atIndex(path, i), depth+1)
			out.items = append(out.items, item)
			out.weight += item.weight + 1
		}
		return t.bounded(out, path)
	case *ast.AnchorNode:
		v := t.node(n.Value, path, depth+1)
		if n.Name != nil {
			t.anchors[n.Name.GetToken().Value] = v
		}
		return v
	case *ast.AliasNode:
		if n.Value != nil {
			if v, ok := t.anchors[n.Value.GetToken().Value]; ok {
				return v
			}
		}
		return fail("no anchor of this name stands before the alias: write the value out, or quote a text that begins with *")
	case *ast.LiteralNode:
		at = tokenPlace(n.Start)
		return t.text(n.Value.Value, block, at, path)
	}
	return t.scalar(n.GetToken(), at, path)
}

func (t *treeMaker) scalar(tk *token.Token, at place, path string) *node {
	switch tk.Type {
	case token.SingleQuoteType:
		return t.text(tk.Value, singleQuoted, at, path)
	case token.DoubleQuoteType:
		return t.text(tk.Value, doubleQuoted, at, path)
	}
	k, json, problem := classify(tk.Value)
	if tk.Type == token.ImplicitNullType {
		k, problem = kindNull, ""
	}
	switch {
	case problem != "":
		t.fail(at, path, "%s", problem)
	case k == kindText:
		return t.text(tk.Value, plain, at, path)
	case k == kindNull:
		json = "null"
	}
	return &node{kind: k, at: at, text: json, weight: len(json) + 1}
}

func (t *treeMaker) text(s string, style style, at place, path string) *node {
	if !utf8.ValidString(s) {
		t.fail(at, path, "the text names half a character: check its escapes")
		return &node{kind: kindBroken, at: at, weight: 1}
	}
	return &node{kind: kindText, style: style, at: at, text: s, weight: len(s) + 2}
}

func (t *treeMaker) mapping(values []*ast.MappingValueNode, flow bool, at place, path string, depth int) *node {
	out := &node{kind: kindMapping, at: at, weight: 2}
	names := nameSet{}
	for i, v := range values {
		keyAt := tokenPlace(v.Key.GetToken())
		if i == 0 && !flow {
			out.at = keyAt
		}
		name, ok := t.key(v.Key, keyAt, path)
		if !ok {
			out.members = append(out.members, member{at: keyAt, value: &node{kind: kindBroken, at: keyAt, weight: 1}})
			continue
		}
		value := t.node(v.Value, under(path, name), depth+1)
		if !names.add(t.report, name, keyAt, path) {
			continue
		}
		out.members = append(out.members, member{name: name, at: keyAt, value: value})
		out.weight += len(name) + value.weight + 4
	}
	return t.bounded(out, path)
}

func (t *treeMaker) key(key ast.MapKeyNode, at place, path string) (string, bool) {
	switch n := key.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode, *ast.InfinityNode, *ast.NanNode:
		tk := n.GetToken()
		if tk.Type == token.SingleQuoteType || tk.Type == token.DoubleQuoteType {
			return tk.Value, t.text(tk.Value, plain, at, path).kind == kindText
		}
		switch k, _, problem := classify(tk.Value); {
		case problem != "":
			t.fail(at, path, "%s", problem)
		case k != kindText:
			t.fail(at, path, "want a name, got %s: quote it if the text is meant", k.want())
		default:
			return tk.Value, true
		}
		return "", false
	}
	t.fail(at, path, "want a plain or quoted name before the colon")
	return "", false
}

// bounded refuses a value whose aliases unfold to more than any spec needs.
func (t *treeMaker) bounded(n *node, path string) *node {
	if n.weight <= maxWeight {
		return n
	}
	t.fail(n.at, path, "written out, the aliases make more than %d bytes: use fewer", maxWeight)
	return &node{kind: kindBroken, at: n.at, weight: 1}
}

// A nameSet finds names that occur twice in a mapping.
type nameSet map[string]place

func (s nameSet) add(r *report, name string, at place, path string) bool {
	if first, ok := s[name]; ok {
		r.fail(at, under(path, name), "occurs twice; it stands in line %d already", first.line)
		return false
	}
	s[name] = at
	return true
}
