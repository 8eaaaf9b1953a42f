// Alarms and dashboards watch metrics that somebody writes.
import { readFileSync } from 'node:fs';

const lambda = ['Invocations', 'Errors', 'Throttles', 'Duration', 'ConcurrentExecutions'];
const source = readFileSync(new URL('../../grader/lambdagrader/metrics.go', import.meta.url), 'utf8');
const units = source.slice(source.indexOf('func metricUnits'), source.indexOf('func judgeSums'));
const own = [...units.matchAll(/^\s*"(\w+)":\s*"/gm)].map((m) => m[1]);

function metric(id, namespace, name, dimension, tell) {
  const written = { 'AWS/Lambda': lambda, rftgrader: own }[namespace];
  if (!written) tell(`${id}: nobody writes to the namespace ${namespace}`);
  else if (!written.includes(name)) tell(`${id}: nobody writes the metric ${name} to ${namespace}`);
  if (dimension !== 'FunctionName') tell(`${id}: ${name} has no dimension ${dimension}`);
}

/** alarm checks the metrics of an alarm, and the names in its expressions. */
export function alarm(id, p, tell) {
  const stats = [...(p.MetricName ? [p] : []), ...(p.Metrics ?? []).flatMap((m) => (m.MetricStat ? [m.MetricStat.Metric] : []))];
  if (stats.length === 0) tell(`${id} watches nothing`);
  for (const s of stats) metric(id, s.Namespace, s.MetricName, s.Dimensions?.[0]?.Name, tell);
  const ids = (p.Metrics ?? []).map((m) => m.Id);
  for (const { Expression: text } of p.Metrics ?? []) {
    for (const name of (text ?? '').match(/\b[a-z]\w*/g) ?? []) if (!ids.includes(name)) tell(`${id}: the expression ${text} uses ${name}, which is no metric of it`);
  }
  if (p.Metrics && p.Metrics.filter((m) => m.ReturnData).length !== 1) tell(`${id} wants one metric that returns data`);
}

/** dashboard checks a body, in which "." is the value above and "..." the line above. */
export function dashboard(id, given, tell) {
  let body;
  try {
    body = JSON.parse(typeof given === 'string' ? given : given['Fn::Sub']);
  } catch (error) {
    tell(`${id} is no JSON: ${error.message}`);
    return;
  }
  for (const [i, w] of (body.widgets ?? []).entries()) {
    const at = `${id} widget ${i}`;
    if (!['metric', 'text', 'log', 'alarm', 'explorer'].includes(w.type)) tell(`${at}: there is no widget of the type ${w.type}`);
    if (![w.x, w.y, w.width, w.height].every(Number.isInteger) || w.x + w.width > 24) tell(`${at} lies outside of the 24 columns`);
    let above = [];
    for (const line of w.properties?.metrics ?? []) {
      let names = line.filter((v) => typeof v === 'string');
      names = names[0] === '...' ? above : names.map((n, k) => (n === '.' ? above[k] : n));
      if (names.length !== 4) tell(`${at}: want a namespace, a name and one dimension, got ${JSON.stringify(line)}`);
      else metric(at, names[0], names[1], names[2], tell);
      above = names;
    }
  }
}
