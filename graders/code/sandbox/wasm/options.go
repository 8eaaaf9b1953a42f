package wasm

import (
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// Options say how an executor is made. The zero Options are good.
type Options struct {
	// Languages are the names of those that must be there: New gets them ready, and
	// fails when one cannot be had. Empty: whichever this machine has tools for, each
	// made ready when its first program comes.
	Languages []string
	// Limits are for programs whose own are zero; where these are zero too,
	// [sandbox.DefaultLimits] holds.
	Limits sandbox.Limits
	// Without names layers of package confine to leave out, to see what the
	// others hold.
	Without []string
	// Scratch is the folder that the executor makes its own folder in. Empty: the
	// one for temporary files.
	Scratch string
	// Path are the folders that compilers are looked for in. Empty: those of the
	// variable PATH, then the usual ones.
	Path []string
	// CPUs is how many programs run at a time; 0: as many as there are processors.
	CPUs int
	// Helper starts the helper: a program and its first arguments, after which come
	// those that [Helper] is to be called with. Empty: this program, as package
	// grader starts the helper of the kind "code".
	Helper []string
}

// helperName is the first argument of [Helper].
const helperName = "wasm"

// Languages returns the languages that the executor can run, each new. Their
// Compile says what is done; programs of another table are built the same way,
// by the name of their language.
func Languages() []*sandbox.Language {
	return []*sandbox.Language{
		{
			Name: "c", Aliases: []string{"c99", "c11", "c17", "gcc"}, File: cFile,
			Compile: []string{"clang", "--target=wasm32-wasi", "-DONLINE_JUDGE", "-O2", "-o", "{binary}", "{source}"},
			Version: []string{"clang", "--version"},
		},
		{
			Name: "cpp", Aliases: []string{"c++", "cxx", "cc", "g++", "cpp17", "c++17", "cpp20", "c++20"}, File: cppFile,
			Compile: []string{"clang++", "--target=wasm32-wasi", "-std=gnu++20", "-DONLINE_JUDGE", "-O2", "-o", "{binary}", "{source}"},
			Version: []string{"clang++", "--version"},
		},
		{
			Name: "go", Aliases: []string{"golang"}, File: goFile,
			Compile: []string{"go", "build", "-o", "{binary}", "{source}"},
			Version: []string{"go", "version"},
			Env:     []string{"GOOS=wasip1", "GOARCH=wasm"},
			Driver:  "go",
		},
	}
}

const (
	cFile   = "main.c"
	cppFile = "main.cpp"
	goFile  = "main.go"
)
