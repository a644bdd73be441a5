import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { StudioError } from '../../../../electron/contract/errors.ts';
import { Random } from '../../../../electron/core/random.ts';
import { PortableTokenizer } from '../../../../electron/model/portable/tokenizer.ts';
import { readSentencePiece, sentencePieceJson } from '../../../../electron/model/sentencepiece.ts';
import { Tokenizer, trainTokenizer } from '../../../../electron/model/tokenizer.ts';
import {
  fixturesPresent,
  madeTokenizer,
  realSentencePiece,
  realTokenizer,
} from '../student-folder.ts';

/** Texts that tokenizers in other languages are known to treat in their own way. */
const odd = [
  ...['', ' ', '   ', '\t\n', '\r\n', '\u0085', '\u00a0', '\u2028', '\u3000', '\u200b', '\ufeff'],
  ...['\u0000', '\u0001', '\u001f', '\u007f', '\u202e', '\u180e', '\ufffd', '\ud800', 'a\udc00b'],
  ...[
    '👩‍👩‍👧',
    '🇰🇷',
    '𝒜𝒷',
    '한국어',
    '한',
    '가\u11a8',
    'é',
    'e\u0301',
    'q\u0323\u0307',
    '\u0344',
    'Å',
    '\u212b',
  ],
  ...[
    'ａｂｃ',
    '①',
    'ﬁ',
    '½',
    '…',
    '™',
    '～',
    '＜pad＞',
    '日本語',
    'क्षि',
    'ก็',
    '\u0f43',
    'x\u0489',
    'İ',
    'ß',
    'ς',
  ],
  ...[
    '▁',
    '▁▁',
    '▁a▁',
    '<pad>',
    '</s>',
    '<unk>',
    '<extra_id_0>',
    ' <extra_id_99> ',
    '<0x41>',
    '<0xZZ>',
  ],
  ...['123', '٣', '１２', "don't", '$1', '$&', '--', '(b) pear', '2.50', 'Tom has 12 apples.'],
];
const words = 'the quick brown fox Tom has 84 apples and buys more 방은 피트입니다'.split(' ');

const below = (random: Random, limit: number): number => random.integer(0, limit - 1);

/** Odd texts, words, spaces and characters from anywhere, one after another. */
function madeTexts(seed: number, count: number): string[] {
  const random = new Random(seed);
  const pick = (from: readonly string[]): string => random.pick(from);
  const piece = (): string => {
    const kind = below(random, 10);
    if (kind < 4) return pick(odd);
    if (kind < 7) return pick(words);
    if (kind < 8) return ' '.repeat(below(random, 4));
    return String.fromCodePoint(below(random, kind < 9 ? 0x3000 : 0xd800));
  };
  return Array.from({ length: count }, () =>
    Array.from({ length: below(random, 12) }, piece).join(below(random, 2) === 0 ? '' : ' '),
  );
}

function madeRows(seed: number, count: number, vocabulary: number): number[][] {
  const random = new Random(seed);
  return Array.from({ length: count }, () =>
    Array.from({ length: below(random, 12) }, () => below(random, vocabulary + 5)),
  );
}

async function expectSame(json: string): Promise<void> {
  const native = Tokenizer.fromJson(json);
  const portable = PortableTokenizer.fromJson(json);
  expect(portable.vocabularySize).toBe(native.vocabularySize);
  expect(portable.eosTokenId).toBe(native.eosTokenId);
  const texts = [
    ...odd,
    ...madeTexts(7, 1500),
    `${' '.repeat(3000)}a`,
    'x'.repeat(5000),
    '한'.repeat(5000),
  ];
  for (const maxTokens of [512, 5, 1]) {
    const ids = await portable.encodeAll(texts, maxTokens);
    const expected = await native.encodeAll(texts, maxTokens);
    texts.forEach((text, at) => expect([text, ids[at]]).toEqual([text, expected[at]]));
  }
  const rows = madeRows(11, 1500, native.vocabularySize);
  expect(await portable.decodeAll(rows)).toEqual(await native.decodeAll(rows));
}

