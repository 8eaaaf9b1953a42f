package batch_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
)

// watcher notes the order of calls, and which of them had company.
type watcher struct {
	mu      sync.Mutex
	running map[string]bool
	order   []string
	company map[string]bool
}

func (w *watcher) Grade(ctx context.Context, r *grader.Rollout) (grader.Result, error) {
	name := r.Response()
	w.mu.Lock()
	for other := range w.running {
		w.company[other], w.company[name] = true, true
	}
	w.running[name] = true
	w.order = append(w.order, name)
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.running, name)
	}()
	verb, _, _ := strings.Cut(name, " ")
	switch verb {
	case "exit":
		runtime.Goexit()
	case "panic":
		panic("now")
	case "long":
		time.Sleep(50 * time.Second) // over half of the time for grading
	default:
		time.Sleep(time.Second)
	}
	return grader.Result{Score: 1}, nil
}

func TestLastAreGradedLastAndAlone(t *testing.T) {
	suspects := func(r *grader.Rollout) bool { return strings.HasSuffix(r.Response(), "suspect") }
	for _, c := range []struct {
		name    string
		answers []string
		width   int
		missing int // ungraded at the end
	}{
		{"among others", []string{"a suspect", "b", "c", "d suspect", "e", "f"}, 2, 0},
		{"more places than rollouts", []string{"a suspect", "b", "c suspect", "d"}, 64, 0},
		{"nothing but suspects", []string{"a suspect", "b suspect", "c suspect"}, 2, 0},
		{"others end their goroutines", []string{"exit 1", "exit 2", "a suspect", "b suspect", "exit 3"}, 2, 3},
		{"suspects end their goroutines", []string{"exit 1 suspect", "exit 2 suspect", "b", "exit 3 suspect"}, 2, 3},
		{"panics", []string{"panic 1", "panic suspect", "b suspect"}, 3, 2},
		{"places are lent", []string{"long 1", "long 2", "b", "c", "d suspect", "e suspect"}, 2, 0},
		{"the place of the only worker is lent", []string{"long 1", "b", "c suspect", "d suspect"}, 1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &watcher{running: map[string]bool{}, company: map[string]bool{}}
				runner := batch.Runner{Grader: w, Concurrency: c.width, Last: suspects}
				var items []grader.Item
				for i, answer := range c.answers {
					items = append(items, rollout(fmt.Sprint(i), "p", answer))
				}
				ctx, cancel := context.WithTimeout(t.Context(), 100*time.Second)
				defer cancel()
				outcomes := runner.Run(ctx, items)
				missing := 0
				for i, o := range outcomes {
					if !o.Graded() {
						missing++
						require.NotEqual(t, grader.FaultDeadline, o.Fault(), "%s: %v", c.answers[i], o.Err)
					}
				}
				require.Equal(t, c.missing, missing)
				require.Len(t, w.order, len(c.answers), "each is graded once")
				begun := false
				for _, name := range w.order {
					last := strings.HasSuffix(name, "suspect")
					require.False(t, begun && !last, "%s began after a suspect: %q", name, w.order)
					begun = begun || last
					require.False(t, last && w.company[name], "%s had company", name)
				}
			})
		})
	}
}

func TestAGroupWithASuspectIsLast(t *testing.T) {
	var order []string
	g := groupsOf(func(rs []*grader.Rollout) { order = append(order, rs[0].Response()) })
	runner := batch.Runner{Grader: g, Concurrency: 1, Last: func(r *grader.Rollout) bool { return r.Response() == "b" }}
	outcomes := runner.Run(t.Context(), []grader.Item{rollout("0", "p", "a"), rollout("1", "p", "b"), rollout("2", "q", "c")})
	require.True(t, outcomes[0].Graded() && outcomes[1].Graded() && outcomes[2].Graded())
	require.Equal(t, []string{"c", "a"}, order)
}

// groupsOf is a grader of groups that scores 1.
type groupsOf func([]*grader.Rollout)

func (g groupsOf) Grade(ctx context.Context, r *grader.Rollout) (grader.Result, error) {
	return grader.Result{Score: 1}, nil
}

func (g groupsOf) GradeBatch(_ context.Context, rs []*grader.Rollout) ([]grader.Result, []error) {
	g(rs)
	results := make([]grader.Result, len(rs))
	return results, make([]error, len(rs))
}
