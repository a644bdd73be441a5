/**
 * Checks the quantities that an engine computes, on WebGPU, and prints what is wrong in each group
 * as one line of JSON; optimizers run on the host and are checked with the engine cpu. A process of
 * its own, since a software adapter is found only by one that is started with its variables.
 */
import { openEngine } from '../../electron/model/engines/preflight.ts';
import { groupsOf } from './check.ts';
import { isFinding, type Outcome } from './finding.ts';

const [folder = '', ...titles] = process.argv.slice(2);
const engine = openEngine({ id: 'webgpu' });
const wrong: Record<string, Outcome[]> = {};
for (const { title, check } of await groupsOf(folder, () => engine)) {
  if (!titles.includes(title)) continue;
  wrong[title] = (await check()).filter((outcome) => !isFinding(outcome) || !outcome.ok);
}
console.log(JSON.stringify(wrong));
process.exit(0);
