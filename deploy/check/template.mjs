// Reads CloudFormation templates, and renders them: with the parameters of one
// deployment, so that what is checked is what CloudFormation would make.
import { readFileSync } from 'node:fs';
import YAML from 'yaml';

const functions = ['And', 'Base64', 'Cidr', 'Equals', 'FindInMap', 'GetAtt', 'GetAZs', 'If', 'Join', 'Not', 'Or', 'Select', 'Split', 'Sub'];

function tag(name, long) {
  const wrap = (value) => ({ [long]: name === 'GetAtt' && typeof value === 'string' ? splitOnce(value, '.') : value });
  const text = { tag: `!${name}`, resolve: (value) => wrap(value) };
  const collection = (kind) => ({ tag: `!${name}`, collection: kind, resolve: (node) => wrap(node.toJSON()) });
  return [text, collection('seq'), collection('map')];
}

const customTags = [
  ...tag('Ref', 'Ref'),
  ...tag('Condition', 'Condition'),
  ...functions.flatMap((name) => tag(name, `Fn::${name}`)),
];

function splitOnce(text, by) {
  const at = text.indexOf(by);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** read returns a template with the long forms of all functions. */
export function read(path) {
  const document = YAML.parseDocument(readFileSync(path, 'utf8'), { customTags, version: '1.1', schema: 'core' });
  if (document.errors.length > 0) throw new Error(`${path}: ${document.errors[0].message}`);
  return document.toJS();
}

/** pseudo are the values of CloudFormation's own parameters in renderings. */
export const pseudo = {
  'AWS::AccountId': '123456789012',
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::StackName': 'rftgrader',
  'AWS::URLSuffix': 'amazonaws.com',
};

const nothing = Symbol('AWS::NoValue');

/**
 * render returns the template as it is for one deployment: parameters filled in,
 * conditions decided, resources that are not made left out. References to
 * resources stay, or with names (logical id -> value of Ref, "Id.Attribute" ->
 * value of GetAtt) are replaced. Values that no rule allows are errors.
 */
export function render(template, given = {}, names = {}) {
  const parameters = { ...pseudo };
  for (const [name, p] of Object.entries(template.Parameters ?? {})) {
    const value = given[name] ?? p.Default;
    if (value === undefined) throw new Error(`the parameter ${name} has no value`);
    const text = String(value);
    if (p.AllowedValues && !p.AllowedValues.map(String).includes(text)) throw new Error(`${name}: ${text} is not allowed`);
    if (p.AllowedPattern && !new RegExp(`^(?:${p.AllowedPattern})$`).test(text)) throw new Error(`${name}: ${text} does not match ${p.AllowedPattern}`);
    if (p.MinValue !== undefined && Number(text) < p.MinValue) throw new Error(`${name}: ${text} is less than ${p.MinValue}`);
    if (p.MaxValue !== undefined && Number(text) > p.MaxValue) throw new Error(`${name}: ${text} is more than ${p.MaxValue}`);
    if (p.MinLength !== undefined && text.length < p.MinLength) throw new Error(`${name} is too short`);
    parameters[name] = p.Type === 'Number' ? Number(text) : p.Type === 'CommaDelimitedList' ? text.split(',') : text;
  }
  for (const name of Object.keys(given)) {
    if (!(name in (template.Parameters ?? {}))) throw new Error(`there is no parameter ${name}`);
  }

  const decided = {};
  const condition = (name) => {
    if (!(name in (template.Conditions ?? {}))) throw new Error(`there is no condition ${name}`);
    return (decided[name] ??= value(template.Conditions[name]));
  };
  const exists = (id) => {
    const r = template.Resources[id];
    if (!r) throw new Error(`there is no resource ${id}`);
    return !r.Condition || condition(r.Condition);
  };
  const reference = (name) => {
    if (name === 'AWS::NoValue') return nothing;
    if (name in parameters) return parameters[name];
    if (!exists(name)) throw new Error(`${name} is referred to and not made`);
    return names[name] ?? { Ref: name };
  };
  const attribute = ([id, name]) => {
    if (!exists(id)) throw new Error(`${id} is referred to and not made`);
    return names[`${id}.${name}`] ?? { 'Fn::GetAtt': [id, name] };
  };
  const substitute = (argument) => {
    const [text, own] = Array.isArray(argument) ? argument : [argument, {}];
    let open = false;
    const done = text.replace(/\$\{(!?)([^}]+)\}/g, (whole, literal, name) => {
      if (literal) return `\${${name}}`;
      const v = name in own ? value(own[name]) : name.includes('.') ? attribute(splitOnce(name, '.')) : reference(name);
      if (typeof v === 'object') {
        open = true;
        return whole;
      }
      return String(v);
    });
    return open ? { 'Fn::Sub': done } : done;
  };
  const value = (node) => {
    if (Array.isArray(node)) return node.map(value).filter((v) => v !== nothing);
    if (node === null || typeof node !== 'object') return node;
    const [[key, argument] = [], ...others] = Object.entries(node);
    if (key && others.length === 0) {
      switch (key) {
        case 'Ref': return reference(argument);
        case 'Condition': if (typeof argument === 'string') return condition(argument); break;
        case 'Fn::GetAtt': return attribute(Array.isArray(argument) ? argument : splitOnce(argument, '.'));
        case 'Fn::Sub': return substitute(argument);
        case 'Fn::If': return value(condition(argument[0]) ? argument[1] : argument[2]);
        case 'Fn::Equals': return String(value(argument[0])) === String(value(argument[1]));
        case 'Fn::Not': return !value(argument[0]);
        case 'Fn::And': return argument.every(value);
        case 'Fn::Or': return argument.some(value);
        case 'Fn::Join': return value(argument[1]).join(argument[0]);
        case 'Fn::Split': return String(value(argument[1])).split(argument[0]);
        case 'Fn::Select': {
          const [at, from] = argument.map(value);
          if (!Array.isArray(from)) return { [key]: [at, from] };
          if (!(at in from)) throw new Error(`Fn::Select: there is no value ${at} in ${JSON.stringify(from)}`);
          return from[at];
        }
        case 'Fn::Cidr': case 'Fn::GetAZs': return { [key]: value(argument) };
      }
      if (key.startsWith('Fn::')) throw new Error(`${key} is not known here`);
    }
    const out = {};
    for (const [k, v] of Object.entries(node)) {
      const done = value(v);
      if (done !== nothing) out[k] = done;
    }
    return out;
  };

  for (const [name, rule] of Object.entries(template.Rules ?? {})) {
    if (rule.RuleCondition && !value(rule.RuleCondition)) continue;
    for (const a of rule.Assertions) {
      if (!value(a.Assert)) throw new Error(`the rule ${name}: ${a.AssertDescription}`);
    }
  }
  const out = { AWSTemplateFormatVersion: '2010-09-09', Description: template.Description, Resources: {}, Outputs: {} };
  for (const [id, r] of Object.entries(template.Resources)) {
    if (!exists(id)) continue;
    const { Condition: _, ...rest } = r;
    out.Resources[id] = value(rest);
    if (typeof rest.DependsOn === 'string' ? !exists(rest.DependsOn) : rest.DependsOn?.some((d) => !exists(d))) {
      throw new Error(`${id} depends on what is not made`);
    }
  }
  for (const [id, o] of Object.entries(template.Outputs ?? {})) {
    if (o.Condition && !condition(o.Condition)) continue;
    const { Condition: _, ...rest } = o;
    out.Outputs[id] = value(rest);
  }
  return out;
}
