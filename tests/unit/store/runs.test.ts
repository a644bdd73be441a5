import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  MetricPoint,
  Run,
  RunSamples,
  isTrainingKnown,
} from '../../../electron/contract/entities.ts';
import type { ImportedFrom, MetricPoint as Point } from '../../../electron/contract/entities.ts';
import { settingsHash } from '../../../electron/core/hash.ts';
import { statedSettings } from '../../../electron/core/run-settings.ts';
import {
  exampleIds,
  newDataset,
  newProject,
  newRun,
  newSplit,
  opened,
  refusal,
  rows,
  runSettings,
} from './workspace.ts';

function prepared(store = opened(), name = 'Apples') {
  const project = newProject(store, name);
  newDataset(store, project, rows(1));
  const [id = 0] = exampleIds(store, project);
  return { store, project, split: newSplit(store, project, [[id, 'train']]) };
}

const point = (step: number, more: Partial<Point> = {}): Point => ({
  ...{ step, labelLoss: 2.5, rationaleLoss: 3.25, loss: 5.75, learningRate: 0.001 },
  ...{ gradientNorm: 0.5, tokensPerSecond: 1234.5, validation: null },
  ...{ memoryBytes: null, mutualInformation: null, balance: null },
  ...more,
});

describe('runs', () => {
  it('come back as they were made, oldest first', () => {
    const { store, project, split } = prepared();
    const run = newRun(store, split, { name: 'First' });
    expect(Run.parse(run)).toMatchObject({
      ...{ projectId: project.id, splitId: split.id, extractionId: null, name: 'First' },
      ...{ settings: runSettings, settingsHash: settingsHash(statedSettings(runSettings)) },
      ...{ trainRows: 8, rationaleRows: 6, jobId: null, parameters: null, bestStep: null },
      ...{ studyId: null, parentId: null, ended: null },
    });
    const other = newRun(store, split);
    expect(store.runs.list(project.id)).toEqual([run, other]);
    expect(store.runs.get(run.id)).toEqual(run);
  });

  it('may have come from elsewhere, which they then say', () => {
    const { store, split } = prepared();
    const from: ImportedFrom = {
      ...{ folder: '/students/a', sha256: 'abc', exported: 'huggingface', origin: null },
      ...{ whole: null, seenTestRows: 2 },
    };
    const [own, imported] = [newRun(store, split), newRun(store, split, { importedFrom: from })];
    expect([own.imported, imported.imported]).toEqual([false, true]);
    expect(store.runs.importedFrom(own.id)).toBeNull();
    expect(store.runs.importedFrom(imported.id)).toEqual(from);
    const named = newRun(store, split, { id: 'chosen-before', importedFrom: from });
    expect(named.id).toBe('chosen-before');
    store.runs.setModel(named.id, { parameters: 7, engine: null });
    expect(store.runs.get(named.id)).toMatchObject({ parameters: 7, engine: null });
    expect([own, imported].map(isTrainingKnown)).toEqual([true, true]);
    expect(isTrainingKnown({ imported: true, trainRows: 0 })).toBe(false);
    expect(refusal(() => store.runs.importedFrom('none')).code).toBe('not-found');
  });

  it('are named after their method where they have no name', () => {
    const { store, project, split } = prepared();
    const finetune = { settings: { ...runSettings, method: 'finetune' as const } };
    const first = newRun(store, split);
    newRun(store, split);
    newRun(store, split, finetune);
    store.runs.remove(first.id);
    newRun(store, split);
    newRun(store, split);
    expect(store.runs.list(project.id).map(({ name }) => name)).toEqual([
      ...['step-by-step 2', 'finetune 1', 'step-by-step 1', 'step-by-step 3'],
    ]);
  });

  it('have their students in the workspace as it lies now, wherever it lay before', () => {
    const { store, split } = prepared();
    const { id } = newRun(store, split);
    const before = join('/elsewhere/workspace', 'runs', id, 'best');
    store.runs.saveCheckpoint(id, { which: 'best', step: 5, folder: before, validation: null });
    const here = join(dirname(store.path), 'runs', id, 'best');
    expect(store.runs.checkpoint(id, 'best')).toEqual({ step: 5, folder: here });
  });

  it('learn of their job, model and best checkpoint', () => {
    const { store, project, split } = prepared();
    const { id } = newRun(store, split);
    const job = store.jobs.create({
      ...{ projectId: project.id, kind: 'train', subjectId: id, title: 'Train' },
      ...{ input: { runId: id }, unit: 'steps' },
    });
    store.runs.setJob(id, job.id);
    store.runs.setModel(id, { parameters: 1_204_224, engine: 'cpu' });
    store.runs.saveCheckpoint(id, { which: 'last', step: 90, folder: 'last', validation: 0.25 });
    expect(store.runs.get(id)).toMatchObject({ bestStep: null, bestValidation: null });
    store.runs.saveCheckpoint(id, { which: 'best', step: 50, folder: 'best-50', validation: 0.5 });
    store.runs.saveCheckpoint(id, { which: 'best', step: 80, folder: 'best-80', validation: 0.75 });
    expect(store.runs.get(id)).toMatchObject({
      ...{ jobId: job.id, parameters: 1_204_224, engine: 'cpu', bestStep: 80 },
      bestValidation: 0.75,
    });
    expect(store.runs.checkpoint(id, 'best')).toEqual({ step: 80, folder: 'best-80' });
    expect(store.runs.checkpoint(id, 'last')).toEqual({ step: 90, folder: 'last' });
    expect(store.runs.checkpoint('nothing', 'last')).toBeNull();
  });

  it('end for a reason, and go on', () => {
    const { store, split } = prepared();
    const { id } = newRun(store, split);
    store.runs.setEnd(id, { reason: 'early-stopping', step: 60 });
    expect(Run.parse(store.runs.get(id)).ended).toEqual({
      ...{ reason: 'early-stopping', step: 60, at: expect.any(String) },
    });
    store.runs.setEnd(id, null);
    expect(store.runs.get(id).ended).toBeNull();
  });

  it('take another name, unless another run of the project has it', () => {
    const { store, split } = prepared();
    const [a, b] = [newRun(store, split, { name: 'A' }), newRun(store, split, { name: 'B' })];
    expect(store.runs.rename(a.id, 'Better')).toEqual({ ...a, name: 'Better' });
    expect(store.runs.rename(a.id, 'Better').name).toBe('Better');
    expect(refusal(() => store.runs.rename(a.id, 'B'))).toMatchObject({
      ...{ code: 'invalid-input', message: expect.stringContaining('“B”') },
    });
    expect(store.runs.list(split.projectId).map(({ name }) => name)).toEqual(['Better', 'B']);
    const elsewhere = prepared(store, 'Pears');
    expect(newRun(store, elsewhere.split, { name: 'B' }).name).toBe(b.name);
    expect(store.runs.rename(b.id, 'A').name).toBe('A');
  });

  it('remember which run they were made from, as long as it is there', () => {
    const { store, split } = prepared();
    const parent = newRun(store, split);
    const { id, parentId } = newRun(store, split, { parentId: parent.id });
    expect(parentId).toBe(parent.id);
    store.runs.remove(parent.id);
    expect(store.runs.get(id).parentId).toBeNull();
  });

  it('remember that they are to end, until they have', () => {
    const { store, split } = prepared();
    const { id } = newRun(store, split);
    expect(store.runs.isFinishing(id)).toBe(false);
    store.runs.setFinishing(id, true);
    store.runs.setEnd(id, null);
    expect(store.runs.isFinishing(id)).toBe(true);
    store.runs.setEnd(id, { reason: 'kept-best', step: 3 });
    expect(store.runs.isFinishing(id)).toBe(false);
  });

  it('say which rows they learn, once they have begun', () => {
    const { store, split } = prepared();
    const { id } = newRun(store, split);
    expect(store.runs.rowsHash(id)).toBeNull();
    store.runs.setRows(id, { trainRows: 5, rationaleRows: 4, hash: 'abc' });
    expect(store.runs.rowsHash(id)).toBe('abc');
    expect(store.runs.get(id)).toMatchObject({ trainRows: 5, rationaleRows: 4 });
  });

  it('say when they are not there', () => {
    const { store } = prepared();
    for (const call of [
      () => store.runs.get('nothing'),
      () => store.runs.setJob('nothing', 'nothing'),
      () => store.runs.setModel('nothing', { parameters: 1, engine: 'cpu' }),
      () => store.runs.remove('nothing'),
      () => store.runs.rename('nothing', 'Name'),
      () => store.runs.setEnd('nothing', null),
      () => store.runs.rowsHash('nothing'),
      () => store.runs.setRows('nothing', { trainRows: 1, rationaleRows: 1, hash: '' }),
    ]) {
      expect(refusal(call).code).toBe('not-found');
    }
  });

  it('take no split of another project', () => {
    const { store, split } = prepared();
    const other = newProject(store, 'Other');
    const mixed = () => newRun(store, split, { projectId: other.id });
    expect(refusal(mixed).code).toBe('SQLITE_CONSTRAINT_FOREIGNKEY');
  });
});

