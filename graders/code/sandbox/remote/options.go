package remote

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// Options say which function runs the programs, and how it is called.
type Options struct {
	// Function is its name, partial ARN or ARN.
	Function string
	// Qualifier is a version or alias. Empty: the one in Function, or the latest.
	Qualifier string
	// Region is where the function is. Empty: the region of its ARN, then
	// AWS_REGION, then AWS_DEFAULT_REGION.
	Region string
	// Endpoint is the URL of the Lambda API. Empty: the region's own. A URL of
	// scheme http is allowed for this machine only.
	Endpoint string
	// Tenant gives each program an execution environment that no other program
	// gets. The function must have the tenant isolation mode.
	Tenant bool
	// Timeout is how long one invocation may take, 1 s to 15 minutes. 0: 15 minutes.
	// The context's deadline holds as well.
	Timeout time.Duration
	// Concurrency is how many invocations may run at a time. 0: 16.
	Concurrency int
	// Retries is how often an invocation is tried again, at most 20. 0: 4;
	// negative: never.
	Retries int
	// Payload is the most bytes of a request and of an answer, 256 KiB to 6 MiB.
	// 0: 6,000,000. An output of a program, as JSON, must fit.
	Payload int
	// Limits are for programs whose own are zero; where these are zero too,
	// [sandbox.DefaultLimits] holds.
	Limits sandbox.Limits
	// Transport sends the requests. Nil: one of its own.
	Transport http.RoundTripper
}

const (
	defaultTimeout     = 15 * time.Minute // the most that Lambda allows
	defaultConcurrency = 16
	defaultRetries     = 4
	defaultPayload     = 6_000_000

	minPayload = 256 << 10
	maxPayload = 6 << 20
	maxRetries = 20
)

func (o *Options) resolve() error {
	if o.Function == "" {
		return fmt.Errorf("function: no name; give the name or ARN of the function that runs the programs")
	}
	if i := strings.IndexFunc(o.Function, func(r rune) bool { return !nameRune(r) && r != ':' }); i >= 0 || len(o.Function) > 170 {
		return fmt.Errorf("function: %s is no name, partial ARN or ARN of a function", quote(o.Function))
	}
	if strings.ContainsFunc(o.Qualifier, func(r rune) bool { return !nameRune(r) }) || len(o.Qualifier) > 128 {
		return fmt.Errorf("qualifier: %s is no version or alias", quote(o.Qualifier))
	}
	partition, region := "aws", ""
	if parts := strings.Split(o.Function, ":"); parts[0] == "arn" {
		if len(parts) != 7 && len(parts) != 8 || parts[2] != "lambda" || parts[5] != "function" {
			return fmt.Errorf("function: %s is no ARN of a function", quote(o.Function))
		}
		partition, region = parts[1], parts[3]
	}
	switch {
	case o.Region == "" && region != "":
		o.Region = region
	case o.Region == "":
		o.Region = first(os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION"))
	case region != "" && region != o.Region:
		return fmt.Errorf("region: %s is not the one in the function's ARN; leave it out", quote(o.Region))
	}
	if o.Region == "" {
		return fmt.Errorf("region: unknown; give it, the function's ARN, or AWS_REGION")
	}
	if strings.ContainsFunc(o.Region, func(r rune) bool { return r != '-' && (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
		return fmt.Errorf("region: %s is no name of a region", quote(o.Region))
	}
	if o.Endpoint == "" {
		domain := "amazonaws.com"
		if partition == "aws-cn" || strings.HasPrefix(o.Region, "cn-") {
			domain = "amazonaws.com.cn"
		}
		o.Endpoint = "https://lambda." + o.Region + "." + domain
	}
	if err := checkEndpoint(o.Endpoint); err != nil {
		return fmt.Errorf("endpoint: %w", err)
	}
	if o.Retries = orDefault(o.Retries, defaultRetries); o.Retries < 0 {
		o.Retries = 0
	}
	o.Timeout, o.Concurrency, o.Payload = orDefault(o.Timeout, defaultTimeout), orDefault(o.Concurrency, defaultConcurrency), orDefault(o.Payload, defaultPayload)
	switch {
	case o.Timeout < time.Second || o.Timeout > defaultTimeout:
		return fmt.Errorf("timeout: %v is out of range; use 1s to 15m", o.Timeout)
	case o.Concurrency < 1:
		return fmt.Errorf("concurrency: %d is out of range; use 1 or more", o.Concurrency)
	case o.Retries > maxRetries:
		return fmt.Errorf("retries: %d is out of range; use at most %d", o.Retries, maxRetries)
	case o.Payload < minPayload || o.Payload > maxPayload:
		return fmt.Errorf("payload: %d is out of range; use %d to %d", o.Payload, minPayload, maxPayload)
	}
	o.Limits = o.Limits.Or(sandbox.DefaultLimits())
	return nil
}

// checkEndpoint keeps the session token, which is a header, off open networks.
func checkEndpoint(endpoint string) error {
	u, err := url.Parse(endpoint)
	switch {
	case err != nil:
		return fmt.Errorf("it is no URL")
	case u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "":
		return fmt.Errorf("use a scheme, a host and nothing else")
	case u.Scheme == "https":
		return nil
	case u.Scheme == "http" && (u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback()):
		return nil
	}
	return fmt.Errorf("use https, or http on this machine")
}

// nameRune reports whether a function's name or qualifier may hold r.
func nameRune(r rune) bool {
	return r == '-' || r == '_' || r == '$' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}

func orDefault[T int | time.Duration](v, otherwise T) T {
	if v == 0 {
		return otherwise
	}
	return v
}

func first(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// credentials reads the environment each time, since a long run may be given new ones.
func credentials() (aws.Credentials, error) {
	c := aws.Credentials{
		AccessKeyID:     os.Getenv("AWS_ACCESS_KEY_ID"),
		SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"),
		SessionToken:    os.Getenv("AWS_SESSION_TOKEN"),
		Source:          "environment",
	}
	if !c.HasKeys() {
		return c, fmt.Errorf("no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, as Lambda does (\"aws configure export-credentials --format env\" prints those of a profile)")
	}
	return c, nil
}

// New returns an executor. It calls nobody yet. The error is a
// *grader.PermanentError where the options are wrong or there are no credentials.
func New(o Options) (*Executor, error) {
	if err := o.resolve(); err != nil {
		return nil, grader.Permanentf("the remote executor: %w", err)
	}
	if _, err := credentials(); err != nil {
		return nil, grader.Permanentf("the remote executor: %w", err)
	}
	e := &Executor{options: o, signer: v4.NewSigner(), places: make(chan struct{}, o.Concurrency), transport: o.Transport}
	if e.transport == nil {
		own := http.DefaultTransport.(*http.Transport).Clone()
		own.MaxIdleConns, own.MaxIdleConnsPerHost = o.Concurrency, o.Concurrency
		own.DisableCompression = true // nobody sends a bomb
		e.transport, e.own = own, own
	}
	e.url = strings.TrimRight(o.Endpoint, "/") + "/2015-03-31/functions/" + escape(o.Function) + "/invocations"
	if o.Qualifier != "" {
		e.url += "?Qualifier=" + url.QueryEscape(o.Qualifier)
	}
	return e, nil
}

// escape writes a path segment as AWS signs it: of what functions' names hold, ":"
// and "$" are escaped.
func escape(segment string) string {
	return strings.NewReplacer(":", "%3A", "$", "%24").Replace(segment)
}
