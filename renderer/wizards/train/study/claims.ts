import { isReal } from '../../../../electron/contract/entities.ts';
import type {
  Interval,
  StudyCell,
  StudyComparison,
  StudyGrowth,
  StudyResult,
  Verdict,
} from '../../../../electron/contract/entities.ts';
import { keepsTeacher } from '../methods.ts';
import { armKey, sameArm } from './arms.ts';

export type Comparison = Extract<StudyResult, { kind: 'comparison' }>;
export type Sweep = Extract<StudyResult, { kind: 'sweep' }>;

/** What an interval shows about a difference, whatever was said of it. */
function shownBy({ low, high }: Interval, margin: number): Verdict {
  if (low > 0) return 'better';
  if (high < 0) return 'worse';
  return low > -margin ? 'no-worse' : 'not-shown';
}

/**
 * What may be claimed of a difference: the verdict, as far as the interval beside it shows as much.
 * Of two that are not the same the weaker one holds, and none where they point apart.
 */
export function claimOf(verdict: Verdict, difference: Interval, margin: number): Verdict {
  const shown = shownBy(difference, margin);
  if (shown === verdict) return shown;
  const least: readonly Verdict[] = ['no-worse', 'better'];
  return least.includes(shown) && least.includes(verdict) ? 'no-worse' : 'not-shown';
}

/** The same comparison seen from the other side. */
export function turned({ a, b, difference, verdict }: StudyComparison): StudyComparison {
  const { value, low, high } = difference;
  const other: Record<Verdict, Verdict> = {
    better: 'worse',
    worse: 'better',
    'no-worse': 'not-shown',
    'not-shown': 'not-shown',
  };
  return {
    a: b,
    b: a,
    difference: { value: -value, low: -high, high: -low },
    verdict: other[verdict],
  };
}

/** Cells at the largest share, the largest mean first; those without a score are left out. */
export function ranking(cells: readonly StudyCell[]): (StudyCell & { mean: Interval })[] {
  const largest = Math.max(...cells.map(({ share }) => share));
  return cells
    .flatMap((cell) => (cell.mean && cell.share === largest ? [{ ...cell, mean: cell.mean }] : []))
    .sort((a, b) => b.mean.value - a.mean.value);
}

/** How many seeds stand behind every mean that is shown, from the least to the most. */
export function seedsBehind(cells: readonly StudyCell[]): { least: number; most: number } {
  const done = cells
    .map(({ scores }) => scores.filter(({ score }) => score !== null).length)
    .filter((seeds) => seeds > 0);
  return done.length === 0
    ? { least: 0, most: 0 }
    : { least: Math.min(...done), most: Math.max(...done) };
}

/** Less than a row in a million, and more than sums of floating-point numbers are off. */
const sameScore = 1e-9;

export interface Headline {
  readonly best: StudyCell & { readonly mean: Interval };
  /** Others with the same score. */
  readonly tied: readonly StudyCell[];
  /** Those that the best is shown to be better than, with its lead. */
  readonly beats: readonly { readonly cell: StudyCell; readonly lead: Interval }[];
  /** Those that it is not shown to be better than. */
  readonly open: readonly StudyCell[];
  /** The best that answers without the teacher, where the best of all does not. */
  readonly alone: StudyCell | null;
}

/** Who leads, and whom the lead is shown against; null with fewer than two scored arms. */
export function headline({ cells, comparisons, margin }: Comparison): Headline | null {
  const [best, ...others] = ranking(cells);
  if (best === undefined || others.length === 0) return null;
  const isOf = (key: StudyComparison['a'], cell: StudyCell): boolean =>
    sameArm(key.arm, cell.arm) && key.share === cell.share;
  const leadOver = (cell: StudyCell): Interval | null =>
    comparisons
      .flatMap((each) => [each, turned(each)])
      .find(
        ({ a, b, difference, verdict }) =>
          isOf(a, best) && isOf(b, cell) && claimOf(verdict, difference, margin) === 'better',
      )?.difference ?? null;
  const leads = others.map((cell) => ({ cell, lead: leadOver(cell) }));
  return {
    best,
    tied: others.filter(({ mean }) => best.mean.value - mean.value < sameScore),
    beats: leads.flatMap(({ cell, lead }) => (lead ? [{ cell, lead }] : [])),
    open: leads.filter(({ lead }) => lead === null).map(({ cell }) => cell),
    alone: keepsTeacher(best.arm.method)
      ? (others.find((cell) => !keepsTeacher(cell.arm.method)) ?? null)
      : null,
  };
}

export interface Match {
  /** The first of its shares from which on every share holds up; null where none does. */
  readonly shown: StudyComparison | null;
  /** Its largest share below all rows: what is said where nothing is shown. */
  readonly largest: StudyComparison;
}

/**
 * For each arm with fewer rows against each other arm with all of them, the smallest share that is
 * shown to be enough. A share counts only where each larger one is shown, too: else the one among
 * many that chance favoured would be told.
 */
export function matchesOf({ matches, margin }: Comparison): Match[] {
  const pairs = new Map<string, StudyComparison[]>();
  for (const each of matches) {
    const key = `${armKey(each.a.arm)} ${armKey(each.b.arm)}`;
    pairs.set(key, [...(pairs.get(key) ?? []), each]);
  }
  return [...pairs.values()].flatMap((pair) => {
    const falling = pair.toSorted((one, two) => two.a.share - one.a.share);
    const [largest] = falling;
    if (largest === undefined) return [];
    const enough = ({ verdict, difference }: StudyComparison): boolean => {
      const claim = claimOf(verdict, difference, margin);
      return claim === 'better' || claim === 'no-worse';
    };
    const until = falling.findIndex((each) => !enough(each));
    const held = until < 0 ? falling : falling.slice(0, until);
    return [{ shown: held.at(-1) ?? null, largest }];
  });
}

/** What may be advised of more rows: what was advised, as far as an interval beside it shows it. */
export function adviceOf(
  { advice, last, perDoubling }: StudyGrowth,
  margin: number,
): StudyGrowth['advice'] {
  const gains = [last?.gain, perDoubling].filter((gain) => gain !== null && gain !== undefined);
  if (advice === 'more' && gains.some((gain) => gain.low > 0)) return 'more';
  if (advice === 'enough' && gains.some((gain) => gain.high < margin)) return 'enough';
  return 'unclear';
}

/** Whether a gain between two amounts is told as one, on that many scored rows. */
export const stepOf = (gain: Interval, rows: number): 'rose' | 'fell' | 'open' =>
  isReal(gain, rows) ? gainOf(gain) : 'open';

/** Whether a gain is told as one: `open` where even its direction is. */
export function gainOf({ low, high }: Interval): 'rose' | 'fell' | 'open' {
  return low > 0 ? 'rose' : high < 0 ? 'fell' : 'open';
}
