package answer

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/grader/internal/nearest"
)

// Finders is the option "find" of a kind: finders that are tried in order, of
// which the first hit wins. The zero value has none and finds nothing. Finders
// may be used by many goroutines at once.
type Finders struct {
	list []finder
}

// A finder is a way to find an answer, under the name that a spec gives it.
type finder struct {
	name   string
	search search
}

// A search looks for an answer in a body.
type search interface {
	find(b Body) result
}

// Parse reads finders by name; see the package comment for the names. No name
// at all, a name that is unknown and one that is given twice are errors.
func Parse(names ...string) (Finders, error) {
	if len(names) == 0 {
		return Finders{}, errors.New("want at least one finder, such as boxed; the list is empty")
	}
	var f Finders
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return Finders{}, fmt.Errorf("finder %q is given twice: remove one", name)
		}
		s, err := parseFinder(name)
		if err != nil {
			return Finders{}, err
		}
		f.list = append(f.list, finder{name, s})
	}
	return f, nil
}

// MustParse is Parse for constants; it panics where Parse returns an error.
func MustParse(names ...string) Finders {
	f, err := Parse(names...)
	if err != nil {
		panic(err)
	}
	return f
}

// forms returns the names of all finders, as help texts write them.
func forms() []string {
	return []string{"boxed", "hashes", "tag:NAME", "marker", "last_number", "last_line", "code", "json:/POINTER", "regex:PATTERN", "whole"}
}

func parseFinder(name string) (search, error) {
	switch name {
	case "boxed":
		return boxed{}, nil
	case "hashes":
		return hashes{}, nil
	case "marker":
		return marker{}, nil
	case "last_number":
		return lastNumber{}, nil
	case "last_line":
		return lastLine{}, nil
	case "code":
		return code{}, nil
	case "whole":
		return whole{}, nil
	}
	kind, arg, ok := strings.Cut(name, ":")
	if !ok {
		return nil, unknownFinder(name)
	}
	switch kind {
	case "tag":
		return parseTag(arg)
	case "json":
		if p := jsontext.Pointer(arg); !p.IsValid() {
			return nil, fmt.Errorf(`finder %q: want a JSON pointer behind the colon, such as "json:/answer", or nothing for the whole value`, name)
		}
		return jsonValue{jsontext.Pointer(arg)}, nil
	case "regex":
		if arg == "" {
			return nil, fmt.Errorf(`finder %q: want a regular expression behind the colon, such as "regex:Result: (\\d+)"`, name)
		}
		re, err := CompilePattern(arg)
		if err != nil {
			return nil, fmt.Errorf("finder %.60q: %w", name, err)
		}
		return regex{re}, nil
	}
	return nil, unknownFinder(name)
}

func parseTag(arg string) (search, error) {
	switch {
	case arg == "" || len(arg) > maxTagName || strings.ContainsFunc(arg, func(r rune) bool { return !tagRune(r) }):
		return nil, fmt.Errorf(`finder "tag:%s": want a tag's bare name behind the colon, such as "tag:answer"`, arg)
	case reasoningName(arg):
		return nil, fmt.Errorf(`finder "tag:%s" can find nothing: reasoning is removed before the search`, arg)
	}
	return tag{arg}, nil
}

// unknownFinder suggests whole names: the argument of "tags:answer" is kept.
func unknownFinder(name string) error {
	known := forms()
	kind, arg, hasArg := strings.Cut(name, ":")
	var bare []string
	for _, f := range known {
		form, _, takesArg := strings.Cut(f, ":")
		switch {
		case takesArg && hasArg:
			bare = append(bare, form+":"+arg)
		case takesArg && form == kind:
			return fmt.Errorf("finder %q needs more: want %s", name, f)
		default:
			bare = append(bare, form)
		}
	}
	hint := nearest.Hint(name, bare)
	if w := nearest.Word(kind, bare); hint == "" && hasArg && w != "" {
		hint = fmt.Sprintf("; did you mean %q?", w)
	}
	return fmt.Errorf("unknown finder %.60q%s (there are %s)", name, hint, strings.Join(known, ", "))
}

// Names returns the finders as they were named, in order.
func (f Finders) Names() []string {
	if len(f.list) == 0 {
		return nil
	}
	names := make([]string, len(f.list))
	for i, d := range f.list {
		names[i] = d.name
	}
	return names
}

// IsZero reports whether no finders were given.
func (f Finders) IsZero() bool { return len(f.list) == 0 }

// String returns the names with commas between them.
func (f Finders) String() string { return strings.Join(f.Names(), ", ") }

// OptionType says in help texts what the option takes.
func (Finders) OptionType() string { return "list of finders" }

// MarshalJSON writes a list of names, and null for no finders.
func (f Finders) MarshalJSON() ([]byte, error) { return json.Marshal(f.Names()) }

// UnmarshalJSON reads a list of names, or one name. Null means no finders; an
// empty list is an error.
func (f *Finders) UnmarshalJSON(b []byte) error {
	var names []string
	var one string
	switch jsontext.Value(b).Kind() {
	case 'n':
		*f = Finders{}
		return nil
	case '"':
		if err := json.Unmarshal(b, &one); err != nil {
			return fmt.Errorf("read a finder: %w", err)
		}
		names = []string{one}
	default:
		if json.Unmarshal(b, &names) != nil {
			return errors.New("want a list of finders, such as [boxed, hashes], or the name of one")
		}
	}
	read, err := Parse(names...)
	if err != nil {
		return err
	}
	*f = read
	return nil
}
