import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MetricPoint, RunSettings } from '../../../electron/contract/entities.ts';
import type {
  ScoredRow,
  StopReason,
  TrainBatch,
  TrainRow,
  TrainTask,
} from '../../../electron/contract/worker.ts';
import { pickRows } from '../../../electron/model/batches.ts';
import { readCheckpoint } from '../../../electron/model/checkpoint.ts';
import type { Engine } from '../../../electron/model/engines/engine.ts';
import { openEngine } from '../../../electron/model/engines/preflight.ts';
import { Student } from '../../../electron/model/student.ts';
import { trainStudent } from '../../../electron/model/trainer.ts';
import { runSettings } from './support.ts';

/** What a training tells while it goes on, and the ways in which it ends. */

let engine: Engine;
let folder = '';
beforeAll(async () => {
  engine = await openEngine({ threads: 1 });
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watching-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const train: TrainRow[] = Array.from({ length: 12 }, (_unused, i) => ({
  input: `add ${i} and ${i + 3}`,
  label: `${i} + ${i + 3}`,
  rationales: [`the sum of ${i} and ${i + 3}`],
}));
const validation: ScoredRow[] = train.map(({ input, label, rationales }) => ({
  input,
  gold: label,
  choices: null,
  rationale: rationales[0] ?? null,
}));

interface Options {
  readonly stopAt?: (batch: TrainBatch) => StopReason | null;
  readonly score?: (predicted: string, row: ScoredRow) => boolean;
  readonly engine?: Engine;
  readonly task?: Partial<TrainTask>;
}

/** Trains in `folder` and keeps what is told. */
async function follow(settings: Partial<RunSettings>, options: Options = {}) {
  const batches: TrainBatch[] = [];
  const stopping = new AbortController();
  let time = 0;
  const task: TrainTask = {
    ...{ kind: 'train', folder, task: 'arithmetic', labels: [], train, validation, resume: true },
    ...{ studentFolder: null, tokenizerTexts: null },
    settings: runSettings({ method: 'step-by-step', steps: 6, evaluateEvery: 3, ...settings }),
    ...options.task,
  };
  const told = {
    batches,
    points: (): MetricPoint[] => batches.flatMap(({ metrics }) => metrics),
    samples: () => batches.flatMap(({ samples }) => samples ?? []),
    ended: () => batches.flatMap(({ ended }) => ended ?? []),
    saved: () => batches.flatMap(({ checkpoint: c }) => (c ? [`${c.which} ${c.step}`] : [])),
  };
  const outcome = await trainStudent(task, {
    engine: options.engine ?? engine,
    signal: stopping.signal,
    report: (batch) => {
      batches.push(batch);
      const reason = options.stopAt?.(batch);
      if (reason) stopping.abort(reason);
    },
    score: options.score ?? ((predicted, row) => predicted === row.gold),
    now: () => (time += 250),
    memoryBytes: () => 12_345,
  }).then(
    ({ stopped }) => ({ stopped, error: null }),
    (error: unknown) => ({ stopped: null, error }),
  );
  return { ...told, ...outcome };
}

const afterStep = (step: number, reason: StopReason) => (batch: TrainBatch) =>
  batch.metrics.some((point) => point.step >= step) ? reason : null;

/** An engine whose losses are raised from some run of a training graph on. */
function raised(by: number, fromRun: number): Engine {
  let runs = 0;
  return {
    ...engine,
    compile: async (graph) => {
      const program = await engine.compile(graph);
      return {
        dispose: () => program.dispose(),
        run: async (feeds, fetches) => {
          const results = await program.run(feeds, fetches);
          const { losses } = results;
          if (losses?.type !== 'float32') return results;
          runs += 1;
          if (runs >= fromRun) losses.data.forEach((value, at) => (losses.data[at] = value + by));
          return results;
        },
      };
    },
  };
}

describe('watched rows', () => {
  it('are the first eight picked ones, with labels as they were validated', async () => {
    const learned = { steps: 120, evaluateEvery: 60, batchSize: 8, learningRate: 3e-3 };
    const { samples, points, error } = await follow({ ...learned, validationRows: 11 });
    expect(error).toBeNull();
    const watched = pickRows(validation, 11).slice(0, 8);
    expect(samples().map(({ step }) => step)).toEqual([60, 120]);
    const last = samples().at(-1)?.answers ?? [];
    expect(last).toHaveLength(8);
    const student = await Student.open(join(folder, 'best'), engine);
    const answers = await student.answer(
      watched.map(({ input }) => input),
      { rationale: true, now: () => 0 },
    );
    await student.dispose();
    expect(last).toEqual(
      answers.map(({ label, rationale }, row) => ({
        ...{ label, rationale },
        correct: label === watched[row]?.gold,
      })),
    );
    expect(points().at(-1)?.validation?.correct).toBeGreaterThanOrEqual(
      last.filter(({ correct }) => correct).length,
    );
  });

  it('are labels alone for a method that does not explain', async () => {
    const { samples } = await follow({ method: 'rationale-input', steps: 3 });
    expect(samples()[0]?.answers.every(({ rationale }) => rationale === null)).toBe(true);
  });

  it('come apart at the mark for a student that writes both in one text', async () => {
    const learned = { steps: 150, evaluateEvery: 150, batchSize: 12, learningRate: 3e-3 };
    const { samples } = await follow({ method: 'single-task', ...learned });
    const [first] = samples()[0]?.answers ?? [];
    expect(first?.rationale).toMatch(/^the sum of/);
    expect(first?.label).toMatch(/^\d+ \+ \d+$/);
  });
});

describe('balance and memory', () => {
  it('are told without changing anything that is learned', async () => {
    const about = { dropout: 0.2, accumulate: 2, batchSize: 2, steps: 6, rationaleDropout: 0.3 };
    const often = await follow(
      { ...about, evaluateEvery: 1 },
      { task: { folder: join(folder, 'often') } },
    );
    const once = await follow(
      { ...about, evaluateEvery: 6 },
      { task: { folder: join(folder, 'once') } },
    );
    const losses = (points: MetricPoint[]) =>
      points.map(({ loss, gradientNorm }) => [loss, gradientNorm]);
    expect(losses(often.points())).toEqual(losses(once.points()));
    expect(often.points().every(({ balance }) => balance !== null)).toBe(true);
    expect(once.points().filter(({ balance }) => balance !== null)).toHaveLength(1);
    const [a, b] = [
      await readCheckpoint(join(folder, 'often', 'last')),
      await readCheckpoint(join(folder, 'once', 'last')),
    ];
    expect(a?.parameters).toEqual(b?.parameters);
    expect(a?.optimizer).toEqual(b?.optimizer);
    expect([a?.state.order, a?.state.dropout]).toEqual([b?.state.order, b?.state.dropout]);
    expect(often.points().every(({ memoryBytes }) => memoryBytes === 12_345)).toBe(true);
  });

  it('are the norms of the two weighted terms', async () => {
    const { points } = await follow({ lambda: 0, steps: 1 });
    const [alone] = points();
    // With no weight on rationales the label term is all there is.
    expect(alone?.balance?.rationaleNorm).toBe(0);
    expect(alone?.balance?.labelNorm).toBe(alone?.gradientNorm);
    const half = await follow({ lambda: 2, steps: 1 }, { task: { folder: join(folder, 'b') } });
    const twice = await follow({ lambda: 4, steps: 1 }, { task: { folder: join(folder, 'c') } });
    const norms = (told: typeof half) => told.points()[0]?.balance;
    expect(norms(twice)?.labelNorm).toBe(norms(half)?.labelNorm);
    expect((norms(twice)?.rationaleNorm ?? 0) / (norms(half)?.rationaleNorm ?? 1)).toBeCloseTo(
      2,
      4,
    );
  });

  it('has no balance with one task', async () => {
    const { points } = await follow({ method: 'distill', steps: 3 });
    expect(points().every(({ balance }) => balance === null)).toBe(true);
  });
});

describe('the end of a training', () => {
  it('is told when the steps are done', async () => {
    const { ended, stopped } = await follow({});
    expect([stopped, ended()]).toEqual([null, ['steps-done']]);
    const again = await follow({});
    expect([again.points(), again.ended()]).toEqual([[], ['steps-done']]);
  });

  it('comes early when patience is at its end, and stays', async () => {
    const settings = { steps: 50, evaluateEvery: 2, earlyStopping: { patience: 2 } };
    const { ended, points } = await follow(settings, { score: () => false });
    expect([points().at(-1)?.step, ended()]).toEqual([6, ['early-stopping']]);
    const again = await follow(settings, { score: () => false });
    expect([again.points(), again.ended()]).toEqual([[], ['early-stopping']]);
  });

  it('keeps the best there is when it is to finish', async () => {
    const { ended, stopped, saved } = await follow(
      { steps: 50 },
      { stopAt: afterStep(5, 'finish') },
    );
    expect([stopped, ended()]).toEqual(['finish', ['kept-best']]);
    expect(saved()).toEqual(['best 3', 'last 3']);
  });

  it('evaluates at once when it is to finish and nothing is best yet', async () => {
    const { ended, points, saved, samples } = await follow(
      { steps: 50, evaluateEvery: 40 },
      { stopAt: afterStep(5, 'finish') },
    );
    expect(ended()).toEqual(['kept-best']);
    expect(points().map(({ step, validation: v }) => [step, v !== null])).toEqual([
      ...[1, 2, 3, 4, 5].map((step) => [step, false]),
      [5, true],
    ]);
    expect(samples().map(({ step }) => step)).toEqual([5]);
    expect(saved()).toEqual(['best 5', 'last 5']);
  });

  it('trains one more step where it was stopped before, or has not begun', async () => {
    await follow({ steps: 50, evaluateEvery: 40 }, { stopAt: afterStep(2, 'pause') });
    const atOnce = (): StopReason => 'finish';
    const resumed = await follow({ steps: 50, evaluateEvery: 40 }, { stopAt: atOnce });
    expect(resumed.saved()).toEqual(['best 3', 'last 3']);
    const fresh = await follow({ steps: 50 }, { stopAt: atOnce, task: { resume: false } });
    expect([fresh.saved(), fresh.ended()]).toEqual([['best 1', 'last 1'], ['kept-best']]);
  });

  it('keeps the best when it is to finish in the middle of an evaluation', async () => {
    const secondEvaluation = (batch: TrainBatch): StopReason | null =>
      batch.phase === 'evaluating' && batch.step === 6 ? 'finish' : null;
    const { saved, points, ended } = await follow({ steps: 50 }, { stopAt: secondEvaluation });
    expect([saved(), ended()]).toEqual([['best 3', 'last 3'], ['kept-best']]);
    expect(points().map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('students on the way', () => {
  it('are kept at every n-th evaluation, and go when a run starts anew', async () => {
    await follow({ steps: 6, evaluateEvery: 1, keepEvery: 2 });
    const kept = ['step-000002', 'step-000004', 'step-000006'];
    expect((await readdir(folder)).sort()).toEqual(['best', 'last', ...kept]);
    const student = await Student.open(join(folder, 'step-000004'), engine);
    await student.dispose();
    await follow({ steps: 1 }, { task: { resume: false } });
    expect((await readdir(folder)).sort()).toEqual(['best', 'last']);
  });
});

describe('a training whose loss runs away', () => {
  it('stops with the reason, and leaves good checkpoints', { timeout: 120_000 }, async () => {
    const settings = { steps: 400, evaluateEvery: 25, batchSize: 2, method: 'finetune' as const };
    const told = await follow(settings, {
      engine: raised(30, 61),
      score: () => true,
      task: { validation: validation.slice(0, 2) },
    });
    expect(told.error).toMatchObject({
      code: 'training-diverged',
      message: expect.stringMatching(/^The loss ran away: .* of 400, after /) as unknown,
      hint: expect.stringContaining('The best student so far, of step 50, is kept.') as unknown,
    });
    expect(told.points().at(-1)?.step).toBeLessThan(170);
    // Evaluations after step 60 were as right, but their weights are doubtful.
    expect(told.saved().at(-1)).toBe('last 50');
    expect((await readCheckpoint(join(folder, 'last')))?.state.step).toBe(50);
    expect(told.ended()).toEqual([]);
  });
});
