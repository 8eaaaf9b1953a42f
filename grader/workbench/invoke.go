package workbench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rftgrader/rftgrader/grader/lambdagrader"
	"github.com/rftgrader/rftgrader/grader/spec"
	"github.com/rftgrader/rftgrader/grader/workbench/invocation"
	"github.com/rftgrader/rftgrader/grader/workbench/locallambda"
)

// invokeOptions are the flags of rft invoke.
type invokeOptions struct {
	printing
	compare, out, region string
	env                  []string
	batch, parallel      int
	timeout              time.Duration
	quiet                bool
}

// trainerBatch is how many rollouts SageMaker training jobs send at once unless
// told otherwise.
const trainerBatch = 64

func (p *program) invokeCommand() *cobra.Command {
	var o invokeOptions
	c := &cobra.Command{
		Use:   "invoke FUNCTION ROLLOUTS...",
		Short: "Send saved rollouts to the deployed function, as a trainer does",
		Long: `Invoke sends the rollouts of the files, or of standard input for "-", to a grading
function in batches, several at once, and says how long cold and warm calls took, how
large they were, and what the rewards are.

FUNCTION is the ARN or the name of a Lambda function; the URL of an Invoke API, such as
that of rft serve; or the path of the function's binary, which is then run on this
machine as Lambda would. An ARN should end in a version, as the one that a job is given.

With --compare the same batches are graded here, with a spec, and every reward and part
of a reward must be equal; measurements such as times may differ. The deployed function
and this machine then score alike.

Calls that the service refuses for its load are made again. A call that the function
answers with an error is not: the trainer would send that batch again.

Exit codes: 0 done; 1 done, and scores differ from those of --compare; 2 not done, or
not wholly: the function failed, or could not be called.`,
		Example: `  rft invoke arn:aws:lambda:us-east-1:123456789012:function:rftgrader:7 rollouts.jsonl --compare grader.yaml
  rft invoke http://127.0.0.1:9000 rollouts.jsonl --batch 32 --parallel 8
  rft invoke build/bootstrap --env GRADER_SPEC=grader.yaml rollouts.jsonl`,
		RunE: func(c *cobra.Command, args []string) error {
			i, err := p.newInvoking(c, o, args)
			if err != nil {
				return err
			}
			return i.run(c.Context())
		},
	}
	f := c.Flags()
	f.StringVar(&o.compare, "compare", "", "grade here too, with this spec, a YAML or JSON `FILE`, and compare")
	f.StringVar(&o.out, "out", "", "write each rollout's score as it came to this `FILE`; - is standard output, and the summary goes to standard error")
	o.printing.add(c, "how the summary is printed, `FORM`: table or json")
	f.StringVar(&o.region, "region", "", "the function's `REGION`, where its ARN does not say it")
	f.StringArrayVar(&o.env, "env", nil, "a variable for a binary's environment, as `NAME=VALUE`; may be repeated")
	f.IntVar(&o.batch, "batch", trainerBatch, "how many (`N`) rollouts are sent in one call")
	f.IntVar(&o.parallel, "parallel", 4, "how many (`N`) calls are made at once")
	f.Var((*timeoutFlag)(&o.timeout), "timeout", "the `TIME` that one call may take; a number alone is seconds")
	o.timeout = 15 * time.Minute
	f.Lookup("timeout").DefValue = o.timeout.String()
	f.BoolVar(&o.quiet, "quiet", false, "no notes, warnings and progress on standard error; errors stay")
	completeNothing(c, "region", "env", "batch", "parallel", "timeout")
	if err := c.MarkFlagFilename("compare", "yaml", "yml", "json"); err != nil {
		panic("workbench: " + err.Error()) // the flag is not defined: a fault of this package
	}
	return c
}

