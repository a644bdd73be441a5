import { Tokenizer as NativeTokenizer } from 'tokenizers';
import { StudioError } from '../contract/errors.ts';
import { EOS_TOKEN } from './tokenizer-json.ts';

export { trainTokenizer } from './vocabulary.ts';

/** Texts in one native call: an encoding in the library is many times the size of its ids. */
const AT_ONCE = 4096;

/**
 * A Hugging Face tokenizer: one trained here, or any T5-like one.
 *
 * Encoding and decoding run in the native library's threads, hence the promises; hand over many
 * texts at once.
 */
export class Tokenizer {
  /** Number of ids, added tokens included; a model's embedding must have at least as many rows. */
  readonly vocabularySize: number;
  /** The id of `</s>`, which every row ends with. */
  readonly eosTokenId: number;
  readonly #native: NativeTokenizer;

  private constructor(native: NativeTokenizer, eos: number) {
    this.#native = native;
    this.eosTokenId = eos;
    this.vocabularySize = native.getVocabSize(true);
  }

  /**
   * @param text the content of a `tokenizer.json`
   * @param file for messages: where the text was read from
   * @throws StudioError `tokenizer-invalid` when the text is not a tokenizer or has no `</s>`
   */
  static fromJson(text: string, file = 'tokenizer.json'): Tokenizer {
    let native: NativeTokenizer;
    try {
      native = NativeTokenizer.fromString(text);
    } catch (cause) {
      const detail = cause instanceof Error ? cause.message : String(cause);
      throw invalid(`${file} is not a tokenizer that can be read: ${detail}`, cause);
    }
    native.disableTruncation();
    native.disablePadding();
    const eos = native.tokenToId(EOS_TOKEN);
    if (eos === null) throw invalid(`The tokenizer in ${file} has no end token ${EOS_TOKEN}.`);
    return new Tokenizer(native, eos);
  }

  /** The largest id there is, which may be beyond `vocabularySize` where ids have gaps. */
  largestId(): number {
    const ids = Object.values(this.#native.getVocab(true));
    return ids.reduce((most, id) => Math.max(most, id), 0);
  }

  /** Ids of one text, ending in `</s>`; cut to `maxTokens`, the end token included. */
  async encode(text: string, maxTokens: number): Promise<Int32Array> {
    const [ids] = await this.encodeAll([text], maxTokens);
    return ids ?? Int32Array.of(this.eosTokenId);
  }

  /** Ids of many texts, in their order; see {@link encode}. */
  async encodeAll(texts: readonly string[], maxTokens: number): Promise<Int32Array[]> {
    const rows: Int32Array[] = [];
    for (let start = 0; start < texts.length; start += AT_ONCE) {
      const encodings = await this.#native.encodeBatch(texts.slice(start, start + AT_ONCE));
      for (const encoding of encodings) rows.push(this.#finish(encoding.getIds(), maxTokens));
    }
    return rows;
  }

  /** Text of one row of ids, without special tokens. */
  async decode(ids: ArrayLike<number>): Promise<string> {
    const [text] = await this.decodeAll([ids]);
    return text ?? '';
  }

  /** Texts of many rows of ids, in their order. */
  async decodeAll(rows: readonly ArrayLike<number>[]): Promise<string[]> {
    if (rows.length === 0) return [];
    return this.#native.decodeBatch(
      rows.map((ids) => Array.from(ids)),
      true,
    );
  }

  #finish(ids: readonly number[], maxTokens: number): Int32Array {
    const ended = ids.at(-1) === this.eosTokenId ? ids.length - 1 : ids.length;
    const kept = Math.min(ended, maxTokens - 1);
    const row = new Int32Array(kept + 1);
    for (let i = 0; i < kept; i++) row[i] = ids[i] ?? this.eosTokenId;
    row[kept] = this.eosTokenId;
    return row;
  }
}

function invalid(message: string, cause?: unknown): StudioError {
  return new StudioError(
    'tokenizer-invalid',
    message,
    'Use the tokenizer.json that was saved together with the model.',
    { cause },
  );
}
