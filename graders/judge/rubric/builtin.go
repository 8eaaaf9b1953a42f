package rubric

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed builtin/*.yaml
var builtin embed.FS

// BuiltinPrefix is how specs write the name of a rubric that ships.
const BuiltinPrefix = "builtin/"

// Builtins lists the names of the rubrics that ship.
func Builtins() []string {
	entries, err := builtin.ReadDir("builtin")
	if err != nil {
		return nil // The folder is part of the program.
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = strings.TrimSuffix(e.Name(), ".yaml")
	}
	return names
}

// Builtin returns a rubric that ships.
func Builtin(name string) (*Rubric, error) {
	file, err := builtin.ReadFile("builtin/" + name + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("there is no rubric %q: want one of %s", BuiltinPrefix+name, BuiltinPrefix+strings.Join(Builtins(), ", "+BuiltinPrefix))
	}
	return Parse(file)
}
