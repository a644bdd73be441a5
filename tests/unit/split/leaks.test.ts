import { describe, expect, it } from 'vitest';
import type { LeakKind, SplitSettings } from '../../../electron/contract/entities.ts';
import { jaccard, shingleSet } from '../../../electron/core/minhash.ts';
import { Random } from '../../../electron/core/random.ts';
import { divide } from '../../../electron/stages/split/divide.ts';
import type { AlikeRows } from '../../../electron/stages/split/guard/alike.ts';
import { findLeaks } from '../../../electron/stages/split/guard/leaks.ts';
import { movableClusters } from '../../../electron/stages/split/guard/links.ts';
import { nearPairs } from '../../../electron/stages/split/guard/near.ts';
import { rows, settings } from './rows.ts';
import { alikeOf, changed, finished, sentence } from './texts.ts';

const threshold = 0.8;

function tallies(alike: AlikeRows, parts: readonly number[], at = threshold) {
  const found = finished(findLeaks(alike, Uint8Array.from(parts), at));
  const kinds = Object.fromEntries(
    found.kinds.map(({ kind, pairs, heldOut, clusters }) => [kind, [pairs, heldOut, clusters]]),
  );
  return { ...found, kinds };
}

const none = { exact: [0, 0, 0], normalised: [0, 0, 0], near: [0, 0, 0], template: [0, 0, 0] };

describe('pairs of near texts', () => {
  /** All pairs of some texts that are as near, compared one by one. */
  function truth(texts: readonly string[], least: number): Set<string> {
    const sets = texts.map(shingleSet);
    const found = new Set<string>();
    for (let b = 1; b < sets.length; b++) {
      for (let a = 0; a < b; a++) {
        const [x, y] = [sets[a], sets[b]];
        if (x && y && jaccard(x, y) >= least) found.add(`${a} ${b}`);
      }
    }
    return found;
  }

  it.each([0.6, 0.8, 0.9])('are found with their true similarity, of %d or more', (least) => {
    const random = new Random(5);
    const texts: string[] = [];
    for (let story = 0; story < 200; story++) {
      const original = sentence(random, 40);
      texts.push(original, changed(original, story % 5, random));
    }
    const alike = alikeOf(texts);
    const found = new Map<string, number>();
    const complete = finished(
      nearPairs(alike.texts, least, (a, b, similarity) => found.set(`${a} ${b}`, similarity)),
    );
    const distinct = Array.from({ length: alike.texts.size }, (_, unit) => alike.texts.get(unit));
    const there = truth(distinct, least);
    expect(complete).toBe(true);
    expect(there.size).toBeGreaterThanOrEqual(40);
    for (const [pair, similarity] of found) {
      expect(there.has(pair)).toBe(true);
      const [a = 0, b = 0] = pair.split(' ').map(Number);
      const sets = [shingleSet(distinct[a] ?? ''), shingleSet(distinct[b] ?? '')] as const;
      expect(similarity).toBe(jaccard(...sets));
    }
    // Bands find a pair at the threshold with a probability of 0.995.
    expect(found.size / there.size).toBeGreaterThan(0.99);
  });

  it('are not made of texts that have nothing in common', () => {
    const random = new Random(6);
    const alike = alikeOf(Array.from({ length: 2_000 }, () => sentence(random)));
    let pairs = 0;
    finished(nearPairs(alike.texts, 0.5, () => (pairs += 1)));
    expect(pairs).toBe(0);
  });

  it('are searched in time that grows with the texts, also where all are alike', () => {
    const random = new Random(7);
    const story = sentence(random, 40);
    const alike = alikeOf(Array.from({ length: 3_000 }, (_, index) => `${story} ${index}`));
    const near = new Set<number>();
    let pairs = 0;
    const complete = finished(
      nearPairs(alike.texts, threshold, (a, b) => {
        near.add(a).add(b);
        pairs += 1;
      }),
    );
    expect(complete).toBe(false);
    expect(near.size).toBe(3_000);
    expect(pairs).toBeLessThan(3_000 * 24 * 4);
  });
});

