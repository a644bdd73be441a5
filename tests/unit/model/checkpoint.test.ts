import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { StudentManifest } from '../../../electron/contract/export.ts';
import { readCheckpoint, writeCheckpoint } from '../../../electron/model/checkpoint.ts';
import type { StudentContent, TrainingContent } from '../../../electron/model/checkpoint.ts';
import { parseConfig } from '../../../electron/model/config.ts';
import { freshWatch } from '../../../electron/model/divergence.ts';
import { presetConfig } from '../../../electron/model/presets.ts';
import type { FloatTensor } from '../../../electron/model/safetensors.ts';
import { parameterSpecs, sizeOf } from '../../../electron/model/t5/config.ts';

let parent = '';
let folder = '';
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'checkpoint-'));
  folder = join(parent, 'last');
});
afterEach(async () => {
  await rm(parent, { recursive: true, force: true });
});

const config = { ...presetConfig('micro', 300), dModel: 8, dFf: 8, numHeads: 2, dKv: 4 };
const manifest: StudentManifest = {
  format: 1,
  method: 'finetune',
  task: 'text',
  labels: [],
  labelPrefix: '',
  rationalePrefix: null,
  answerMark: null,
  rationaleMark: null,
  maxInputTokens: 32,
  maxLabelTokens: 8,
  maxRationaleTokens: 8,
};

function tensors(start: number): Map<string, Float32Array> {
  return new Map(
    parameterSpecs(config).map(({ name, shape }) => [
      name,
      Float32Array.from({ length: sizeOf(shape) }, (_, i) => start + i / 7),
    ]),
  );
}

function shaped(start: number): Map<string, FloatTensor> {
  const values = tensors(start);
  return new Map(
    parameterSpecs(config).map(({ name, shape }) => [
      name,
      { shape, values: values.get(name) ?? new Float32Array() },
    ]),
  );
}

const student: StudentContent = { config, parameters: tensors(0), tokenizer: '{}', manifest };

function training(step: number): TrainingContent {
  return {
    optimizer: {
      kind: 'adamw',
      regions: new Map([
        ['first', shaped(1)],
        ['second', shaped(2)],
      ]),
    },
    state: {
      format: 2,
      step,
      order: { random: 4_000_000_000, position: 3 },
      dropout: { seed: 3_000_000_000, passes: 17 },
      best: { step: 2, validation: 0.5 },
      stale: 1,
      watch: { ...freshWatch, seen: 7, start: 6.1, smoothed: 0.1 + 0.2 },
      unevaluated: null,
      taskHash: 'abc',
    },
  };
}

describe('a checkpoint', () => {
  it('is read back as it was written', async () => {
    await writeCheckpoint(folder, student, training(7));
    const read = await readCheckpoint(folder);
    expect(read?.state).toEqual(training(7).state);
    expect(read?.parameters).toEqual(tensors(0));
    expect(read?.optimizer).toEqual(training(7).optimizer);
    expect(read?.tokenizer).toBe('{}');
  });

  it.each([1, 2])('of format %i without an optimizer’s name is one of AdamW', async (format) => {
    await writeCheckpoint(folder, student, training(7));
    const path = join(folder, 'trainer', 'state.json');
    const saved = z
      .object({ state: z.record(z.string(), z.unknown()), files: z.unknown() })
      .parse(JSON.parse(await readFile(path, 'utf8')));
    const state = { ...saved.state, format, dropout: undefined };
    await writeFile(path, JSON.stringify({ files: saved.files, state }));
    const read = await readCheckpoint(folder);
    expect(read?.optimizer).toEqual(training(7).optimizer);
    expect(read?.state).toEqual({ ...training(7).state, dropout: null });
  });

  it('is a Hugging Face folder, with trainer state only where it is asked for', async () => {
    const files = [
      'config.json',
      'generation_config.json',
      'model.safetensors',
      'special_tokens_map.json',
      'stepwise.json',
      'tokenizer.json',
      'tokenizer_config.json',
    ];
    await writeCheckpoint(folder, student, training(1));
    expect((await readdir(folder)).sort()).toEqual([...files, 'trainer'].sort());
    await writeCheckpoint(join(parent, 'best'), student, null);
    expect((await readdir(join(parent, 'best'))).sort()).toEqual(files);
    expect(parseConfig(await readFile(join(folder, 'config.json'), 'utf8'))).toEqual(config);
    const text = await readFile(join(folder, 'stepwise.json'), 'utf8');
    expect(JSON.parse(text)).toEqual(manifest);
  });

  it('replaces the one before and leaves nothing else behind', async () => {
    await writeCheckpoint(folder, student, training(1));
    await writeCheckpoint(folder, student, training(2));
    expect((await readCheckpoint(folder))?.state.step).toBe(2);
    expect(await readdir(parent)).toEqual(['last']);
  });

  it('keeps the one before when writing fails', async () => {
    await writeCheckpoint(folder, student, training(1));
    const lacking = { ...student, parameters: new Map<string, Float32Array>() };
    await expect(writeCheckpoint(folder, lacking, training(2))).rejects.toThrow('no tensor');
    expect((await readCheckpoint(folder))?.state.step).toBe(1);
    expect(await readdir(parent)).toEqual(['last']);
  });

  it('is null where there is none', async () => {
    expect(await readCheckpoint(folder)).toBeNull();
  });

  it('survives a kill between the two renames, and half-written folders', async () => {
    await writeCheckpoint(folder, student, training(1));
    await rename(folder, `${folder}.replaced`);
    await mkdir(`${folder}.tmp-123/trainer`, { recursive: true });
    expect((await readCheckpoint(folder))?.state.step).toBe(1);
    expect(await readdir(parent)).toEqual(['last']);
  });

  it.each([
    ['model.safetensors', /model\.safetensors is not as it was written/],
    ['trainer/moments-second.safetensors', /moments-second\.safetensors is not as it was written/],
    ['tokenizer.json', /tokenizer\.json is not as it was written/],
    ['trainer/state.json', /state\.json/],
  ])('is refused when %s is not whole', async (name, message) => {
    await writeCheckpoint(folder, student, training(1));
    const bytes = await readFile(join(folder, name));
    await writeFile(join(folder, name), bytes.subarray(0, -3));
    await expect(readCheckpoint(folder)).rejects.toMatchObject({
      code: 'checkpoint-corrupt',
      message: expect.stringMatching(message) as unknown,
    });
  });

  it.each(['model.safetensors', 'trainer/state.json', 'config.json'])(
    'is refused without %s',
    async (name) => {
      await writeCheckpoint(folder, student, training(1));
      await rm(join(folder, name));
      await expect(readCheckpoint(folder)).rejects.toThrow(/is missing/);
    },
  );
});
