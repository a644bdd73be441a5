import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExportFormat } from '../../../../../electron/contract/entities.ts';
import { openGguf } from '../../../../../electron/model/export/gguf/open.ts';
import { writeGgufStudent } from '../../../../../electron/model/export/gguf/write.ts';
import { readSafetensors, writeSafetensors } from '../../../../../electron/model/safetensors.ts';
import type { T5Config } from '../../../../../electron/model/t5/config.ts';
import { presetConfig } from '../../../../../electron/model/presets.ts';
import { writeStudentFolder } from '../../student-folder.ts';

const micro = presetConfig('micro', 304);
let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'stepwise-gguf-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const checkpoint = (): string => join(root, 'checkpoint');
const exported = (): string => join(root, 'exported');

async function write(
  options: {
    readonly config?: Partial<T5Config>;
    readonly format?: ExportFormat;
    readonly signal?: AbortSignal;
  } = {},
): Promise<(readonly [number, number])[]> {
  await writeStudentFolder(checkpoint(), { config: { ...micro, ...options.config } });
  return writeAgain(options);
}

async function writeAgain({
  format = 'gguf',
  signal = new AbortController().signal,
}: {
  readonly format?: ExportFormat;
  readonly signal?: AbortSignal;
} = {}): Promise<(readonly [number, number])[]> {
  const told: (readonly [number, number])[] = [];
  await mkdir(exported(), { recursive: true });
  await writeGgufStudent({
    ...{ format, checkpoint: checkpoint(), folder: exported(), training: null, signal },
    progress: (done, total) => told.push([done, total]),
  });
  return told;
}

interface Listed {
  readonly shape: readonly number[];
  readonly type: number;
  /** Where its numbers begin in the file. */
  readonly start: number;
}

/** The keys and the tensors that a file lists. */
async function list(): Promise<{ keys: string[]; tensors: Map<string, Listed>; file: Buffer }> {
  const file = await readFile(join(exported(), 'student.gguf'));
  let at = 8;
  const uint32 = (): number => file.readUInt32LE((at += 4) - 4);
  const uint64 = (): number => Number(file.readBigUInt64LE((at += 8) - 8));
  const text = (): string => {
    const length = uint64();
    return file.toString('utf8', at, (at += length));
  };
  const sizes: Readonly<Record<number, number>> = { 0: 1, 4: 4, 5: 4, 6: 4, 7: 1 };
  const skip = (type: number): void => {
    if (type === 8) text();
    else at += sizes[type] ?? Number.NaN;
  };
  const [tensorCount, valueCount] = [uint64(), uint64()];
  const keys = Array.from({ length: valueCount }, () => {
    const key = text();
    const type = uint32();
    if (type !== 9) skip(type);
    else {
      const each = uint32();
      for (let left = uint64(); left > 0; left--) skip(each);
    }
    return key;
  });
  const tensors = Array.from({ length: tensorCount }, (): [string, Listed] => {
    const name = text();
    const shape = Array.from({ length: uint32() }, uint64);
    return [name, { shape, type: uint32(), start: uint64() }];
  });
  const numbers = Math.ceil(at / 32) * 32;
  return {
    ...{ keys, file },
    tensors: new Map(tensors.map(([name, t]) => [name, { ...t, start: t.start + numbers }])),
  };
}

