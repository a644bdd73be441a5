import { appendFile, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MetricPoint, RunSettings } from '../../electron/contract/entities.ts';
import type { TrainTask } from '../../electron/contract/worker.ts';
import { openEngine } from '../../electron/model/engines/preflight.ts';
import { exists } from '../../electron/model/files.ts';
import { bundleContents } from '../../electron/model/export/training/index.ts';
import { readSafetensors } from '../../electron/model/safetensors.ts';
import { Student } from '../../electron/model/student.ts';
import { trainStudent } from '../../electron/model/trainer.ts';
import { generateSample } from '../../electron/stages/import/sample/index.ts';
import { certify, pointsIn, writeWholeBundle } from '../support/bundle.ts';
import { findTorch, runTraining, withTorch } from '../support/torch.ts';
import type { ScriptOptions, ScriptRun } from '../support/torch.ts';
import { runSettings } from '../unit/model/support.ts';

/** A real training bundle of generated rows, from its writing to what can go wrong on a cluster. */

const python = findTorch();

describe.skipIf(python === null)(withTorch('a training bundle', python), () => {
  let root = '';
  let whole = '';
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'stepwise-bundle-'));
    whole = join(root, 'whole');
    await writeBundleOf(whole, {});
  }, 120_000);
  afterAll(() => rm(root, { recursive: true, force: true }));

  let copies = 0;
  const copied = async (): Promise<string> => {
    const folder = join(root, `copy-${++copies}`);
    await cp(whole, folder, { recursive: true });
    return folder;
  };
  const train = (
    bundle: string,
    options: string[],
    about: ScriptOptions = {},
  ): Promise<ScriptRun> => {
    if (python === null) throw new Error('There is no PyTorch.');
    return runTraining(python, bundle, options, about);
  };

  it('comes to the losses of the app’s own trainer, in one process and in two', async () => {
    const ours = await trainHere(join(root, 'ours'));
    for (const processes of [1, 2]) {
      const ran = await train(await copied(), [], { processes });
      expect(ran, ran.err).toMatchObject({ code: 0 });
      const theirs = pointsIn(ran.out);
      expect(theirs).toHaveLength(ours.length);
      ours.slice(0, 5).forEach((point, index) => {
        const other = theirs[index];
        expect(Math.abs((other?.loss ?? NaN) / point.loss - 1)).toBeLessThan(1e-4);
        expect(Math.abs((other?.labelLoss ?? NaN) / point.labelLoss - 1)).toBeLessThan(1e-4);
        expect(other?.learningRate).toBeCloseTo(point.learningRate, 12);
      });
    }
  });

  const variants: readonly (readonly [string, Partial<RunSettings>, string[]])[] = [
    [
      'sampled rationales, mutual information, smoothing, Adafactor',
      {
        ...{ lambda: 0.5, lossForm: 'alpha', mutualInformation: 0.5, labelSmoothing: 0.1 },
        ...{ accumulate: 2, batchSize: 6, optimizer: 'adafactor', rationalesPerRow: 'sampled' },
        ...{ rationaleDropout: 0.3, schedule: 'cosine', dropout: 0.1 },
      },
      [],
    ],
    [
      'rationale and label in one text, adapters, the mean of micro-batches',
      {
        ...{ method: 'single-task', accumulate: 3, batchSize: 5, accumulation: 'mean-of-means' },
        ...{ lora: { rank: 4, alpha: 8 }, weightDecay: 0.05, schedule: 'constant' },
      },
      ['--rows-at-once', '2'],
    ],
    [
      'a frozen encoder that reads the teacher’s rationales',
      { method: 'rationale-input', freeze: ['encoder'], rationalesPerRow: 'all', clipNorm: 1_000 },
      [],
    ],
  ];
  it.each(variants)('does what the settings say: %s', async (_name, settings, options) => {
    const bundle = join(root, `variant-${++copies}`);
    await writeBundleOf(bundle, settings);
    const ran = await train(bundle, ['--check', ...options]);
    expect(ran, ran.err).toMatchObject({ code: 0 });
    expect(ran.err).toContain('The first 5 steps (without dropout) are those of the app');
    expect(await exists(join(bundle, 'work'))).toBe(false);
  });

  it('goes on after it was killed, and after it was asked to end, as if it had not been', async () => {
    const untouched = await train(await copied(), ['--save-every', '2']);
    const bundle = await copied();
    const killed = await train(bundle, ['--save-every', '2'], { killAt: '"step": 5,' });
    expect(killed.code).toBe(null);
    const asked = await train(bundle, ['--save-every', '2'], { endAt: '"step": 7,' });
    expect(asked).toMatchObject({ code: 143 });
    expect(asked.err).toContain('is saved. The same command goes on from it.');
    const finished = await train(bundle, ['--save-every', '2']);
    expect(finished, finished.err).toMatchObject({ code: 0 });
    const log = await readFile(join(bundle, 'work', 'losses.jsonl'), 'utf8');
    expect(losses(log)).toEqual(losses(untouched.out));
  });

  it('adds adapters into the student, which answers here', async () => {
    const bundle = join(root, 'adapters');
    await writeBundleOf(bundle, { steps: 2, evaluateEvery: 2, lora: { rank: 4, alpha: 8 } });
    const ran = await train(bundle, [], { processes: 2 });
    expect(ran, ran.err).toMatchObject({ code: 0 });
    const names = [...(await readSafetensors(join(bundle, 'result', 'model.safetensors'))).keys()];
    const start = await readSafetensors(join(bundle, 'student', 'model.safetensors'));
    expect(names).toEqual([...start.keys()]);
    const student = await Student.open(join(bundle, 'result'), await openEngine());
    const inputs = rows.slice(0, 3).map(({ input }) => input);
    expect(await student.answer(inputs, { rationale: true, now: () => 0 })).toHaveLength(3);
    await student.dispose();
  });

  it('finishes early with the best student so far', async () => {
    const bundle = await copied();
    await train(bundle, ['--save-every', '2'], { killAt: '"step": 7,' });
    const finished = await train(bundle, ['--finish']);
    expect(finished, finished.err).toMatchObject({ code: 0 });
    const result: unknown = JSON.parse(
      await readFile(join(bundle, 'result', 'result.json'), 'utf8'),
    );
    expect(result).toMatchObject({ step: 6, ended: 'finished-early', worldSize: 1 });
  });

  it('refuses a changed byte, a missing file and a missing certificate, whoever finds it', async () => {
    const changed = await copied();
    const path = join(changed, 'data', 'train.ids');
    const bytes = await readFile(path);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    await writeFile(path, bytes);
    const refused = await train(changed, [], { processes: 2 });
    expect(refused.code).not.toBe(0);
    expect(refused.err).toContain('data/train.ids is not as it was exported: it has changed.');
    expect(refused.out).toBe('');

    const lacking = await copied();
    await rm(join(lacking, 'student', 'tokenizer.json'));
    const missing = await train(lacking, []);
    expect(missing).toMatchObject({ code: 3, out: '' });
    expect(missing.err).toBe('student/tokenizer.json is missing. Copy the whole bundle again.\n');

    const bare = await copied();
    await rm(join(bare, 'certificate.json'));
    expect(await train(bare, [])).toMatchObject({ code: 3, out: '' });
  });

  it.each(['best.safetensors', 'state.pt'])(
    'says in a sentence that the disk is full: %s',
    async (name) => {
      const bundle = await copied();
      await mkdir(join(bundle, 'work'));
      await symlink('/dev/full', join(bundle, 'work', `${name}.part`));
      const full = await train(bundle, []);
      expect(full).toMatchObject({ code: 6 });
      expect(full.err).toMatch(
        new RegExp(`The disk is full: .*${name.replace('.', '\\.')} could not be written`),
      );
      expect(full.err).not.toContain('Traceback');
      expect(await exists(join(bundle, 'result'))).toBe(false);
    },
  );

  it('stops when the loss is no longer a number', async () => {
    const bundle = join(root, 'numberless');
    const contents = await bundleContents(taskOf({}));
    const broken = new Map(contents.initial);
    broken.set(
      'shared.weight',
      new Float32Array(contents.initial.get('shared.weight') ?? []).fill(NaN),
    );
    await mkdir(bundle);
    await writeWholeBundle(bundle, { ...contents, initial: broken });
    const stopped = await train(bundle, []);
    expect(stopped).toMatchObject({ code: 5, out: '' });
    expect(stopped.err).toContain('stopped being a number at step 1.');
    const expected: unknown = JSON.parse(await readFile(join(bundle, 'expected.json'), 'utf8'));
    expect(expected).toMatchObject({ steps: [], reason: expect.stringContaining('step 1') });
  });

  it('tells other losses than the app’s by --check', async () => {
    const bundle = await copied();
    const path = join(bundle, 'recipe.json');
    const recipe = await readFile(path, 'utf8');
    await writeFile(path, recipe.replace('"weightDecay": 0.01', '"weightDecay": 0.9'));
    await certify(bundle);
    const other = await train(bundle, ['--check']);
    expect(other).toMatchObject({ code: 7 });
    expect(other.err).toContain('These losses are not the app');
  });

  it('refuses a checkpoint of another bundle', async () => {
    const bundle = await copied();
    await train(bundle, ['--save-every', '1'], { killAt: '"step": 3,' });
    await appendFile(join(bundle, 'README.md'), 'more\n');
    await certify(bundle);
    const refused = await train(bundle, []);
    expect(refused).toMatchObject({ code: 3 });
    expect(refused.err).toContain('is of another bundle');
  });
});

