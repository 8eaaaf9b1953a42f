package deploy_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/conversestub"
	"github.com/rftgrader/rftgrader/grader/workbench/locallambda"
	"github.com/rftgrader/rftgrader/testdata"
)

// permission is an action on a resource: one that a policy gives, with patterns, or
// one that a call needs.
type permission struct{ action, resource string }

// What AWS itself does with the execution role of a function, by the documentation
// of Lambda and X-Ray.
var byLambda = []permission{
	{"logs:CreateLogStream", "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/rftgrader:*"},
	{"logs:PutLogEvents", "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/rftgrader:*"},
	{"xray:PutTraceSegments", "*"},
	{"xray:PutTelemetryRecords", "*"},
}

// What Bedrock does with the service role of a job, by its documentation.
var byBedrock = []permission{
	{"s3:ListBucket", "arn:aws:s3:::training-123456789012"},
	{"s3:GetObject", "arn:aws:s3:::training-123456789012/rft/data/train.jsonl"},
	{"s3:PutObject", "arn:aws:s3:::output-123456789012/rft/output/metrics.jsonl"},
	{"lambda:InvokeFunction", "arn:aws:lambda:us-east-1:123456789012:function:rftgrader"},
	{"lambda:InvokeFunction", "arn:aws:lambda:us-east-1:123456789012:function:rftgrader:7"},
}

// TestLeastPrivilege runs the real bootstrap and compares the calls that it makes
// with what its role may do: nothing is missing, and nothing unused.
func TestLeastPrivilege(t *testing.T) {
	checkDeployTools(t)
	bootstrap := filepath.Join(t.TempDir(), "bootstrap")
	cmd := exec.Command("go", "build", "-o", bootstrap, "./cmd/lambda")
	cmd.Dir = testdata.Root()
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)

	const plain = "version: 1\ngraders:\n  correct: {type: exact}\n"
	judge := func(model string) string {
		return "version: 1\ngraders:\n  tone: {type: judge, model: " + model + ", max_tokens: 200, rubric: How polite is the answer?}\n"
	}
	for _, c := range []struct{ deployment, spec string }{
		{"job", plain},
		{"profile judge", judge("us.amazon.nova-2-lite-v1:0")},
		{"global judge", judge("global.amazon.nova-2-lite-v1:0")},
		{"direct judge", judge("amazon.nova-pro-v1:0")},
	} {
		t.Run(c.deployment, func(t *testing.T) {
			needed := append(slices.Clone(byLambda), callsOf(t, bootstrap, c.spec)...)
			if c.deployment != "job" {
				require.Greater(t, len(needed), len(byLambda), "the judge was called")
			}
			compare(t, given(t, c.deployment, "ExecutionRole"), needed)
		})
	}
	t.Run("service role", func(t *testing.T) {
		compare(t, given(t, "job", "ServiceRole"), byBedrock)
	})
}

// compare wants every needed permission given, and every given one needed.
func compare(t *testing.T, given, needed []permission) {
	t.Helper()
	for _, n := range needed {
		require.True(t, slices.ContainsFunc(given, func(g permission) bool { return gives(g, n) }), "missing: %v", n)
	}
	for _, g := range given {
		require.True(t, slices.ContainsFunc(needed, func(n permission) bool { return gives(g, n) }), "unused: %v", g)
	}
}

func gives(g, n permission) bool {
	return g.action == n.action && wildcard(g.resource).MatchString(n.resource)
}

// wildcard makes a pattern of a resource, in which * stands for anything.
func wildcard(resource string) *regexp.Regexp {
	parts := strings.Split(resource, "*")
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return regexp.MustCompile("^" + strings.Join(parts, ".*") + "$")
}

// oneOrMore is a JSON text, or a list of them.
type oneOrMore []string

func (o *oneOrMore) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		*o = make(oneOrMore, 1)
		return json.Unmarshal(b, &(*o)[0])
	}
	return json.Unmarshal(b, (*[]string)(o))
}

