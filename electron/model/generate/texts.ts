import type { Decoder } from './decoder.ts';
import { DecodingRows } from './rows.ts';

/** A token that was written, and the text that it continues: `input * textsPerInput + index`. */
export interface WrittenToken {
  readonly text: number;
  readonly token: number;
}

/** Lets the decoder read a token in every row and says which is written next, per row. */
export type Choose = (
  rows: DecodingRows,
  last: readonly WrittenToken[],
) => Promise<ArrayLike<number>>;

export interface WritingOptions {
  /** At most this many tokens are written per text. */
  readonly maxTokens: number;
  /** Default 1. */
  readonly textsPerInput?: number;
}

/** Greedy decoding: the most likely token, the first of several. */
export const mostLikely: Choose = (rows, last) => rows.next(tokensOf(last));

export const tokensOf = (last: readonly WrittenToken[]): number[] => last.map(({ token }) => token);

/** Writes a text, or several, for every input: ids per text, see {@link WrittenToken}. */
export async function writeTexts(
  decoder: Decoder,
  inputs: readonly Int32Array[],
  choose: Choose,
  options: WritingOptions,
): Promise<Int32Array[]> {
  const count = inputs.length * (options.textsPerInput ?? 1);
  const written = Array.from({ length: count }, (): number[] => []);
  for await (const tokens of writeTokens(decoder, inputs, choose, options)) {
    for (const { text, token } of tokens) written[text]?.push(token);
  }
  return written.map((ids) => Int32Array.from(ids));
}

/** The tokens as they are written, a list per step: texts that have ended are not in it. */
export async function* writeTokens(
  decoder: Decoder,
  inputs: readonly Int32Array[],
  choose: Choose,
  { maxTokens, textsPerInput = 1 }: WritingOptions,
): AsyncGenerator<readonly WrittenToken[]> {
  if (inputs.length === 0 || maxTokens === 0) return;
  const { decoderStartTokenId, eosTokenId } = decoder.config;
  const rows = await DecodingRows.start(decoder, inputs, textsPerInput);
  let last = Array.from({ length: rows.count }, (_unused, text): WrittenToken => {
    return { text, token: decoderStartTokenId };
  });
  while (rows.past < maxTokens && last.length > 0) {
    const chosen = await choose(rows, last);
    const next = last.map(({ text }, row) => ({ text, token: chosen[row] ?? eosTokenId }));
    const order = rows.keep(next.map(({ token }) => token !== eosTokenId));
    last = order.flatMap((row) => next[row] ?? []);
    yield last;
  }
}
