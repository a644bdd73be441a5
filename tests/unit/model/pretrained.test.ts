import { appendFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MetricPoint, RunSettings } from '../../../electron/contract/entities.ts';
import type { StopReason, TrainTask } from '../../../electron/contract/worker.ts';
import { checkFolder } from '../../../electron/model/check-folder.ts';
import { configJson } from '../../../electron/model/config.ts';
import type { Engine } from '../../../electron/model/engines/engine.ts';
import { openEngine } from '../../../electron/model/engines/preflight.ts';
import { hashStudent } from '../../../electron/model/folder-hash.ts';
import { openModelFolder } from '../../../electron/model/folder.ts';
import { writeSafetensors } from '../../../electron/model/safetensors.ts';
import { Student } from '../../../electron/model/student.ts';
import { trainStudent } from '../../../electron/model/trainer.ts';
import {
  copyFixture,
  fixturesPresent,
  randomWeights,
  realSentencePiece,
  realTokenizer,
  sums,
  writeStudentFolder,
} from './student-folder.ts';
import { runSettings } from './support.ts';
import { smallConfig } from './t5/small.ts';

const memory = { available: 1e12, total: 1e12 };
let engine: Engine;
let root = '';
let source = '';
beforeAll(async () => {
  engine = await openEngine({ threads: 1 });
});
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'pretrained-'));
  source = join(root, 'source');
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function taskOf(changes: Partial<RunSettings> = {}, name = 'run'): Promise<TrainTask> {
  return {
    kind: 'train',
    folder: join(root, name),
    task: 'arithmetic',
    labels: [],
    settings: runSettings({
      method: 'step-by-step',
      preset: 'folder',
      student: { id: 'a', name: 'Tiny', sha256: (await hashStudent(source)) ?? 'incomplete' },
      steps: 20,
      learningRate: 3e-3,
      evaluateEvery: 20,
      ...changes,
    }),
    train: sums,
    validation: sums
      .slice(0, 2)
      .map(({ input, label }) => ({ input, gold: label, choices: null, rationale: null })),
    studentFolder: source,
    tokenizerTexts: null,
    resume: true,
  };
}

/** Trains to the end, or until a step, and gives the points. */
async function train(task: TrainTask, pauseAt = Infinity): Promise<MetricPoint[]> {
  const points: MetricPoint[] = [];
  const stopping = new AbortController();
  let time = 0;
  await trainStudent(task, {
    engine,
    signal: stopping.signal,
    report: ({ metrics }) => {
      points.push(...metrics);
      if (metrics.some(({ step }) => step >= pauseAt)) {
        stopping.abort('pause' satisfies StopReason);
      }
    },
    score: (predicted, row) => predicted === row.gold,
    now: () => (time += 250),
    memoryBytes: () => 1_000,
  });
  return points;
}

/** Names of the parameters that a training has changed, adapters merged in. */
async function changed(task: TrainTask): Promise<string[]> {
  const before = await openModelFolder(source);
  const after = await openModelFolder(join(task.folder, 'best'));
  expect(after.config).toEqual(before.config);
  expect(after.tokenizerJson).toBe(before.tokenizerJson);
  expect([...after.parameters.keys()]).toEqual([...before.parameters.keys()]);
  return [...before.parameters].flatMap(([name, values]) =>
    values.every((value, i) => Object.is(value, after.parameters.get(name)?.[i])) ? [] : [name],
  );
}

const inEncoder = (name: string): boolean => name.startsWith('encoder.');
const isMatrix = (name: string): boolean => !/norm|bias|shared|lm_head/.test(name);
const lora = { rank: 2, alpha: 4 };

