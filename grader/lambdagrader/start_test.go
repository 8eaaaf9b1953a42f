package lambdagrader

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
)

func startKinds() []*grader.Kind {
	return []*grader.Kind{grader.Define("one", "One scores 1.", struct{}{},
		func(*grader.Env, struct{}) (grader.Grader, error) { return grader.Func(nil), nil })}
}

const goodSpec = "version: 1\ngraders: {a: {type: one}}\n"

func TestReadSpec(t *testing.T) {
	folder := t.TempDir()
	other := filepath.Join(t.TempDir(), "other.yaml")
	require.NoError(t, os.WriteFile(filepath.Join(folder, "extra.yaml"), []byte(goodSpec), 0o600))
	require.NoError(t, os.WriteFile(other, []byte(goodSpec), 0o600))
	withFile := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(withFile, SpecFile), []byte(goodSpec), 0o600))

	for _, c := range []struct {
		name, task, value string
		fails             string
	}{
		{"beside the binary", withFile, "", ""},
		{"a path in the variable, relative to the function", folder, "extra.yaml", ""},
		{"an absolute path in the variable", folder, other, ""},
		{"the text in the variable", folder, goodSpec, ""},
		{"the text in the variable, as JSON on one line", folder, `{"version": 1, "graders": {"a": {"type": "one"}}}`, ""},
		{"nowhere", folder, "", "put grader.yaml beside the binary"},
		{"a path that leads nowhere", folder, "missing.yaml", "a relative path is looked for in the function's folder"},
		{"outside Lambda, a path from where the person is", "", "../../testdata/specs/gsm8k.yaml", "no kind \"numeric\""},
		{"text with a fault", folder, "version: 1\ngraders: {a: {type: two}}\n", "GRADER_SPEC:2:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			env := map[string]string{"LAMBDA_TASK_ROOT": c.task, SpecVariable: c.value}
			s, err := readSpec(func(k string) string { return env[k] }, slog.New(slog.DiscardHandler), startKinds())
			if c.fails != "" {
				require.ErrorContains(t, err, c.fails)
				return
			}
			require.NoError(t, err)
			require.Equal(t, []string{"a"}, s.Graders())
			require.NoError(t, s.Close())
		})
	}
}

func TestInitErrorReachesPersonAndCaller(t *testing.T) {
	var path, kind string
	var body []byte
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, kind = r.URL.Path, r.Header.Get("Lambda-Runtime-Function-Error-Type")
		body, _ = io.ReadAll(r.Body)
		w.WriteHeader(http.StatusAccepted)
	}))
	defer api.Close()
	env := map[string]string{runtimeAPIVariable: strings.TrimPrefix(api.URL, "http://")}
	var stderr bytes.Buffer
	reportInitError(&stderr, func(k string) string { return env[k] }, errors.New("grader.yaml:2:3: nonsense"))
	require.Equal(t, "the grader did not start: grader.yaml:2:3: nonsense\n", stderr.String())
	require.Equal(t, "/2018-06-01/runtime/init/error", path)
	require.Equal(t, "Grader.InitError", kind)
	var posted map[string]any
	require.NoError(t, json.Unmarshal(body, &posted))
	require.Equal(t, "the grader did not start: grader.yaml:2:3: nonsense", posted["errorMessage"])

	api.Close()
	stderr.Reset()
	reportInitError(&stderr, func(k string) string { return env[k] }, errors.New("nonsense"))
	require.Contains(t, stderr.String(), "could not be reported")
}

func TestCheck(t *testing.T) {
	folder := t.TempDir()
	good, bad := filepath.Join(folder, "good.yaml"), filepath.Join(folder, "bad.yaml")
	require.NoError(t, os.WriteFile(good, []byte(goodSpec), 0o600))
	require.NoError(t, os.WriteFile(bad, []byte("version: 2\n"), 0o600))
	var stdout, stderr bytes.Buffer
	require.Zero(t, check(&stdout, &stderr, good, startKinds()))
	require.Contains(t, stdout.String(), "graders a")
	require.Equal(t, 1, check(&stdout, &stderr, bad, startKinds()))
	require.Contains(t, stderr.String(), "bad.yaml:1:")
	require.Equal(t, 1, check(&stdout, &stderr, good, []*grader.Kind{nil}))
}
