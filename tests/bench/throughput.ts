import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../../electron/core/random.ts';
import { composeBatch, tokensIn, type EncodedRow } from '../../electron/model/batches.ts';
import { POOL_BATCHES, bucketedBatches } from './bucketing.ts';
import type { Engine } from '../../electron/model/engines/engine.ts';
import type { T5Config } from '../../electron/model/t5/config.ts';
import type { TrainingBatch } from '../../electron/model/t5/training.ts';
import { counted, spread, table } from './measure.ts';
import { chosenSizes, nameOf, openChosen, type Options } from './options.ts';
import {
  adjacent,
  ratioSpread,
  ratios,
  startTorch,
  type Opponent,
  type Side,
} from './reference.ts';
import { absentFiles, dataSets, encodedRows, limits, type DataSet } from './rows.ts';
import { configs, randomModel, type Size } from './shapes.ts';
import { TrainingBench, wholeStep } from './training.ts';

const batchSize = 8;

/** Rows of an epoch, and epochs that are measured. */
const effort: Readonly<Record<Size, { rows: number; rounds: number }>> = {
  micro: { rows: 512, rounds: 7 },
  tiny: { rows: 512, rounds: 7 },
  small: { rows: 128, rounds: 3 },
  base: { rows: 32, rounds: 1 },
};

/** Training end to end on real rows, in tokens that are not padding per second. */
export async function benchThroughput(options: Options): Promise<string> {
  const absent = absentFiles();
  if (absent.length > 0) {
    return `\`../shared\` has no ${absent.join(', ')} here: nothing was measured.`;
  }
  const engine = await openChosen(options.engine);
  const parts: string[] = [];
  for (const size of chosenSizes(options, ['tiny', 'small'])) {
    for (const set of dataSets) parts.push(await compare(engine, options, size, set));
  }
  const beside =
    options.python === null
      ? ' PYTHON is not set: PyTorch was not measured.'
      : ' PyTorch pads to the longest row of a batch and makes two forward passes, labels and rationales, and one update with AdamW, as the published code does; here both tasks are one packed batch.';
  const note = `Training with \`step-by-step\` on ${nameOf(engine)}: real rows in T5’s own vocabulary (32128 rows in the embedding, also for tiny), inputs of at most ${limits.input} tokens and targets of at most ${limits.target}, ${batchSize} rows a batch, each a label and a rationale. Tokens are counted without padding. A round is an epoch, on the same batches for every line of the same order; \`like length\` sorts by length within pools of ${POOL_BATCHES} batches (\`bucketing.ts\`).${beside} Median of the rounds (lowest to highest).`;
  return [note, ...parts].join('\n\n');
}

type Order = 'shuffled' | 'like length';

async function compare(
  engine: Engine,
  options: Options,
  size: Size,
  set: DataSet,
): Promise<string> {
  const rows = await encodedRows(set, options.rows ?? effort[size].rows);
  const config = { ...configs[size], vocabSize: 32_128 };
  const bench = new TrainingBench(await randomModel(engine, config, new Random(1)));
  const torch = options.python === null ? null : await startRows(options, engine, config, rows);
  try {
    if (torch && torch.parameters !== bench.model.parameterCount) {
      throw new Error('PyTorch’s model has another number of parameters than ours.');
    }
    const composed = (batch: readonly number[]): TrainingBatch =>
      composeBatch(pick(rows, batch), { label: 1, rationale: 1 });
    const ours = (order: Order): Side => ({
      name: `Stepwise Studio, ${order}`,
      measure: async (round) =>
        (await bench.time(batchesOf(rows, order, round).map(composed))).map(wholeStep),
    });
    const theirs = (opponent: Opponent, order: Order): Side => ({
      name: `${opponent.name}, ${order}`,
      measure: async (round) =>
        (await opponent.ask({ batches: batchesOf(rows, order, round) })).milliseconds,
    });
    const sides = [
      ...(torch ? [theirs(torch, 'shuffled'), theirs(torch, 'like length')] : []),
      ours('shuffled'),
      ours('like length'),
    ];
    const first = batchesOf(rows, 'shuffled', 0).slice(0, 2);
    await bench.time(first.map(composed));
    await torch?.ask({ batches: first });

    const tokens = tokensIn(composeBatch(rows, { label: 1, rationale: 1 }));
    const count = options.rounds ?? effort[size].rounds;
    const rate = (times: readonly number[]): number =>
      (tokens / times.reduce((sum, time) => sum + time, 0)) * 1_000;
    const rates = await adjacent(sides, count, rate);
    const head = `${size}, ${set}, ${rows.length} rows of ${(tokens / rows.length).toFixed(0)} tokens, ${counted(count, 'round')}`;
    const lines = sides.map((side, index) => [
      side.name,
      spread(rates[index] ?? [], (value) => value.toFixed(0)),
      ratioSpread(ratios(rates[index] ?? [], rates[0] ?? [])),
    ]);
    return `${table([head, 'tokens/s', 'to the first line, within a round'], lines)}\n\n${realShares(rows)}`;
  } finally {
    await torch?.end();
    await bench.model.dispose();
  }
}

/** PyTorch with the rows, which it reads from a file. */
async function startRows(
  options: Options,
  engine: Engine,
  config: T5Config,
  rows: readonly EncodedRow[],
): Promise<Opponent> {
  const folder = await mkdtemp(join(tmpdir(), 'stepwise-bench-'));
  try {
    const file = join(folder, 'rows.json');
    await writeFile(
      file,
      JSON.stringify(rows, (_key, value: unknown) => plain(value)),
    );
    return await startTorch(options, { task: 'rows', config, file, threads: engine.threads });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const plain = (value: unknown): unknown => (value instanceof Int32Array ? [...value] : value);

/** An epoch's batches of row numbers: the same for everyone who asks for the same round. */
function batchesOf(rows: readonly EncodedRow[], order: Order, round: number): number[][] {
  const lengths = rows.map((row) => tokensIn(composeBatch([row], { label: 1, rationale: 1 })));
  const poolBatches = order === 'shuffled' ? 1 : POOL_BATCHES;
  return bucketedBatches(lengths, { batchSize, poolBatches }, new Random(round));
}

function pick(rows: readonly EncodedRow[], batch: readonly number[]): EncodedRow[] {
  return batch.flatMap((row) => rows[row] ?? []);
}

/** How much of what PyTorch pads is tokens, in one epoch of each order. */
function realShares(rows: readonly EncodedRow[]): string {
  const share = (order: Order): string => {
    let real = 0;
    let grid = 0;
    for (const batch of batchesOf(rows, order, 0)) {
      const chosen = pick(rows, batch);
      const rationales = chosen.flatMap((row) => row.rationales);
      for (const examples of [chosen.map((row) => row.label), rationales]) {
        for (const side of ['input', 'target'] as const) {
          const lengths = examples.map((example) => example[side].length);
          real += lengths.reduce((sum, length) => sum + length, 0);
          grid += lengths.length * Math.max(0, ...lengths);
        }
      }
    }
    return `${((100 * real) / grid).toFixed(0)}%`;
  };
  return `Of a padded batch, ${share('shuffled')} is tokens when rows are shuffled, ${share('like length')} when they are of like length.`;
}
