import type { Accuracy, CascadePoint, CascadeTarget } from '../../contract/entities.ts';
import { wilson } from '../statistics.ts';
import type { AnswerSheet, SystemColumns } from './sheet.ts';

/**
 * A cascade: the student answers where its confidence reaches a threshold, and the rest goes to the
 * teacher. The threshold is chosen on validation rows and confirmed on others.
 */

/** Rows that count: with a gold label, that both were asked and whose confidence is known. */
export interface CascadeRows {
  /** How sure the student was; 0 where it came to no label, since there is nothing to answer with. */
  readonly confidence: Float64Array;
  /** 1 right, 0 wrong. */
  readonly student: Uint8Array;
  readonly teacher: Uint8Array;
}

/** US dollars for 1,000 answers of each; null where that is not known. */
export interface CascadePrices {
  readonly student: number | null;
  readonly teacher: number | null;
}

/** No confidence reaches it: the teacher answers everything. */
export const beyondConfidence = 1.01;

/** Takes the rows that count out of a sheet. */
export function cascadeRows(
  sheet: AnswerSheet,
  student: SystemColumns,
  teacher: SystemColumns,
): CascadeRows {
  const counted: number[] = [];
  for (let row = 0; row < sheet.exampleIds.length; row++) {
    const isScored = (student.correct[row] ?? -1) >= 0 && (teacher.correct[row] ?? -1) >= 0;
    if (isScored && sureness(student, row) !== null) counted.push(row);
  }
  return {
    confidence: Float64Array.from(counted, (row) => sureness(student, row) ?? 0),
    student: Uint8Array.from(counted, (row) => student.correct[row] ?? 0),
    teacher: Uint8Array.from(counted, (row) => teacher.correct[row] ?? 0),
  };
}

function sureness({ label, confidence }: SystemColumns, row: number): number | null {
  if ((label[row] ?? -1) < 0) return 0;
  const value = confidence[row] ?? Number.NaN;
  return Number.isNaN(value) ? null : value;
}

/** The teacher alone on these rows; null without rows. */
export function teacherAlone({ teacher }: CascadeRows): Accuracy | null {
  return teacher.length === 0 ? null : wilson(rightIn(teacher), teacher.length);
}

/**
 * A point for every threshold that makes a difference, rising: from the student alone, threshold 0, to
 * the teacher alone. Thresholds lie between the confidences of two rows, with as few digits as tell
 * them apart. Empty without rows.
 */
export function cascadePoints(rows: CascadeRows, prices: CascadePrices): CascadePoint[] {
  const { confidence, student, teacher } = rows;
  const order = Array.from(confidence.keys()).sort(
    (a, b) => (confidence[a] ?? 0) - (confidence[b] ?? 0),
  );
  const total = order.length;
  if (total === 0) return [];
  const points: CascadePoint[] = [];
  let studentRight = rightIn(student);
  let teacherRight = 0;
  let before = Number.NaN;
  order.forEach((row, passed) => {
    const here = confidence[row] ?? 0;
    if (here !== before) {
      const threshold = passed === 0 ? 0 : between(before, here);
      points.push(pointOf({ threshold, total, passed, studentRight, teacherRight }, prices));
      before = here;
    }
    studentRight -= student[row] ?? 0;
    teacherRight += teacher[row] ?? 0;
  });
  const last = { threshold: beyondConfidence, total, passed: total, studentRight: 0, teacherRight };
  return [...points, pointOf(last, prices)];
}

/** What a threshold does on these rows. */
export function cascadePoint(
  { confidence, student, teacher }: CascadeRows,
  threshold: number,
  prices: CascadePrices,
): CascadePoint {
  const total = confidence.length;
  let [passed, studentRight, teacherRight] = [0, 0, 0];
  for (let row = 0; row < total; row++) {
    if ((confidence[row] ?? 0) >= threshold) studentRight += student[row] ?? 0;
    else {
      passed += 1;
      teacherRight += teacher[row] ?? 0;
    }
  }
  return pointOf({ threshold, total, passed, studentRight, teacherRight }, prices);
}

/**
 * The point that a target asks for: of those that reach it, the one with which the student answers
 * most. Null where none does with which it answers anything.
 */
export function choosePoint(
  rows: CascadeRows,
  points: readonly CascadePoint[],
  target: CascadeTarget,
  prices: CascadePrices,
): CascadePoint | null {
  const teacher = teacherAlone(rows);
  if (teacher === null) return null;
  if (target.kind === 'threshold') {
    const point = cascadePoint(rows, target.threshold, prices);
    return point.coverage > 0 ? point : null;
  }
  const reaches = (point: CascadePoint): boolean =>
    target.kind === 'student'
      ? point.student.accuracy >= target.accuracy
      : point.together.accuracy >= teacher.accuracy - target.loss - rounding;
  return points.find((point) => point.coverage > 0 && reaches(point)) ?? null;
}

/** What is lost when one share is taken from another: less than one row of a million. */
const rounding = 1e-9;

/** Points spread evenly over coverage, both ends among them, for a picture and a table. */
export function spreadPoints(points: readonly CascadePoint[], most: number): CascadePoint[] {
  if (points.length <= most) return [...points];
  const step = (points.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, at) => points[Math.round(at * step)]).flatMap((point) =>
    point === undefined ? [] : [point],
  );
}

interface Counted {
  readonly threshold: number;
  readonly total: number;
  /** Rows that go to the teacher. */
  readonly passed: number;
  /** Of the student's own answers, and of the teacher's to the rest. */
  readonly studentRight: number;
  readonly teacherRight: number;
}

function pointOf(counted: Counted, prices: CascadePrices): CascadePoint {
  const { threshold, total, passed, studentRight, teacherRight } = counted;
  const own = total - passed;
  return {
    threshold,
    rows: total,
    coverage: total === 0 ? 0 : own / total,
    student: wilson(studentRight, own),
    together: wilson(studentRight + teacherRight, total),
    ...money(total === 0 ? 0 : passed / total, prices),
  };
}

/** Every row is put to the student first: its confidence decides. Then the rest costs the teacher's price. */
function money(
  passed: number,
  { student, teacher }: CascadePrices,
): Pick<CascadePoint, 'perThousand' | 'cheaper'> {
  if (student === null || teacher === null) return { perThousand: null, cheaper: null };
  const perThousand = student + passed * teacher;
  const isTold = teacher > 0 && perThousand > 0;
  return { perThousand, cheaper: isTold ? teacher / perThousand : null };
}

/** A number between two others with as few decimals as will do, near their middle. */
function between(low: number, high: number): number {
  const middle = (low + high) / 2;
  for (let scale = 100; scale <= 1e12; scale *= 10) {
    const short = Math.round(middle * scale) / scale;
    if (short > low && short < high) return short;
  }
  return middle;
}

const rightIn = (answers: Uint8Array): number => answers.reduce((sum, right) => sum + right, 0);
