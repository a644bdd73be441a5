import type { Db } from './sql.ts';

/** The label and the rationale of the answer that stands for a row, before and now. */
export interface ChangedAnswer {
  extractionId: string;
  exampleId: number;
  oldLabel: string | null;
  oldRationale: string | null;
  label: string | null;
  rationale: string | null;
}

type Column = 'verdict' | 'label' | 'rationale';

/**
 * Whether a person accepted or edited a row whose label or rationale is another one now: they were
 * never seen side by side. What the teacher alone says, and nobody accepted, goes together.
 */
const isUnseen = (of: (column: Column) => string): string => {
  const [verdict, label, rationale] = [of('verdict'), of('label'), of('rationale')];
  return `
  (${verdict} IS 'accepted' OR ${label} IS NOT NULL OR ${rationale} IS NOT NULL)
  AND coalesce(${rationale}, @rationale) IS NOT NULL
  AND (coalesce(${label}, @label) IS NOT coalesce(${label}, @oldLabel)
    OR coalesce(${rationale}, @rationale) IS NOT coalesce(${rationale}, @oldRationale))
  AND (${verdict} IS 'accepted' OR ${rationale} IS NOT NULL OR ${label} IS NOT @label)`;
};

/**
 * Marks what this workspace's person said of a row as stale when another answer comes to stand for
 * it, as after a new parse or more samples: its rationale is not learned before that person has seen
 * it. What is kept for undoing is marked too. Needs a transaction.
 */
export function staleMarker(db: Db): (changed: ChangedAnswer) => void {
  const mark = db.prepare<ChangedAnswer>(
    `UPDATE reviews SET stale = 1
     WHERE extraction_id = @extractionId AND reviewer = '' AND example_id = @exampleId
       AND stale = 0 AND ${isUnseen((column) => column)}`,
  );
  const markKept = db.prepare<ChangedAnswer>(
    `UPDATE review_changes SET before = json_set(before, '$.stale', 1)
     WHERE example_id = @exampleId AND before IS NOT NULL
       AND action_id IN (SELECT id FROM review_actions WHERE extraction_id = @extractionId)
       AND ${isUnseen((column) => `(before ->> '${column}')`)}`,
  );
  return (changed) => {
    mark.run(changed);
    markKept.run(changed);
  };
}
