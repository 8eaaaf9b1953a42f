package jail

import (
	"slices"
	"strings"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// The names of the drivers, as Language.Driver has them.
const (
	DriverPython     = "python"
	DriverJavaScript = "javascript"
	DriverGo         = "go"
	DriverJava       = "java"
)

const mebibyte = 1 << 20

// Languages returns the languages that are built in, each of them new. Their
// Limits.Memory and Limits.Processes are what the runtime takes for itself, and
// come on top of the program's. C, C++ and Java are told ONLINE_JUDGE, by a macro or a
// property, as Codeforces does: without it many programs read a file.
func Languages() []*sandbox.Language {
	return []*sandbox.Language{
		{
			Name: "python", Aliases: []string{"py", "python3", "py3", "pypy", "ipython"},
			File: "main.py", Run: []string{"python3", "-s", "{source}"},
			Version: []string{"python3", "--version"},
			Driver:  DriverPython,
			Limits:  sandbox.Limits{Memory: 32 * mebibyte, Processes: 2},
		},
		{
			Name: "go", Aliases: []string{"golang"},
			File: "main.go", Compile: []string{"go", "build", "-o", "{binary}", "{source}"}, Run: []string{"{binary}"},
			Version: []string{"go", "version"},
			Env:     []string{"CGO_ENABLED=0", "GOTOOLCHAIN=local", "GOMAXPROCS=2"},
			Driver:  DriverGo,
			Limits:  sandbox.Limits{Memory: 32 * mebibyte, Processes: 16},
		},
		{
			Name: "javascript", Aliases: []string{"js", "node", "nodejs", "mjs", "cjs", "jsx", "ecmascript"},
			File: "main.js", Run: []string{"node", "--max-old-space-size={memory}", "--stack-size=60000", "{source}"},
			Version: []string{"node", "--version"},
			Env:     []string{"UV_THREADPOOL_SIZE=1", "NODE_OPTIONS="},
			Driver:  DriverJavaScript,
			Limits:  sandbox.Limits{Memory: 96 * mebibyte, Processes: 24},
		},
		{
			Name: "c", Aliases: []string{"c99", "c11", "c17", "gcc", "ansi-c"},
			File: "main.c", Compile: []string{"gcc", "-O2", "-pipe", "-std=gnu17", "-w", "-DONLINE_JUDGE", "-o", "{binary}", "{source}", "-lm", "-pthread"}, Run: []string{"{binary}"},
			Version: []string{"gcc", "--version"},
			Limits:  sandbox.Limits{Memory: 8 * mebibyte, Processes: 1},
		},
		{
			Name: "cpp", Aliases: []string{"c++", "cxx", "cc", "g++", "cpp17", "c++17", "cpp20", "c++20", "hpp", "cplusplus"},
			File: "main.cpp", Compile: []string{"g++", "-O2", "-pipe", "-std=gnu++20", "-w", "-DONLINE_JUDGE", "-o", "{binary}", "{source}", "-pthread"}, Run: []string{"{binary}"},
			Version: []string{"g++", "--version"},
			Limits:  sandbox.Limits{Memory: 8 * mebibyte, Processes: 1},
		},
		{
			Name: "java", Aliases: []string{"java17", "java21"},
			File:    "Main.java",
			Compile: []string{"javac", "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-J-Xshare:auto", "-J-Xmx512m", "-encoding", "UTF-8", "-proc:none", "-nowarn", "-g:none", "-d", "{dir}", "{source}"},
			Run:     []string{"java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx{memory}m", "-Xss64m", "-XX:-UsePerfData", "-Xlog:disable", "-Xlog:all=warning:stderr", "-Dfile.encoding=UTF-8", "-DONLINE_JUDGE=true", "-cp", "{dir}", "{class}"},
			Version: []string{"javac", "-version"},
			Driver:  DriverJava,
			Limits:  sandbox.Limits{Memory: 160 * mebibyte, Processes: 48},
		},
		{
			Name: "rust", Aliases: []string{"rs"},
			File: "main.rs", Compile: []string{"rustc", "-O", "--edition", "2021", "--cap-lints", "allow", "-C", "debuginfo=0", "-o", "{binary}", "{source}"}, Run: []string{"{binary}"},
			Version: []string{"rustc", "--version"},
			Limits:  sandbox.Limits{Memory: 8 * mebibyte, Processes: 1},
		},
		{
			Name: "bash", Aliases: []string{"sh", "shell", "zsh", "shellscript", "bash-script"},
			File: "main.sh", Run: []string{"bash", "{source}"},
			Version: []string{"bash", "--version"},
			Limits:  sandbox.Limits{Memory: 16 * mebibyte, Processes: 8},
		},
	}
}

// Find returns the language of that name or alias, in any case, and nil where
// there is none.
func Find(languages []*sandbox.Language, name string) *sandbox.Language {
	name = strings.ToLower(strings.TrimSpace(name))
	for _, l := range languages {
		if l != nil && (l.Name == name || slices.Contains(l.Aliases, name)) {
			return l
		}
	}
	return nil
}

// builtinOf returns the language of the table that l is, or nil when l builds or
// runs in another way.
func builtinOf(table []*sandbox.Language, l *sandbox.Language) *sandbox.Language {
	b := Find(table, l.Name)
	if b == nil || !slices.Equal(b.Compile, l.Compile) || !slices.Equal(b.Run, l.Run) || b.File != l.File {
		return nil
	}
	return b
}
