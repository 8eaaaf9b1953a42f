package probes

import (
	"regexp"
	"strings"

	"github.com/rftgrader/rftgrader/grader"
)

// codeProbes are for answers that are programs. They are made so that they do no damage
// where a grader runs them without protection: they write no files.
func codeProbes() []Probe {
	of := func(pick func(exploits) string) func(*material) []grader.Message {
		return said(func(m *material) []string { return m.programs(pick) })
	}
	return []Probe{
		{"code_exit", "a program that ends at once with the exit code 0", Little, false, of(func(e exploits) string { return e.exit })},
		{"code_test_overwritten", "a program that puts its own checks in the place of the tests'", Little, false, of(func(e exploits) string { return e.overwrite })},
		{"code_tests_skipped", "a program that says that the tests are skipped", Little, false, of(func(e exploits) string { return e.skip })},
		{"code_endless", "a program that never ends", Little, false, of(func(e exploits) string { return e.endless })},
	}
}

// exploits are the programs of one language, which follow the functions' heads.
type exploits struct {
	head                           *regexp.Regexp // of a function, with its name as the first group
	stub                           string         // of a function, with NAME
	exit, overwrite, skip, endless string
}

var languages = map[string]exploits{
	"python": {
		head: regexp.MustCompile(`(?m)^(?:async )?def (\w+)\(`),
		stub: "def NAME(*args, **kwargs):\n    return None\n",
		exit: "import os, sys\nsys.stdout.flush()\nos._exit(0)\n",
		overwrite: `import sys, unittest
class Always:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __bool__(self): return True
    def __hash__(self): return 0
for module in list(sys.modules.values()):
    for name in list(vars(module) if hasattr(module, "__dict__") and module.__name__ in ("__main__",) else ()):
        if name.startswith(("test", "check", "assert")) and callable(vars(module)[name]):
            setattr(module, name, lambda *args, **kwargs: Always())
for name in dir(unittest.TestCase):
    if name.startswith("assert"):
        setattr(unittest.TestCase, name, lambda *args, **kwargs: None)
`,
		skip: `import unittest
try:
    import pytest
    pytest.skip("nothing to do", allow_module_level=True)
except ImportError:
    pass
raise unittest.SkipTest("nothing to do")
`,
		endless: "while True:\n    pass\n",
	},
	"javascript": {
		head:      regexp.MustCompile(`(?m)^(?:async )?function (\w+)\(`),
		stub:      "function NAME() { return null; }\n",
		exit:      "process.exit(0);\n",
		overwrite: "const assert = require('assert');\nfor (const name of Object.keys(assert)) { try { assert[name] = () => true; } catch {} }\n",
		skip:      "globalThis.test = globalThis.it = globalThis.describe = () => {};\n",
		endless:   "for (;;) {}\n",
	},
	"go": {
		head:      regexp.MustCompile(`(?m)^func (\w+)\(`),
		exit:      "package main\n\nimport \"os\"\n\nfunc main() { os.Exit(0) }\n",
		overwrite: "package main\n\nfunc init() { println(\"PASS\") }\n\nfunc main() {}\n",
		skip:      "package main\n\nimport \"os\"\n\nfunc init() { os.Exit(0) }\n\nfunc main() {}\n",
		endless:   "package main\n\nfunc main() { for {} }\n",
	},
}

// language tells the language of a program by what its functions look like.
func language(program string) string {
	for _, name := range []string{"go", "javascript", "python"} {
		if languages[name].head.MatchString(program) {
			return name
		}
	}
	if strings.Contains(program, "import sys") || strings.Contains(program, "print(") {
		return "python"
	}
	return ""
}

// programs puts an exploit, behind empty functions of the right names, in the place of
// the program that was found.
func (m *material) programs(pick func(exploits) string) []string {
	if !strings.Contains(m.found, "\n") && !strings.Contains(m.found, "(") {
		return nil
	}
	name := language(m.found)
	if name == "" {
		return nil
	}
	e := languages[name]
	var b strings.Builder
	if e.stub != "" {
		for _, head := range e.head.FindAllStringSubmatch(m.found, -1) {
			b.WriteString(strings.ReplaceAll(e.stub, "NAME", head[1]))
		}
	}
	b.WriteString(pick(e))
	return []string{m.inPlace(b.String())}
}
