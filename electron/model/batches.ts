import type { RunSettings } from '../contract/entities.ts';
import type { TrainRow } from '../contract/worker.ts';
import { seedFrom } from '../core/hash.ts';
import {
  MARK_TOKENS,
  answerFormatOf,
  joinAnswer,
  lengthsOf,
  rationalePrefixOf,
  usesRationales,
  withPrefix,
  withTeacherRationale,
} from '../core/methods.ts';
import { Random } from '../core/random.ts';
import { capRationales } from './rationale-cap.ts';
import { LABEL_TASK, RATIONALE_TASK } from './t5/training.ts';
import type { RowPair, TrainingBatch } from './t5/training.ts';
import type { Tokenizer } from './tokenizer.ts';

/**
 * A row as examples. The predict task learns `label`, or each of `explained` where the method has the
 * rationale in the target (`single-task`) or the input (`rationale-input`); the explain task, which
 * `step-by-step` alone has, learns `rationales`.
 */
export interface EncodedRow {
  /** `[label] x -> y`; with an answer mark before y for `single-task`. */
  readonly label: EncodedExample;
  readonly explained: readonly EncodedExample[];
  /** `[rationale] x -> r`. */
  readonly rationales: readonly EncodedExample[];
}

export interface EncodedExample {
  readonly input: Int32Array;
  readonly target: Int32Array;
}

/** Every text that the student of one run reads or writes in training, to learn a tokenizer from. */
export function* textsOf(rows: readonly TrainRow[], settings: RunSettings): Generator<string> {
  const { labelPrefix, rationalePrefix, answerMark, rationaleMark } = answerFormatOf(settings);
  for (const { input, label, rationales } of rows) {
    yield withPrefix(labelPrefix, input);
    yield answerMark === null ? label : joinAnswer(null, label, answerMark);
    if (rationales.length === 0 || !usesRationales(settings.method)) continue;
    if (rationalePrefix !== null) yield withPrefix(rationalePrefix, input);
    if (rationaleMark !== null) yield rationaleMark;
    yield* rationales;
  }
}

/** Token ids of every row as its method learns it, cut to the lengths in the settings. */
export async function encodeRows(
  tokenizer: Tokenizer,
  rows: readonly TrainRow[],
  settings: RunSettings,
): Promise<EncodedRow[]> {
  const { labelPrefix, rationalePrefix, answerMark, rationaleMark } = answerFormatOf(settings);
  const { maxInputTokens, maxLabelTokens, maxRationaleTokens } = settings;
  const capped = await capRationales(tokenizer, rows, settings);
  const every = capped.flatMap(({ input, label, rationales }) =>
    rationales.map((rationale) => ({ input, label, rationale })),
  );
  const answer = (label: string): string =>
    answerMark === null ? label : joinAnswer(null, label, answerMark);
  const room = answerMark === null ? maxLabelTokens : maxLabelTokens + MARK_TOKENS;

  const labels = zip(
    await tokenizer.encodeAll(
      rows.map((row) => withPrefix(labelPrefix, row.input)),
      maxInputTokens,
    ),
    await tokenizer.encodeAll(
      rows.map((row) => answer(row.label)),
      room,
    ),
  );
  const inputs = await tokenizer.encodeAll(
    every.map(({ input, rationale }) =>
      rationalePrefix === null
        ? withTeacherRationale(withPrefix(labelPrefix, input), rationale, rationaleMark)
        : withPrefix(rationalePrefix, input),
    ),
    lengthsOf(answerFormatOf(settings)).input,
  );
  const targets =
    rationaleMark === null
      ? await tokenizer.encodeAll(
          every.map(({ rationale }) => rationale),
          maxRationaleTokens,
        )
      : await tokenizer.encodeAll(
          every.map(({ label }) => label),
          maxLabelTokens,
        );
  if (answerMark !== null) {
    // The rationale alone is cut: a target without its label would teach not to answer.
    const answers = await tokenizer.encodeAll(
      every.map(({ label }) => answer(label)),
      room,
    );
    targets.forEach((target, at) => {
      targets[at] = joined(target, answers[at] ?? new Int32Array());
    });
  }
  const examples = zip(inputs, targets);
  let next = 0;
  return labels.map((label, index) => {
    const first = next;
    next += capped[index]?.rationales.length ?? 0;
    const own = examples.slice(first, next);
    return rationalePrefix === null
      ? { label, explained: own, rationales: [] }
      : { label, explained: [], rationales: own };
  });
}

/** One row of ids after another; the first loses its end token. */
function joined(first: Int32Array, second: Int32Array): Int32Array {
  const ids = new Int32Array(first.length - 1 + second.length);
  ids.set(first.subarray(0, -1));
  ids.set(second, first.length - 1);
  return ids;
}

/**
 * The row as it is learned this time: with the one rationale that was drawn, where one is drawn, or
 * without any, where rationale-dropout leaves it out. One without any stays as it is.
 */
