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
/** A pair before it is known how many there are. */
type Tested = Omit<PairVerdict, 'pCorrected' | 'verdict'>;

/** Macro-F1 of one line less that of another on these rows; null for tasks without classes. */
export type MacroF1Gap = (a: Line, b: Line, rows: Int32Array) => Interval | null;

/**
 * What the rows say of every two lines of a scoreboard: paired tests on the rows that both were asked,
 * corrected by Holm's method over all pairs. A pair without such a row is left out.
 *
 * @param margin differences smaller than this do not matter; share
 */
export function verdictsOf(
  sheet: AnswerSheet,
  lines: readonly Line[],
  margin: number,
  macroF1: MacroF1Gap,
): Verdicts {
  const tested = lines.flatMap((line, index) =>
    lines.slice(index + 1).flatMap((other) => testPair(sheet, line, other, macroF1) ?? []),
  );
  const corrected = holm(tested.map(({ p }) => p));
  const pairs = tested.map((pair, index): PairVerdict => {
    const pCorrected = corrected[index] ?? 1;
    const verdict = verdictOfPair({ ...pair, pCorrected, margin });
    return { ...pair, pCorrected, verdict };
  });
  return {
    margin,
    marginOfError: marginOfError(Math.max(1, sharedRows(sheet, lines).length)),
    alpha: verdictAlpha,
    power: verdictPower,
    omnibus: omnibusOf(sheet, lines),
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

function testPair(sheet: AnswerSheet, one: Line, other: Line, macroF1: MacroF1Gap): Tested | null {
  const rows = sharedRows(sheet, [one, other]);
  const answers = (line: Line): Uint8Array[] => {
    const own = answersOn(line, rows);
    return isTeacher(line) ? overSeeds(own, one, other) : own;
  };
  const gap = difference(answers(one), answers(other));
  if (gap === null) return null;
  const [a, b] = gap.value < 0 ? [other, one] : [one, other];
  const test = a.members.length === 1 && b.members.length === 1 ? bySystems : bySeeds;
  const found = test(answers(a), answers(b));
  return found && { a: a.key, b: b.key, rows: rows.length, ...found, macroF1: macroF1(a, b, rows) };
}

const isTeacher = ({ members }: Line): boolean => members[0].system.kind === 'teacher';

/**
 * A teacher's answers as often as the other side has seeds. It is this teacher that is compared, whatever
 * seeds its students have; one run alone stands for all its seeds and is taken to vary as theirs do.
 */
function overSeeds(own: readonly Uint8Array[], ...lines: readonly Line[]): Uint8Array[] {
  const seeds = Math.max(...lines.map(({ members }) => members.length));
  return Array.from({ length: seeds }, () => own).flat();
}

type Test = (
  a: readonly Uint8Array[],
  b: readonly Uint8Array[],
) => Pick<Tested, 'difference' | 'table' | 'test' | 'p' | 'rowsNeeded'> | null;

/** Two systems: exact McNemar. */
const bySystems: Test = (a, b) => {
  const gap = difference(a, b);
  const table = tableOf(a[0], b[0]);
  if (gap === null) return null;
  const { both, onlyA, onlyB, neither } = table;
  const discordant = (onlyA + onlyB) / (both + onlyA + onlyB + neither);
  return {
    ...{ difference: gap, table, test: 'mcnemar-exact', p: mcnemarExact(onlyA, onlyB) },
    rowsNeeded: rowsNeeded({ difference: gap.value, discordant }),
  };
};

/** Where one of them has several seeds: a t test over rows and seeds. */
const bySeeds: Test = (a, b) => {
  const found = seedsTest(a, b);
  if (found === null) return null;
  const { difference: gap, p, discordant, seedVariance } = found;
  return {
    ...{ difference: gap, table: null, test: 'seeds-t', p },
    rowsNeeded: rowsNeeded({ difference: gap.value, discordant, seedVariance }),
  };
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
