// node check.mjs [--only DEPLOYMENT,...] [DIR...]: checks everything in deploy/ (or in
// DIRs with files of the same names) that can be checked without an account. It
// prints a line for each finding and ends with 1 if there is one.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { anywhere, deployments, exceptions } from './deployments.mjs';
import { read, render } from './template.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { values: flags, positionals } = parseArgs({ options: { only: { type: 'string' } }, allowPositionals: true });
const folders = positionals.length > 0 ? positionals.map((f) => resolve(f)) : [join(here, '..')];
const require = createRequire(import.meta.url);
const { CompositeEngine, TemplateFile, TemplateContent } = createRequire(require.resolve('aws-cdk-lib'))('@aws/cloudformation-validate');

let findings = 0;
const checked = [];
function finding(where, what) {
  findings++;
  console.log(`${where}: ${what}`);
}

// The validator's warnings about defaults of parameters are answered by the
// renderings, which have the values. W3030 (a value that is no member of an
// enumeration) is as bad as an error.
function validate(engine, template, where) {
  for (const d of engine.validateTemplate(template).diagnostics) {
    if (!['FATAL', 'ERROR'].includes(d.severity) && d.ruleId !== 'W3030') continue;
    finding(where, `${d.ruleId} ${d.entity?.logicalId ?? ''} ${d.propertyPath ?? ''} ${d.message}`);
  }
}

const guard = join(dirname(require.resolve('@cdklabs/cdk-validator-cfnguard/package.json')));
const system = { linux: 'ubuntu', darwin: 'macos' }[process.platform];
const processor = { x64: 'x86_64', arm64: 'aarch64' }[process.arch];
const topics = ['cloudwatch', 'ec2', 'identityandaccessmanagement', 'keymanagementservice', 'lambda', 's3', 'stepfunctions'];

/** guarded returns the names of the security rules that a rendering breaks. */
function guarded(file) {
  const rules = topics.map((t) => join(guard, 'rules', 'control-tower', 'cfn-guard', t));
  let out;
  try {
    out = execFileSync(join(guard, 'bin', system, processor, 'cfn-guard'),
      ['validate', '--data', file, '--rules', ...rules, '--show-summary', 'none', '--output-format', 'json', '--structured'], { encoding: 'utf8', maxBuffer: 1 << 28 });
  } catch (error) {
    if (error.status !== 19) throw new Error(`cfn-guard: ${error.stderr || error.message}`);
    out = error.stdout;
  }
  const reports = JSON.parse(out);
  const of = (list) => list.map((r) => (r.Rule ? r.Rule.name : r));
  return {
    broken: new Set(reports.flatMap((r) => of(r.not_compliant))),
    kept: new Set(reports.flatMap((r) => of(r.compliant))),
  };
}

const list = (x) => (x === undefined ? [] : Array.isArray(x) ? x : [x]);

/** permissions reports what a policy allows anywhere, or with any action. */
function permissions(rendered, where) {
  for (const [id, r] of Object.entries(rendered.Resources)) {
    const documents = [r.Properties?.PolicyDocument, ...list(r.Properties?.Policies).map((p) => p.PolicyDocument)];
    for (const s of documents.flatMap((d) => list(d?.Statement))) {
      if (s.Effect !== 'Allow') continue;
      for (const action of list(s.Action)) {
        if (action.includes('*')) finding(where, `${id} allows the wildcard ${action}: name the actions`);
        if (list(s.Resource).includes('*') && !(action in anywhere)) finding(where, `${id} allows ${action} on every resource: name the resources`);
      }
      if (s.NotAction || s.NotResource) finding(where, `${id} allows all but some: name what it allows`);
    }
    const trust = list(r.Properties?.AssumeRolePolicyDocument?.Statement);
    for (const s of trust) {
      const service = s.Principal?.Service;
      if (!service) finding(where, `${id} trusts ${JSON.stringify(s.Principal)}: only services are trusted here`);
      if (['bedrock.amazonaws.com', 'states.amazonaws.com'].includes(service) && !(s.Condition?.StringEquals?.['aws:SourceAccount'] && (s.Condition?.ArnEquals ?? s.Condition?.ArnLike)?.['aws:SourceArn'])) {
        finding(where, `${id} trusts ${service} on behalf of anybody: aws:SourceAccount and aws:SourceArn are missing`);
      }
    }
  }
}

const arn = /^arn:aws:(states|lambda):(us-east-1)?:(\d{12})?:[A-Za-z0-9:_-]+$/;

