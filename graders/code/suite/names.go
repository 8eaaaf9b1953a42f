package suite

import (
	"slices"
	"strings"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"
)

// entryFault refuses what cannot be the name of a function: names with dots
// between them. No name at all is none of its business.
func (n node) entryFault(entry string) error {
	if entry == "" {
		return nil
	}
	for part := range strings.SplitSeq(entry, ".") {
		for i, r := range part {
			if !unicode.IsLetter(r) && r != '_' && r != '$' && (i == 0 || !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r)) {
				part = ""
				break
			}
		}
		if part == "" {
			return n.fault("the function under test has no name that a function can have: want it such as add, Solution.add or Solution().add, without arguments")
		}
	}
	return nil
}

// plainCall returns a name such as Solution.add where rows write it as Solution().add.
func plainCall(entry string) string {
	return strings.Replace(strings.TrimSpace(entry), "().", ".", 1)
}

// knownMarkers are the names by which package wire writes what JSON has no word
// for.
var knownMarkers = []string{"$f", "$t", "$s", "$fs", "$d", "$b", "$c", "$n", "$u", "$o", "$x"}

// markers refuses values with a name that begins with "$" and that package wire
// does not know: most likely it is misspelt, and no program could be right.
func (n node) markers() error {
	if n.missing() || !strings.Contains(string(n.raw), `"$`) {
		return nil
	}
	d := jsontext.NewDecoder(strings.NewReader(string(n.raw)), jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	for {
		token, err := d.ReadToken()
		if err != nil {
			return nil // its end, or what reading the value tells better
		}
		kind, length := d.StackIndex(d.StackDepth())
		if token.Kind() != '"' || kind != '{' || length%2 == 0 {
			continue
		}
		if name := token.String(); strings.HasPrefix(name, "$") && !slices.Contains(knownMarkers, name) {
			return n.fault(`a value has a member whose name begins with "$" and is none of %s: write a map with such a key as {"$d": [[key, value]]}`, strings.Join(knownMarkers, " "))
		}
	}
}
