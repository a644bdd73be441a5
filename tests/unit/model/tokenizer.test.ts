import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { StudioError } from '../../../electron/contract/errors.ts';
import { Tokenizer, trainTokenizer } from '../../../electron/model/tokenizer.ts';

const stories = [
  'A room is 12 by 84 feet. How much carpet is needed?',
  "The room's floor is 30 by 7 feet; a closet needs 9 square feet.",
  'Anna had 41 apples and gave 5 to Ben. How many apples are left?',
  '( 84 * 2 ) - 3 = (84*2)-3!',
  '방은 12 × 8 피트입니다. 카펫이 얼마나 필요합니까?',
];
const corpus = [...stories, ...stories, 'An unrepeated extraordinarily extraordinary word.'];

async function trained(vocabularySize = 600): Promise<Tokenizer> {
  return Tokenizer.fromJson(await trainTokenizer(corpus, { vocabularySize }));
}

/** Tokens as text, one by one: what the student sees. */
async function pieces(tokenizer: Tokenizer, text: string): Promise<string[]> {
  const ids = await tokenizer.encode(text, 512);
  return tokenizer.decodeAll(Array.from(ids.subarray(0, -1), (id) => [id]));
}

describe('a trained tokenizer', () => {
  it.each([
    ['( 84 * 2 ) - 3'],
    ["room's floor"],
    ['(84*2)-3 = 165.'],
    ['Anna had 4123 apples; Ben had 0.5!'],
    ['방은 12 × 8 피트입니다.'],
    ['floor needs Anna'],
  ])('gives back %s', async (text) => {
    const tokenizer = await trained();
    expect(await tokenizer.decode(await tokenizer.encode(text, 512))).toBe(text);
  });

  it('folds every kind of white space into one space', async () => {
    const tokenizer = await trained();
    const ids = await tokenizer.encode('  A room\n\n\tis \u00a0 12 \n', 512);
    expect(await tokenizer.decode(ids)).toBe('A room is 12');
  });

  it('gives every digit its own token and marks the first digit of a number', async () => {
    const tokenizer = await trained();
    expect(await pieces(tokenizer, 'is 848 feet.')).toEqual(['is', '8', '4', '8', 'feet', '.']);
    const [, first, , later] = await tokenizer.encode('is 848 feet.', 512);
    expect(first).not.toBe(later);
  });

  it('knows all ten digits, seen in training or not', async () => {
    const tokenizer = Tokenizer.fromJson(
      await trainTokenizer(['no digits here', 'no digits here'], { vocabularySize: 300 }),
    );
    const text = '1234567890 0987654321';
    expect(await tokenizer.decode(await tokenizer.encode(text, 64))).toBe(text);
  });

  it('keeps words that occur twice whole', async () => {
    const tokenizer = await trained();
    expect(await pieces(tokenizer, 'How much carpet is needed')).toEqual([
      'How',
      'much',
      'carpet',
      'is',
      'needed',
    ]);
  });

  it('splits a rare word into learned pieces', async () => {
    const tokenizer = await trained();
    const split = await pieces(tokenizer, 'extraordinary');
    expect(split.length).toBeGreaterThan(1);
    expect(split.length).toBeLessThan('extraordinary'.length);
  });

  it('puts pad, end and unknown first, ends every row and cuts it to the limit', async () => {
    const tokenizer = await trained();
    expect([...(await tokenizer.encode('', 8))]).toEqual([1]);
    expect([...(await tokenizer.encode('漢', 8))].slice(-2)).toEqual([2, 1]);
    const cut = await tokenizer.encode('A room is 12 by 84 feet.', 4);
    expect(cut).toHaveLength(4);
    expect(cut[3]).toBe(1);
    expect(await tokenizer.decode(cut)).toBe('A room is');
  });

  it('never exceeds the wanted size and is the same every time', async () => {
    const once = await trainTokenizer(corpus, { vocabularySize: 300 });
    const again = await trainTokenizer(corpus, { vocabularySize: 300 });
    expect(again).toBe(once);
    expect(Tokenizer.fromJson(once).vocabularySize).toBeLessThanOrEqual(300);
    const letters = Array.from({ length: 400 }, (_, i) => String.fromCodePoint(0xac00 + i));
    const crowded = Tokenizer.fromJson(
      await trainTokenizer([letters.join(' '), letters.join('')], { vocabularySize: 300 }),
    );
    expect(crowded.vocabularySize).toBeLessThanOrEqual(300);
  });

  it('writes rare characters as bytes when the alphabet does not fit', async () => {
    const letters = Array.from({ length: 2_000 }, (_, i) => String.fromCodePoint(0xac00 + i));
    const tokenizer = Tokenizer.fromJson(
      await trainTokenizer([letters.join(''), letters.slice(0, 100).join(' ')], {
        vocabularySize: 1_100,
      }),
    );
    expect(tokenizer.vocabularySize).toBeLessThanOrEqual(1_100);
    const rare = letters.slice(-20).join('');
    expect(await tokenizer.decode(await tokenizer.encode(rare, 512))).toBe(rare);
  });

  it('refuses what is not a tokenizer', () => {
    expect(() => Tokenizer.fromJson('{"version":"1.0"}')).toThrow(StudioError);
    expect(() => Tokenizer.fromJson('not json')).toThrow(/tokenizer\.json is not a tokenizer/);
  });
});

interface ReferenceCase {
  readonly text: string;
  readonly ids: number[];
  readonly disagree?: { readonly rust?: number[] };
}

const fixture = new URL('../../../../shared/fixtures/tokenizer/', import.meta.url);
const present = existsSync(fixture);

describe.skipIf(!present)(
  `T5's own tokenizer${present ? '' : ' (shared fixtures are absent)'}`,
  () => {
    it('gives the reference ids for every recorded string', async () => {
      const tokenizer = Tokenizer.fromJson(
        readFileSync(new URL('tokenizer.json', fixture), 'utf8'),
      );
      const { cases } = JSON.parse(readFileSync(new URL('expected.json', fixture), 'utf8')) as {
        cases: ReferenceCase[];
      };
      expect(cases.length).toBeGreaterThan(60);
      expect(tokenizer.vocabularySize).toBe(32_100);
      const encoded = await tokenizer.encodeAll(
        cases.map((item) => item.text),
        100_000,
      );
      // The Rust library disagrees with SentencePiece only where the text is a special token itself.
      expect(encoded.map((ids) => [...ids])).toEqual(
        cases.map((item) => item.disagree?.rust ?? item.ids),
      );
    });
  },
);
