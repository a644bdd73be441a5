import { describe, expect, it } from 'vitest';
import type { SliceTerm } from '../../../../electron/contract/entities.ts';
import { foldWord, termMask, wordsOf } from '../../../../electron/core/comparison/terms.ts';
import type { TermRows } from '../../../../electron/core/comparison/terms.ts';

const inputs = [
  'Ann had 12 apples and 3 pears. How many remain?',
  'Café prices rose by 1,200 won.',
  '민수는 사과를 3개 샀습니다.',
  '사과가 상자에 있다.',
  'Nothing remains',
];
const rows: TermRows = {
  length: inputs.length,
  labels: ['yes', 'no'],
  gold: Int32Array.of(0, 1, -1, 0, 1),
  inputLengths: Int32Array.from(inputs, (input) => input.length),
  inputs: () => inputs,
  column: (name) => (name === 'type' ? ['a', 'b', 'a', null, 'b'] : inputs.map(() => null)),
  datasets: () => ['one', 'one', 'two', 'two', 'two'],
  flagged: () => [true, false, null, true, false],
};
const rowsOf = (...terms: SliceTerm[]): number[] => {
  const masks = terms.map((term) => termMask(term, rows));
  return [...inputs.keys()].filter((row) => masks.every((mask) => mask[row] === 1));
};

describe('a condition on rows', () => {
  it('finds a gold label, and none of a label that is not there', () => {
    expect(rowsOf({ kind: 'gold', label: 'yes' })).toEqual([0, 3]);
    expect(rowsOf({ kind: 'gold', label: 'maybe' })).toEqual([]);
  });
  it('takes a band without its upper end', () => {
    expect(rowsOf({ kind: 'length', from: 15, to: 30 })).toEqual([2, 4]);
    expect(rowsOf({ kind: 'length', from: 30, to: null })).toEqual([0, 1]);
  });
  it('counts 1,200 as one number, and digits before a Korean counter', () => {
    expect(rowsOf({ kind: 'numbers', from: 1, to: 2 })).toEqual([1, 2]);
    expect(rowsOf({ kind: 'numbers', from: 2, to: null })).toEqual([0]);
    expect(rowsOf({ kind: 'numbers', from: 0, to: 1 })).toEqual([3, 4]);
  });
  it('finds whole words without regard to case and accents', () => {
    expect(rowsOf({ kind: 'word', word: 'cafe' })).toEqual([1]);
    expect(rowsOf({ kind: 'word', word: 'CAFÉ' })).toEqual([1]);
    expect(rowsOf({ kind: 'word', word: 'remain' })).toEqual([0]);
    expect(rowsOf({ kind: 'word', word: 'mai' })).toEqual([]);
    expect(rowsOf({ kind: 'word', word: '?' })).toEqual([]);
  });
  it('finds Korean nouns behind which particles are written', () => {
    expect(rowsOf({ kind: 'word', word: '사과' })).toEqual([2, 3]);
    expect(rowsOf({ kind: 'word', word: '사과가' })).toEqual([3]);
    expect(rowsOf({ kind: 'word', word: '사과'.normalize('NFD') })).toEqual([2, 3]);
  });
  it('knows columns, data sets and flags; what is not known meets neither', () => {
    expect(rowsOf({ kind: 'column', column: 'type', value: 'a' })).toEqual([0, 2]);
    expect(rowsOf({ kind: 'column', column: 'other', value: 'a' })).toEqual([]);
    expect(rowsOf({ kind: 'dataset', datasetId: 'two' })).toEqual([2, 3, 4]);
    expect(rowsOf({ kind: 'flagged', flagged: true })).toEqual([0, 3]);
    expect(rowsOf({ kind: 'flagged', flagged: false })).toEqual([1, 4]);
  });
  it('asks for all conditions at once', () => {
    expect(rowsOf({ kind: 'dataset', datasetId: 'two' }, { kind: 'gold', label: 'no' })).toEqual([
      4,
    ]);
    expect(rowsOf()).toEqual([0, 1, 2, 3, 4]);
  });
  it('gives a mask of ones and zeros', () => {
    expect([...termMask({ kind: 'word', word: 'apples' }, rows)]).toEqual([1, 0, 0, 0, 0]);
  });
});

describe('words', () => {
  it('are folded and counted once, and numbers are none', () => {
    expect([...wordsOf('The the 12 Café')]).toEqual(['the', 'cafe']);
  });
  it('keep their marks in scripts whose vowels are marks', () => {
    expect([...wordsOf('हिन्दी')]).toEqual(['हिन्दी']);
    expect(foldWord('ガラス'.normalize('NFD'))).toBe('ガラス');
  });
  it('lose the longest particle that leaves two syllables', () => {
    expect([...wordsOf('친구에게서')]).toEqual(['친구에게서', '친구']);
    expect([...wordsOf('나는')]).toEqual(['나는']);
  });
});
