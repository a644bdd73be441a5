import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunSettings } from '../../../../../electron/contract/entities.ts';
import type { TrainTask } from '../../../../../electron/contract/worker.ts';
import { RowOrder } from '../../../../../electron/model/batches.ts';
import type { EncodedRow } from '../../../../../electron/model/batches.ts';
import {
  SILENT,
  bytesPerId,
  writeOrder,
  writeTrainRows,
} from '../../../../../electron/model/export/training/data.ts';
import {
  bundleContents,
  trainingFormat,
  trainingReadme,
  writeBundle,
} from '../../../../../electron/model/export/training/index.ts';
import { placeOfSetting, recipeOf } from '../../../../../electron/model/export/training/recipe.ts';
import {
  scriptNames,
  scriptsFolder,
} from '../../../../../electron/model/export/training/scripts.ts';
import { validationRows } from '../../../../../electron/model/export/training/validation.ts';
import { presetConfig } from '../../../../../electron/model/presets.ts';
import { Tokenizer, trainTokenizer } from '../../../../../electron/model/tokenizer.ts';
import { runSettings } from '../../support.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stepwise-training-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const signal = new AbortController().signal;
const place = { ...{ folder: '', signal }, wrote: () => undefined };
const ids = (...numbers: number[]): Int32Array => Int32Array.from(numbers);

describe('rows as files of numbers', () => {
  const rows: EncodedRow[] = [
    {
      label: { input: ids(5, 6, 1), target: ids(7, 1) },
      explained: [],
      rationales: [{ input: ids(8, 1), target: ids(300, 9, 1) }],
    },
    { label: { input: ids(4, 1), target: ids(2, 1) }, explained: [], rationales: [] },
  ];

  it.each([
    [65_536, 2],
    [65_537, 4],
  ])('a vocabulary of %i takes %i bytes an id', async (vocabulary, width) => {
    expect(bytesPerId(vocabulary)).toBe(width);
    const facts = await writeTrainRows(rows, vocabulary, { ...place, folder });
    expect(facts).toEqual({ rows: 2, examples: 3, ids: 14, bytesPerId: width });
    const read = await readFile(join(folder, 'train.ids'));
    const found = Array.from({ length: 14 }, (_, at) => read.readUIntLE(at * width, width));
    expect(found).toEqual([5, 6, 1, 7, 1, 8, 1, 300, 9, 1, 4, 1, 2, 1]);
    expect(await numbers('train.examples')).toEqual([0, 3, 3, 2, 5, 2, 7, 3, 10, 2, 12, 2]);
    expect(await numbers('train.rows')).toEqual([0, 0, 1, 2, 0, 0]);
  });

  it('writes the very order that the trainer takes, with what is drawn', async () => {
    const settings = runSettings({
      ...{ steps: 7, batchSize: 3, accumulate: 2 },
      ...{ rationalesPerRow: 'sampled', rationaleDropout: 0.4 },
    });
    const order = (): RowOrder =>
      new RowOrder(5, 11, undefined, { alternatives: [1, 2, 3, 4, 5], rationaleDropout: 0.4 });
    const facts = await writeOrder(order(), settings, { ...place, folder });
    expect(facts).toEqual({ draws: 42, choices: true, sampled: true });
    const turns = await readFile(join(folder, 'order.rows'));
    const choices = await readFile(join(folder, 'order.choices'));
    const read = Array.from({ length: 42 }, (_, at) => {
      const choice = choices.readUInt16LE(2 * at);
      return { row: turns.readUInt32LE(4 * at), choice, explains: choice !== SILENT };
    });
    const drawn = order().take(42);
    expect(read).toEqual(drawn.map((draw) => (draw.explains ? draw : { ...draw, choice: SILENT })));
    expect(drawn.some(({ explains }) => !explains)).toBe(true);
  });

  async function numbers(name: string): Promise<number[]> {
    const read = await readFile(join(folder, name));
    return Array.from({ length: read.length / 8 }, (_, at) => Number(read.readBigUInt64LE(8 * at)));
  }
});

describe('the recipe', () => {
  it('gives every setting of a run its place', () => {
    expect(Object.keys(placeOfSetting).sort()).toEqual(Object.keys(RunSettings.shape).sort());
  });

  it('changes with every setting that the script carries out', () => {
    const facts = { rows: 1, examples: 1, ids: 1, bytesPerId: 2 } as const;
    const order = { draws: 1, choices: false, sampled: false };
    const of = (changes: Partial<RunSettings>): string => {
      const settings = runSettings({ method: 'step-by-step', mutualInformation: 0.2, ...changes });
      const data = { train: facts, validation: facts, order };
      return JSON.stringify(recipeOf(settings, presetConfig('micro', 300), data));
    };
    const changes: Partial<RunSettings> = {
      ...{ seed: 2, lambda: 0.3, lossForm: 'alpha', mutualInformation: 0.1, labelSmoothing: 0.1 },
      ...{ dropout: 0.1, steps: 99, batchSize: 9, accumulate: 3, accumulation: 'mean-of-means' },
      ...{ optimizer: 'adafactor', learningRate: 0.5, schedule: 'cosine', warmupShare: 0.9 },
      ...{ weightDecay: 0.7, clipNorm: 9, freeze: ['encoder'], lora: { rank: 2, alpha: 4 } },
      ...{ evaluateEvery: 3, earlyStopping: { patience: 2 }, keepEvery: 2 },
    };
    const carriedOut = Object.entries(placeOfSetting).flatMap(([name, where]) =>
      where === 'recipe' ? [name] : [],
    );
    expect(Object.keys(changes).sort()).toEqual(carriedOut.sort());
    for (const [name, value] of Object.entries(changes)) {
      expect(of({ [name]: value }), name).not.toBe(of({}));
    }
  });
});

