// The deployments that the templates are checked for, and the security rules
// that some of them do not keep, each with the reason.

const grader = { CodeBucket: 'packages-123456789012', CodeKey: 'rftgrader/grader.zip', CodeSha256: 'b'.repeat(43) + '=', SpecHash: '0123456789ab' };
const image = { ImageUri: '123456789012.dkr.ecr.us-east-1.amazonaws.com/rftgrader@sha256:' + 'a'.repeat(64) };
const data = { DataBucket: 'training-123456789012' };
const hardened = {
  KmsKeyArn: 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555',
  AlarmTopicArn: 'arn:aws:sns:us-east-1:123456789012:alarms',
  SubnetIds: 'subnet-0123456789abcdef0,subnet-0123456789abcdef1',
  SecurityGroupIds: 'sg-0123456789abcdef0',
};
const batch = { GraderArn: 'arn:aws:lambda:us-east-1:123456789012:function:rftgrader:7', Bucket: 'training-123456789012' };

export const deployments = {
  'template.yaml': {
    plain: { ...grader },
    job: { ...grader, ...data, OutputBucket: 'output-123456789012', ReservedConcurrency: '64' },
    'profile judge': { ...grader, ...data, JudgeModelId: 'amazon.nova-2-lite-v1:0', JudgeProfileId: 'us.amazon.nova-2-lite-v1:0' },
    'direct judge': { ...grader, ...data, JudgeModelId: 'amazon.nova-pro-v1:0' },
    image: { ...image, ...data, EphemeralStorage: 2048 },
    executor: { ...grader, ...data, ExecutorArn: 'arn:aws:lambda:us-east-1:123456789012:function:rftgrader-executor' },
    'global judge': { ...grader, JudgeModelId: 'amazon.nova-2-lite-v1:0', JudgeProfileId: 'global.amazon.nova-2-lite-v1:0' },
    'application judge': { ...grader, JudgeModelId: 'amazon.nova-2-lite-v1:0', JudgeProfileArn: 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghijkl' },
    'several judges': { ...grader, JudgePolicyArn: 'arn:aws:iam::123456789012:policy/judges' },
    'image in a network': { ...image, ...data, ...hardened, SpecHash: '0123456789ab', SubnetIds: 'subnet-0123456789abcdef0,subnet-0123456789abcdef1,subnet-0123456789abcdef2', SecurityGroupIds: 'sg-0123456789abcdef0,sg-0123456789abcdef1', MemorySize: 10240, EphemeralStorage: 10240, LogLevel: 'DEBUG' },
    hyperpod: { ...grader, HyperPod: 'yes' },
    hardened: { ...grader, ...data, ...hardened },
  },
  'executor.yaml': { plain: { ...image } },
  'batch.yaml': { plain: { ...batch } },
};

// Rules of the AWS Control Tower catalogue, by their names. A rule that is
// excepted and kept is an error as well, so that the list stays true.
export const exceptions = {
  lambda_inside_vpc_check: {
    deployments: ['plain', 'job', 'profile judge', 'direct judge', 'image', 'executor', 'hyperpod', 'global judge', 'application judge', 'several judges'],
    templates: ['template.yaml'],
    why: 'a grader without SubnetIds has no network of the account to reach or to leave; with them (hardened) the rule holds',
  },
  cloudwatch_alarm_action_check: {
    deployments: ['plain', 'job', 'profile judge', 'direct judge', 'image', 'executor', 'hyperpod', 'global judge', 'application judge', 'several judges'],
    templates: ['template.yaml'],
    why: 'without an AlarmTopicArn there is nobody to tell; with one (hardened) the rule holds',
  },
  cloudwatch_log_group_encrypted_check: {
    deployments: ['plain', 'job', 'profile judge', 'direct judge', 'image', 'executor', 'hyperpod', 'global judge', 'application judge', 'several judges'],
    templates: ['template.yaml', 'executor.yaml', 'batch.yaml'],
    why: "without a KmsKeyArn the log group is encrypted with the service's key, and holds no prompt, answer or reference; with one (hardened) the rule holds",
  },
};

// Actions that know no narrower resource than *, each by AWS's service
// authorization reference, and for what they are there.
export const anywhere = {
  'xray:PutTraceSegments': 'traces',
  'xray:PutTelemetryRecords': 'traces',
  'xray:GetSamplingRules': 'traces of state machines',
  'xray:GetSamplingTargets': 'traces of state machines',
  'ec2:CreateNetworkInterface': 'Lambda attaches a function to subnets',
  'ec2:DescribeNetworkInterfaces': 'Lambda attaches a function to subnets',
  'ec2:DescribeSubnets': 'Lambda attaches a function to subnets',
  'ec2:DeleteNetworkInterface': 'Lambda attaches a function to subnets',
  'ec2:AssignPrivateIpAddresses': 'Lambda attaches a function to subnets',
  'ec2:UnassignPrivateIpAddresses': 'Lambda attaches a function to subnets',
  'logs:CreateLogDelivery': 'logs of state machines',
  'logs:GetLogDelivery': 'logs of state machines',
  'logs:UpdateLogDelivery': 'logs of state machines',
  'logs:DeleteLogDelivery': 'logs of state machines',
  'logs:ListLogDeliveries': 'logs of state machines',
  'logs:PutResourcePolicy': 'logs of state machines',
  'logs:DescribeResourcePolicies': 'logs of state machines',
  'logs:DescribeLogGroups': 'logs of state machines',
};

// Actions on named resources that the functions, the jobs and the state machine need.
export const actions = [
  'bedrock:InvokeModel', 'kms:Decrypt', 'kms:GenerateDataKey', 'lambda:InvokeFunction', 'logs:CreateLogStream', 'logs:PutLogEvents',
  's3:AbortMultipartUpload', 's3:GetObject', 's3:ListBucket', 's3:ListMultipartUploadParts', 's3:PutObject',
  'states:DescribeExecution', 'states:RedriveExecution', 'states:StartExecution', 'states:StopExecution',
];

// Services that take on one of the roles.
export const services = ['bedrock.amazonaws.com', 'lambda.amazonaws.com', 'states.amazonaws.com'];

// The environment variables of functions, with their values.
export const environment = { GRADER_ROLE: 'executor' };

// Outputs that the scripts and the guide read.
export const needed = {
  'template.yaml': ['GraderArn', 'ExecutionRoleArn', 'CallerPolicyArn', 'DashboardName', 'LogGroupName'],
  'executor.yaml': ['ExecutorArn', 'ExecutorVersionArn'],
  'batch.yaml': ['StateMachineArn'],
};
