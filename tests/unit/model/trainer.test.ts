import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runSettingsDefaults } from '../../../electron/contract/entities.ts';
import type { MetricPoint, RunSettings } from '../../../electron/contract/entities.ts';
import type {
  ScoredRow,
  TrainBatch,
  TrainRow,
  TrainTask,
} from '../../../electron/contract/worker.ts';
import { settingsHash } from '../../../electron/core/hash.ts';
import type { Engine } from '../../../electron/model/engines/engine.ts';
import { openEngine } from '../../../electron/model/engines/preflight.ts';
import { readCheckpoint } from '../../../electron/model/checkpoint.ts';
import { readSafetensors } from '../../../electron/model/safetensors.ts';
import { Student, predictTask } from '../../../electron/model/student.ts';
import { trainStudent } from '../../../electron/model/trainer.ts';
import type { TrainHost } from '../../../electron/model/trainer.ts';
import { runSettings } from './support.ts';

let engine: Engine;
let folder = '';
beforeAll(async () => {
  engine = await openEngine({ threads: 1 });
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trainer-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const train: TrainRow[] = Array.from({ length: 10 }, (_, i) => ({
  input: `add ${i} and ${i + 3}`,
  label: `${i} + ${i + 3}`,
  rationales: i % 3 === 0 ? [] : [`the sum of ${i} and ${i + 3}`],
}));
const validation: ScoredRow[] = train
  .slice(0, 4)
  .map((row) => ({ input: row.input, gold: row.label, choices: null, rationale: null }));

function taskOf(changes: Partial<TrainTask> = {}): TrainTask {
  return {
    kind: 'train',
    folder,
    task: 'arithmetic',
    labels: [],
    settings: runSettings({ method: 'step-by-step' }),
    train,
    validation,
    studentFolder: null,
    tokenizerTexts: null,
    resume: true,
    ...changes,
  };
}

/** A host that keeps what it is told, and stops when `stopAt` says so. */
function listen(stopAt?: (batch: TrainBatch) => 'pause' | 'cancel' | null) {
  const stopping = new AbortController();
  const batches: TrainBatch[] = [];
  let time = 0;
  const host: TrainHost = {
    engine,
    signal: stopping.signal,
    report: (batch) => {
      batches.push(batch);
      const reason = stopAt?.(batch);
      if (reason) stopping.abort(reason);
    },
    score: (predicted, row) => predicted === row.gold,
    // A clock on which every metric is late enough to be sent at once.
    now: () => (time += 250),
    memoryBytes: () => 1_000,
  };
  const metrics = (): MetricPoint[] => batches.flatMap((batch) => batch.metrics);
  return { host, batches, metrics };
}

/** An engine of whose outputs some are no numbers. */
const spoiled = (which: (output: string) => boolean): Engine => ({
  ...engine,
  compile: async (graph) => {
    const program = await engine.compile(graph);
    return {
      dispose: () => program.dispose(),
      run: async (feeds, fetches) => {
        const results = await program.run(feeds, fetches);
        for (const [name, tensor] of Object.entries(results)) {
          if (which(name) && tensor.type === 'float32') tensor.data.fill(Number.NaN);
        }
        return results;
      },
    };
  },
});

const pauseAfter = (step: number) => (batch: TrainBatch) =>
  batch.metrics.some((point) => point.step >= step) ? 'pause' : null;

describe('trainStudent', () => {
  it('learns rows by heart and answers them from the folder it wrote', async () => {
    const settings = runSettings({
      method: 'step-by-step',
      steps: 120,
      batchSize: 8,
      learningRate: 3e-3,
      evaluateEvery: 60,
    });
    const { host, batches, metrics } = listen();
    expect(await trainStudent(taskOf({ settings }), host)).toEqual({ stopped: null });

    expect(metrics().map((point) => point.step)).toEqual(
      Array.from({ length: 120 }, (_, index) => index + 1),
    );
    expect(metrics().at(-1)?.validation).toEqual({ correct: 4, rows: 4 });
    expect(metrics().at(-1)?.labelLoss).toBeLessThan(0.1);
    expect(batches[0]).toMatchObject({ step: 0, phase: 'preparing' });
    expect(batches.find((batch) => batch.model)?.model).toMatchObject({ engine: 'cpu' });
    const written = batches.flatMap((batch) => batch.checkpoint ?? []);
    expect(written.at(-1)).toMatchObject({ which: 'last', step: 120 });
    expect(written.find((one) => one.which === 'best' && one.step === 120)?.validation).toBe(1);

    const student = await Student.open(join(folder, 'best'), engine);
    expect(student.manifest).toMatchObject({ method: 'step-by-step', labelPrefix: 'predict: ' });
    const inputs = train.map((row) => row.input);
    const answers = await student.answer(inputs, {
      rationale: true,
      batchSize: 3,
      now: () => performance.now(),
    });
    expect(answers.map((answer) => answer.label)).toEqual(train.map((row) => row.label));
    expect(answers[1]?.rationale).toBe('the sum of 1 and 4');
    const alone = await student.answer(inputs.slice(1, 2), {
      rationale: true,
      now: () => performance.now(),
    });
    expect(alone[0]).toMatchObject({ label: answers[1]?.label, rationale: answers[1]?.rationale });
    for (const task of ['label', 'rationale'] as const) {
      const shown: string[] = [];
      for await (const text of student.stream(inputs[1] ?? '', { task })) shown.push(text);
      expect(shown.at(-1)).toBe(answers[1]?.[task]);
      expect(shown.every((text) => answers[1]?.[task]?.startsWith(text))).toBe(true);
    }
    const labels = [...new Set(train.map((row) => row.label))];
    const odds = await student.labelProbabilities(inputs, { labels });
    odds.forEach((probabilities, row) => {
      expect([...probabilities.keys()]).toEqual(labels);
      expect(probabilities.get(train[row]?.label ?? '')).toBeGreaterThan(0.5);
      expect([...probabilities.values()].reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10);
    });
    expect(await student.labelProbabilities(inputs.slice(0, 1))).toEqual([new Map()]);
    await student.dispose();

    const reported: { offset: number; labels: string[] }[] = [];
    const many = Array.from({ length: 5 }, () => inputs).flat();
    await predictTask(
      {
        kind: 'predict',
        folder: join(folder, 'best'),
        inputs: many,
        labelPrefix: 'predict: ',
        rationalePrefix: null,
        answerMark: null,
        maxInputTokens: 32,
        maxLabelTokens: 16,
        maxRationaleTokens: 24,
        batchSize: 16,
      },
      {
        engine,
        signal: new AbortController().signal,
        report: (batch) => {
          expect(batch.answers.every((answer) => answer.rationale === null)).toBe(true);
          reported.push({ offset: batch.offset, labels: batch.answers.map((one) => one.label) });
        },
        now: () => performance.now(),
      },
    );
    expect(reported.map((batch) => batch.offset)).toEqual([0, 32]);
    expect(reported.flatMap((batch) => batch.labels)).toEqual(
      Array.from({ length: 5 }, () => train.map((row) => row.label)).flat(),
    );
  });

  it.each<[string, Partial<RunSettings>]>([
    ['AdamW', {}],
    ['Adafactor', { optimizer: 'adafactor', schedule: 'constant' }],
    ['exact micro-batches', { accumulate: 3, batchSize: 2, schedule: 'cosine' }],
    [
      'averaged micro-batches',
      { accumulate: 2, batchSize: 2, accumulation: 'mean-of-means', optimizer: 'adafactor' },
    ],
    ['dropout and label smoothing', { dropout: 0.2, labelSmoothing: 0.1 }],
    ['adapters', { lora: { rank: 2, alpha: 4 }, dropout: 0.1, accumulate: 2, batchSize: 2 }],
  ])('goes on after a pause as if there had been none: %s', async (_title, changes) => {
    const settings = runSettings({ method: 'step-by-step', steps: 6, ...changes });
    const whole = listen();
    await trainStudent(taskOf({ folder: join(folder, 'whole'), settings }), whole.host);

    const parted = join(folder, 'parted');
    const first = listen(pauseAfter(3));
    const task = taskOf({ folder: parted, settings });
    expect(await trainStudent(task, first.host)).toEqual({ stopped: 'pause' });
    expect(first.batches.at(-1)?.checkpoint).toMatchObject({ which: 'last', step: 3 });
    const second = listen();
    expect(await trainStudent(task, second.host)).toEqual({ stopped: null });
    expect(second.batches[0]?.step).toBe(3);

    const seen = [...first.metrics(), ...second.metrics()];
    expect(seen.map((point) => point.step)).toEqual(whole.metrics().map((point) => point.step));
    whole.metrics().forEach((point, index) => {
      const other = seen[index];
      expect(other?.loss).toBe(point.loss);
      expect(other?.learningRate).toBe(point.learningRate);
    });
    const [a, b] = [
      await readCheckpoint(join(folder, 'whole', 'last')),
      await readCheckpoint(join(parted, 'last')),
    ];
    expect(b?.state).toEqual(a?.state);
    expect(b?.parameters).toEqual(a?.parameters);
    expect(b?.optimizer.kind).toBe(settings.optimizer);
    expect(b?.optimizer).toEqual(a?.optimizer);
  });

  it('goes on from a checkpoint that a version without these settings left', async () => {
    const task = taskOf({ settings: runSettings({ steps: 4 }) });
    const whole = listen();
    await trainStudent({ ...task, folder: join(folder, 'whole') }, whole.host);
    await trainStudent(task, listen(pauseAfter(2)).host);
    const path = join(folder, 'last', 'trainer', 'state.json');
    const { state, files } = z
      .object({ state: z.record(z.string(), z.unknown()), files: z.unknown() })
      .parse(JSON.parse(await readFile(path, 'utf8')));
    // As rows were written while there was one rationale at most.
    const rows = task.train.map(({ input, label, rationales }) => ({
      ...{ input, label },
      rationale: rationales[0] ?? null,
    }));
    const settings = Object.fromEntries(
      Object.entries(task.settings).filter(([name]) => !(name in runSettingsDefaults)),
    );
    const taskHash = settingsHash({ settings, train: rows });
    const old = { ...state, format: 1, dropout: undefined, taskHash };
    await writeFile(path, JSON.stringify({ state: old, files }));
    const resumed = listen();
    expect(await trainStudent(task, resumed.host)).toEqual({ stopped: null });
    expect(resumed.metrics().map((point) => point.loss)).toEqual(
      whole
        .metrics()
        .slice(2)
        .map((point) => point.loss),
    );
  });

  it.each(['all', 'sampled'] as const)(
    'learns %s rationales of a row, and the same ones after a pause in the middle of an epoch',
    async (rationalesPerRow) => {
      const rows = train.map((row) => ({
        ...row,
        rationales: row.rationales.flatMap((text) => [text, `so ${text}`, `thus ${text}`]),
      }));
      const settings = runSettings({ method: 'step-by-step', steps: 7, rationalesPerRow });
      const task = taskOf({ settings, train: rows });
      const whole = listen();
      await trainStudent({ ...task, folder: join(folder, 'whole') }, whole.host);
      const [first, second] = [listen(pauseAfter(4)), listen()];
      expect(await trainStudent(task, first.host)).toEqual({ stopped: 'pause' });
      expect(await trainStudent(task, second.host)).toEqual({ stopped: null });
      const losses = (points: MetricPoint[]): number[] => points.map((point) => point.loss);
      expect(losses([...first.metrics(), ...second.metrics()])).toEqual(losses(whole.metrics()));
      const one = listen();
      const chosen = { ...settings, rationalesPerRow: 'chosen' as const };
      await trainStudent(taskOf({ settings: chosen, resume: false }), one.host);
      expect(losses(one.metrics())).not.toEqual(losses(whole.metrics()));
    },
  );

  it('reads several micro-batches in a step', async () => {
    const losses = async (changes: Partial<RunSettings>): Promise<(number | null)[]> => {
      const { host, metrics } = listen();
      const settings = runSettings({ method: 'step-by-step', steps: 2, ...changes });
      await trainStudent(taskOf({ folder: join(folder, JSON.stringify(changes)), settings }), host);
      return metrics().flatMap((point) => [point.loss, point.labelLoss, point.gradientNorm]);
    };
    const big = await losses({ batchSize: 4 });
    const micro = await losses({ batchSize: 2, accumulate: 2 });
    micro.forEach((value, index) => {
      expect(Math.abs((value ?? Number.NaN) / (big[index] ?? 0) - 1)).toBeLessThan(1e-4);
    });
    const means = await losses({ batchSize: 2, accumulate: 2, accumulation: 'mean-of-means' });
    expect(Math.abs((means[0] ?? 0) / (big[0] ?? 0) - 1)).toBeGreaterThan(1e-4);
  });

  it('refuses an engine rather than training with another', async () => {
    const task = taskOf({ settings: runSettings({ engine: 'webgpu' }) });
    await expect(trainStudent(task, listen().host)).rejects.toMatchObject({
      code: 'invalid-input',
      message: 'This run asks for the engine “webgpu”, but “cpu” was opened for it.',
    });
  });

  it('leaves an ordinary T5 folder when it trained adapters', async () => {
    const settings = runSettings({
      steps: 4,
      evaluateEvery: 4,
      learningRate: 0.1,
      lora: { rank: 2, alpha: 4 },
    });
    await trainStudent(taskOf({ settings }), listen().host);
    const matrix = 'encoder.block.0.layer.0.SelfAttention.q.weight';
    const last = await readSafetensors(join(folder, 'last', 'model.safetensors'));
    const apart = await readSafetensors(join(folder, 'last', 'trainer', 'unmerged.safetensors'));
    expect([...last.keys()].some((name) => name.includes('lora'))).toBe(false);
    expect(apart.has(matrix.replace('q.weight', 'q.lora_A.weight'))).toBe(true);
    expect(last.get(matrix)?.values).not.toEqual(apart.get(matrix)?.values);
    const best = await readSafetensors(join(folder, 'best', 'model.safetensors'));
    expect(best.get(matrix)).toEqual(last.get(matrix));
    const student = await Student.open(join(folder, 'best'), engine);
    expect(
      await student.answer(['add 1 and 4'], { rationale: false, now: () => performance.now() }),
    ).toHaveLength(1);
    await student.dispose();
  });

  it('makes up for an evaluation that a pause cut short', async () => {
    const task = taskOf({ settings: runSettings({ steps: 4, evaluateEvery: 2 }) });
    const first = listen((batch) => (batch.phase === 'evaluating' ? 'pause' : null));
    expect(await trainStudent(task, first.host)).toEqual({ stopped: 'pause' });
    expect(first.metrics().map((point) => point.step)).toEqual([1]);
    const second = listen();
    await trainStudent(task, second.host);
    expect(second.metrics().map((point) => [point.step, point.validation !== null])).toEqual([
      [2, true],
      [3, false],
      [4, true],
    ]);
  });

  it('does nothing more when all steps were done', async () => {
    const task = taskOf({ settings: runSettings({ steps: 2 }) });
    await trainStudent(task, listen().host);
    const again = listen();
    expect(await trainStudent(task, again.host)).toEqual({ stopped: null });
    expect(again.metrics()).toEqual([]);
  });

  it('stops at once when cancelled, without a checkpoint', async () => {
    const { host, batches } = listen((batch) => (batch.metrics.length > 0 ? 'cancel' : null));
    expect(await trainStudent(taskOf(), host)).toEqual({ stopped: 'cancel' });
    expect(batches.some((batch) => batch.checkpoint)).toBe(false);
  });

  it('weighs the rationale loss by lambda, and leaves it out for other methods', async () => {
    const steps = { steps: 1, lambda: 0.25 };
    const both = listen();
    await trainStudent(
      taskOf({ settings: runSettings({ method: 'step-by-step', ...steps }) }),
      both.host,
    );
    const [point] = both.metrics();
    expect(point?.rationaleLoss).toBeGreaterThan(0);
    const sum = (point?.labelLoss ?? 0) + 0.25 * (point?.rationaleLoss ?? 0);
    expect(point?.loss).toBeCloseTo(sum, 4);
    const labels = listen();
    const settings = runSettings({ method: 'distill', ...steps });
    await trainStudent(taskOf({ folder: join(folder, 'b'), settings }), labels.host);
    expect(labels.metrics()[0]).toMatchObject({ rationaleLoss: null });
  });

  it('keeps the newest evaluation as best when there is nothing to validate on', async () => {
    const { host, batches } = listen();
    const settings = runSettings({ steps: 4 });
    await trainStudent(taskOf({ validation: [], settings }), host);
    expect(batches.flatMap((batch) => batch.checkpoint ?? [])).toMatchObject([
      { which: 'best', step: 4, validation: null },
      { which: 'last', step: 4, validation: null },
    ]);
  });

  it('says so when the loss stops being a number, and keeps the checkpoint before', async () => {
    const task = taskOf();
    await trainStudent(task, listen(pauseAfter(3)).host);
    const broken = spoiled(() => true);
    await expect(trainStudent(task, { ...listen().host, engine: broken })).rejects.toMatchObject({
      code: 'training-diverged',
      hint: expect.stringContaining('lower learning rate') as unknown,
    });
    expect((await readCheckpoint(join(folder, 'last')))?.state.step).toBe(3);
  });

  it('says so when only the gradient stops being a number, and keeps the model', async () => {
    const task = taskOf();
    await trainStudent(task, listen(pauseAfter(3)).host);
    const before = await readCheckpoint(join(folder, 'last'));
    const broken = spoiled((name) => name.startsWith('gradient:decoder'));
    await expect(trainStudent(task, { ...listen().host, engine: broken })).rejects.toMatchObject({
      code: 'training-diverged',
    });
    expect(await readCheckpoint(join(folder, 'last'))).toEqual(before);
  });

  it('refuses no rows, a damaged checkpoint, and one of another run', async () => {
    await expect(trainStudent(taskOf({ train: [] }), listen().host)).rejects.toMatchObject({
      code: 'rows-missing',
    });
    const task = taskOf({ settings: runSettings({ steps: 2 }) });
    await trainStudent(task, listen().host);
    const other = { ...task, settings: runSettings({ steps: 3 }) };
    await expect(trainStudent(other, listen().host)).rejects.toMatchObject({
      code: 'checkpoint-corrupt',
    });
    await writeFile(join(folder, 'last', 'model.safetensors'), 'cut');
    await expect(trainStudent(task, listen().host)).rejects.toMatchObject({
      code: 'checkpoint-corrupt',
    });
  });
});

describe('Student.open', () => {
  it('names the file that is missing or does not fit', async () => {
    await expect(Student.open(folder, engine)).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringContaining('config.json') as unknown,
    });
    await trainStudent(taskOf({ settings: runSettings({ steps: 1 }) }), listen().host);
    const best = join(folder, 'best');
    const config = await readFile(join(best, 'config.json'), 'utf8');
    await writeFile(join(best, 'config.json'), config.replace('"d_ff": 512', '"d_ff": 64'));
    await expect(Student.open(best, engine)).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringContaining('DenseReluDense') as unknown,
    });
    await writeFile(
      join(best, 'config.json'),
      config.replace(/"vocab_size": \d+/, '"vocab_size": 8'),
    );
    await expect(Student.open(best, engine)).rejects.toMatchObject({ code: 'tokenizer-invalid' });
    await writeFile(join(best, 'config.json'), config);
    await rm(join(best, 'tokenizer.json'));
    await expect(Student.open(best, engine)).rejects.toMatchObject({ code: 'tokenizer-invalid' });
  });

  it('opens a folder that says nothing about its training', async () => {
    await trainStudent(taskOf({ settings: runSettings({ steps: 1 }) }), listen().host);
    await rm(join(folder, 'best', 'stepwise.json'));
    const student = await Student.open(join(folder, 'best'), engine);
    expect(student.manifest).toBeNull();
    const [answer] = await student.answer(['add 1 and 4'], {
      rationale: true,
      now: () => performance.now(),
    });
    expect(answer?.rationale).toBeNull();
    await student.dispose();
  });
});
