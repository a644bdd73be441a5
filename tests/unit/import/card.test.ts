import { describe, expect, it } from 'vitest';
import { languageGuesser } from '../../../electron/core/language.ts';
import { Random } from '../../../electron/core/random.ts';
import { EvenSample } from '../../../electron/stages/import/even-sample.ts';
import { LabelCounter } from '../../../electron/stages/import/label-counter.ts';

describe('LabelCounter', () => {
  it('finds the commonest of many labels, and how many there are', () => {
    const random = new Random(5);
    const counter = new LabelCounter();
    const exact = new Map<string, number>();
    for (let i = 0; i < 120_000; i++) {
      const label = `label ${Math.floor(40_000 * random.next() ** 3)}`;
      counter.add(label);
      exact.set(label, (exact.get(label) ?? 0) + 1);
    }
    const counts = [...exact.values()].sort((a, b) => b - a).slice(0, 50);
    const commonest = counter.commonest(50);
    expect(commonest.map(({ rows }) => rows)).toEqual(counts);
    for (const { label, rows } of commonest) expect(exact.get(label)).toBe(rows);
    expect(counter.distinct).toBe(exact.size);
  });

  it('orders labels of equal number by name', () => {
    const counter = new LabelCounter();
    for (const label of ['b', 'a', 'c', 'c']) counter.add(label);
    expect(counter.commonest(2)).toEqual([
      { label: 'c', rows: 2 },
      { label: 'a', rows: 1 },
    ]);
  });
});

describe('EvenSample', () => {
  it.each([1, 10, 11, 999, 12_345])('spreads over %i rows', (rows) => {
    const sample = new EvenSample<number>(10);
    for (let row = 0; row < rows; row++) sample.add(() => row);
    const { values } = sample;
    expect(values[0]).toBe(0);
    expect(values.length).toBeLessThanOrEqual(10);
    expect(values.length).toBeGreaterThanOrEqual(Math.min(rows, 5));
    const steps = values.slice(1).map((value, index) => value - (values[index] ?? 0));
    expect(new Set(steps).size).toBeLessThanOrEqual(1);
    expect(rows - (values.at(-1) ?? 0)).toBeLessThanOrEqual(steps[0] ?? 1);
  });
});

describe('languageGuesser', () => {
  it.each([
    ['en', 'How many apples does John have left after giving three away?'],
    ['fr', 'Le chat est sur la table et il dort toute la journée.'],
    ['ko', '철수는 사과를 다섯 개 가지고 있습니다.'],
    ['ja', 'りんごはいくつありますか。'],
    ['zh', '小明有五个苹果，他吃了两个。'],
    ['ru', 'Мальчик пошёл в магазин, чтобы купить хлеб и молоко для своей семьи.'],
    ['und', 'hello'],
    ['und', '12 + 3 = 15'],
    ['und', ''],
  ])('says %s', async (code, text) => {
    expect((await languageGuesser())(text)).toBe(code);
  });
});