const rows = generateSample({ rows: 120, seed: 1 });

function taskOf(settings: Partial<RunSettings>, folder = ''): TrainTask {
  const train = rows.map(({ input, label }) => ({
    input,
    label,
    rationales: [`${input} So it is ${label}.`, `That makes ${label}.`],
  }));
  return {
    kind: 'train',
    folder,
    task: 'arithmetic',
    labels: [],
    settings: runSettings({
      ...{ method: 'step-by-step', batchSize: 8, steps: 10, evaluateEvery: 6, weightDecay: 0.01 },
      ...{ maxInputTokens: 64, maxRationaleTokens: 48, validationRows: 6 },
      ...settings,
    }),
    train,
    validation: train.map(({ input, label, rationales }) => ({
      ...{ input, gold: label, choices: null, rationale: rationales[0] ?? null },
    })),
    studentFolder: null,
    tokenizerTexts: null,
    resume: false,
  };
}

async function writeBundleOf(folder: string, settings: Partial<RunSettings>): Promise<void> {
  await mkdir(folder);
  await writeWholeBundle(folder, await bundleContents(taskOf(settings)));
}

/** The same run by the app's own trainer. */
async function trainHere(folder: string): Promise<MetricPoint[]> {
  const points: MetricPoint[] = [];
  await trainStudent(taskOf({}, folder), {
    engine: await openEngine(),
    signal: new AbortController().signal,
    report: ({ metrics }) => void points.push(...metrics),
    score: () => false,
    now: () => 0,
    memoryBytes: () => null,
  });
  return points;
}

/** Step and loss of every line. */
const losses = (text: string): (readonly [number, number])[] =>
  pointsIn(text).map(({ step, loss }) => [step, loss] as const);
