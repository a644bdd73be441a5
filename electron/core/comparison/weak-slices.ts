import type { SliceTerm } from '../../contract/entities.ts';
import { fisherExactLess, holm } from './paired-tests.ts';
import { countBoth, countRows, emptyBits, meet } from './row-bits.ts';
import type { RowBits } from './row-bits.ts';
import type { Condition } from './slice-groups.ts';

/** What a system made of the rows. */
export interface Scored {
  /** It was asked, and there is a gold label. */
  readonly counted: RowBits;
  /** Of these, those it was right on. */
  readonly right: RowBits;
}

export interface Found {
  readonly terms: readonly SliceTerm[];
  readonly rows: RowBits;
  /** How many rows, with gold label or without. */
  readonly count: number;
  /** Place of the system. */
  readonly system: number;
  readonly right: number;
  readonly counted: number;
  readonly restRight: number;
  readonly restCounted: number;
  readonly p: number;
  readonly pCorrected: number;
}

export interface SearchLimits {
  /** Rows of the smallest slice. A slice also holds no more than half of the rows. */
  readonly fewest: number;
  /** Slices that are given back for each system: shown ones, and others that might be chance. */
  readonly shown: number;
  readonly byChance: number;
}

/** Below this after correction, a slice is called weak. */
export const alpha = 0.05;

/**
 * Slices on which a system is right less often than on its other rows: all single conditions and all
 * pairs of two are tried with Fisher's exact test, one-sided, and every p is corrected by Holm over
 * everything that was tried, all systems together. Which slices are tried depends on how many rows
 * they have, never on answers; a pair that is nearly one of its conditions is left out, and so is one
 * that is empty by its making (two bands of one length).
 *
 * @returns the surest first, each about other rows than those before it of the same system; and the
 *   number of tests
 */
export function findWeakSlices(
  conditions: readonly Condition[],
  systems: readonly Scored[],
  limits: SearchLimits,
): { readonly found: Found[]; readonly tried: number } {
  const tests = new Tests(systems, limits.fewest);
  const usable = distinct(conditions, limits.fewest);
  for (const [index, condition] of usable.entries()) tests.add([index], condition.rows);
  const both = emptyBits((conditions[0]?.rows.length ?? 0) * 32);
  for (const [second, b] of usable.entries()) {
    for (const [first, a] of usable.slice(0, second).entries()) {
      if (excludes(a.term, b.term)) continue;
      const rows = meet(a.rows, b.rows, both);
      if (rows < limits.fewest || rows > nearly * Math.min(a.count, b.count)) continue;
      tests.add([first, second], both);
    }
  }
  return { found: tests.pick(usable, limits), tried: tests.tried };
}

/** Share of rows that two slices have in common from which on they are nearly the same. */
const nearly = 0.95;
/** Of the rows of two slices that are given back, at most this share is common to both. */
const overlap = 0.5;

type Counted = Condition & { readonly count: number };

/** Conditions with enough rows; of those about nearly the same rows the first. */
function distinct(conditions: readonly Condition[], fewest: number): Counted[] {
  const kept: Counted[] = [];
  for (const condition of conditions) {
    const count = countRows(condition.rows);
    if (count < fewest) continue;
    const isNew = kept.every(
      (other) =>
        Math.min(count, other.count) < nearly * Math.max(count, other.count) ||
        jaccard({ ...condition, count }, other) < nearly,
    );
    if (isNew) kept.push({ ...condition, count });
  }
  return kept;
}

type Sized = Pick<Counted, 'rows' | 'count'>;

/** Rows in both, of the rows in either. */
function jaccard(a: Sized, b: Sized): number {
  const both = countBoth(a.rows, b.rows);
  const either = a.count + b.count - both;
  return either === 0 ? 0 : both / either;
}

/** Whether no row meets both by their very making. */
function excludes(a: SliceTerm, b: SliceTerm): boolean {
  if (a.kind !== b.kind || a.kind === 'word') return false;
  return a.kind !== 'column' || b.kind !== 'column' || a.column === b.column;
}

