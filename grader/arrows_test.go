package grader_test

import (
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/testdata"
)

const module = "github.com/rftgrader/rftgrader"

// golist runs go list in the repository and returns its lines.
func golist(t *testing.T, args ...string) []string {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list"}, args...)...)
	cmd.Dir = testdata.Root()
	out, err := cmd.Output()
	require.NoError(t, err)
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

// TestArrows checks that imports point down, as the package comment draws them.
// A package may import the standard library, what lies below itself, and what
// stands in its row: packages of this module without its path, others in full;
// "/..." stands for everything below.
func TestArrows(t *testing.T) {
	const jsonv2 = "github.com/go-json-experiment/json/..."
	rows := []struct {
		packages string
		may      []string
	}{
		{"grader", []string{jsonv2}},
		{"grader/internal/...", nil},
		{"grader/answer/...", []string{"grader", "grader/internal/...", jsonv2, "golang.org/x/text/..."}},
		{"grader/batch/...", []string{"grader", "grader/internal/...", "github.com/hashicorp/golang-lru/v2/..."}},
		{"grader/spec/specschema/...", []string{"grader", "grader/internal/...", "grader/answer", "grader/spec", jsonv2, "github.com/google/jsonschema-go/..."}},
		{"grader/spec/...", []string{"grader", "grader/internal/...", jsonv2, "github.com/goccy/go-yaml/..."}},
		{"grader/gradertest/...", []string{"grader"}},
		{"grader/lambdagrader/...", []string{"grader", "grader/answer", "grader/batch", "grader/spec", jsonv2, "github.com/aws/aws-lambda-go/..."}},
		// The workbench records, replays and plans what judges ask, without knowing whom they ask.
		{"grader/workbench", []string{"grader/...", "graders/code/sandbox/...", "graders/judge/converse/...", "graders/judge/models", "graders/judge/verdict", "github.com/...", "golang.org/x/..."}},
		// The pure packages of the workbench know nothing of the command line.
		{"grader/workbench/conversestub/...", []string{"grader/internal/...", "graders/judge/converse"}},
		{"grader/workbench/calibration/...", []string{"grader/workbench/stats"}},
		{"grader/workbench/attacks/...", []string{"grader", "grader/workbench/stats"}},
		{"grader/workbench/judgeplan/...", []string{"grader/workbench/conversestub", "graders/judge/converse", "graders/judge/models"}},
		{"grader/workbench/scaffold/...", []string{"deploy"}},
		{"deploy", nil},
		{"grader/workbench/comparison/...", []string{"grader/workbench/stats"}},
		{"grader/workbench/figures/...", []string{"grader/workbench/stats"}},
		{"grader/workbench/job/...", []string{"github.com/aws/aws-sdk-go-v2/..."}},
		{"grader/workbench/invocation/...", []string{"grader", jsonv2, "github.com/aws/aws-sdk-go-v2/..."}},
		{"grader/workbench/...", []string{"grader", "grader/answer", "grader/batch", "grader/spec", jsonv2, "golang.org/x/..."}},
		{"graders", []string{"grader", "graders/..."}},
		// Only one package knows the SDK of the service that judges are called with.
		{"graders/judge/bedrock/...", []string{"grader", "graders/judge/...", jsonv2, "github.com/aws/aws-sdk-go-v2/...", "github.com/aws/smithy-go/..."}},
		{"graders/judge/...", []string{"grader", "grader/answer", "graders/judge/...", jsonv2, "golang.org/x/text/...", "github.com/goccy/go-yaml/...", "github.com/hashicorp/golang-lru/v2/..."}},
		// The code grader: the types of the sandbox, its executors side by side, tests above.
		{"graders/code", []string{"grader", "grader/answer", jsonv2}},
		{"graders/code/codewasm", []string{"grader", "graders/code", "graders/code/sandbox", "graders/code/sandbox/wasm"}},
		{"graders/code/internal/cage", []string{"testdata", "github.com/stretchr/testify/...", "golang.org/x/sys/..."}},
		{"graders/code/suite/...", []string{"grader", "graders/code/sandbox", "graders/code/sandbox/wire", "graders/code/split", jsonv2}},
		{"graders/code/split/...", []string{"grader", "graders/code/sandbox", "graders/code/sandbox/wire", jsonv2}},
		{"graders/code/sandbox/wire/...", []string{"grader", jsonv2}},
		{"graders/code/sandbox/confine/...", []string{"grader", "graders/code/sandbox", "golang.org/x/sys/..."}},
		{"graders/code/sandbox/jail/...", []string{"grader", "graders/code/sandbox/...", jsonv2, "golang.org/x/sys/..."}},
		{"graders/code/sandbox/wasm/...", []string{"grader", "graders/code/sandbox/...", jsonv2, "golang.org/x/sys/...", "github.com/tetratelabs/wazero/..."}},
		{"graders/code/sandbox/remote/...", []string{"grader", "graders/code/sandbox/...", jsonv2, "github.com/aws/aws-sdk-go-v2/..."}},
		{"graders/code/sandbox/sandboxtest", []string{"graders/code/sandbox", "graders/code/sandbox/wire", "github.com/stretchr/testify/..."}},
		{"graders/code/sandbox", []string{"grader"}},
		{"graders/internal/...", []string{"grader", "grader/answer", jsonv2, "golang.org/x/text/..."}},
		{"graders/json", []string{"grader", "grader/answer", "graders/internal/...", jsonv2, "github.com/santhosh-tekuri/jsonschema/v6/..."}},
		{"graders/...", []string{"grader", "grader/answer", "graders/internal/...", jsonv2, "golang.org/x/text/..."}},
		{"deploy/bundle", nil},
		{"cmd/lambda", []string{"grader/lambdagrader", "graders"}},
		{"cmd/rft", []string{"grader/workbench", "graders"}},
	}
	matches := func(pattern, pkg string) bool {
		below, ok := strings.CutSuffix(pattern, "/...")
		return pkg == pattern || ok && (pkg == below || strings.HasPrefix(pkg, below+"/"))
	}
	for _, line := range golist(t, "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...") {
		fields := strings.Fields(line)
		pkg := strings.TrimPrefix(fields[0], module+"/")
		i := slices.IndexFunc(rows, func(r struct {
			packages string
			may      []string
		}) bool {
			return matches(r.packages, pkg)
		})
		if !strings.HasPrefix(fields[0], module+"/") || i < 0 {
			t.Errorf("%s stands in no row: draw its place first", fields[0])
			continue
		}
		for _, imported := range fields[1:] {
			first, _, _ := strings.Cut(imported, "/")
			if !strings.Contains(first, ".") {
				continue // the standard library
			}
			imported = strings.TrimPrefix(imported, module+"/")
			if path.Dir(imported) == pkg || strings.HasPrefix(imported, pkg+"/") {
				continue
			}
			if !slices.ContainsFunc(rows[i].may, func(p string) bool { return matches(p, imported) }) {
				t.Errorf("%s imports %s, which its place in the house does not allow", pkg, imported)
			}
		}
	}
}

// TestLambdaStaysSmall names every module that the Lambda's binary may hold.
func TestLambdaStaysSmall(t *testing.T) {
	allowed := []string{
		module,
		"github.com/aws/aws-lambda-go",
		// The SDK, with the modules by which it finds credentials: for judges.
		"github.com/aws/aws-sdk-go-v2",
		"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream",
		"github.com/aws/aws-sdk-go-v2/config",
		"github.com/aws/aws-sdk-go-v2/credentials",
		"github.com/aws/aws-sdk-go-v2/feature/ec2/imds",
		"github.com/aws/aws-sdk-go-v2/internal/configsources",
		"github.com/aws/aws-sdk-go-v2/internal/endpoints/v2",
		"github.com/aws/aws-sdk-go-v2/internal/v4a",
		"github.com/aws/aws-sdk-go-v2/service/bedrockruntime",
		"github.com/aws/aws-sdk-go-v2/service/internal/accept-encoding",
		"github.com/aws/aws-sdk-go-v2/service/internal/presigned-url",
		"github.com/aws/aws-sdk-go-v2/service/signin",
		"github.com/aws/aws-sdk-go-v2/service/sso",
		"github.com/aws/aws-sdk-go-v2/service/ssooidc",
		"github.com/aws/aws-sdk-go-v2/service/sts",
		"github.com/aws/smithy-go",
		"github.com/go-json-experiment/json",
		"github.com/goccy/go-yaml",
		"github.com/hashicorp/golang-lru/v2",
		"golang.org/x/sys",
		"github.com/santhosh-tekuri/jsonschema/v6", // of the kind json
		"golang.org/x/text",
	}
	for _, m := range golist(t, "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", "./cmd/lambda") {
		if m != "" && !slices.Contains(allowed, m) {
			t.Errorf("cmd/lambda links %s: libraries for the command line and the workbench stay out of the function", m)
		}
	}
}
