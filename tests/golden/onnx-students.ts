import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportFormat } from '../../electron/contract/entities.ts';
import { Random } from '../../electron/core/random.ts';
import { openEngine } from '../../electron/model/engines/preflight.ts';
import { writeOnnx } from '../../electron/model/export/onnx/write.ts';
import { openModelFolder } from '../../electron/model/folder.ts';
import { Generator } from '../../electron/model/generate/index.ts';
import { trainStudent } from '../../electron/model/trainer.ts';
import { copyFixture, fixturesPresent, sums } from '../unit/model/student-folder.ts';
import { runSettings } from '../unit/model/support.ts';

/** A student to be exported: a folder that is made in a test. */
export interface MadeStudent {
  readonly title: string;
  readonly present: boolean;
  readonly make: (folder: string) => Promise<unknown>;
}

const fixture = (name: string): MadeStudent => ({
  title: fixturesPresent ? name : `${name} (skipped: ../shared/fixtures is absent)`,
  present: fixturesPresent,
  make: (folder) => copyFixture(name, folder),
});

export const students: readonly MadeStudent[] = [
  { title: 'a mini student, trained for a few steps', present: true, make: trainMini },
  fixture('t5-v1_0-tiny'),
  fixture('t5-v1_1-tiny'),
];

/** A few steps: far from right, but what it writes depends on what it reads. */
async function trainMini(folder: string): Promise<void> {
  const run = `${folder}-run`;
  const changes = { preset: 'mini', steps: 48, learningRate: 1.5e-3, labelSource: 'gold' } as const;
  await trainStudent(
    {
      ...{ kind: 'train', folder: run, task: 'text', labels: [] },
      settings: runSettings({ ...changes, vocabularySize: 300, validationRows: 0 }),
      train: sums.map(({ input, label }) => ({ input, label, rationales: [] })),
      ...{ validation: [], studentFolder: null, tokenizerTexts: null, resume: false },
    },
    {
      engine: await openEngine(),
      signal: new AbortController().signal,
      report: () => undefined,
      score: () => false,
      now: () => 0,
      memoryBytes: () => null,
    },
  );
  await rename(join(run, 'last'), folder);
}

/** A student beside its exports, with rows to ask. */
export interface ExportedStudent {
  readonly checkpoint: string;
  /** Where the exports lie, each in a folder of its format's name. */
  readonly root: string;
  readonly texts: readonly string[];
  readonly ids: readonly Int32Array[];
  readonly config: Awaited<ReturnType<typeof openModelFolder>>['config'];
  readonly generator: Generator;
}

/** Makes a student, writes it in both formats and encodes the rows. */
export async function exportStudent(
  { make }: MadeStudent,
  root: string,
  rows: number,
): Promise<ExportedStudent> {
  const checkpoint = join(root, 'checkpoint');
  await make(checkpoint);
  for (const format of ['onnx', 'onnx-int8'] as const) await write(format, checkpoint, root);
  const { config, parameters, tokenizer } = await openModelFolder(checkpoint);
  const generator = await Generator.create(await openEngine(), config, parameters);
  const texts = madeTexts(rows);
  const ids = await tokenizer.encodeAll(texts, 512);
  return { checkpoint, root, texts, ids, config, generator };
}

async function write(format: ExportFormat, checkpoint: string, root: string): Promise<void> {
  const folder = join(root, format);
  await mkdir(folder);
  await writeOnnx({
    ...{ format, checkpoint, folder, training: null },
    signal: new AbortController().signal,
    progress: () => undefined,
  });
}

/** Texts of one to five sentences, so that batches of them are padded. */
export function madeTexts(rows: number, seed = 8): string[] {
  const random = new Random(seed);
  const one = <T>(items: readonly [T, ...T[]]): T =>
    items[Math.floor(random.next() * items.length)] ?? items[0];
  const sentence = (): string => {
    const count = Math.floor(random.next() * 40);
    return `${one(['Tom', 'He', 'predict: Tom'])} ${one(['has', 'buys'])} ${count} ${one(['apples', 'more', 'sums'])}.`;
  };
  return Array.from({ length: rows }, () => {
    const sentences = Array.from({ length: 1 + Math.floor(random.next() * 5) }, sentence);
    return `${sentences.join(' ')} How many does he have?`;
  });
}
