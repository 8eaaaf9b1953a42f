package split

import (
	"path"
	"regexp"
	"strings"
)

// pythonReach are what tests say when they reach around the calls into the
// process of the solution.
func pythonReach() []struct{ pattern, why string } {
	return []struct{ pattern, why string }{
		{`\b(capsys|capfd|caplog|redirect_stdout|redirect_stderr|assertWarns\w*|pytest\.(warns|deprecated_call)|recwarn|catch_warnings|assertLogs|assertNoLogs|sys\.stdout|sys\.stdin|builtins\.input|builtins\.print|builtins\.open)\b`, "they look at what the solution reads and writes"},
		{`\b(mock\.patch|patch\.(object|dict|multiple)|mocker\.)|@patch\b|\bpatch\(`, "they replace what the solution uses"},
		{`\bmonkeypatch\.(setenv|delenv|chdir|syspath_prepend|setitem|delitem)\b|\bmonkeypatch\.(setattr|delattr)\(\s*['"]|\bos\.(environ\[|environ\.update|environ\.pop|environ\.setdefault|putenv|chdir)`, "they change the surroundings of the solution"},
		{`\b(str|fspath)\(\s*(self\.)?(tmp\w*|path|p|f|file\w*)\b|\b(NamedTemporaryFile|TemporaryDirectory|mkdtemp|mkstemp)\b`, "they make files for the solution"},
	}
}

// reaches finds tests that mean more of the solution's process than calls of
// what it defines.
func reaches(sources []string, files map[string]string) error {
	for _, r := range pythonReach() {
		pattern := regexp.MustCompile(r.pattern)
		for _, source := range sources {
			if strings.Contains(r.why, "files") && !strings.Contains(source, "tmp") && !strings.Contains(source, "tempfile") {
				continue
			}
			if pattern.MatchString(source) {
				return unsplittablef("%s, and that is a process of its own", r.why)
			}
		}
	}
	for name := range files {
		inside, ok := strings.CutPrefix(name, "tests/")
		if !ok || strings.HasSuffix(inside, ".py") || isConfiguration(inside) {
			continue
		}
		for _, source := range sources {
			if handsOver(source, path.Base(inside)) {
				return unsplittablef("they hand a file over to the solution")
			}
		}
	}
	return nil
}

// isConfiguration says whether a file is one of a framework's.
func isConfiguration(name string) bool {
	switch path.Base(name) {
	case "pytest.ini", "pyproject.toml", "setup.cfg", "tox.ini", "requirements.txt", "README.md":
		return true
	}
	return false
}

// looksIntoErrors says whether tests take a member of an exception that plain ones do
// not have: the solution's side then keeps what it raises.
func looksIntoErrors(sources []string) bool {
	member := regexp.MustCompile(`\b(?:\w+\.)?(?:value|exception)\.([A-Za-z]\w*)|\b(?:e|err|exc|ex|error)\.([A-Za-z]\w*)`)
	for _, source := range sources {
		if !strings.Contains(source, "raises") && !strings.Contains(source, "assertRaises") && !strings.Contains(source, "except") {
			continue
		}
		for _, found := range member.FindAllStringSubmatch(source, -1) {
			switch found[1] + found[2] {
			case "value", "exception", "type", "match", "with_traceback", "add_note":
			default:
				return true
			}
		}
	}
	return false
}

// handsOver says whether a line names a file and does not open it itself.
func handsOver(source, name string) bool {
	for line := range strings.Lines(source) {
		if strings.Contains(line, name) && !strings.Contains(line, "open(") && !strings.Contains(line, "Path(") && !strings.Contains(line, "read") && !strings.Contains(line, "load") && !strings.Contains(line, "join(") {
			return true
		}
	}
	return false
}