describe('the portable tokenizer writes the native library’s ids and texts', () => {
  it('of a trained tokenizer', async () => {
    await expectSame(await madeTokenizer());
  });

  it('of a trained tokenizer with bytes for characters that did not fit', async () => {
    const many = Array.from({ length: 2000 }, (_unused, i) => String.fromCodePoint(0xac00 + i));
    const json = await trainTokenizer([many.join(' '), words.join(' ')], { vocabularySize: 1100 });
    expect(json).toContain('"byte_fallback":true');
    await expectSame(json);
  });

  it.each([
    ['Contiguous', false],
    ['Removed', false],
    ['MergedWithPrevious', false],
    ['MergedWithNext', true],
  ])('of one that cuts with the behavior %s (inverted: %s)', async (behavior, invert) => {
    const file: unknown = JSON.parse(await madeTokenizer());
    const cut = {
      type: 'Sequence',
      pretokenizers: [
        { type: 'WhitespaceSplit' },
        { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
        { type: 'Split', pattern: { Regex: '[aeo]' }, behavior, invert },
      ],
    };
    await expectSame(JSON.stringify(Object.assign({}, file, { pre_tokenizer: cut })));
  });

  it('of one with added tokens that take spaces, stand alone, or are looked for after folding', async () => {
    const file: unknown = JSON.parse(await madeTokenizer());
    const token = (id: number, content: string, more: object): object => ({
      ...{ id, content, single_word: false, lstrip: false, rstrip: false },
      ...{ normalized: false, special: false, ...more },
    });
    const added = [
      token(0, '<pad>', { special: true }),
      token(1, '</s>', { special: true, lstrip: true }),
      token(2, '<unk>', { special: true, rstrip: true }),
      token(400, 'apple', { single_word: true }),
      token(401, 'apples and', { lstrip: true, rstrip: true }),
      token(402, 'fox', { normalized: true }),
    ];
    await expectSame(JSON.stringify(Object.assign({}, file, { added_tokens: added })));
  });

  describe.skipIf(!fixturesPresent)('of T5 (where the fixtures are)', () => {
    it('from tokenizer.json', async () => {
      await expectSame(readFileSync(realTokenizer, 'utf8'));
    });

    it('from tokenizer.json, with a mark before the first word alone', async () => {
      const json = readFileSync(realTokenizer, 'utf8');
      await expectSame(json.replaceAll('"always"', '"first"'));
    });

    it('from spiece.model', async () => {
      const model = readSentencePiece(readFileSync(realSentencePiece));
      await expectSame(sentencePieceJson(model, { extraIds: 100 }));
    });
  });
});

describe('a tokenizer that cannot be read', () => {
  it.each([
    ['no JSON', '{', 'is no JSON'],
    ['another kind', '{"model":{"type":"BPE"}}', 'is of the kind BPE'],
    ['no pieces', '{"model":{"type":"Unigram","vocab":[]}}', 'model that cannot be read'],
    ['no end token', '{"model":{"type":"Unigram","vocab":[["a",0]]}}', 'no end token'],
    [
      'a normalizer from elsewhere',
      '{"normalizer":{"type":"Nmt"},"model":{"type":"Unigram","vocab":[["</s>",0]]}}',
      'Nmt',
    ],
    [
      'a broken map of characters',
      '{"normalizer":{"type":"Precompiled","precompiled_charsmap":"////"},"model":{"type":"Unigram","vocab":[["</s>",0]]}}',
      'map of characters',
    ],
  ])('is refused for %s', (_why, json, words) => {
    const open = (): PortableTokenizer => PortableTokenizer.fromJson(json);
    expect(open).toThrow(StudioError);
    expect(open).toThrow(words);
  });
});
