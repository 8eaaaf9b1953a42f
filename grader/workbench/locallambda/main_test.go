package locallambda_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/locallambda"
)

// bootstrap is the path of the test function, built once.
var bootstrap string

// holder is set to that path when the tests run one of them in a program that
// they kill.
const holder = "LOCALLAMBDA_HOLDER"

func TestMain(m *testing.M) {
	if bootstrap = os.Getenv(holder); bootstrap != "" {
		os.Exit(m.Run())
	}
	dir, err := os.MkdirTemp("", "locallambda")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	bootstrap = filepath.Join(dir, "bootstrap")
	out, err := exec.Command("go", "build", "-o", bootstrap, "./testdata/bootstrap").CombinedOutput()
	code := 1
	if err != nil {
		fmt.Fprintf(os.Stderr, "build the test function: %v\n%s", err, out)
	} else {
		code = m.Run()
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

// start runs the test function and closes it at the end of the test. The
// time-outs are long, because a slow machine is no reason to fail.
func start(t testing.TB, config locallambda.Config) *locallambda.Function {
	t.Helper()
	if config.Bootstrap == "" {
		config.Bootstrap = bootstrap
	}
	if config.Timeout == 0 {
		config.Timeout = time.Minute
	}
	if config.InitTimeout == 0 {
		config.InitTimeout = time.Minute
	}
	f, err := locallambda.Start(context.Background(), config)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, f.Close()) })
	return f
}

func event(t testing.TB, fields map[string]any) []byte {
	t.Helper()
	b, err := json.Marshal(fields)
	require.NoError(t, err)
	return b
}

// invoke runs the function and expects no refusal.
func invoke(t testing.TB, f *locallambda.Function, fields map[string]any) locallambda.Response {
	t.Helper()
	r, err := f.Invoke(context.Background(), event(t, fields))
	require.NoError(t, err)
	return r
}

// succeed runs the function and decodes what it returns.
func succeed[T any](t testing.TB, f *locallambda.Function, fields map[string]any) T {
	t.Helper()
	r := invoke(t, f, fields)
	require.Empty(t, r.FunctionError, "%s", r.Payload)
	var v T
	require.NoError(t, json.Unmarshal(r.Payload, &v))
	return v
}

// fault decodes a function error.
type fault struct {
	Type    string            `json:"errorType"`
	Message string            `json:"errorMessage"`
	Trace   []json.RawMessage `json:"stackTrace"`
}

func failed(t testing.TB, r locallambda.Response) fault {
	t.Helper()
	require.Equal(t, "Unhandled", r.FunctionError, "%s", r.Payload)
	var v fault
	require.NoError(t, json.Unmarshal(r.Payload, &v))
	return v
}

type report struct {
	PID      int               `json:"pid"`
	PPID     int               `json:"ppid"`
	PGID     int               `json:"pgid"`
	Dir      string            `json:"dir"`
	Env      []string          `json:"env"`
	API      string            `json:"api"`
	Deadline int64             `json:"deadline"`
	ID       string            `json:"id"`
	ARN      string            `json:"arn"`
	Client   map[string]string `json:"client"`
	Trace    string            `json:"trace"`
}

var do = struct{ report map[string]any }{report: map[string]any{"do": "report"}}

// A gate is a URL that the function asks, and where it is held until the test
// lets it go.
type gate struct {
	url     string
	arrived chan url.Values
	let     chan struct{}
	once    sync.Once
}

func newGate(t testing.TB) *gate {
	g := &gate{arrived: make(chan url.Values, 100), let: make(chan struct{})}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		g.arrived <- r.URL.Query()
		select {
		case <-g.let:
		case <-r.Context().Done():
		}
	}))
	g.url = server.URL
	t.Cleanup(func() { g.open(); server.Close() })
	return g
}

func (g *gate) open() { g.once.Do(func() { close(g.let) }) }

// background runs an invocation that is waited for later.
type background struct {
	done     chan struct{}
	response locallambda.Response
	err      error
}

func inBackground(t testing.TB, f *locallambda.Function, fields map[string]any) *background {
	t.Helper()
	payload := event(t, fields)
	b := &background{done: make(chan struct{})}
	go func() {
		defer close(b.done)
		b.response, b.err = f.Invoke(context.Background(), payload)
	}()
	return b
}

func (b *background) wait(t testing.TB) locallambda.Response {
	t.Helper()
	<-b.done
	require.NoError(t, b.err)
	return b.response
}

// send sends a request to a runtime API or the invoke API.
func send(t testing.TB, method, url, body string, header ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	require.NoError(t, err)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	var b bytes.Buffer
	_, err = b.ReadFrom(response.Body)
	require.NoError(t, err)
	return response, b.String()
}

// A journal is a log that can be read while it is written.
type journal struct {
	mu     sync.Mutex
	b      bytes.Buffer
	writes int
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.writes++
	return j.b.Write(b)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.String()
}
