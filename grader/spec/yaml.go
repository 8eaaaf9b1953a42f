package spec

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
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
		if found, ok := err.(syntaxError); ok {
			err = found.explain(r.src, at)
		}
		r.fail(at, "", "%w", err)
		return nil
	}
	if body == nil {
		r.fail(place{1, 1}, "", "the spec is empty: want version, graders and, with several graders, score")
		return nil
	}
	t := treeMaker{report: r}
	return t.node(body, place{1, 1}, "", 0)
}

// A treeMaker turns the library's tree into nodes.
type treeMaker struct {
	*report
	flow int // how many [ and { are open
}

// node reads a value. The place near it stands for that of a value which has
// none: its name, or the dash before it.
func (t *treeMaker) node(n ast.Node, near place, path string, depth int) *node {
	if n == nil {
		return &node{kind: kindNull, at: near}
	}
	at := tokenPlace(n.GetToken())
	if depth > maxDepth {
		return t.broken(at, path, "lists and mappings are nested more than %d deep", maxDepth)
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		if t.flow > 0 && !n.IsFlowStyle {
			switch {
			case len(n.Values) > 1:
				return t.broken(tokenPlace(n.Values[0].Key.GetToken()), path, "put names and values into { }, and quote a text with a colon in it")
			case len(n.Values) == 1 && glued(n.Values[0]):
				return t.unglue(n.Values[0], path)
			}
		}
		if n.IsFlowStyle {
			t.flow++
			defer func() { t.flow-- }()
		}
		return t.mapping(n.Values, n.IsFlowStyle, at, path, depth)
	case *ast.MappingValueNode:
		return t.mapping([]*ast.MappingValueNode{n}, false, at, path, depth)
	case *ast.SequenceNode:
		out := &node{kind: kindList, at: at}
		if n.IsFlowStyle {
			t.flow++
			defer func() { t.flow-- }()
		}
		for i, e := range n.Values {
			out.items = append(out.items, t.element(n, i, e, atIndex(path, i), depth))
		}
		return out
	case *ast.LiteralNode:
		at = tokenPlace(n.Start)
		return t.text(n.Value.Value, block, at, path)
	}
	return t.scalar(n.GetToken(), at, near, path)
}

// element reads an element of a list.
func (t *treeMaker) element(list *ast.SequenceNode, i int, e ast.Node, path string, depth int) *node {
	near := tokenPlace(list.Start)
	if !list.IsFlowStyle && i < len(list.Entries) {
		near = tokenPlace(list.Entries[i].Start)
	}
	value := t.node(e, near, path, depth+1)
	if !list.IsFlowStyle && value.at.line > near.line && value.at.col <= near.col {
		return t.broken(value.at, path, "this does not belong to what stands above: indent it more than the - in line %d", near.line)
	}
	return value
}

// glued reports whether the library took a plain text with a colon in it, such
// as tag:answer, for a name and a value. It does so inside of { }.
func glued(m *ast.MappingValueNode) bool {
	if m.Value == nil {
		return false
	}
	key, colon, value := m.Key.GetToken(), m.Start, m.Value.GetToken()
	return colon != nil && value != nil && key.Type != token.SingleQuoteType && key.Type != token.DoubleQuoteType &&
		value.Type != token.ImplicitNullType &&
		value.Position.Line == colon.Position.Line && value.Position.Column == colon.Position.Column+1
}

// unglue returns the text that the library took apart.
func (t *treeMaker) unglue(m *ast.MappingValueNode, path string) *node {
	key, value := m.Key.GetToken(), m.Value.GetToken()
	at := tokenPlace(key)
	adjacent := key.Position.Line == value.Position.Line &&
		key.Position.Column+utf8.RuneCountInString(key.Value)+1 == value.Position.Column
	if _, ok := m.Value.(ast.ScalarNode); !ok || value.Indicator == token.QuotedScalarIndicator || !adjacent {
		return t.broken(at, path, "this text must be quoted")
	}
	return t.text(key.Value+":"+value.Value, plain, at, path)
}

func (t *treeMaker) scalar(tk *token.Token, at, near place, path string) *node {
	switch tk.Type {
	case token.SingleQuoteType:
		return t.text(tk.Value, singleQuoted, at, path)
	case token.DoubleQuoteType:
		return t.text(tk.Value, doubleQuoted, at, path)
	case token.ImplicitNullType:
		return &node{kind: kindNull, at: near}
	}
	k, json, problem := classify(tk.Value)
	switch {
	case problem != "":
		return t.broken(at, path, "%s", problem)
	case k == kindText && dashed(tk.Origin):
		// The library loses the place, the folding and the comments here.
		return t.broken(near, path, "a text over several lines, one of which begins with -, must be quoted")
	case k == kindText:
		return t.text(tk.Value, plain, at, path)
	}
	return &node{kind: k, at: at, text: json, raw: tk.Value}
}

// broken reports a fault, and returns a node that stands for it.
func (t *treeMaker) broken(at place, path, format string, args ...any) *node {
	t.fail(at, path, format, args...)
	return &node{kind: kindBroken, at: at}
}

