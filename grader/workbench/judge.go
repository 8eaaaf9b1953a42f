package workbench

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/rftgrader/rftgrader/grader/internal/nearest"
)

func (p *program) judgeCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "judge COMMAND",
		Short: "Plan, calibrate and attack a model as judge, or simulate one",
		Long: `Judge has what a model as judge needs before a policy trains on it: what it will cost
and whether its quotas suffice (plan), whether it agrees with people and with itself
(calibrate), whether it can be talked into a better score (attack), and an endpoint on
this machine that stands in for Amazon Bedrock (stub).

The kind of grader is explained by rft help judge, and by rft kinds judge.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return c.Help()
			}
			return &usageError{c.CommandPath(), fmt.Errorf("there is no command %q%s", "rft judge "+args[0], nearest.Hint(args[0], commandNames(c)))}
		},
	}
	c.AddCommand(p.judgePlanCommand(), p.judgeCalibrateCommand(), p.judgeAttackCommand(), p.judgeStubCommand())
	return c
}
