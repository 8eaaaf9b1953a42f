//go:build amd64 || arm64

package jail

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/confine"
)

// usualFolders are where tools are beside PATH.
func usualFolders() []string {
	return []string{"/usr/local/go/bin", "/usr/local/bin", "/usr/bin", "/bin", "/var/lang/bin", "/opt/bin"}
}

// A toolchain is what runs one language.
type toolchain struct {
	version string
	err     error
}

// Tools knows where programs are that the user of the candidates can execute.
type tools struct {
	searchPath string // of all programs, whichever languages they are in
	folders    []string
	found      map[string][]string // the files that names may mean

	mu         sync.Mutex
	paths      map[string]string     // by name, of those that were run
	toolchains map[string]*toolchain // by language and command
}

func newTools(languages []*sandbox.Language) *tools {
	t := &tools{paths: map[string]string{}, toolchains: map[string]*toolchain{}, found: map[string][]string{}}
	for _, dir := range append(filepath.SplitList(os.Getenv("PATH")), usualFolders()...) {
		if filepath.IsAbs(dir) && !slices.Contains(t.folders, dir) {
			t.folders = append(t.folders, filepath.Clean(dir))
		}
	}
	var dirs []string
	for _, l := range languages {
		for _, name := range toolsOf(l) {
			if t.found[name] == nil {
				t.found[name] = t.candidates(name)
			}
			if files := t.found[name]; len(files) > 0 {
				dirs = append(dirs, filepath.Dir(files[0]))
			}
		}
	}
	slices.Sort(dirs)
	dirs = slices.Compact(dirs)
	for _, dir := range []string{"/usr/local/bin", "/usr/bin", "/bin"} {
		if !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	t.searchPath = strings.Join(dirs, ":")
	return t
}

// toolsOf returns the programs that a language needs, that which tells its
// version first.
func toolsOf(l *sandbox.Language) []string {
	if l == nil {
		return nil
	}
	var names []string
	for _, command := range [][]string{l.Version, l.Compile, l.Run} {
		if len(command) > 0 && !strings.HasPrefix(command[0], "{") && !slices.Contains(names, command[0]) {
			names = append(names, command[0])
		}
	}
	return names
}

// beyond returns the folders that the policy must open for tools outside of the
// system's.
func (t *tools) beyond() []string {
	var dirs []string
	for _, files := range t.found {
		for _, path := range files {
			dirs = append(dirs, beyond(path)...)
		}
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

// candidates are the files that a name may mean, programs before scripts: a
// shim that looks for the real program elsewhere is slow where it works at all.
func (t *tools) candidates(name string) []string {
	if filepath.IsAbs(name) {
		return []string{name}
	}
	if files, ok := t.found[name]; ok {
		return files
	}
	var programs, scripts []string
	for _, dir := range t.folders {
		path := filepath.Join(dir, name)
		f, err := os.Open(path)
		if err != nil {
			continue
		}
		var head [2]byte
		_, err = f.Read(head[:])
		st, serr := f.Stat()
		f.Close()
		switch {
		case err != nil || serr != nil || st.IsDir() || st.Mode()&0o111 == 0:
		case string(head[:]) == "#!":
			scripts = append(scripts, path)
		default:
			programs = append(programs, path)
		}
	}
	return append(programs, scripts...)
}

// beyond returns the folders that the policy must open for a tool outside of
// the system's: the one that holds it and its libraries. Folders that hold
// other things too are not opened.
func beyond(path string) []string {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil
	}
	for _, dir := range confine.System().Execute {
		if strings.HasPrefix(real, dir+"/") {
			return nil
		}
	}
	bin := filepath.Dir(real)
	prefix := filepath.Dir(bin)
	home, _ := os.UserHomeDir()
	shut := []string{"/", "/root", "/home", "/tmp", "/var", "/var/task", "/opt", "/etc", filepath.Dir(home), home}
	if filepath.Base(bin) == "bin" && !slices.Contains(shut, prefix) {
		return []string{prefix}
	}
	if !slices.Contains(shut, bin) {
		return []string{bin}
	}
	return nil
}

// versionWall bounds how long a tool may take to tell its version.
const versionWall = 20 * time.Second

// toolchain finds what a language needs, and what it calls itself. It is
// looked for once.
func (j *Jail) toolchain(ctx context.Context, l *sandbox.Language) (*toolchain, error) {
	key := toolchainKey(l)
	j.tools.mu.Lock()
	found := j.tools.toolchains[key]
	j.tools.mu.Unlock()
	if found == nil {
		found = j.findToolchain(ctx, l)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		j.tools.mu.Lock()
		j.tools.toolchains[key] = found
		j.tools.mu.Unlock()
	}
	return found, found.err
}

func toolchainKey(l *sandbox.Language) string {
	var b strings.Builder
	b.WriteString(l.Name)
	for _, command := range [][]string{l.Version, l.Compile, l.Run} {
		for _, word := range command {
			b.WriteByte(0)
			b.WriteString(word)
		}
	}
	return b.String()
}

// version is what the toolchain of a language calls itself, or where it is looked for
// when it has not been asked yet; empty where there is none.
func (j *Jail) version(l *sandbox.Language) string {
	j.tools.mu.Lock()
	found := j.tools.toolchains[toolchainKey(l)]
	j.tools.mu.Unlock()
	if found != nil {
		return found.version
	}
	names := toolsOf(l)
	for _, name := range names {
		if len(j.tools.candidates(name)) == 0 {
			return ""
		}
	}
	if len(names) == 0 {
		return ""
	}
	return j.tools.candidates(names[0])[0]
}

func (j *Jail) findToolchain(ctx context.Context, l *sandbox.Language) *toolchain {
	t := &toolchain{}
	for i, name := range toolsOf(l) {
		arguments := []string{"--version"}
		if len(l.Version) > 0 && (l.Version[0] == name || name == "java") {
			arguments = l.Version[1:]
		}
		version, err := j.findTool(ctx, name, arguments)
		if err != nil {
			return &toolchain{err: grader.Permanentf("language %s: %w", l.Name, err)}
		}
		if i == 0 {
			t.version = version
		}
	}
	return t
}

// findTool looks for a tool that runs in the confinement.
func (j *Jail) findTool(ctx context.Context, name string, arguments []string) (version string, err error) {
	candidates := j.tools.candidates(name)
	if len(candidates) == 0 {
		return "", errors.New(name + " is not there: install it, or put its folder into PATH")
	}
	for _, path := range candidates {
		version, err = j.askVersion(ctx, path, arguments)
		if err == nil {
			j.tools.mu.Lock()
			j.tools.paths[name] = path
			j.tools.mu.Unlock()
			return version, nil
		}
	}
	return "", errors.New(name + " is there, but the user that runs the candidates cannot run it: install it for all users (such as in /usr/bin)")
}

// askVersion runs a tool confined and returns the first line that it prints.
func (j *Jail) askVersion(ctx context.Context, path string, arguments []string) (string, error) {
	folder, err := j.scratch.folder()
	if err != nil {
		return "", err
	}
	defer folder.remove()
	limits := sandbox.Limits{Time: versionWall / 2, Memory: compileMemory, Output: mebibyte, Disk: compileDisk, Processes: 256}
	out, err := j.execute(ctx, &execution{
		path: path, args: append([]string{path}, arguments...), dir: folder.run, reach: reach{write: []string{folder.run}},
		env: j.environment(nil, folder.run), limits: limits, wall: versionWall,
	})
	switch {
	case err != nil:
		return "", err
	case out.Failure != "":
		return "", errors.New("it failed")
	}
	text := append(out.Stdout, out.Stderr...)
	line, _, _ := bytes.Cut(bytes.TrimSpace(text), []byte("\n"))
	return strings.ToValidUTF8(string(line[:min(len(line), 100)]), ""), nil
}

// tool returns where a tool is that was found before.
func (j *Jail) tool(name string) (string, bool) {
	j.tools.mu.Lock()
	defer j.tools.mu.Unlock()
	path, ok := j.tools.paths[name]
	return path, ok
}
