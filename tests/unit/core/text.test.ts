import { describe, expect, it } from 'vitest';
import {
  choiceLetter,
  composeInput,
  foldWhitespace,
  maskNumbers,
  normaliseText,
} from '../../../electron/core/text.ts';

describe('choiceLetter', () => {
  it.each([
    [0, 'a'],
    [4, 'e'],
    [25, 'z'],
    [26, 'aa'],
    [51, 'az'],
    [52, 'ba'],
    [701, 'zz'],
    [702, 'aaa'],
  ])('letters %d as %s', (index, letter) => {
    expect(choiceLetter(index)).toBe(letter);
  });
});

describe('composeInput', () => {
  it('is the input alone without choices', () => {
    expect(composeInput('Why?', null)).toBe('Why?');
    expect(composeInput('Why?', [])).toBe('Why?');
  });

  it('writes choices as the recipe does', () => {
    expect(composeInput('Where does a fish live?', ['a tree', 'the sea'])).toBe(
      'Where does a fish live?\nAnswer Choices:\n(a) a tree\n(b) the sea',
    );
  });
});

describe('normalisation', () => {
  it('folds white space and composes Unicode, and keeps case', () => {
    expect(foldWhitespace('  A\t b\n\u00a0c ')).toBe('A b c');
    expect(foldWhitespace('cafe\u0301')).toBe('caf\u00e9');
    expect(foldWhitespace('\u1112\u1161\u11ab')).toBe('한');
  });

  it('also folds case when asked', () => {
    expect(normaliseText(' Entailment ')).toBe('entailment');
  });
});

describe('maskNumbers', () => {
  it.each([
    ['He has 12 apples.', 'he has # apples.'],
    ['3.5 km', '# km'],
    ['1,200 won', '# won'],
    ['1,234,567.89', '#'],
    ['.5 or 0.5', '# or #'],
    ['1, 2 and 3', '#, # and #'],
    ['1,2,3', '#,#,#'],
    ['The end is 12.', 'the end is #.'],
    ['12,34', '#,#'],
    ['room B12', 'room b#'],
    ['-5', '-#'],
    ['٣ ３', '# #'],
    ['No  numbers\there ', 'no numbers here'],
    ['', ''],
  ])('%j -> %j', (text, masked) => {
    expect(maskNumbers(text)).toBe(masked);
  });

  it('gives rows that differ in numbers only one key, and others another', () => {
    expect(maskNumbers('Sum 3 and 1,400.')).toBe(maskNumbers('sum 21.5  and 9.'));
    expect(maskNumbers('Sum 3 and 4')).not.toBe(maskNumbers('Sum 3 and 4 and 5'));
  });
});
