package bedrock_test

import (
	"context"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/judge/bedrock"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

var question = &converse.Request{Model: "m", Messages: []converse.Message{{Role: converse.User, Text: "Rate it."}}}

func failure(t *testing.T, ctx context.Context) *converse.Error {
	t.Helper()
	_, err := caller(t).Converse(ctx, question)
	var e *converse.Error
	require.ErrorAs(t, err, &e)
	return e
}

// hijacked answers with raw bytes and then loses the connection.
func hijacked(t *testing.T, raw string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.WriteString(conn, raw)
		_ = conn.Close()
	}
}

func TestLostConnections(t *testing.T) {
	t.Run("before the answer", func(t *testing.T) {
		endpoint(t, hijacked(t, ""))
		e := failure(t, context.Background())
		require.Equal(t, converse.Transient, e.Class)
		require.EqualError(t, e, "the service failed for now (connection lost)")
	})
	t.Run("inside the answer", func(t *testing.T) {
		endpoint(t, hijacked(t, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n"+answered))
		require.Equal(t, converse.Transient, failure(t, context.Background()).Class)
	})
	t.Run("refused", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		require.NoError(t, l.Close())
		environment(t)
		t.Setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://"+l.Addr().String())
		e := failure(t, context.Background())
		require.Equal(t, converse.Transient, e.Class)
		require.EqualError(t, e, "the service failed for now (no connection); check the network, the region and, where it is set, AWS_ENDPOINT_URL_BEDROCK_RUNTIME")
	})
}

func TestContexts(t *testing.T) {
	released := make(chan struct{})
	hang := func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		select {
		case <-r.Context().Done():
		case <-released:
		}
	}
	defer close(released)
	t.Run("time-out", func(t *testing.T) {
		endpoint(t, hang)
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		defer cancel()
		e := failure(t, ctx)
		require.Equal(t, converse.Timeout, e.Class)
		require.ErrorIs(t, e, context.DeadlineExceeded)
	})
	t.Run("canceled", func(t *testing.T) {
		arrived := make(chan struct{})
		endpoint(t, func(w http.ResponseWriter, r *http.Request) { close(arrived); hang(w, r) })
		ctx, cancel := context.WithCancel(context.Background())
		go func() { <-arrived; cancel() }()
		e := failure(t, ctx)
		require.Equal(t, converse.Timeout, e.Class)
		require.ErrorIs(t, e, context.Canceled)
	})
}

func TestConfiguration(t *testing.T) {
	t.Run("no credentials", func(t *testing.T) {
		environment(t)
		t.Setenv("AWS_ACCESS_KEY_ID", "")
		t.Setenv("AWS_SECRET_ACCESS_KEY", "")
		t.Setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://127.0.0.1:1")
		e := failure(t, context.Background())
		require.Equal(t, converse.Denied, e.Class)
		require.ErrorContains(t, e, "access to the model is denied (no credentials); give the function a role")
	})
	t.Run("who knows the credentials refuses", func(t *testing.T) {
		refuses := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }))
		defer refuses.Close()
		environment(t)
		t.Setenv("AWS_ACCESS_KEY_ID", "")
		t.Setenv("AWS_SECRET_ACCESS_KEY", "")
		t.Setenv("AWS_EC2_METADATA_DISABLED", "false")
		t.Setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", refuses.URL)
		t.Setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://127.0.0.1:1")
		e := failure(t, context.Background())
		require.Equal(t, converse.Denied, e.Class)
		require.ErrorContains(t, e, "access to the model is denied (no credentials); give the function a role")
	})
	t.Run("no region", func(t *testing.T) {
		environment(t)
		t.Setenv("AWS_REGION", "")
		t.Setenv("AWS_DEFAULT_REGION", "")
		e := failure(t, context.Background())
		require.Equal(t, converse.Permanent, e.Class)
		require.ErrorContains(t, e, "check AWS_REGION")
	})
	t.Run("no schema", func(t *testing.T) {
		environment(t)
		for _, form := range []converse.Form{converse.FormSchema, converse.FormTool, "xml"} {
			_, err := caller(t).Converse(context.Background(), &converse.Request{Model: "m", Output: converse.Output{Form: form, Schema: []byte(`{"a":`)}})
			require.Equal(t, converse.Permanent, converse.ClassOf(err), form)
		}
	})
	t.Run("a configuration that is mended", func(t *testing.T) {
		endpoint(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, answered) })
		t.Setenv("AWS_CA_BUNDLE", filepath.Join(t.TempDir(), "missing.pem"))
		c := caller(t)
		_, err := c.Converse(context.Background(), question)
		require.Equal(t, converse.Permanent, converse.ClassOf(err))
		t.Setenv("AWS_CA_BUNDLE", "")
		_, err = c.Converse(context.Background(), question)
		require.NoError(t, err)
	})
}

func TestRegions(t *testing.T) {
	for name, c := range map[string]struct{ model, region, want string }{
		"environment": {"m", "", "/us-east-1/bedrock/"},
		"request":     {"m", "eu-central-1", "/eu-central-1/bedrock/"},
		"ARN":         {"arn:aws:bedrock:us-west-2:123456789012:application-inference-profile/abc123", "", "/us-west-2/bedrock/"},
	} {
		t.Run(name, func(t *testing.T) {
			_, authorization, _ := sent(t, &converse.Request{Model: c.model, Region: c.region, Messages: question.Messages})
			require.Contains(t, authorization, c.want)
		})
	}
}

// TestBearerToken needs TLS, as the SDK sends no token without it, and a
// bundle of certificates of its own.
func TestBearerToken(t *testing.T) {
	var authorization string
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		authorization = r.Header.Get("Authorization")
		_, _ = io.WriteString(w, answered)
	}))
	defer s.Close()
	environment(t)
	bundle := filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(bundle, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600))
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	t.Setenv("AWS_BEARER_TOKEN_BEDROCK", "token-of-a-test")
	t.Setenv("AWS_CA_BUNDLE", bundle)
	t.Setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", s.URL)
	_, err := caller(t).Converse(context.Background(), question)
	require.NoError(t, err)
	require.Equal(t, "Bearer token-of-a-test", authorization)

	t.Setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://127.0.0.1:1")
	e := failure(t, context.Background())
	require.Equal(t, converse.Denied, e.Class)
	require.ErrorContains(t, e, "AWS_BEARER_TOKEN_BEDROCK needs an https endpoint")
}

// TestConnectionsAreKept asks twice, many at once: the second round finds the
// connections of the first.
func TestConnectionsAreKept(t *testing.T) {
	const many = 32
	var mu sync.Mutex
	opened := 0
	var round sync.WaitGroup
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		round.Done()
		round.Wait() // every call of the round is under way
		_, _ = io.WriteString(w, answered)
	}))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			mu.Lock()
			opened++
			mu.Unlock()
		}
	}
	s.Start()
	defer s.Close()
	environment(t)
	t.Setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", s.URL)
	c := bedrock.New(many)
	defer func() { require.NoError(t, c.Close()) }()
	for range 2 {
		round.Add(many)
		var asked sync.WaitGroup
		errs := make([]error, many)
		for i := range many {
			asked.Go(func() { _, errs[i] = c.Converse(context.Background(), question) })
		}
		asked.Wait()
		require.NoError(t, errors.Join(errs...))
	}
	mu.Lock()
	defer mu.Unlock()
	require.Less(t, opened, 2*many-10, "a pool of ten would have opened the others anew")
}
