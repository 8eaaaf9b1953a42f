package locallambda_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/locallambda"
)

func TestEcho(t *testing.T) {
	f := start(t, locallambda.Config{})
	for name, c := range map[string]struct{ in, out string }{
		"an array":         {`[{"id":"1"}]`, `[{"id":"1"}]`},
		"nothing":          {``, `{}`},
		"a null":           {`null`, `null`},
		"duplicate names":  {`{"a":1,"a":2}`, `{"a":1,"a":2}`},
		"text outside BMP": {`"\ud83d\ude00 😀"`, `"\ud83d\ude00 😀"`},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := f.Invoke(context.Background(), []byte(c.in))
			require.NoError(t, err)
			require.Equal(t, c.out, string(r.Payload))
			require.Empty(t, r.FunctionError)
			require.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, r.RequestID)
			require.Positive(t, r.Duration)
		})
	}
}

func TestWhatTheFunctionIsTold(t *testing.T) {
	dir := t.TempDir()
	f := start(t, locallambda.Config{
		Dir: dir, Name: "my-grader", MemoryMB: 512, Env: map[string]string{"GRADER_SPEC": "a=b c", "LANG": "C"},
	})
	t.Setenv("A_SECRET_OF_THE_CALLER", "x")
	before := time.Now()
	r := succeed[report](t, f, do.report)
	after := time.Now()

	env := make(map[string]string)
	for _, v := range r.Env {
		name, value, _ := strings.Cut(v, "=")
		env[name] = value
	}
	require.Regexp(t, `^127\.0\.0\.1:\d+$`, env["AWS_LAMBDA_RUNTIME_API"])
	require.Regexp(t, `^\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}$`, env["AWS_LAMBDA_LOG_STREAM_NAME"])
	delete(env, "AWS_LAMBDA_RUNTIME_API")
	delete(env, "AWS_LAMBDA_LOG_STREAM_NAME")
	require.Equal(t, r.Trace, env["_X_AMZN_TRACE_ID"], "set by aws-lambda-go, not by the platform")
	require.Regexp(t, `^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$`, r.Trace)
	delete(env, "_X_AMZN_TRACE_ID")
	require.Equal(t, map[string]string{
		"AWS_ACCESS_KEY_ID":               "LOCALLAMBDAFAKEKEYID",
		"AWS_DEFAULT_REGION":              "us-east-1",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
		"AWS_LAMBDA_FUNCTION_NAME":        "my-grader",
		"AWS_LAMBDA_FUNCTION_VERSION":     "$LATEST",
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/my-grader",
		"AWS_REGION":                      "us-east-1",
		"AWS_SECRET_ACCESS_KEY":           "locallambda-fake-secret-access-key",
		"AWS_SESSION_TOKEN":               "locallambda-fake-session-token",
		"GRADER_SPEC":                     "a=b c",
		"LAMBDA_RUNTIME_DIR":              "/var/runtime",
		"LAMBDA_TASK_ROOT":                dir,
		"LANG":                            "C",
		"PATH":                            "/usr/local/bin:/usr/bin:/bin:/opt/bin",
		"PWD":                             dir,
		"TZ":                              ":UTC",
		"_HANDLER":                        "bootstrap",
	}, env)
	require.Equal(t, dir, r.Dir)
	require.Equal(t, "arn:aws:lambda:us-east-1:123456789012:function:my-grader", r.ARN)
	require.Equal(t, f.ARN(), r.ARN)
	require.Equal(t, os.Getpid(), r.PPID)
	require.Equal(t, r.PID, r.PGID, "a process group of its own")
	require.GreaterOrEqual(t, r.Deadline, before.Add(time.Minute).UnixMilli())
	require.LessOrEqual(t, r.Deadline, after.Add(time.Minute).UnixMilli())
}

func TestRealCredentialsReplaceAllFakeOnes(t *testing.T) {
	f := start(t, locallambda.Config{Env: map[string]string{
		"AWS_ACCESS_KEY_ID": "mine", "AWS_SECRET_ACCESS_KEY": "mine too", "AWS_REGION": "eu-west-1",
	}})
	r := succeed[report](t, f, do.report)
	require.Contains(t, r.Env, "AWS_ACCESS_KEY_ID=mine")
	require.Contains(t, r.Env, "AWS_SECRET_ACCESS_KEY=mine too")
	require.Contains(t, r.Env, "AWS_REGION=eu-west-1")
	require.Contains(t, r.Env, "AWS_DEFAULT_REGION=eu-west-1")
	require.False(t, slices.ContainsFunc(r.Env, func(v string) bool { return strings.HasPrefix(v, "AWS_SESSION_TOKEN=") }))
	require.Equal(t, "arn:aws:lambda:eu-west-1:123456789012:function:function", r.ARN)
}

