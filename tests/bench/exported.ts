import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import * as native from 'onnxruntime-node';
import * as web from 'onnxruntime-web/wasm';
import { z } from 'zod';
import { Task } from '../../electron/contract/entities.ts';
import { StudentManifest } from '../../electron/contract/export.ts';
import { pairedBootstrap } from '../../electron/core/comparison/bootstrap.ts';
import { isCorrect } from '../../electron/core/score.ts';
import { wilson } from '../../electron/core/statistics.ts';
import { composeInput } from '../../electron/core/text.ts';
import { answerTexts } from '../../electron/model/answering.ts';
import type { ScoredAnswer, Speaker } from '../../electron/model/answering.ts';
import { writeOnnx } from '../../electron/model/export/onnx/write.ts';
import { openTokenizer, readConfigOf } from '../../electron/model/folder.ts';
import { OnnxWriter, type OnnxRuntime } from '../../electron/model/portable/onnx.ts';
import { counted, median, table } from './measure.ts';
import type { Options } from './options.ts';

const formats = ['onnx', 'onnx-int8'] as const;
type Format = (typeof formats)[number];
const named: Readonly<Record<Format, string>> = { onnx: 'float32', 'onnx-int8': 'int8' };

const runtimes: Readonly<Record<string, OnnxRuntime>> = { native, WebAssembly: web };
const BATCH = 32;
const ROUNDS = 3;

/**
 * The section on exported students: of each run its best checkpoint, written as ONNX in float32 and
 * in eight bits, and both asked for the labels of the same rows.
 */
export async function benchExported(options: Options): Promise<string> {
  const { workspace, runs, part } = options;
  if (workspace === null || runs.length === 0) {
    throw new Error('Say which students: --workspace FOLDER --runs ID,ID (and --part test).');
  }
  const parts: string[] = [];
  for (const run of runs) {
    const student = readStudent(workspace, run, part);
    parts.push(await measureStudent(student, options.rounds ?? ROUNDS));
  }
  return parts.join('\n\n');
}

interface StudentRows {
  readonly name: string;
  readonly checkpoint: string;
  readonly task: Task;
  readonly part: string;
  readonly rows: readonly Row[];
}

const Row = z.object({
  input: z.string(),
  gold: z.string(),
  choices: z
    .string()
    .nullable()
    .transform((text) =>
      z
        .array(z.string())
        .nullable()
        .parse(JSON.parse(text ?? 'null')),
    ),
});
type Row = z.infer<typeof Row>;

const Run = z.object({
  ...{ project: z.string(), task: Task, name: z.string(), split_id: z.string() },
  synthetic: z.number(),
});

/** What a workspace holds of a run; it is only read. */
function readStudent(workspace: string, run: string, part: string): StudentRows {
  const database = new Database(join(workspace, 'studio.sqlite'), { readonly: true });
  try {
    const { project, task, name, split_id, synthetic } = Run.parse(
      database
        .prepare(
          `SELECT projects.name AS project, projects.task, projects.synthetic, runs.name, runs.split_id
           FROM runs JOIN projects ON projects.id = runs.project_id WHERE runs.id = ?`,
        )
        .get(run),
    );
    const rows = z.array(Row).parse(
      database
        .prepare(
          `SELECT input, gold, choices FROM split_members
           JOIN examples ON examples.id = example_id
           WHERE split_id = ? AND part = ? AND gold IS NOT NULL ORDER BY example_id`,
        )
        .all(split_id, part),
    );
    const checkpoint = join(workspace, 'runs', run, 'best');
    const note = synthetic === 1 ? ' (generated rows)' : '';
    return { name: `${project}${note}, ${name}`, checkpoint, task, part, rows };
  } finally {
    database.close();
  }
}

