package deploy_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/testdata"
)

// standIn records a call and answers as little as deploy.sh needs of the program.
const standIn = `#!/bin/sh
{ printf '%s' "$(basename "$0")"; printf ' [%s]' "$@"; echo; } >>"$CALLS"
case "$(basename "$0") $*" in
"aws cloudformation deploy "*) [ -z "${FAIL:-}" ] || { echo "no stack today" >&2; exit 254; } ;;
*describe-stacks*GraderArn*) echo arn:aws:lambda:us-east-1:123456789012:function:rftgrader:7 ;;
*describe-stacks*ServiceRoleArn*) [ -n "${NO_ROLE:-}" ] || echo arn:aws:iam::123456789012:role/service ;;
"docker buildx imagetools "*) printf 'sha256:%064d\n' 1 ;;
"go run ./cmd/lambda check "*) echo "$4: hash 0123456789ab" ;;
"go run github.com/rftgrader/rftgrader/deploy/bundle "*) echo "$@" >"$3" ;;
"go build -o "*) mkdir -p build && cp "$0" "$3" ;;
"go build "*) for word; do case $word in */bootstrap) : >"$word" ;; esac; done ;;
esac
`

// deployed is what a run of deploy.sh printed, and the calls that it made.
type deployed struct {
	root, out string
	calls     []string
	err       error
}

// runDeploy runs deploy.sh with stand-ins for all that it calls, in a folder with
// spaces in its name that holds "my spec.yaml", rollouts.jsonl and rubric.yaml.
func runDeploy(t *testing.T, env []string, args ...string) deployed {
	t.Helper()
	base := filepath.Join(t.TempDir(), "a b")
	root, bin := filepath.Join(base, "root"), filepath.Join(base, "bin")
	for _, folder := range []string{filepath.Join(root, "deploy"), bin} {
		require.NoError(t, os.MkdirAll(folder, 0o755))
	}
	for _, name := range []string{"deploy.sh", "package.sh", "template.yaml"} {
		text, err := os.ReadFile(filepath.Join(testdata.Root(), "deploy", name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(root, "deploy", name), text, 0o600))
	}
	for _, name := range []string{"aws", "docker", "go"} {
		require.NoError(t, os.WriteFile(filepath.Join(bin, name), []byte(standIn), 0o755)) //nolint:gosec // it is a program
	}
	for _, name := range []string{"my spec.yaml", "rollouts.jsonl", "rubric.yaml"} {
		require.NoError(t, os.WriteFile(filepath.Join(base, name), []byte(name), 0o600))
	}
	cmd := exec.Command("sh", append([]string{filepath.Join(root, "deploy", "deploy.sh")}, args...)...)
	cmd.Dir = base
	calls := filepath.Join(base, "calls")
	cmd.Env = append(append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "CALLS="+calls), env...)
	out, err := cmd.CombinedOutput()
	text, _ := os.ReadFile(calls)
	left, _ := filepath.Glob(filepath.Join(root, "build", "beside*"))
	require.Empty(t, left)
	return deployed{root, string(out), strings.Split(strings.TrimSpace(string(text)), "\n"), err}
}

// kept are the calls of the programs that reach beyond this machine, and of rft.
func (d deployed) kept() (out []string) {
	for _, c := range d.calls {
		if !strings.HasPrefix(c, "go ") {
			out = append(out, strings.ReplaceAll(c, d.root, "ROOT"))
		}
	}
	return out
}

var usual = []string{"--spec", "my spec.yaml", "--rollouts", "rollouts.jsonl"}