func TestFunctionErrors(t *testing.T) {
	for name, c := range map[string]struct {
		event    map[string]any
		kind     string
		message  string
		survives bool
	}{
		"an error":       {map[string]any{"do": "fail", "text": "no such grader"}, `refused`, `no such grader`, true},
		"a panic":        {map[string]any{"do": "panic", "text": "oh"}, `string`, `oh`, false},
		"exit status 1":  {map[string]any{"do": "exit", "code": 1}, `Runtime.ExitError`, `RequestId: ID Error: Runtime exited with error: exit status 1`, false},
		"exit status 0":  {map[string]any{"do": "exit", "code": 0}, `Runtime.ExitError`, `RequestId: ID Error: Runtime exited without providing a reason`, false},
		"a signal":       {map[string]any{"do": "die"}, `Runtime.ExitError`, `RequestId: ID Error: Runtime exited with error: signal: killed`, false},
		"a large answer": {map[string]any{"do": "big", "size": 6291557}, `Function.ResponseSizeTooLarge`, `Response payload size exceeded maximum allowed payload size (6291556 bytes).`, false},
		"a very large":   {map[string]any{"do": "big", "size": 20 << 20}, `Function.ResponseSizeTooLarge`, `Response payload size exceeded maximum allowed payload size (6291556 bytes).`, false},
		"broken off, exit": {
			map[string]any{"do": "truncate and exit"}, `Runtime.ExitError`, `RequestId: ID Error: Runtime exited with error: exit status 3`, false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := start(t, locallambda.Config{})
			first := succeed[report](t, f, do.report)
			r := invoke(t, f, c.event)
			got := failed(t, r)
			require.Equal(t, c.kind, got.Type)
			require.Equal(t, strings.ReplaceAll(c.message, "ID", r.RequestID), strings.ReplaceAll(got.Message, "RequestID", "RequestId"))
			next := succeed[report](t, f, do.report)
			require.Equal(t, c.survives, next.PID == first.PID, "the same process")
			stats := f.Stats()
			require.Equal(t, 3, stats.Invocations)
			require.Equal(t, 1, stats.Errors)
			require.Zero(t, stats.Timeouts)
		})
	}
}

func TestPanicHasItsStack(t *testing.T) {
	f := start(t, locallambda.Config{})
	require.NotEmpty(t, failed(t, invoke(t, f, map[string]any{"do": "panic", "text": "x"})).Trace)
}

func TestTruncatedResponseOfARunningProcess(t *testing.T) {
	f := start(t, locallambda.Config{})
	g := newGate(t)
	r := invoke(t, f, map[string]any{"do": "truncate", "url": g.url})
	require.Equal(t, "Runtime.TruncatedResponse", failed(t, r).Type)
}

func TestSizes(t *testing.T) {
	f := start(t, locallambda.Config{})
	t.Run("the largest response", func(t *testing.T) {
		r := invoke(t, f, map[string]any{"do": "big", "size": 6291556})
		require.Empty(t, r.FunctionError)
		require.Len(t, r.Payload, 6291556)
	})
	t.Run("the largest request", func(t *testing.T) {
		r, err := f.Invoke(context.Background(), []byte(`"`+strings.Repeat("x", 6291454)+`"`))
		require.NoError(t, err)
		require.Len(t, r.Payload, 6291456)
	})
	t.Run("a larger request", func(t *testing.T) {
		_, err := f.Invoke(context.Background(), []byte(`"`+strings.Repeat("x", 6291455)+`"`))
		var refused *locallambda.InvokeError
		require.ErrorAs(t, err, &refused)
		require.Equal(t, 413, refused.Status)
		require.Equal(t, "RequestTooLargeException", refused.Code)
		require.ErrorContains(t, err, "fewer rollouts")
	})
}

