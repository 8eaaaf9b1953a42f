package sandboxtest

import (
	"context"
	"os"
	"slices"
	"testing"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// A Suite is an executor and what to try with it.
type Suite struct {
	Executor sandbox.Executor
	// Languages are those to try, as the executor's programs name them.
	Languages []*sandbox.Language
	// Scratch is the folder that the executor makes its files in. Where it is not
	// empty it must hold the same before and after each rule.
	Scratch string
}

// Run tries an executor with programs of the languages.
func Run(t *testing.T, executor sandbox.Executor, languages ...*sandbox.Language) {
	t.Helper()
	Suite{Executor: executor, Languages: languages}.Run(t)
}

// Run tries the executor: every rule with every language.
func (s Suite) Run(t *testing.T) {
	t.Run("report", func(t *testing.T) { checkReport(t, s) })
	for _, language := range s.Languages {
		t.Run(language.Name, func(t *testing.T) { s.language(t, language) })
	}
	t.Run("many at once", func(t *testing.T) { s.leavesNothing(t, func() { checkManyAtOnce(t, s) }) })
}

func (s Suite) language(t *testing.T, language *sandbox.Language) {
	if s.Executor.Report().Toolchains[language.Name] == "" {
		t.Skipf("the executor has no toolchain for %s", language.Name)
	}
	if samples[language.Name] == nil {
		t.Skipf("the suite has no programs in %s", language.Name)
	}
	for _, rule := range rules {
		t.Run(rule.name, func(t *testing.T) {
			s.leavesNothing(t, func() { rule.check(t, probe{t, s.Executor, language}) })
		})
	}
}

// A rule is one thing that executors must do.
type rule struct {
	name  string
	check func(t T, p probe)
}

var rules = slices.Concat(scriptRules, limitRules, endingRules, callRules)

// T is the part of [testing.T] that rules use.
type T interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Skipf(format string, args ...any)
	Setenv(name, value string)
	Context() context.Context
}

var _ T = (*testing.T)(nil)

func (s Suite) leavesNothing(t T, check func()) {
	t.Helper()
	if s.Scratch == "" {
		check()
		return
	}
	before := names(t, s.Scratch)
	check()
	for _, name := range names(t, s.Scratch) {
		if !slices.Contains(before, name) {
			t.Errorf("%s is left in the scratch folder", name)
		}
	}
}

func names(t T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatalf("the scratch folder: %v", err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func checkReport(t T, s Suite) {
	report := s.Executor.Report()
	if report.Executor == "" {
		t.Errorf("the report does not name the executor")
	}
	if len(report.Protections) == 0 {
		t.Errorf("the report has no protections")
	}
	seen := map[string]bool{}
	for _, p := range report.Protections {
		switch {
		case p.Name == "":
			t.Errorf("a protection has no name: %+v", p)
		case seen[p.Name]:
			t.Errorf("the protection %s is reported twice", p.Name)
		case p.Stops == "":
			t.Errorf("the protection %s does not say what it stops", p.Name)
		case !p.Active && p.Detail == "":
			t.Errorf("the protection %s does not say why it is not active", p.Name)
		}
		seen[p.Name] = true
	}
	for language, version := range report.Toolchains {
		if version == "" {
			t.Errorf("the toolchain of %s has no version", language)
		}
	}
}
