import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RunSettings, StudentReport } from '../../../electron/contract/entities.ts';
import type { PreflightBatch, PreflightTask, TrainRow } from '../../../electron/contract/worker.ts';
import { preflight } from '../../../electron/stages/train/index.ts';
import { sampleOf } from '../../../electron/stages/train/preflight.ts';
import type { PreflightHost } from '../../../electron/stages/train/preflight.ts';
import { runSettings } from '../model/support.ts';
import { splitRows, tempFolder } from './support.ts';

const GB = 1e9;
const answer = (size: number, changes: Partial<PreflightBatch> = {}): PreflightBatch => ({
  ...{ kind: 'preflight', device: 'A processor', threads: 2, parameters: 1e6, trainable: 1e6 },
  batch: { wanted: 8, size, accumulate: 8 / size, tried: [{ rows: size, bytes: GB, fits: true }] },
  ...{ neededBytes: GB, stepMilliseconds: 100, evaluationMilliseconds: 2_000 },
  cut: { rows: 0, inputs: 0, labels: 0, rationales: 0 },
  ...changes,
});

type Answer = Awaited<ReturnType<PreflightHost['ask']>>;

/** Tries a training whose numeric process gives these answers, one after another. */
async function tryWith(answers: Answer[], changes: Partial<RunSettings> = {}) {
  const { store, splitId } = splitRows();
  const tasks: PreflightTask[] = [];
  const workspace = tempFolder();
  const host: PreflightHost = {
    ...{ store, folders: { workspace, run: (id) => join(workspace, 'runs', id) }, busy: false },
    memory: { available: 4 * GB, total: 8 * GB },
    ask: (task) => {
      tasks.push(task);
      const next = answers[tasks.length - 1];
      return next ? Promise.resolve(next) : Promise.reject(new Error('asked too often'));
    },
  };
  const settings = runSettings({ batchSize: 4, accumulate: 2, steps: 100, ...changes });
  return { store, tasks, found: preflight(host, { splitId, extractionId: null, settings }) };
}

const well = (batch: PreflightBatch): Answer => ({ batch, outOfMemory: false, readySeconds: 3 });

it('adds up what a run takes: start, steps, evaluations, checkpoints', async () => {
  const { tasks, found } = await tryWith([well(answer(8))], { evaluateEvery: 25 });
  const { time, memory, disk, batch, device } = await found;
  expect(tasks).toHaveLength(1);
  expect(tasks[0]).toMatchObject({ largest: null, memoryLimit: 3.6 * GB, timedSteps: 5 });
  expect(time).toMatchObject({ step: 0.1, evaluation: 2, timedSteps: 5, busy: false });
  // 3 s to start, 100 steps, 4 evaluations, and between a tenth and two seconds for each checkpoint.
  expect(time.total).toBeGreaterThan(3 + 10 + 8);
  expect(time.total).toBeLessThan(3 + 10 + 8 + 8);
  expect(time.epochs).toBeCloseTo((100 * 8) / 20);
  expect(memory).toEqual({ needed: GB, available: 4 * GB, total: 8 * GB });
  // A student, and twice what training goes on from: weights and two moments of each.
  expect(disk.bytes).toBeGreaterThan(4e6 + 2 * 12e6);
  expect(disk.free).toBeGreaterThan(0);
  expect(disk.folder.endsWith(join('', 'runs'))).toBe(true);
  expect(batch.size).toBe(8);
  expect(device).toBe('A processor');
});

it('times anew what had fitted before memory ran out', async () => {
  const first: Answer = { batch: answer(2), outOfMemory: true, readySeconds: 3 };
  const { tasks, found } = await tryWith([first, well(answer(2))]);
  const { batch, time } = await found;
  expect(tasks[1]?.largest).toBe(2);
  expect(batch).toMatchObject({ wanted: 8, size: 2, accumulate: 4 });
  expect(batch.tried.at(-1)).toEqual({ rows: 4, bytes: 4 * GB, fits: false });
  expect(time.timedSteps).toBe(5);
});

it('says that nothing fits where not even one row did', async () => {
  const { found } = await tryWith([{ batch: null, outOfMemory: true, readySeconds: 0 }]);
  const { batch, time, parameters } = await found;
  expect(batch.tried).toEqual([{ rows: 1, bytes: 4 * GB, fits: false }]);
  expect(batch).toMatchObject({ size: 1, accumulate: 8 });
  expect(time).toMatchObject({ timedSteps: 0, total: 0 });
  expect(parameters).toBeGreaterThan(1e5);
});

it('does not even try a pretrained student that is larger than the memory', async () => {
  const { store, splitId } = splitRows();
  const report: StudentReport = {
    ...{ folder: '/f', usable: true, findings: [], family: 'T5', parameters: 1e9, layers: null },
    ...{ vocabulary: 100, tokenizerTokens: 100, storedAs: 'float32', fileBytes: 4 * GB },
    trainingBytes: { full: 16 * GB, lora: 5 * GB },
    memoryBytes: { available: 8 * GB, total: 8 * GB },
    sha256: 'x',
  };
  const { id } = store.students.save({ name: 'large', folder: '/f', report });
  const settings = runSettings({ preset: 'folder', student: { id, name: 'large', sha256: 'x' } });
  const host: PreflightHost = {
    ...{
      store,
      folders: { workspace: tempFolder(), run: (id: string) => join('runs', id) },
      busy: true,
    },
    memory: { available: 4 * GB, total: 8 * GB },
    ask: () => Promise.reject(new Error('It was asked.')),
  };
  const { batch, memory, parameters, time } = await preflight(host, {
    ...{ splitId, extractionId: null, settings },
  });
  expect(batch.tried).toEqual([{ rows: 1, bytes: 16 * GB, fits: false }]);
  expect({ needed: memory.needed, parameters }).toEqual({ needed: 16 * GB, parameters: 1e9 });
  expect(time.busy).toBe(true);
});

it('is refused where there is nothing to learn', async () => {
  const { found, tasks } = await tryWith([], { method: 'step-by-step' });
  await expect(found).rejects.toMatchObject({ code: 'rows-missing' });
  expect(tasks).toEqual([]);
});

it('looks at all rows, or at some of very many and the longest', () => {
  const rows = Array.from({ length: 10_000 }, (_, index): TrainRow => ({
    ...{ input: 'x'.repeat(index % 97), label: 'y' },
    rationales: index === 7 ? ['long '.repeat(200)] : [],
  }));
  expect(sampleOf(rows.slice(0, 50), 8)).toEqual(rows.slice(0, 50));
  const sample = sampleOf(rows, 8);
  expect(sample.length).toBeGreaterThanOrEqual(4_000);
  expect(sample.length).toBeLessThanOrEqual(4_008);
  expect(new Set(sample).size).toBe(sample.length);
  expect(sample).toContain(rows[7]);
});
