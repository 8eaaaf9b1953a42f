package conversestub

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// A Schema is the part of a JSON schema that the stand-in fills in, its members in
// the order in which they were written.
type Schema struct {
	Type        string
	Description string
	Enum        []json.RawMessage
	Members     []Member
	Items       *Schema
	AnyOf       []*Schema
}

// A Member is one property of an object.
type Member struct {
	Name   string
	Schema *Schema
}

// maxSchemaDepth bounds the nesting of schemas that are filled in.
const maxSchemaDepth = 50

// ParseSchema reads a JSON schema.
func ParseSchema(text []byte) (*Schema, error) { return parseSchema(text, 0) }

func parseSchema(text []byte, depth int) (*Schema, error) {
	if depth > maxSchemaDepth {
		return nil, errors.New("the schema is nested too deeply")
	}
	s := &Schema{}
	err := members(text, func(name string, value json.RawMessage) error {
		var err error
		switch name {
		case "type":
			if json.Unmarshal(value, &s.Type) != nil {
				s.Type = "" // a list of types: any of them will do
			}
		case "description":
			err = json.Unmarshal(value, &s.Description)
		case "enum":
			err = json.Unmarshal(value, &s.Enum)
		case "const":
			s.Enum = []json.RawMessage{value}
		case "items":
			s.Items, err = parseSchema(value, depth+1)
		case "anyOf", "oneOf":
			var list []json.RawMessage
			if err = json.Unmarshal(value, &list); err != nil {
				return err
			}
			for _, one := range list {
				inner, err := parseSchema(one, depth+1)
				if err != nil {
					return err
				}
				s.AnyOf = append(s.AnyOf, inner)
			}
		case "properties":
			err = members(value, func(name string, value json.RawMessage) error {
				inner, err := parseSchema(value, depth+1)
				s.Members = append(s.Members, Member{name, inner})
				return err
			})
		}
		return err
	})
	return s, err
}

// members visits the members of an object in order.
func members(object []byte, visit func(name string, value json.RawMessage) error) error {
	d := json.NewDecoder(bytes.NewReader(object))
	d.UseNumber()
	open, err := d.Token()
	if err != nil {
		return err
	}
	if open != json.Delim('{') {
		return errors.New("want an object")
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err
		}
		if err := visit(name.(string), value); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// What a request that wants text says of its verdict: the members of an object,
// each with its words, and the criteria with theirs.
var (
	spelledStart  = regexp.MustCompile(`one JSON object on its own`)
	spelledMember = regexp.MustCompile(`"([a-z_]+)", (a string|an object|a list of the numbers|one of the strings|a number)`)
	spelledRange  = regexp.MustCompile(`(-?\d+(?:\.\d+)?)(?: \([^)]*\))? to (-?\d+(?:\.\d+)?)`)
	spelledWord   = regexp.MustCompile(`"((?:[^"\\]|\\.)*)"`)
	spelledItem   = regexp.MustCompile(`(?m)^- ([A-Za-z0-9_.-]+) \(((?:[^()]|\([^()]*\))*)\): `)
)

// spelled makes a schema of the words of a request that asks for a JSON object
// in text. Material is where criteria may be listed.
func spelled(system, material string) (*Schema, bool) {
	starts := spelledStart.FindAllStringIndex(system, -1)
	if starts == nil {
		return nil, false
	}
	words := system[starts[len(starts)-1][0]:]
	found := spelledMember.FindAllStringSubmatchIndex(words, -1)
	s := &Schema{Type: "object"}
	for i, at := range found {
		end := len(words)
		if i+1 < len(found) {
			end = found[i+1][0]
		}
		name, form, rest := words[at[2]:at[3]], words[at[4]:at[5]], words[at[4]:end]
		if form == "an object" {
			s.Members = append(s.Members, Member{name, spelledItems(system + "\n" + material)})
			continue
		}
		s.Members = append(s.Members, Member{name, spelledValue(rest)})
	}
	return s, len(s.Members) > 0
}

func spelledValue(words string) *Schema {
	switch {
	case strings.HasPrefix(words, "a string"):
		return &Schema{Type: "string"}
	case strings.HasPrefix(words, "a list of the numbers"):
		items := &Schema{Type: "integer"}
		if m := spelledRange.FindStringSubmatch(words); m != nil {
			lo, _ := strconv.Atoi(m[1])
			hi, _ := strconv.Atoi(m[2])
			for i := lo; i <= hi && i-lo < 1000; i++ {
				items.Enum = append(items.Enum, json.RawMessage(strconv.Itoa(i)))
			}
		}
		return &Schema{Type: "array", Items: items}
	case strings.HasPrefix(words, "a number"):
		number := &Schema{Type: "number", Description: words}
		if s := quotedWords(words); len(s.Enum) > 0 {
			return &Schema{AnyOf: []*Schema{number, s}}
		}
		return number
	}
	return quotedWords(words)
}

// quotedWords makes an enum of the words in quotation marks.
func quotedWords(words string) *Schema {
	s := &Schema{Type: "string"}
	for _, w := range spelledWord.FindAllString(words, -1) {
		s.Enum = append(s.Enum, json.RawMessage(w))
	}
	return s
}

func spelledItems(text string) *Schema {
	s := &Schema{Type: "object"}
	for _, m := range spelledItem.FindAllStringSubmatch(text, -1) {
		s.Members = append(s.Members, Member{m[1], spelledValue(m[2])})
	}
	return s
}
