import type { StudentAnswer } from '../contract/entities.ts';
import { lengthsOf, splitAnswer, withPrefix } from '../core/methods.ts';
import type { AnswerFormat } from '../core/methods.ts';
import { confidenceOf, labelStarts } from './confidence.ts';
import { decodeTexts } from './decode.ts';
import type { Decoded, TextCoder, TextWriter } from './decode.ts';

/**
 * How a student is asked, whatever computes it: nothing here needs Node, the store or an engine, so
 * that the predictor and the web page answer by the same rules as the app.
 */

/** A student's answer, and how sure it was of it. */
export interface ScoredAnswer extends StudentAnswer {
  /**
   * Probability that it gave to the label it wrote, see {@link confidenceOf}; 0 where it came to no
   * label, so that such an answer is the first that is passed on or looked through.
   */
  readonly confidence: number;
  /** Ids as they were written: of the label, or of the one text that holds rationale and label. */
  readonly ids: Int32Array;
  /** Ids of a rationale that was asked for on its own; null without one. */
  readonly rationaleIds: Int32Array | null;
}

export interface AnswerOptions {
  /** Also write a rationale; null answers where the student was not taught to explain. */
  readonly rationale: boolean;
  /** Rows decoded at once; answers do not depend on it. Default 32. */
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
  /** Rows done so far, after every batch. */
  readonly onBatch?: (done: number) => void;
  /** Milliseconds that only rise, for the time that answers take. */
  readonly now: () => number;
}

/** For a T5 folder that does not say how it was trained. */
export const plainFormat: AnswerFormat = {
  labelPrefix: '',
  rationalePrefix: null,
  answerMark: null,
  rationaleMark: null,
  maxInputTokens: 512,
  maxLabelTokens: 128,
  maxRationaleTokens: 256,
};

/** What writes texts, and what turns them into ids and back. */
export interface Speaker {
  readonly writer: TextWriter;
  readonly coder: TextCoder;
}

/**
 * The student's label for each input, greedily decoded, and its rationale where asked for. One that
 * writes both in one text gives its rationale in any case, and no label where it came to none.
 * `milliseconds` is the time of the row's batches divided by their rows.
 *
 * @returns no answers when the signal was aborted
 */
export async function answerTexts(
  speaker: Speaker,
  inputs: readonly string[],
  format: AnswerFormat,
  options: AnswerOptions,
): Promise<ScoredAnswer[]> {
  const { input: maxInputTokens, target: maxTokens } = lengthsOf(format);
  const about = { ...options, maxInputTokens };
  const written = await write(speaker, inputs, format.labelPrefix, { ...about, maxTokens });
  if (format.answerMark !== null) return takeApart(speaker.coder, written, format.answerMark);
  const explained =
    options.rationale && format.rationalePrefix !== null
      ? await write(speaker, inputs, format.rationalePrefix, {
          ...options,
          maxInputTokens: format.maxInputTokens,
          maxTokens: format.maxRationaleTokens,
        })
      : null;
  if (options.signal?.aborted) return [];
  return written.map((label, index) => {
    const rationale = explained?.[index];
    return {
      label: label.text,
      confidence: label.text === '' ? 0 : confidenceOf(label),
      rationale: rationale?.text ?? null,
      milliseconds: label.milliseconds + (rationale?.milliseconds ?? 0),
      ids: label.ids,
      rationaleIds: rationale?.ids ?? null,
    };
  });
}

/** Answers of a student that writes rationale, mark and label in one text. */
async function takeApart(
  coder: TextCoder,
  written: readonly Decoded[],
  mark: string,
): Promise<ScoredAnswer[]> {
  const starts = await labelStarts(coder, written, mark);
  return written.map((row, index) => {
    const answer = splitAnswer(row.text, mark);
    const from = answer.label === '' ? null : (starts[index] ?? null);
    return {
      ...answer,
      confidence: from === null ? 0 : confidenceOf(row, from),
      milliseconds: row.milliseconds,
      ids: row.ids,
      rationaleIds: null,
    };
  });
}

async function write(
  { writer, coder }: Speaker,
  inputs: readonly string[],
  prefix: string,
  options: AnswerOptions & { readonly maxInputTokens: number; readonly maxTokens: number },
): Promise<Decoded[]> {
  const { maxInputTokens, maxTokens, batchSize = 32, signal, now, onBatch } = options;
  const texts = inputs.map((input) => withPrefix(prefix, input));
  const about = { maxInputTokens, maxTokens, batchSize, signal, now, onBatch };
  return (await decodeTexts(writer, coder, texts, about)) ?? [];
}
