import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../electron/model/engines/preflight.ts';
import { Llama } from '../../electron/model/export/gguf/llama.ts';
import { LlamaCoder, LlamaWriter } from '../../electron/model/export/gguf/open.ts';
import { GGUF_FILE, writeGgufStudent } from '../../electron/model/export/gguf/write.ts';
import { openModelFolder } from '../../electron/model/folder.ts';
import type { ModelFolder } from '../../electron/model/folder.ts';
import { Generator } from '../../electron/model/generate/index.ts';
import type { WrittenText } from '../../electron/model/generate/index.ts';
import { readIo, sharedFolder } from './fixture.ts';
import { madeTexts, students } from './onnx-students.ts';
import { unpadded } from './rows.ts';

/** Students as files for llama.cpp, read and computed by llama.cpp. */

const ROWS = 200;
const TOKENS = 16;
/** One thread computes row by row, on a processor that other tests may use too. */
const PATIENCE = 280_000;
/** A gated layer's GELU comes from a table in half precision, which decides between like tokens. */
const gated = { rows: 10, probability: 0.02 };
const exact = { rows: 0, probability: 1e-4 };

describe.each(students)('$title in llama.cpp', ({ title, present, make }) => {
  let root = '';
  let model: ModelFolder;
  let generator: Generator;
  let llama: Llama;
  beforeAll(async () => {
    if (!present) return;
    root = await mkdtemp(join(tmpdir(), 'stepwise-gguf-'));
    const [checkpoint, folder] = [join(root, 'checkpoint'), join(root, 'exported')];
    await make(checkpoint);
    await mkdir(folder);
    await writeGgufStudent({
      ...{ format: 'gguf', checkpoint, folder, training: null },
      signal: new AbortController().signal,
      progress: () => undefined,
    });
    model = await openModelFolder(checkpoint);
    generator = await Generator.create(await openEngine(), model.config, model.parameters);
    llama = await Llama.open(join(folder, GGUF_FILE), 512);
  });
  afterAll(async () => {
    if (!present) return;
    await generator.dispose();
    await rm(root, { recursive: true, force: true });
  });

  it.skipIf(!present)(
    `writes the same tokens for ${ROWS} rows`,
    async () => {
      const allowed = model.config.feedForward === 'relu' ? exact : gated;
      const rows = await model.tokenizer.encodeAll(madeTexts(ROWS), 512);
      const ours = await generator.greedyTexts(rows, TOKENS);
      const theirs = await new LlamaWriter(llama).greedyTexts(rows, TOKENS);
      const differing = ours.filter((row, at) => !sameIds(row, theirs[at]));
      expect(differing.length).toBeLessThanOrEqual(allowed.rows);
      // Where a row parts, both tokens were about as likely; up to there all probabilities are alike.
      const furthest = ours.map((row, at) => furthestApart(row, theirs[at]));
      expect(Math.max(...furthest)).toBeLessThan(allowed.probability);
    },
    PATIENCE,
  );

  it.skipIf(!present)('makes the same ids of texts, and texts of ids', async () => {
    const coder = new LlamaCoder(llama);
    const texts = [
      ...madeTexts(ROWS),
      'Tom\thas\n12  apples.',
      '  He buys\u00a03 \u3000 more ',
      'Zo\u00eb has Zoe\u0308 has \u1112\u1161\u11ab has',
      '',
    ];
    const ids = await model.tokenizer.encodeAll(texts, 64);
    expect(await coder.encodeAll(texts, 64)).toEqual(ids);
    const trimmed = (all: readonly string[]): string[] => all.map((text) => text.trim());
    expect(trimmed(await coder.decodeAll(ids))).toEqual(
      trimmed(await model.tokenizer.decodeAll(ids)),
    );
  });

  // The mini student is made up here: no reference knows it.
  if (!title.startsWith('t5-')) return;
  it.skipIf(!present)('writes what the reference wrote', async () => {
    const io = readIo(sharedFolder(title));
    const { inputs } = unpadded(io.inputs);
    const expected = io.generate?.greedy.map((ids) => untilEnd(ids, model.config.eosTokenId)) ?? [];
    const longest = Math.max(...expected.map((ids) => ids.length));
    const written = await new LlamaWriter(llama).greedyTexts(inputs, longest);
    expect(written.map(({ ids }) => [...ids])).toEqual(expected);
  });
});

/** Without the start token, up to the end token. */
function untilEnd(ids: readonly number[], end: number): number[] {
  const at = ids.indexOf(end);
  return ids.slice(1, at < 0 ? undefined : at);
}

function sameIds(row: WrittenText, other: WrittenText | undefined): boolean {
  return other !== undefined && [...row.ids].join() === [...other.ids].join();
}

/** Of the probabilities up to the first token that differs, that one among them. */
function furthestApart(row: WrittenText, other: WrittenText | undefined): number {
  const parting = row.ids.findIndex((id, at) => id !== other?.ids[at]);
  const alike = parting < 0 ? row.probabilities.length : parting + 1;
  const apart = Array.from(row.probabilities.slice(0, alike), (p, at) =>
    Math.abs(p - (other?.probabilities[at] ?? Infinity)),
  );
  return Math.max(0, ...apart);
}
