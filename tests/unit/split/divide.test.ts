import { describe, expect, it } from 'vitest';
import type { Part, SplitSettings } from '../../../electron/contract/entities.ts';
import { Random } from '../../../electron/core/random.ts';
import { countMaskedLeaks, countParts, divide } from '../../../electron/stages/split/divide.ts';
import type { DividableRow } from '../../../electron/stages/split/divide.ts';

const settings: SplitSettings = {
  kind: 'random',
  validation: 0.1,
  test: 0.2,
  stratify: false,
  groupByMaskedText: false,
  seed: 7,
};

const row = (id: number, more: Partial<DividableRow> = {}): DividableRow => ({
  id,
  gold: null,
  maskedText: `story ${id}`,
  givenPart: null,
  ...more,
});
const rows = (count: number, make: (id: number) => Partial<DividableRow> = () => ({})) =>
  Array.from({ length: count }, (_, i) => row(i + 1, make(i + 1)));

describe('divide', () => {
  it('gives every row one part, in the wanted shares', () => {
    const members = divide(rows(1000), settings);
    expect(members.size).toBe(1000);
    expect(countParts(members)).toEqual({ train: 700, validation: 100, test: 200 });
  });

  it('gives the same parts for the same seed and others for another', () => {
    const first = divide(rows(200), settings);
    expect(divide(rows(200), settings)).toEqual(first);
    expect(divide(rows(200), { ...settings, seed: 8 })).not.toEqual(first);
  });

  it('keeps the share of each label when stratified', () => {
    const labelled = rows(1000, (id) => ({ gold: id % 10 === 0 ? 'rare' : 'common' }));
    const members = divide(labelled, { ...settings, stratify: true });
    const rare = new Map(
      labelled.filter((r) => r.gold === 'rare').map((r) => [r.id, members.get(r.id) as Part]),
    );
    expect(countParts(rare)).toEqual({ train: 70, validation: 10, test: 20 });
  });

  it('keeps rows of one masked text together, whatever the seed', () => {
    const random = new Random(3);
    const stories = rows(500, () => ({ maskedText: `story ${random.integer(1, 120)}` }));
    for (let seed = 0; seed < 20; seed++) {
      const members = divide(stories, { ...settings, seed, groupByMaskedText: true });
      expect(countMaskedLeaks(stories, members)).toBe(0);
      expect(members.size).toBe(500);
    }
    const loose = divide(stories, settings);
    expect(countMaskedLeaks(stories, loose)).toBeGreaterThan(0);
  });

  it('never fills a part beyond its share with a large group', () => {
    const lumpy = rows(100, (id) => ({ maskedText: id <= 90 ? 'one story' : `story ${id}` }));
    const counts = countParts(divide(lumpy, { ...settings, groupByMaskedText: true }));
    expect(counts.test).toBeLessThanOrEqual(20);
    expect(counts.train).toBeGreaterThanOrEqual(90);
  });
});

describe('divide, given', () => {
  const given = rows(100, (id) => ({ givenPart: id <= 80 ? 'train' : 'test' }));

  it('keeps given parts and takes validation from train when none was given', () => {
    const members = divide(given, { ...settings, kind: 'given' });
    expect(countParts(members)).toEqual({ train: 72, validation: 8, test: 20 });
    for (const r of given.filter((candidate) => candidate.givenPart === 'test')) {
      expect(members.get(r.id)).toBe('test');
    }
  });

  it('leaves train whole when validation was given or is not wanted', () => {
    expect(countParts(divide(given, { ...settings, kind: 'given', validation: 0 }))).toEqual({
      train: 80,
      validation: 0,
      test: 20,
    });
    const complete = [...given, row(101, { givenPart: 'validation' })];
    expect(countParts(divide(complete, { ...settings, kind: 'given' }))).toEqual({
      train: 80,
      validation: 1,
      test: 20,
    });
  });

  it('divides rows that came without a part by the shares', () => {
    const mixed = [...given, ...Array.from({ length: 100 }, (_, i) => row(200 + i))];
    const counts = countParts(divide(mixed, { ...settings, kind: 'given' }));
    expect(counts.test).toBe(40);
  });
});
