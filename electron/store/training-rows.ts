import type { Part } from '../contract/entities.ts';
import type { FullExampleRow } from './examples.ts';
import { fullExampleColumns, toFullExample } from './examples.ts';
import { standing } from './rationales.ts';
import type { MaybeReview } from './review-rows.ts';
import { reviewColumns, toMaybeReview } from './review-rows.ts';
import type { Db, Flag } from './sql.ts';
import { truth } from './sql.ts';
import type { ReviewRows, TrainingCandidate } from './store.ts';

type Row = FullExampleRow &
  MaybeReview & {
    sample: number | null;
    label: string | null;
    rationale: string | null;
    correct: Flag | null;
    suspicion: number | null;
  };

interface Members {
  splitId: string;
  part: Part;
  extractionId: string | null;
}

/** What is known of the rows of a part that could train, in import order. */
export function trainingRows(db: Db): Pick<ReviewRows, 'training'> {
  const select = db.prepare<Members, Row>(
    `SELECT ${fullExampleColumns}, r.sample, r.label, r.rationale, r.correct, h.suspicion,
       ${reviewColumns}
     FROM split_members m CROSS JOIN examples e ON e.id = m.example_id
     LEFT JOIN rationales r
       ON r.example_id = e.id AND r.extraction_id = @extractionId AND ${standing('r')}
     LEFT JOIN health h ON h.extraction_id = @extractionId AND h.example_id = e.id
     LEFT JOIN reviews v
       ON v.extraction_id = @extractionId AND v.reviewer = '' AND v.example_id = e.id
     WHERE m.split_id = @splitId AND m.part = @part ORDER BY m.example_id`,
  );
  const selectKept = db.prepare<Members, { exampleId: number; rationale: string }>(
    `SELECT m.example_id AS exampleId, r.rationale
     FROM split_members m CROSS JOIN rationales r
       ON r.example_id = m.example_id AND r.extraction_id = @extractionId
     WHERE m.split_id = @splitId AND m.part = @part AND r.kept = 1 AND r.rationale <> ''
     ORDER BY m.example_id, r.chosen DESC, r.sample`,
  );
  return {
    training: (splitId, part, extractionId) => {
      const members = { splitId, part, extractionId };
      const kept = new Map<number, string[]>();
      for (const { exampleId, rationale } of selectKept.iterate(members)) {
        const ofRow = kept.get(exampleId);
        if (ofRow) ofRow.push(rationale);
        else kept.set(exampleId, [rationale]);
      }
      return Array.from(select.iterate(members), (row) => toCandidate(row, kept.get(row.id) ?? []));
    },
  };
}

function toCandidate(row: Row, kept: readonly string[]): TrainingCandidate {
  const { sample, label, rationale, correct, suspicion } = row;
  return {
    example: exampleOf(row),
    answer: sample === null ? null : { label, rationale, correct: truth(correct) },
    kept,
    review: toMaybeReview(row),
    suspicion,
  };
}

/** The columns of the example alone, of a row that has more. */
const exampleOf = (row: Row): TrainingCandidate['example'] =>
  toFullExample({
    ...{ id: row.id, datasetId: row.datasetId, externalId: row.externalId, input: row.input },
    ...{ choices: row.choices, gold: row.gold, givenPart: row.givenPart, meta: row.meta },
    recordedCompletion: row.recordedCompletion,
    recordedRationale: row.recordedRationale,
  });