interface Test {
  readonly terms: readonly number[];
  readonly system: number;
  readonly right: number;
  readonly counted: number;
  readonly p: number;
}

/** The tests of a search, and what is left of them. */
class Tests {
  readonly #systems: readonly Scored[];
  readonly #totals: readonly { readonly right: number; readonly counted: number }[];
  readonly #fewest: number;
  /** Those that may matter: of all others it is enough to know how many there were. */
  readonly #low: Test[] = [];
  tried = 0;

  constructor(systems: readonly Scored[], fewest: number) {
    this.#systems = systems;
    this.#totals = systems.map(({ right, counted }) => ({
      right: countRows(right),
      counted: countRows(counted),
    }));
    this.#fewest = fewest;
  }

  add(terms: readonly number[], rows: RowBits): void {
    let counted = 0;
    let known: RowBits | null = null;
    for (const [system, scored] of this.#systems.entries()) {
      const total = this.#totals[system];
      if (total === undefined) continue;
      if (known !== scored.counted) counted = countBoth(rows, scored.counted);
      known = scored.counted;
      if (counted < this.#fewest || counted > total.counted / 2) continue;
      this.tried += 1;
      const right = countBoth(rows, scored.right);
      const p = lowTail(right, counted, total);
      if (p < alpha) this.#low.push({ terms, system, right, counted, p });
    }
  }

  pick(conditions: readonly Counted[], limits: SearchLimits): Found[] {
    // Any p that was not kept is larger than those that were: as 1 it corrects them the same.
    const ps = new Array<number>(this.tried).fill(1);
    for (const [index, { p }] of this.#low.entries()) ps[index] = p;
    const corrected = holm(ps);
    const surest = this.#low
      .map((test, index) => ({ ...test, pCorrected: corrected[index] ?? 1 }))
      .sort((a, b) => a.p - b.p || a.terms.length - b.terms.length);
    const found: Found[] = [];
    for (const test of surest) {
      const own = found.filter(({ system }) => system === test.system);
      const isShown = test.pCorrected < alpha;
      const room = isShown ? limits.shown : limits.byChance;
      if (own.filter((other) => other.pCorrected < alpha === isShown).length >= room) continue;
      const slice = this.#found(test, conditions);
      if (own.every((other) => isAnother(slice, other))) found.push(slice);
    }
    return found;
  }

  #found(test: Test & { readonly pCorrected: number }, conditions: readonly Counted[]): Found {
    const total = this.#totals[test.system] ?? { right: 0, counted: 0 };
    const parts = test.terms.flatMap((index) => conditions[index] ?? []);
    const [first, second] = parts.map(({ rows }) => rows);
    const rows = first?.slice() ?? emptyBits(0);
    const count = second === undefined ? countRows(rows) : meet(rows, second, rows);
    return {
      terms: parts.map(({ term }) => term),
      ...{ rows, count, system: test.system, right: test.right, counted: test.counted },
      restRight: total.right - test.right,
      restCounted: total.counted - test.counted,
      ...{ p: test.p, pCorrected: test.pCorrected },
    };
  }
}

/** Whether a slice says more than a surer one: about other rows, and not by a further condition alone. */
const isAnother = (slice: Found, surer: Found): boolean =>
  !surer.terms.every((term) => slice.terms.includes(term)) && jaccard(slice, surer) < overlap;

/**
 * Fisher's one-sided p; 1 where fewer than one standard deviation is missing to what is expected: its
 * p is then far from {@link alpha}, and most slices are spared the exact sum.
 */
function lowTail(
  right: number,
  counted: number,
  total: { readonly right: number; readonly counted: number },
): number {
  const share = total.right / total.counted;
  const spread = (counted * share * (1 - share) * (total.counted - counted)) / (total.counted - 1);
  if (right > counted * share - Math.sqrt(spread)) return 1;
  return fisherExactLess(right, counted, total.right - right, total.counted - counted);
}
