import type { TeacherReport } from '../../../../electron/contract/entities.ts';

type Matrix = NonNullable<TeacherReport['confusion']>;

/** One gold label and what the teacher answered to its rows. */
export interface ConfusionLine {
  readonly gold: string;
  /** By the teacher's label, in the order of the matrix. */
  readonly counts: readonly number[];
  readonly other: number;
  readonly unparsed: number;
  /** Rows with this gold label. */
  readonly rows: number;
  /** Of them, those answered with it. */
  readonly right: number;
}

export const confusionLines = (matrix: Matrix): ConfusionLine[] =>
  matrix.labels.map((gold, index) => {
    const counts = matrix.counts[index] ?? [];
    const other = matrix.other[index] ?? 0;
    const unparsed = matrix.unparsed[index] ?? 0;
    const rows = counts.reduce((sum, count) => sum + count, other + unparsed);
    return { gold, counts, other, unparsed, rows, right: counts[index] ?? 0 };
  });

/** The pair of labels that is confused most often; null when none is. */
export function worstConfusion(
  matrix: Matrix,
): { gold: string; teacher: string; rows: number } | null {
  const mistakes = matrix.counts.flatMap((counts, gold) =>
    counts.map((rows, teacher) => ({ gold, teacher, rows: gold === teacher ? 0 : rows })),
  );
  const [worst] = mistakes.toSorted((a, b) => b.rows - a.rows);
  if (!worst || worst.rows === 0) return null;
  const name = (index: number) => matrix.labels[index] ?? '';
  return { gold: name(worst.gold), teacher: name(worst.teacher), rows: worst.rows };
}
