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

	"github.com/rftgrader/rftgrader/grader/workbench/conversestub"
)

// stubOptions are the flags of rft judge stub.
type stubOptions struct {
	listen, script, personality, tls string
	seed                             uint64
	config                           conversestub.Config
}

func (p *program) judgeStubCommand() *cobra.Command {
	var o stubOptions
	c := &cobra.Command{
		Use:   "stub",
		Short: "Simulate Amazon Bedrock's Converse on this machine",
		Long: `Stub is an endpoint that stands in for Amazon Bedrock's Converse. It is a simulation: no
model answers. Its verdicts are computed from the text that is judged: what stands there
as quality=0.7, or else whether the reference is in it, or its length. The address goes
to standard output, as the line of a shell that sends judges to it. Ctrl-C stops it, and
prints what was asked and charged to standard error.

Quotas, what models refuse, stop reasons and errors are as documented for the real
service, with which it was never compared. A script says what goes wrong: JSON, one step
after the other, each for one call unless it says more.

  {"answer": "throttle-tokens", "for": "20s"}
  {"answer": "ok", "times": 3, "delay": "2s"}
  {"status": 503, "type": "ServiceUnavailableException", "message": "busy"}
  {"answer": "hang", "always": true}

The answers are:
` + indentedLines(wrap(strings.Join(conversestub.Faults(), ", "), 86), "  ") + `
The personalities are: planted (as above), always-first and always-second (of two or
more answers), longer (length is quality), gullible (believes answers that praise
themselves), and noise (planted, and up to 0.2 more or less).

Exit codes: 0 stopped; 2 it cannot listen, or a bad script.`,
		Example: `  rft judge stub --rpm 500 --tpm 2000000 --latency 2s
  rft judge stub --listen 127.0.0.1:8080 --personality always-first`,
		Args: atMost(0),
		RunE: func(c *cobra.Command, _ []string) error { return p.serveStub(c, o) },
	}
	f := c.Flags()
	f.StringVar(&o.listen, "listen", "127.0.0.1:0", "the `ADDRESS`; port 0 takes any that is free")
	f.IntVar(&o.config.RPM, "rpm", 0, "the quota of requests (`N`) per minute for each model; 0 is none")
	f.IntVar(&o.config.TPM, "tpm", 0, "the quota of tokens (`N`) per minute for each model; 0 is none")
	f.IntVar(&o.config.TPD, "tpd", 0, "the quota of tokens (`N`) per day for each model; 0 is none")
	f.Float64Var(&o.config.Burndown, "burndown", 0, "how many tokens (`N`) of the quota one of the answer costs; 0 is the model's")
	f.DurationVar(&o.config.Latency, "latency", 0, "the `TIME` that an answer takes")
	f.StringVar(&o.script, "script", "", "what happens to the first calls, a `FILE`")
	f.StringVar(&o.personality, "personality", "planted", "what the judge is like, `NAME`")
	f.Uint64Var(&o.seed, "seed", 1, "the seed (`N`) of the noise")
	f.StringVar(&o.tls, "tls", "", "serve HTTPS, and write the certificate to trust to this `FILE`")
	completeWords(c, "personality", conversestub.Personalities()...)
	completeNothing(c, "listen", "rpm", "tpm", "tpd", "burndown", "latency", "seed")
	return c
}

func indentedLines(lines []string, by string) string {
	return by + strings.Join(lines, "\n"+by) + "\n"
}

func (p *program) serveStub(c *cobra.Command, o stubOptions) error {
	misused := func(err error) error { return &usageError{c.CommandPath(), err} }
	if o.config.RPM < 0 || o.config.TPM < 0 || o.config.TPD < 0 || o.config.Burndown < 0 || o.config.Latency < 0 {
		return misused(errors.New("--rpm, --tpm, --tpd, --burndown and --latency: want 0 or more"))
	}
	judge, err := conversestub.Personality(o.personality, o.seed)
	if err != nil {
		return misused(fmt.Errorf("--personality: %w", err))
	}
	o.config.Judge = judge
	if o.script != "" {
		text, err := os.ReadFile(o.script)
		if err != nil {
			return err
		}
		if o.config.Script, err = conversestub.ParseScript(text); err != nil {
			return fmt.Errorf("%s: %w", o.script, err)
		}
	}
	stub, err := conversestub.New(o.config)
	if err != nil {
		return err
	}
	return p.runStub(c.Context(), stub, o)
}

// runStub serves until ctx ends.
func (p *program) runStub(ctx context.Context, stub *conversestub.Stub, o stubOptions) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", o.listen)
	if err != nil {
		return err
	}
	scheme, trust := "http", ""
	if o.tls != "" {
		if listener, err = withCertificate(listener, o.tls); err != nil {
			return errors.Join(err, listener.Close())
		}
		scheme, trust = "https", "export AWS_CA_BUNDLE="+o.tls+"\n"
	}
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	server := &http.Server{
		Handler:           stub,
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return work },
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	_, err = fmt.Fprintf(p.stdout, "# %s\nexport AWS_ENDPOINT_URL_BEDROCK_RUNTIME=%s://%s\n%s# any credentials will do, such as\nexport AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=simulation AWS_SECRET_ACCESS_KEY=simulation\n",
		conversestub.Simulation, scheme, listener.Addr(), trust)
	if err != nil {
		err = fmt.Errorf("print the address: %w", err)
	} else {
		select {
		case <-ctx.Done():
		case err = <-served:
			return err
		}
	}
	stop() // what hangs
	grace, done := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer done()
	if closing := server.Shutdown(grace); closing != nil {
		closing = server.Close()
		err = errors.Join(err, closing)
	}
	if ended := <-served; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	fmt.Fprintf(p.stderr, "rft: the simulation has ended; %v\n", stub.Ledger())
	return err
}
