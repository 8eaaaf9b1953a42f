package deploy_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/testdata"
)

// checkDeployTools skips where the tools of the checks are not installed.
func checkDeployTools(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(testdata.Root(), "deploy", "check", "node_modules")); err != nil {
		t.Skip("deploy/check has no node_modules: run make test-tools")
	}
}

// checkDeploy runs the checks of make check-deploy and returns what they print.
func checkDeploy(t *testing.T, args ...string) (string, error) {
	t.Helper()
	checkDeployTools(t)
	program := filepath.Join(testdata.Root(), "deploy", "check", "check.mjs")
	out, err := exec.Command("node", append([]string{program}, args...)...).CombinedOutput()
	return string(out), err
}

func TestEverythingInDeployIsSound(t *testing.T) {
	out, err := checkDeploy(t)
	require.NoError(t, err, "%s", out)
	require.Contains(t, out, "template.yaml (hardened)")
	require.Contains(t, out, "no findings")
	t.Log("\n" + out)
}

// TestTheChecksBite breaks the files in one place each, and wants each refused.
func TestTheChecksBite(t *testing.T) {
	type mutation struct {
		name, file, from, to string
		want                 string // in the finding
	}
	mutations := []mutation{
		{"time-out 6000", "template.yaml", "Timeout: !Ref Timeout", "Timeout: 6000", "6000"},
		{"time-out 6000 by default", "template.yaml", "Default: 900", "Default: 6000", "Timeout: 6000 is more than 900"},
		{"unknown property", "template.yaml", "TracingConfig: {Mode: Active}", "TracingMode: Active", "TracingMode"},
		{"unknown member of an enumeration", "template.yaml", "LogFormat: JSON", "LogFormat: Yaml", "Yaml"},
		{"unknown runtime", "template.yaml", "provided.al2023]", "provided.al2032]", "provided.al2032"},
		{"wildcard resource", "template.yaml", "Resource: !GetAtt LogGroup.Arn", `Resource: "*"`, "LogPolicy allows logs:CreateLogStream on every resource"},
		{"wildcard action", "template.yaml", "Action: bedrock:InvokeModel\n            Resource: !Sub arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation", "Action: bedrock:*\n            Resource: !Sub arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation", "allows the wildcard bedrock:*"},
		{"missing retention", "template.yaml", "      RetentionInDays: !Ref LogRetentionDays\n", "", "LogGroup keeps logs for ever"},
		{"anybody's jobs", "template.yaml", "                aws:SourceAccount: !Ref AWS::AccountId\n              ArnEquals", "                aws:PrincipalType: AssumedRole\n              ArnEquals", "aws:SourceAccount and aws:SourceArn are missing"},
		{"reference to nothing", "template.yaml", "Role: !GetAtt ExecutionRole.Arn", "Role: !GetAtt ExecutorRole.Arn", "ExecutorRole"},
		{"attribute that there is not", "template.yaml", "FunctionVersion: !GetAtt Version.Version", "FunctionVersion: !GetAtt Version.Number", "Number"},
		{"missing required property", "template.yaml", "      Role: !GetAtt ExecutionRole.Arn\n", "", "Role"},
		{"dashboard that is no JSON", "template.yaml", `"start": "-PT6H",`, `"start": "-PT6H"`, "Dashboard is no JSON"},
		{"group open to the world", "executor.yaml", "CidrIp: 127.0.0.1/32\n", "CidrIp: 127.0.0.1/32\n      SecurityGroupIngress:\n        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}\n", "breaks the security rule"},
		{"substitution that there is not", "batch.yaml", "        Bucket: !Ref Bucket\n        OutputPrefix", "        OutputPrefix", "uses ${Bucket}"},
		{"no ARN", "batch.yaml", `"FunctionName": "${GraderArn}"`, `"FunctionName": "${BatchSize}"`, "is no ARN"},
		{"state that there is not", "batch.yaml", `"StartAt": "GradeAll"`, `"StartAt": "Grade"`, "is no state machine"},
		{"definition that is no JSON", "batch.yaml", `"QueryLanguage": "JSONata",`, `"QueryLanguage": "JSONata"`, "is no JSON"},
		{"public URL", "template.yaml", "  ErrorAlarm:", "  Url:\n    Type: AWS::Lambda::Url\n    Properties: {AuthType: NONE, TargetFunctionArn: !Ref Function}\n\n  ErrorAlarm:", "Url lets others call"},
		{"resource policy", "template.yaml", "  ErrorAlarm:", "  Permission:\n    Type: AWS::Lambda::Permission\n    Properties: {Action: lambda:InvokeFunction, FunctionName: !Ref Function, Principal: bedrock.amazonaws.com}\n\n  ErrorAlarm:", "Permission lets others call"},
		{"anybody is trusted", "template.yaml", "Principal: {Service: bedrock.amazonaws.com}", `Principal: "*"`, "only one service"},
		{"another service is trusted too", "template.yaml", "Principal: {Service: bedrock.amazonaws.com}", "Principal: {Service: [bedrock.amazonaws.com, sagemaker.amazonaws.com]}", "only one service"},
		{"any source", "template.yaml", "aws:SourceArn: !Sub arn:${AWS::Partition}:bedrock:${AWS::Region}:${AWS::AccountId}:model-customization-job/*", `aws:SourceArn: "*"`, "for *"},
		{"role passed on", "template.yaml", "Action: lambda:InvokeFunction\n            Resource: [!GetAtt Function.Arn", "Action: [lambda:InvokeFunction, iam:PassRole]\n            Resource: [!GetAtt Function.Arn", "iam:PassRole, which nothing"},
		{"action that there is not", "template.yaml", "logs:CreateLogStream", "logs:CreateLogStreams", "logs:CreateLogStreams, which nothing"},
		{"ARN of no service", "template.yaml", "Resource: !Sub arn:${AWS::Partition}:bedrock:", "Resource: !Sub arn:${AWS::Partition}:bedrok:", "no ARN of its service"},
		{"all buckets", "template.yaml", "s3:::${DataBucket}/${DataPrefix}*", "s3:::*", "every resource of a kind"},
		{"administrator", "template.yaml", "ManagedPolicyArns: !If [HasJudgePolicy, [!Ref JudgePolicyArn], !Ref AWS::NoValue]", "ManagedPolicyArns: [arn:aws:iam::aws:policy/AdministratorAccess]", "AdministratorAccess"},
		{"secret in the environment", "template.yaml", "      TracingConfig:", "      Environment: {Variables: {API_KEY: abcdef}}\n      TracingConfig:", "secrets do not belong"},
		{"alias of no version", "template.yaml", "FunctionVersion: !GetAtt Version.Version", "FunctionVersion: $LATEST", "no published version"},
		{"bare function for the job", "template.yaml", "    Value: !Ref Version\n", "    Value: !GetAtt Function.Arn\n", "GraderArn names no version"},
		{"alarm on nothing", "template.yaml", "MetricName: Ungraded\n", "MetricName: Ungradeds\n", "nobody writes the metric Ungradeds"},
		{"expression of nothing", "template.yaml", "100 * ungraded / rollouts", "100 * ungraded / rollout", "which is no metric of it"},
		{"typing error on the dashboard", "template.yaml", `"FlatGroupShare"`, `"FlatGroupsShare"`, "nobody writes the metric FlatGroupsShare"},
		{"untraced", "template.yaml", "      TracingConfig: {Mode: Active}\n", "", "not traced"},
		{"unordered", "template.yaml", "    DependsOn: [LogPolicy, TracePolicy]\n", "", "may be made before LogPolicy"},
		{"old runtime", "template.yaml", "provided.al2023]", "provided]", "provided"},
		{"unknown processor", "template.yaml", "Architectures: [!Ref Architecture]", "Architectures: [arm]", "arm"},
		{"limit above Lambda's", "template.yaml", "    MaxValue: 900\n", "    MaxValue: 9000\n", "9000"},
		{"way out", "executor.yaml", "CidrIp: 127.0.0.1/32", "CidrIp: 0.0.0.0/0", "lets traffic out"},
		{"no network", "executor.yaml", "        SecurityGroupIds: [!Ref NoTraffic]\n", "", "outside of the network"},
		{"retry on no error", "batch.yaml", `["States.ALL"]`, `["States.AL"]`, "there is no error States.AL"},
		{"next state that there is not", "batch.yaml", "\"End\": true\n            }\n", "\"Next\": \"Nowhere\"\n            }\n", "is no state machine"},
		{"unknown integration", "batch.yaml", ":::lambda:invoke", ":::lambda:invok", "no integration"},
		{"logged prompts", "batch.yaml", "IncludeExecutionData: false", "IncludeExecutionData: true", "logs execution data"},
		{"root", "Dockerfile", "\nUSER 65534:65534", "\nUSER root", "runs as root"},
		{"stage that there is not", "Dockerfile", "COPY --from=build --chmod", "COPY --from=builds --chmod", "there is no stage builds"},
		{"image without a tag", "Dockerfile", "FROM amazon/aws-lambda-provided:al2023", "FROM amazon/aws-lambda-provided", "Base Image Missing Tag"},
		{"instruction that there is not", "Dockerfile", "\nUSER ", "\nUSERS ", "USERS"},
	}
	var folders []string
	parent := t.TempDir()
	for _, m := range mutations {
		text, err := os.ReadFile(filepath.Join(testdata.Root(), "deploy", m.file))
		require.NoError(t, err)
		require.Contains(t, string(text), m.from, m.name)
		folder := filepath.Join(parent, strings.ReplaceAll(m.name, " ", "-"))
		require.NoError(t, os.Mkdir(folder, 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(folder, m.file), []byte(strings.ReplaceAll(string(text), m.from, m.to)), 0o600))
		folders = append(folders, folder)
	}
	// Together these two deployments make each resource that a mutation is in.
	out, err := checkDeploy(t, append([]string{"--only", "plain,direct judge", "--without-guard"}, folders...)...)
	require.Error(t, err)
	guarded := folders[slices.IndexFunc(mutations, func(m mutation) bool { return m.name == "group open to the world" })]
	more, err := checkDeploy(t, "--only", "plain", guarded)
	require.Error(t, err)
	out += more
	for i, m := range mutations {
		t.Run(m.name, func(t *testing.T) {
			var found []string
			for line := range strings.Lines(out) {
				if strings.HasPrefix(line, filepath.Base(folders[i])+"/"+m.file) && !strings.Contains(line, "security rules kept") && !strings.Contains(line, ": linted") {
					found = append(found, line)
				}
			}
			require.NotEmpty(t, found, "nothing was found")
			require.Contains(t, strings.Join(found, ""), m.want)
		})
	}
}
