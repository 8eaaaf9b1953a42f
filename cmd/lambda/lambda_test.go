package main_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/locallambda"
	"github.com/rftgrader/rftgrader/testdata"
)

// batchSize is what SageMaker training jobs send unless told otherwise.
const batchSize = 64

// build compiles a command of this module and returns the path of the program.
func build(t testing.TB, command string, flags ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bootstrap")
	args := append(append([]string{"build", "-o", path}, flags...), "./cmd/"+command)
	cmd := exec.Command("go", args...)
	cmd.Dir = testdata.Root()
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return path
}

// release compiles the program as make package does.
func release(t testing.TB, command string) string {
	t.Helper()
	return build(t, command, "-trimpath", "-tags", "lambda.norpc", "-ldflags", "-s -w")
}

// start runs the real bootstrap with a spec on the local Lambda and returns the
// URL of its Invoke API.
func start(t testing.TB, bootstrap, specPath string, cfg locallambda.Config) (url string) {
	t.Helper()
	cfg.Bootstrap, cfg.Name = bootstrap, "grader"
	env := map[string]string{"GRADER_SPEC": specPath}
	maps.Copy(env, cfg.Env)
	cfg.Env = env
	if cfg.Log == nil {
		cfg.Log = &syncWriter{t: t}
	}
	f, err := locallambda.Start(context.Background(), cfg)
	require.NoError(t, err)
	server := httptest.NewServer(f)
	t.Cleanup(func() {
		server.Close()
		require.NoError(t, f.Close())
	})
	return server.URL
}

// client returns a client of an Invoke API.
func client(url string) *lambda.Client {
	return lambda.New(lambda.Options{
		BaseEndpoint: aws.String(url),
		Region:       "us-east-1",
		Credentials:  credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
}

// invoke has the function grade a payload.
func invoke(t testing.TB, c *lambda.Client, payload []byte) *lambda.InvokeOutput {
	t.Helper()
	out, err := c.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("grader"), Payload: payload})
	require.NoError(t, err)
	return out
}

// syncWriter shows the function's log when tests are verbose.
type syncWriter struct {
	mu sync.Mutex
	t  testing.TB
}

func (w *syncWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if testing.Verbose() {
		w.t.Logf("%s", bytes.TrimSpace(p))
	}
	return len(p), nil
}

// entry is one rollout's score, from the Lambda or from the workbench.
type entry struct {
	ID      json.RawMessage `json:"id"`
	Score   *float64        `json:"aggregate_reward_score"`
	Metrics []struct {
		Name  string  `json:"name"`
		Value float64 `json:"value"`
		Type  string  `json:"type"`
	} `json:"metrics_list"`
}

func readEntries(t *testing.T, jsonl []byte) []entry {
	t.Helper()
	var entries []entry
	for _, line := range lines(jsonl) {
		var e entry
		require.NoError(t, json.Unmarshal(line, &e), "%s", line)
		entries = append(entries, e)
	}
	return entries
}

func lines(text []byte) (out [][]byte) {
	scanner := bufio.NewScanner(bytes.NewReader(text))
	scanner.Buffer(nil, len(text)+1)
	for scanner.Scan() {
		if line := bytes.TrimSpace(scanner.Bytes()); len(line) > 0 {
			out = append(out, slices.Clone(line))
		}
	}
	return out
}

// workbenchEntries grades a file with the real rft.
func workbenchEntries(t *testing.T, specPath, rollouts string) []entry {
	t.Helper()
	out := filepath.Join(t.TempDir(), "results.jsonl")
	cmd := exec.Command(build(t, "rft"), "grade", "--spec", specPath, "--out", out, rollouts)
	output, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", output)
	text, err := os.ReadFile(out)
	require.NoError(t, err)
	return readEntries(t, text)
}

