package sandbox

// A Language says how programs of one language are built and run. In Compile and
// Run, {source} is the source file, {binary} the file to build, {dir} the folder
// of the program, {memory} the memory limit in MiB.
type Language struct {
	Name    string   `json:"name"`
	Aliases []string `json:"aliases"` // as models write them after a fence, in lower case
	// File is the name of the source file.
	File string `json:"file"`
	// Compile is empty for a language that is not compiled.
	Compile []string `json:"compile"`
	Run     []string `json:"run"`
	// Version prints the version of the toolchain on its first line.
	Version []string `json:"version"`
	// Env is added to the environment of compiler and program ("NAME=value").
	Env []string `json:"env"`
	// Driver names the driver that answers calls of functions; empty where only
	// scripts can be run.
	Driver string `json:"driver"`
	// Limits are the least that the language's runtime needs to start.
	Limits Limits `json:"-"`
}
