import type { Measure, RationaleMeasures, Task } from '../../contract/entities.ts';
import { bootstrapMean } from '../../core/comparison/bootstrap.ts';
import { rougeL } from '../../core/comparison/rouge.ts';
import { leadsToLabel } from '../../core/health/contradiction.ts';
import { equationsIn } from '../../core/health/equations.ts';
import { wordCount } from '../../core/health/words.ts';
import type { AnswerSource, Store } from '../../store/store.ts';
import { shareIfAny } from './shares.ts';

/** Rows of a part whose rationales are read: each takes a fraction of a millisecond. */
const mostRead = 5_000;

/** What one system wrote for a row, by example. */
export interface WrittenAnswer {
  readonly label: string | null;
  readonly rationale: string;
}
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
export function writtenBy(store: Store, source: AnswerSource, rows: ReadonlySet<number>): Written {
  const written = new Map<number, WrittenAnswer>();
  if (source.kind === 'extraction') {
    for (const [id, { label, rationale }] of store.extractions.parsed(source.id)) {
      if (rows.has(id) && hasText(rationale)) written.set(id, { label, rationale });
    }
    return written;
  }
  for (const { exampleId, label, rationale } of store.evaluations.predictions(source.id)) {
    if (!hasText(rationale)) continue;
    written.set(exampleId, { label: hasText(label) ? label : null, rationale });
  }
  return written;
}

/**
 * What the rationales of a line of the scoreboard are like. With several seeds counts are over all of
 * them together, means over the rows' means; see `shareOver` for the intervals of shares.
 *
 * @param byTeacher rationales that these are set against; null for the teacher itself, and without one
 * @returns null for fewer than two rows with one
 */
export function measureRationales(
  systems: readonly Written[],
  byTeacher: Written | null,
  rows: MeasuredRows,
): RationaleMeasures | null {
  const counts = { read: 0, judged: 0, holds: 0, concluded: 0, leads: 0 };
  const words: number[] = [];
  const alike: number[] = [];
  for (const exampleId of spread(rows.exampleIds, mostRead)) {
    const answers = systems.flatMap((written) => written.get(exampleId) ?? []);
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
    rows: systems.reduce((sum, written) => sum + written.size, 0),
    read: counts.read,
    words: mean,
    arithmeticHolds: shareIfAny(counts.holds, counts.judged, systems.length),
    leadsToLabel: shareIfAny(counts.leads, counts.concluded, systems.length),
    rougeL: measureOf(alike),
  };
}

/** All of them, or so many at equal distances. */
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

const hasText = (text: string | null): text is string => text !== null && text.trim() !== '';
