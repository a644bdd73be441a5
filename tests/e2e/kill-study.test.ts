import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Run } from '../../electron/contract/entities.ts';
import { openReader } from '../../electron/store/open.ts';
import type { Store } from '../../electron/store/store.ts';
import { temporaryFolder } from '../unit/ipc/support.ts';
import { cli, startCli } from './processes.ts';
import { tinyRows, writeRows } from './rows.ts';

const steps = 20;
const words = [
  ...['bake-off', '--methods', 'finetune', '--seeds', '2', '--steps', String(steps)],
  ...['--evaluate-every', '5', '--validation-rows', '2', '--batch-size', '4'],
  ...['--vocabulary-size', '300', '--max-label-tokens', '4'],
];

/** Looks into the workspace through a connection that writes nothing. */
function inspect<T>(workspace: string, look: (store: Store, runs: Run[]) => T): T {
  const store = openReader(join(workspace, 'studio.sqlite'));
  try {
    const [project] = store.projects.list();
    return look(store, project ? store.runs.list(project.id) : []);
  } finally {
    store.close();
  }
}

it('a study that was killed goes on where it was, and trains and decodes nothing twice', async () => {
  const { folder, remove } = temporaryFolder();
  onTestFinished(remove);
  const workspace = join(folder, 'workspace');
  const rows = writeRows(folder, 'rows.jsonl', tinyRows(60));
  for (const step of [
    ['project', 'new', 'sums', '--task', 'arithmetic'],
    ['import', rows],
    ['split', '--no-guard'],
  ]) {
    expect((await cli(workspace, step)).code, step.join(' ')).toBe(0);
  }

  const running = startCli(workspace, words);
  const secondIsUnderWay = () =>
    inspect(workspace, (store, [first, second]) => {
      const evaluations = first ? store.evaluations.complete(first.splitId, 'test') : [];
      const step = second ? (store.runs.checkpoint(second.id, 'last')?.step ?? 0) : 0;
      return evaluations.length === 1 && step >= 5;
    });
  await expect.poll(secondIsUnderWay, { timeout: 240_000, interval: 50 }).toBe(true);
  running.process.kill('SIGKILL');
  expect((await running.ended).code).toBeNull();
  const before = inspect(workspace, (_store, runs) => runs);
  expect(before[0]?.ended).toMatchObject({ reason: 'steps-done', step: steps });

  const resumed = await cli(workspace, ['bake-off', '--resume', '--json']);
  expect(resumed).toMatchObject({ code: 0, json: { runs: 2, complete: true } });
  inspect(workspace, (store, runs) => {
    expect(runs).toHaveLength(2);
    // What had ended was left alone: its end is the same to the millisecond.
    for (const { id, ended } of before.filter((run) => run.ended !== null)) {
      expect(store.runs.get(id).ended).toEqual(ended);
    }
    for (const { id, ended } of runs) {
      expect(ended).toMatchObject({ reason: 'steps-done', step: steps });
      const points = store.runs.metrics(id, 0).map(({ step }) => step);
      expect(points).toEqual(Array.from({ length: steps }, (_, index) => index + 1));
    }
    expect(store.evaluations.complete(runs[0]?.splitId ?? '', 'test')).toHaveLength(2);
    expect(store.studies.list(runs[0]?.projectId ?? '')).toMatchObject([
      { runs: { planned: 2, ended: 2 }, currentRunId: null },
    ]);
  });

  // Asked for again, it is all there; nothing is trained, and the result is shown.
  const again = await cli(workspace, [...words, '--json']);
  expect(again).toMatchObject({ code: 0, json: { runs: 2, complete: true } });
  expect(inspect(workspace, (_store, runs) => runs.length)).toBe(2);
  const shown = await cli(workspace, ['bake-off', '--resume', '--json']);
  expect(shown).toMatchObject({ code: 0, json: { study: 'bake-off 2' } });
}, 600_000);
