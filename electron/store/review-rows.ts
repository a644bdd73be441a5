import { z } from 'zod';
import { healthFlags } from '../contract/entities.ts';
import type { HealthFlag, Review, ReviewRow, ReviewVerdict } from '../contract/entities.ts';
import { toChoices } from './examples.ts';
import { standing } from './rationales.ts';
import type { Db, Flag } from './sql.ts';
import { fromJson, toJson, truth } from './sql.ts';

/** A review as SQLite answers it: the columns of {@link reviewColumns}. */
export interface SavedReview {
  reviewer: string;
  verdict: ReviewVerdict | null;
  ownLabel: string | null;
  ownRationale: string | null;
  stale: Flag;
  note: string;
  tags: string;
  updatedAt: string;
}

/** For queries in which the table of reviews is called `v`. */
export const reviewColumns = `
  v.reviewer, v.verdict, v.label AS ownLabel, v.rationale AS ownRationale, v.stale, v.note, v.tags,
  v.updated_at AS updatedAt`;

/** The same where a row may have no review, and all of them are null. */
export type MaybeReview = SavedReview | { [Column in keyof SavedReview]: null };

const Tags = z.array(z.string());

export const toReview = (row: SavedReview): Review => ({
  reviewer: row.reviewer,
  verdict: row.verdict,
  label: row.ownLabel,
  rationale: row.ownRationale,
  stale: row.stale === 1,
  note: row.note,
  tags: fromJson(Tags, row.tags),
  updatedAt: row.updatedAt,
});

export const toMaybeReview = (row: MaybeReview): Review | null =>
  row.reviewer === null ? null : toReview(row);

/** Flags by their bits, in the order of the contract. */
export const flagsOf = (bits: number): HealthFlag[] =>
  healthFlags.filter((_, index) => (bits & (1 << index)) !== 0);

type Row = MaybeReview & {
  exampleId: number;
  externalId: string;
  input: string;
  choices: string | null;
  gold: string | null;
  sample: number | null;
  label: string | null;
  rationale: string | null;
  correct: Flag | null;
  votes: number | null;
  answers: number | null;
  failure: string | null;
  flags: number | null;
  suspicion: number | null;
};

/** Reads rows as the table shows them, in the order of their ids; those that are gone are left out. */
export function reviewRowReader(
  db: Db,
): (extractionId: string | null, ids: readonly number[]) => ReviewRow[] {
  const select = db.prepare<{ ids: string; extractionId: string | null }, Row>(
    `SELECT e.id AS exampleId, e.external_id AS externalId, e.input, e.choices, e.gold,
       r.sample, r.label, r.rationale, r.correct, r.votes, r.answers,
       iif(r.sample IS NULL, (SELECT failure_message FROM completions
         WHERE example_id = e.id AND extraction_id = @extractionId ORDER BY sample LIMIT 1), NULL)
         AS failure,
       h.flags, h.suspicion, ${reviewColumns}
     FROM json_each(@ids) AS listed CROSS JOIN examples e ON e.id = listed.value
     LEFT JOIN rationales r
       ON r.example_id = e.id AND r.extraction_id = @extractionId AND ${standing('r')}
     LEFT JOIN health h ON h.extraction_id = @extractionId AND h.example_id = e.id
     LEFT JOIN reviews v
       ON v.extraction_id = @extractionId AND v.reviewer = '' AND v.example_id = e.id
     ORDER BY listed.key`,
  );
  return (extractionId, ids) => select.all({ ids: toJson(ids), extractionId }).map(toReviewRow);
}

const toReviewRow = (row: Row): ReviewRow => ({
  exampleId: row.exampleId,
  externalId: row.externalId,
  input: row.input,
  choices: toChoices(row.choices),
  gold: row.gold,
  label: row.label,
  rationale: row.rationale,
  correct: truth(row.correct),
  failure: row.failure,
  answered: row.sample !== null || row.failure !== null,
  agreement:
    row.votes === null || row.answers === null ? null : { votes: row.votes, answers: row.answers },
  flags: flagsOf(row.flags ?? 0),
  suspicion: row.suspicion,
  review: toMaybeReview(row),
});