const kinds = ['a made-up folder', 't5-v1_0-tiny', 't5-v1_1-tiny'] as const;
for (const kind of kinds) {
  const made = kind === 'a made-up folder';
  const present = made || fixturesPresent;
  const title = present ? kind : `${kind} (skipped: ../shared/fixtures is absent)`;
  describe.skipIf(!present)(`training from ${title}`, () => {
    beforeEach(async () => {
      if (made) await writeStudentFolder(source);
      else await copyFixture(kind, source);
      expect((await checkFolder(source, memory)).usable).toBe(true);
    });

    it('learns, and keeps shape, tokenizer and family', async () => {
      const task = await taskOf();
      const points = await train(task);
      expect(points).toHaveLength(20);
      expect(points.at(-1)?.loss).toBeLessThan((points[0]?.loss ?? 0) * 0.95);
      const names = await changed(task);
      expect(names).toContain('shared.weight');
      expect(names.some(inEncoder)).toBe(true);
      expect((await checkFolder(join(task.folder, 'best'), memory)).family).toBe(
        (await checkFolder(source, memory)).family,
      );
      const student = await Student.open(join(task.folder, 'best'), engine);
      const [answer] = await student.answer([sums[0]?.input ?? ''], {
        rationale: true,
        now: () => 0,
      });
      expect(answer?.rationale).not.toBeNull();
      await student.dispose();
    });

    it.each([
      ['the embeddings', { freeze: ['embeddings'] }],
      ['the encoder', { freeze: ['encoder'] }],
    ] as const)('leaves %s bit for bit as it was, and changes the rest', async (_what, part) => {
      const task = await taskOf({ freeze: [...part.freeze] });
      await train(task);
      const names = await changed(task);
      expect(names).not.toContain('shared.weight');
      expect(names.some(inEncoder)).toBe(part.freeze[0] === 'embeddings');
      expect(names).toContain('decoder.block.0.layer.1.EncDecAttention.k.weight');
      const untied = (await openModelFolder(source)).parameters.has('lm_head.weight');
      expect(names.includes('lm_head.weight')).toBe(untied);
    });

    it('learns adapters alone, and has them merged in what is kept', async () => {
      const task = await taskOf({ lora });
      const points = await train(task);
      expect(points.at(-1)?.loss).toBeLessThan(points[0]?.loss ?? 0);
      const all = [...(await openModelFolder(source)).parameters.keys()];
      expect(await changed(task)).toEqual(all.filter(isMatrix));
    });

    it('keeps adapters out of a frozen encoder', async () => {
      const task = await taskOf({ lora, freeze: ['encoder'] });
      await train(task);
      const all = [...(await openModelFolder(source)).parameters.keys()];
      expect(await changed(task)).toEqual(all.filter((name) => isMatrix(name) && !inEncoder(name)));
    });

    it.each([
      ['whole', {}],
      ['with adapters of the decoder', { lora, freeze: ['encoder' as const] }],
      [
        'with everything',
        { freeze: ['embeddings' as const], dropout: 0.1, mutualInformation: 0.1 },
      ],
    ])('goes on from a pause as if there had been none: %s', async (_what, changes) => {
      const whole = await taskOf(changes, 'whole');
      const expected = await train(whole);
      const task = await taskOf(changes);
      const before = await train(task, 7);
      // What it came from is not needed any more.
      await rm(source, { recursive: true });
      const after = await train({ ...task, studentFolder: null });
      expect([...before, ...after].map(({ loss }) => loss)).toEqual(
        expected.map(({ loss }) => loss),
      );
      const [a, b] = await Promise.all(
        [whole, task].map(({ folder }) => readFile(join(folder, 'last', 'model.safetensors'))),
      );
      expect(a?.equals(b ?? Buffer.alloc(0))).toBe(true);
    });
  });
}

const real = fixturesPresent
  ? 'a folder with the real T5 tokenizer'
  : 'a folder with the real T5 tokenizer (skipped: ../shared/fixtures is absent)';
describe.skipIf(!fixturesPresent)(real, () => {
  it.each([
    ['tokenizer.json', realTokenizer],
    ['spiece.model', realSentencePiece],
  ])('is trained with its %s', async (name, file) => {
    // As many rows as the published models have, of which 28 belong to no token.
    const config = { ...smallConfig, vocabSize: 32_128, dModel: 8, numDecoderLayers: 1 };
    await mkdir(source);
    await writeFile(join(source, 'config.json'), configJson(config));
    await writeSafetensors(join(source, 'model.safetensors'), randomWeights(config));
    await cp(file, join(source, name));
    const report = await checkFolder(source, memory);
    expect(report).toMatchObject({ usable: true, findings: [], tokenizerTokens: 32_100 });
    const task = await taskOf({ steps: 3, evaluateEvery: 3, maxInputTokens: 48 });
    const points = await train(task);
    expect(points.at(-1)?.loss).toBeLessThan(points[0]?.loss ?? 0);
    expect(await changed(task)).toContain('shared.weight');
  });
});

describe('a pretrained folder', () => {
  beforeEach(async () => {
    await writeStudentFolder(source);
  });

  it('is refused when it is not as it was, and for a run that names none', async () => {
    const task = await taskOf();
    await expect(train({ ...task, studentFolder: null })).rejects.toMatchObject({
      code: 'invalid-input',
    });
    await appendFile(join(source, 'config.json'), '\n');
    await expect(train(task)).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringContaining('“Tiny” is not as it was') as string,
    });
    await rm(join(source, 'tokenizer.json'));
    await expect(train(task)).rejects.toMatchObject({ code: 'model-invalid' });
  });

  it('of an mT5 stays one', async () => {
    await writeStudentFolder(source, {
      config: { ...smallConfig, tieWordEmbeddings: false, modelType: 'mt5' },
      dtype: 'bfloat16',
    });
    const task = await taskOf({ steps: 2, evaluateEvery: 2 });
    await train(task);
    expect((await checkFolder(join(task.folder, 'best'), memory)).family).toBe('mT5');
  });

  it('learns what both tasks have in common, where that is asked for', async () => {
    const task = await taskOf({ mutualInformation: 0.1, rationalesPerRow: 'all', steps: 4 });
    const points = await train(task);
    expect(points.every(({ mutualInformation }) => (mutualInformation ?? 0) > 0)).toBe(true);
    const [point] = points;
    expect(point?.loss).toBeCloseTo(
      (point?.labelLoss ?? 0) + (point?.rationaleLoss ?? 0) + 0.1 * (point?.mutualInformation ?? 0),
      4,
    );
    const labels = await taskOf({ mutualInformation: 0.1, method: 'finetune', steps: 2 }, 'labels');
    expect((await train(labels)).every((each) => each.mutualInformation === null)).toBe(true);
  });
});
