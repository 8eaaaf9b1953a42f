package workbench

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// modulePath is the module that this package is part of.
const modulePath = "github.com/rftgrader/rftgrader"

func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print what this binary was built from",
		Args:  atMost(0),
		RunE: func(*cobra.Command, []string) error {
			info, ok := debug.ReadBuildInfo()
			if !ok {
				info = &debug.BuildInfo{GoVersion: runtime.Version()}
			}
			return writeVersion(p.stdout, info)
		},
	}
}

// writeVersion names the framework's version, the program around it where that
// is another module, the commit, and Go's version.
func writeVersion(w io.Writer, info *debug.BuildInfo) error {
	framework := debug.Module{Path: modulePath}
	for _, m := range append([]*debug.Module{&info.Main}, info.Deps...) {
		if m.Path == modulePath {
			framework = *m
			if m.Replace != nil {
				framework.Version = m.Version + " (replaced)"
			}
		}
	}
	text := fmt.Sprintf("rft %s\n", versionText(framework.Version))
	if info.Main.Path != "" && info.Main.Path != modulePath {
		text += fmt.Sprintf("in %s %s\n", info.Main.Path, versionText(info.Main.Version))
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	if commit := settings["vcs.revision"]; commit != "" {
		text += "commit " + commit
		if settings["vcs.modified"] == "true" {
			text += ", with changes"
		}
		text += "\n"
	}
	text += fmt.Sprintf("%s %s/%s\n", info.GoVersion, runtime.GOOS, runtime.GOARCH)
	_, err := io.WriteString(w, text)
	return err
}

func versionText(v string) string {
	if v == "" {
		return "(no version)"
	}
	return v
}