// sdkEntries sends a file through the AWS SDK for Go, four batches at a time.
func sdkEntries(t *testing.T, url, rollouts string) []entry {
	t.Helper()
	text, err := os.ReadFile(rollouts)
	require.NoError(t, err)
	c := client(url)
	batches := slices.Collect(slices.Chunk(lines(text), batchSize))
	answers := make([][]entry, len(batches))
	slots := make(chan struct{}, 4)
	var wg sync.WaitGroup
	for i, batch := range batches {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			payload := append(append([]byte("["), bytes.Join(batch, []byte(","))...), ']')
			out, err := c.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("grader"), Payload: payload})
			if err != nil || out.FunctionError != nil {
				t.Errorf("batch %d: %v %s", i, err, out.Payload)
				return
			}
			if err := json.Unmarshal(out.Payload, &answers[i]); err != nil {
				t.Errorf("batch %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	return slices.Concat(answers...)
}

// nodeEntries sends a file through the AWS SDK for JavaScript.
func nodeEntries(t *testing.T, url, rollouts string) []entry {
	t.Helper()
	cmd := exec.Command("node", "testdata/callers/invoke.mjs", url, "grader", rollouts, strconv.Itoa(batchSize))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "%s", stderr.Bytes())
	return readEntries(t, out)
}

func TestRealCallersGetTheWorkbenchsScores(t *testing.T) {
	if _, err := os.Stat("testdata/callers/node_modules"); err != nil {
		t.Fatal("the JavaScript client is not installed: run make test-tools, or make test")
	}
	bootstrap := release(t, "lambda")
	for _, c := range []struct {
		name, spec string
		rollouts   func(t *testing.T) string
	}{
		{"sample rollouts", "specs/reviews.yaml", func(*testing.T) string { return testdata.Path("rollouts", "reviews.jsonl") }},
		{"5,276 real rollouts", "specs/gsm8k.yaml", func(t *testing.T) string { return testdata.Shared(t, "data", "rollouts_gsm8k.jsonl") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			rollouts, specPath := c.rollouts(t), testdata.Path(c.spec)
			want := workbenchEntries(t, specPath, rollouts)
			for _, e := range want {
				require.NotNil(t, e.Score, "rollout %s is not graded", e.ID)
			}
			url := start(t, bootstrap, specPath, locallambda.Config{Concurrency: 4, Timeout: time.Minute})
			require.Equal(t, want, sdkEntries(t, url, rollouts), "through aws-sdk-go-v2/service/lambda")
			require.Equal(t, want, nodeEntries(t, url, rollouts), "through @aws-sdk/client-lambda")
		})
	}
}

func TestABadSpecIsAnInitErrorThatAPersonUnderstands(t *testing.T) {
	specPath := filepath.Join(t.TempDir(), "grader.yaml")
	require.NoError(t, os.WriteFile(specPath, []byte("version: 1\ngraders:\n  answer: {type: numeric, tolerence: 1}\n"), 0o600))
	url := start(t, build(t, "lambda"), specPath, locallambda.Config{Timeout: 10 * time.Second})
	out := invoke(t, client(url), []byte("[]"))
	require.NotNil(t, out.FunctionError)
	require.Contains(t, string(out.Payload), "the grader did not start")
	require.Contains(t, string(out.Payload), "grader.yaml:3:")
	require.Contains(t, string(out.Payload), `did you mean \"tolerance\"`)
}

func TestAFailedBatchIsAFunctionError(t *testing.T) {
	url := start(t, build(t, "lambda"), testdata.Path("specs", "gsm8k.yaml"), locallambda.Config{Timeout: 10 * time.Second})
	c := client(url)
	for payload, want := range map[string][]string{
		`[{"id":"a","messages":[{"role":"user","content":"q"},{"role":"assistant","content":"#### 1"}]}]`: {"Failure", `rollout 0 (id \"a\")`, "no reference answer"},
		`{"rollouts":[]}`: {"PayloadError", "without messages"},
	} {
		out := invoke(t, c, []byte(payload))
		require.NotNil(t, out.FunctionError)
		for _, text := range want {
			require.Contains(t, string(out.Payload), text)
		}
	}
}

func TestOutsideLambdaTheBootstrapExplainsItself(t *testing.T) {
	bootstrap := build(t, "lambda")
	cmd := exec.Command(bootstrap)
	cmd.Env = []string{"GRADER_SPEC=" + testdata.Path("specs", "gsm8k.yaml")}
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	require.True(t, errors.As(err, &exit))
	require.Equal(t, 2, exit.ExitCode())
	require.Contains(t, string(out), "rft serve --function")

	cmd = exec.Command(bootstrap, "check", testdata.Path("specs", "gsm8k.yaml"))
	out, err = cmd.CombinedOutput()
	require.NoError(t, err)
	require.Contains(t, string(out), "hash ")
}
