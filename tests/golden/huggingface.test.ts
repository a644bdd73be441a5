import { copyFile, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExportFormat } from '../../electron/contract/entities.ts';
import { openEngine } from '../../electron/model/engines/preflight.ts';
import { writeHuggingFace } from '../../electron/model/export/huggingface/write.ts';
import { openModelFolder } from '../../electron/model/folder.ts';
import { Generator } from '../../electron/model/generate/index.ts';
import { ForwardModel } from '../../electron/model/t5/forward.ts';
import { presetConfig } from '../../electron/model/presets.ts';
import { askTransformers, findTransformers, withTransformers } from '../support/transformers.ts';
import type { TransformersAnswer } from '../support/transformers.ts';
import { copyFixture, writeStudentFolder } from '../unit/model/student-folder.ts';
import { shareOfLargest } from './finding.ts';
import { models, present, sharedFolder, titled } from './fixture.ts';
import { madeTexts } from './onnx-students.ts';
import { wrongIn } from './suite.ts';

/**
 * Students that are written as Hugging Face folders and read again: here against the reference's
 * numbers, and in Python's Transformers against the answers of this program.
 */

const ROWS = 200;
const TOKENS = 16;
/** Importing Transformers alone takes many seconds where others compute. */
const PATIENCE = 280_000;
/** As a share of the largest logit: both sides compute in float32. */
const LOGITS = 2e-4;
/** What the weights are, by Transformers' names. */
const stored = {
  huggingface: 'float32',
  'huggingface-bfloat16': 'bfloat16',
  'huggingface-float16': 'float16',
} as const;
const formats = ['huggingface', 'huggingface-bfloat16', 'huggingface-float16'] as const;

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'stepwise-huggingface-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function write(format: ExportFormat, checkpoint: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeHuggingFace({
    ...{ format, checkpoint, folder, training: null },
    signal: new AbortController().signal,
    progress: () => undefined,
  });
}

describe.skipIf(!present).each(models)(titled('%s, exported and read again'), (name) => {
  it.each(['forward pass', 'loss', 'greedy decoding', 'beam search'])(
    'keeps to the reference: %s',
    async (title) => {
      const [checkpoint, folder] = [join(root, 'fixture', name), join(root, 'again', name)];
      await copyFixture(name, checkpoint);
      await write('huggingface', checkpoint, folder);
      await copyFile(join(sharedFolder(name), 'io.json'), join(folder, 'io.json'));
      expect(await wrongIn(folder, title, () => openEngine())).toEqual([]);
    },
  );
});

const python = findTransformers();
const students = [
  {
    title: 'a mini student',
    here: true,
    make: (folder: string) => writeStudentFolder(folder, { config: presetConfig('mini', 304) }),
  },
  ...models.map((name) => ({
    title: titled(name),
    here: present,
    make: (folder: string) => copyFixture(name, folder),
  })),
];

describe.skipIf(python === null).each(students.filter(({ here }) => here))(
  withTransformers('$title in Python’s Transformers', python),
  ({ title, make }) => {
    const texts = madeTexts(ROWS);
    const at = (name: string): string => join(root, title.replaceAll(/\W+/g, '-'), name);
    let answers: readonly TransformersAnswer[] = [];
    beforeAll(async () => {
      if (python === null) return;
      await make(at('checkpoint'));
      for (const format of formats) await write(format, at('checkpoint'), at(format));
      answers = await askTransformers(python, { folders: formats.map(at), texts, tokens: TOKENS });
    }, PATIENCE);

    it.each(formats)('reads the numbers and the tokenizer of %s', async (format) => {
      const { tokenizer } = await openModelFolder(at(format));
      const answer = answerOf(format);
      expect(answer.dtype).toBe(stored[format]);
      const rows = await tokenizer.encodeAll(texts, 512);
      expect(answer.ids).toEqual(rows.map((row) => [...row]));
    });

    it.each(formats)(`writes the same tokens for ${ROWS} rows of %s in float32`, async (format) => {
      const { config, parameters, tokenizer } = await openModelFolder(at(format));
      const generator = await Generator.create(await openEngine(), config, parameters);
      const written = await generator.greedyTexts(await tokenizer.encodeAll(texts, 512), TOKENS);
      await generator.dispose();
      const { greedy } = answerOf(format);
      expect(written.map(({ ids }) => [...ids])).toEqual(greedy);
    });

    it.each(formats)('gives the same logits of %s', async (format) => {
      const { config, parameters, tokenizer } = await openModelFolder(at(format));
      const { logits: expected } = answerOf(format);
      const inputs = await tokenizer.encodeAll(texts.slice(0, expected.length), 512);
      const forward = await ForwardModel.create(await openEngine(), config, parameters);
      const start = inputs.map(() => Int32Array.of(config.decoderStartTokenId));
      const { logits } = await forward.run(inputs, start);
      await forward.dispose();
      const found = logits.flatMap((row) => [...row]);
      expect(shareOfLargest(found, expected.flat())).toBeLessThan(LOGITS);
    });

    it.each(formats)('takes the room that %s needs', async (format) => {
      const [before = 1, after = 0] = await Promise.all(
        ['checkpoint', format].map(
          async (name) => (await stat(join(at(name), 'model.safetensors'))).size,
        ),
      );
      if (format === 'huggingface') expect(after).toBe(before);
      else expect(Math.abs(after / before - 0.5)).toBeLessThan(0.02);
    });

    function answerOf(format: (typeof formats)[number]): TransformersAnswer {
      const answer = answers[formats.indexOf(format)];
      if (answer === undefined) throw new Error(`There is no answer for ${format}.`);
      return answer;
    }
  },
);
