package workbench_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func promptLine(i int) string {
	return fmt.Sprintf(`{"id":"%d","messages":[{"role":"user","content":"question %d%s"}]}`+"\n", i, i, strings.Repeat(" and so on", 50))
}

func TestInterruptionKeepsTheRecordsBefore(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	input := &lines{left: 1500, line: func(i int) string {
		if i == 1200 {
			interrupt()
		}
		return promptLine(i)
	}}
	out := filepath.Join(t.TempDir(), "out.jsonl")
	r := run(ctx, input, testKinds(), "dataset", "dedupe", "--out", out, "-")
	require.Equal(t, 2, r.code)
	b, err := os.ReadFile(out)
	require.NoError(t, err)
	kept := strings.Count(string(b), "\n")
	require.Less(t, kept, 1500)
	require.Equal(t, fmt.Sprintf("rft: interrupted after %d records of output, in %s\n", kept, out), r.stderr.String())
	require.Equal(t, promptLine(0), string(b[:len(promptLine(0))]))
	require.True(t, strings.HasSuffix(string(b), promptLine(kept-1)), "whole lines only")
}

func TestInterruptedSplitLeavesNothing(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	input := &lines{left: 1500, line: func(i int) string {
		if i == 1200 {
			interrupt()
		}
		return promptLine(i)
	}}
	out := filepath.Join(t.TempDir(), "data")
	r := run(ctx, input, testKinds(), "dataset", "split", "--out", out, "-")
	require.Equal(t, 2, r.code)
	require.Equal(t, "rft: standard input: interrupted\n", r.stderr.String())
	require.NoFileExists(t, filepath.Join(out, "train.jsonl"))
}

// The parts of a split are the whole, byte for byte and in order.
func TestSplitChangesNoRecord(t *testing.T) {
	folder := t.TempDir()
	var all bytes.Buffer
	for i := range 3000 {
		// Each prompt stands in three places.
		fmt.Fprintf(&all, "{ \"id\": %d,\"messages\":[{\"role\":\"user\",\"content\":\"\\u0071 %d\"}], \"x\":1.50 }\n", i, i%1000)
	}
	in := filepath.Join(folder, "all.jsonl")
	require.NoError(t, os.WriteFile(in, all.Bytes(), 0o666))
	r := run(t.Context(), nil, testKinds(), "dataset", "split", in, "--out", folder, "--share", "0.2", "--format", "json")
	require.Zero(t, r.code, r.stderr.String())
	require.Contains(t, r.stdout.String(), `"validation": 600,`)
	parts := map[string][]string{}
	for _, name := range []string{"train", "validation"} {
		b, err := os.ReadFile(filepath.Join(folder, name+".jsonl"))
		require.NoError(t, err)
		parts[name] = strings.SplitAfter(strings.TrimSuffix(string(b), "\n"), "\n")
	}
	require.Len(t, parts["validation"], 600)
	for line := range strings.Lines(all.String()) {
		took := false
		for name, rest := range parts {
			if len(rest) > 0 && strings.TrimSpace(rest[0]) == strings.TrimSpace(line) {
				parts[name], took = rest[1:], true
			}
		}
		require.True(t, took, line)
	}
	require.Empty(t, parts["train"])
	require.Empty(t, parts["validation"])
}