func (p *program) newInvoking(c *cobra.Command, o invokeOptions, args []string) (*invoking, error) {
	misused := func(format string, args ...any) error {
		return &usageError{c.CommandPath(), fmt.Errorf(format, args...)}
	}
	if err := o.settle(); err != nil {
		return nil, misused("%w", err)
	}
	switch {
	case len(args) == 0:
		return nil, misused("no function: name its ARN, its URL or its binary")
	case len(args) == 1:
		return nil, misused("no rollouts: name their files, or - for standard input")
	case o.batch < 1:
		return nil, misused("--batch %d: want a whole number from 1 on", o.batch)
	case o.parallel < 1 || o.parallel > maxConcurrency:
		return nil, misused("--parallel %d: want 1 to %d", o.parallel, maxConcurrency)
	}
	inputs, err := p.inputs(args[1:])
	if err != nil {
		return nil, err
	}
	i := &invoking{program: p, options: o, function: args[0], inputs: inputs, summaryTo: p.stdout}
	if o.compare != "" {
		if i.spec, err = spec.Open(o.compare, p.kinds); err != nil {
			return nil, err
		}
		// What is kept for retries costs memory, and nothing is sent twice here.
		if i.local, err = lambdagrader.NewHandler(i.spec, lambdagrader.Config{CacheEntries: 1}); err != nil {
			return nil, errors.Join(err, i.spec.Close())
		}
	}
	if o.out != "" {
		if i.results, err = p.newResults(o.out, o.compare, nil, inputs); err != nil {
			i.close()
			return nil, err
		}
	}
	if o.out == standardStream {
		i.summaryTo = p.stderr
	}
	return i, nil
}

// connect returns the client of the function, which it starts if it is a binary.
func (i *invoking) connect(ctx context.Context) (*invocation.Client, error) {
	target := invocation.Target{Function: i.function, Region: i.options.region, Parallel: i.options.parallel}
	switch info, err := os.Stat(i.function); {
	case strings.HasPrefix(i.function, "http://") || strings.HasPrefix(i.function, "https://"):
		target.Endpoint, target.Function = endpoint(i.function)
	case err == nil && info.Mode().IsRegular():
		url, err := i.serve(ctx)
		if err != nil {
			return nil, err
		}
		target.Endpoint, target.Function = url, "function"
	case strings.ContainsRune(i.function, os.PathSeparator):
		return nil, fmt.Errorf("the function's binary: %w", err)
	case !target.Pinned():
		i.note("warning: %s names no version: what it stands for may change while a job runs. Give jobs the ARN of a version", i.function)
	}
	return invocation.New(ctx, target)
}

// endpoint takes the function's name out of the URL of its invocations.
func endpoint(url string) (base, function string) {
	const path = "/2015-03-31/functions/"
	if at := strings.Index(url, path); at >= 0 {
		name, _, _ := strings.Cut(url[at+len(path):], "/")
		return url[:at], name
	}
	return strings.TrimRight(url, "/"), "function"
}

// serve runs the binary as Lambda would and returns the URL of its Invoke API.
func (i *invoking) serve(ctx context.Context) (string, error) {
	env, err := variables(i.options.env)
	if err != nil {
		return "", err
	}
	f, err := locallambda.Start(ctx, locallambda.Config{
		Bootstrap: i.function, Env: env, Concurrency: i.options.parallel, Timeout: i.options.timeout,
	})
	if err != nil {
		return "", err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", errors.Join(err, f.Close())
	}
	server := &http.Server{Handler: f, ReadHeaderTimeout: time.Minute}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener) // it ends by Close
	}()
	i.stop = func() error {
		err := errors.Join(server.Close(), f.Close())
		<-done
		return err
	}
	return "http://" + listener.Addr().String(), nil
}

// note tells the person something that is no part of the output.
func (i *invoking) note(format string, args ...any) {
	if !i.options.quiet {
		i.progress.clear()
		fmt.Fprintf(i.program.stderr, "rft: "+format+"\n", args...)
	}
}