describe('metrics', () => {
  it('come back step by step, to the last bit', () => {
    const { store, split } = prepared();
    const { id } = newRun(store, split);
    const points = [
      point(1, { loss: 0.1 + 0.2, memoryBytes: 2 ** 40, mutualInformation: 0.1 }),
      point(2, { rationaleLoss: null, validation: { correct: 3, rows: 10 } }),
      point(3),
      point(4, {
        validation: { correct: 0, rows: 10 },
        balance: { labelNorm: 0.25, rationaleNorm: 1e-9 },
      }),
    ];
    store.runs.saveMetrics(id, [...points].reverse());
    expect(store.runs.metrics(id, 0).map((each) => MetricPoint.parse(each))).toEqual(points);
    expect(store.runs.metrics(id, 1)).toEqual(points.slice(1));
    expect(store.runs.evaluated(id)).toEqual([points[1], points[3]]);
  });

  it('are replaced by a resumed run, and dropped where it goes on from', () => {
    const { store, split } = prepared();
    const [run, other] = [newRun(store, split), newRun(store, split)];
    for (const { id } of [run, other])
      store.runs.saveMetrics(
        id,
        [1, 2, 3, 4].map((n) => point(n)),
      );
    store.runs.dropMetricsAfter(run.id, 2);
    store.runs.saveMetrics(run.id, [point(2, { loss: 9 }), point(3, { loss: 8 })]);
    expect(store.runs.metrics(run.id, 0).map(({ step, loss }) => [step, loss])).toEqual([
      ...[
        [1, 5.75],
        [2, 9],
        [3, 8],
      ],
    ]);
    expect(store.runs.metrics(other.id, 0)).toHaveLength(4);
  });

  it('are saved all or not at all', () => {
    const { store, split } = prepared();
    const { id } = newRun(store, split);
    expect(() => store.runs.saveMetrics(id, [point(1), point(2, { loss: Number.NaN })])).toThrow();
    expect(store.runs.metrics(id, 0)).toEqual([]);
  });
});

