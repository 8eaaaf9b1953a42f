package workbench_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders"
	"github.com/rftgrader/rftgrader/testdata"
)

// browser finds Chromium, without which a test skips.
func browser(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("needs Chromium: .ci/test-tools installs it")
	return ""
}

// dom opens a file in the browser and returns the page as it stands when all scripts
// have run.
func dom(t *testing.T, path, fragment string) string {
	t.Helper()
	chromium := browser(t)
	profile, err := os.MkdirTemp("", "rft-chromium")
	require.NoError(t, err)
	// The browser may still be writing there when it has answered.
	defer func() { _ = os.RemoveAll(profile) }()
	ctx, stop := context.WithTimeout(t.Context(), 3*time.Minute)
	defer stop()
	cmd := exec.CommandContext(ctx, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions", "--no-first-run",
		"--user-data-dir="+profile, "--virtual-time-budget=5000", "--dump-dom", "file://"+path+fragment)
	cmd.Env = append(os.Environ(), "HOME="+profile)
	cmd.WaitDelay = 10 * time.Second
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	require.NoError(t, cmd.Run(), errs.String())
	return out.String()
}

// drive runs a script of the test in a copy of the report, whose own policy would
// refuse it, and returns what the script reports.
func drive(t *testing.T, report, script string) map[string]any {
	t.Helper()
	b, err := os.ReadFile(report)
	require.NoError(t, err)
	page := regexp.MustCompile(`<meta http-equiv="Content-Security-Policy"[^>]*>`).ReplaceAllString(string(b), "")
	require.NotContains(t, page, "Content-Security-Policy")
	page = strings.Replace(page, "</body>", "<script>"+script+"</script></body>", 1)
	path := filepath.Join(t.TempDir(), "driven.html")
	require.NoError(t, os.WriteFile(path, []byte(page), 0o666))
	m := regexp.MustCompile(`(?s)<pre id="driven">(.*?)</pre>`).FindStringSubmatch(dom(t, path, ""))
	require.NotNil(t, m, "the script of the test has said nothing")
	var out map[string]any
	require.NoError(t, json.Unmarshal([]byte(html.UnescapeString(m[1])), &out))
	return out
}

// realRollouts are answers to a mathematical benchmark where they are there, and
// else those of the repository.
func realRollouts(t *testing.T) string {
	t.Helper()
	root := os.Getenv("RFT_SHARED")
	if root == "" {
		root = filepath.Join(testdata.Root(), "..", "shared")
	}
	if path := filepath.Join(root, "data", "rollouts_gsm8k.jsonl"); fileExists(path) {
		return path
	}
	return filepath.Join(testdata.Root(), "testdata", "rollouts", "arithmetic.jsonl")
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func writeReport(t *testing.T, spec, rollouts string) (path string, size int64) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "report.html")
	r := run(t.Context(), nil, append(graders.All, word), "grade", "--quiet", "--spec", spec, "--out", path, rollouts)
	require.Zero(t, r.code, r.stderr.String())
	info, err := os.Stat(path)
	require.NoError(t, err)
	return path, info.Size()
}

