import { z } from 'zod';
import { StudioError } from '../../../contract/errors.ts';
import type { T5Config } from '../../t5/config.ts';
import { compileCharacters, usualCharacters } from './characters.ts';
import type { GgufValue } from './file.ts';

/**
 * A `tokenizer.json` as the tokenizer `t5` of llama.cpp, which is SentencePiece's Unigram: tokens with
 * scores and kinds, and what is done to text before. Reference: `llm_tokenizer_ugm` in
 * src/llama-vocab.cpp of github.com/ggml-org/llama.cpp.
 */

const Tokenizer = z.object({
  added_tokens: z.array(z.object({ id: z.number(), content: z.string(), special: z.boolean() })),
  normalizer: z.unknown(),
  model: z.object({
    type: z.literal('Unigram'),
    unk_id: z.number().nullish(),
    vocab: z.array(z.tuple([z.string(), z.number()])),
  }),
});
const Precompiled = z.object({ type: z.literal('Precompiled'), precompiled_charsmap: z.string() });
/** What the tokenizers that are trained here do to text, see `tokenizer-json.ts`. */
const Composed = z.object({ type: z.literal('NFC') });
const Sequence = z.object({ type: z.literal('Sequence'), normalizers: z.array(z.unknown()) });

/** Kinds of tokens by llama.cpp's numbers. */
const kinds = { normal: 1, unknown: 2, control: 3, user: 4, unused: 5, byte: 6 } as const;
/** Of rows of the embedding that no token has. */
const UNUSED_SCORE = -10_000;
const BYTE = /^<0x[0-9A-F]{2}>$/;

/** @throws StudioError `tokenizer-invalid` for a tokenizer of another kind than T5's */
export function ggufVocabulary(tokenizerJson: string, config: T5Config): Map<string, GgufValue> {
  const tokenizer = parse(tokenizerJson);
  const rows = Array.from({ length: config.vocabSize }, (_unused, id) => ({
    ...{ text: `[PAD${id}]`, score: UNUSED_SCORE },
    kind: kinds.unused as (typeof kinds)[keyof typeof kinds],
  }));
  const unknown = tokenizer.model.unk_id ?? null;
  tokenizer.model.vocab.forEach(([text, score], id) => {
    const kind = id === unknown ? kinds.unknown : BYTE.test(text) ? kinds.byte : kinds.normal;
    rows[id] = { text, score, kind };
  });
  for (const { id, content, special } of tokenizer.added_tokens) {
    if (id === unknown) continue;
    rows[id] = { text: content, score: 0, kind: special ? kinds.control : kinds.user };
  }
  const map = characterMap(tokenizer.normalizer);
  return new Map<string, GgufValue>([
    ['tokenizer.ggml.model', { type: 'string', value: 't5' }],
    ['tokenizer.ggml.pre', { type: 'string', value: 'default' }],
    ['tokenizer.ggml.tokens', { type: 'strings', values: rows.map(({ text }) => text) }],
    ['tokenizer.ggml.scores', { type: 'floats', values: rows.map(({ score }) => score) }],
    ['tokenizer.ggml.token_type', { type: 'integers', values: rows.map(({ kind }) => kind) }],
    ['tokenizer.ggml.add_space_prefix', { type: 'bool', value: true }],
    ['tokenizer.ggml.remove_extra_whitespaces', { type: 'bool', value: true }],
    ...(map === null
      ? []
      : [['tokenizer.ggml.precompiled_charsmap', { type: 'bytes', values: map }] as const]),
    ['tokenizer.ggml.eos_token_id', { type: 'uint32', value: config.eosTokenId }],
    ...(unknown === null
      ? []
      : [['tokenizer.ggml.unknown_token_id', { type: 'uint32', value: unknown }] as const]),
    ['tokenizer.ggml.padding_token_id', { type: 'uint32', value: config.padTokenId }],
    ['tokenizer.ggml.add_bos_token', { type: 'bool', value: false }],
    ['tokenizer.ggml.add_eos_token', { type: 'bool', value: true }],
  ]);
}

function parse(json: string): z.infer<typeof Tokenizer> {
  const parsed = Tokenizer.safeParse(JSON.parse(json));
  if (parsed.success) return parsed.data;
  throw new StudioError(
    'tokenizer-invalid',
    'The student’s tokenizer is not of the Unigram kind that llama.cpp reads for T5 models.',
    'Export the student in another format.',
    { cause: parsed.error },
  );
}

/** SentencePiece's compiled map of characters; null where there is none. */
function characterMap(normalizer: unknown): Uint8Array | null {
  const one = Precompiled.safeParse(normalizer).data;
  if (one) return Buffer.from(one.precompiled_charsmap, 'base64');
  if (Composed.safeParse(normalizer).success) return compileCharacters(usualCharacters());
  const steps = Sequence.safeParse(normalizer).data?.normalizers ?? [];
  return steps.map(characterMap).find((map) => map !== null) ?? null;
}
