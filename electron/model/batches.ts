import type { RunSettings } from '../contract/entities.ts';
import type { TrainRow } from '../contract/worker.ts';
import { seedFrom } from '../core/hash.ts';
import { Random } from '../core/random.ts';
import { LABEL_TASK, RATIONALE_TASK } from './t5/training.ts';
import type { TrainingBatch } from './t5/training.ts';
import type { Tokenizer } from './tokenizer.ts';

/** A row as examples: `[label] x -> y` once, and `[rationale] x -> r` for each rationale it has. */
export interface EncodedRow {
  readonly label: EncodedExample;
  readonly rationales: readonly EncodedExample[];
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
    if (settings.method !== 'step-by-step' || row.rationales.length === 0) continue;
    yield withPrefix(settings.rationalePrefix, row.input);
    yield* row.rationales;
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
  const explained = settings.method === 'step-by-step' ? rows : [];
  const inputs = await tokenizer.encodeAll(
    explained.flatMap(({ input, rationales }) =>
      rationales.map(() => withPrefix(settings.rationalePrefix, input)),
    ),
    maxInputTokens,
  );
  const targets = await tokenizer.encodeAll(
    explained.flatMap((row) => row.rationales),
    maxRationaleTokens,
  );
  const rationales = zip(inputs, targets);
  let next = 0;
  return labels.map((label, index) => {
    const first = next;
    next += explained[index]?.rationales.length ?? 0;
    return { label, rationales: rationales.slice(first, next) };
  });
}

/** The row with one of its rationales, as drawn; one without any stays as it is. */
export function withRationale(row: EncodedRow, choice: number): EncodedRow {
  return { label: row.label, rationales: row.rationales.slice(choice, choice + 1) };
}

/**
 * One step's batch: each row gives its label example once and all of its rationale examples.
 *
 * L = L_label + lambda * L_rationale (Hsieh et al. 2023, section 3.2), each the mean over its own
 * target tokens in the batch. Several rationales of a row thus leave the label term as it is; in the
 * rationale term they count by their tokens, so that a row with three weighs about three times one
 * with a single rationale.
 */
export function composeBatch(rows: readonly EncodedRow[], lambda: number): TrainingBatch {
  const rationales = rows.flatMap((row) => row.rationales);
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

/** A row whose turn it is. */
export interface DrawnRow {
  readonly row: number;
  /** Which of its rationales was drawn for this epoch; 0 where nothing is drawn. */
  readonly choice: number;
}

/**
 * Rows without end: every epoch draws each row once, in a freshly shuffled order, and then, where
 * rationales are sampled, one rationale for each row. Both come from one generator, whose state before
 * the epoch is all that is saved: a resumed run shuffles and draws the same again.
 */
export class RowOrder {
  readonly #rows: readonly number[];
  readonly #alternatives: readonly number[];
  readonly #random: Random;
  #epochStart: number;
  #epoch: number[] = [];
  #choices: Uint32Array;
  #position: number;

  /**
   * @param count rows there are, at least 1
   * @param alternatives of each row, how many rationales there are to draw from; empty: none is drawn
   */
  constructor(
    count: number,
    seed: number,
    state?: RowOrderState,
    alternatives: readonly number[] = [],
  ) {
    this.#rows = Array.from({ length: count }, (_, row) => row);
    this.#alternatives = alternatives;
    this.#choices = new Uint32Array(alternatives.length);
    this.#random = new Random(seed);
    if (state) this.#random.state = state.random;
    this.#epochStart = this.#random.state;
    this.#shuffle();
    this.#position = state?.position ?? 0;
  }

  /** The next rows; a batch may span two epochs. */
  take(count: number): DrawnRow[] {
    return Array.from({ length: count }, () => this.#next());
  }

  get state(): RowOrderState {
    return { random: this.#epochStart, position: this.#position };
  }

  #next(): DrawnRow {
    if (this.#position >= this.#epoch.length) {
      this.#epochStart = this.#random.state;
      this.#shuffle();
      this.#position = 0;
    }
    const row = this.#epoch[this.#position++] ?? 0;
    return { row, choice: this.#choices[row] ?? 0 };
  }

  #shuffle(): void {
    this.#epoch = this.#random.shuffle(this.#rows);
    this.#alternatives.forEach((count, row) => {
      this.#choices[row] = count > 1 ? this.#random.integer(0, count - 1) : 0;
    });
  }
}

function zip(inputs: readonly Int32Array[], targets: readonly Int32Array[]): EncodedExample[] {
  return inputs.flatMap((input, index) => {
    const target = targets[index];
    return target ? [{ input, target }] : [];
  });
}
