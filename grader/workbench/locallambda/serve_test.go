package locallambda_test

import (
	"context"
	"net"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/locallambda"
)

// served runs Serve and returns its URL, its end, and its log.
func served(t *testing.T, config locallambda.Config, addr string) (base string, log lines, stop func() error) {
	config.Bootstrap = bootstrap
	config.Timeout = time.Minute
	log = make(lines, 1000)
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	done := make(chan error, 1)
	go func() { done <- locallambda.Serve(ctx, config, addr, log) }()
	select {
	case line := <-log:
		match := regexp.MustCompile(`^serving function at (http://127\.0\.0\.1:\d+) \(POST (/2015-03-31/functions/` + config.Name + `/invocations)\)\n$`).FindStringSubmatch(line)
		require.NotNil(t, match, line)
		base = match[1]
	case err := <-done:
		t.Fatal(err)
	}
	return base, log, func() error { cancel(); return <-done }
}

func TestServe(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:0", ":0"} {
		t.Run(addr, func(t *testing.T) {
			base, log, stop := served(t, locallambda.Config{Name: "my-grader"}, addr)
			r, body := send(t, "POST", base+"/2015-03-31/functions/my-grader/invocations", string(event(t, map[string]any{"do": "log", "text": "hello\n"})))
			require.Equal(t, 200, r.StatusCode)
			require.Equal(t, "null", body)
			require.True(t, strings.HasPrefix(<-log, "START RequestId: "))
			require.Equal(t, "hello\n", <-log)
			require.NoError(t, stop())
			_, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
			require.Error(t, err, "the port is closed")
			requireNoGoroutines(t)
		})
	}
}

func TestServeAnswersWhatRunsAtItsEnd(t *testing.T) {
	base, _, stop := served(t, locallambda.Config{Name: "function", Log: new(journal)}, "127.0.0.1:0")
	g := newGate(t)
	payload := string(event(t, map[string]any{"do": "wait", "url": g.url}))
	status := make(chan int)
	go func() {
		r, _ := send(t, "POST", base+invocations, payload)
		status <- r.StatusCode
	}()
	<-g.arrived
	done := make(chan error)
	go func() { done <- stop() }()
	require.Equal(t, 500, <-status)
	require.NoError(t, <-done)
}

func TestServeRefusesPagesOfOtherOrigins(t *testing.T) {
	base, _, stop := served(t, locallambda.Config{Name: "function", Log: new(journal)}, "127.0.0.1:0")
	r, _ := send(t, "POST", base+invocations, `{}`, "Origin", "http://evil.example", "Sec-Fetch-Site", "cross-site")
	require.Equal(t, 403, r.StatusCode)
	r, _ = send(t, "POST", base+invocations, `{}`)
	require.Equal(t, 200, r.StatusCode)
	require.NoError(t, stop())
}

func TestServeFails(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	for name, c := range map[string]struct{ addr, bootstrap, want string }{
		"a port that is taken": {taken.Addr().String(), bootstrap, "choose another port"},
		"no address":           {"9000", bootstrap, "give an address such as 127.0.0.1:9000"},
		"no bootstrap":         {"127.0.0.1:0", bootstrap + "-not", "build it first"},
	} {
		t.Run(name, func(t *testing.T) {
			err := locallambda.Serve(context.Background(), locallambda.Config{Bootstrap: c.bootstrap}, c.addr, new(journal))
			require.ErrorContains(t, err, c.want)
			requireNoGoroutines(t)
		})
	}
	require.ErrorContains(t, locallambda.Serve(context.Background(), locallambda.Config{Bootstrap: bootstrap}, "127.0.0.1:0", &brokenWriter{writes: 1}), "write to the log")
}
