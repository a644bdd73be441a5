import { shown, toChoices } from './examples.ts';
import type { Db } from './sql.ts';
import type { ReviewRows } from './store.ts';

/** Rows with a saved answer by the id that their file gave them, for reviews made in another workspace. */
export function reviewMatching(db: Db): Pick<ReviewRows, 'matching'> {
  const select = db.prepare<
    [string, string],
    { exampleId: number; input: string; choices: string | null }
  >(
    `SELECT e.id AS exampleId, e.input, e.choices
     FROM extractions x
     JOIN datasets d ON d.project_id = x.project_id
     CROSS JOIN examples e ON e.dataset_id = d.id AND e.external_id = ?
     WHERE x.id = ? AND ${shown('x.project_id')} AND EXISTS (
       SELECT 1 FROM rationales r WHERE r.example_id = e.id AND r.extraction_id = x.id)
     ORDER BY e.id`,
  );
  return {
    matching: (extractionId, externalId) =>
      select
        .all(externalId, extractionId)
        .map(({ choices, ...row }) => ({ ...row, choices: toChoices(choices) })),
  };
}
