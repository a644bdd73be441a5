import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  listSafetensors,
  readSafetensors,
  writeSafetensors,
} from '../../../electron/model/safetensors.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'safetensors-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A file put together by hand, right or wrong. */
async function fileOf(header: unknown, data: Uint8Array): Promise<string> {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const path = join(folder, 'model.safetensors');
  await writeFile(path, Buffer.concat([length, text, data]));
  return path;
}

const entry = (dtype: string, shape: number[], start: number, end: number) => ({
  dtype,
  shape,
  data_offsets: [start, end],
});

describe('writeSafetensors', () => {
  it('writes what it reads, to the bit', async () => {
    const path = join(folder, 'a.safetensors');
    const values = Float32Array.of(0, -0, 1.1, Number.MIN_VALUE, 3.4e38, -7);
    await writeSafetensors(
      path,
      new Map([
        ['matrix', { shape: [2, 3], values }],
        ['empty', { shape: [0], values: new Float32Array(0) }],
        ['scalar', { shape: [], values: Float32Array.of(5) }],
      ]),
    );
    const read = await readSafetensors(path);
    expect([...read.keys()]).toEqual(['matrix', 'empty', 'scalar']);
    expect(read.get('matrix')?.shape).toEqual([2, 3]);
    expect(Buffer.from(read.get('matrix')?.values.buffer ?? new ArrayBuffer(0))).toEqual(
      Buffer.from(values.buffer),
    );
    expect(read.get('scalar')?.values).toEqual(Float32Array.of(5));
  });

  it('starts the numbers on an eight-byte border, names PyTorch and leaves no temporary file', async () => {
    const path = join(folder, 'a.safetensors');
    await writeSafetensors(path, new Map([['x', { shape: [1], values: Float32Array.of(1) }]]));
    const bytes = await readFile(path);
    const length = Number(bytes.readBigUInt64LE());
    expect(length % 8).toBe(0);
    const header: unknown = JSON.parse(bytes.subarray(8, 8 + length).toString());
    expect(header).toMatchObject({ __metadata__: { format: 'pt' } });
    expect(await readdir(folder)).toEqual(['a.safetensors']);
  });

  it('writes views into larger buffers', async () => {
    const path = join(folder, 'a.safetensors');
    const arena = Float32Array.from({ length: 10 }, (_, i) => i);
    const values = arena.subarray(3, 6);
    await writeSafetensors(path, new Map([['view', { shape: [3], values }]]));
    expect((await readSafetensors(path)).get('view')?.values).toEqual(Float32Array.of(3, 4, 5));
  });
});