func TestInvalidPayload(t *testing.T) {
	f := start(t, locallambda.Config{})
	for name, c := range map[string]struct {
		payload string
		at      int
	}{
		"no JSON":          {"secret words", 0},
		"broken off":       {`{"a":`, 5},
		"two values":       {`{} {}`, 2},
		"broken UTF-8":     {"\"a\xff\"", 2},
		"only white":       {"  ", 0},
		"deep":             {strings.Repeat("[", 1<<20), 10000},
		"a lone comma":     {`[1,]`, 2},
		"NaN":              {`[NaN]`, 1},
		"a control inside": {"\"a\nb\"", 2},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := f.Invoke(context.Background(), []byte(c.payload))
			var refused *locallambda.InvokeError
			require.ErrorAs(t, err, &refused)
			require.Equal(t, 400, refused.Status)
			require.Equal(t, "InvalidRequestContentException", refused.Code)
			require.True(t, strings.HasPrefix(refused.Message, "Could not parse request body into json: "), refused.Message)
			require.True(t, strings.HasSuffix(refused.Message, " at byte "+strconv.Itoa(c.at)), refused.Message)
			require.NotContains(t, err.Error(), "secret")
		})
	}
	require.Zero(t, f.Stats().Invocations)
}

func TestStreamedResponse(t *testing.T) {
	f := start(t, locallambda.Config{})
	r := invoke(t, f, map[string]any{"do": "stream", "text": `[{"id":"1"}]`})
	require.Empty(t, r.FunctionError)
	require.Equal(t, `[{"id":"1"}]`, string(r.Payload))
}

// aws-lambda-go sends the error of a reader in trailers, but not the header
// that makes Lambda look at them.
func TestStreamThatFails(t *testing.T) {
	f := start(t, locallambda.Config{})
	r := invoke(t, f, map[string]any{"do": "stream then fail", "text": `{"half":`})
	require.Empty(t, r.FunctionError)
	require.Equal(t, `{"half":`, string(r.Payload))
}

func TestInitialisingFails(t *testing.T) {
	for name, c := range map[string]struct {
		init    string
		config  locallambda.Config
		kind    string
		message string
		status  string
	}{
		"reported":            {init: "error", kind: "SpecError", message: `^no spec$`, status: "error"},
		"reported, then hang": {init: "error then hang", kind: "SpecError", message: `^no spec$`, status: "error"},
		"exit":                {init: "exit", kind: "Runtime.ExitError", message: `^RequestId: \S+ Error: Runtime exited with error: exit status 7$`, status: "error"},
		"hang": {
			init: "hang", config: locallambda.Config{InitTimeout: 50 * time.Millisecond, Timeout: 120 * time.Millisecond},
			kind: "Sandbox.Timedout", message: `^RequestId: \S+ Error: Task timed out after 0.12 seconds$`, status: "timeout",
		},
	} {
		t.Run(name, func(t *testing.T) {
			log := new(journal)
			c.config.Env = map[string]string{"INIT": c.init}
			c.config.Log = log
			f := start(t, c.config)
			for range 2 { // each invocation tries anew
				r := invoke(t, f, do.report)
				got := failed(t, r)
				require.Equal(t, c.kind, got.Type)
				require.Regexp(t, c.message, got.Message)
				require.Contains(t, string(r.Log), "REPORT RequestId: "+r.RequestID)
			}
			stats := f.Stats()
			require.Equal(t, 2, stats.Invocations)
			require.Equal(t, 2, stats.Errors)
			require.Equal(t, 4, stats.InitErrors, "in the phases init and invoke of both")
			require.Zero(t, stats.ColdStarts)
			require.Zero(t, stats.Environments)
			require.Equal(t, 2, strings.Count(log.String(), "Phase: init\tStatus: "+c.status+"\t"))
			require.Equal(t, 2, strings.Count(log.String(), "Phase: invoke\tStatus: "+c.status+"\t"))
			require.Equal(t, 2, strings.Count(log.String(), "START"))
			if c.init == "exit" {
				require.Equal(t, 4, strings.Count(log.String(), "about to fail\n"))
			}
		})
	}
}

func TestInitialisingSucceedsInsideTheInvocation(t *testing.T) {
	for _, how := range []string{"exit once", "hang once"} {
		t.Run(how, func(t *testing.T) {
			config := locallambda.Config{Env: map[string]string{"INIT": how, "MARK": filepath.Join(t.TempDir(), "mark")}}
			if how == "hang once" {
				config.InitTimeout = 2 * time.Second // enough to write the mark on a slow machine
			}
			f := start(t, config)
			first := invoke(t, f, do.report)
			require.Empty(t, first.FunctionError, "%s", first.Payload)
			require.Zero(t, first.InitDuration, "it is part of the invocation")
			second := invoke(t, f, do.report)
			require.Equal(t, pid(t, first), pid(t, second))
			stats := f.Stats()
			require.Equal(t, 1, stats.InitErrors)
			require.Equal(t, 1, stats.ColdStarts)
			require.Zero(t, stats.Errors)
		})
	}
}

