package deploy_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/lambdagrader"
	"github.com/rftgrader/rftgrader/testdata"
)

func guide(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(testdata.Root(), "deploy", "README.md"))
	require.NoError(t, err)
	return string(text)
}

// TestTheGuideExplainsEveryMetric compares the guide's table with what is written.
func TestTheGuideExplainsEveryMetric(t *testing.T) {
	_, table, found := strings.Cut(guide(t), "| metric |")
	require.True(t, found)
	table, _, _ = strings.Cut(table, "\n\n")
	var explained []string
	for line := range strings.Lines(table) {
		cells := strings.Split(line, "|")
		if len(cells) < 3 {
			continue
		}
		for _, m := range regexp.MustCompile("`([A-Za-z]+)`").FindAllStringSubmatch(cells[1], -1) {
			explained = append(explained, m[1])
		}
	}
	require.ElementsMatch(t, slices.Collect(maps.Keys(lambdagrader.MetricNames())), explained)
}

// TestBlocksOfTheGuide wants each block either run by the tests, or marked.
func TestBlocksOfTheGuide(t *testing.T) {
	blocks := regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$").FindAllStringSubmatch(guide(t), -1)
	require.Greater(t, len(blocks), 5)
	for _, b := range blocks {
		switch b[1] {
		case "sh", "console":
		default:
			require.True(t, strings.HasPrefix(b[2], "# needs an account\n"), "%s", b[2])
		}
	}
}

// TestQueriesOfTheGuide wants each field that a query reads in the function's log.
func TestQueriesOfTheGuide(t *testing.T) {
	source, err := os.ReadFile(filepath.Join(testdata.Root(), "grader", "lambdagrader", "log.go"))
	require.NoError(t, err)
	fields := regexp.MustCompile(`\b(fault|cause|scored|requestId|rollouts|graded|rewardMean|rewardSD|flatGroups|groups|spec|milliseconds)\b`)
	_, queries, found := strings.Cut(guide(t), "# ungraded rollouts by cause")
	require.True(t, found)
	queries, _, _ = strings.Cut(queries, "```")
	queries = regexp.MustCompile(`(?m)^#.*$`).ReplaceAllString(queries, "")
	known := map[string]bool{}
	for _, w := range strings.Fields("filter message stats count as n by sort desc ispresent and display timestamp avg sum bin m limit rollout not") {
		known[w] = true
	}
	for _, w := range regexp.MustCompile(`[A-Za-z]+`).FindAllString(queries, -1) {
		if known[w] {
			continue
		}
		require.Regexp(t, fields, w)
		require.Contains(t, string(source), `"`+w+`"`)
	}
}

// TestMessagesOfTheGuide wants the messages that are the program's own in its sources.
func TestMessagesOfTheGuide(t *testing.T) {
	require.Contains(t, guide(t), "no grader spec: put grader.yaml beside the binary")
	source, err := os.ReadFile(filepath.Join(testdata.Root(), "grader", "lambdagrader", "main.go"))
	require.NoError(t, err)
	require.Contains(t, string(source), "no grader spec: put %s beside the binary")
	require.Equal(t, "grader.yaml", lambdagrader.SpecFile)
}