func (t *treeMaker) text(s string, style style, at place, path string) *node {
	problem := ""
	switch {
	case !utf8.ValidString(s):
		problem = "the text names half a character: check its escapes"
	case style == plain:
		problem = unfitPlain(s, t.flow > 0)
	}
	if problem != "" {
		return t.broken(at, path, "%s", problem)
	}
	return &node{kind: kindText, style: style, at: at, text: s}
}

// dashed reports whether a line of a scalar after its first begins with a dash.
func dashed(origin string) bool {
	_, rest, more := strings.Cut(strings.TrimSpace(origin), "\n")
	for more {
		if strings.HasPrefix(strings.TrimLeft(rest, " \t"), "-") {
			return true
		}
		_, rest, more = strings.Cut(rest, "\n")
	}
	return false
}

// unfitPlain refuses texts that YAML does not allow without quotes, but the
// library reads somehow.
func unfitPlain(s string, flow bool) string {
	for _, never := range []string{" #", ": "} {
		if strings.Contains(s, never) {
			return "a text with " + strconv.Quote(never) + " in it must be quoted"
		}
	}
	if i := strings.IndexAny(s, "[]{},"); flow && i >= 0 {
		return "inside of [ ] or { }, a text with " + s[i:i+1] + " in it must be quoted"
	}
	if strings.ContainsRune(",[]{}#&*!|>'\"%@`", rune(s[0])) {
		return "a text that begins with " + s[:1] + " must be quoted"
	}
	if strings.HasSuffix(s, ":") || strings.HasPrefix(s, ": ") || strings.HasPrefix(s, "- ") || strings.HasPrefix(s, "? ") {
		return "this text must be quoted"
	}
	return ""
}

func (t *treeMaker) mapping(values []*ast.MappingValueNode, flow bool, at place, path string, depth int) *node {
	out := &node{kind: kindMapping, at: at}
	names := nameSet{}
	for i, v := range values {
		keyAt := tokenPlace(v.Key.GetToken())
		if i == 0 && !flow {
			out.at = keyAt
		}
		name, ok := t.key(v.Key, keyAt, path)
		if !ok {
			out.members = append(out.members, member{at: keyAt, value: &node{kind: kindBroken, at: keyAt}})
			continue
		}
		value := t.member(v, flow, clip(name), keyAt, under(path, name), depth)
		if names.add(t.report, name, keyAt, path) {
			out.members = append(out.members, member{name: name, at: keyAt, value: value})
		}
	}
	return out
}

// member reads the value of a member, which must be where YAML wants it.
func (t *treeMaker) member(v *ast.MappingValueNode, flow bool, quoted string, keyAt place, path string, depth int) *node {
	if flow {
		if v.Start == v.Key.GetToken() {
			return t.broken(keyAt, path, `want "name: value"; inside of [ ] or { }, a text with , in it must be quoted`)
		}
		if glued(v) {
			return t.broken(tokenPlace(v.Value.GetToken()), path, "want a space behind the colon, or quotes around the whole if it is one text")
		}
		if m, ok := v.Value.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 && !glued(m.Values[0]) {
			return t.broken(tokenPlace(m.Values[0].Key.GetToken()), path, "want one value, got a second name: put it into { }")
		}
		return t.node(v.Value, keyAt, path, depth+1)
	}
	line := t.src.line(keyAt.line)
	if indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]; strings.Contains(indent, "\t") {
		return t.broken(place{keyAt.line, 1 + strings.Index(indent, "\t")}, path, tabIndents)
	}
	value := t.node(v.Value, keyAt, path, depth+1)
	if misplaced(value, keyAt) {
		return t.broken(value.at, path, "this does not belong to what stands above: indent it more than %s in line %d", quoted, keyAt.line)
	}
	return value
}

// misplaced reports whether a value on a line of its own is not indented more
// than its name. A list may stand below the name.
func misplaced(value *node, key place) bool {
	if value.at.line == key.line || value.kind == kindList && value.at.col == key.col {
		return false
	}
	return value.at.col <= key.col
}

func (t *treeMaker) key(key ast.MapKeyNode, at place, path string) (string, bool) {
	switch n := key.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode, *ast.InfinityNode, *ast.NanNode:
		tk := n.GetToken()
		if tk.Type == token.SingleQuoteType || tk.Type == token.DoubleQuoteType {
			return tk.Value, t.text(tk.Value, doubleQuoted, at, path).kind == kindText
		}
		// yes and on are names: only as values could they mean true.
		if k, _, _ := classify(tk.Value); k != kindText && !isName(tk.Value) || k == kindBoolean || k == kindNull {
			t.fail(at, path, "want a name, got %s: quote it", tk.Value)
			return "", false
		}
		return tk.Value, t.text(tk.Value, plain, at, path).kind == kindText
	}
	t.fail(at, path, "want a plain or quoted name before the colon")
	return "", false
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
