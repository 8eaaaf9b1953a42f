package bedrock

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/smithy-go/logging"

	"github.com/rftgrader/rftgrader/graders/judge/converse"
	"github.com/rftgrader/rftgrader/graders/judge/models"
)

// A Caller asks models of Bedrock. It is made with [New].
type Caller struct {
	connections int
	own         http.RoundTripper // in place of the SDK's transport

	mu        sync.Mutex
	client    *bedrockruntime.Client
	transport *http.Transport
}

var _ converse.Caller = (*Caller)(nil)

// New returns a Caller that keeps up to the given number of connections open:
// as many as calls run at once. The SDK's client is built by the first call,
// so that New costs nothing, and shared by all calls, models and regions.
func New(connections int) *Caller { return &Caller{connections: max(connections, 1)} }

// Over returns a Caller that sends its requests through a transport of the
// caller's own, such as a stand-in that needs no network. Close leaves it alone.
func Over(transport http.RoundTripper) *Caller { return &Caller{connections: 1, own: transport} }

// Converse asks once. A non-nil answer may hold nothing that can be read; its
// Stop says why.
func (c *Caller) Converse(ctx context.Context, q *converse.Request) (*converse.Answer, error) {
	client, err := c.shared(ctx)
	if err != nil {
		return nil, &converse.Error{Class: converse.Permanent, Code: "unreadable configuration", Remedy: "mend the AWS configuration", Err: err}
	}
	in, err := input(q)
	if err != nil {
		return nil, &converse.Error{Class: converse.Permanent, Code: "unsendable request", Err: err}
	}
	start := time.Now()
	out, err := client.Converse(ctx, in, func(o *bedrockruntime.Options) {
		if region := regionOf(q); region != "" {
			o.Region = region
		}
	})
	if err != nil {
		e := classify(ctx, err)
		e.Attempts = 1
		return nil, e
	}
	a, err := read(out)
	if err != nil {
		return nil, err
	}
	a.Form, a.Latency, a.Attempts = q.Output.Form, time.Since(start), 1
	return a, nil
}

// regionOf returns the region in which a request is put: an ARN is known in its
// own region only.
func regionOf(q *converse.Request) string {
	if q.Region != "" {
		return q.Region
	}
	return models.RegionOf(q.Model)
}

// Close closes idle connections.
func (c *Caller) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.transport != nil {
		c.transport.CloseIdleConnections()
	}
	return nil
}

// shared returns the client. One that could not be built is built anew by the
// next call, so that a passing fault is not kept.
func (c *Caller) shared(ctx context.Context) (*bedrockruntime.Client, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.client != nil {
		return c.client, nil
	}
	cfg, err := config.LoadDefaultConfig(context.WithoutCancel(ctx),
		config.WithRetryer(func() aws.Retryer { return aws.NopRetryer{} }),
		config.WithHTTPClient(c.pool()),
		config.WithLogger(logging.Nop{}), // what is wrong is in the errors
	)
	if err != nil {
		return nil, err
	}
	if c.own != nil {
		cfg.HTTPClient = &http.Client{Transport: c.own, CheckRedirect: noRedirect}
	} else if b, ok := cfg.HTTPClient.(*awshttp.BuildableClient); ok {
		c.transport = b.GetTransport() // which AWS_CA_BUNDLE may have changed
		cfg.HTTPClient = &http.Client{Transport: c.transport, CheckRedirect: noRedirect}
	}
	c.client = bedrockruntime.NewFromConfig(cfg)
	return c.client, nil
}

// pool returns the SDK's HTTP client with as many idle connections as calls run
// at once: with its own ten, most calls would open a new one.
func (c *Caller) pool() *awshttp.BuildableClient {
	return awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
		t.MaxIdleConnsPerHost = c.connections
		t.MaxIdleConns = max(t.MaxIdleConns, c.connections)
	})
}

// noRedirect keeps signed requests from being sent elsewhere.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
