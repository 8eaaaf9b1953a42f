// Package scaffold makes the files of a team's own module: a kind of grader with
// its cases and tests, a spec, sample rollouts, the two mains, and what deploys them.
package scaffold

import (
	"embed"
	"fmt"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/rftgrader/rftgrader/deploy"
)

// The files are those of a module example.com/citation with a kind citation.
//
//go:embed files
var files embed.FS

// Options say what the module is called.
type Options struct {
	Module string // its path, such as example.com/team/grader
	Kind   string // lower-case letters, digits and underscores; the package is called so too, without underscores
	// Version is that of the framework, such as v1.2.3; "" is v0.0.0, which needs Replace.
	Version string
	// Replace is the folder of a checkout of the framework to build with, or "".
	Replace string
}

// Check returns what is wrong with the options.
func (o Options) Check() error {
	switch {
	case !regexp.MustCompile(`^[a-z0-9][a-z0-9._~-]*(/[A-Za-z0-9][A-Za-z0-9._~-]*)*$`).MatchString(o.Module):
		return fmt.Errorf("module %q: want a path such as example.com/team/grader", o.Module)
	case !regexp.MustCompile(`^[a-z][a-z0-9_]*$`).MatchString(o.Kind):
		return fmt.Errorf("kind %q: want lower-case letters, digits and underscores, beginning with a letter", o.Kind)
	case token.IsKeyword(o.pkg()), taken[o.pkg()]:
		return fmt.Errorf("kind %q: that is the name of something else in Go: want another one", o.Kind)
	case o.Version == "" && o.Replace == "":
		return fmt.Errorf("which version of the framework? want Version or Replace")
	}
	return nil
}

// taken are the packages that the files import beside the kind's own, and main.
var taken = map[string]bool{"main": true, "context": true, "fmt": true, "strings": true, "testing": true,
	"grader": true, "graders": true, "answer": true, "gradertest": true, "lambdagrader": true, "workbench": true,
	"cmd": true, "deploy": true, "build": true, "testdata": true}

func (o Options) pkg() string { return strings.ReplaceAll(o.Kind, "_", "") }

// Files returns the files by their paths, with slashes.
func Files(o Options) (map[string][]byte, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	title := strings.ToUpper(o.Kind[:1]) + o.Kind[1:]
	names := strings.NewReplacer(
		"example.com/citation", o.Module,
		`"citation"`, `"`+o.Kind+`"`,
		"type: citation", "type: "+o.Kind,
		"rft help citation", "rft help "+o.Kind,
		"# citation:", "# "+o.Kind+":",
		"`Citation counts", "`"+title+" counts",
		"citation", o.pkg(),
	)
	version := o.Version
	if version == "" {
		version = "v0.0.0"
	}
	out := map[string][]byte{}
	err := fs.WalkDir(files, "files", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		target := strings.TrimSuffix(strings.TrimPrefix(name, "files/"), ".tmpl")
		s := names.Replace(string(text))
		switch target {
		case "go.mod":
			s = strings.Replace(s, " v0.0.0", " "+version, 1)
			if o.Replace == "" {
				s, _, _ = strings.Cut(s, "\nreplace ")
			} else {
				s = strings.Replace(s, "=> ../..", "=> "+o.Replace, 1)
			}
		case "gitignore":
			target = ".gitignore"
		}
		if rest, ok := strings.CutPrefix(target, "kind/"); ok {
			target = path.Join(o.pkg(), strings.Replace(strings.Replace(rest, "kind_test.go", o.pkg()+"_test.go", 1), "kind.go", o.pkg()+".go", 1))
		}
		out[target] = []byte(s)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the embedded files: %w", err)
	}
	return out, deployment(out)
}

// deployment adds what packages and deploys a module: the framework's own files, with an
// image of all that the module holds.
func deployment(out map[string][]byte) error {
	image := strings.NewReplacer(
		"COPY testdata/specs/programs.yaml /grader.yaml", "COPY grader.yaml /grader.yaml",
		"COPY cmd ./cmd\nCOPY grader ./grader\nCOPY graders ./graders\n", "COPY . .\n",
		"-t rftgrader .", "-t grader .",
	)
	err := fs.WalkDir(deploy.Files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := deploy.Files.ReadFile(name)
		if name == "Dockerfile" {
			text = []byte(image.Replace(string(text)))
		}
		out[path.Join("deploy", name)] = text
		return err
	})
	if err != nil {
		return fmt.Errorf("read the embedded files: %w", err)
	}
	out["deploy/Dockerfile.dockerignore"] = []byte("/build\n/.git\n")
	return nil
}
