// What the roles may do, and whom they trust, held against what is known to be needed.
import { actions, anywhere, services } from './deployments.mjs';

export const list = (x) => (x === undefined ? [] : Array.isArray(x) ? x : [x]);

/** policies returns the policy documents of a resource. */
function policies(r) {
  return [r.Properties?.PolicyDocument, ...list(r.Properties?.Policies).map((p) => p.PolicyDocument)].filter(Boolean);
}

/** permissions tells what a rendering allows too much of, and whom it trusts without reason. */
export function permissions(rendered, tell) {
  for (const [id, r] of Object.entries(rendered.Resources)) {
    for (const s of policies(r).flatMap((d) => list(d.Statement))) {
      if (s.Principal || s.NotPrincipal) tell(`${id} is a policy with a principal: who may call is said in the callers' own policies`);
      if (s.Effect !== 'Allow') continue;
      if (s.NotAction || s.NotResource) tell(`${id} allows all but some: name what it allows`);
      for (const action of list(s.Action)) allowed(id, action, s, tell);
    }
    for (const arn of list(r.Properties?.ManagedPolicyArns)) {
      if (String(arn).includes(':iam::aws:policy/')) tell(`${id} has AWS's policy ${arn}: name the permissions`);
    }
    for (const s of list(r.Properties?.AssumeRolePolicyDocument?.Statement)) trust(id, s, tell);
    if (r.Type === 'AWS::Lambda::Url' || r.Type === 'AWS::Lambda::Permission') {
      tell(`${id} lets others call the function than those with a policy of their own`);
    }
  }
}

function allowed(id, action, s, tell) {
  const everywhere = list(s.Resource).includes('*');
  if (action.includes('*')) {
    tell(`${id} allows the wildcard ${action}: name the actions`);
  } else if (!actions.includes(action) && !(action in anywhere)) {
    tell(`${id} allows ${action}, which nothing here is known to need`);
  }
  if (everywhere && !(action in anywhere)) tell(`${id} allows ${action} on every resource: name the resources`);
  for (const resource of list(s.Resource)) {
    if (typeof resource !== 'string' || resource === '*') continue;
    const [arn, partition, service, region, account, ...rest] = resource.split(':');
    if (arn !== 'arn' || partition !== 'aws' || rest.length === 0 || service !== action.split(':')[0]) {
      tell(`${id} allows ${action} on ${resource}, which is no ARN of its service`);
      continue;
    }
    // The models of Bedrock belong to no account, and a profile calls them in several regions.
    const model = rest[0].startsWith('foundation-model/');
    if ((region.includes('*') && !model) || account.includes('*')) tell(`${id} allows ${action} in every region or account: ${resource}`);
    if (/^(\*|[a-z-]+[:/]\*)/.test(rest.join(':'))) tell(`${id} allows ${action} on every resource of a kind: ${resource}`);
  }
}

function trust(id, s, tell) {
  const service = s.Principal?.Service;
  if (typeof service !== 'string' || Object.keys(s.Principal).length !== 1) {
    tell(`${id} trusts ${JSON.stringify(s.Principal)}: only one service is trusted by a role`);
    return;
  }
  if (!services.includes(service)) tell(`${id} trusts ${service}, which calls nothing here`);
  if (service === 'lambda.amazonaws.com') return;
  const account = s.Condition?.StringEquals?.['aws:SourceAccount'];
  const sources = list((s.Condition?.ArnEquals ?? s.Condition?.ArnLike)?.['aws:SourceArn']);
  if (!account || sources.length === 0) {
    tell(`${id} trusts ${service} on behalf of anybody: aws:SourceAccount and aws:SourceArn are missing`);
  }
  for (const source of sources) {
    if (!/^arn:aws:[a-z]+:us-east-1:123456789012:[a-z-]+[:/A-Z]/i.test(source)) tell(`${id} trusts ${service} for ${source}: name the account's jobs or state machines`);
  }
}