describe('a GGUF file', () => {
  it('lists the tensors by llama.cpp’s names, fastest size first', async () => {
    await write();
    const { tensors, file } = await list();
    expect(file.toString('latin1', 0, 4)).toBe('GGUF');
    expect(file.readUInt32LE(4)).toBe(3);
    expect(tensors.get('token_embd.weight')?.shape).toEqual([128, 304]);
    expect(tensors.get('enc.blk.0.attn_rel_b.weight')?.shape).toEqual([8, 32]);
    expect(tensors.get('dec.blk.1.ffn_up.weight')?.shape).toEqual([128, 512]);
    expect(tensors.get('dec.blk.1.cross_attn_norm.weight')?.shape).toEqual([128]);
    expect(tensors.has('output.weight')).toBe(false);
    expect(tensors.has('dec.blk.0.ffn_gate.weight')).toBe(false);
    expect([...tensors.values()].every(({ start }) => start % 32 === 0)).toBe(true);
  });

  it('names the gate of a gated layer and a head of its own', async () => {
    await write({ config: { feedForward: 'gated-gelu', tieWordEmbeddings: false } });
    const { tensors } = await list();
    expect(tensors.has('enc.blk.0.ffn_gate.weight')).toBe(true);
    expect(tensors.has('output.weight')).toBe(true);
  });

  it('puts the factor before a tied head into the last norm', async () => {
    await write();
    const { tensors, file } = await list();
    const start = tensors.get('dec.output_norm.weight')?.start ?? Number.NaN;
    expect(file.readFloatLE(start)).toBeCloseTo(128 ** -0.5, 7);
    const other = tensors.get('enc.output_norm.weight')?.start ?? Number.NaN;
    expect(file.readFloatLE(other)).toBe(1);
  });

  it('keeps vectors and position biases float32 beside float16 matrices', async () => {
    await write({ format: 'gguf-float16' });
    const { tensors } = await list();
    const type = (name: string): number | undefined => tensors.get(name)?.type;
    expect(type('token_embd.weight')).toBe(1);
    expect(type('enc.blk.0.attn_norm.weight')).toBe(0);
    expect(type('enc.blk.0.attn_rel_b.weight')).toBe(0);
  });

  it('has what llama.cpp needs to read texts', async () => {
    await write();
    const { keys } = await list();
    expect(keys).toEqual(
      expect.arrayContaining([
        'general.architecture',
        't5.decoder_block_count',
        't5.decoder_start_token_id',
        'tokenizer.ggml.precompiled_charsmap',
        'tokenizer.ggml.eos_token_id',
      ]),
    );
  });

  it('tells how far it is', async () => {
    const told = await write();
    const [done, total] = told.at(-1) ?? [0, 1];
    expect(done).toBe(total);
    expect(told.every(([part], at) => at === 0 || part > (told[at - 1]?.[0] ?? 0))).toBe(true);
    const { size } = await stat(join(exported(), 'student.gguf'));
    expect(total).toBeLessThan(size);
  });

  it('is not there when the job was stopped', async () => {
    await write({ signal: AbortSignal.abort('cancel') });
    expect(await readdir(exported())).toEqual([]);
  });

  it('refuses what llama.cpp cannot compute', async () => {
    await expect(write({ config: { relativeAttentionMaxDistance: 64 } })).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringContaining('up to a distance of 128') as string,
    });
    await expect(write({ config: { numLayers: 1 } })).rejects.toMatchObject({
      message: expect.stringContaining('no deeper than the encoder') as string,
    });
    expect(await readdir(exported())).toEqual([]);
  });

  it('refuses a weight beyond float16, naming the tensor, and leaves nothing', async () => {
    await write();
    await rm(join(exported(), 'student.gguf'));
    const path = join(checkpoint(), 'model.safetensors');
    const tensors = await readSafetensors(path);
    tensors.get('decoder.block.0.layer.2.DenseReluDense.wo.weight')?.values.fill(70_000);
    await writeSafetensors(path, tensors);
    await expect(writeAgain({ format: 'gguf-float16' })).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringContaining('dec.blk.0.ffn_down.weight') as string,
    });
    expect(await readdir(exported())).toEqual([]);
  });
});

describe('llama.cpp', () => {
  it('says when it cannot read a file', async () => {
    await mkdir(exported());
    await writeFile(join(exported(), 'student.gguf'), 'GGUF, but not really');
    await expect(openGguf(exported())).rejects.toMatchObject({
      code: 'model-invalid',
      message: 'llama.cpp cannot read student.gguf.',
    });
  });
});
