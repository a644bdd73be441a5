/** `npm test [suite …]`: runs the tests and ends with one plain line. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './built.mjs';
import { ensureChromium } from './chromium.mjs';
import { nodePath, root } from './node24.mjs';
import { ensureParts } from './parts.mjs';
import { ensureTensorFlow } from './tensorflow.mjs';

const suites = ['unit', 'contract', 'golden', 'security', 'renderer', 'e2e'];

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !suites.includes(name));
if (unknown.length > 0) {
  console.error(`There is no suite “${unknown.join(', ')}”. There are: ${suites.join(', ')}.`);
  process.exit(1);
}
const chosen = asked.length > 0 ? asked : suites;
const env = { ...process.env };

if (chosen.includes('e2e')) {
  const chromium = ensureChromium(console.log);
  if (chromium) env.CHROME_PATH = chromium;
  else
    console.log(
      'There is no Chromium here: the tests in tests/e2e/*.browser.test.ts are left out.',
    );
  if (!ensureBuilt(console.log)) {
    console.log('0 passed, 1 failed');
    console.error('The screens could not be built.');
    process.exit(1);
  }
}

if (['unit', 'golden', 'e2e'].some((suite) => chosen.includes(suite))) {
  if (!(await ensureParts(console.log))) {
    console.log('0 passed, 1 failed');
    console.error('What exports are made of could not be built.');
    process.exit(1);
  }
}

if (chosen.includes('unit') || chosen.includes('golden')) {
  const problem = await ensureTensorFlow(console.log);
  if (problem !== null)
    console.log(`TensorFlow’s CPU library is not here (${problem}): its tests are left out.`);
}

const folder = mkdtempSync(join(tmpdir(), 'stepwise-tests-'));
const report = join(folder, 'report.json');
const run = spawnSync(
  nodePath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    ...chosen.flatMap((name) => ['--project', name]),
    '--passWithNoTests',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ],
  { cwd: root, stdio: 'inherit', env },
);
const { passed, failed: failures, skipped } = count(report);
// An error outside any test fails the run without failing a test.
const failed = run.status !== 0 && failures === 0 && passed > 0 ? 1 : failures;
rmSync(folder, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

/** Tests by how they ended. A file that could not even be loaded is one failure. */
function count(path) {
  let results;
  try {
    results = JSON.parse(readFileSync(path, 'utf8')).testResults;
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const tests = results.flatMap((file) => file.assertionResults);
  const is = (status) => tests.filter((test) => test.status === status).length;
  const unloaded = results.filter(
    (file) =>
      file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  ).length;
  const [passed, failed] = [is('passed'), is('failed')];
  return { passed, failed: failed + unloaded, skipped: tests.length - passed - failed };
}
