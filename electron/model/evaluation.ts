import { watchedRows } from '../contract/entities.ts';
import type { RunSamples, RunSettings } from '../contract/entities.ts';
import type { ScoredRow } from '../contract/worker.ts';
import {
  answerFormatOf,
  lengthsOf,
  splitAnswer,
  withPrefix,
  withTeacherRationale,
} from '../core/methods.ts';
import { pickRows } from './batches.ts';
import { decodeTexts } from './decode.ts';
import type { Prepared } from './preparation.ts';

type Answer = RunSamples['evaluations'][number]['answers'][number];

/** What one evaluation found. */
export interface Evaluation {
  /** Right answers and rows that were asked; null when there is nothing to validate on. */
  readonly validation: { readonly correct: number; readonly rows: number } | null;
  /** What the student wrote for the first `watchedRows` of these rows. */
  readonly answers: Answer[];
}

const BATCH_ROWS = 50;

/**
 * Decodes the same validation rows at every evaluation: at most `validationRows`, picked once and the
 * same for every run on these rows. Reads the model in training and changes nothing of it.
 */
export class Evaluator {
  readonly #prepared: Pick<Prepared, 'generator' | 'model' | 'tokenizer'>;
  readonly #settings: RunSettings;
  readonly #rows: readonly ScoredRow[];
  readonly #score: (predicted: string, row: ScoredRow) => boolean;

  constructor(
    prepared: Pick<Prepared, 'generator' | 'model' | 'tokenizer'>,
    settings: RunSettings,
    validation: readonly ScoredRow[],
    score: (predicted: string, row: ScoredRow) => boolean,
  ) {
    this.#prepared = prepared;
    this.#settings = settings;
    this.#rows = pickRows(validation, settings.validationRows);
    this.#score = score;
  }

  /** @returns null when the signal came first */
  async evaluate(signal: AbortSignal | null): Promise<Evaluation | null> {
    if (this.#prepared.generator === null) return { validation: null, answers: [] };
    // The generator reads these arrays; matrices with adapters are brought up to date in them.
    this.#prepared.model.merged();
    const written = await this.#writeLabels(signal);
    if (written === null) return null;
    const explained = await this.#writeRationales(signal);
    if (explained === null) return null;
    const answers = this.#rows.map((row, index): Answer => {
      const { label, rationale } = this.#read(written[index] ?? '');
      const correct = this.#score(label, row);
      return { label, rationale: explained[index] ?? rationale, correct };
    });
    const correct = answers.filter((answer) => answer.correct).length;
    return {
      validation: { correct, rows: this.#rows.length },
      answers: answers.slice(0, watchedRows),
    };
  }

  /** The predict task's texts of all rows. */
  #writeLabels(signal: AbortSignal | null): Promise<string[] | null> {
    const format = answerFormatOf(this.#settings);
    const { input, target } = lengthsOf(format);
    const texts = this.#rows.map((row) =>
      withTeacherRationale(
        withPrefix(format.labelPrefix, row.input),
        row.rationale,
        format.rationaleMark,
      ),
    );
    return this.#write(texts, { maxInputTokens: input, maxTokens: target, signal });
  }

  /** The explain task's texts of the watched rows; none for methods without that task. */
  async #writeRationales(signal: AbortSignal | null): Promise<string[] | null> {
    const { rationalePrefix, maxInputTokens, maxRationaleTokens } = answerFormatOf(this.#settings);
    if (rationalePrefix === null) return [];
    const texts = this.#rows
      .slice(0, watchedRows)
      .map((row) => withPrefix(rationalePrefix, row.input));
    return this.#write(texts, { maxInputTokens, maxTokens: maxRationaleTokens, signal });
  }

  async #write(
    texts: readonly string[],
    options: { maxInputTokens: number; maxTokens: number; signal: AbortSignal | null },
  ): Promise<string[] | null> {
    const { generator, tokenizer } = this.#prepared;
    if (generator === null) return [];
    const { signal, ...lengths } = options;
    const decoded = await decodeTexts(generator, tokenizer, texts, {
      ...lengths,
      batchSize: BATCH_ROWS,
      signal: signal ?? undefined,
    });
    return decoded?.map(({ text }) => text) ?? null;
  }

  /** What one text of the predict task says: a label, or rationale and label parted by the mark. */
  #read(text: string): Pick<Answer, 'label' | 'rationale'> {
    const { answerMark } = answerFormatOf(this.#settings);
    return answerMark === null ? { label: text, rationale: null } : splitAnswer(text, answerMark);
  }
}