func TestDeployCallsInOrder(t *testing.T) {
	d := runDeploy(t, nil, append(usual, "--bucket", "packages", "--file", "rubric.yaml", "DataBucket=training", "AlarmTopicArn=a=b c")...)
	require.NoError(t, d.err, d.out)
	kept := d.kept()
	require.Len(t, kept, 5, d.out)
	require.Regexp(t, `^aws \[s3\] \[cp\] \[--only-show-errors\] \[ROOT/build/grader-arm64.zip\] \[s3://packages/rftgrader/[0-9a-f]{16}\.zip\]$`, kept[0])
	require.Regexp(t, `^aws \[cloudformation\] \[deploy\] .*\[--stack-name\] \[rftgrader\] .*\[Architecture=arm64\] \[SpecHash=0123456789ab\] \[ImageUri=\] \[CodeBucket=packages\] \[CodeKey=rftgrader/[0-9a-f]{16}\.zip\] \[CodeSha256=[A-Za-z0-9+/]{43}=\] \[DataBucket=training\] \[AlarmTopicArn=a=b c\]$`, kept[1])
	require.Contains(t, kept[2], "GraderArn")
	require.Contains(t, kept[3], "ServiceRoleArn")
	require.Regexp(t, `^rft \[invoke\] \[arn:aws:lambda:us-east-1:123456789012:function:rftgrader:7\] \[.*/a b/rollouts.jsonl\] \[--compare\] \[.*/a b/my spec.yaml\]$`, kept[4])
	require.Contains(t, d.out, "rft job submit --grader arn:aws:lambda:us-east-1:123456789012:function:rftgrader:7 --role arn:aws:iam::123456789012:role/service ")
	require.Contains(t, strings.Join(d.calls, "\n"), "/rubric.yaml]", "the file is packaged")
}

func TestDeployOfAnImage(t *testing.T) {
	d := runDeploy(t, []string{"NO_ROLE=1"}, append(usual, "--image", "repository", "--arch", "amd64")...)
	require.NoError(t, d.err, d.out)
	kept := d.kept()
	require.Regexp(t, `^docker \[buildx\] \[build\] \[--platform\] \[linux/amd64\] .*\[--build-context\] \[spec=ROOT/build/beside`, kept[0])
	require.Contains(t, kept[2], "[ImageUri=repository@sha256:"+strings.Repeat("0", 63)+"1] [CodeBucket=] [CodeKey=] [CodeSha256=]")
	require.Contains(t, kept[2], "[Architecture=x86_64]")
	require.Contains(t, d.out, "No role for Bedrock was made")
}

func TestDeployStopsWhereItFails(t *testing.T) {
	d := runDeploy(t, []string{"FAIL=1"}, append(usual, "--bucket", "packages")...)
	require.Error(t, d.err)
	require.Contains(t, d.out, "no stack today")
	require.NotContains(t, strings.Join(d.calls, "\n"), "describe-stacks")
	require.NotContains(t, d.out, "lambdaGrader:")
}

func TestDeployDryRunCallsNothing(t *testing.T) {
	for _, target := range []string{"--bucket", "--image"} {
		d := runDeploy(t, nil, append(usual, target, "somewhere", "--dry-run")...)
		require.NoError(t, d.err, d.out)
		require.Empty(t, d.kept())
		require.Contains(t, d.out, "+ aws cloudformation deploy")
	}
}

func TestDeployRefuses(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"no spec", []string{"--rollouts", "rollouts.jsonl"}, "--spec is missing"},
		{"spec that there is not", []string{"--spec", "none.yaml"}, "there is no spec none.yaml"},
		{"option without a value", []string{"--spec"}, "--spec wants a value"},
		{"no rollouts", []string{"--spec", "my spec.yaml"}, "--rollouts is missing"},
		{"neither bucket nor image", usual, "want --bucket for a zip or --image"},
		{"both", append(usual, "--bucket", "b", "--image", "i"), "and not both"},
		{"processor", append(usual, "--bucket", "b", "--arch", "mips"), "want arm64 or amd64, got mips"},
		{"option", append(usual, "--what=b"), "what is --what=b?"},
		{"parameter", append(usual, "--bucket", "b", "DataBuckets=x"), "no parameter DataBuckets"},
		{"resource as a parameter", append(usual, "--bucket", "b", "Function=x"), "no parameter Function"},
		{"its own parameter", append(usual, "--bucket", "b", "CodeKey=x"), "CodeKey is said by deploy.sh itself"},
		{"option behind parameters", append(usual, "--bucket", "b", "DataBucket=x", "--dry-run"), "want PARAMETER=VALUE"},
		{"file that there is not", append(usual, "--file", "none"), "there is no file none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := runDeploy(t, nil, c.args...)
			require.Error(t, d.err)
			require.Contains(t, d.out, c.want)
			require.NotContains(t, strings.Join(d.calls, "\n"), "aws")
		})
	}
}
