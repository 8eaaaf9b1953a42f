package bedrock_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

// TestDamagedAnswers cuts answers at every byte and damages others: each is
// read, or is an error of a known class.
func TestDamagedAnswers(t *testing.T) {
	const rich = `{"metrics":{"latencyMs":1},"output":{"message":{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"a"}}},{"text":"b"},` +
		`{"toolUse":{"toolUseId":"t","name":"n","input":{"score":1e400,"s":"8"}}},{"citationsContent":{"content":[{"text":"c"},{"x":{}}]}},{"x":{}},null]}},` +
		`"stopReason":"end_turn","usage":{"inputTokens":10,"outputTokens":3,"totalTokens":13,"cacheReadInputTokens":-1}}`
	const damage = "{}[]\":,0-en \x00\xff"
	var body []byte
	endpoint(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) })
	c := caller(t)
	whole := false
	check := func() {
		a, err := c.Converse(context.Background(), question)
		if err == nil {
			require.NotNil(t, a)
			require.GreaterOrEqual(t, min(a.Usage.Input, a.Usage.Output, a.Usage.CacheRead), 0)
			return
		}
		require.Nil(t, a)
		e, ok := errors.AsType[*converse.Error](err)
		require.True(t, ok)
		require.True(t, slices.Contains(converse.Classes(), e.Class))
		require.False(t, whole, "%v", err)
	}
	for n := range len(rich) {
		body = []byte(rich[:n])
		check()
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		body = []byte(rich)
		for range 1 + random.IntN(3) {
			body[random.IntN(len(body))] = damage[random.IntN(len(damage))]
		}
		check()
	}
	body, whole = []byte(rich), true
	check()
}
