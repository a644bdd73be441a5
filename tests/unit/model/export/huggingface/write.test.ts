import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExportFormat } from '../../../../../electron/contract/entities.ts';
import { withDtype } from '../../../../../electron/model/export/huggingface/dtype.ts';
import { precisionNote } from '../../../../../electron/model/export/huggingface/precision.ts';
import { writeHuggingFace } from '../../../../../electron/model/export/huggingface/write.ts';
import { openModelFolder } from '../../../../../electron/model/folder.ts';
import {
  narrowBfloat16,
  narrowFloat16,
  widenBfloat16,
  widenFloat16,
} from '../../../../../electron/model/halves.ts';
import {
  listSafetensors,
  readSafetensors,
  writeSafetensors,
} from '../../../../../electron/model/safetensors.ts';
import { writeStudentFolder } from '../../student-folder.ts';

const WEIGHTS = 'model.safetensors';
let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'stepwise-huggingface-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const inCheckpoint = (name = ''): string => join(root, 'checkpoint', name);
const inExport = (name = ''): string => join(root, 'exported', name);

async function write(
  format: ExportFormat = 'huggingface',
  signal = new AbortController().signal,
): Promise<(readonly [number, number])[]> {
  const told: (readonly [number, number])[] = [];
  await mkdir(inExport(), { recursive: true });
  await writeHuggingFace({
    ...{ format, checkpoint: inCheckpoint(), folder: inExport(), training: null, signal },
    progress: (done, total) => told.push([done, total]),
  });
  return told;
}

const hash = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

async function dtypes(): Promise<unknown[]> {
  const config: unknown = JSON.parse(await readFile(inExport('config.json'), 'utf8'));
  if (typeof config !== 'object' || config === null) return [];
  return ['torch_dtype', 'dtype'].map(
    (key) => Object.entries(config).find(([k]) => k === key)?.[1],
  );
}

describe('a Hugging Face folder', () => {
  it('in float32 is the checkpoint’s own files, byte for byte', async () => {
    await writeStudentFolder(inCheckpoint());
    await writeFile(inCheckpoint('generation_config.json'), '{"max_new_tokens": 7}');
    const told = await write();
    for (const name of await readdir(inCheckpoint())) {
      expect(await hash(inExport(name)), name).toBe(await hash(inCheckpoint(name)));
    }
    const [done, total] = told.at(-1) ?? [0, 1];
    expect(done).toBe(total);
  });

  it('has every file that other programs look for, though the checkpoint had not', async () => {
    await writeStudentFolder(inCheckpoint());
    await write();
    expect((await readdir(inExport())).sort()).toEqual([
      'config.json',
      'generation_config.json',
      WEIGHTS,
      'special_tokens_map.json',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
  });

  it.each([
    ['huggingface-bfloat16', 'bfloat16', 'BF16', narrowBfloat16, widenBfloat16],
    ['huggingface-float16', 'float16', 'F16', narrowFloat16, widenFloat16],
  ] as const)(
    'in %s holds every weight rounded to the nearest',
    async (format, dtype, stored, narrow, widen) => {
      await writeStudentFolder(inCheckpoint());
      const told = await write(format);
      const before = await readSafetensors(inCheckpoint(WEIGHTS));
      const after = await readSafetensors(inExport(WEIGHTS));
      expect([...after.keys()]).toEqual([...before.keys()]);
      for (const [name, { shape, values }] of before) {
        expect(after.get(name), name).toEqual({ shape, values: widen(narrow(values)) });
      }
      expect(
        new Set((await listSafetensors(inExport(WEIGHTS))).map((entry) => entry.dtype)),
      ).toEqual(new Set([stored]));
      expect(await dtypes()).toEqual([dtype, dtype]);
      const numbers = [...before.values()].reduce((sum, { values }) => sum + values.length, 0);
      expect(told.at(-1)).toEqual([2 * numbers, 2 * numbers]);
      const sizes = await Promise.all([inCheckpoint, inExport].map((at) => stat(at(WEIGHTS))));
      expect((sizes[0]?.size ?? 0) - (sizes[1]?.size ?? 0)).toBeGreaterThan(1.9 * numbers);
      expect((await openModelFolder(inExport())).parameters.size).toBe(before.size);
    },
  );

  it('in float16 refuses a weight beyond its largest number, naming the tensor', async () => {
    await writeStudentFolder(inCheckpoint());
    const tensors = await readSafetensors(inCheckpoint(WEIGHTS));
    tensors.get('encoder.final_layer_norm.weight')?.values.fill(65_520);
    await writeSafetensors(inCheckpoint(WEIGHTS), tensors);
    await expect(write('huggingface-float16')).rejects.toMatchObject({
      code: 'model-invalid',
      message: '“encoder.final_layer_norm.weight” holds 65520, which is too large for float16.',
    });
    expect(await readdir(inExport())).not.toContain(WEIGHTS);
    await write('huggingface-bfloat16');
  });

  it('in float32 widens a student that came in halves', async () => {
    await writeStudentFolder(inCheckpoint(), { dtype: 'float16' });
    await write();
    expect(await readSafetensors(inExport(WEIGHTS))).toEqual(
      await readSafetensors(inCheckpoint(WEIGHTS)),
    );
    expect((await listSafetensors(inExport(WEIGHTS)))[0]?.dtype).toBe('F32');
    expect(await dtypes()).toEqual(['float32', 'float32']);
  });

  it('puts shards together', async () => {
    await writeStudentFolder(inCheckpoint());
    const tensors = await readSafetensors(inCheckpoint(WEIGHTS));
    const shards = { 'a.safetensors': new Map(), 'b.safetensors': new Map() } as const;
    const places: Record<string, string> = {};
    [...tensors].forEach(([name, tensor], index) => {
      const shard = index % 2 === 0 ? 'a.safetensors' : 'b.safetensors';
      shards[shard].set(name, tensor);
      places[name] = shard;
    });
    for (const [name, held] of Object.entries(shards)) {
      await writeSafetensors(inCheckpoint(name), held);
    }
    await rm(inCheckpoint(WEIGHTS));
    const index = JSON.stringify({ weight_map: places });
    await writeFile(inCheckpoint('model.safetensors.index.json'), index);
    await write();
    const whole = await readSafetensors(inExport(WEIGHTS));
    for (const [name, tensor] of tensors) expect(whole.get(name), name).toEqual(tensor);
    expect(whole.size).toBe(tensors.size);
  });

  it('stops when the job does', async () => {
    await writeStudentFolder(inCheckpoint());
    for (const format of ['huggingface', 'huggingface-bfloat16'] as const) {
      expect(await write(format, AbortSignal.abort('cancel'))).toEqual([]);
    }
  });
});

describe('the number format in config.json', () => {
  it('is told by both names, and nothing else of the text changes', () => {
    expect(withDtype('{\n  "dropout_rate": 1.0,\n  "torch_dtype": "float32"\n}', 'bfloat16')).toBe(
      '{\n  "dtype": "bfloat16",\n  "dropout_rate": 1.0,\n  "torch_dtype": "bfloat16"\n}',
    );
    expect(withDtype('{"dtype": null, "d_ff": 8}', 'float16')).toBe(
      '{\n  "torch_dtype": "float16","dtype": "float16", "d_ff": 8}',
    );
  });
});

describe('what is said of shorter numbers', () => {
  it('names float16’s largest number, and says nothing of float32 folders', () => {
    expect(precisionNote('huggingface-float16')).toContain('65,504');
    expect(precisionNote('huggingface-bfloat16')).toContain('bfloat16');
    expect(precisionNote('huggingface')).toBeNull();
  });
});
