package main_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/testdata"
)

// A block is a fenced block of a document.
type block struct {
	line     int
	language string
	text     string
}

var fence = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")

func blocks(text string) (out []block) {
	for _, m := range fence.FindAllStringSubmatchIndex(text, -1) {
		out = append(out, block{
			line:     1 + strings.Count(text[:m[0]], "\n"),
			language: text[m[2]:m[3]],
			text:     text[m[4]:m[5]],
		})
	}
	return out
}

// documents are the texts whose commands must run.
func documents(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, pattern := range []string{"README.md", "docs/*.md", "deploy/*.md", "graders/*.md"} {
		found, err := filepath.Glob(filepath.Join(testdata.Root(), pattern))
		require.NoError(t, err)
		out = append(out, found...)
	}
	require.NotEmpty(t, out)
	return out
}

// TestDocumentsTellTheTruth runs every command of the documents in a copy of
// the repository and compares what it prints.
//
// A block of the language "console" holds commands, each behind "$ ", and what
// they print; a line "..." stands for any lines. A block of "sh" holds commands
// only. In a document the blocks run in order, in one folder. The targets make
// test and make check are not run here, because they run this test.
func TestDocumentsTellTheTruth(t *testing.T) {
	rft := filepath.Join(t.TempDir(), "rft")
	cmd := exec.Command("go", "build", "-o", rft, "./cmd/rft")
	cmd.Dir = testdata.Root()
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)

	for _, document := range documents(t) {
		t.Run(filepath.Base(document), func(t *testing.T) {
			text, err := os.ReadFile(document)
			require.NoError(t, err)
			folder := copyRepository(t)
			run := func(t *testing.T, command string) string {
				cmd := exec.Command("bash", "-euc", command)
				cmd.Dir = folder
				cmd.Env = append(os.Environ(), "PATH="+filepath.Dir(rft)+string(os.PathListSeparator)+os.Getenv("PATH"), "NO_COLOR=1", "COLUMNS=100")
				out, err := cmd.CombinedOutput()
				if err != nil {
					out = fmt.Appendf(out, "[%v]\n", err)
				}
				return string(out)
			}
			for _, b := range blocks(string(text)) {
				name := fmt.Sprintf("line %d", b.line)
				switch b.language {
				case "sh":
					t.Run(name, func(t *testing.T) {
						output := run(t, notHere(b.text))
						require.NotRegexp(t, `(?m)^\[exit status`, output)
					})
				case "console":
					t.Run(name, func(t *testing.T) {
						for _, c := range commands(b.text) {
							output := run(t, c.command)
							require.True(t, matches(c.want, output), "$ %s\nprints\n%s\nand not\n%s", c.command, output, c.want)
						}
					})
				}
			}
		})
	}
}

// notHere leaves out the two targets that run this test, after checking that
// the Makefile has them.
func notHere(commands string) string {
	return regexp.MustCompile(`(?m)^make (test|check)\b.*$`).ReplaceAllString(commands, "make -n $1 >/dev/null")
}

type command struct{ command, want string }

func commands(text string) (out []command) {
	for line := range strings.Lines(text) {
		if c, ok := strings.CutPrefix(line, "$ "); ok {
			out = append(out, command{command: strings.TrimSpace(c)})
			continue
		}
		if len(out) > 0 {
			out[len(out)-1].want += line
		}
	}
	return out
}

// matches compares line by line without trailing space; "..." stands for any lines.
func matches(want, got string) bool {
	w, g := trimmedLines(want), trimmedLines(got)
	var match func(w, g []string) bool
	match = func(w, g []string) bool {
		switch {
		case len(w) == 0:
			return len(g) == 0
		case w[0] == "...":
			for i := range len(g) + 1 {
				if match(w[1:], g[i:]) {
					return true
				}
			}
			return false
		}
		if len(g) == 0 {
			return false
		}
		start, open := strings.CutSuffix(w[0], "...")
		return (w[0] == g[0] || open && strings.HasPrefix(g[0], start)) && match(w[1:], g[1:])
	}
	return match(w, g)
}

func trimmedLines(s string) []string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t")
	}
	return lines
}

// copyRepository copies what git tracks, and what it would, to a fresh folder.
func copyRepository(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	list := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = testdata.Root()
	out, err := list.Output()
	require.NoError(t, err)
	for name := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		from, to := filepath.Join(testdata.Root(), name), filepath.Join(folder, name)
		info, err := os.Stat(from)
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		text, err := os.ReadFile(from)
		require.NoError(t, err)
		require.NoError(t, os.MkdirAll(filepath.Dir(to), 0o755))
		require.NoError(t, os.WriteFile(to, text, info.Mode().Perm()))
	}
	return folder
}

// TestNothingSpeaksOfThisMachine keeps the paths of a machine and the hosts of
// package registries out of the tree.
func TestNothingSpeaksOfThisMachine(t *testing.T) {
	above := filepath.Dir(testdata.Root()) + "/"
	list := exec.Command("git", "grep", "-nIF", "-e", above, "-e", "registry."+"npmjs", "-e", "proxy."+"golang", "--", ".")
	list.Dir = testdata.Root()
	out, _ := list.Output()
	require.Empty(t, string(bytes.TrimSpace(out)))
}
