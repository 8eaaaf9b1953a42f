package split_test

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/split"
	"github.com/rftgrader/rftgrader/testdata"
)

// item is one line of the shared cases.
type item struct {
	ID, Language, Code, Expected, Category string
	Tests                                  struct {
		Kind, Framework, Entry, Prompt, Test, Setup string
		Asserts, Tests                              []string
		Files                                       map[string]string
		SolutionFile                                string `json:"solution_file"`
		Limits                                      struct {
			Time   float64 `json:"time_s"`
			Memory int64   `json:"memory_mb"`
		}
	}
}

func (i item) tests() *split.Tests {
	t := i.Tests
	return &split.Tests{
		Kind: t.Kind, Framework: t.Framework, Entry: t.Entry, Prompt: t.Prompt, Test: t.Test, Setup: t.Setup,
		Asserts: t.Asserts, Files: t.Files, SolutionFile: t.SolutionFile, Names: t.Tests,
		Limits: sandbox.Limits{Time: time.Duration(t.Limits.Time * float64(time.Second)), Memory: t.Limits.Memory << 20},
	}
}

// shared reads the cases of a file that are tests as programs.
func shared(t testing.TB, name string) []item {
	f, err := os.Open(testdata.Shared(t, "cases", "code", name))
	require.NoError(t, err)
	defer f.Close()
	var items []item
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var i item
		require.NoError(t, json.Unmarshal(lines.Bytes(), &i))
		switch i.Tests.Kind {
		case split.Check, split.Asserts, split.Unit:
			items = append(items, i)
		}
	}
	require.NoError(t, lines.Err())
	require.NotEmpty(t, items)
	return items
}

func TestHonest(t *testing.T) {
	for _, i := range shared(t, "honest.jsonl") {
		t.Run(i.ID, func(t *testing.T) {
			report, err := split.Run(t.Context(), opener(t), i.tests(), sandbox.Program{Language: language(i.Language), Source: i.Code})
			require.NoError(t, err)
			require.True(t, report.Trusted)
			require.Empty(t, report.Unsplittable)
			require.Len(t, report.Tests, 1)
			require.Equal(t, i.Expected == "pass", report.Tests[0].Passed, "%+v", report.Tests[0])
		})
	}
}
