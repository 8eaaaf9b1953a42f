//go:build linux

package main_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/testdata"
)

// How the function grades programs is tested beside the kind code, in cages.

func TestCheckOfASpecThatRunsPrograms(t *testing.T) {
	cmd := exec.Command(build(t, "lambda"), "check", testdata.Path("specs", "programs.yaml"))
	cmd.Env = []string{"TMPDIR=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Regexp(t, `programs.yaml: hash [0-9a-f]{12}, graders works\n$`, string(out))
	left, err := os.ReadDir(cmd.Env[0][len("TMPDIR="):])
	require.NoError(t, err)
	require.Empty(t, left)
}

// A compiler that the packaging machine lacks is no fault of the spec; an option
// that is wrong is, whatever the machine lacks.
func TestCheckWhereACompilerIsMissing(t *testing.T) {
	const cobol = "version: 1\ngraders:\n  works: {type: code, language: cobol, languages: [{name: cobol, file: a.cob, run: [cobolrun, '{source}'], version: [cobolrun, --version]}]}\n"
	for _, test := range []struct {
		name, spec, want string
		exit             int
	}{
		{"missing", cobol, "no fault but what this machine lacks", 0},
		{"missing and wrong", cobol + "  exactly: {type: exact, cases: fold}\n", "no such option", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "grader.yaml")
			require.NoError(t, os.WriteFile(path, []byte(test.spec), 0o666))
			cmd := exec.Command(build(t, "lambda"), "check", path)
			out, err := cmd.CombinedOutput()
			if test.exit == 0 {
				require.NoError(t, err, "%s", out)
			} else {
				require.Equal(t, test.exit, cmd.ProcessState.ExitCode())
			}
			require.Contains(t, string(out), "cobolrun is not there")
			require.Contains(t, string(out), test.want)
		})
	}
}

// TestServeOfTheOtherPart runs the program as the function that runs programs for
// another, and asks it what it has.
func TestServeOfTheOtherPart(t *testing.T) {
	cmd := exec.Command(build(t, "rft"), "serve", "--function", build(t, "lambda"), "--port", "0",
		"--concurrency", "1", "--timeout", "60", "--env", "GRADER_ROLE=executor")
	var log bytes.Buffer
	cmd.Stderr = &log
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	ended := false
	end := func() {
		if !ended {
			ended = true
			_ = cmd.Process.Signal(syscall.SIGINT)
			_ = cmd.Wait()
		}
	}
	t.Cleanup(end)
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		end()
		require.NoError(t, err, "%s", log.Bytes())
	}
	url := regexp.MustCompile(`http://[^ ]+`).FindString(line)
	require.NotEmpty(t, url, line)
	resp, err := http.Post(url+"/2015-03-31/functions/function/invocations", "application/json", bytes.NewReader([]byte(`{"version":1,"op":"report","id":"0123456789abcdef0123456789abcdef"}`)))
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Empty(t, resp.Header.Get("X-Amz-Function-Error"), "%s", text)
	var answer struct {
		ID     string
		Error  string
		Report struct {
			Executor   string
			Toolchains map[string]string
		}
	}
	require.NoError(t, json.Unmarshal(text, &answer), "%s", text)
	require.Equal(t, "0123456789abcdef0123456789abcdef", answer.ID, "%s", text)
	require.Empty(t, answer.Error)
	require.Equal(t, "jail", answer.Report.Executor)
	require.Contains(t, answer.Report.Toolchains, "python")
	end()
	require.Contains(t, log.String(), `"message":"service started","role":"executor"`)
}

// BenchmarkStartOfPrograms is BenchmarkStart for specs that run programs: of one
// language, of several, and for the part that runs the programs of another.
func BenchmarkStartOfPrograms(b *testing.B) {
	api, program := newStarts(b), release(b, "lambda")
	// Root's programs run as another user, who must get through to the scratch folder.
	temp, err := os.MkdirTemp("", "start")
	require.NoError(b, err)
	require.NoError(b, os.Chmod(temp, 0o755))
	b.Cleanup(func() { require.NoError(b, os.RemoveAll(temp)) })
	for _, c := range []struct{ name, variable string }{
		{"no programs", "GRADER_SPEC=" + testdata.Path("specs", "gsm8k.yaml")},
		{"python", "GRADER_SPEC={version: 1, graders: {a: {type: code, language: python}}}"},
		{"any language", "GRADER_SPEC=" + testdata.Path("specs", "programs.yaml")},
		{"executor", "GRADER_ROLE=executor"},
	} {
		b.Run(c.name, func(b *testing.B) {
			api.measure(b, program, "TMPDIR="+temp, "PATH="+os.Getenv("PATH"), c.variable)
		})
	}
}
