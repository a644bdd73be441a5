import type { NextTokens, RowSource, WritingRows } from './writing.ts';

/** A token that was written, and the text that it continues: `input * textsPerInput + index`. */
export interface WrittenToken {
  readonly text: number;
  readonly token: number;
  /** Null where it was drawn. */
  readonly probability: number | null;
}

/** A text that was written, and how probable each of its tokens was after those before. */
export interface WrittenText {
  /** After the start token, without the end-of-sequence token. */
  readonly ids: Int32Array;
  /**
   * Per token, and last of the end-of-sequence token; one that was cut off at the greatest length has
   * none. Empty where tokens were drawn.
   */
  readonly probabilities: Float32Array;
}

/** Lets the model read a token in every row and says which is written next, per row. */
export type Choose = (rows: WritingRows, last: readonly WrittenToken[]) => Promise<NextTokens>;

export interface WritingOptions {
  /** At most this many tokens are written per text. */
  readonly maxTokens: number;
  /** Default 1. */
  readonly textsPerInput?: number;
}

/** Greedy decoding: the most likely token, the first of several. */
export const mostLikely: Choose = (rows, last) => rows.next(tokensOf(last));

export const tokensOf = (last: readonly WrittenToken[]): number[] => last.map(({ token }) => token);

/** Writes a text, or several, for every input, in the order of {@link WrittenToken.text}. */
export async function writeTexts(
  source: RowSource,
  inputs: readonly Int32Array[],
  choose: Choose,
  options: WritingOptions,
): Promise<WrittenText[]> {
  const count = inputs.length * (options.textsPerInput ?? 1);
  const { eosTokenId } = source.config;
  const ids = Array.from({ length: count }, (): number[] => []);
  const probabilities = Array.from({ length: count }, (): number[] => []);
  for await (const tokens of writeTokens(source, inputs, choose, options)) {
    for (const { text, token, probability } of tokens) {
      if (token !== eosTokenId) ids[text]?.push(token);
      if (probability !== null) probabilities[text]?.push(probability);
    }
  }
  return ids.map((written, text) => ({
    ids: Int32Array.from(written),
    probabilities: Float32Array.from(probabilities[text] ?? []),
  }));
}

/** The tokens as they are written, a list per step: a text's last one is its end-of-sequence token. */
export async function* writeTokens(
  source: RowSource,
  inputs: readonly Int32Array[],
  choose: Choose,
  { maxTokens, textsPerInput = 1 }: WritingOptions,
): AsyncGenerator<readonly WrittenToken[]> {
  if (inputs.length === 0 || maxTokens === 0) return;
  const { decoderStartTokenId, eosTokenId } = source.config;
  const rows = await source.start(inputs, textsPerInput);
  let last = Array.from({ length: rows.count }, (_unused, text): WrittenToken => {
    return { text, token: decoderStartTokenId, probability: null };
  });
  while (rows.past < maxTokens && last.length > 0) {
    const { tokens, probabilities } = await choose(rows, last);
    const next = last.map(({ text }, row): WrittenToken => {
      return { text, token: tokens[row] ?? eosTokenId, probability: probabilities?.[row] ?? null };
    });
    yield next;
    const order = rows.keep(next.map(({ token }) => token !== eosTokenId));
    last = order.flatMap((row) => next[row] ?? []);
  }
}
