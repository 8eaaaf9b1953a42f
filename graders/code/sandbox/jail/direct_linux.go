//go:build amd64 || arm64

package jail

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// A directCompiler compiles C as gcc does, and leaves out gcc, which is a program that
// reads its specifications, starts compiler, assembler and linker, and waits. The
// commands are those that gcc says it would run. Where they cannot be read, or linking
// fails, gcc itself decides.
type directCompiler struct {
	mu       sync.Mutex
	done     bool
	shell    string
	commands [][]string // compiler, assembler and linker; nil where there are none
}

// The places in the commands.
const (
	placeSource   = "\x00source"
	placeBinary   = "\x00binary"
	placeAssembly = "\x00assembly"
	placeObject   = "\x00object"
)

// notCompiled is the status that says that the compiler itself has refused the program.
const notCompiled = 70

// directProgram tries the commands: it prints ok.
const directProgram = "#include <stdio.h>\n#include <math.h>\nstatic int n;\n__attribute__((constructor)) static void first(void) { n = 2; }\nint main(int k, char **a) { return sqrt(k + 3.0) == n ? puts(\"ok\") < 0 : 1; }\n"

// directly returns the commands, read and tried once; nil where there are none.
func (j *Jail) directly(ctx context.Context) [][]string {
	d := &j.direct
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.done {
		return d.commands
	}
	shells := j.tools.candidates("sh")
	if len(shells) == 0 {
		d.done = true
		return nil
	}
	d.shell = shells[0]
	b := &built{limits: sandbox.DefaultLimits()}
	var err error
	if b.folder, err = j.scratch.folder(); err != nil {
		return nil
	}
	defer b.folder.remove()
	c := Find(Languages(), "c")
	b.language, b.own = c, c
	b.source, b.binary = filepath.Join(b.folder.src, c.File), filepath.Join(b.folder.src, "program")
	if j.scratch.write(b.source, []byte(directProgram)) != nil {
		return nil
	}
	ask := slices.Insert(slices.DeleteFunc(b.expand(c.Compile), func(word string) bool { return word == "-pipe" }), 1, "-###")
	var build sandbox.Build
	err = j.compile(ctx, b.folder, ask, c.Env, b.limits, &build)
	if err == nil && build.Failure == "" {
		commands := readCommands(string(build.Log), b)
		for _, linker := range []string{"ld.gold", "ld"} {
			if files := j.tools.candidates(linker); commands != nil && d.commands == nil && len(files) > 0 {
				commands[2][0] = files[0]
				if j.tryCommands(ctx, b, commands) {
					d.commands = commands
				}
			}
		}
	}
	d.done = ctx.Err() == nil
	return d.commands
}

// tryCommands says whether a program that is made by them runs.
func (j *Jail) tryCommands(ctx context.Context, b *built, commands [][]string) bool {
	var build sandbox.Build
	if decided, err := j.runCommands(ctx, b, commands, directProgram, "", &build); err != nil || !decided || build.Failure != "" {
		return false
	}
	e, err := j.script(b)
	if err != nil {
		return false
	}
	out, err := j.execute(ctx, e)
	return err == nil && out.Failure == "" && string(out.Stdout) == "ok\n" && removeTree(b.binary) == nil
}

