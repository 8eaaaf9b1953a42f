package split

import (
	"embed"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

//go:embed testers
var testers embed.FS

// testerFiles returns the files of a tester by name.
func testerFiles(language string) map[string]string {
	files := map[string]string{}
	folder := path.Join("testers", language)
	entries, err := testers.ReadDir(folder)
	if err != nil {
		panic(err) // the files are part of this program
	}
	for _, e := range entries {
		text, err := testers.ReadFile(path.Join(folder, e.Name()))
		if err != nil {
			panic(err)
		}
		files[e.Name()] = string(text)
	}
	return files
}

// local says whether a path stays in its folder.
func local(name string) bool {
	return filepath.IsLocal(filepath.FromSlash(name)) && !strings.Contains(name, "\\")
}

func planPython(tests *Tests, program sandbox.Program) (*plan, error) {
	p := pythonPlan(tests, program)
	p.candidate, p.trusted = program, true
	p.candidate.Entry = "*"
	if tests.Kind == Unit {
		delete(p.tester.Files, "tests/"+path.Clean(tests.SolutionFile))
		delete(p.config["texts"].(map[string]string), path.Clean(tests.SolutionFile))
	}
	sources := p.config["sources"].([]string)
	if err := reaches(sources, p.tester.Files); err != nil {
		return nil, err
	}
	p.config["errors"] = looksIntoErrors(sources)
	return p, nil
}

// pythonSources returns the text of the tests.
func pythonSources(tests *Tests) []string {
	switch tests.Kind {
	case Check:
		return []string{tests.Test}
	case Asserts:
		return append(slices.Clone(tests.Asserts), tests.Setup)
	}
	sources := []string{}
	for name, text := range tests.Files {
		if strings.HasSuffix(name, ".py") && path.Clean(name) != path.Clean(tests.SolutionFile) {
			sources = append(sources, text)
		}
	}
	return sources
}

// planPythonTogether puts the solution beside the tests.
func planPythonTogether(tests *Tests, program sandbox.Program) (*plan, error) {
	p := pythonPlan(tests, program)
	p.config["together"], p.shared = true, untilBegun
	if tests.Kind == Unit {
		p.config["texts"].(map[string]string)[path.Clean(tests.SolutionFile)] = program.Source
		p.tester.Files["tests/"+path.Clean(tests.SolutionFile)] = ""
	} else {
		p.config["source"] = program.Source
	}
	return p, nil
}

func pythonPlan(tests *Tests, program sandbox.Program) *plan {
	files := testerFiles("python")
	p := &plan{config: map[string]any{
		"kind": tests.Kind, "entry": tests.Entry, "prompt": tests.Prompt, "test": tests.Test,
		"setup": tests.Setup, "asserts": tests.Asserts, "framework": tests.Framework, "solution": path.Clean(tests.SolutionFile),
		"sources": pythonSources(tests),
	}}
	if tests.Kind == Unit {
		names := make([]string, 0, len(tests.Files))
		// Only the names lie on disk: the text goes to the process that holds it.
		texts := map[string]string{}
		for name, text := range tests.Files {
			name = path.Clean(name)
			files["tests/"+name], texts[name] = "", text
			names = append(names, name)
		}
		slices.Sort(names)
		p.config["files"], p.config["texts"] = names, texts
	}
	p.tester = sandbox.Conversant{
		Program: sandbox.Program{Language: program.Language, Limits: testerLimits(program.Limits)},
		Command: []string{"python3", "-I", "rft_tester.py"},
		Files:   files,
	}
	return p
}
