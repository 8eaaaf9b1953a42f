package workbench

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rftgrader/rftgrader/grader/workbench/locallambda"
)

func (p *program) serveCommand() *cobra.Command {
	config := locallambda.Config{Timeout: 3 * time.Second, Log: p.stderr}
	port := portFlag(9000)
	var env []string
	c := &cobra.Command{
		Use:   "serve --function BOOTSTRAP",
		Short: "Run the grading function on this machine as Lambda would",
		Long: `Serve starts the function's binary as Lambda would, one process for each invocation
at a time, and offers Lambda's Invoke API over HTTP on this machine. The AWS SDKs, the
AWS CLI (with --endpoint-url) and curl can call it. One process is started at once; when
it is ready, the line with the address goes to standard output. The function's log goes
to standard error. Ctrl-C stops it.

The function reads its spec as on Lambda: from GRADER_SPEC, a path or the text itself,
or else from grader.yaml beside the binary. A path in --env GRADER_SPEC that leads to a
file from the current folder is passed on as an absolute one; the function itself takes
a relative path from the folder of the binary. The function has no other variables of
this shell than those that --env names.

Exit codes: 0 stopped; 2 the function does not start, or cannot be served.`,
		Example: `  rft serve --function ./bootstrap --env GRADER_SPEC=grader.yaml
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
	f.Var(&port, "port", "the `PORT` on 127.0.0.1; 0 takes any that is free")
	f.IntVar(&config.Concurrency, "concurrency", 12, "how many (`N`) invocations run at once, each in a process of its own")
	f.Var((*timeoutFlag)(&config.Timeout), "timeout", "the `TIME` of one invocation, such as 90s or 15m; a number alone is seconds")
	f.IntVar(&config.MemoryMB, "memory", 1769, "the memory in `MB` that the function is told of; it is not enforced")
	f.StringArrayVar(&env, "env", nil, "a variable of the function's environment, as `NAME=VALUE`; may be repeated")
	f.StringVar(&config.Name, "name", "function", "the function's `NAME`")
	completeNothing(c, "port", "concurrency", "timeout", "memory", "env", "name")
	return c
}

// specVariable is the variable from which the function reads its spec, or the
// path of it.
const specVariable = "GRADER_SPEC"

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
		if name == specVariable {
			var err error
			if value, err = fromHere(value); err != nil {
				return nil, fmt.Errorf("--env %s: %w", specVariable, err)
			}
		}
		env[name] = value
	}
	return env, nil
}

// fromHere makes the relative path of a file absolute, if it leads to one from
// the current folder, and leaves everything else as it is.
func fromHere(value string) (string, error) {
	info, err := os.Stat(value)
	if filepath.IsAbs(value) || err != nil || info.IsDir() {
		return value, nil
	}
	return filepath.Abs(value)
}

// portFlag is a flag for a port.
type portFlag uint16

func (p *portFlag) String() string { return strconv.Itoa(int(*p)) }
func (p *portFlag) Type() string   { return "int" }

func (p *portFlag) Set(s string) error {
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil {
		return errors.New("want a port from 1 to 65535, or 0 for any that is free")
	}
	*p = portFlag(n)
	return nil
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
