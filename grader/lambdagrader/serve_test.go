package lambdagrader_test

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/lambdagrader"
	"github.com/rftgrader/rftgrader/grader/spec"
)

// A sweeper is a grader of functions of the test.
type sweeper struct {
	grader.Func
	sweep func(context.Context) (int, error)
}

func (s *sweeper) Sweep(ctx context.Context) (int, error) { return s.sweep(ctx) }

func newSweeping(t testing.TB, g *sweeper, cfg lambdagrader.Config) *lambdagrader.Handler {
	t.Helper()
	kind := grader.Define("fn", "Fn calls functions of the test.", struct{}{},
		func(*grader.Env, struct{}) (grader.Grader, error) { return g, nil })
	s, err := spec.Parse("grader.yaml", []byte(plainSpec), []*grader.Kind{kind})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	h, err := lambdagrader.NewHandler(s, cfg)
	require.NoError(t, err)
	return h
}

// A fakeAPI is a Runtime API of the test.
type fakeAPI struct {
	*httptest.Server
	events  chan []byte
	time    time.Duration // for each invocation
	refuse  func(w http.ResponseWriter, r *http.Request) bool
	reading atomic.Int32 // responses that have begun and not ended
	posts   chan posted
	count   atomic.Int32
}

type posted struct {
	path    string
	header  http.Header
	trailer http.Header
	body    string
}

// serve runs the handler against a Runtime API of the test until the test ends.
func serve(t testing.TB, h *lambdagrader.Handler, refuse func(http.ResponseWriter, *http.Request) bool) (*fakeAPI, func() error) {
	t.Helper()
	api := &fakeAPI{events: make(chan []byte, 8), posts: make(chan posted, 8), refuse: refuse, time: time.Minute}
	api.Server = httptest.NewServer(api)
	t.Cleanup(api.Close)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Serve(ctx, strings.TrimPrefix(api.URL, "http://")) }()
	wait := sync.OnceValue(func() error { return <-done })
	t.Cleanup(func() { stop(); _ = wait() })
	return api, wait
}

func (a *fakeAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		select {
		case event := <-a.events:
			h := w.Header()
			h.Set("Lambda-Runtime-Aws-Request-Id", fmt.Sprint("event-", a.count.Add(1)))
			h.Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:f")
			h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(a.time).UnixMilli(), 10))
			_, _ = w.Write(event)
		case <-r.Context().Done():
		}
		return
	}
	if a.refuse != nil && a.refuse(w, r) {
		return
	}
	a.reading.Add(1)
	body, err := io.ReadAll(r.Body)
	a.reading.Add(-1)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	a.posts <- posted{r.URL.Path, r.Header, r.Trailer, string(body)}
	w.WriteHeader(http.StatusAccepted)
}

func noSweep(context.Context) (int, error) { return 0, nil }

func TestServe(t *testing.T) {
	var logs safeBuffer
	var api *fakeAPI
	var sweeps atomic.Int32
	h := newSweeping(t, &sweeper{
		Func: func(ctx context.Context, r *grader.Rollout) (grader.Result, error) {
			if api.reading.Load() != 1 {
				return grader.Result{}, grader.Permanentf("the response is not open")
			}
			return length(ctx, r)
		},
		sweep: func(context.Context) (int, error) {
			if n := sweeps.Add(1); n > 1 && api.reading.Load() != 1 {
				return 0, errors.New("the response is not open")
			}
			return 7, nil
		},
	}, lambdagrader.Config{Log: lambdagrader.NewLogger(&logs, slog.LevelInfo)})
	api, _ = serve(t, h, nil)

	for range 2 {
		api.events <- payload(t, "1", "22", "333")
		got := <-api.posts
		want, err := h.Invoke(t.Context(), payload(t, "1", "22", "333"))
		require.NoError(t, err)
		require.Equal(t, string(want), got.body)
		require.Equal(t, "application/json", got.header.Get("Content-Type"))
		require.Equal(t, "streaming", got.header.Get("Lambda-Runtime-Function-Response-Mode"))
		require.Empty(t, got.trailer.Get("Lambda-Runtime-Function-Error-Type"))
	}
	var served []map[string]any
	for line := range strings.Lines(logs.String()) {
		var entry map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &entry))
		if id, _ := entry["requestId"].(string); entry["message"] == "batch graded" && strings.HasPrefix(id, "event-") {
			served = append(served, entry)
		}
	}
	require.Len(t, served, 2)
	for _, entry := range served {
		require.Equal(t, true, entry["locked"])
		require.Equal(t, 7.0, entry["swept"])
		require.Equal(t, 3.0, entry["graded"])
	}
}

