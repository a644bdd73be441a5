import { marginOfError } from '../../contract/entities.ts';
import type { Interval, PairVerdict, Scoreboard } from '../../contract/entities.ts';
import { cochransQ, holm, mcnemarExact } from '../../core/comparison/paired-tests.ts';
import {
  rowsNeeded,
  verdictAlpha,
  verdictOfPair,
  verdictPower,
} from '../../core/comparison/rows-needed.ts';
import { seedsTest } from '../../core/comparison/seeds-test.ts';
import type { AnswerSheet } from '../../core/comparison/sheet.ts';
import { difference } from '../../core/study-statistics.ts';
import { answersOn, sharedRows } from './entries.ts';
import type { Line } from './entries.ts';

type Verdicts = Scoreboard['verdicts'];

/** A pair and what the rows say of it, whatever difference matters and however many pairs there are. */
interface TestedPair {
  readonly pair: Omit<PairVerdict, 'pCorrected' | 'verdict' | 'rowsNeeded'>;
  /** See `Gap` of core/comparison/rows-needed.ts. */
  readonly discordant: number;
  readonly seedVariance: number;
}

/** All that verdicts are told from. */
export interface PairTests {
  readonly pairs: readonly TestedPair[];
  readonly omnibus: Verdicts['omnibus'];
  /** Rows with a gold label that all systems were asked. */
  readonly sharedRows: number;
}

/** Macro-F1 of one line less that of another on these rows; null for tasks without classes. */
export type MacroF1Gap = (
  a: Line,
  b: Line,
  rows: Int32Array,
  fixed: 'a' | 'b' | null,
) => Interval | null;

/**
 * Tests every two lines of a scoreboard on the rows that both were asked. A pair without such a row is
 * left out.
 */
export function testPairs(
  sheet: AnswerSheet,
  lines: readonly Line[],
  macroF1: MacroF1Gap,
): PairTests {
  return {
    pairs: lines.flatMap((line, index) =>
      lines.slice(index + 1).flatMap((other) => testPair(sheet, line, other, macroF1) ?? []),
    ),
    omnibus: omnibusOf(sheet, lines),
    sharedRows: sharedRows(sheet, lines).length,
  };
}

/**
 * What may be said of every two lines: p corrected by Holm's method over all pairs. The rows that a gap
 * needs are those with which it is shown among as many pairs: at their number's share of the level,
 * which Holm asks of the smallest p and is enough for any.
 *
 * @param margin differences smaller than this do not matter; share
 */
export function verdictsFrom(tests: PairTests, margin: number): Verdicts {
  const corrected = holm(tests.pairs.map(({ pair }) => pair.p));
  const alpha = verdictAlpha / Math.max(1, tests.pairs.length);
  const pairs = tests.pairs.map(({ pair, discordant, seedVariance }, index): PairVerdict => {
    const pCorrected = corrected[index] ?? 1;
    const gap = { difference: pair.difference.value, discordant, seedVariance, alpha };
    const verdict = verdictOfPair({ ...pair, pCorrected, margin });
    return { ...pair, pCorrected, verdict, rowsNeeded: rowsNeeded(gap) };
  });
  return {
    margin,
    marginOfError: marginOfError(Math.max(1, tests.sharedRows)),
    alpha: verdictAlpha,
    power: verdictPower,
    omnibus: tests.omnibus,
    correction: pairs.length > 1 ? 'holm' : 'none',
    pairs: pairs.sort((a, b) => b.difference.value - a.difference.value),
  };
}

/** Cochran's Q over the lines that are one system each: it knows no seeds. */
function omnibusOf(sheet: AnswerSheet, lines: readonly Line[]): Verdicts['omnibus'] {
  const single = lines.filter(({ members }) => members.length === 1);
  const rows = sharedRows(sheet, single);
  const found = cochransQ(single.flatMap((line) => answersOn(line, rows)));
  return found && { ...found, systems: single.length, rows: rows.length };
}

function testPair(
  sheet: AnswerSheet,
  one: Line,
  other: Line,
  macroF1: MacroF1Gap,
): TestedPair | null {
  const rows = sharedRows(sheet, [one, other]);
  const [a, b] = scoreOn(one, rows) < scoreOn(other, rows) ? [other, one] : [one, other];
  const fixed = isTeacher(a) ? 'a' : isTeacher(b) ? 'b' : null;
  const test = a.members.length === 1 && b.members.length === 1 ? bySystems : bySeeds;
  const found = test(answersOn(a, rows), answersOn(b, rows), fixed);
  if (found === null) return null;
  const { discordant, seedVariance, ...tested } = found;
  return {
    pair: {
      ...{ a: a.key, b: b.key, rows: rows.length, ...tested },
      macroF1: macroF1(a, b, rows, fixed),
    },
    ...{ discordant, seedVariance },
  };
}

/**
 * It is this teacher that is compared, whatever seeds its students have; one run alone stands for all
 * its seeds and is taken to vary as theirs do.
 */
const isTeacher = ({ members }: Line): boolean => members[0].system.kind === 'teacher';

/** Rows it was right on, over its systems. */
const scoreOn = (line: Line, rows: Int32Array): number =>
  answersOn(line, rows).reduce((sum, right) => sum + right.reduce((own, one) => own + one, 0), 0) /
  line.members.length;

type Test = (
  a: readonly Uint8Array[],
  b: readonly Uint8Array[],
  fixed: 'a' | 'b' | null,
) =>
  | (Pick<PairVerdict, 'difference' | 'table' | 'test' | 'p'> &
      Pick<TestedPair, 'discordant' | 'seedVariance'>)
  | null;

/** Two systems: exact McNemar. */
const bySystems: Test = (a, b) => {
  const gap = difference(a, b);
  const table = tableOf(a[0], b[0]);
  if (gap === null) return null;
  const { both, onlyA, onlyB, neither } = table;
  return {
    ...{ difference: gap, table, test: 'mcnemar-exact', p: mcnemarExact(onlyA, onlyB) },
    discordant: (onlyA + onlyB) / (both + onlyA + onlyB + neither),
    seedVariance: 0,
  };
};

/** Where one of them has several seeds: a t test over rows and seeds. */
const bySeeds: Test = (a, b, fixed) => {
  const found = seedsTest(a, b, fixed);
  if (found === null) return null;
  const { difference: gap, p, discordant, seedVariance } = found;
  return { ...{ difference: gap, table: null, test: 'seeds-t', p }, discordant, seedVariance };
};

function tableOf(
  a: Uint8Array | undefined,
  b: Uint8Array | undefined,
): NonNullable<PairVerdict['table']> {
  const table = { both: 0, onlyA: 0, onlyB: 0, neither: 0 };
  a?.forEach((right, row) => {
    if (right === 1) table[b?.[row] === 1 ? 'both' : 'onlyA'] += 1;
    else table[b?.[row] === 1 ? 'onlyB' : 'neither'] += 1;
  });
  return table;
}