describe('samples', () => {
  const rowsOf = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      ...{ input: `Basket ${index}?`, gold: String(index) },
      rationale: index === 0 ? null : 'Because.',
    }));
  const written = (step: number, label: string) => ({
    step,
    answers: [
      { label, rationale: null, correct: true },
      { label: '', rationale: 'Because.', correct: false },
    ],
  });

  it('come back as they were written, by step', () => {
    const { store, split } = prepared();
    const [run, other] = [newRun(store, split), newRun(store, split)];
    expect(store.runs.samples(run.id)).toEqual({ rows: [], evaluations: [] });
    store.runs.saveSampleRows(run.id, rowsOf(2));
    store.runs.saveSamples(run.id, written(100, '9'));
    store.runs.saveSamples(run.id, written(50, '7'));
    const samples = RunSamples.parse(store.runs.samples(run.id));
    expect(samples).toEqual({
      rows: rowsOf(2),
      evaluations: [written(50, '7'), written(100, '9')],
    });
    expect(store.runs.samples(other.id).rows).toEqual([]);
  });

  it('are of the same rows when a run goes on, and dropped where it goes on from', () => {
    const { store, split } = prepared();
    const { id } = newRun(store, split);
    store.runs.saveSampleRows(id, rowsOf(2));
    for (const step of [50, 100, 150]) store.runs.saveSamples(id, written(step, '7'));
    store.runs.saveSampleRows(id, rowsOf(2).toReversed());
    expect(store.runs.samples(id).rows).toEqual(rowsOf(2));
    store.runs.dropMetricsAfter(id, 100);
    store.runs.saveSamples(id, written(100, '8'));
    expect(store.runs.samples(id).evaluations).toEqual([written(50, '7'), written(100, '8')]);
    store.runs.dropMetricsAfter(id, 0);
    expect(store.runs.samples(id)).toEqual({ rows: rowsOf(2), evaluations: [] });
  });
});
