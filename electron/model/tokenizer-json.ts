/**
 * The text of the tokenizer files a Hugging Face folder holds. Only standard components are used,
 * so that the tokenizer loads in Python, Rust and JavaScript alike.
 */

export const PAD_TOKEN = '<pad>';
export const EOS_TOKEN = '</s>';
export const UNK_TOKEN = '<unk>';
/** SentencePiece's mark for "a space stood before this". */
export const WORD_START = '▁';

/**
 * Where text is cut before the vocabulary is looked up: every digit alone (the first one of a
 * number keeps the space mark, so `84` is `▁8` `4` and is told apart from two numbers), letters
 * together, everything else alone. Digits of their own are what lets a student copy numbers that it
 * never saw whole.
 */
export const PRETOKEN_PATTERN = String.raw`${WORD_START}?\p{Nd}|${WORD_START}?[\p{L}\p{M}]+|${WORD_START}?[^${WORD_START}\p{L}\p{M}\p{Nd}]`;

const metaspace = {
  type: 'Metaspace',
  replacement: WORD_START,
  prepend_scheme: 'always',
  split: true,
};

/**
 * A `tokenizer.json` over these tokens.
 *
 * @param tokens without the specials, most important first: a segmentation with fewer tokens always
 *   wins, and among equals the one whose tokens stand earlier
 */
export function tokenizerJson(
  tokens: readonly string[],
  options: { byteFallback: boolean },
): string {
  const bytes = options.byteFallback ? byteTokens() : [];
  const specials = [PAD_TOKEN, EOS_TOKEN, UNK_TOKEN];
  return JSON.stringify({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specials.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { Regex: String.raw`[\s${WORD_START}]+` }, content: ' ' },
        { type: 'Strip', strip_left: true, strip_right: true },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        metaspace,
        {
          type: 'Split',
          pattern: { Regex: PRETOKEN_PATTERN },
          behavior: 'Isolated',
          invert: false,
        },
      ],
    },
    post_processor: {
      type: 'TemplateProcessing',
      single: [sequence('A'), endOfSequence],
      pair: [sequence('A'), endOfSequence, sequence('B'), endOfSequence],
      special_tokens: { [EOS_TOKEN]: { id: EOS_TOKEN, ids: [1], tokens: [EOS_TOKEN] } },
    },
    decoder: options.byteFallback
      ? { type: 'Sequence', decoders: [{ type: 'ByteFallback' }, metaspace] }
      : metaspace,
    model: {
      type: 'Unigram',
      unk_id: 2,
      byte_fallback: options.byteFallback,
      vocab: [
        ...specials.map((token): [string, number] => [token, 0]),
        ...bytes.map((token): [string, number] => [token, LEAST_SCORE - 1]),
        ...tokens.map((token, rank): [string, number] => [token, score(rank, tokens.length)]),
      ],
    },
  });
}

/** Content of `tokenizer_config.json`: the generic fast class reads `tokenizer.json` as it is. */
export function tokenizerConfigJson(maxTokens: number): string {
  return pretty({
    tokenizer_class: 'PreTrainedTokenizerFast',
    model_max_length: maxTokens,
    clean_up_tokenization_spaces: false,
    ...specialTokensMap,
  });
}

/** Content of `special_tokens_map.json`. */
export function specialTokensMapJson(): string {
  return pretty(specialTokensMap);
}

const specialTokensMap = { eos_token: EOS_TOKEN, pad_token: PAD_TOKEN, unk_token: UNK_TOKEN };
const endOfSequence = { SpecialToken: { id: EOS_TOKEN, type_id: 0 } };

function sequence(id: 'A' | 'B'): object {
  return { Sequence: { id, type_id: 0 } };
}

/**
 * Scores lie in (-21, -20]: the sum over k tokens is above -21k, and over k + 1 tokens at most
 * -20(k + 1), so that for words of up to 20 pieces fewer tokens always win.
 */
const BEST_SCORE = -20;
const LEAST_SCORE = -21;

function score(rank: number, size: number): number {
  return BEST_SCORE + (LEAST_SCORE - BEST_SCORE) * (rank / size);
}

function byteTokens(): string[] {
  return Array.from(
    { length: 256 },
    (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
  );
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
