import type { Decoder } from './decoder.ts';
import { DecodingRows } from './rows.ts';

/** The most likely continuation of every input, token by token; see `Generator.greedy`. */
export async function greedy(
  decoder: Decoder,
  inputs: readonly Int32Array[],
  maxTokens: number,
): Promise<Int32Array[]> {
  const written = inputs.map((): number[] => []);
  for await (const tokens of greedyTokens(decoder, inputs, maxTokens)) {
    for (const { input, token } of tokens) written[input]?.push(token);
  }
  return written.map((ids) => Int32Array.from(ids));
}

export interface WrittenToken {
  /** Index of the input whose text goes on. */
  readonly input: number;
  readonly token: number;
}

/** The tokens of greedy decoding as they are written, a list per step: inputs that ended are not in it. */
export async function* greedyTokens(
  decoder: Decoder,
  inputs: readonly Int32Array[],
  maxTokens: number,
): AsyncGenerator<WrittenToken[]> {
  if (inputs.length === 0) return;
  const { decoderStartTokenId, eosTokenId } = decoder.config;
  const rows = await DecodingRows.start(decoder, inputs);
  let last = inputs.map((_ids, input): WrittenToken => ({ input, token: decoderStartTokenId }));
  while (rows.past < maxTokens && last.length > 0) {
    const next = await rows.next(last.map(({ token }) => token));
    const read = last.map(({ input }, row) => ({ input, token: next[row] ?? eosTokenId }));
    const order = rows.keep(read.map(({ token }) => token !== eosTokenId));
    last = order.flatMap((row) => read[row] ?? []);
    yield last;
  }
}
