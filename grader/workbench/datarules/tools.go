package datarules

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// tools checks the functions that a model may call.
func (f *File) tools(m object) {
	v, ok := m["tools"]
	if !ok {
		if f.withoutTools == 0 {
			f.withoutTools = f.line
		}
		return
	}
	f.withTools++
	list, ok := asList(v)
	if !ok || len(list) == 0 {
		f.find(f.line, "R13", "tools: want a list that is not empty, or no tools at all")
		return
	}
	seen := map[string]bool{}
	for i, one := range list {
		tool, _ := asObject(one)
		if kind, _ := asText(tool["type"]); kind != "function" {
			f.find(f.line, "R13", `tool %d: type: want "function"`, i+1)
		}
		function, ok := asObject(tool["function"])
		if !ok {
			f.find(f.line, "R13", "tool %d: function: want an object, got %s", i+1, kindOf(tool["function"]))
			continue
		}
		for _, name := range []string{"name", "description"} {
			if t, ok := asText(function[name]); !ok || strings.TrimSpace(t) == "" {
				f.find(f.line, "R13", "tool %d: function.%s: want a string that is not empty", i+1, name)
			}
		}
		if name, _ := asText(function["name"]); name != "" {
			if seen[name] {
				f.find(f.line, "R13", "tool %d: two functions have the name %q", i+1, shortened(name))
			}
			seen[name] = true
		}
		f.parameters(i, function["parameters"])
	}
}

// parameters checks the JSON Schema of a function's parameters.
func (f *File) parameters(i int, v jsontext.Value) {
	p, ok := asObject(v)
	if kind, _ := asText(p["type"]); !ok || kind != "object" {
		f.find(f.line, "R13", `tool %d: function.parameters: want an object of the type "object"`, i+1)
		return
	}
	if _, ok := asObject(p["properties"]); !ok {
		f.find(f.line, "R13", "tool %d: function.parameters.properties: want an object, got %s", i+1, kindOf(p["properties"]))
	}
	required, ok := p["required"]
	if !ok {
		return
	}
	names, ok := asList(required)
	for _, n := range names {
		if _, isText := asText(n); !isText {
			ok = false
		}
	}
	if !ok {
		f.find(f.line, "R13", "tool %d: function.parameters.required: want a list of strings", i+1)
	}
}
