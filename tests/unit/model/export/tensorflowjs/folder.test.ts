import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureParts } from '../../../../../build/parts.mjs';
import { openEngine } from '../../../../../electron/model/engines/preflight.ts';
import { writeCertificate } from '../../../../../electron/model/export/certificate.ts';
import type { OpenedExport } from '../../../../../electron/model/export/format.ts';
import { openHuggingFace } from '../../../../../electron/model/export/huggingface/open.ts';
import { tensorflowjsFormat } from '../../../../../electron/model/export/tensorflowjs/index.ts';
import { readModel } from '../../../../../electron/model/folder.ts';
import { askedPlainly } from '../../../../../electron/model/portable/asked-as.ts';
import {
  parseModelJson,
  SHARD_BYTES,
  weightsIn,
} from '../../../../../electron/model/portable/weights-manifest.ts';
import { presetConfig } from '../../../../../electron/model/presets.ts';
import { Student } from '../../../../../electron/model/student.ts';
import { temporaryFolder } from '../../../store/workspace.ts';
import { copyFixture, fixturesPresent, sums, writeStudentFolder } from '../../student-folder.ts';
import { manifest, writtenFolder } from './written.ts';

const RUNTIME = 'TensorFlow.js 4.22.0 (WebAssembly)';
const format = { ...askedPlainly, ...manifest };
const now = () => performance.now();
/** 200 rows of many lengths. */
const inputs = Array.from({ length: 200 }, (_unused, i) =>
  (sums[i % sums.length]?.input ?? '').slice(0, 12 + (i % 50)),
);

beforeAll(async () => {
  expect(await ensureParts(() => undefined)).toBe(true);
});

const open = (folder: string): Promise<OpenedExport> => {
  if (tensorflowjsFormat.open === null) throw new TypeError('nothing opens it');
  return tensorflowjsFormat.open(folder, 'tensorflowjs');
};

/** With a head of its own: a tied one that learned nothing repeats the token that it read. */
const talkative = { ...presetConfig('micro', 304), tieWordEmbeddings: false };

async function checkpoint(config = talkative): Promise<string> {
  const folder = join(temporaryFolder(), 'best');
  await writeStudentFolder(folder, { config });
  return folder;
}

async function answersOf(opened: OpenedExport, rows = inputs) {
  const answers = await opened.answer(rows, format, { rationale: true, now });
  await opened.dispose();
  return answers.map(({ milliseconds: _time, confidence, ...answer }) => {
    expect(confidence).toBeGreaterThanOrEqual(0);
    return answer;
  });
}

async function answersOfApp(folder: string, rows = inputs) {
  const student = await Student.open(folder, await openEngine());
  return answersOf(
    {
      openedWith: 'the app',
      rowsAtOnce: 32,
      answer: (texts, settings, options) => student.answer(texts, { ...options, settings }),
      dispose: () => student.dispose(),
    },
    rows,
  );
}