describe('the leak guard', () => {
  const long = 'the quick brown fox jumps over the lazy dog and then runs far away into the woods';

  it('finds rows that are equal to the letter', () => {
    const alike = alikeOf([long, long, 'something else', long]);
    const { kinds, heldOut, shown } = tallies(alike, [0, 2, 2, 1]);
    expect(kinds).toEqual({ ...none, exact: [3, 2, 1], exemplar: [0, 0, 0] });
    expect(heldOut).toBe(2);
    expect(shown).toEqual([{ kind: 'exact', a: 1, b: 0, exemplar: null }]);
  });

  it('finds rows that are equal but for case, Unicode form and white space', () => {
    const alike = alikeOf(['Café  au lait', 'cafe\u0301 au lait', 'Café  au lait', 'tea']);
    expect(tallies(alike, [0, 2, 2, 0]).kinds).toMatchObject({
      ...none,
      exact: [1, 1, 1],
      normalised: [1, 1, 1],
    });
  });

  it('finds near rows, and tells of those alone that stand in different parts', () => {
    const alike = alikeOf([long, `${long} today`, `${long} now`, 'something else']);
    expect(tallies(alike, [0, 2, 0, 0]).kinds).toMatchObject({ ...none, near: [2, 1, 1] });
    expect(tallies(alike, [0, 0, 0, 2]).heldOut).toBe(0);
    expect(tallies(alike, [0, 2, 0, 0], 0.99).heldOut).toBe(0);
  });

  it('finds rows of one template that are not near', () => {
    const story = (name: string, amount: number) =>
      `Yesterday we saw that ${name} had ${amount} apples.`;
    const alike = alikeOf([
      story('Christopher', 1_000_000),
      story('Bo', 3),
      story('Maximiliana', 77),
      'Yesterday we saw nothing.',
    ]);
    const { kinds, shown } = tallies(alike, [0, 2, 1, 0], 0.9);
    expect(kinds).toMatchObject({ ...none, template: [3, 2, 1] });
    expect(shown).toHaveLength(1);
  });

  it('counts a pair once, under the first kind that holds', () => {
    const texts = ['Ann has 3 apples and 5 pears.', 'Ann has 3 apples and 5 pears.'];
    const alike = alikeOf([
      ...texts,
      'ann has 3 apples and 5 pears.',
      'Ann has 4 apples and 5 pears.',
    ]);
    const { kinds } = tallies(alike, [0, 2, 0, 0], 0.6);
    expect(kinds).toMatchObject({
      exact: [1, 1, 1],
      normalised: [1, 1, 1],
      near: [1, 1, 1],
      template: [0, 0, 0],
    });
  });

  it('finds held-out rows that prompts show, whether they are rows or not', () => {
    const alike = alikeOf(
      [long, `${long} today`, 'shown as well', 'not shown'],
      [`${long} now`, 'Shown as well', 'never seen anywhere'],
    );
    const { kinds, shown } = tallies(alike, [0, 2, 1, 2]);
    expect(kinds['exemplar']).toEqual([2, 2, 2]);
    expect(shown.filter(({ kind }) => kind === 'exemplar')).toEqual([
      { kind: 'exemplar', a: 1, b: null, exemplar: 0 },
      { kind: 'exemplar', a: 2, b: null, exemplar: 1 },
    ]);
  });

  it('counts what a comparison of every pair counts', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const random = new Random(seed);
      const { texts } = planted(random, 60);
      const alike = alikeOf(texts);
      const parts = texts.map(() => random.pick([0, 0, 0, 1, 2]));
      expect(tallies(alike, parts)).toMatchObject(oneByOne(alike, parts, texts));
    }
  });
});

