import { describe, expect, it } from 'vitest';
import { macroF1Difference } from '../../../../electron/core/comparison/classes.ts';
import { seedsTest } from '../../../../electron/core/comparison/seeds-test.ts';
import { Random } from '../../../../electron/core/random.ts';

/** A teacher has no seeds: what is said of it and its students knows nothing of seeds but theirs. */

const rows = 400;
/** How far the accuracies of seeds lie from the student's own. */
const spread = 0.08;

/** A teacher that is right on 70% of the rows, and three seeds of a student that is as good. */
function drawn(random: Random) {
  const teacher = Uint8Array.from({ length: rows }, () => (random.next() < 0.7 ? 1 : 0));
  const students = Array.from({ length: 3 }, () => {
    const share = 0.7 + spread * random.normal();
    return Uint8Array.from({ length: rows }, () => (random.next() < share ? 1 : 0));
  });
  return { teacher, students };
}

describe('a side without seeds', () => {
  it('is held against seeds as often as an interval says, though it is repeated for each', () => {
    const random = new Random(21);
    let held = 0;
    const trials = 500;
    for (let trial = 0; trial < trials; trial++) {
      const { teacher, students } = drawn(random);
      const { low = 1, high = 0 } = seedsTest([teacher], students, 'a')?.difference ?? {};
      if (low <= 0 && 0 <= high) held += 1;
    }
    expect(held / trials).toBeGreaterThan(0.925);
  });

  it('is the same from either side, and narrower than one seed of many', () => {
    const { teacher, students } = drawn(new Random(3));
    const there = seedsTest([teacher], students, 'a');
    const back = seedsTest(students, [teacher], 'b');
    expect(there?.p).toBeCloseTo(back?.p ?? 0, 12);
    expect(there?.seedVariance).toBeGreaterThan(0);
    const seed = seedsTest([teacher], students);
    expect(there?.seedVariance).toBeLessThan(seed?.seedVariance ?? 0);
  });

  it('does not vary in macro-F1 either', () => {
    const { teacher, students } = drawn(new Random(3));
    const gold = Int32Array.from({ length: rows }, (_, row) => row % 2);
    const said = (right: Uint8Array) =>
      gold.map((truth, row) => (right[row] === 1 ? truth : 1 - truth));
    const [a, b] = [[said(teacher)], students.map(said)];
    const width = (fixed: 'a' | null): number => {
      const { low = 0, high = 0 } = macroF1Difference(gold, a, b, { fixed, resamples: 400 }) ?? {};
      return high - low;
    };
    expect(width('a')).toBeLessThan(width(null));
  });
});