// readCommands reads what gcc prints with -###: lines that begin with a space, each a
// command whose words may stand in quotes.
func readCommands(said string, b *built) [][]string {
	var commands [][]string
	for line := range strings.Lines(said) {
		if strings.HasPrefix(line, " ") {
			commands = append(commands, shellWords(line))
		}
	}
	names := []string{"cc1", "as", "collect2"}
	if len(commands) != len(names) {
		return nil
	}
	for i, command := range commands {
		if len(command) == 0 || filepath.Base(command[0]) != names[i] {
			return nil
		}
		var kept []string
		for k, word := range command {
			switch {
			case word == "-plugin", k > 0 && command[k-1] == "-plugin", strings.HasPrefix(word, "-plugin-opt="):
				continue // of what is compiled at the link, which nothing is here
			case word == b.source:
				word = placeSource
			case word == b.binary:
				word = placeBinary
			case k > 0 && command[k-1] == "-dumpdir":
				word = "main-"
			case filepath.Dir(word) == b.folder.run && filepath.Ext(word) == ".s":
				word = placeAssembly
			case filepath.Dir(word) == b.folder.run && filepath.Ext(word) == ".o":
				word = placeObject
			case strings.Contains(word, b.folder.path):
				return nil
			}
			kept = append(kept, word)
		}
		commands[i] = kept
	}
	for i, places := range [][]string{{placeSource, placeAssembly}, {placeAssembly, placeObject}, {placeObject, placeBinary}} {
		for _, place := range places {
			if !slices.Contains(commands[i], place) {
				return nil
			}
		}
	}
	return commands
}

// shellWords splits a line as gcc writes it: quotes around a word, and backslashes
// before quotes, backslashes and dollars in it.
func shellWords(line string) []string {
	var words []string
	var word strings.Builder
	in, quoted := false, false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\' && i+1 < len(line):
			i++
			word.WriteByte(line[i])
			in = true
		case c == '"':
			in, quoted = true, !quoted
		case !quoted && (c == ' ' || c == '\n'):
			if in {
				words = append(words, word.String())
				word.Reset()
			}
			in = false
		default:
			in = true
			word.WriteByte(c)
		}
	}
	if in {
		words = append(words, word.String())
	}
	return words
}

// compileDirectly compiles a C program without gcc, and with the part of a server where
// it is not empty. Where it has not decided, gcc is to compile the program.
func (j *Jail) compileDirectly(ctx context.Context, b *built, text, part string, build *sandbox.Build) (decided bool, err error) {
	if b.own == nil || b.own.Name != "c" {
		return false, nil
	}
	commands := j.directly(ctx)
	if commands == nil {
		return false, ctx.Err()
	}
	return j.runCommands(ctx, b, commands, text, part, build)
}

// runCommands runs compiler, assembler and linker, one after the other.
func (j *Jail) runCommands(ctx context.Context, b *built, commands [][]string, text, part string, build *sandbox.Build) (decided bool, err error) {
	assembly, object := filepath.Join(b.folder.src, "main.s"), filepath.Join(b.folder.src, "main.o")
	mathematics := strings.Contains(text, "math.h") || strings.Contains(text, "complex.h")
	var script strings.Builder
	for i, command := range commands {
		for k, word := range command {
			switch word {
			case placeSource:
				word = b.source
			case placeBinary:
				word = b.binary
			case placeAssembly:
				word = assembly
			case placeObject:
				word = object
				if i == 2 && part != "" {
					word = part
					writeWord(&script, object)
					writeWord(&script, "-z")
					writeWord(&script, "now")
				}
			case "-lm":
				if !mathematics {
					continue
				}
			}
			if i == 2 && k == 0 {
				script.WriteString("exec ")
			}
			writeWord(&script, word)
		}
		switch i {
		case 0:
			script.WriteString("|| exit 70\n")
		case 1:
			script.WriteString("|| exit 1\n")
		}
	}
	exit, err := j.compileStatus(ctx, b.folder, []string{j.direct.shell, "-c", script.String()}, b.language.Env, b.limits, build)
	_, _ = os.Remove(assembly), os.Remove(object)
	if err != nil {
		return false, err
	}
	if build.Failure != sandbox.CompileError || exit == notCompiled {
		return true, nil
	}
	build.Failure, build.Log = "", nil
	return false, removeTree(b.binary)
}

// writeWord writes a word of a command for the shell.
func writeWord(script *strings.Builder, word string) {
	script.WriteByte('\'')
	script.WriteString(strings.ReplaceAll(word, "'", `'\''`))
	script.WriteString("' ")
}
