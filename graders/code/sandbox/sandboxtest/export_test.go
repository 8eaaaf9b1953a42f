package sandboxtest

import (
	"strings"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// RuleNames returns the names of all rules.
func RuleNames() []string {
	var names []string
	for _, r := range rules {
		names = append(names, r.name)
	}
	return names
}

// Check tries one rule.
func Check(t T, name string, executor sandbox.Executor, language *sandbox.Language) {
	for _, r := range rules {
		if r.name == name {
			r.check(t, probe{t, executor, language})
			return
		}
	}
	t.Fatalf("there is no rule %q", name)
}

// SampleName returns the name of the sample with the source.
func SampleName(language, source string) string {
	for name, text := range samples[language] {
		before, after, _ := strings.Cut(text, "MARKER")
		if strings.HasPrefix(source, before) && strings.HasSuffix(source, after) {
			return name
		}
	}
	return ""
}

// SampleNames returns the names of a language's samples.
func SampleNames(language string) []string {
	var names []string
	for name := range samples[language] {
		names = append(names, name)
	}
	return names
}

// CheckReport tries the rules on reports.
func CheckReport(t T, executor sandbox.Executor) { checkReport(t, Suite{Executor: executor}) }

// LeavesNothing tries the rule on the scratch folder.
func LeavesNothing(t T, folder string, check func()) { Suite{Scratch: folder}.leavesNothing(t, check) }

// CheckManyAtOnce tries the rule on programs that run together.
func CheckManyAtOnce(t T, executor sandbox.Executor, language *sandbox.Language) {
	checkManyAtOnce(t, Suite{Executor: executor, Languages: []*sandbox.Language{language}})
}
