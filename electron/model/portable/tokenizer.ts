import { z } from 'zod';
import type { TextCoder } from '../decode.ts';
import { EOS_TOKEN } from '../tokenizer-json.ts';
import { AddedToken, addedTokenFinder } from './tokenizing/added-tokens.ts';
import type { Section } from './tokenizing/added-tokens.ts';
import { readPart } from './tokenizing/characters.ts';
import { readDecoder } from './tokenizing/decoders.ts';
import type { Decode } from './tokenizing/decoders.ts';
import { invalidTokenizer } from './tokenizing/invalid.ts';
import { readNormalizer } from './tokenizing/normalizers.ts';
import type { Normalize } from './tokenizing/normalizers.ts';
import { readPretokenizer } from './tokenizing/pretokenizers.ts';
import type { Cut } from './tokenizing/pretokenizers.ts';
import { readUnigram } from './tokenizing/unigram.ts';
import type { Unigram } from './tokenizing/unigram.ts';

const TokenizerFile = z.looseObject({
  added_tokens: z.array(AddedToken).default([]),
  normalizer: z.unknown().optional(),
  pre_tokenizer: z.unknown().optional(),
  post_processor: z.unknown().optional(),
  decoder: z.unknown().optional(),
  model: z.looseObject({ type: z.string().optional() }),
});
type TokenizerFile = z.infer<typeof TokenizerFile>;

/** Only what stands around a single text; how two texts are joined is never needed. */
const Template = z.looseObject({
  type: z.literal('TemplateProcessing'),
  single: z.array(
    z.union([
      z.strictObject({ Sequence: z.unknown() }),
      z.strictObject({ SpecialToken: z.looseObject({ id: z.string() }) }),
    ]),
  ),
  special_tokens: z.record(z.string(), z.looseObject({ ids: z.array(z.number().int()) })),
});

/**
 * A T5's tokenizer (Unigram) without native code, for what runs outside the app: the predictor, a web
 * page. Its ids and texts are those of `Tokenizer`, which is the native library.
 *
 * `@huggingface/tokenizers` reads the patterns of the file. The rest is ours, since that library takes
 * short cuts that change ids: it has no byte fallback, does not cut at spaces, replaces SentencePiece's
 * map of characters by a rule of its own, and trims other characters.
 */
export class PortableTokenizer implements TextCoder {
  /** Number of ids, added tokens included. */
  readonly vocabularySize: number;
  /** The id of `</s>`, which every row ends with. */
  readonly eosTokenId: number;
  readonly #normalize: Normalize;
  readonly #cut: Cut;
  readonly #model: Unigram;
  readonly #decode: Decode;
  /** Ids that stand before every text, and behind it. */
  readonly #around: { readonly before: readonly number[]; readonly behind: readonly number[] };
  readonly #findRaw: (text: string) => Section[];
  readonly #findNormalized: (text: string) => Section[];
  readonly #added: ReadonlyMap<number, AddedToken>;
  readonly #special: ReadonlySet<string>;

