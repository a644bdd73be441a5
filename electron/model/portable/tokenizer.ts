import { Tokenizer as PortableLibrary } from '@huggingface/tokenizers';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import type { TextCoder } from '../decode.ts';
import { EOS_TOKEN } from '../tokenizer-json.ts';

const TokenizerFile = z.looseObject({
  model: z.looseObject({ type: z.literal('Unigram') }),
});

/**
 * A Hugging Face tokenizer without native code, for what runs outside the app: the predictor, a web
 * page. Its ids and texts are those of `Tokenizer`.
 */
export class PortableTokenizer implements TextCoder {
  /** Number of ids, added tokens included. */
  readonly vocabularySize: number;
  /** The id of `</s>`, which every row ends with. */
  readonly eosTokenId: number;
  readonly #library: PortableLibrary;

  private constructor(library: PortableLibrary, eos: number) {
    this.#library = library;
    this.eosTokenId = eos;
    this.vocabularySize = library.get_vocab(true).size;
  }

  /**
   * @param json the content of a `tokenizer.json`
   * @throws StudioError `tokenizer-invalid` when the text is not a tokenizer or has no `</s>`
   */
  static fromJson(json: string): PortableTokenizer {
    const library = new PortableLibrary(TokenizerFile.parse(JSON.parse(json)), {});
    const eos = library.token_to_id(EOS_TOKEN);
    if (eos === undefined) throw invalid(`tokenizer.json has no end token ${EOS_TOKEN}.`);
    return new PortableTokenizer(library, eos);
  }

  /** Ids of many texts, each ending in `</s>` and cut to `maxTokens`, the end token included. */
  async encodeAll(texts: readonly string[], maxTokens: number): Promise<Int32Array[]> {
    return texts.map((text) => this.#finish(this.#library.encode(text).ids, maxTokens));
  }

  /** Texts of many rows of ids, without special tokens, in their order. */
  async decodeAll(rows: readonly ArrayLike<number>[]): Promise<string[]> {
    return rows.map((ids) =>
      ids.length === 0
        ? ''
        : this.#library.decode(Array.from(ids), {
            skip_special_tokens: true,
            clean_up_tokenization_spaces: false,
          }),
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

function invalid(message: string): StudioError {
  return new StudioError(
    'tokenizer-invalid',
    message,
    'Use the tokenizer.json that was saved together with the model.',
  );
}
