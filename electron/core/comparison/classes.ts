import type { ClassScore, Confusion, Interval, Measure } from '../../contract/entities.ts';
import { wilsonOf } from '../statistics.ts';
import { cellsOf, classesOf, countClasses, f1Of, macroOf, withMadeUp } from './class-cells.ts';
import type { Cells, ClassCounts } from './class-cells.ts';
import { resampleCounts, resamplesOf } from './resample.ts';
import type { BootstrapOptions } from './resample.ts';
import { overSeeds } from './seed-draws.ts';
import type { Scored } from './seed-draws.ts';
import type { SystemColumns } from './sheet.ts';

/** Labels that a confusion matrix shows at most. */
const SHOWN_LABELS = 20;

/**
 * What was said of rows, as places in a list of labels: `gold` of each row, and a column of answers for
 * each system (for each seed of a student). -1 in `said`: no label.
 */
export interface Classified {
  readonly gold: Int32Array;
  readonly said: readonly Int32Array[];
}

/** The rows that have a gold label and that all of these systems were asked. */
export function classified(
  gold: Int32Array,
  systems: readonly Pick<SystemColumns, 'asked' | 'label'>[],
): Classified {
  const rows = new Int32Array(gold.length);
  let count = 0;
  for (let row = 0; row < gold.length; row++) {
    if ((gold[row] ?? -1) < 0 || systems.some(({ asked }) => asked[row] !== 1)) continue;
    rows[count] = row;
    count += 1;
  }
  const kept = rows.subarray(0, count);
  const pick = (column: Int32Array): Int32Array => kept.map((row) => column[row] ?? -1);
  return { gold: pick(gold), said: systems.map(({ label }) => pick(label)) };
}

/**
 * How often which label was given for which, over all the systems together. Rows with a rarer gold
 * label than the {@link SHOWN_LABELS} commonest are not in it.
 *
 * @param labels texts that the numbers stand for
 */
export function confusionOf(
  gold: Int32Array,
  said: readonly Int32Array[],
  labels: readonly string[],
): Confusion {
  const shown = classesOf(gold).slice(0, SHOWN_LABELS);
  const places = new Map(shown.map((label, place) => [label, place]));
  const counts = shown.map(() => shown.map(() => 0));
  const other = shown.map(() => 0);
  const none = shown.map(() => 0);
  const add = (line: number[] | undefined, at: number): void => {
    if (line !== undefined) line[at] = (line[at] ?? 0) + 1;
  };
  for (const column of said) {
    for (let row = 0; row < gold.length; row++) {
      const truth = places.get(gold[row] ?? -1);
      if (truth === undefined) continue;
      const answer = column[row] ?? -1;
      const place = places.get(answer);
      if (place !== undefined) add(counts[truth], place);
      else add(answer < 0 ? none : other, truth);
    }
  }
  return { labels: shown.map((label) => labels[label] ?? ''), counts, other, none };
}

/**
 * Scores of each class that is some row's gold label, the commonest first. Precision and recall have
 * Wilson's interval; of several systems (seeds of a student) they are over all answers, and the
 * interval that of one system's rows, since the same rows seen again are no more rows. F1 as
 * {@link macroF1}.
 */
export function classScores(
  gold: Int32Array,
  said: readonly Int32Array[],
  labels: readonly string[],
  options: BootstrapOptions = {},
): ClassScore[] {
  if (said.length === 0) return [];
  const cells = cellsOf(gold, said);
  const rows = rowsOf(cells);
  const own = said.map((_, system) => countClasses(cells, system, cells.counts));
  const made = withMadeUp(cells, favouring(said.length), 2 / said.length);
  const f1 = drawScores(cells, made, options, cells.classes.length, f1Of);
  const total = (of: keyof ClassCounts, place: number): number =>
    own.reduce((sum, counts) => sum + (counts[of][place] ?? 0), 0);
  return cells.classes.map((label, place) => {
    const both = total('both', place);
    const put = total('said', place);
    return {
      label: labels[label] ?? '',
      precision: put === 0 ? null : wilsonOf(both, put, said.length),
      recall: wilsonOf(both, total('gold', place), said.length),
      f1: measureOf(f1[place] ?? [], rows),
    };
  });
}

