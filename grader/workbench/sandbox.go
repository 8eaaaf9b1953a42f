package workbench

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
)

func (p *program) sandboxCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "sandbox",
		Short: "Say what holds programs that are graded on this machine",
		Args:  atMost(0),
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(p.doctorCommand())
	return c
}

func (p *program) doctorCommand() *cobra.Command {
	var asJSON bool
	var require []string
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Try each protection of the sandbox and each language's tools",
		Long: `Doctor tries, in processes of its own, what this machine's kernel gives to hold the
programs that the kind code runs, and says which attacks each of it stops. It also runs
each language's tools as a graded program would, and prints the versions that they report.
What is true here need not be true in Lambda: there the function logs the same report when
it starts.`,
		Args: atMost(0),
		RunE: func(c *cobra.Command, _ []string) error {
			report, err := examine(c.Context())
			if err != nil {
				return err
			}
			if asJSON {
				encoder := json.NewEncoder(p.stdout)
				encoder.SetIndent("", "  ")
				err = encoder.Encode(report)
			} else {
				_, err = fmt.Fprintf(p.stdout, "%s\n", doctorTable(paintFor(p.stdout), report))
			}
			if err != nil {
				return err
			}
			if missing := report.Missing(require); len(missing) > 0 {
				return fmt.Errorf("this machine does not give %s", strings.Join(missing, ", "))
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON")
	c.Flags().StringSliceVar(&require, "require", nil, "fail unless these protections hold, as isolation.require in a spec does")
	return c
}

func examine(ctx context.Context) (report sandbox.Report, err error) {
	j, err := jail.New(ctx, jail.Options{})
	if err != nil {
		return sandbox.Report{}, err
	}
	defer func() {
		if e := j.Close(); err == nil {
			err = e
		}
	}()
	return j.Report(), nil
}

func doctorTable(paint paint, r sandbox.Report) string {
	t := newGrid(paint, "protection", "here", "what it stops")
	for _, p := range r.Protections {
		here := "yes"
		if !p.Active {
			here = paint.warn("no")
		}
		if p.Detail != "" {
			here += ": " + p.Detail
		}
		t.AppendRow([]any{p.Name, strings.Join(wrap(here, 34), "\n"), strings.Join(wrap(p.Stops, 60), "\n")})
	}
	l := newGrid(paint, "language", "its tools report")
	for _, language := range jail.Languages() {
		version, ok := r.Toolchains[language.Name]
		if !ok {
			version = paint.warn("not here, or not for the user that programs run as")
		}
		l.AppendRow([]any{language.Name, version})
	}
	// Languages of the report that the table does not know.
	for _, name := range slices.Sorted(maps.Keys(r.Toolchains)) {
		if jail.Find(jail.Languages(), name) == nil {
			l.AppendRow([]any{name, r.Toolchains[name]})
		}
	}
	return t.Render() + "\n\n" + l.Render()
}