  private constructor(file: TokenizerFile) {
    this.#normalize = readNormalizer(file.normalizer);
    this.#cut = readPretokenizer(file.pre_tokenizer);
    this.#model = readUnigram(file.model);
    const added = numbered(file.added_tokens, this.#model);
    this.#decode = readDecoder(file.decoder);
    this.#around = readTemplate(file.post_processor);
    this.#added = new Map(added.map((token) => [token.id, token]));
    this.#special = new Set(added.filter((token) => token.special).map(({ content }) => content));
    const [normalized, raw] = [true, false].map((kind) =>
      added.filter((token) => token.normalized === kind),
    );
    this.#findRaw = addedTokenFinder(
      (raw ?? []).map((token) => ({ content: token.content, token })),
    );
    this.#findNormalized = addedTokenFinder(
      (normalized ?? []).map((token) => ({ content: this.#normalize(token.content), token })),
    );
    const { idOf } = this.#model;
    const beyond = added.filter(({ content }) => !idOf.has(content));
    this.vocabularySize = idOf.size + new Set(beyond.map(({ content }) => content)).size;
    const eos = added.find(({ content }) => content === EOS_TOKEN)?.id ?? idOf.get(EOS_TOKEN);
    if (eos === undefined) throw invalidTokenizer(`has no end token ${EOS_TOKEN}`);
    this.eosTokenId = eos;
  }

  /**
   * @param json the content of a `tokenizer.json`
   * @throws StudioError `tokenizer-invalid` when the text is not a T5's tokenizer or has no `</s>`
   */
  static fromJson(json: string): PortableTokenizer {
    let value: unknown;
    try {
      value = JSON.parse(json);
    } catch (cause) {
      throw invalidTokenizer('is no JSON', cause);
    }
    const file = readPart(TokenizerFile, value, 'tokenizer');
    const kind = file.model.type ?? ('merges' in file.model ? 'BPE' : 'Unigram');
    if (kind !== 'Unigram') throw invalidTokenizer(`is of the kind ${kind}, and a T5's is Unigram`);
    return new PortableTokenizer(file);
  }

  /** Ids of many texts, each ending in `</s>` and cut to `maxTokens`, the end token included. */
  encodeAll(texts: readonly string[], maxTokens: number): Promise<Int32Array[]> {
    return Promise.resolve(texts.map((text) => this.#finish(this.#encode(text), maxTokens)));
  }

  /** Texts of many rows of ids, without special tokens, in their order. */
  decodeAll(rows: readonly ArrayLike<number>[]): Promise<string[]> {
    return Promise.resolve(rows.map((ids) => this.#decode(this.#tokensOf(ids)).join('')));
  }

  #encode(text: string): number[] {
    const { before, behind } = this.#around;
    const ids: number[] = [...before];
    // Half a surrogate pair is no character; natively it never arrives.
    for (const [at, section] of this.#findRaw(text.toWellFormed()).entries()) {
      if ('id' in section) ids.push(section.id);
      else for (const id of this.#encodeSection(section.text, at === 0)) ids.push(id);
    }
    return [...ids, ...behind];
  }

  /** @param first whether the text begins with this section */
  #encodeSection(text: string, first: boolean): number[] {
    const ids: number[] = [];
    for (const [at, part] of this.#findNormalized(this.#normalize(text)).entries()) {
      if ('id' in part) ids.push(part.id);
      else {
        for (const piece of this.#cut(part.text, first && at === 0)) {
          for (const id of this.#model.encode(piece)) ids.push(id);
        }
      }
    }
    return ids;
  }

  /** Ids that stand for nothing are passed over. */
  #tokensOf(ids: ArrayLike<number>): string[] {
    return Array.from(ids).flatMap((id) => {
      const token = this.#added.get(id)?.content ?? this.#model.pieces[id];
      return token === undefined || this.#special.has(token) ? [] : [token];
    });
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

/**
 * Tokens as the native library numbers them: those that the model knows by its own ids, others one
 * after another behind it.
 */
function numbered(tokens: readonly AddedToken[], { idOf }: Unigram): AddedToken[] {
  let next = idOf.size;
  const known = new Map<string, number>();
  return tokens.map((token) => {
    const id = idOf.get(token.content) ?? known.get(token.content) ?? next++;
    known.set(token.content, id);
    return { ...token, id };
  });
}

function readTemplate(value: unknown): { before: number[]; behind: number[] } {
  if (value === null || value === undefined) return { before: [], behind: [] };
  const template = readPart(Template, value, 'post-processor');
  const at = template.single.findIndex((item) => 'Sequence' in item);
  const idsOf = (items: typeof template.single): number[] =>
    items.flatMap((item) =>
      'SpecialToken' in item ? (template.special_tokens[item.SpecialToken.id]?.ids ?? []) : [],
    );
  return {
    before: idsOf(template.single.slice(0, Math.max(0, at))),
    behind: idsOf(template.single.slice(at + 1)),
  };
}