describe('validation rows', () => {
  it('accept what the app counts as right and a student could have learned', async () => {
    const settings = runSettings({ method: 'single-task', maxLabelTokens: 12 });
    const labels = ['( 2 + 2 )', '4', '5', '2 * 2'];
    const json = await trainTokenizer([...labels, 'Answer: what is two and two'], settings);
    const tokenizer = Tokenizer.fromJson(json);
    const [row] = await validationRows(
      {
        ...task,
        settings,
        train: labels.map((label) => ({ input: 'x', label, rationales: [] })),
        validation: [{ input: 'what is two and two', gold: '4', choices: null, rationale: null }],
      },
      tokenizer,
    );
    const texts = await tokenizer.decodeAll(row?.accepted ?? []);
    expect(texts.map((text) => text.trim())).toEqual([
      'Answer: 4',
      'Answer: ( 2 + 2 )',
      'Answer: 2 * 2',
    ]);
    expect(row?.accepted.every((accepted) => !accepted.includes(tokenizer.eosTokenId))).toBe(true);
  });

  it('accept a choice by its letter, too', async () => {
    const settings = runSettings({ maxLabelTokens: 12 });
    const json = await trainTokenizer(['(a) red (b) blue a b red blue what'], settings);
    const tokenizer = Tokenizer.fromJson(json);
    const choices = ['red', 'blue'];
    const validation = [{ input: 'what', gold: 'blue', choices, rationale: null }];
    const asked = { ...task, task: 'multiple-choice', settings, validation } as const;
    const [row] = await validationRows({ ...asked }, tokenizer);
    const texts = await tokenizer.decodeAll(row?.accepted ?? []);
    expect(texts.map((text) => text.trim())).toEqual(['blue', 'b', '(b)', '(b) blue']);
  });
});

describe('the bundle', () => {
  it('holds the script and all its parts, and the losses of the first steps', async () => {
    const target = await mkdtemp(join(folder, 'bundle-'));
    const told: number[] = [];
    await writeBundle(target, await bundleContents(task), {
      signal,
      progress: (done, total) => told.push(done / total),
    });
    expect(await readdir(target)).toEqual(
      [...scriptNames, 'data', 'expected.json', 'recipe.json', 'student'].sort(),
    );
    const scripts = (await readdir(scriptsFolder())).filter((name) => name.endsWith('.py'));
    expect(scripts.sort()).toEqual([...scriptNames].sort());
    const expected: unknown = JSON.parse(await readFile(join(target, 'expected.json'), 'utf8'));
    expect(expected).toMatchObject({
      ...{ engine: 'cpu', dropout: 'off', reason: null },
      steps: [1, 2, 3, 4, 5].map((step) => ({ step })),
    });
    expect(told.at(-1)).toBe(1);
    expect(told.every((share) => share > 0 && share <= 1)).toBe(true);
  });

  it('is refused for a run whose rows are gone', async () => {
    const request = {
      format: 'training',
      checkpoint: '',
      folder,
      signal,
      progress: () => undefined,
    } as const;
    await expect(trainingFormat.write({ ...request, training: null })).rejects.toThrow('no row');
    expect(trainingFormat.open).toBe(null);
  });

  it('stops when the job stops', async () => {
    const target = await mkdtemp(join(folder, 'stopped-'));
    const host = { signal: AbortSignal.abort('cancel'), progress: () => undefined };
    await expect(writeBundle(target, await bundleContents(task), host)).rejects.toBe('cancel');
    const request = { format: 'training', checkpoint: '', folder: target, ...host } as const;
    await trainingFormat.write({ ...request, training: task });
    expect(await readdir(target)).not.toContain('expected.json');
  });
});

describe('the section of the model card', () => {
  it('says how it is trained, and what dropout does to its losses', () => {
    const without = trainingReadme({ settings: runSettings(), trainRows: 24 });
    expect(without).toContain('torchrun --standalone --nproc_per_node=4 train.py');
    expect(without).toContain('12 steps of 4 rows, about 2.0 times through the data');
    expect(without).toContain('This run has no dropout');
    const dropping = trainingReadme({ settings: runSettings({ dropout: 0.1 }), trainRows: 24 });
    expect(dropping).toContain('This run drops out 0.1.');
  });
});

const task: TrainTask = {
  kind: 'train',
  folder: '',
  task: 'arithmetic',
  labels: [],
  settings: runSettings({ method: 'step-by-step' }),
  train: Array.from({ length: 12 }, (_, row) => ({
    input: `what is ${row} and ${row}`,
    label: `${2 * row}`,
    rationales: [`${row} twice is ${2 * row}.`],
  })),
  validation: [{ input: 'what is 3 and 3', gold: '6', choices: null, rationale: null }],
  studentFolder: null,
  tokenizerTexts: null,
  resume: false,
};
