package split

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// runMain runs a C or C++ program of tests and solution together: it is right
// when it ends normally, which the solution can bring about by itself.
func runMain(ctx context.Context, opener sandbox.Opener, tests *Tests, candidate sandbox.Program) (Report, error) {
	candidate.Source, candidate.Entry = cSource(tests, candidate.Source), ""
	ledger := newLedger(tests.Names)
	var report Report
	var out sandbox.Output
	ran := false
	build, err := opener.Run(ctx, candidate, []sandbox.Input{{}}, func(_ int, o sandbox.Output) bool {
		out, ran = o, true
		return true
	})
	if err != nil {
		return report, err
	}
	report.Build, report.Usage, report.Stderr = build, out.Usage, out.Stderr
	switch {
	case build.Failure != "":
		report.Tests = ledger.all(build.Failure, "the solution does not build with the tests")
	case !ran:
		report.Tests = ledger.all(sandbox.RuntimeError, "it did not run")
	case out.Failure != "":
		report.Tests = ledger.all(out.Failure, "the program of the tests did not end normally")
	default:
		report.Tests = ledger.all("", "")
		for i := range report.Tests {
			report.Tests[i].Passed = true
		}
	}
	return report, nil
}

// cSource makes one text of the test files and the solution: where they
// include each other by name, and the solution first where they do not.
func cSource(tests *Tests, solution string) string {
	files := map[string]string{path.Clean(tests.SolutionFile): solution}
	var mains []string
	for name, text := range tests.Files {
		name = path.Clean(name)
		if name == path.Clean(tests.SolutionFile) {
			continue
		}
		files[name] = text
		if ext := path.Ext(name); ext != ".h" && ext != ".hpp" && ext != ".hh" {
			mains = append(mains, name)
		}
	}
	slices.Sort(mains)
	done := map[string]bool{}
	var out strings.Builder
	var put func(name string)
	put = func(name string) {
		done[name] = true
		for line := range strings.Lines(files[name]) {
			if included := path.Join(path.Dir(name), quotedInclude(line)); quotedInclude(line) != "" && files[included] != "" {
				if !done[included] {
					put(included)
				}
				continue
			}
			out.WriteString(line)
		}
		out.WriteString("\n")
	}
	included := slices.ContainsFunc(mains, func(name string) bool { return strings.Contains(files[name], path.Base(tests.SolutionFile)) })
	if !included {
		put(path.Clean(tests.SolutionFile))
	}
	for _, name := range mains {
		if !done[name] {
			put(name)
		}
	}
	return out.String()
}

// quotedInclude returns the file of a line #include "file", or "".
func quotedInclude(line string) string {
	rest, ok := strings.CutPrefix(strings.TrimSpace(line), "#")
	if !ok {
		return ""
	}
	rest, ok = strings.CutPrefix(strings.TrimSpace(rest), "include")
	if !ok {
		return ""
	}
	rest, ok = strings.CutPrefix(strings.TrimSpace(rest), `"`)
	name, _, closed := strings.Cut(rest, `"`)
	if !ok || !closed {
		return ""
	}
	return name
}
