package jsonanswer

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/internal/jsonvalue"
)

// schemaURL is the base of references inside a schema without an $id.
const schemaURL = "https://schema.invalid/schema.json"

// compileSchema reads a schema, or the file that the option names. It returns
// nil where there is none.
func compileSchema(env *grader.Env, option json.RawMessage) (*jsonschema.Schema, error) {
	value := jsontext.Value(option)
	if len(value) == 0 || value.Kind() == 'n' {
		return nil, nil
	}
	text := string(option)
	if value.Kind() == '"' {
		var name string
		if err := json.Unmarshal(option, &name); err != nil {
			return nil, fmt.Errorf("read the name of the schema: %w", err)
		}
		b, err := env.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read the schema: %w", err)
		}
		text = string(b)
	}
	doc, err := jsonvalue.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("want a JSON Schema: %w", err)
	}
	switch doc.(type) {
	case map[string]any, bool:
	default:
		return nil, errors.New("want a JSON Schema: an object, true or false, or the name of a file that holds one")
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	c.UseLoader(noLoader{})
	if err := c.AddResource(schemaURL, doc); err != nil {
		return nil, fmt.Errorf("want a JSON Schema: %w", err)
	}
	schema, err := c.Compile(schemaURL)
	if err != nil {
		return nil, fmt.Errorf("want a JSON Schema: %w", oneLine(err))
	}
	if _, err := invalid(schema, map[string]any{}); err != nil {
		return nil, err
	}
	return schema, nil
}

// errCycle is a fault of the schema, of which no answer can be blamed. Where it
// lies below a member it comes to light with the first answer that has this
// member.
var errCycle = errors.New("the schema cannot be applied: a $ref leads back to itself without a step into the value")

// noLoader keeps references inside the schema.
type noLoader struct{}

func (noLoader) Load(url string) (any, error) {
	return nil, fmt.Errorf("%s lies outside of the schema, and nothing else is read: put it under $defs", url)
}

func oneLine(err error) error {
	return errors.New(strings.Join(strings.Fields(strings.ReplaceAll(err.Error(), schemaURL, "the schema")), " "))
}

// invalid says for people how a value breaks a schema; "" where it does not. Of
// several breaches it names the first in the order of their places, since the
// order in which they are found is that of a map.
func invalid(schema *jsonschema.Schema, value any) (why string, err error) {
	err = schema.Validate(value)
	if err == nil {
		return "", nil
	}
	broken, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		return "", errors.New("the schema cannot be applied to the answer")
	}
	var first *jsonschema.ValidationError
	cycle := false
	var walk func(*jsonschema.ValidationError)
	walk = func(e *jsonschema.ValidationError) {
		for _, cause := range e.Causes {
			walk(cause)
		}
		if _, ok := e.ErrorKind.(*kind.RefCycle); ok {
			cycle = true
		}
		if len(e.Causes) == 0 && (first == nil || compare(e, first) < 0) {
			first = e
		}
	}
	walk(broken)
	if cycle {
		return "", errCycle
	}
	at := jsontext.Pointer("")
	for _, token := range first.InstanceLocation {
		at = at.AppendToken(token)
	}
	place := string(at)
	if place == "" {
		place = "the value"
	}
	return place + " breaks " + rule(first.ErrorKind), nil
}

func compare(a, b *jsonschema.ValidationError) int {
	if c := slices.Compare(a.InstanceLocation, b.InstanceLocation); c != 0 {
		return c
	}
	return strings.Compare(rule(a.ErrorKind), rule(b.ErrorKind))
}

// rule names what of a schema was broken, the same at each time.
func rule(k jsonschema.ErrorKind) string {
	sorted := func(names []string) string {
		names = slices.Clone(names)
		slices.Sort(names)
		const most = 4
		more := ""
		if len(names) > most {
			names, more = names[:most], ", ..."
		}
		for i, n := range names {
			names[i] = grader.Excerpt(n)
		}
		return strings.Join(names, ", ") + more
	}
	switch k := k.(type) {
	case *kind.Type:
		return "type: it is " + k.Got + ", not " + strings.Join(k.Want, " or ")
	case *kind.Required:
		return "required: it has no " + sorted(k.Missing)
	case *kind.AdditionalProperties:
		return "additionalProperties: it has " + sorted(k.Properties)
	}
	if path := k.KeywordPath(); len(path) > 0 {
		return strings.Join(path, "/")
	}
	return "the schema"
}
