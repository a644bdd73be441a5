import type { ParseSummary, Part, RationaleFilter, RationaleRow } from '../contract/entities.ts';
import { wilson } from '../core/statistics.ts';
import { toChoices } from './examples.ts';
import type { Db, Flag } from './sql.ts';
import { found, truth } from './sql.ts';
import type { ExtractionRows } from './store.ts';

interface Row {
  exampleId: number;
  externalId: string;
  input: string;
  choices: string | null;
  gold: string | null;
  completion: string | null;
  failure: string | null;
  rationale: string | null;
  label: string | null;
  correct: Flag | null;
  votes: number | null;
  answers: number | null;
}

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

/** Some of an extraction's rows: the query for their ids, and the one for their number. */
interface Rows {
  readonly ids: string;
  readonly count: string;
}

const counted = (ids: string): Rows => ({ ids, count: `SELECT count(*) FROM (${ids})` });
const idsParsed = (parsed: 0 | 1): string =>
  `SELECT example_id FROM rationales WHERE extraction_id = @id AND chosen = 1 AND parsed = ${parsed}`;
/** Those that are many have running totals. */
const parsed: Rows = {
  ids: idsParsed(1),
  count: 'SELECT parsed_rows FROM extractions WHERE id = @id',
};
const unparsed: Rows = {
  ids: idsParsed(0),
  count: 'SELECT answered_rows - parsed_rows FROM extractions WHERE id = @id',
};
const failed = counted(rowsFailed);
const wrong = counted(`${idsParsed(1)} AND correct = 0`);

/**
 * Which rows a filter shows: queries that have none in common, each read from covering indexes. A row
 * is parsed, unparsed or failed: the first two by the answer that stands for it. `wrong` is about
 * labels: what could not be parsed counts as wrong in the accuracy, and has a filter of its own.
 */
const filters: Record<RationaleFilter, readonly Rows[]> = {
  all: [parsed, unparsed, failed],
  parsed: [parsed],
  unparsed: [unparsed],
  wrong: [wrong],
  failed: [failed],
};

type Methods = 'summary' | 'page' | 'parsed' | 'partSummary';

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
  const pages = pageReader(db);

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
    page: (extractionId, filter, window) => pages[filter](extractionId, window),
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

type PageOf = (
  extractionId: string,
  window: { offset: number; limit: number },
) => { rows: RationaleRow[]; total: number };

function pageReader(db: Db): Record<RationaleFilter, PageOf> {
  const reader = (filter: RationaleFilter): PageOf => {
    const ids = filters[filter].map((rows) => rows.ids).join(' UNION ALL ');
    const counts = filters[filter].map((rows) => `coalesce((${rows.count}), 0)`);
    const count = db.prepare<{ id: string }, { total: number }>(
      `SELECT ${counts.join(' + ')} AS total`,
    );
    const select = db.prepare<{ id: string; offset: number; limit: number }, Row>(
      `SELECT e.id AS exampleId, e.external_id AS externalId, e.input, e.choices, e.gold,
         c.text AS completion,
         iif(r.sample IS NULL, (SELECT failure_message FROM completions
           WHERE example_id = e.id AND extraction_id = @id ORDER BY sample LIMIT 1), NULL) AS failure,
         r.rationale, r.label, r.correct, r.votes, r.answers
       FROM (${ids} ORDER BY example_id LIMIT @limit OFFSET @offset) shown
       JOIN examples e ON e.id = shown.example_id
       LEFT JOIN rationales r ON r.example_id = e.id AND r.extraction_id = @id AND ${standing('r')}
       LEFT JOIN completions c ON c.example_id = e.id AND c.extraction_id = @id
         AND c.sample = r.sample
       ORDER BY e.id`,
    );
    return (id, { offset, limit }) => ({
      rows: select.all({ id, offset, limit }).map(toRationaleRow),
      total: found(count.get({ id }), 'extraction').total,
    });
  };
  return {
    all: reader('all'),
    parsed: reader('parsed'),
    unparsed: reader('unparsed'),
    wrong: reader('wrong'),
    failed: reader('failed'),
  };
}

const toRationaleRow = ({ votes, answers, ...row }: Row): RationaleRow => ({
  ...row,
  choices: toChoices(row.choices),
  correct: truth(row.correct),
  agreement: votes === null || answers === null ? null : { votes, answers },
});
