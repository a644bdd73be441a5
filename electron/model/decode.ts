import type { Generator, WrittenText } from './generate/index.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Writes the most likely text for each row of ids; see `Generator.greedyTexts`. */
export type TextWriter = Pick<Generator, 'greedyTexts'>;
/** Turns texts into ids, each row ending in `</s>`, and ids into texts; see `Tokenizer`. */
export type TextCoder = Pick<Tokenizer, 'encodeAll' | 'decodeAll'>;

export interface DecodeOptions {
  readonly maxInputTokens: number;
  /** Tokens written per row at most. */
  readonly maxTokens: number;
  readonly batchSize: number;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds; for the time each row took. */
  readonly now?: (() => number) | undefined;
  /** Rows done so far, after every batch. */
  readonly onBatch?: ((done: number) => void) | undefined;
}

/** What a student wrote for one row. */
export interface Decoded extends WrittenText {
  readonly text: string;
  /** The batch's time divided by its rows; 0 without a clock. */
  readonly milliseconds: number;
}

/**
 * Greedy answers to texts, in their order. Rows of like length are decoded together, which saves
 * padding and changes no answer.
 *
 * @returns null when the signal was aborted
 */
export async function decodeTexts(
  generator: TextWriter,
  tokenizer: TextCoder,
  texts: readonly string[],
  options: DecodeOptions,
): Promise<Decoded[] | null> {
  const { batchSize, signal, now } = options;
  const rows = await tokenizer.encodeAll(texts, options.maxInputTokens);
  const byLength = rows
    .map((ids, index) => ({ ids, index }))
    .sort((a, b) => a.ids.length - b.ids.length || a.index - b.index);
  const answers: Decoded[] = [];
  for (let start = 0; start < byLength.length; start += batchSize) {
    if (signal?.aborted) return null;
    const batch = byLength.slice(start, start + batchSize);
    const began = now?.() ?? 0;
    const written = await generator.greedyTexts(
      batch.map((row) => row.ids),
      options.maxTokens,
    );
    const decoded = await tokenizer.decodeAll(written.map(({ ids }) => ids));
    const milliseconds = ((now?.() ?? 0) - began) / batch.length;
    written.forEach((tokens, index) => {
      const at = batch[index]?.index ?? 0;
      answers[at] = { ...tokens, text: (decoded[index] ?? '').trim(), milliseconds };
    });
    options.onBatch?.(start + batch.length);
  }
  return answers;
}

/** Characters that stand for bytes of a character of which others are still to come. */
const UNFINISHED = /\uFFFD+$/u;

/**
 * A greedy answer as it is written: the whole text so far, whenever it has grown. A character that
 * takes several tokens comes when it is complete. Ends early when the signal is aborted.
 */
export async function* streamText(
  generator: Pick<Generator, 'stream'>,
  tokenizer: Tokenizer,
  text: string,
  options: Pick<DecodeOptions, 'maxInputTokens' | 'maxTokens' | 'signal'>,
): AsyncGenerator<string> {
  const input = await tokenizer.encode(text, options.maxInputTokens);
  let [shown, whole] = ['', ''];
  for await (const ids of generator.stream(input, options)) {
    whole = (await tokenizer.decode(ids)).trim();
    const complete = whole.replace(UNFINISHED, '').trimEnd();
    // An unfinished character hides those before it whose bytes it follows directly.
    if (complete.length <= shown.length) continue;
    shown = complete;
    yield shown;
  }
  // What never became a character is shown as what it is.
  if (whole !== shown && options.signal?.aborted !== true) yield whole;
}
