package scaffold_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/scaffold"
	"github.com/rftgrader/rftgrader/testdata"
)

var update = flag.Bool("update", false, "write the example module")

// TestTheExampleIsWhatIsMade keeps testdata/custom, which the README shows, equal to
// what rft init makes. Its go.mod and go.sum are tidied, and so longer.
func TestTheExampleIsWhatIsMade(t *testing.T) {
	files, err := scaffold.Files(scaffold.Options{Module: "example.com/citation", Kind: "citation", Replace: "../.."})
	require.NoError(t, err)
	for name, text := range files {
		if name == "go.mod" || strings.HasPrefix(name, "deploy/") { // there it is a link to the framework's
			continue
		}
		path := testdata.Path("custom", filepath.FromSlash(name))
		if *update {
			require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
			require.NoError(t, os.WriteFile(path, text, 0o644))
		}
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, string(text), string(got), name)
	}
}

func TestNames(t *testing.T) {
	files, err := scaffold.Files(scaffold.Options{Module: "example.org/team/graders2", Kind: "house_style", Version: "v1.2.3"})
	require.NoError(t, err)
	for name, text := range files {
		require.NotContains(t, strings.ToLower(string(text)), "citation", name)
		require.NotContains(t, name, "citation")
	}
	require.Contains(t, string(files["housestyle/housestyle.go"]), `grader.Define("house_style", `+"`House_style counts")
	require.Contains(t, string(files["housestyle/housestyle_test.go"]), `"example.org/team/graders2/housestyle"`)
	require.Contains(t, string(files["grader.yaml"]), "type: house_style,")
	require.Contains(t, string(files["go.mod"]), "require github.com/rftgrader/rftgrader v1.2.3\n")
	require.NotContains(t, string(files["go.mod"]), "replace")
}

// TestTheImageIsThatOfTheModule shows that nothing of the framework's own layout is left
// in the image's file.
func TestTheImageIsThatOfTheModule(t *testing.T) {
	files, err := scaffold.Files(scaffold.Options{Module: "example.com/a", Kind: "house_style", Version: "v1.2.3"})
	require.NoError(t, err)
	for _, name := range []string{"template.yaml", "executor.yaml", "batch.yaml", "deploy.sh", "package.sh", "Dockerfile", "Dockerfile.dockerignore"} {
		require.NotEmpty(t, files["deploy/"+name], name)
	}
	image := string(files["deploy/Dockerfile"])
	require.Contains(t, image, "COPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\n")
	require.Contains(t, image, "COPY grader.yaml /grader.yaml")
	require.NotContains(t, image, "graders")
	require.NotContains(t, image, "testdata")
}

func TestBadOptions(t *testing.T) {
	for name, o := range map[string]scaffold.Options{
		"no module":         {Kind: "a", Version: "v1.0.0"},
		"module with space": {Module: "a b", Kind: "a", Version: "v1.0.0"},
		"capital letters":   {Module: "example.com/a", Kind: "House", Version: "v1.0.0"},
		"keyword":           {Module: "example.com/a", Kind: "func", Version: "v1.0.0"},
		"imported package":  {Module: "example.com/a", Kind: "strings", Version: "v1.0.0"},
		"no version":        {Module: "example.com/a", Kind: "a"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := scaffold.Files(o)
			require.Error(t, err)
		})
	}
}

// TestWhatIsMadeBuildsAndPasses makes a module and runs its own commands.
func TestWhatIsMadeBuildsAndPasses(t *testing.T) {
	files, err := scaffold.Files(scaffold.Options{Module: "example.org/team", Kind: "house_style", Replace: testdata.Root()})
	require.NoError(t, err)
	folder := t.TempDir()
	for name, text := range files {
		path := filepath.Join(folder, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, text, 0o600))
	}
	run := func(name string, args ...string) string {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Dir = folder
		cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod")
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
		return string(out)
	}
	run("go", "mod", "tidy")
	run("make", "test")
	require.Contains(t, run("make", "grade"), "rollouts  4: 4 graded, 0 ungraded")
	require.Contains(t, run("go", "run", "./cmd/rft", "help", "house_style"), "House_style counts the sources")
	require.Contains(t, run("make", "package"), "graders cite, answer")
	require.FileExists(t, filepath.Join(folder, "build", "grader-arm64.zip"))
	out := run("make", "deploy", "DEPLOYARGS=--bucket my-packages --dry-run DataBucket=my-data", "FILES=README.md")
	require.Contains(t, out, "--template-file "+filepath.Join(folder, "deploy", "template.yaml"))
	require.Contains(t, out, "lambdaGrader: <GraderArn>")
	require.Regexp(t, `SpecHash=[0-9a-f]{12} `, out)
	out = run("make", "deploy", "DEPLOYARGS=--image repository --dry-run")
	require.Contains(t, out, "-f "+filepath.Join(folder, "deploy", "Dockerfile"))
}