async function measureStudent(student: StudentRows, rounds: number): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'stepwise-exported-'));
  try {
    const lines: string[][] = [];
    const right = new Map<Format, Uint8Array>();
    const answers = new Map<Format, ScoredAnswer[]>();
    const speeds = await measureSpeeds(student, root, rounds, answers);
    for (const format of formats) {
      const given = answers.get(format) ?? [];
      const flags = Uint8Array.from(student.rows, ({ gold, choices }, at) =>
        Number(isCorrect(student.task, given[at]?.label ?? null, gold, choices)),
      );
      right.set(format, flags);
      const correct = flags.reduce((sum, flag) => sum + flag, 0);
      const score = wilson(correct, flags.length);
      lines.push([
        named[format],
        `${((await bytesOf(join(root, format, 'onnx'))) / 1e6).toFixed(2)} MB`,
        ...Object.keys(runtimes).map((runtime) =>
          median(speeds.get(`${format} ${runtime}`) ?? []).toFixed(1),
        ),
        `${correct} of ${flags.length}`,
        `${percent(score.accuracy)} (${percent(score.low)} to ${percent(score.high)})`,
      ]);
    }
    const head = ['weights', 'size of both models', ...Object.keys(runtimes).map(perSecond)];
    const title = `**${student.name}**, ${counted(student.rows.length, `${student.part} row`)}, batches of ${BATCH}, one thread, median of ${counted(rounds, 'round')}:`;
    return [
      title,
      table([...head, 'right', 'accuracy, 95% interval (Wilson)'], lines),
      difference(right, answers),
    ].join('\n\n');
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

const perSecond = (runtime: string): string => `rows/s, ${runtime}`;

/** Rows per second by format and runtime; formats take turns, so that both meet the same neighbours. */
async function measureSpeeds(
  { checkpoint, rows }: StudentRows,
  root: string,
  rounds: number,
  answers: Map<Format, ScoredAnswer[]>,
): Promise<Map<string, number[]>> {
  const speakers = new Map<string, Speaker & { writer: OnnxWriter; format: Format }>();
  const { tokenizer: coder } = await openTokenizer(checkpoint);
  const manifest = StudentManifest.parse(
    JSON.parse(await readFile(join(checkpoint, 'stepwise.json'), 'utf8')),
  );
  for (const format of formats) {
    await mkdir(join(root, format));
    await writeOnnx({
      ...{ format, checkpoint, folder: join(root, format), training: null },
      signal: new AbortController().signal,
      progress: () => undefined,
    });
    for (const [name, runtime] of Object.entries(runtimes)) {
      const writer = await openWriter(runtime, join(root, format), format);
      speakers.set(`${format} ${name}`, { writer, coder, format });
    }
  }
  const inputs = rows.map(({ input, choices }) => composeInput(input, choices));
  const speeds = new Map<string, number[]>();
  const about = { rationale: false, batchSize: BATCH, now: () => performance.now() };
  // The first round warms up.
  for (let round = 0; round <= rounds; round++) {
    for (const [name, speaker] of speakers) {
      const began = performance.now();
      const given = await answerTexts(speaker, inputs, manifest, about);
      const perSecond = (1_000 * rows.length) / (performance.now() - began);
      if (round > 0) speeds.set(name, [...(speeds.get(name) ?? []), perSecond]);
      // Both runtimes are timed; accuracy is that of the one that every export is opened with.
      if (name.endsWith('WebAssembly')) answers.set(speaker.format, given);
    }
  }
  for (const { writer } of speakers.values()) await writer.dispose();
  return speeds;
}

async function openWriter(
  runtime: OnnxRuntime,
  folder: string,
  format: Format,
): Promise<OnnxWriter> {
  const suffix = format === 'onnx' ? '' : '_quantized';
  const file = (name: string): Promise<Uint8Array> =>
    readFile(join(folder, 'onnx', `${name}${suffix}.onnx`));
  const files = {
    encoder: await file('encoder_model'),
    decoder: await file('decoder_model_merged'),
    config: (await readConfigOf(folder)).config,
  };
  return OnnxWriter.create(runtime, files, { session: { intraOpNumThreads: 1 } });
}

async function bytesOf(folder: string): Promise<number> {
  const files = await readdir(folder);
  const sizes = await Promise.all(files.map((name) => stat(join(folder, name))));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}

/** Eight bits less float32 on the same rows. */
function difference(
  right: ReadonlyMap<Format, Uint8Array>,
  answers: ReadonlyMap<Format, readonly ScoredAnswer[]>,
): string {
  const [float, small] = formats.map((format) => right.get(format) ?? new Uint8Array());
  const [wide, narrow] = formats.map((format) => answers.get(format) ?? []);
  if (!float || !small || !wide || !narrow) return '';
  const same = wide.filter(({ ids }, at) => ids.join() === narrow[at]?.ids.join()).length;
  const interval = pairedBootstrap(small, float);
  // Adding zero turns a negative zero into a plain one.
  const points = (share: number): string => (Math.round(1_000 * share) / 10 + 0).toFixed(1);
  const equal = small.every((flag, at) => flag === float[at]);
  const found =
    interval === null
      ? 'no interval'
      : `${points(interval.value)} points, 95% paired interval ${points(interval.low)} to ${points(interval.high)} (bootstrap over rows)${equal ? '; no row tells them apart, which says nothing of rows that are not here' : ''}`;
  return `int8 less float32: ${found}; the same tokens on ${same} of ${wide.length} rows (both in WebAssembly).`;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;
