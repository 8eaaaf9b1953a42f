// What this project demands of the resources that it makes, beyond CloudFormation.
import { environment, needed } from './deployments.mjs';
import { list } from './permissions.mjs';
import { alarm, dashboard } from './watching.mjs';
import { machine } from './machine.mjs';

const one = (node, name) => (node && typeof node === 'object' ? node[name] : undefined);

/** resources checks a rendering of the template name with the parameters of a deployment. */
export function resources(rendered, name, parameters, tell) {
  const all = rendered.Resources;
  for (const [id, r] of Object.entries(all)) {
    const p = r.Properties ?? {};
    switch (r.Type) {
      case 'AWS::Logs::LogGroup':
        if (!p.RetentionInDays) tell(`${id} keeps logs for ever: give it RetentionInDays`);
        if (parameters.KmsKeyArn && p.KmsKeyId !== parameters.KmsKeyArn) tell(`${id} is not encrypted with the key that was given`);
        break;
      case 'AWS::Lambda::Function':
        functionOf(id, r, all, name, parameters, tell);
        break;
      case 'AWS::Lambda::Version':
        if (String(p.Description ?? '').length > 256) tell(`${id} has a description of ${p.Description.length} characters, and Lambda takes 256`);
        break;
      case 'AWS::Lambda::Alias':
        if (all[one(p.FunctionVersion, 'Fn::GetAtt')?.[0]]?.Type !== 'AWS::Lambda::Version') tell(`${id} is of no published version: ${JSON.stringify(p.FunctionVersion)}`);
        break;
      case 'AWS::StepFunctions::StateMachine':
        machine(id, p, tell);
        break;
      case 'AWS::CloudWatch::Alarm':
        alarm(id, p, tell);
        break;
      case 'AWS::CloudWatch::Dashboard':
        dashboard(id, p.DashboardBody, tell);
        break;
      case 'AWS::EC2::SecurityGroup':
        for (const rule of list(p.SecurityGroupEgress)) if (rule.CidrIp !== '127.0.0.1/32') tell(`${id} lets traffic out to ${rule.CidrIp ?? 'others'}`);
        break;
      case 'AWS::EC2::InternetGateway': case 'AWS::EC2::NatGateway': case 'AWS::EC2::Route': case 'AWS::EC2::VPCEndpoint':
        tell(`${id} leads out of a network that leads nowhere`);
        break;
    }
  }
  for (const output of needed[name] ?? []) {
    if (!rendered.Outputs[output]) tell(`the output ${output} is missing, which deploy.sh and the guide use`);
  }
  for (const output of ['GraderArn', 'ExecutorVersionArn']) {
    const value = rendered.Outputs[output]?.Value;
    if (value !== undefined && all[one(value, 'Ref')]?.Type !== 'AWS::Lambda::Version') tell(`the output ${output} names no version: what it names changes under a running job`);
  }
}

function functionOf(id, r, all, name, parameters, tell) {
  const p = r.Properties;
  if (p.LoggingConfig?.LogFormat !== 'JSON' || !all[one(p.LoggingConfig.LogGroup, 'Ref')]) tell(`${id} does not log JSON to a log group of the template`);
  if (name === 'template.yaml' && p.TracingConfig?.Mode !== 'Active') tell(`${id} is not traced`);
  if (parameters.KmsKeyArn && p.KmsKeyArn !== parameters.KmsKeyArn) tell(`${id} is not encrypted with the key that was given`);
  if (name === 'executor.yaml' && list(p.VpcConfig?.SecurityGroupIds).length === 0) tell(`${id} runs programs outside of the network that leads nowhere`);
  if (p.DeadLetterConfig) tell(`${id} has a dead-letter queue, which functions that are called synchronously do not use`);
  for (const [variable, value] of Object.entries(p.Environment?.Variables ?? {})) {
    if (environment[variable] !== value) tell(`${id} has the variable ${variable}, which is not known here: secrets do not belong into templates`);
  }
  // Lambda tries the role's permissions when it makes the function in a network, and
  // the first call may come as soon as the function is there.
  const role = one(p.Role, 'Fn::GetAtt')?.[0];
  const before = [...list(r.DependsOn), ...[...JSON.stringify(r.Metadata ?? {}).matchAll(/"Ref":"(\w+)"/g)].map((m) => m[1])];
  for (const [policy, other] of Object.entries(all)) {
    if (other.Type === 'AWS::IAM::RolePolicy' && one(other.Properties.RoleName, 'Ref') === role && !before.includes(policy)) {
      tell(`${id} may be made before ${policy}, without its permissions`);
    }
  }
}

/** parameters tells of parameters that nothing uses. */
export function parametersOf(template, tell) {
  const { Parameters: _, Metadata: __, ...rest } = template;
  const text = JSON.stringify(rest);
  for (const name of Object.keys(template.Parameters ?? {})) {
    if (!text.includes(`{"Ref":"${name}"}`) && !text.includes(`\${${name}}`)) tell(`nothing uses the parameter ${name}`);
  }
}

/** extremes returns the parameters of a deployment with every number at one end of its range. */
export function extremes(template, given, end) {
  const out = { ...given };
  for (const [name, p] of Object.entries(template.Parameters ?? {})) if (p[end] !== undefined) out[name] = p[end];
  return out;
}
