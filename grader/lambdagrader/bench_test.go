package lambdagrader_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/lambdagrader"
	"github.com/rftgrader/rftgrader/grader/spec"
	"github.com/rftgrader/rftgrader/graders"
	"github.com/rftgrader/rftgrader/testdata"
)

// BenchmarkInvoke grades the trainer's usual batch through the handler, warm.
// Each round has answers of its own, so nothing is answered from the cache.
// cpu-ms/op is the processor time of all threads.
func BenchmarkInvoke(b *testing.B) {
	s, err := spec.Open(testdata.Path("specs", "gsm8k.yaml"), graders.All)
	require.NoError(b, err)
	for _, bytes := range []int{500, 4000} {
		b.Run(fmt.Sprintf("64 numeric rollouts of %d bytes", bytes), func(b *testing.B) {
			h, err := lambdagrader.NewHandler(s, lambdagrader.Config{})
			require.NoError(b, err)
			const rounds = 100
			var payloads [rounds][]byte
			for i := range payloads {
				var rows []map[string]any
				for j := range 64 {
					rows = append(rows, map[string]any{
						"id": fmt.Sprintf("rollout-%d", j),
						"messages": []map[string]string{
							{"role": "user", "content": fmt.Sprintf("A question with the number %d in it?", j/8)},
							{"role": "assistant", "content": strings.Repeat("So 3 * 4 = 12 and on we go.\n", bytes/28) + fmt.Sprintf("#### %d", i*64+j)},
						},
						"metadata": map[string]any{"reference_answer": map[string]string{"final_answer": "1,024"}},
					})
				}
				payloads[i], err = json.Marshal(rows)
				require.NoError(b, err)
			}
			for _, p := range payloads[:3] {
				_, err := h.Invoke(b.Context(), p)
				require.NoError(b, err)
			}
			start, i := processorTime(), 0
			for b.Loop() {
				if i%rounds == 0 {
					b.StopTimer()
					paused := processorTime()
					h, err = lambdagrader.NewHandler(s, lambdagrader.Config{})
					require.NoError(b, err)
					start += processorTime() - paused
					b.StartTimer()
				}
				if _, err := h.Invoke(b.Context(), payloads[i%rounds]); err != nil {
					b.Fatal(err)
				}
				i++
			}
			b.ReportMetric(float64(processorTime()-start)/float64(time.Millisecond)/float64(b.N), "cpu-ms/op")
		})
	}
}

func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkServe answers one rollout behind the response lock, Runtime API
// included: against a batch of the same size through Invoke it is what the lock
// and the two requests cost.
func BenchmarkServe(b *testing.B) {
	h := newSweeping(b, &sweeper{Func: length, sweep: noSweep}, lambdagrader.Config{})
	api, _ := serve(b, h, nil)
	p := payload(b, "1")
	for b.Loop() {
		api.events <- p
		<-api.posts
	}
}
