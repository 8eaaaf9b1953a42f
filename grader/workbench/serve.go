package workbench

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rftgrader/rftgrader/grader/workbench/locallambda"
)

func (p *program) serveCommand() *cobra.Command {
	config := locallambda.Config{Timeout: 3 * time.Second, Log: p.stderr}
	var port uint16
	var env []string
	c := &cobra.Command{
		Use:   "serve --function BOOTSTRAP",
		Short: "Run the grading function on this machine as Lambda would",
		Long: `Serve starts the function's binary as Lambda would, one process for each invocation
at a time, and offers Lambda's Invoke API over HTTP on this machine. The AWS SDKs, the
AWS CLI (with --endpoint-url) and curl can call it. The line with its address goes to
standard output, and the function's log to standard error. Ctrl-C stops it.`,
		Example: `  rft serve --function ./bootstrap --env GRADER_SPEC=$PWD/grader.yaml
  curl -d @batch.json http://127.0.0.1:9000/2015-03-31/functions/function/invocations`,
		Args: atMost(0),
		RunE: func(c *cobra.Command, _ []string) error {
			if config.Bootstrap == "" {
				return &usageError{c.CommandPath(), fmt.Errorf("no function: give its binary with --function")}
			}
			var err error
			if config.Env, err = variables(env); err != nil {
				return &usageError{c.CommandPath(), err}
			}
			address := net.JoinHostPort("127.0.0.1", strconv.Itoa(int(port)))
			return locallambda.Serve(c.Context(), config, address, p.stdout)
		},
	}
	f := c.Flags()
	f.StringVar(&config.Bootstrap, "function", "", "the function's `BINARY`")
	f.Uint16Var(&port, "port", 9000, "the `PORT` on 127.0.0.1; 0 takes any that is free")
	f.IntVar(&config.Concurrency, "concurrency", 12, "how many (`N`) invocations run at once, each in a process of its own")
	f.Var((*timeoutFlag)(&config.Timeout), "timeout", "the `TIME` of one invocation, such as 90s or 15m; a number alone is seconds")
	f.IntVar(&config.MemoryMB, "memory", 1769, "the memory in `MB` that the function is told of; it is not enforced")
	f.StringArrayVar(&env, "env", nil, "a variable of the function's environment, as `NAME=VALUE`; may be repeated")
	f.StringVar(&config.Name, "name", "function", "the function's `NAME`")
	completeNothing(c, "port", "concurrency", "timeout", "memory", "env", "name")
	return c
}

// variables reads NAME=VALUE. A name alone takes its value from the
// environment of this program.
func variables(list []string) (map[string]string, error) {
	env := map[string]string{}
	for _, v := range list {
		name, value, ok := strings.Cut(v, "=")
		if !ok {
			if value, ok = os.LookupEnv(name); !ok {
				return nil, fmt.Errorf("--env %s: want NAME=VALUE, or the name of a variable that is set here", name)
			}
		}
		env[name] = value
	}
	return env, nil
}

// timeoutFlag is a flag for a duration, or for whole seconds as Lambda has them.
type timeoutFlag time.Duration

func (t *timeoutFlag) String() string { return time.Duration(*t).String() }
func (t *timeoutFlag) Type() string   { return "duration" }

func (t *timeoutFlag) Set(s string) error {
	if seconds, err := strconv.Atoi(s); err == nil {
		s = fmt.Sprintf("%ds", seconds)
	}
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 || d > 15*time.Minute {
		return fmt.Errorf("want a time above 0 and up to 15 minutes, such as 90s, 2m or 30")
	}
	*t = timeoutFlag(d)
	return nil
}

// completeNothing keeps shells from offering file names behind flags.
func completeNothing(c *cobra.Command, flags ...string) {
	for _, name := range flags {
		completeWords(c, name)
	}
}

// completeWords offers words behind a flag.
func completeWords(c *cobra.Command, flag string, words ...cobra.Completion) {
	if err := c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic("workbench: " + err.Error()) // the flag is not defined: a fault of this package
	}
}