func TestAFailedBatchReachesTheCallerBehindTheLock(t *testing.T) {
	long := strings.Repeat("\"é\x01", 4000)
	for _, c := range []struct {
		name, payload string
		path          string // the end of it
		kind          string
		text          string
	}{
		{"a policy that fails", string(payload(t, "1", "throttle")), "/response", "Failure", "1 of 2 rollouts ungraded (transient 1)"},
		{"a long error", string(payload(t, "1", "long")), "/response", "Failure", "1 of 2 rollouts ungraded (transient 1)"},
		{"no payload", `{"rollouts":[]}`, "/error", "PayloadError", "without messages"},
		{"a panic outside of graders", string(payload(t, "sweep badly")), "/response", "PermanentError", "the function panicked"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var badly atomic.Bool
			h := newSweeping(t, &sweeper{
				Func: func(ctx context.Context, r *grader.Rollout) (grader.Result, error) {
					if r.Response() == "long" {
						return grader.Result{}, grader.Transientf("%s", long)
					}
					badly.Store(r.Response() == "sweep badly")
					return length(ctx, r)
				},
				sweep: func(context.Context) (int, error) {
					if badly.Swap(false) {
						panic("what the answer said")
					}
					return 0, nil
				},
			}, lambdagrader.Config{})
			api, _ := serve(t, h, nil)
			api.events <- []byte(c.payload)
			got := <-api.posts
			require.True(t, strings.HasSuffix(got.path, c.path), got.path)

			type fault struct{ ErrorType, ErrorMessage string }
			var body fault
			require.NoError(t, json.Unmarshal([]byte(got.body), &body), "the body is no scores either")
			require.Equal(t, c.kind, body.ErrorType)
			require.Contains(t, body.ErrorMessage, c.text)
			require.NotContains(t, body.ErrorMessage, "what the answer said")
			if c.path == "/error" {
				require.Equal(t, c.kind, got.header.Get("Lambda-Runtime-Function-Error-Type"))
			} else {
				require.Equal(t, c.kind, got.trailer.Get("Lambda-Runtime-Function-Error-Type"))
				encoded := got.trailer.Get("Lambda-Runtime-Function-Error-Body")
				require.Less(t, len(encoded), 3<<10)
				text, err := base64.StdEncoding.DecodeString(encoded)
				require.NoError(t, err)
				var short fault
				require.NoError(t, json.Unmarshal(text, &short))
				require.Equal(t, c.kind, short.ErrorType)
				require.True(t, strings.HasPrefix(body.ErrorMessage, short.ErrorMessage))
				require.Contains(t, short.ErrorMessage, c.text)
			}
			api.events <- payload(t, "1")
			require.Contains(t, (<-api.posts).body, "aggregate_reward_score", "the process lives on")
		})
	}
}

func TestServeKeepsTheReserve(t *testing.T) {
	h := newSweeping(t, &sweeper{
		Func: func(ctx context.Context, r *grader.Rollout) (grader.Result, error) {
			<-ctx.Done()
			return grader.Result{}, ctx.Err()
		},
		sweep: noSweep,
	}, lambdagrader.Config{})
	api, _ := serve(t, h, nil)
	api.time = time.Second
	api.events <- payload(t, "1")
	got := <-api.posts
	require.Equal(t, "Failure", got.trailer.Get("Lambda-Runtime-Function-Error-Type"))
	require.Contains(t, got.body, "deadline 1")
}

func TestSweepIsBoundedAndItsErrorCostsNoBatch(t *testing.T) {
	var logs safeBuffer
	var limits []time.Duration
	h := newSweeping(t, &sweeper{Func: length, sweep: func(ctx context.Context) (int, error) {
		deadline, _ := ctx.Deadline()
		limits = append(limits, time.Until(deadline))
		return 2, errors.New("one is left")
	}}, lambdagrader.Config{Log: lambdagrader.NewLogger(&logs, slog.LevelInfo)})
	_, err := h.Invoke(t.Context(), payload(t, "1"))
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	_, err = h.Invoke(ctx, payload(t, "22"))
	require.NoError(t, err)
	cancel()
	_, err = h.Invoke(ctx, payload(t, "333"))
	require.Error(t, err, "nothing is graded, but what earlier batches left is swept")
	require.Len(t, limits, 3)
	require.LessOrEqual(t, limits[0], 2*time.Second)
	require.LessOrEqual(t, limits[1], 500*time.Millisecond)
	require.Equal(t, 3, strings.Count(logs.String(), "one is left"))
	require.Equal(t, 3, strings.Count(logs.String(), `"swept":2`))
}

