import { describe, expect, it } from 'vitest';
import { MetricPoint, Run } from '../../../electron/contract/entities.ts';
import type { MetricPoint as Point } from '../../../electron/contract/entities.ts';
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

function prepared() {
  const store = opened();
  const project = newProject(store);
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
    });
    const other = newRun(store, split);
    expect(store.runs.list(project.id)).toEqual([run, other]);
    expect(store.runs.get(run.id)).toEqual(run);
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

  it('say when they are not there', () => {
    const { store } = prepared();
    for (const call of [
      () => store.runs.get('nothing'),
      () => store.runs.setJob('nothing', 'nothing'),
      () => store.runs.setModel('nothing', { parameters: 1, engine: 'cpu' }),
      () => store.runs.remove('nothing'),
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
      point(1, { loss: 0.1 + 0.2 }),
      point(2, { rationaleLoss: null, validation: { correct: 3, rows: 10 } }),
    ];
    store.runs.saveMetrics(id, [...points].reverse());
    expect(store.runs.metrics(id, 0).map((each) => MetricPoint.parse(each))).toEqual(points);
    expect(store.runs.metrics(id, 1)).toEqual(points.slice(1));
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