describe('a folder for TensorFlow.js', () => {
  it('holds all that a page needs, its weights cut as TensorFlow.js cuts them', async () => {
    const from = await checkpoint(presetConfig('mini', 304));
    const seen: [number, number][] = [];
    const folder = await writtenFolder(from, { progress: (...at) => seen.push(at) });
    const { config, parameters } = await readModel(from);
    const parsed = parseModelJson(readFileSync(join(folder, 'model.json'), 'utf8'));
    const total = [...parameters.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
    const sizes = parsed.paths.map((path) => statSync(join(folder, path)).size);
    expect(sizes.length).toBeGreaterThan(2);
    expect(sizes.slice(0, -1).every((size) => size === SHARD_BYTES)).toBe(true);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(total);
    expect(seen.at(-1)).toEqual([total, total]);
    expect(readdirSync(folder).sort()).toEqual(
      [
        ...['README.md', 'config.json', 'index.html', 'model.json', 'page.css', 'page.mjs'],
        ...['stepwise.json', 'student.mjs', 'tfjs-backend-wasm-simd.wasm', 'tokenizer.json'],
        ...parsed.paths,
      ].sort(),
    );
    const shards = parsed.paths.map((path) => readFileSync(join(folder, path)));
    const read = weightsIn(parsed, new Uint8Array(Buffer.concat(shards)).buffer);
    expect([...read.keys()]).toEqual([...parameters.keys()]);
    for (const [name, { values }] of read) expect(values).toEqual(parameters.get(name));
    expect(config.vocabSize).toBe(304);
  });

  it('stops when it is told to', async () => {
    const folder = await writtenFolder(await checkpoint(), { signal: AbortSignal.abort() });
    expect(readdirSync(folder).filter((name) => name.endsWith('.bin'))).toEqual([]);
  });

  it('answers 200 rows with its own module as the app answers them', async () => {
    const from = await checkpoint();
    const opened = await open(await writtenFolder(from));
    expect(opened.openedWith).toBe(RUNTIME);
    const expected = await answersOfApp(from);
    expect(new Set(expected.flatMap(({ ids }) => [...ids])).size).toBeGreaterThan(20);
    expect(await answersOf(opened)).toEqual(
      expected.map((answer) => expect.objectContaining(answer)),
    );
  });

  it('is open twice at once, beside a Hugging Face folder, and each lets go alone', async () => {
    const from = await checkpoint();
    const folder = await writtenFolder(from);
    const expected = await answersOfApp(from, inputs.slice(0, 3));
    const texts = expected.map(({ label }) => label);
    // The last is taken for one that is too large for TensorFlow.js.
    const others = [openHuggingFace(from), openHuggingFace(from, 0)];
    const all = await Promise.all([open(folder), open(folder), ...others]);
    for (const opened of all) {
      const answers = await answersOf(opened, inputs.slice(0, 3));
      expect(answers.map(({ label }) => label)).toEqual(texts);
    }
    const again = await open(folder);
    expect((await answersOf(again, inputs.slice(0, 3))).map(({ label }) => label)).toEqual(texts);
  });

  it('gives no answers when the signal was aborted', async () => {
    const opened = await open(await writtenFolder(await checkpoint()));
    const signal = AbortSignal.abort();
    expect(await opened.answer(inputs, format, { rationale: true, now, signal })).toEqual([]);
    await opened.dispose();
  });
});

describe('a folder for TensorFlow.js that is not whole', () => {
  async function broken(change: (folder: string) => void, certify = false) {
    const folder = await writtenFolder(await checkpoint());
    if (certify) {
      await writeCertificate(folder, {
        ...{ exported: 'tensorflowjs', createdAt: '2026-01-01T00:00:00.000Z', versions: {} },
        student: {
          ...{ project: 'Sums', run: 'One', settingsHash: 'abc', step: 1 },
          runId: '00000000-0000-4000-8000-000000000000',
        },
        proof: null,
      });
    }
    change(folder);
    return open(folder);
  }
  const flip = (name: string) => (folder: string) => {
    const bytes = readFileSync(join(folder, name));
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(join(folder, name), bytes);
  };
  const shard = 'group1-shard1of1.bin';

  it.each([
    [
      'a missing shard',
      (folder: string) => rmSync(join(folder, shard)),
      /shard1of1\.bin is missing/,
    ],
    [
      'a shard that was cut',
      (folder: string) => writeFileSync(join(folder, shard), new Uint8Array(8)),
      /hold 8 bytes where model\.json expects/,
    ],
    [
      'a missing tokenizer',
      (folder: string) => rmSync(join(folder, 'tokenizer.json')),
      /tokenizer\.json is missing/,
    ],
    [
      'another module in its place',
      (folder: string) => writeFileSync(join(folder, 'student.mjs'), 'export const Student = 1;'),
      /student\.mjs cannot be run/,
    ],
  ])('names %s, without a certificate', async (_what, change, sentence) => {
    await expect(broken(change)).rejects.toMatchObject({
      ...{ name: 'StudioError', code: 'model-invalid' },
      message: expect.stringMatching(sentence),
    });
  });

  it.each([shard, 'tfjs-backend-wasm-simd.wasm', 'tokenizer.json', 'config.json', 'model.json'])(
    'refuses a changed byte in %s, by the certificate',
    async (name) => {
      await expect(broken(flip(name), true)).rejects.toMatchObject({
        ...{ name: 'StudioError', code: 'model-invalid' },
        message: expect.stringContaining(name),
        hint: expect.stringContaining('again'),
      });
    },
  );
});

describe.skipIf(!fixturesPresent)(
  `Hugging Face folders and TensorFlow.js${fixturesPresent ? '' : ' (left out: ../shared/fixtures is absent)'}`,
  () => {
    it.each(['t5-v1_0-tiny', 't5-v1_1-tiny'])(
      'answers 200 rows as the app does: %s',
      async (name) => {
        const folder = join(temporaryFolder(), name);
        await copyFixture(name, folder);
        const opened = await openHuggingFace(folder);
        expect(opened.openedWith).toBe(RUNTIME);
        const expected = await answersOfApp(folder);
        expect(await answersOf(opened)).toEqual(
          expected.map((answer) => expect.objectContaining(answer)),
        );
        expect(await answersOf(await open(await writtenFolder(folder)))).toEqual(
          expected.map((answer) => expect.objectContaining(answer)),
        );
      },
    );
  },
);
