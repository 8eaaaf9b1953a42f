package workbench

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"

	"github.com/spf13/cobra"

	"github.com/rftgrader/rftgrader/grader/workbench/scaffold"
)

func (p *program) initCommand() *cobra.Command {
	var o scaffold.Options
	var tidy bool
	c := &cobra.Command{
		Use:   "init DIR --module PATH --kind NAME",
		Short: "Make a module for a kind of grader of your own",
		Long: `Init makes a Go module in a new or an empty folder: a kind of grader with its cases and
its test, a spec and sample rollouts, the two programs (the Lambda function and this
command with your kind), and what packages and deploys them. It builds and passes its
tests as it is; what the kind does is then yours to change.

Exit codes: 0 made; 2 not made, or not wholly.`,
		Example: `  rft init house-style --module example.com/team/house-style --kind house_style
  cd house-style && make test grade`,
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case len(args) != 1:
				return &usageError{c.CommandPath(), errors.New("want one folder")}
			case o.Module == "" || o.Kind == "":
				return &usageError{c.CommandPath(), errors.New("want --module and --kind")}
			case p.kind(o.Kind) != nil:
				return &usageError{c.CommandPath(), fmt.Errorf("--kind %s: there is such a kind already: want another name", o.Kind)}
			}
			if o.Replace != "" {
				var err error
				if o.Replace, err = filepath.Abs(o.Replace); err != nil {
					return err
				}
			} else if o.Version == "" {
				if o.Version = frameworkVersion(); o.Version == "" {
					return errors.New("this binary does not know its version: give --version, or --replace with a checkout")
				}
			}
			return p.makeModule(c, args[0], o, tidy)
		},
	}
	f := c.Flags()
	f.StringVar(&o.Module, "module", "", "the module's `PATH`, such as example.com/team/grader")
	f.StringVar(&o.Kind, "kind", "", "the kind's `NAME`: lower-case letters, digits and underscores")
	f.StringVar(&o.Version, "version", "", "the framework's `VERSION` (default: that of this binary)")
	f.StringVar(&o.Replace, "replace", "", "a `FOLDER` with the framework's sources to build with instead")
	f.BoolVar(&tidy, "tidy", true, "run go mod tidy, which fetches what the module needs")
	completeNothing(c, "module", "kind", "version")
	if err := c.MarkFlagDirname("replace"); err != nil {
		panic("workbench: " + err.Error()) // the flag is not defined: a fault of this package
	}
	return c
}

// frameworkVersion is a released version, or "".
func frameworkVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, m := range append([]*debug.Module{&info.Main}, info.Deps...) {
		if m.Path == modulePath && m.Version != "(devel)" && m.Replace == nil {
			return m.Version
		}
	}
	return ""
}

// makeModule writes only into a folder that is new or empty.
func (p *program) makeModule(c *cobra.Command, folder string, o scaffold.Options, tidy bool) error {
	files, err := scaffold.Files(o)
	if err != nil {
		return err
	}
	switch entries, err := os.ReadDir(folder); {
	case errors.Is(err, os.ErrNotExist):
	case err != nil:
		return err
	case len(entries) > 0:
		return fmt.Errorf("%s is not empty: want a new folder", folder)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(path, files[name], 0o666); err != nil {
			return err
		}
		if err := p.write(p.stdout, path+"\n"); err != nil {
			return err
		}
	}
	if tidy {
		cmd := exec.CommandContext(c.Context(), "go", "mod", "tidy")
		cmd.Dir = folder
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("the files are made, but go mod tidy failed (%w); run it in %s again:\n%s", err, folder, out)
		}
	}
	return p.write(p.stderr, fmt.Sprintf("rft: made; go on with: cd %s && make test grade\n", folder))
}