describe('writeSafetensors in half precision', () => {
  const values = Float32Array.of(1, 1 + 2 ** -8, 1 + 3 * 2 ** -8, -0.1, 300);

  it.each([
    ['bfloat16', 'BF16', [1, 1, 1 + 2 ** -6, -0.10009765625, 300]],
    ['float16', 'F16', [1, 1 + 2 ** -8, 1 + 3 * 2 ** -8, -0.0999755859375, 300]],
  ] as const)('rounds to %s', async (dtype, name, expected) => {
    const path = join(folder, 'a.safetensors');
    await writeSafetensors(path, new Map([['x', { shape: [5], values }]]), { dtype });
    expect((await readFile(path)).toString('latin1')).toContain(`"dtype":"${name}"`);
    expect([...((await readSafetensors(path)).get('x')?.values ?? [])]).toEqual(expected);
  });

  it('refuses numbers that would become infinite, and leaves nothing behind', async () => {
    const large = new Map([['x', { shape: [2], values: Float32Array.of(1, 70_000) }]]);
    const path = join(folder, 'a.safetensors');
    const written = writeSafetensors(path, large, { dtype: 'float16' });
    await expect(written).rejects.toThrow('“x” holds 70000, which is too large for float16');
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('readSafetensors', () => {
  it('widens half-precision numbers', async () => {
    const halves = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7c00, 0x3555); // float16
    const brains = Uint16Array.of(0x3f80, 0xc000, 0x4049, 0x0000, 0x7f80); // bfloat16
    const data = Buffer.concat([Buffer.from(halves.buffer), Buffer.from(brains.buffer)]);
    const path = await fileOf(
      { half: entry('F16', [5], 0, 10), brain: entry('BF16', [5], 10, 20) },
      data,
    );
    const read = await readSafetensors(path);
    expect([...(read.get('half')?.values ?? [])]).toEqual([1, -2, 2 ** -24, Infinity, 1365 / 4096]);
    expect([...(read.get('brain')?.values ?? [])]).toEqual([1, -2, 3.140625, 0, Infinity]);
  });

  it('reads only what is wanted', async () => {
    const data = new Uint8Array(8);
    const path = await fileOf({ a: entry('F32', [1], 0, 4), b: entry('F32', [1], 4, 8) }, data);
    expect([...(await readSafetensors(path, (name) => name === 'b')).keys()]).toEqual(['b']);
  });

  it('takes names apart from other text in the header', async () => {
    const header = {
      __metadata__: { a: 'a", "b', b: '{[' },
      'a"}': entry('F32', [1], 0, 4),
      b: entry('F32', [1], 4, 8),
    };
    const path = await fileOf(header, new Uint8Array(8));
    const listed = await listSafetensors(path);
    expect(listed.map(({ name }) => name)).toEqual(['a"}', 'b']);
  });

  it.each([
    ['another dtype', { a: entry('I64', [1], 0, 8) }, /as I64; only/],
    ['a size that is not the shape’s', { a: entry('F32', [3], 0, 8) }, /8 bytes where .* needs 12/],
    ['an end beyond the file', { a: entry('F32', [4], 0, 16) }, /cut short/],
    ['reversed offsets', { a: entry('F32', [2], 8, 0) }, /-8 bytes/],
    [
      'an overlap',
      { a: entry('F32', [1], 0, 4), b: entry('F32', [1], 2, 6) },
      /“a” and “b” overlap/,
    ],
    ['an entry without a shape', { a: { dtype: 'F32' } }, /describes the tensor “a” wrongly/],
    [
      'a tensor described twice',
      '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\\u0061":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}',
      /“a” twice/,
    ],
    ['a header that is a list', [], /not a JSON object/],
    ['a header that is not JSON', '{"a":', /not JSON/],
  ])('refuses %s', async (_, header, message) => {
    const path = await fileOf(header, new Uint8Array(8));
    await expect(readSafetensors(path)).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringMatching(message) as unknown,
    });
  });

  it('refuses a header longer than the file, a stub, and a missing file', async () => {
    const path = join(folder, 'x.safetensors');
    await writeFile(path, Buffer.from('ffffffff00000000', 'hex'));
    await expect(readSafetensors(path)).rejects.toMatchObject({ code: 'model-invalid' });
    await writeFile(path, 'version https://git-lfs.github.com/spec/v1\noid sha256:0');
    await expect(readSafetensors(path)).rejects.toThrow('only a Git LFS pointer');
    await writeFile(path, 'abc');
    await expect(readSafetensors(path)).rejects.toThrow('x.safetensors is too short');
    await expect(readSafetensors(join(folder, 'no.safetensors'))).rejects.toThrow(
      'no.safetensors is missing',
    );
  });
});

const fixture = new URL('../../../../shared/fixtures/t5-v1_1-tiny/', import.meta.url);
const present = existsSync(fixture);

describe.skipIf(!present)(`a real file${present ? '' : ' (shared fixtures are absent)'}`, () => {
  it('reads a file that PyTorch wrote', async () => {
    const tensors = await readSafetensors(fileURLToPath(new URL('model.safetensors', fixture)));
    expect(tensors.get('shared.weight')?.shape).toEqual([512, 64]);
    expect(tensors.get('lm_head.weight')?.values).toHaveLength(512 * 64);
    expect(tensors.get('lm_head.weight')?.values.every(Number.isFinite)).toBe(true);
  });
});