func TestReportInABrowser(t *testing.T) {
	browser(t)
	rollouts := realRollouts(t)
	path, size := writeReport(t, filepath.Join(testdata.Root(), "testdata", "specs", "gsm8k.yaml"), rollouts)
	text, err := os.ReadFile(rollouts)
	require.NoError(t, err)
	n := bytes.Count(text, []byte("\n"))
	if n >= 1000 {
		require.Less(t, size, int64(n)*1000, "bytes for %d rollouts", n)
	}
	got := drive(t, path, `
		const say = {};
		const rows = () => document.querySelectorAll("#table tbody tr");
		const set = (id, value) => { const e = document.getElementById(id); e.value = value; e.dispatchEvent(new Event("input", {bubbles: true})); };
		say.charts = document.querySelectorAll(".charts svg[role=img]").length;
		say.all = document.getElementById("count").textContent;
		set("which", "fail");
		say.failing = [...rows()].every(tr => tr.cells[2].textContent !== "1") && rows().length > 0;
		set("which", "");
		document.querySelectorAll(".pick")[9].dispatchEvent(new Event("click"));
		say.passing = [...rows()].every(tr => tr.cells[2].textContent === "1") && rows().length > 0;
		document.getElementById("filter").reset();
		document.getElementById("filter").dispatchEvent(new Event("reset"));
		const id = rows()[2].cells[1].textContent;
		set("q", id);
		say.filtered = rows().length;
		say.hash = location.hash;
		rows()[0].cells[1].click();
		const detail = document.getElementById("detail");
		say.open = detail.open;
		say.title = document.getElementById("detail-title").textContent === id;
		say.mark = !!detail.querySelector("mark") && detail.querySelector("mark").textContent;
		say.headings = [...detail.querySelectorAll("h3")].map(e => e.textContent);
		detail.querySelector(".mates button").click();
		say.mate = document.getElementById("detail-title").textContent !== id;
		document.getElementById("close").click();
		say.closed = !detail.open;
		document.querySelector("[data-sort=l]").click();
		document.getElementById("theme").click();
		say.theme = document.documentElement.dataset.theme;
		const pre = document.createElement("pre");
		pre.id = "driven";
		pre.textContent = JSON.stringify(say);
		document.body.append(pre);`)
	require.Equal(t, fmt.Sprintf("%d of %d", n, n), got["all"])
	require.EqualValues(t, 4, got["charts"])
	require.Equal(t, true, got["failing"])
	require.Equal(t, true, got["passing"])
	require.EqualValues(t, 1, got["filtered"])
	require.Contains(t, got["hash"], "q=")
	require.Equal(t, true, got["open"])
	require.Equal(t, true, got["title"])
	require.NotEmpty(t, got["mark"])
	require.Subset(t, got["headings"], []any{"reason", "found", "parts", "prompt, user", "answer", "reference", "the same prompt"})
	require.Equal(t, true, got["mate"])
	require.Equal(t, true, got["closed"])
	require.Contains(t, []any{"light", "dark"}, got["theme"])
}

// hostile are texts that want to be more than text.
var hostile = []string{
	`</script><script>document.title="owned"</script>`,
	`<img src=x onerror="document.title='owned'">`,
	`<!--<script>`, `]]></script><svg onload="document.title='owned'">`,
	"\u2028\u2029</SCRIPT ><iframe src=javascript:alert(1)>", `{{.Spec}}`, "\x00\x1b[31m\ufffe", `"><a href="javascript:alert(1)">x</a>`,
}

func TestHostileTextIsTextInReports(t *testing.T) {
	var lines strings.Builder
	for i, text := range hostile {
		b, err := json.Marshal(map[string]any{
			"id": fmt.Sprintf("%d %s", i, text), "reference_answer": text,
			"messages": []map[string]string{{"role": "user " + text, "content": text}, {"role": "assistant", "content": text + " " + text}},
		})
		require.NoError(t, err)
		lines.Write(append(b, '\n'))
	}
	rollouts := filepath.Join(t.TempDir(), "<b>rollouts.jsonl")
	require.NoError(t, os.WriteFile(rollouts, []byte(lines.String()), 0o666))
	path, _ := writeReport(t, specFile(t, "word"), rollouts)
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	for _, markup := range []string{"<img", "<iframe", "<svg onload", "<script>document", "<a ", "<!--", "<b>r"} {
		require.NotContains(t, string(b), markup)
	}
	require.Equal(t, 3, strings.Count(string(b), "<script"))
	require.Equal(t, 3, strings.Count(strings.ToLower(string(b)), "</script"))

	page := dom(t, path, "#open=2")
	require.Contains(t, page, "<title>rft report</title>")
	require.Contains(t, page, `<dialog id="detail" aria-labelledby="detail-title" open="">`)
	require.Contains(t, page, "&lt;img src=x onerror=")
	for _, markup := range []string{"<img", "<iframe", "<svg onload", "<a "} {
		require.NotContains(t, page, markup)
	}
}