func pid(t *testing.T, r locallambda.Response) int {
	var v report
	require.NoError(t, json.Unmarshal(r.Payload, &v))
	require.Positive(t, v.PID)
	return v.PID
}

func TestBootstrapThatTheSystemCannotExecute(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bootstrap")
	require.NoError(t, os.WriteFile(path, []byte("no program"), 0o755))
	f := start(t, locallambda.Config{Bootstrap: path})
	got := failed(t, invoke(t, f, do.report))
	require.Equal(t, "Runtime.InvalidEntrypoint", got.Type)
	require.Contains(t, got.Message, "exec format error")
	require.Equal(t, 2, f.Stats().InitErrors)
}

func TestLogOfAnInvocation(t *testing.T) {
	log := new(journal)
	f := start(t, locallambda.Config{Log: log, MemoryMB: 256})
	cold := invoke(t, f, map[string]any{"do": "log", "text": "one\ntwo"})
	warm := invoke(t, f, map[string]any{"do": "log", "text": "three\n"})
	dead := invoke(t, f, map[string]any{"do": "exit", "code": 2})

	id := func(pattern string, r locallambda.Response) *regexp.Regexp {
		return regexp.MustCompile(strings.ReplaceAll(pattern, "ID", regexp.QuoteMeta(r.RequestID)))
	}
	memory := `(Max Memory Used: [1-9]\d* MB\t)?`
	require.Regexp(t, id(`^START RequestId: ID Version: \$LATEST
one
twoto stderr
END RequestId: ID
REPORT RequestId: ID\tDuration: \d+\.\d\d ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\t`+memory+`Init Duration: \d+\.\d\d ms\t
$`, cold), string(cold.Log))
	require.Regexp(t, id(`^START RequestId: ID Version: \$LATEST
three
to stderr
END RequestId: ID
REPORT RequestId: ID\tDuration: \d+\.\d\d ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\t`+memory+`
$`, warm), string(warm.Log))
	require.Regexp(t, id(`^START RequestId: ID Version: \$LATEST
RequestId: ID Error: Runtime exited with error: exit status 2
Runtime\.ExitError
END RequestId: ID
REPORT RequestId: ID\t.*Status: error\tError Type: Runtime\.ExitError\t
$`, dead), string(dead.Log))
	require.Equal(t, string(cold.Log)+string(warm.Log)+string(dead.Log), log.String())
	require.Positive(t, cold.InitDuration)
	require.Zero(t, warm.InitDuration)
}

func TestLogOfALine(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"not ended":         {"no end", "no endto stderr\n"},
		"empty":             {"\n\n", "\n\nto stderr\n"},
		"as long as may be": {strings.Repeat("a", 256<<10) + "\n", strings.Repeat("a", 256<<10) + "\nto stderr\n"},
		"too long":          {strings.Repeat("b", 600<<10) + "\n", strings.Repeat("b", 256<<10) + "\n" + strings.Repeat("b", 256<<10) + "\n" + strings.Repeat("b", 88<<10) + "\nto stderr\n"},
	} {
		t.Run(name, func(t *testing.T) {
			log := new(journal)
			f := start(t, locallambda.Config{Log: log})
			r := invoke(t, f, map[string]any{"do": "log", "text": c.text})
			_, after, _ := strings.Cut(log.String(), "Version: $LATEST\n")
			got, _, _ := strings.Cut(after, "END RequestId")
			require.True(t, c.want == got, "lengths %d and %d", len(c.want), len(got))
			require.LessOrEqual(t, len(r.Log), 4096)
			if len(c.text) > 4096 {
				require.Len(t, r.Log, 4096)
			}
			require.True(t, strings.HasSuffix(log.String(), string(r.Log)))
		})
	}
}

// A brokenWriter fails from its second write on.
type brokenWriter struct{ writes int }

func (w *brokenWriter) Write(b []byte) (int, error) {
	if w.writes++; w.writes > 1 {
		return 0, os.ErrInvalid
	}
	return len(b), nil
}

func TestLogThatCannotBeWritten(t *testing.T) {
	f, err := locallambda.Start(context.Background(), locallambda.Config{Bootstrap: bootstrap, Log: new(brokenWriter), Timeout: time.Minute})
	require.NoError(t, err)
	for range 2 {
		require.NotEmpty(t, invoke(t, f, map[string]any{"do": "log", "text": "x\n"}).Log)
	}
	require.ErrorIs(t, f.Close(), os.ErrInvalid)
}
