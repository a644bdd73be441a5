import { describe, expect, it } from 'vitest';
import { LabelNumbers } from '../../../../electron/core/comparison/labels.ts';
import { sheetOf } from '../../../../electron/core/comparison/sheet-of.ts';
import { Random } from '../../../../electron/core/random.ts';
import { isCorrect } from '../../../../electron/core/score.ts';
import { row, said, sixRows } from './sheet-rows.ts';

describe('numbers of labels', () => {
  it('are equal for values that score alike, and the first text stands for them', () => {
    const numbers = new LabelNumbers('arithmetic');
    const texts = ['0.3', '0.1 + 0.2', '12', '(3 * 4)', '12.0', '12.1', 'twelve', ' twelve ', '-0'];
    expect(texts.map((text) => numbers.of(text, null))).toEqual([0, 0, 1, 1, 1, 2, 3, 3, 4]);
    expect(numbers.texts).toEqual(['0.3', '12', '12.1', 'twelve', '-0']);
  });

  it('say of any two values what the score says, wherever they lie', () => {
    const random = new Random(5);
    for (let round = 0; round < 2_000; round++) {
      const value = (random.next() - 0.5) * 10 ** random.integer(-3, 7);
      const off = value * (1 + (random.next() < 0.5 ? 4e-7 : 4e-6) * (random.next() - 0.5) * 2);
      const numbers = new LabelNumbers('arithmetic');
      const [a, b] = [String(value), String(off)];
      const isSame = numbers.of(a, null) === numbers.of(b, null);
      expect(isSame, `${a} and ${b}`).toBe(isCorrect('arithmetic', b, a, null));
    }
  });

  it('are those of the option that a row means by them', () => {
    const numbers = new LabelNumbers('multiple-choice');
    const choices = ['bank', 'wooded area'];
    expect(
      ['(b) wooded area', 'b', 'B', 'wooded  area', 'a'].map((label) => numbers.of(label, choices)),
    ).toEqual([0, 0, 0, 0, 1]);
    expect(numbers.of('b', ['shop', 'bank'])).toBe(1);
    expect(numbers.of('neither', choices)).toBe(2);
    expect(numbers.texts).toEqual(['wooded area', 'bank', 'neither']);
  });

  it('tell classes apart by case, as the score does', () => {
    const numbers = new LabelNumbers('classification');
    expect(['Yes', 'yes', ' yes', 'yes'].map((label) => numbers.of(label, null))).toEqual([
      0, 1, 1, 1,
    ]);
  });
});

describe('a sheet', () => {
  it('puts answers where their rows are, and leaves out what was not asked', () => {
    const sheet = sixRows();
    expect(sheet.labels).toEqual(['yes', 'no']);
    expect([...sheet.exampleIds]).toEqual([10, 11, 12, 13, 14, 15]);
    expect([...sheet.gold]).toEqual([0, 1, 0, -1, 0, 0]);
    expect([...sheet.noted]).toEqual([0, 1, 0, 0, 0, 0]);
    const [teacher, student] = sheet.systems;
    expect([...(teacher?.asked ?? [])]).toEqual([1, 1, 1, 1, 0, 0]);
    expect([...(teacher?.label ?? [])]).toEqual([0, 0, -1, 1, -1, -1]);
    expect([...(teacher?.correct ?? [])]).toEqual([1, 0, 0, -1, -1, -1]);
    expect([...(student?.label ?? [])]).toEqual([0, 1, -1, 0, 1, 0]);
    expect([...(student?.correct ?? [])]).toEqual([1, 1, 0, -1, 0, 1]);
    expect(student?.confidence[1]).toBeCloseTo(0.4);
    expect(student?.confidence[5]).toBeNaN();
  });

  it('passes over answers to other rows, and counts no label as wrong whatever was saved', () => {
    const sheet = sheetOf(
      'text',
      [row(1), row(2)],
      [{ key: 'run:a', answers: [said(7, 'yes'), said(2, '  ', { correct: true })] }],
    );
    expect([...(sheet.systems[0]?.asked ?? [])]).toEqual([0, 1]);
    expect([...(sheet.systems[0]?.correct ?? [])]).toEqual([-1, 0]);
  });
});
