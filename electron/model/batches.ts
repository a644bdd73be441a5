import type { RunSettings } from '../contract/entities.ts';
import type { TrainRow } from '../contract/worker.ts';
import { seedFrom } from '../core/hash.ts';
import { Random } from '../core/random.ts';
import { LABEL_TASK, RATIONALE_TASK } from './t5/training.ts';
import type { TrainingBatch } from './t5/training.ts';
import type { Tokenizer } from './tokenizer.ts';

/** A row as one or two examples: `[label] x -> y` and, where it has one, `[rationale] x -> r`. */
export interface EncodedRow {
  readonly label: EncodedExample;
  readonly rationale: EncodedExample | null;
}

interface EncodedExample {
  readonly input: Int32Array;
  readonly target: Int32Array;
}

/** The input of one task: the prefix, a space, the text. An empty prefix leaves the text as it is. */
export function withPrefix(prefix: string, text: string): string {
  const trimmed = prefix.trimEnd();
  return trimmed === '' ? text : `${trimmed} ${text}`;
}

/** Every text a student reads or writes in training: what its tokenizer is learned from. */
export function* textsOf(
  rows: readonly TrainRow[],
  settings: Pick<RunSettings, 'method' | 'labelPrefix' | 'rationalePrefix'>,
): Generator<string> {
  for (const row of rows) {
    yield withPrefix(settings.labelPrefix, row.input);
    yield row.label;
    if (settings.method === 'step-by-step' && row.rationale !== null) {
      yield withPrefix(settings.rationalePrefix, row.input);
      yield row.rationale;
    }
  }
}

/** Token ids of every row, cut to the lengths in the settings. Only `step-by-step` reads rationales. */
export async function encodeRows(
  tokenizer: Tokenizer,
  rows: readonly TrainRow[],
  settings: RunSettings,
): Promise<EncodedRow[]> {
  const { maxInputTokens, maxLabelTokens, maxRationaleTokens } = settings;
  const labels = zip(
    await tokenizer.encodeAll(
      rows.map((row) => withPrefix(settings.labelPrefix, row.input)),
      maxInputTokens,
    ),
    await tokenizer.encodeAll(
      rows.map((row) => row.label),
      maxLabelTokens,
    ),
  );
  const explained = settings.method === 'step-by-step' ? rows.filter(hasRationale) : [];
  const rationales = zip(
    await tokenizer.encodeAll(
      explained.map((row) => withPrefix(settings.rationalePrefix, row.input)),
      maxInputTokens,
    ),
    await tokenizer.encodeAll(
      explained.map((row) => row.rationale),
      maxRationaleTokens,
    ),
  );
  const rationaleOf = new Map<TrainRow, EncodedExample>();
  explained.forEach((row, index) => {
    const example = rationales[index];
    if (example) rationaleOf.set(row, example);
  });
  return labels.flatMap((label, index) => {
    const row = rows[index];
    return row ? [{ label, rationale: rationaleOf.get(row) ?? null }] : [];
  });
}

/**
 * One step's batch: each row gives its label example and, if it has one, its rationale example.
 *
 * L = L_label + lambda * L_rationale (Hsieh et al. 2023, section 3.2), each the mean over its own
 * target tokens in the batch.
 */
export function composeBatch(rows: readonly EncodedRow[], lambda: number): TrainingBatch {
  const rationales = rows.flatMap((row) => (row.rationale ? [row.rationale] : []));
  const examples = [...rows.map((row) => row.label), ...rationales];
  const task = new Uint8Array(examples.length).fill(LABEL_TASK);
  task.fill(RATIONALE_TASK, rows.length);
  return {
    inputs: examples.map((example) => example.input),
    targets: examples.map((example) => example.target),
    task,
    weights: { label: 1, rationale: lambda },
  };
}

/** Tokens that a batch reads and writes, without padding. */
export function tokensIn(batch: TrainingBatch): number {
  return [...batch.inputs, ...batch.targets].reduce((sum, ids) => sum + ids.length, 0);
}

/**
 * At most `count` rows, picked by a fixed shuffle: the same ones for every run on these rows, so that
 * runs can be compared, and not just the first, since a file may be sorted by its labels.
 */
export function pickRows<T>(rows: readonly T[], count: number): readonly T[] {
  if (rows.length <= count) return rows;
  return new Random(seedFrom('picked rows')).shuffle(rows).slice(0, count);
}

/** Where a {@link RowOrder} stands. */
export interface RowOrderState {
  /** The generator's state before the running epoch was shuffled. */
  readonly random: number;
  /** Rows of the epoch that have been drawn. */
  readonly position: number;
}

/** Row numbers without end: every epoch draws each row once, in a freshly shuffled order. */
export class RowOrder {
  readonly #rows: readonly number[];
  readonly #random: Random;
  #epochStart: number;
  #epoch: number[];
  #position: number;

  /** @param count rows there are, at least 1 */
  constructor(count: number, seed: number, state?: RowOrderState) {
    this.#rows = Array.from({ length: count }, (_, row) => row);
    this.#random = new Random(seed);
    if (state) this.#random.state = state.random;
    this.#epochStart = this.#random.state;
    this.#epoch = this.#random.shuffle(this.#rows);
    this.#position = state?.position ?? 0;
  }

  /** The next rows; a batch may span two epochs. */
  take(count: number): number[] {
    return Array.from({ length: count }, () => this.#next());
  }

  get state(): RowOrderState {
    return { random: this.#epochStart, position: this.#position };
  }

  #next(): number {
    if (this.#position >= this.#epoch.length) {
      this.#epochStart = this.#random.state;
      this.#epoch = this.#random.shuffle(this.#rows);
      this.#position = 0;
    }
    return this.#epoch[this.#position++] ?? 0;
  }
}

function hasRationale(row: TrainRow): row is TrainRow & { rationale: string } {
  return row.rationale !== null;
}

function zip(inputs: readonly Int32Array[], targets: readonly Int32Array[]): EncodedExample[] {
  return inputs.flatMap((input, index) => {
    const target = targets[index];
    return target ? [{ input, target }] : [];
  });
}
