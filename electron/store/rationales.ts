import type { ParseSummary, Part } from '../contract/entities.ts';
import { wilson } from '../core/statistics.ts';
import type { Db, Flag } from './sql.ts';
import { found, truth } from './sql.ts';
import type { ExtractionRows } from './store.ts';

interface Counts {
  rows: number;
  parsed: number;
  correct: number;
  withGold: number;
}

/**
 * The condition that leaves of one example's parses the one that stands for its row. The plus keeps
 * SQLite from the index of such parses, which is for counting: it would read a whole extraction for
 * each example.
 */
export const standing = (table: string): string => `+${table}.chosen = 1`;

/** Rows that failed: a request for them failed for good, and no other answer of theirs is saved. */
export const rowsFailed = `
  SELECT DISTINCT f.example_id FROM completions f
  WHERE f.extraction_id = @id AND f.failed = 1 AND NOT EXISTS (
    SELECT 1 FROM completions
    WHERE example_id = f.example_id AND extraction_id = @id AND failed = 0)`;

type Methods = 'summary' | 'parsed' | 'partSummary';

/** What the completions were parsed into, counted and shown. */
export function rationaleRows(db: Db): Pick<ExtractionRows, Methods> {
  const selectCounts = db.prepare<[string], Counts>(
    `SELECT answered_rows AS rows, parsed_rows AS parsed, correct_rows AS correct,
       gold_rows AS withGold
     FROM extractions WHERE id = ?`,
  );
  const selectDatasetCounts = db.prepare<[string, string], Counts>(
    `SELECT count(*) AS rows, coalesce(sum(r.parsed), 0) AS parsed,
       coalesce(sum(r.correct), 0) AS correct, count(r.correct) AS withGold
     FROM examples e CROSS JOIN rationales r
       ON r.example_id = e.id AND r.extraction_id = ? AND ${standing('r')}
     WHERE e.dataset_id = ?`,
  );
  const selectParsed = db.prepare<
    [string],
    { exampleId: number; label: string; rationale: string | null; correct: Flag | null }
  >(
    `SELECT example_id AS exampleId, label, rationale, correct FROM rationales
     WHERE extraction_id = ? AND chosen = 1 AND parsed = 1 ORDER BY example_id`,
  );
  const selectPartCounts = db.prepare<
    { extractionId: string; splitId: string; part: Part },
    { rows: number; correct: number; unparsed: number }
  >(
    `SELECT count(*) AS rows, coalesce(sum(r.correct), 0) AS correct,
       count(*) - coalesce(sum(r.parsed), 0) AS unparsed
     FROM split_members m CROSS JOIN rationales r
       ON r.example_id = m.example_id AND r.extraction_id = @extractionId AND ${standing('r')}
     WHERE m.split_id = @splitId AND m.part = @part AND r.correct IS NOT NULL`,
  );

  return {
    summary: (extractionId, datasetId = null) =>
      toSummary(
        found(
          datasetId === null
            ? selectCounts.get(extractionId)
            : selectDatasetCounts.get(extractionId, datasetId),
          'extraction',
        ),
      ),
    parsed: (extractionId) =>
      new Map(
        selectParsed
          .all(extractionId)
          .map(({ exampleId, label, rationale, correct }) => [
            exampleId,
            { label, rationale: rationale ?? '', correct: truth(correct) },
          ]),
      ),
    partSummary: (extractionId, splitId, part) =>
      found(selectPartCounts.get({ extractionId, splitId, part }), 'split'),
  };
}

function toSummary({ rows, parsed, correct, withGold }: Counts): ParseSummary {
  return {
    rows,
    parsed,
    unparsed: rows - parsed,
    correct: withGold === 0 ? null : correct,
    accuracy: withGold === 0 ? null : correct / withGold,
    score: withGold === 0 ? null : wilson(correct, withGold),
  };
}
