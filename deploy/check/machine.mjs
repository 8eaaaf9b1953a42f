// The definition of a state machine: that it is one, and that what it names is there.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const arn = /^arn:aws:(states|lambda):(us-east-1)?:(\d{12})?:[A-Za-z0-9:_-]+$/;

// The integrations of Step Functions that grading uses, and the names of its own errors.
const integrations = ['lambda:invoke', 's3:getObject', 's3:putObject'].map((i) => `arn:aws:states:::${i}`);
const errors = ['ALL', 'HeartbeatTimeout', 'Timeout', 'TaskFailed', 'Permissions', 'ExceedToleratedFailureThreshold', 'ItemReaderFailed', 'ResultWriterFailed', 'QueryEvaluationError']
  .map((e) => `States.${e}`);
const inputs = ['CSV', 'JSON', 'JSONL', 'MANIFEST', 'PARQUET'];

/** machine checks a definition with its substitutions filled in. */
export function machine(id, properties, tell) {
  if (properties.LoggingConfiguration?.IncludeExecutionData !== false) tell(`${id} logs execution data, which holds prompts and answers`);
  const used = new Set();
  const text = properties.DefinitionString.replace(/\$\{([A-Za-z]+)\}/g, (whole, name) => {
    used.add(name);
    if (properties.DefinitionSubstitutions?.[name] === undefined) {
      tell(`${id} uses \${${name}}, which DefinitionSubstitutions does not have`);
      return whole;
    }
    return properties.DefinitionSubstitutions[name];
  });
  for (const name of Object.keys(properties.DefinitionSubstitutions ?? {})) {
    if (!used.has(name)) tell(`${id} does not use the substitution ${name}`);
  }
  let definition;
  try {
    definition = JSON.parse(text);
  } catch (error) {
    tell(`${id} is no JSON: ${error.message}`);
    return;
  }
  const validator = require('asl-validator');
  const result = (validator.default ?? validator)(definition);
  if (!result.isValid) tell(`${id} is no state machine: ${result.errors.map((e) => e.Message ?? e.message ?? JSON.stringify(e)).join('; ')}`);
  const walk = (node, path) => {
    if (node === null || typeof node !== 'object') return;
    for (const [k, v] of Object.entries(node)) {
      const at = `${id} ${path}/${k}`;
      if ((k === 'Resource' || k === 'FunctionName') && !arn.test(v)) tell(`${at} is no ARN: ${v}`);
      if (k === 'Resource' && !integrations.includes(v)) tell(`${at} is no integration that is known here: ${v}`);
      if (k === 'FunctionName' && !/:\d+$/.test(v)) tell(`${at} names no version: ${v}`);
      if (k === 'InputType' && !inputs.includes(v)) tell(`${at} is no kind of input: ${v}`);
      if (k === 'ErrorEquals') {
        for (const e of v) if (e.startsWith('States.') && !errors.includes(e)) tell(`${at}: there is no error ${e}`);
      }
      if (k === 'ItemReader' && node.ItemProcessor?.ProcessorConfig?.Mode !== 'DISTRIBUTED') tell(`${at}: only a map of the mode DISTRIBUTED reads items`);
      walk(v, `${path}/${k}`);
    }
  };
  walk(definition, '');
}
