package code_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code"
	"github.com/rftgrader/rftgrader/graders/code/internal/cage"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// jailed is one jail for all tests of this package, so that its toolchains are
// looked for once. Graders that the tests leave open do not own it.
var jailed struct {
	once     sync.Once
	executor sandbox.Executor
	err      error
}

func TestMain(m *testing.M) {
	status := cage.Main(m)
	if jailed.executor != nil {
		if err := jailed.executor.Close(); err != nil {
			fmt.Fprintln(os.Stderr, "close the jail:", err)
			status = 1
		}
	}
	os.Exit(status)
}

// borrowed is an executor that somebody else closes.
type borrowed struct{ sandbox.Opener }

func (borrowed) Close() error { return nil }

// jailKind is the kind code with the jail of the tests. It skips the test where
// this machine cannot run programs at all.
func jailKind(t testing.TB) *grader.Kind {
	t.Helper()
	jailed.once.Do(func() {
		jailed.executor, jailed.err = code.Jail().Open(context.Background(), code.Setup{Languages: code.Languages()})
	})
	var permanent *grader.PermanentError
	if errors.As(jailed.err, &permanent) {
		t.Skipf("no program can be run here: %v", jailed.err)
	}
	require.NoError(t, jailed.err)
	return code.New(code.Engine{Name: "jail", Open: func(context.Context, code.Setup) (sandbox.Executor, error) {
		return borrowed{jailed.executor.(sandbox.Opener)}, nil
	}})
}

func build(t testing.TB, kind *grader.Kind, options string) grader.Grader {
	t.Helper()
	g, err := kind.New(&grader.Env{Name: "tests"}, []byte(options))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, g.(io.Closer).Close()) })
	return g
}

// rollout makes a rollout of an answer and a reference in JSON.
func rollout(t testing.TB, answer, reference string) *grader.Rollout {
	t.Helper()
	ref, err := grader.NewReference(json.RawMessage(reference))
	require.NoError(t, err)
	return &grader.Rollout{Reference: ref, Messages: []grader.Message{
		{Role: "user", Content: grader.TextContent("Write the program.")},
		{Role: "assistant", Content: grader.TextContent(answer)},
	}}
}

// block is an answer with code in a block.
func block(language, source string) string { return "```" + language + "\n" + source + "\n```" }

func metrics(r grader.Result) map[string]float64 {
	m := map[string]float64{}
	for _, metric := range r.Metrics {
		m[metric.Name] = metric.Value
	}
	return m
}