func TestNoSweepWhileAnotherBatchIsGraded(t *testing.T) {
	var grading, swept atomic.Int32
	arrived, release := make(chan struct{}), make(chan struct{})
	h := newSweeping(t, &sweeper{
		Func: func(ctx context.Context, r *grader.Rollout) (grader.Result, error) {
			grading.Add(1)
			defer grading.Add(-1)
			if r.Response() == "slow" {
				close(arrived)
				<-release
			}
			return length(ctx, r)
		},
		sweep: func(context.Context) (int, error) {
			if grading.Load() > 0 {
				return 0, errors.New("swept in the middle of another batch")
			}
			swept.Add(1)
			return 0, nil
		},
	}, lambdagrader.Config{})
	done := make(chan error, 1)
	go func() {
		_, err := h.Invoke(context.Background(), payload(t, "slow"))
		done <- err
	}()
	<-arrived
	_, err := h.Invoke(t.Context(), payload(t, "fast"))
	require.NoError(t, err)
	require.Zero(t, swept.Load())
	close(release)
	require.NoError(t, <-done)
	require.EqualValues(t, 1, swept.Load())
}

func TestServeWhereTheLockIsNotConfirmed(t *testing.T) {
	newHandler := func(t *testing.T, logs *safeBuffer) *lambdagrader.Handler {
		return newSweeping(t, &sweeper{Func: length, sweep: noSweep},
			lambdagrader.Config{Log: lambdagrader.NewLogger(logs, slog.LevelInfo)})
	}
	t.Run("a server that does not know how is asked once", func(t *testing.T) {
		var logs safeBuffer
		var asked atomic.Int32
		api, _ := serve(t, newHandler(t, &logs), func(w http.ResponseWriter, r *http.Request) bool {
			if r.Header.Get("Expect") == "" {
				return false
			}
			asked.Add(1)
			w.WriteHeader(http.StatusExpectationFailed)
			return true
		})
		for range 2 {
			api.events <- payload(t, "1", "22")
			require.Contains(t, (<-api.posts).body, "aggregate_reward_score")
		}
		require.EqualValues(t, 1, asked.Load())
		require.Equal(t, 2, strings.Count(logs.String(), `"locked":false`))
	})
	t.Run("a server that says nothing is waited for once", func(t *testing.T) {
		var logs safeBuffer
		var asked atomic.Int32
		bodies := make(chan string, 1)
		api, _ := serve(t, newHandler(t, &logs), func(w http.ResponseWriter, r *http.Request) bool {
			if r.Header.Get("Expect") == "" {
				return false
			}
			asked.Add(1)
			conn, rw, err := w.(http.Hijacker).Hijack()
			if err != nil {
				return true
			}
			defer conn.Close()
			body, _ := io.ReadAll(httputil.NewChunkedReader(rw))
			bodies <- string(body)
			_, _ = rw.WriteString("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
			rw.Flush()
			_, _ = io.Copy(io.Discard, bufio.NewReader(conn))
			return true
		})
		api.events <- payload(t, "1", "22")
		require.Contains(t, <-bodies, "aggregate_reward_score")
		api.events <- payload(t, "1", "22")
		require.Contains(t, (<-api.posts).body, "aggregate_reward_score")
		require.EqualValues(t, 1, asked.Load())
		require.Equal(t, 2, strings.Count(logs.String(), `"locked":false`))
	})
}

func TestAResponseThatIsRefusedEndsServe(t *testing.T) {
	var graded atomic.Bool
	h := newSweeping(t, &sweeper{
		Func: func(ctx context.Context, r *grader.Rollout) (grader.Result, error) {
			graded.Store(true)
			return length(ctx, r)
		},
		sweep: noSweep,
	}, lambdagrader.Config{})
	// Somebody has answered already.
	api, wait := serve(t, h, func(w http.ResponseWriter, r *http.Request) bool {
		w.WriteHeader(http.StatusForbidden)
		return true
	})
	api.events <- payload(t, "1")
	require.ErrorContains(t, wait(), "403")
	require.False(t, graded.Load(), "no program runs for a batch that cannot be answered")
}

func TestServeEndsWithItsContext(t *testing.T) {
	h := newSweeping(t, &sweeper{Func: length, sweep: noSweep}, lambdagrader.Config{})
	ctx, stop := context.WithCancel(t.Context())
	api := httptest.NewServer(&fakeAPI{})
	defer api.Close()
	done := make(chan error, 1)
	go func() { done <- h.Serve(ctx, strings.TrimPrefix(api.URL, "http://")) }()
	stop()
	require.ErrorIs(t, <-done, context.Canceled)
}
