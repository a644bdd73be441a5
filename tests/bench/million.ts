import { execFile } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { Random } from '../../electron/core/random.ts';
import { mebibytes, milliseconds, seconds, table } from './measure.ts';

/** A generated file of a million rows, imported and read through the real application. */

const child = fileURLToPath(new URL('./million-child.ts', import.meta.url));
const seed = 1;
const vocabulary = 30_000;
const labels = ['yes', 'no', 'maybe'] as const;
const syllables = 'ka lo mi ne ru ta sho ven dar pol gri an ex ti on ber'.split(' ');
/** Characters that are written at once. */
const chunk = 1 << 20;

/**
 * The words of generated rows, the commonest first: how often a word is drawn falls off as words of a
 * language do.
 */
export function generatedWords(): { words: readonly string[]; draw: (random: Random) => string } {
  const random = new Random(seed);
  const words = Array.from({ length: vocabulary }, () =>
    Array.from({ length: random.integer(2, 4) }, () => random.pick(syllables)).join(''),
  );
  return {
    words,
    draw: (by) => words[Math.floor(by.next() ** 3 * vocabulary)] ?? '',
  };
}

/**
 * A JSON Lines file with `id`, `question`, `answer`, `rationale`, some 430 bytes a row; made once and
 * kept in the system's folder for temporary files.
 */
export async function generatedRows(rows: number): Promise<string> {
  const path = join(tmpdir(), `stepwise-rows-${rows}-${seed}.jsonl`);
  if (existsSync(path)) return path;
  const unfinished = `${path}.part-${process.pid}`;
  const file = createWriteStream(unfinished);
  const random = new Random(seed + 1);
  const { draw } = generatedWords();
  const some = (count: number): string =>
    Array.from({ length: count }, () => draw(random)).join(' ');
  let text = '';
  for (let row = 0; row < rows; row++) {
    const question = `${some(random.integer(30, 50))} ${random.integer(0, 999)}?`;
    const rationale = `${some(4)} because ${some(1)}`;
    const answer = labels[row % labels.length];
    text += `${JSON.stringify({ id: `row-${row}`, question, answer, rationale })}\n`;
    if (text.length < chunk) continue;
    if (!file.write(text)) await once(file, 'drain');
    text = '';
  }
  file.end(text);
  await once(file, 'finish');
  await rename(unfinished, path);
  return path;
}

/** What the child process prints, one JSON object. */
export const MillionFigures = z.object({
  rows: z.number(),
  inspectMilliseconds: z.number(),
  previewMilliseconds: z.number(),
  importMilliseconds: z.number(),
  /** Of the whole process, threads included, since its start. */
  peakBytes: z.number().nullable(),
  /** How late timers of the main thread were while the import ran. */
  lateMilliseconds: z.object({ p50: z.number(), p99: z.number(), most: z.number() }),
});
export type MillionFigures = z.infer<typeof MillionFigures>;

/** The section `A million rows` of the results. */
export async function benchMillion(rows: number): Promise<string> {
  const file = await generatedRows(rows);
  const workspace = await mkdtemp(join(tmpdir(), 'stepwise-bench-'));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [child, workspace, file]);
    return report(MillionFigures.parse(JSON.parse(stdout)));
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}

function report(figures: MillionFigures): string {
  const { rows, importMilliseconds: time, peakBytes, lateMilliseconds: late } = figures;
  const count = rows.toLocaleString('en');
  return [
    `A generated JSON Lines file of ${count} rows, in a process of its own. An import counts from its call to its job's end.`,
    '',
    table(
      ['figure', 'measured'],
      [
        ['columns, first rows and a mapping suggested', milliseconds(figures.inspectMilliseconds)],
        ['preview of a mapping', milliseconds(figures.previewMilliseconds)],
        ['import', `${seconds(time)}, ${((rows / time) * 1_000).toFixed(0)} rows/s`],
        ['peak memory of the process', peakBytes === null ? 'unknown' : mebibytes(peakBytes)],
        ['main thread late, median', milliseconds(late.p50)],
        ['main thread late, 99th percentile', milliseconds(late.p99)],
        ['main thread late, at most', milliseconds(late.most)],
      ],
    ),
  ].join('\n');
}
