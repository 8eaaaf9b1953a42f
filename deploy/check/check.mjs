// node check.mjs [--only DEPLOYMENT,...] [--without-guard] [DIR...]: checks everything in deploy/ (or in
// DIRs with files of the same names) that can be checked without an account. It
// prints a line for each finding and ends with 1 if there is one.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { deployments, exceptions } from './deployments.mjs';
import { image } from './image.mjs';
import { permissions } from './permissions.mjs';
import { extremes, parametersOf, resources } from './resources.mjs';
import { read, render } from './template.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { values: flags, positionals } = parseArgs({ options: { only: { type: 'string' }, 'without-guard': { type: 'boolean' } }, allowPositionals: true });
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
  const tell = (what) => finding(where, what);
  permissions(rendered, tell);
  resources(rendered, name, parameters, tell);
  if (flags['without-guard']) return;
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
  parametersOf(template, (what) => finding(where, what));
  for (const end of ['MinValue', 'MaxValue']) {
    try {
      const rendered = render(template, extremes(template, deployments[name].plain, end));
      validate(engine, new TemplateContent(JSON.stringify(rendered), name), `${where} (every ${end})`);
    } catch (error) {
      finding(where, error.message);
    }
  }
  for (const [variant, parameters] of Object.entries(deployments[name])) {
    if (!flags.only || flags.only.split(',').includes(variant)) checkDeployment(name, template, variant, parameters, `${where} (${variant})`);
  }
}

function checkImage(folder, name) {
  const text = readFileSync(join(folder, name), 'utf8');
  const where = positionals.length > 0 ? join(basename(folder), name) : name;
  // This linter is older than the flag --platform, and takes it for the image; the
  // empty image has no tags.
  for (const p of require('dockerfilelint').run('.', text.replace(/^FROM --platform=\S+ /gm, 'FROM ').replace(/^FROM scratch /gm, 'FROM scratch:empty '))) {
    finding(`${where}:${p.line}`, `${p.title}: ${p.description}`);
  }
  for (const d of require('dockerfile-utils').validate(text)) finding(`${where}:${d.range.start.line + 1}`, d.message);
  image(text, (what) => finding(where, what));
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