// given returns what a role may do in a deployment.
func given(t *testing.T, deployment, role string) (out []permission) {
	t.Helper()
	names := maps.Clone(resourceNames)
	names[role] = role
	for id, r := range render(t, "template.yaml", deployment, names) {
		if r.Type != "AWS::IAM::RolePolicy" {
			continue
		}
		var policy struct {
			RoleName       json.RawMessage
			PolicyDocument struct {
				Statement []struct {
					Effect           string
					Action, Resource oneOrMore
				}
			}
		}
		require.NoError(t, json.Unmarshal(r.Properties, &policy), id)
		if string(policy.RoleName) != `"`+role+`"` {
			continue
		}
		for _, s := range policy.PolicyDocument.Statement {
			require.Equal(t, "Allow", s.Effect)
			for _, a := range s.Action {
				for _, resource := range s.Resource {
					out = append(out, permission{a, resource})
				}
			}
		}
	}
	require.NotEmpty(t, out)
	return out
}

// callsOf grades two rollouts with the real bootstrap, and returns what the calls
// need that it made of any service of AWS.
func callsOf(t *testing.T, bootstrap, spec string) []permission {
	t.Helper()
	stub, err := conversestub.New(conversestub.Config{})
	require.NoError(t, err)
	var mu sync.Mutex
	seen := map[permission]bool{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		for _, p := range needs(t, r) {
			seen[p] = true
		}
		mu.Unlock()
		stub.ServeHTTP(w, r)
	}))
	defer server.Close()
	path := filepath.Join(t.TempDir(), "grader.yaml")
	require.NoError(t, os.WriteFile(path, []byte(spec), 0o600))
	f, err := locallambda.Start(t.Context(), locallambda.Config{
		Bootstrap: bootstrap, Timeout: time.Minute,
		Env: map[string]string{"GRADER_SPEC": path, "AWS_ENDPOINT_URL": server.URL},
	})
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	response, err := f.Invoke(t.Context(), []byte(`[
		{"id":"a","messages":[{"role":"user","content":"Say hello to our guests."},{"role":"assistant","content":"Welcome, dear guests, and thank you for coming."}],"reference_answer":"Welcome!"},
		{"id":"b","messages":[{"role":"user","content":"Say hello to our guests."},{"role":"assistant","content":"There you are, all of you, late as always."}],"reference_answer":"Welcome!"}]`))
	require.NoError(t, err)
	require.Empty(t, response.FunctionError, "%s", response.Payload)
	mu.Lock()
	defer mu.Unlock()
	return slices.Collect(maps.Keys(seen))
}

// needs returns the permissions that a request needs, by the service authorization
// reference: a call through an inference profile needs the profile, and the model
// behind it in the region that it is sent to.
func needs(t *testing.T, r *http.Request) []permission {
	rest, ok := strings.CutPrefix(r.URL.EscapedPath(), "/model/")
	escaped, operation, cut := strings.Cut(rest, "/")
	if !ok || !cut || operation != "converse" {
		t.Errorf("an unknown call: %s %s", r.Method, r.URL.Path)
		return nil
	}
	id, err := url.PathUnescape(escaped)
	if err != nil {
		t.Error(err)
		return nil
	}
	const action = "bedrock:InvokeModel"
	if region, model, ok := strings.Cut(id, "."); ok && (region == "us" || region == "global") {
		if region == "global" {
			return []permission{
				{action, "arn:aws:bedrock:us-east-1:123456789012:inference-profile/" + id},
				{action, "arn:aws:bedrock:us-east-1::foundation-model/" + model},
				{action, "arn:aws:bedrock:::foundation-model/" + model},
			}
		}
		return []permission{
			{action, "arn:aws:bedrock:us-east-1:123456789012:inference-profile/" + id},
			{action, "arn:aws:bedrock:us-east-1::foundation-model/" + model},
			{action, "arn:aws:bedrock:us-west-2::foundation-model/" + model},
		}
	}
	return []permission{{action, "arn:aws:bedrock:us-east-1::foundation-model/" + id}}
}
