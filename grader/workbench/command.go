package workbench

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/rftgrader/rftgrader/grader/internal/nearest"
)

// command builds the program's commands.
func (p *program) command() *cobra.Command {
	root := &cobra.Command{
		Use:   "rft",
		Short: "A workbench for the graders of reinforcement fine-tuning",
		Long: `rft grades saved rollouts with a grader spec, checks training data and graders before
a job spends a day on them, compares graders, calls the deployed function as a trainer
does, and plans and follows jobs.

Help topics:
` + topicList() + `  rft help KIND     A kind of grader, with its options: rft kinds lists them

Exit codes: 0 done; 1 done, and a gate failed; 2 not done, or not wholly.`,
		Args:          cobra.ArbitraryArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return c.Help()
			}
			if _, ok := findTopic(args[0]); ok || p.kind(args[0]) != nil {
				return &usageError{"rft", fmt.Errorf("there is no command %q; rft help %s explains what it is", args[0], args[0])}
			}
			return &usageError{"rft", fmt.Errorf("there is no command %q%s", args[0], nearest.Hint(args[0], commandNames(c)))}
		},
	}
	root.CompletionOptions.HiddenDefaultCmd = false
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(p.helpCommand())
	root.AddCommand(p.gradeCommand(), p.importCommand(), p.kindsCommand(), p.schemaCommand(), p.serveCommand(), p.versionCommand(), p.judgeCommand(), p.sandboxCommand(), p.initCommand(), p.checkCommand(), p.invokeCommand(), p.jobCommand(), p.datasetCommand(), p.diffCommand())
	return root
}

// flagError adds the flag that was probably meant.
func flagError(c *cobra.Command, err error) error {
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok && len(unknown.GetSpecifiedName()) > 1 {
		var names []string
		c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		name := unknown.GetSpecifiedName()
		hint := ""
		if w := nearest.Word(name, names); w != "" {
			hint = "; did you mean --" + w + "?"
		}
		err = fmt.Errorf("there is no flag --%s%s", name, hint)
	}
	return &usageError{c.CommandPath(), err}
}

// commandNames returns the names that a person may write behind rft.
func commandNames(root *cobra.Command) []string {
	var names []string
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() || c.Name() == "help" {
			names = append(names, c.Name())
		}
	}
	return names
}

// atMost is cobra.MaximumNArgs with the program's kind of error.
func atMost(n int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) > n {
			return &usageError{c.CommandPath(), fmt.Errorf("%s takes no argument %q", c.CommandPath(), args[n])}
		}
		return nil
	}
}
