import type { Measure, RationaleMeasures, Task } from '../../contract/entities.ts';
import { bootstrapMean } from '../../core/comparison/bootstrap.ts';
import { rougeL } from '../../core/comparison/rouge.ts';
import { leadsToLabel } from '../../core/health/contradiction.ts';
import { equationsIn } from '../../core/health/equations.ts';
import { wordCount } from '../../core/health/words.ts';
import type { AnswerSource, ExplainedAnswer, Store } from '../../store/store.ts';
import { shareIfAny } from './shares.ts';

/** Rows of a part whose rationales are read: each takes a fraction of a millisecond. */
const mostRead = 5_000;

/** What one system wrote for a row, by example. */
export type WrittenAnswer = Omit<ExplainedAnswer, 'exampleId'>;
export type Written = ReadonlyMap<number, WrittenAnswer>;

/** What is known of the rows beside what was written. */
export interface MeasuredRows {
  readonly task: Task;
  /** The label set of a classification; empty when it has none. */
  readonly labels: readonly string[];
  /** Examples of the part, in import order. */
  readonly exampleIds: ArrayLike<number>;
  readonly choicesOf: (exampleId: number) => readonly string[] | null;
}

/** Rationales of one system for these rows, by example; a row without one is absent. */
export const writtenBy = (
  store: Store,
  source: AnswerSource,
  exampleIds: readonly number[],
): Written =>
  new Map(
    store.answers
      .rationales(source, exampleIds)
      .map(({ exampleId, ...answer }) => [exampleId, answer]),
  );

/** The rows of a part whose rationales are read: all of them, or so many at equal distances. */
export const rowsRead = (exampleIds: ArrayLike<number>): number[] => spread(exampleIds, mostRead);

/**
 * What the rationales of a line of the scoreboard are like. With several seeds counts are over all of
 * them together, means over the rows' means; see `shareOver` for the intervals of shares.
 *
 * @param systems what each wrote on the rows that are read, at least
 * @param byTeacher rationales that these are set against; null for the teacher itself, and without one
 * @param written rationales that there are, read or not
 * @returns null for fewer than two rows with one
 */
export function measureRationales(
  systems: readonly Written[],
  byTeacher: Written | null,
  rows: MeasuredRows,
  written: number = systems.reduce((sum, own) => sum + own.size, 0),
): RationaleMeasures | null {
  const counts = { read: 0, judged: 0, holds: 0, concluded: 0, leads: 0 };
  const words: number[] = [];
  const alike: number[] = [];
  for (const exampleId of rowsRead(rows.exampleIds)) {
    const answers = systems.flatMap((own) => own.get(exampleId) ?? []);
    if (answers.length === 0) continue;
    words.push(meanOf(answers.map(({ rationale }) => wordCount(rationale))));
    const reference = byTeacher?.get(exampleId)?.rationale;
    if (reference !== undefined) {
      alike.push(meanOf(answers.map(({ rationale }) => rougeL(rationale, reference))));
    }
    for (const answer of answers) count(counts, answer, rows, exampleId);
  }
  const mean = measureOf(words);
  if (mean === null) return null;
  return {
    rows: written,
    read: counts.read,
    words: mean,
    arithmeticHolds: shareIfAny(counts.holds, counts.judged, systems.length),
    leadsToLabel: shareIfAny(counts.leads, counts.concluded, systems.length),
    rougeL: measureOf(alike),
  };
}

function spread(ids: ArrayLike<number>, most: number): number[] {
  const step = Math.max(1, ids.length / most);
  return Array.from(
    { length: Math.min(ids.length, most) },
    (_, at) => ids[Math.floor(at * step)] ?? 0,
  );
}

function count(
  counts: { read: number; judged: number; holds: number; concluded: number; leads: number },
  { label, rationale }: WrittenAnswer,
  { task, labels, choicesOf }: MeasuredRows,
  exampleId: number,
): void {
  const equations = equationsIn(rationale);
  counts.read += 1;
  if (equations.length > 0) {
    counts.judged += 1;
    if (equations.every(({ holds }) => holds)) counts.holds += 1;
  }
  if (label === null) return;
  const row = { label, rationale, choices: choicesOf(exampleId) };
  const leads = leadsToLabel(row, { task, labels }, equations);
  if (leads === null) return;
  counts.concluded += 1;
  if (leads) counts.leads += 1;
}

function measureOf(values: readonly number[]): Measure | null {
  const mean = bootstrapMean(Float64Array.from(values));
  return mean === null ? null : { ...mean, rows: values.length, how: 'bootstrap' };
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
