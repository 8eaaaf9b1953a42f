// node render.mjs TEMPLATE DEPLOYMENT [NAMES]: prints a template as JSON, as it is
// for one of the deployments, with references to resources replaced by NAMES.
import { basename } from 'node:path';
import { deployments } from './deployments.mjs';
import { read, render } from './template.mjs';

const [path, deployment, names = '{}'] = process.argv.slice(2);
const parameters = deployments[basename(path)]?.[deployment];
if (!parameters) {
  console.error(`there is no deployment ${deployment} of ${path}`);
  process.exit(2);
}
console.log(JSON.stringify(render(read(path), parameters, JSON.parse(names))));
