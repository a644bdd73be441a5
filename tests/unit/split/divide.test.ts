import { describe, expect, it } from 'vitest';
import { Random } from '../../../electron/core/random.ts';
import { countParts, divide } from '../../../electron/stages/split/divide.ts';
import type { DividableRow, Parts } from '../../../electron/stages/split/divide.ts';
import { letters, partOf, row, rows, settings } from './rows.ts';

/** Groups that have rows in more than one part. */
function torn(of: readonly DividableRow[], parts: Parts): number {
  const seen = new Map<number, Set<number>>();
  of.forEach(({ group }, index) => {
    seen.set(group, (seen.get(group) ?? new Set()).add(parts[index] ?? 0));
  });
  return [...seen.values()].filter((each) => each.size > 1).length;
}

describe('divide', () => {
  it('gives every row one part, in the wanted shares', () => {
    const { parts } = divide(rows(1000), settings);
    expect(countParts(parts)).toEqual({ train: 700, validation: 100, test: 200 });
  });

  it('gives the same parts for the same seed and others for another', () => {
    const first = divide(rows(200), settings);
    expect(divide(rows(200), settings)).toEqual(first);
    expect(divide(rows(200), { ...settings, seed: 8 })).not.toEqual(first);
  });

  it('keeps the share of each label when stratified', () => {
    const labelled = rows(1000, (id) => ({ gold: id % 10 === 0 ? 'rare' : 'common' }));
    const { parts } = divide(labelled, { ...settings, stratify: true });
    const rare = parts.filter((_, index) => labelled[index]?.gold === 'rare');
    expect(countParts(rare)).toEqual({ train: 70, validation: 10, test: 20 });
  });

  it('keeps the rows of a group together, whatever the seed', () => {
    const random = new Random(3);
    const stories = rows(500, () => ({ group: random.integer(1, 120) }));
    for (let seed = 0; seed < 20; seed++) {
      for (const maskNames of [false, true]) {
        const { parts } = divide(stories, {
          ...{ ...settings, seed, groupByMaskedText: true, maskNames },
        });
        expect(torn(stories, parts)).toBe(0);
      }
    }
  });

  it('never fills a part beyond its share with a large group', () => {
    const lumpy = rows(100, (id) => ({ group: id <= 90 ? 0 : id }));
    for (const maskNames of [false, true]) {
      const { parts } = divide(lumpy, { ...settings, groupByMaskedText: true, maskNames });
      expect(countParts(parts).test).toBeLessThanOrEqual(20);
      expect(countParts(parts).train).toBeGreaterThanOrEqual(90);
    }
  });
});

/** What the first version made of these rows; `t` test, `v` validation, `.` train. */
describe('settings of earlier versions', () => {
  const labels = ['yes', 'no', 'maybe'];
  const old = rows(60, (id) => ({
    gold: labels[((id - 1) * 7 + Math.floor((id - 1) / 5)) % 3] ?? null,
    group: (id - 1) ** 2 % 17,
  }));
  const alone = old.map((each) => ({ ...each, group: each.id }));
  const given = (of: readonly DividableRow[]) =>
    of.map((each, index) => ({
      ...each,
      givenPart: (['test', 'train', 'train', null] as const)[index % 4] ?? null,
    }));
  const first = { ...settings, validation: 0.15, test: 0.2, seed: 11 };
  const strict = { ...first, stratify: true, groupByMaskedText: true };

  it.each([
    ['random', alone, first, 'v.v..tv.tt...vt...t.................vttt..t..v..vt..v...tv.t'],
    [
      'stratified',
      alone,
      { ...first, stratify: true },
      't....vttt.t...v....tv.....vvt...t...tvt.........vvvv..t.t...',
    ],
    [
      'grouped',
      old,
      { ...first, groupByMaskedText: true },
      'tv...t......t...vtv...t......t...vtv...t......t...vtv...t...',
    ],
    [
      'stratified and grouped',
      old,
      strict,
      'tt.vtv.......t..tt..vt..v.....t......tt..vv.v...v......t.v..',
    ],
    [
      'given',
      given(alone),
      { ...first, kind: 'given' as const },
      't...t..tt...tv.vt...t.v.t..tt...t..tt...t..vt...t...tvv.t.v.',
    ],
    [
      'given, stratified and grouped',
      given(old),
      { ...strict, kind: 'given' as const },
      't..ttvv.t...t...t...t...t...t...t...tv.tt...t..ttv..tv.vt..v',
    ],
  ])('divide as they did: %s', (_name, of, chosen, expected) => {
    expect(letters(divide(of, chosen).parts)).toBe(expected);
  });
});

