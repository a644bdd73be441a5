import { describe, expect, it } from 'vitest';
import { HashTable } from '../../../electron/core/hash-table.ts';
import { Random } from '../../../electron/core/random.ts';
import { FoldingHash, hashOf } from '../../../electron/core/text-hash.ts';
import { normaliseText } from '../../../electron/core/text.ts';

const key = ({ low, high }: { low: number; high: number }): string => `${low}-${high}`;

const keys = (...texts: string[]): { exact: string; folded: string } => {
  const hash = new FoldingHash().begin();
  for (const text of texts) hash.add(text);
  hash.end();
  return { exact: key(hash.exact), folded: key(hash.folded) };
};

describe('hashes of texts', () => {
  it('tell texts and their borders apart', () => {
    expect(key(hashOf('ab', 'c'))).toBe(key(hashOf('ab', 'c')));
    const different = [['ab', 'c'], ['a', 'bc'], ['abc'], ['abc', ''], [''], [], ['c', 'ab']];
    expect(new Set(different.map((texts) => key(hashOf(...texts)))).size).toBe(different.length);
  });

  it('do not collide among 200,000 texts that differ in a digit or two', () => {
    const seen = new Set<string>();
    for (let i = 0; i < 200_000; i++) seen.add(key(hashOf(`A farmer has ${i} sheep.`)));
    expect(seen.size).toBe(200_000);
  });

  it('fold exactly as texts are normalised, over random texts', () => {
    const random = new Random(7);
    const letters = [
      ...'abAB  \t\n.é',
      'e\u0301',
      'É',
      '\u00a0',
      'İ',
      '\u212a',
      '한',
      '\u1112\u1161',
    ];
    const texts = Array.from({ length: 3_000 }, () =>
      Array.from({ length: random.integer(0, 6) }, () => random.pick(letters)).join(''),
    );
    const byFolded = new Map<string, string>();
    const byExact = new Map<string, string>();
    for (const text of texts) {
      const { exact, folded } = keys(text);
      const normal = normaliseText(text);
      expect(byFolded.get(folded) ?? normal, JSON.stringify(text)).toBe(normal);
      expect(byExact.get(exact) ?? text).toBe(text);
      byFolded.set(folded, normal);
      byExact.set(exact, text);
    }
    expect(byFolded.size).toBe(new Set(texts.map(normaliseText)).size);
    expect(byExact.size).toBe(new Set(texts).size);
  });

  it('fold several texts each by itself', () => {
    expect(keys('WHY?', 'é')).not.toEqual(keys('Why?', 'é'));
    expect(keys('WHY?', 'é').exact).not.toBe(keys('Why?', 'é').exact);
    expect(keys('WHY?', 'É').folded).toBe(keys('Why? ', 'e\u0301').folded);
    expect(keys('ab', 'c').folded).not.toBe(keys('abc', '').folded);
    expect(keys('é', 'c').folded).not.toBe(keys('éc').folded);
  });
});

describe('HashTable', () => {
  it('keeps the first number of each hash, or the last', () => {
    const table = new HashTable();
    expect([table.get(hashOf('a')), table.add(hashOf('a'), 5), table.add(hashOf('a'), 6)]).toEqual([
      0, 0, 5,
    ]);
    expect([table.set(hashOf('a'), 7), table.get(hashOf('a')), table.size]).toEqual([5, 7, 1]);
  });

  it('grows without losing any', () => {
    const table = new HashTable();
    for (let i = 1; i <= 50_000; i++) table.add(hashOf(String(i)), i);
    expect(table.size).toBe(50_000);
    for (let i = 1; i <= 50_000; i++) expect(table.get(hashOf(String(i)))).toBe(i);
  });
});
