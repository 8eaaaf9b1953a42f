package lambdagrader

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
)

// A part is a service of the test.
type part struct {
	invoke func(context.Context, []byte) ([]byte, error)
	spent  error
	closed int
}

func (p *part) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	return p.invoke(ctx, payload)
}
func (p *part) Spent() error { return p.spent }
func (p *part) Close() error { p.closed++; return nil }

// A partAPI is a Runtime API with events of the test, and keeps what was posted.
type partAPI struct {
	events chan string
	posted chan string
	open   chan struct{} // a response has begun
}

func newPartAPI(t *testing.T, events ...string) (*partAPI, string) {
	t.Helper()
	a := &partAPI{events: make(chan string, 8), posted: make(chan string, 8), open: make(chan struct{}, 8)}
	for _, e := range events {
		a.events <- e
	}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	return a, strings.TrimPrefix(server.URL, "http://")
}

func (a *partAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		select {
		case e := <-a.events:
			w.Header().Set("Lambda-Runtime-Aws-Request-Id", "id-"+e)
			w.Header().Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(time.Minute).UnixMilli(), 10))
			_, _ = io.WriteString(w, e)
		case <-r.Context().Done():
		}
		return
	}
	w.WriteHeader(http.StatusContinue)
	a.open <- struct{}{}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	_, name, _ := strings.Cut(r.URL.Path, "/invocation/")
	a.posted <- fmt.Sprintf("%s %s %s", name, r.Trailer.Get(headerErrorType), body)
	w.WriteHeader(http.StatusAccepted)
}

func TestPlay(t *testing.T) {
	api, addr := newPartAPI(t, "1", "2", "3", "4", "5")
	worn := errors.New("a program has stayed")
	p := &part{}
	p.invoke = func(ctx context.Context, payload []byte) ([]byte, error) {
		<-api.open // or the test hangs: the response is open before the service is asked
		if _, ok := ctx.Deadline(); !ok {
			return nil, errors.New("no deadline")
		}
		switch string(payload) {
		case "2":
			return nil, grader.Transientf("no room")
		case "3":
			panic("what a program said")
		case "4":
			p.spent = worn
		}
		return append([]byte("answer "), payload...), nil
	}
	require.ErrorIs(t, play(t.Context(), p, addr), worn)
	require.Equal(t, 1, p.closed)
	require.Len(t, api.posted, 4, "each is answered, also the one that it was spent with")
	require.Equal(t, "id-1/response  answer 1", <-api.posted)
	require.Contains(t, <-api.posted, `id-2/response TransientError {"errorMessage":"no room"`)
	third := <-api.posted
	require.Contains(t, third, "id-3/response PermanentError")
	require.NotContains(t, third, "what a program said")
	require.Equal(t, "id-4/response  answer 4", <-api.posted)
	require.Len(t, api.events, 1, "the next event is left for a fresh process")
}

func TestPlayEndsWithItsContext(t *testing.T) {
	_, addr := newPartAPI(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p := &part{}
	require.ErrorIs(t, play(ctx, p, addr), context.Canceled)
	require.Equal(t, 1, p.closed)
}

func TestPlayRole(t *testing.T) {
	started := 0
	kinds := append(startKinds(), startKinds()[0].WithService("cook", func(_ context.Context, env *grader.Env) (grader.Service, error) {
		started++
		require.Equal(t, "cook", env.Name)
		return nil, grader.Permanentf("no pots")
	}))[1:]
	for _, c := range []struct {
		name, role string
		lambda     bool
		kinds      []*grader.Kind
		exit       int
		want       string
	}{
		{"outside of Lambda", "cook", false, kinds, 2, "--env GRADER_ROLE=cook"},
		{"a service that does not start", "cook", true, kinds, 1, `the grader did not start: GRADER_ROLE is "cook": no pots`},
		{"a part that nobody plays", "wait", true, kinds, 1, `GRADER_ROLE is "wait": no kind of this program has a service "wait": there are cook`},
		{"kinds that are none", "cook", true, append(startKinds(), startKinds()...), 1, "the program's kinds"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv(runtimeAPIVariable, "")
			var init string
			if c.lambda {
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					init = r.URL.Path
					w.WriteHeader(http.StatusAccepted)
				}))
				defer server.Close()
				t.Setenv(runtimeAPIVariable, strings.TrimPrefix(server.URL, "http://"))
			}
			var stderr bytes.Buffer
			require.Equal(t, c.exit, playRole(t.Context(), &stderr, slog.New(slog.DiscardHandler), c.kinds, c.role))
			require.Contains(t, stderr.String(), c.want)
			require.Equal(t, c.lambda, init == "/2018-06-01/runtime/init/error")
		})
	}
	require.Equal(t, 1, started)
}
