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

	"github.com/rftgrader/rftgrader/graders/judge/converse"
	"github.com/rftgrader/rftgrader/graders/judge/models"
)

// A Caller asks models of Bedrock. It is made with [New].
type Caller struct {
	connections int

	mu        sync.Mutex
	client    *bedrockruntime.Client
	transport *http.Transport
}

var _ converse.Caller = (*Caller)(nil)

// New returns a Caller that keeps up to the given number of connections open:
// as many as calls run at once. The SDK's client is built by the first call,
// so that New costs nothing, and shared by all calls, models and regions.
func New(connections int) *Caller { return &Caller{connections: max(connections, 1)} }

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
	var transport *http.Transport
	client := awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
		t.MaxIdleConnsPerHost = c.connections
		t.MaxIdleConns = max(t.MaxIdleConns, c.connections)
	})
	cfg, err := config.LoadDefaultConfig(context.WithoutCancel(ctx),
		config.WithRetryer(func() aws.Retryer { return aws.NopRetryer{} }),
		config.WithHTTPClient(client),
	)
	if err != nil {
		return nil, err
	}
	// The configuration may have changed the transport: AWS_CA_BUNDLE does.
	if b, ok := cfg.HTTPClient.(*awshttp.BuildableClient); ok {
		transport = b.GetTransport()
		cfg.HTTPClient = &http.Client{Transport: transport, CheckRedirect: noRedirect}
	}
	c.client, c.transport = bedrockruntime.NewFromConfig(cfg), transport
	return c.client, nil
}

// noRedirect keeps signed requests from being sent elsewhere.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
