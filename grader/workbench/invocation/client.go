package invocation

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// MaxPayload is the most that an invocation may be given or answer with: 6 MiB.
const MaxPayload = 6 << 20

// A Target is the function to call.
type Target struct {
	// Function is its name or ARN, with a version or an alias behind it.
	Function string
	// Endpoint is the URL of an Invoke API other than Lambda's own, such as that
	// of a local function. Credentials of the environment are not sent there.
	Endpoint string
	// Region is that of the function; "" takes it from the ARN or the environment.
	Region string
	// Parallel is how many calls are made at once at most.
	Parallel int
}

// Pinned reports whether the function's name ends in the number of a version,
// which alone never changes.
func (t Target) Pinned() bool {
	_, qualifier := split(t.Function)
	_, err := strconv.Atoi(qualifier)
	return err == nil
}

// split returns a function's name or ARN without its qualifier, and that.
func split(function string) (name, qualifier string) {
	parts := strings.Split(function, ":")
	switch {
	case len(parts) == 8 && parts[0] == "arn", len(parts) == 2:
		return strings.Join(parts[:len(parts)-1], ":"), parts[len(parts)-1]
	}
	return function, ""
}

// A Client calls one function. It is safe for concurrent use.
type Client struct {
	target Target
	api    *lambda.Client
}

// maxAttempts is how often a call is made that the service refuses for its load.
const maxAttempts = 10

// New returns a client. Calls are signed with the credentials that the AWS SDK
// finds.
func New(ctx context.Context, t Target) (*Client, error) {
	if t.Function == "" {
		return nil, errors.New("no function: want its name, its ARN, or the URL of a local one")
	}
	region := t.Region
	if a, err := arn.Parse(t.Function); err == nil {
		if a.Service != "lambda" || !strings.HasPrefix(a.Resource, "function:") {
			return nil, fmt.Errorf("%s is no ARN of a Lambda function", t.Function)
		}
		if region != "" && region != a.Region {
			return nil, fmt.Errorf("the function is in %s, and not in %s", a.Region, region)
		}
		region = a.Region
	} else if strings.HasPrefix(t.Function, "arn:") {
		return nil, fmt.Errorf("%s is no ARN: %w", t.Function, err)
	}
	// A call lasts as long as the function's time-out, and only ctx ends it earlier.
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = max(t.Parallel, 1)
	retryer := func() aws.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) {
			o.MaxAttempts = maxAttempts
			o.RateLimiter = unlimited{}
		})
	}
	options := lambda.Options{Region: region, HTTPClient: &http.Client{Transport: transport}, Retryer: retryer()}
	if t.Endpoint != "" {
		options.BaseEndpoint = aws.String(t.Endpoint)
		options.Region = cmp.Or(region, "us-east-1")
		options.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		})
		return &Client{target: t, api: lambda.New(options)}, nil
	}
	var load []func(*config.LoadOptions) error
	if region != "" {
		load = append(load, config.WithRegion(region))
	}
	c, err := config.LoadDefaultConfig(ctx, load...)
	if err != nil {
		return nil, fmt.Errorf("read the AWS configuration: %w", err)
	}
	if c.Region == "" {
		return nil, errors.New("no region: give the function's ARN, --region or AWS_REGION")
	}
	api := lambda.NewFromConfig(c, func(o *lambda.Options) {
		o.HTTPClient, o.Retryer = options.HTTPClient, options.Retryer
	})
	return &Client{target: t, api: api}, nil
}

// unlimited never refuses a further attempt: every batch is wanted.
type unlimited struct{}

func (unlimited) GetToken(context.Context, uint) (func() error, error) {
	return func() error { return nil }, nil
}
func (unlimited) AddTokens(uint) error { return nil }

// A FunctionError is what a function answers that failed: the trainer would send
// the batch again.
type FunctionError struct {
	Payload []byte // JSON with errorType and errorMessage, as a rule
}

func (e *FunctionError) Error() string {
	text := strings.TrimSpace(string(e.Payload))
	if len(text) > 2000 {
		text = text[:2000] + "..."
	}
	return "the function failed: " + text
}

// A Reply is the answer to one call.
type Reply struct {
	Payload []byte
	// Version is the one that answered.
	Version string
	// Latency is the whole time of the call, as its caller sees it.
	Latency time.Duration
	// Init is the time that a cold start took, and 0 for a warm function.
	Init time.Duration
}

// Call invokes the function once and waits for its answer. A function that failed
// is a [*FunctionError].
func (c *Client) Call(ctx context.Context, payload []byte) (Reply, error) {
	if len(payload) > MaxPayload {
		return Reply{}, fmt.Errorf("a payload of %d bytes is over Lambda's limit of %d: take smaller batches", len(payload), MaxPayload)
	}
	start := time.Now()
	out, err := c.api.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String(c.target.Function), Payload: payload, LogType: types.LogTypeTail})
	reply := Reply{Latency: time.Since(start)}
	if err != nil {
		return reply, fmt.Errorf("invoke %s: %w", c.target.Function, err)
	}
	reply.Payload, reply.Version = out.Payload, aws.ToString(out.ExecutedVersion)
	reply.Init = initDuration(aws.ToString(out.LogResult))
	if out.FunctionError != nil {
		return reply, &FunctionError{Payload: out.Payload}
	}
	return reply, nil
}

// initPattern finds the time of a cold start in a report, as text or as JSON.
var initPattern = regexp.MustCompile(`(?:Init Duration: |"initDurationMs":\s*)([0-9.]+)`)

func initDuration(tail string) time.Duration {
	text, err := base64.StdEncoding.DecodeString(tail)
	if err != nil {
		return 0
	}
	m := initPattern.FindSubmatch(text)
	if m == nil {
		return 0
	}
	ms, err := strconv.ParseFloat(string(m[1]), 64)
	if err != nil {
		return 0
	}
	return time.Duration(ms * float64(time.Millisecond))
}