describe('divide, given', () => {
  const given = rows(100, (id) => ({ givenPart: id <= 80 ? 'train' : 'test' }));
  const byFile = { ...settings, kind: 'given' as const };

  it('keeps given parts and takes validation from train when none was given', () => {
    const { parts } = divide(given, byFile);
    expect(countParts(parts)).toEqual({ train: 72, validation: 8, test: 20 });
    for (let index = 80; index < 100; index++) expect(partOf(parts, index)).toBe('test');
  });

  it('leaves train whole when validation was given or is not wanted', () => {
    const counts = (of: DividableRow[], validation: number) =>
      countParts(divide(of, { ...byFile, validation }).parts);
    expect(counts(given, 0)).toEqual({ train: 80, validation: 0, test: 20 });
    const complete = [...given, row(101, { givenPart: 'validation' })];
    expect(counts(complete, 0.1)).toEqual({ train: 80, validation: 1, test: 20 });
  });

  it('divides rows that came without a part by the shares', () => {
    const mixed = [...given, ...Array.from({ length: 100 }, (_, i) => row(200 + i))];
    expect(countParts(divide(mixed, byFile).parts).test).toBe(40);
  });
});

describe('groups and labels together', () => {
  /** Largest distance of any label's share of any part from the wanted one, in percentage points. */
  function deviation(of: readonly DividableRow[], parts: Parts): number {
    const wanted = [0.7, 0.1, 0.2];
    const byLabel = new Map<string, number[]>();
    of.forEach(({ gold }, index) => {
      const counts = byLabel.get(gold ?? '') ?? [0, 0, 0];
      counts[parts[index] ?? 0] = (counts[parts[index] ?? 0] ?? 0) + 1;
      byLabel.set(gold ?? '', counts);
    });
    const all = [...byLabel.values()].flatMap((counts) => {
      const total = counts.reduce((sum, count) => sum + count, 0);
      return counts.map((count, part) => Math.abs(count / total - (wanted[part] ?? 0)) * 100);
    });
    return Math.max(...all);
  }

  it('come close to the shares of every label', () => {
    const worst: number[] = [];
    for (let seed = 0; seed < 20; seed++) {
      const random = new Random(seed);
      // A few groups are large, most are small; a group leans to one label.
      const leaning = Array.from({ length: 400 }, () => random.integer(0, 2));
      const of = rows(2_000, () => {
        const group = Math.floor(400 * random.next() ** 2);
        const label = random.next() < 0.7 ? (leaning[group] ?? 0) : random.integer(0, 2);
        return { group, gold: `label ${label}` };
      });
      const chosen = { ...settings, seed, stratify: true, groupByMaskedText: true };
      const { parts } = divide(of, { ...chosen, maskNames: true });
      expect(torn(of, parts)).toBe(0);
      worst.push(deviation(of, parts));
    }
    expect(Math.max(...worst)).toBeLessThan(2);
  });

  it('spread large groups over the parts as they spread small ones', () => {
    const of = rows(3_000, (id) => ({ group: id <= 1_500 ? 10_000 + (id % 100) : id }));
    let large = 0;
    for (let seed = 0; seed < 20; seed++) {
      const { parts } = divide(of, {
        ...{ ...settings, seed, groupByMaskedText: true, maskNames: true },
      });
      large += parts.filter((part, index) => part === 2 && index < 1_500).length / (20 * 600);
    }
    expect(large).toBeGreaterThan(0.4);
    expect(large).toBeLessThan(0.6);
  });
});