/** machine checks a state machine's definition, with its substitutions filled in. */
function machine(id, properties, where) {
  const used = new Set();
  const text = properties.DefinitionString.replace(/\$\{([A-Za-z]+)\}/g, (whole, name) => {
    used.add(name);
    if (properties.DefinitionSubstitutions?.[name] === undefined) {
      finding(where, `${id} uses \${${name}}, which DefinitionSubstitutions does not have`);
      return whole;
    }
    return properties.DefinitionSubstitutions[name];
  });
  for (const name of Object.keys(properties.DefinitionSubstitutions ?? {})) {
    if (!used.has(name)) finding(where, `${id} does not use the substitution ${name}`);
  }
  let definition;
  try {
    definition = JSON.parse(text);
  } catch (error) {
    finding(where, `${id} is no JSON: ${error.message}`);
    return;
  }
  const validator = require('asl-validator');
  const result = (validator.default ?? validator)(definition);
  if (!result.isValid) finding(where, `${id} is no state machine: ${result.errors.map((e) => e.Message ?? e.message ?? JSON.stringify(e)).join('; ')}`);
  const walk = (node, path) => {
    if (node === null || typeof node !== 'object') return;
    for (const [k, v] of Object.entries(node)) {
      if ((k === 'Resource' || k === 'FunctionName') && !arn.test(v)) finding(where, `${id} ${path}/${k} is no ARN: ${v}`);
      walk(v, `${path}/${k}`);
    }
  };
  walk(definition, '');
}

const scratch = mkdtempSync(join(tmpdir(), 'check-deploy-'));
const engine = new CompositeEngine();

/** checkDeployment checks a template as it is for one deployment. */
function checkDeployment(name, template, variant, parameters, where) {
  let rendered;
  try {
    rendered = render(template, parameters);
  } catch (error) {
    finding(where, error.message);
    return;
  }
  const text = JSON.stringify(rendered, null, 1);
  validate(engine, new TemplateContent(text, name), where);
  permissions(rendered, where);
  const file = join(scratch, 'rendered.json');
  writeFileSync(file, text);
  const { broken, kept } = guarded(file);
  if (kept.size === 0) finding(where, 'cfn-guard applied no rule');
  const excepted = (rule) => exceptions[rule]?.templates.includes(name) && exceptions[rule].deployments.includes(variant);
  for (const rule of broken) {
    if (!excepted(rule)) finding(where, `breaks the security rule ${rule}`);
  }
  for (const rule of kept) {
    if (excepted(rule)) finding(where, `keeps ${rule}, which is listed as an exception`);
  }
  for (const [id, r] of Object.entries(rendered.Resources)) {
    if (r.Type === 'AWS::Logs::LogGroup' && !r.Properties.RetentionInDays) finding(where, `${id} keeps logs for ever: give it RetentionInDays`);
    if (r.Type === 'AWS::StepFunctions::StateMachine') machine(id, r.Properties, where);
    if (r.Type === 'AWS::CloudWatch::Dashboard') {
      const body = r.Properties.DashboardBody;
      try {
        JSON.parse(typeof body === 'string' ? body : body['Fn::Sub']);
      } catch (error) {
        finding(where, `${id} is no JSON: ${error.message}`);
      }
    }
  }
  checked.push(`${where}: ${Object.keys(rendered.Resources).length} resources, ${kept.size} security rules kept, ${broken.size} excepted`);
}

function checkTemplate(folder, name) {
  const path = join(folder, name);
  const where = positionals.length > 0 ? join(basename(folder), name) : name;
  validate(engine, new TemplateFile(path), where);
  let template;
  try {
    template = read(path);
  } catch (error) {
    finding(where, error.message);
    return;
  }
  for (const [variant, parameters] of Object.entries(deployments[name])) {
    if (!flags.only || flags.only.split(',').includes(variant)) checkDeployment(name, template, variant, parameters, `${where} (${variant})`);
  }
}

function checkImage(folder, name) {
  const text = readFileSync(join(folder, name), 'utf8');
  const where = positionals.length > 0 ? join(basename(folder), name) : name;
  // This linter is older than the flag --platform, and takes it for the image.
  for (const p of require('dockerfilelint').run('.', text.replace(/^FROM --platform=\S+ /gm, 'FROM '))) {
    finding(`${where}:${p.line}`, `${p.title}: ${p.description}`);
  }
  for (const d of require('dockerfile-utils').validate(text)) finding(`${where}:${d.range.start.line + 1}`, d.message);
  checked.push(`${where}: linted`);
}

try {
  for (const folder of folders) {
    for (const name of Object.keys(deployments)) {
      if (positionals.length === 0 || existsSync(join(folder, name))) checkTemplate(folder, name);
    }
    for (const name of readdirSync(folder).filter((n) => /^Dockerfile(\.[a-z]+)?$/.test(n) && n !== 'Dockerfile.dockerignore')) {
      checkImage(folder, name);
    }
  }
} finally {
  engine.free();
  rmSync(scratch, { recursive: true });
}
for (const line of checked) console.log(line);
for (const [rule, e] of Object.entries(exceptions)) console.log(`exception ${rule}: ${e.why}`);
console.log(findings === 0 ? 'no findings' : `${findings} findings`);
process.exit(findings === 0 ? 0 : 1);