export function asDrawn(
  row: EncodedRow,
  { choice, explains }: Pick<DrawnRow, 'choice' | 'explains'>,
  settings: Pick<RunSettings, 'rationalesPerRow'>,
): EncodedRow {
  if (!explains) return { label: row.label, explained: [], rationales: [] };
  if (settings.rationalesPerRow !== 'sampled') return row;
  return {
    label: row.label,
    explained: row.explained.slice(choice, choice + 1),
    rationales: row.rationales.slice(choice, choice + 1),
  };
}

/**
 * What each task's loss weighs. L = L_label + lambda * L_rationale (Hsieh et al. 2023, section 3.2);
 * with the form `alpha`, alpha * L_label + (1 - alpha) * L_rationale with alpha = 1 / (1 + lambda), as
 * in the published code. The mutual-information term, where there are two tasks, is added to either
 * with its own weight, as its authors add it to the form `alpha`.
 */
export function lossWeights(settings: LossSettings): TrainingBatch['weights'] {
  const { lambda, lossForm } = settings;
  const alpha = 1 / (1 + lambda);
  const tasks =
    lossForm === 'lambda'
      ? { label: 1, rationale: lambda }
      : { label: alpha, rationale: 1 - alpha };
  const { mutualInformation } = settings;
  const shared = mutualInformation > 0 && rationalePrefixOf(settings) !== null;
  return shared ? { ...tasks, mutualInformation } : tasks;
}

type LossSettings = Pick<
  RunSettings,
  'lambda' | 'lossForm' | 'method' | 'rationalePrefix' | 'mutualInformation'
>;

/**
 * The examples of some rows as one batch: each row gives its example of the predict task (each of
 * `explained`, where it has any) and all of its explain task.
 *
 * Each task's loss is the mean over its own target tokens in the batch. Several rationales of a row
 * thus leave the label term of `step-by-step` as it is; in the rationale term they count by their
 * tokens, so that a row with three weighs about three times one with a single rationale. The
 * mutual-information term is the mean over all rationales, each paired with the label of its row.
 */
export function composeBatch(
  rows: readonly EncodedRow[],
  weights: TrainingBatch['weights'],
): TrainingBatch {
  const labels = rows.flatMap(({ label, explained }) =>
    explained.length > 0 ? explained : [label],
  );
  const rationales = rows.flatMap((row) => row.rationales);
  const examples = [...labels, ...rationales];
  const task = new Uint8Array(examples.length).fill(LABEL_TASK);
  task.fill(RATIONALE_TASK, labels.length);
  const batch = {
    inputs: examples.map((example) => example.input),
    targets: examples.map((example) => example.target),
    task,
    weights,
  };
  return weights.mutualInformation ? { ...batch, pairs: pairsOf(rows, labels.length) } : batch;
}

/** Each rationale, which stand from `first` on, with the label of its row. */
function pairsOf(rows: readonly EncodedRow[], first: number): RowPair[] {
  let [label, rationale] = [0, first];
  return rows.flatMap(({ explained, rationales }) => {
    const own = label;
    label += Math.max(1, explained.length);
    return rationales.map(() => ({ label: own, rationale: rationale++ }));
  });
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
  /** False where rationale-dropout leaves its rationale out this time. */
  readonly explains: boolean;
}

/** What a {@link RowOrder} draws beside the order. */
export interface RowDraws {
  /** Of each row, how many rationales there are to draw from; empty: none is drawn. */
  readonly alternatives?: readonly number[];
  /** Share of rows whose rationale is left out. Default 0: none, and nothing is drawn. */
  readonly rationaleDropout?: number;
}

/**
 * Rows without end: every epoch draws each row once, in a freshly shuffled order, and then, where
 * rationales are sampled, one rationale for each row, and which rows go without. All come from one
 * generator, whose state before the epoch is all that is saved: a resumed run draws the same again.
 */
export class RowOrder {
  readonly #rows: readonly number[];
  readonly #alternatives: readonly number[];
  readonly #dropout: number;
  readonly #random: Random;
  #epochStart: number;
  #epoch: number[] = [];
  #choices: Uint32Array;
  #silent: Uint8Array;
  #position: number;

  /** @param count rows there are, at least 1 */
  constructor(count: number, seed: number, state?: RowOrderState, draws: RowDraws = {}) {
    const { alternatives = [], rationaleDropout = 0 } = draws;
    this.#rows = Array.from({ length: count }, (_, row) => row);
    this.#alternatives = alternatives;
    this.#dropout = rationaleDropout;
    this.#choices = new Uint32Array(alternatives.length);
    this.#silent = new Uint8Array(rationaleDropout > 0 ? count : 0);
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
    return { row, choice: this.#choices[row] ?? 0, explains: this.#silent[row] !== 1 };
  }

  #shuffle(): void {
    this.#epoch = this.#random.shuffle(this.#rows);
    this.#alternatives.forEach((count, row) => {
      this.#choices[row] = count > 1 ? this.#random.integer(0, count - 1) : 0;
    });
    for (let row = 0; row < this.#silent.length; row++) {
      this.#silent[row] = this.#random.next() < this.#dropout ? 1 : 0;
    }
  }
}

function zip(inputs: readonly Int32Array[], targets: readonly Int32Array[]): EncodedExample[] {
  return inputs.flatMap((input, index) => {
    const target = targets[index];
    return target ? [{ input, target }] : [];
  });
}
