import { describe, expect, it } from 'vitest';
import { StudioError } from '../../../electron/contract/errors.ts';
import type { MetricPoint } from '../../../electron/contract/entities.ts';
import type { TrainBatch, TrainTask, WorkerTask } from '../../../electron/contract/worker.ts';
import {
  createRun,
  hashRows,
  trainRun,
  trainingRows,
} from '../../../electron/stages/train/index.ts';
import { runSettings } from '../model/support.ts';
import { jobContext, newRun, splitRows } from './support.ts';

const point = (step: number): MetricPoint => ({
  ...{ step, labelLoss: 1 / step, rationaleLoss: null, loss: 1 / step, learningRate: 1e-3 },
  ...{ gradientNorm: 1, tokensPerSecond: 100, validation: null },
  ...{ memoryBytes: 1e8, mutualInformation: null, balance: null },
});

const told = (step: number, changes: Partial<TrainBatch> = {}): TrainBatch => ({
  ...{ kind: 'train', metrics: [point(step)], checkpoint: null, step, phase: 'working' },
  ...{ model: null, samples: null, ended: null },
  ...changes,
});

const asTrainTask = (task: WorkerTask | undefined): TrainTask => {
  if (task?.kind === 'train') return task;
  throw new Error('no training was asked for');
};

describe('a run that trains', () => {
  it('saves points, samples, model, checkpoints and its end', async () => {
    const { store, run } = newRun({ validationRows: 5 });
    const tasks: WorkerTask[] = [];
    const { context, folder } = jobContext(store, run, (task, tell) => {
      tasks.push(task);
      tell(told(1, { metrics: [], model: { parameters: 7, engine: 'cpu' }, step: 0 }));
      tell(told(1));
      const answers = [{ label: 'x', rationale: null, correct: false }];
      tell(told(2, { samples: { step: 2, answers } }));
      const best = { which: 'best', step: 2, folder: 'best', validation: 0.5 } as const;
      tell(told(2, { metrics: [], checkpoint: best }));
      tell(told(3, { ended: 'early-stopping' }));
    });
    const points: number[] = [];
    const steps: (readonly [number, string])[] = [];
    await trainRun(context, run.id, {
      onPoints: (some) => points.push(...some.map(({ step }) => step)),
      onStep: (...at) => steps.push(at),
    });
    expect(points).toEqual([1, 2, 3]);
    expect(steps[0]).toEqual([0, 'preparing']);
    expect(steps.at(-1)).toEqual([3, 'working']);
    expect(store.runs.metrics(run.id, 0).map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(store.runs.get(run.id)).toMatchObject({
      ...{ parameters: 7, engine: 'cpu', bestStep: 2, bestValidation: 0.5 },
      ended: { reason: 'early-stopping', step: 3 },
    });
    const samples = store.runs.samples(run.id);
    expect(samples.rows).toHaveLength(5);
    expect(samples.evaluations).toHaveLength(1);
    const task = asTrainTask(tasks[0]);
    expect(task.folder.startsWith(folder)).toBe(true);
    expect(task).toMatchObject({ studentFolder: null, tokenizerTexts: null, resume: true });
    expect(store.runs.rowsHash(run.id)).toBe(hashRows(task.train));
  });

  it('does nothing when it is started again after its end', async () => {
    const { store, run } = newRun();
    store.runs.setEnd(run.id, { reason: 'steps-done', step: 12 });
    let asked = 0;
    const { context, reports } = jobContext(store, run, () => void (asked += 1));
    await trainRun(context, run.id);
    expect(asked).toBe(0);
    expect(reports).toEqual([{ done: 12, total: 12, phase: 'working' }]);
    expect(store.runs.get(run.id).ended).toMatchObject({ reason: 'steps-done', step: 12 });
  });

  it('says that it diverged before the job fails, and takes that back when it is tried again', async () => {
    const { store, run } = newRun();
    const lost = new StudioError('training-diverged', 'The loss is no number.', 'Lower the rate.');
    const { context } = jobContext(store, run, (_task, tell) => {
      tell(told(4));
      throw lost;
    });
    await expect(trainRun(context, run.id)).rejects.toBe(lost);
    expect(store.runs.get(run.id).ended).toMatchObject({ reason: 'diverged', step: 4 });
    const again = jobContext(store, run, (_task, tell) => {
      tell(told(5));
    });
    await trainRun(again.context, run.id);
    expect(store.runs.get(run.id).ended).toBeNull();
  });

  it('leaves the end open when something else fails', async () => {
    const { store, run } = newRun();
    const { context } = jobContext(store, run, () => {
      throw new StudioError('worker-died', 'It died.', 'Resume it.');
    });
    await expect(trainRun(context, run.id)).rejects.toMatchObject({ code: 'worker-died' });
    expect(store.runs.get(run.id).ended).toBeNull();
  });

  it('can be stopped without its job', async () => {
    const { store, run } = newRun();
    const stop = new AbortController();
    let given: AbortSignal | undefined;
    const { context } = jobContext(store, run, (_task, _tell, signal) => void (given = signal));
    await trainRun(context, run.id, { stop: stop.signal });
    expect(given).toBe(stop.signal);
  });

  it('brings the texts of a shared tokenizer until it has a checkpoint', async () => {
    const { store, run } = newRun({ tokenizer: 'shared' });
    const tasks: WorkerTask[] = [];
    const { context } = jobContext(store, run, (task) => void tasks.push(task));
    await trainRun(context, run.id);
    const texts = asTrainTask(tasks[0]).tokenizerTexts ?? [];
    expect(texts.some((text) => text.startsWith('predict: '))).toBe(true);
    expect(texts.some((text) => text.startsWith('explain: '))).toBe(true);
    const last = { which: 'last', step: 5, folder: 'last', validation: null } as const;
    store.runs.saveCheckpoint(run.id, last);
    await trainRun(context, run.id);
    expect(asTrainTask(tasks[1]).tokenizerTexts).toBeNull();
  });

  it('only ends, where it was told to before it was cut off', async () => {
    const { store, run } = newRun();
    store.runs.setFinishing(run.id, true);
    let given: AbortSignal | undefined;
    const { context } = jobContext(store, run, (_task, tell, stop) => {
      given = stop;
      tell(told(3, { ended: 'kept-best' }));
    });
    await trainRun(context, run.id);
    expect([given?.aborted, given?.reason]).toEqual([true, 'finish']);
    expect(store.runs.get(run.id).ended).toMatchObject({ reason: 'kept-best', step: 3 });
    expect(store.runs.isFinishing(run.id)).toBe(false);
  });

  it('is refused where its pretrained student is no longer on the list, unless it has begun', async () => {
    const student = { id: 'gone', name: 'flan', sha256: 'x' };
    const { store, run } = newRun({ preset: 'folder', student });
    const tasks: WorkerTask[] = [];
    const { context } = jobContext(store, run, (task) => void tasks.push(task));
    await expect(trainRun(context, run.id)).rejects.toMatchObject({ code: 'not-found' });
    const last = { which: 'last', step: 5, folder: 'last', validation: null } as const;
    store.runs.saveCheckpoint(run.id, last);
    await trainRun(context, run.id);
    expect(asTrainTask(tasks[0])).toMatchObject({ studentFolder: null, tokenizerTexts: null });
  });
});

describe('the rows of a run', () => {
  it('are a nested share of the training part, the same for every method', () => {
    const { store, splitId } = splitRows(80);
    const rowsOf = (trainShare: number, seed = 1) =>
      trainingRows(store, {
        ...{ splitId, extractionId: null },
        settings: runSettings({ trainShare, seed }),
      }).rows.map(({ input }) => input);
    const [all, half, quarter] = [rowsOf(1), rowsOf(0.5), rowsOf(0.25)];
    expect(half).toHaveLength(all.length / 2);
    expect(half).toEqual(all.filter((input) => half.includes(input)));
    expect(quarter.every((input) => half.includes(input))).toBe(true);
    expect(rowsOf(0.5, 2)).not.toEqual(half);
  });

  it('are kept with the run that they were made from', () => {
    const { store, projectId, splitId } = splitRows();
    const request = { projectId, splitId, extractionId: null, name: null };
    const first = createRun(store, { ...request, settings: runSettings() });
    const again = createRun(store, { ...request, settings: runSettings(), parentId: first.id });
    expect(again).toMatchObject({ parentId: first.id, studyId: null });
  });

  it.each(['step-by-step', 'rationale-input', 'single-task'] as const)(
    '%s is refused where no row has a rationale',
    (method) => {
      const { store, projectId, splitId } = splitRows();
      const settings = runSettings({ method });
      const request = { projectId, splitId, extractionId: null, name: null, settings };
      expect(() => createRun(store, request)).toThrow(
        expect.objectContaining({ code: 'rows-missing' }),
      );
    },
  );
});
