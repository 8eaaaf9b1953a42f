package workbench_test

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench"
)

func TestNumber(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0", math.Copysign(0, -1): "0", 1: "1", -1: "-1", 0.5: "0.5", 1. / 3: "0.3333", 2. / 3: "0.6667", 1234567: "1234567",
		0.0001: "0.0001", 0.00001234: "1.234e-05", -3e12: "-3e+12", math.Inf(1): "too large", math.NaN(): "too large",
		0.99996: "1", -0.99996: "-1",
	} {
		require.Equal(t, want, workbench.Number(x), "%v", x)
	}
}

func TestPercent(t *testing.T) {
	for _, tc := range []struct {
		n, of int
		want  string
	}{
		{0, 3, "0%"}, {0, 0, "0%"}, {3, 3, "100%"}, {1, 3, "33.3%"}, {1, 2, "50.0%"}, {1, 100_000, "<0.1%"}, {99_999, 100_000, ">99.9%"}, {999, 1000, "99.9%"},
	} {
		require.Equal(t, tc.want, workbench.Percent(tc.n, tc.of), "%d of %d", tc.n, tc.of)
	}
}

func TestSeconds(t *testing.T) {
	for s, want := range map[float64]string{0.0004: "0.4 ms", 0.05: "50.0 ms", 1.234: "1.23 s", 75.4: "75 s"} {
		require.Equal(t, want, workbench.Seconds(s))
	}
}

func TestBar(t *testing.T) {
	for _, tc := range []struct {
		name    string
		n, most int
		utf8    bool
		want    string
	}{
		{"nothing", 0, 8, true, ""},
		{"nothing at all", 0, 0, true, ""},
		{"the longest", 8, 8, true, strings.Repeat("█", 40)},
		{"half", 4, 8, true, strings.Repeat("█", 20)},
		{"an eighth of a character", 1, 320, true, "▏"},
		{"less than can be drawn", 1, 1_000_000, true, "▏"},
		{"seven eighths", 7, 320, true, "▉"},
		{"plain", 4, 8, false, strings.Repeat("#", 20)},
		{"plain, less than can be drawn", 1, 1_000_000, false, "#"},
	} {
		t.Run(tc.name, func(t *testing.T) { require.Equal(t, tc.want, workbench.Bar(tc.n, tc.most, tc.utf8)) })
	}
}

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{
		"as it is, é 漢":  "as it is, é 漢",
		"\x1b[31mred":    "\uFFFD[31mred",
		"a\nb\x00c":      "a\uFFFDb\uFFFDc",
		"\u202egnp.exe":  "\uFFFDgnp.exe",
		"\xff":           "\uFFFD",
		"12345678901234": "1234567890123...",
	} {
		require.Equal(t, want, workbench.Printable(in, 13), "%q", in)
	}
}

func TestWrap(t *testing.T) {
	require.Empty(t, workbench.Wrap(" \n ", 10))
	require.Equal(t, []string{"one two", "three", "averyveryverylongword", "four"}, workbench.Wrap("one  two three\naveryveryverylongword four", 9))
	require.Equal(t, []string{"ééé ééé", "ééé"}, workbench.Wrap("ééé ééé ééé", 7))
}

func TestParseTimeout(t *testing.T) {
	for in, want := range map[string]string{"3": "3s", "90s": "1m30s", "15m": "15m0s", "900": "15m0s", "200ms": "200ms"} {
		got, err := workbench.ParseTimeout(in)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for _, in := range []string{"", "0", "-1", "901", "15m1s", "soon", "1e3", "99999999999999999999", "9223372036854775807"} {
		_, err := workbench.ParseTimeout(in)
		require.ErrorContains(t, err, "want a time", "%q", in)
	}
}

func TestVersion(t *testing.T) {
	const path = "github.com/rftgrader/rftgrader"
	for _, tc := range []struct {
		name string
		info debug.BuildInfo
		want []string
	}{
		{"a release", debug.BuildInfo{GoVersion: "go1.26", Main: debug.Module{Path: path, Version: "v1.2.3"}}, []string{"rft v1.2.3", "go1.26"}},
		{"a checkout", debug.BuildInfo{GoVersion: "go1.26", Main: debug.Module{Path: path, Version: "(devel)"}, Settings: []debug.BuildSetting{
			{Key: "vcs.revision", Value: "0123abc"}, {Key: "vcs.modified", Value: "true"},
		}}, []string{"rft (devel)", "commit 0123abc, with changes", "go1.26"}},
		{"another team's program", debug.BuildInfo{GoVersion: "go1.26", Main: debug.Module{Path: "example.com/citation"}, Deps: []*debug.Module{
			{Path: "example.com/other", Version: "v9.9.9"}, {Path: path, Version: "v1.2.3", Replace: &debug.Module{Path: "../rftgrader"}},
		}}, []string{"rft v1.2.3 (replaced)", "in example.com/citation (no version)", "go1.26"}},
		{"nothing known", debug.BuildInfo{GoVersion: "go1.26"}, []string{"rft (no version)", "go1.26"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var b bytes.Buffer
			require.NoError(t, workbench.WriteVersion(&b, &tc.info))
			lines := strings.Split(strings.TrimSpace(b.String()), "\n")
			require.Len(t, lines, len(tc.want))
			for i, want := range tc.want {
				require.True(t, strings.HasPrefix(lines[i], want), "%q, want %q", lines[i], want)
			}
		})
	}
}

// TestSummaryIsDocumented compares the members of the summary with the package
// comment.
func TestSummaryIsDocumented(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	_, manual, ok := strings.Cut(string(doc), "# The summary as JSON")
	require.True(t, ok)
	r := run(t.Context(), strings.NewReader(rolloutLine("a", "p", "x")+"oops\n"), testKinds(), "grade", "--quiet", "--format", "json", "--spec", specFile(t, "word"), "-")
	require.Zero(t, r.code)
	var summary map[string]any
	require.NoError(t, json.Unmarshal(r.stdout.Bytes(), &summary))
	var check func(v any)
	check = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, member := range v {
				require.Regexp(t, `\b`+name+`\b`, manual, "the member %q", name)
				check(member)
			}
		case []any:
			for _, element := range v {
				check(element)
			}
		}
	}
	check(summary)
}