/** Rows some of which are copies, near copies or other people's stories of others. */
function planted(random: Random, count: number): { texts: string[] } {
  const texts: string[] = [];
  const make = (): string => {
    const earlier = texts.length > 0 ? random.pick(texts) : '';
    const kind = random.integer(0, 5);
    if (earlier === '' || kind <= 1) {
      return `Then ${random.pick(['Ann', 'Bo', 'Maximilian'])} had ${random.integer(2, 9999)} ${sentence(random, 8)}.`;
    }
    if (kind === 2) return earlier;
    if (kind === 3) return earlier.toUpperCase();
    if (kind === 4) return changed(earlier, 1, random);
    return earlier.replace(/\d+/gu, () => String(random.integer(2, 9999999)));
  };
  while (texts.length < count) texts.push(make());
  return { texts };
}

/** The same counts by comparing every pair. */
function oneByOne(alike: AlikeRows, parts: readonly number[], texts: readonly string[]) {
  const order: readonly LeakKind[] = ['exact', 'normalised', 'near', 'template'];
  const sets = texts.map((_, index) => shingleSet(alike.texts.get(alike.unit[index] ?? 0)));
  const pairs: Record<string, number> = {};
  const held: Record<string, Set<number>> = {};
  const any = new Set<number>();
  for (let a = 0; a < texts.length; a++) {
    for (let b = 0; b < a; b++) {
      if (parts[a] === parts[b]) continue;
      const [x, y] = [sets[a], sets[b]];
      const holds = [
        alike.exact[a] === alike.exact[b],
        alike.unit[a] === alike.unit[b],
        x !== undefined && y !== undefined && jaccard(x, y) >= threshold,
        alike.template[a] === alike.template[b],
      ];
      const kind = order[holds.indexOf(true)];
      if (kind === undefined) continue;
      pairs[kind] = (pairs[kind] ?? 0) + 1;
      for (const row of [a, b]) {
        if (parts[row] === 0) continue;
        (held[kind] ??= new Set()).add(row);
        any.add(row);
      }
    }
  }
  return {
    heldOut: any.size,
    kinds: Object.fromEntries(
      order.map((kind) => [kind, [pairs[kind] ?? 0, held[kind]?.size ?? 0, expect.any(Number)]]),
    ),
  };
}

describe('clusters that are moved', () => {
  const all = { exact: true, normalised: true, near: threshold, template: true, exemplars: true };
  const choices: NonNullable<SplitSettings['move']>[] = [
    all,
    { ...all, near: null, template: false, exemplars: false },
    { ...all, template: false },
    { ...all, near: null, exemplars: false },
    { exact: false, normalised: false, near: null, template: false, exemplars: true },
  ];
  const ways: Partial<SplitSettings>[] = [
    {},
    { stratify: true, groupByMaskedText: true },
    { groupByMaskedText: true, maskNames: true },
    { kind: 'time' },
    { fold: { of: 4, index: 1 } },
  ];

  it('leave no leak of their kinds, however the rows are divided', () => {
    let before = 0;
    for (let seed = 1; seed <= 25; seed++) {
      const random = new Random(seed);
      const { texts } = planted(random, 120);
      const alike = alikeOf(texts, [random.pick(texts), changed(random.pick(texts), 1, random)]);
      const move = random.pick(choices);
      const of = rows(texts.length, (id) => ({
        gold: random.pick(['yes', 'no']),
        time: random.integer(1, 50),
        group: id,
      }));
      const groups = Int32Array.from(of, ({ group }) => group);
      const movable = finished(movableClusters(alike, move, groups));
      for (const way of ways) {
        const chosen = { ...settings, seed, ...way };
        before += tallies(alike, [...divide(of, chosen).parts]).heldOut;
        const { parts } = divide(of, chosen, movable);
        const { kinds } = tallies(alike, [...parts]);
        const moved: [LeakKind, boolean][] = [
          ['exact', move.exact],
          ['normalised', move.normalised],
          ['near', move.near !== null],
          ['template', move.template],
          ['exemplar', move.exemplars],
        ];
        for (const [kind, isMoved] of moved) {
          if (isMoved) expect([kind, kinds[kind]?.[0]]).toEqual([kind, 0]);
        }
      }
    }
    expect(before).toBeGreaterThan(1_000);
  });
});
