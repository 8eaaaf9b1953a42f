package locallambda_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/locallambda"
)

// client is the SDK as a trainer has it, but without retries.
func client(base string) *lambda.Client {
	return lambda.New(lambda.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(base), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
	})
}

func TestSDK(t *testing.T) {
	ctx := context.Background()
	f := start(t, locallambda.Config{Name: "my-grader", Concurrency: 1, Timeout: 30 * time.Second})
	sdk := client(serveHTTP(t, f))
	arn := aws.String("arn:aws:lambda:us-east-1:123456789012:function:my-grader:live")

	t.Run("an answer", func(t *testing.T) {
		out, err := sdk.Invoke(ctx, &lambda.InvokeInput{FunctionName: arn, Payload: []byte(`[{"id":"1"}]`), LogType: types.LogTypeTail})
		require.NoError(t, err)
		require.EqualValues(t, 200, out.StatusCode)
		require.Equal(t, `[{"id":"1"}]`, string(out.Payload))
		require.Equal(t, "$LATEST", aws.ToString(out.ExecutedVersion))
		require.Nil(t, out.FunctionError)
		log, err := base64.StdEncoding.DecodeString(aws.ToString(out.LogResult))
		require.NoError(t, err)
		require.Contains(t, string(log), "REPORT RequestId: ")
	})
	t.Run("a function error", func(t *testing.T) {
		out, err := sdk.Invoke(ctx, &lambda.InvokeInput{FunctionName: arn, Payload: event(t, map[string]any{"do": "fail", "text": "no"})})
		require.NoError(t, err)
		require.Equal(t, "Unhandled", aws.ToString(out.FunctionError))
		require.JSONEq(t, `{"errorType":"refused","errorMessage":"no"}`, string(out.Payload))
	})
	t.Run("a large batch", func(t *testing.T) {
		payload := []byte(`["` + strings.Repeat("x", 5<<20) + `"]`)
		out, err := sdk.Invoke(ctx, &lambda.InvokeInput{FunctionName: arn, Payload: payload})
		require.NoError(t, err)
		require.True(t, string(payload) == string(out.Payload))
	})
	t.Run("a dry run", func(t *testing.T) {
		out, err := sdk.Invoke(ctx, &lambda.InvokeInput{FunctionName: arn, InvocationType: types.InvocationTypeDryRun})
		require.NoError(t, err)
		require.EqualValues(t, 204, out.StatusCode)
	})
	t.Run("too large", func(t *testing.T) {
		_, err := sdk.Invoke(ctx, &lambda.InvokeInput{FunctionName: arn, Payload: []byte(`"` + strings.Repeat("x", 8<<20) + `"`)})
		var got *types.RequestTooLargeException
		require.ErrorAs(t, err, &got)
		require.Equal(t, "User", aws.ToString(got.Type))
		require.Contains(t, got.ErrorMessage(), "smaller than 6291456 bytes")
	})
	t.Run("no JSON", func(t *testing.T) {
		_, err := sdk.Invoke(ctx, &lambda.InvokeInput{FunctionName: arn, Payload: []byte(`hello`)})
		var got *types.InvalidRequestContentException
		require.ErrorAs(t, err, &got)
		require.Contains(t, got.ErrorMessage(), "Could not parse request body into json")
	})
	t.Run("another function", func(t *testing.T) {
		_, err := sdk.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String("other")})
		var got *types.ResourceNotFoundException
		require.ErrorAs(t, err, &got)
		require.Contains(t, got.ErrorMessage(), "function:other")
	})
	t.Run("too many", func(t *testing.T) {
		g := newGate(t)
		b := inBackground(t, f, map[string]any{"do": "wait", "url": g.url})
		<-g.arrived
		_, err := sdk.Invoke(ctx, &lambda.InvokeInput{FunctionName: arn})
		var got *types.TooManyRequestsException
		require.ErrorAs(t, err, &got)
		require.Equal(t, types.ThrottleReasonReservedFunctionConcurrentInvocationLimitExceeded, got.Reason)
		require.Equal(t, "1", aws.ToString(got.RetryAfterSeconds))
		g.open()
		b.wait(t)
	})
	t.Run("an event", func(t *testing.T) {
		g := newGate(t)
		out, err := sdk.Invoke(ctx, &lambda.InvokeInput{
			FunctionName: arn, InvocationType: types.InvocationTypeEvent, Payload: event(t, map[string]any{"do": "wait", "url": g.url}),
		})
		require.NoError(t, err)
		require.EqualValues(t, 202, out.StatusCode)
		<-g.arrived
	})
}

func TestBoto3(t *testing.T) {
	// Another Python may come first in PATH than the system's, which has boto3.
	python := ""
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(name, "-c", "import boto3").Run() == nil {
			python = name
			break
		}
	}
	if python == "" {
		t.Skip("no python3 with boto3 is installed: run make test-tools")
	}
	base := serveHTTP(t, start(t, locallambda.Config{}))
	out, err := exec.Command(python, "-c", `
import boto3, json, sys
from botocore.config import Config
c = boto3.client("lambda", endpoint_url=sys.argv[1], region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b",
                 config=Config(retries={"total_max_attempts": 1}))
def call(**kw):
    try:
        r = c.invoke(FunctionName="function", **kw)
        return [r["StatusCode"], r.get("FunctionError"), r["Payload"].read().decode()]
    except c.exceptions.ClientError as e:
        return [e.response["ResponseMetadata"]["HTTPStatusCode"], e.response["Error"]["Code"], ""]
big = json.dumps("x" * 8000000)
print(json.dumps([call(Payload=b"[1]"), call(Payload=json.dumps({"do": "fail", "text": "no"})), call(Payload=big), call(InvocationType="DryRun")]))
`, base).CombinedOutput()
	require.NoError(t, err, "%s", out)
	var got [][]any
	require.NoError(t, json.Unmarshal(out, &got), "%s", out)
	require.Equal(t, []any{200.0, nil, "[1]"}, got[0])
	require.Equal(t, []any{200.0, "Unhandled"}, got[1][:2])
	require.JSONEq(t, `{"errorType":"refused","errorMessage":"no"}`, got[1][2].(string))
	require.Equal(t, []any{413.0, "RequestTooLargeException", ""}, got[2])
	require.Equal(t, []any{204.0, nil, ""}, got[3])
}

func TestCurl(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not installed")
	}
	base := serveHTTP(t, start(t, locallambda.Config{}))
	for name, c := range map[string]struct{ body, status string }{
		"a small one":     {`[{"id":"1"}]`, "200"},
		"a large one":     {`"` + strings.Repeat("x", 5<<20) + `"`, "200"}, // sent after 100 Continue
		"a too large one": {`"` + strings.Repeat("x", 9<<20) + `"`, "413"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "payload")
			require.NoError(t, os.WriteFile(file, []byte(c.body), 0o600))
			out, err := exec.Command("curl", "-sS", "-w", "%{http_code}", "--data-binary", "@"+file, base+invocations).CombinedOutput()
			require.NoError(t, err, "%.200s", out)
			body, found := strings.CutSuffix(string(out), c.status)
			require.True(t, found, "%.200s", out)
			if c.status == "200" {
				require.True(t, body == c.body)
			}
		})
	}
}