/**
 * The mean F1 over classes with its 95% interval: the bootstrap over rows for one system; the mean over
 * several (seeds of a student) with what seeds add, as {@link overSeeds}. Classes are gold labels that
 * occur; an answer that is none of them, or none at all, is a miss of its row's class.
 *
 * It is a mean over classes however rare they are: with classes of a few rows each the interval can't
 * be trusted.
 *
 * @returns null without rows or systems
 * @throws RangeError unless all columns are of the same rows
 */
export function macroF1(
  gold: Int32Array,
  said: readonly Int32Array[],
  options: BootstrapOptions = {},
): Measure | null {
  const cells = cellsOf(gold, said);
  if (said.length === 0 || cells.counts.length === 0) return null;
  const made = withMadeUp(cells, favouring(said.length), 2 / said.length);
  const [scores = []] = drawScores(cells, made, options, 1, macroOf);
  return measureOf(scores, rowsOf(cells));
}

/**
 * Macro-F1 of `a` less that of `b` (seeds of each) on the same rows, with its 95% interval: rows are
 * drawn for both at once, so that rows that are hard for both are no noise.
 *
 * @param options `fixed`: the side that has no seeds, as a teacher
 * @returns null without rows, or where one side has no system
 * @throws RangeError unless all columns are of the same rows
 */
export function macroF1Difference(
  gold: Int32Array,
  a: readonly Int32Array[],
  b: readonly Int32Array[],
  { fixed = null, ...options }: BootstrapOptions & { readonly fixed?: 'a' | 'b' | null } = {},
): Interval | null {
  const cells = cellsOf(gold, [...a, ...b]);
  const rows = rowsOf(cells);
  if (rows === 0 || a.length === 0 || b.length === 0) return null;
  const favoured = [...a.map(() => true), ...b.map(() => false)];
  const made = withMadeUp(cells, favoured, 1 / Math.min(a.length, b.length));
  const [scores = []] = drawScores(cells, made, options, 1, macroOf);
  return overSeeds(
    [
      { weight: 1, scores: scores.slice(0, a.length), fixed: fixed === 'a' },
      { weight: -1, scores: scores.slice(a.length), fixed: fixed === 'b' },
    ],
    rows,
  );
}

const favouring = (systems: number): boolean[] => Array.from({ length: systems }, () => true);

/** Scores of the sample, and of resamples of what is drawn from: several a system, by number and system. */
function drawScores(
  sample: Cells,
  from: Cells,
  options: BootstrapOptions,
  scores: number,
  scoreOf: (counts: ClassCounts, score: number) => number,
): Scored[][] {
  const systems = sample.said.map((_, system) => {
    const own = countClasses(sample, system, sample.counts);
    const centre = countClasses(from, system, from.counts);
    return Array.from({ length: scores }, (_unused, score) => ({
      value: scoreOf(own, score),
      centre: scoreOf(centre, score),
      draws: new Float64Array(resamplesOf(options)),
    }));
  });
  resampleCounts(from.counts, rowsOf(sample), options, (counts, resample) => {
    for (const [system, found] of systems.entries()) {
      const own = countClasses(from, system, counts);
      // A class that a resample has no row of, and nobody put one there, is missed in it.
      for (const [score, { draws }] of found.entries()) draws[resample] = scoreOf(own, score) || 0;
    }
  });
  return Array.from({ length: scores }, (_, score) =>
    systems.flatMap((found) => found[score] ?? []),
  );
}

const rowsOf = (cells: Cells): number => cells.counts.reduce((sum, count) => sum + count, 0);

function measureOf(scores: readonly Scored[], rows: number): Measure {
  const how = scores.length === 1 ? 'bootstrap' : 'seeds';
  return { ...overSeeds([{ weight: 1, scores }], rows), rows, how };
}