describe('divide, by time', () => {
  const byTime = { ...settings, kind: 'time' as const, timeColumn: 'day' };

  it('puts the newest rows into test and those before them into validation', () => {
    const { parts } = divide(
      rows(10, (id) => ({ time: id * 10 })),
      byTime,
    );
    expect(letters(parts)).toBe('.......vtt');
  });

  it('keeps rows of one time together and rows without one in train', () => {
    const times = [1, 2, 3, 4, 5, 6, 6, 6, 9, null];
    const { parts } = divide(
      rows(10, (id) => ({ time: times[id - 1] ?? null })),
      byTime,
    );
    // Two rows are wanted for test: the newest alone is nearer to that than the newest four.
    expect(letters(parts)).toBe('.....vvvt.');
  });

  it('keeps groups whole: a group is as new as its newest row', () => {
    const { parts } = divide(
      rows(10, (id) => ({ time: id, group: id === 1 ? 10 : id })),
      byTime,
    );
    expect(letters(parts)).toBe('t.......vt');
  });

  it('never trains on a row that is newer than a row of test', () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = new Random(seed);
      const of = rows(200, () => ({
        time: random.next() < 0.1 ? null : random.integer(1, 40),
        group: random.integer(1, 150),
      }));
      const { parts } = divide(of, byTime);
      const newest = (part: number) => {
        const groups = new Map<number, number>();
        of.forEach(({ group, time }, index) => {
          if (parts[index] === part && time !== null)
            groups.set(group, Math.max(time, groups.get(group) ?? 0));
        });
        return [...groups.values()];
      };
      expect(Math.max(...newest(0))).toBeLessThan(Math.min(...newest(2)));
    }
  });
});

describe('folds', () => {
  const of = rows(103, (id) => ({ gold: id % 3 === 0 ? 'a' : 'b', group: Math.floor(id / 2) }));
  const folds = Array.from({ length: 5 }, (_, index) => {
    const chosen = { ...settings, stratify: true, groupByMaskedText: true };
    return divide(of, { ...chosen, fold: { of: 5, index } }).parts;
  });

  it('test every row exactly once, in folds of about one size', () => {
    of.forEach((_, index) => {
      expect(folds.filter((parts) => parts[index] === 2)).toHaveLength(1);
    });
    for (const parts of folds) {
      expect(torn(of, parts)).toBe(0);
      expect(countParts(parts).test).toBeGreaterThanOrEqual(19);
      expect(countParts(parts).test).toBeLessThanOrEqual(23);
    }
  });

  it('take the validation share from the rest', () => {
    for (const parts of folds) {
      const { train, validation } = countParts(parts);
      expect(Math.abs(validation - (train + validation) * 0.1)).toBeLessThanOrEqual(3);
    }
  });
});

describe('clusters that are moved', () => {
  it('go whole to where most of their rows are, to train where two have as many', () => {
    const given = [...'...ttvvtt'].map((letter, index) =>
      row(index, {
        givenPart: letter === 't' ? 'test' : letter === 'v' ? 'validation' : 'train',
      }),
    );
    const clusters = Int32Array.from([0, 1, 1, 0, 2, 2, 3, 3, 3]);
    const division = divide(
      given,
      { ...settings, kind: 'given' },
      { clusters, toTrain: new Set() },
    );
    expect(letters(division.parts)).toBe('....vvttt');
    expect(division.moved).toBe(3);
    const shown = divide(
      given,
      { ...settings, kind: 'given' },
      { clusters, toTrain: new Set([3]) },
    );
    expect(letters(shown.parts)).toBe('....vv...');
  });

  it('stay in one fold, and out of all tests where a prompt shows them', () => {
    const of = rows(60);
    const clusters = Int32Array.from(of, (_, index) => index % 20);
    const parts = Array.from({ length: 3 }, (_, index) => {
      const chosen = { ...settings, fold: { of: 3, index } };
      return divide(of, chosen, { clusters, toTrain: new Set([4]) }).parts;
    });
    for (let index = 0; index < 60; index++) {
      const tested = parts.filter((each) => each[index] === 2).length;
      expect(tested).toBe(index % 20 === 4 ? 0 : 1);
      for (const each of parts) expect(each[index]).toBe(each[index % 20]);
    }
  });
});
