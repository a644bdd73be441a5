import type { Part, ReviewRow } from '../../contract/entities.ts';

/**
 * One row as other tools read it. `input`, `label` and `rationale` are what they train on; the rest
 * says where that is from.
 */
export interface DataRecord {
  /** The row's id in the file that it was imported from. */
  readonly id: string;
  readonly input: string;
  readonly choices: readonly string[] | null;
  /** A person's where they edited it, else the teacher's; gold where no teacher is seen. */
  readonly label: string | null;
  /** The same, and null where it was rejected, or is about a label that was edited since. */
  readonly rationale: string | null;
  readonly gold: string | null;
  /** As the teacher wrote them, whatever was said of them. */
  readonly teacher_label: string | null;
  readonly teacher_rationale: string | null;
  readonly verdict: 'accepted' | 'rejected' | null;
  readonly tags: readonly string[];
  readonly flags: readonly string[];
  /** Of the split that the filter names; null without one. */
  readonly part: Part | null;
}

/** The columns in the order in which they are written. */
export const recordColumns = [
  'id',
  'input',
  'choices',
  'label',
  'rationale',
  'gold',
  'teacher_label',
  'teacher_rationale',
  'verdict',
  'tags',
  'flags',
  'part',
] as const satisfies readonly (keyof DataRecord)[];

/** What is the same for all rows of one export. */
export interface RecordContext {
  /** Whether a teacher's answers are seen; without, the label is gold. */
  readonly answers: boolean;
  readonly part: Part | null;
}

/** A row of the table as the record that is written of it. */
export function toRecord(row: ReviewRow, { answers, part }: RecordContext): DataRecord {
  const { review } = row;
  return {
    id: row.externalId,
    input: row.input,
    choices: row.choices,
    label: answers ? (review?.label ?? row.label) : row.gold,
    rationale: isTaught(row) ? (review?.rationale ?? row.rationale) || null : null,
    gold: row.gold,
    teacher_label: row.label,
    teacher_rationale: row.rationale,
    verdict: review?.verdict ?? null,
    tags: review?.tags ?? [],
    flags: row.flags,
    part,
  };
}

const isTaught = ({ review }: ReviewRow): boolean =>
  review?.verdict !== 'rejected' && review?.stale !== true;
