import type { ParseSummary, Part, RationaleFilter, RationaleRow } from '../contract/entities.ts';
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
}

interface Counts {
  rows: number;
  parsed: number;
  correct: number;
  withGold: number;
}

/**
 * Which rows a filter shows, each read from one covering index. `wrong` is about labels: what could
 * not be parsed counts as wrong in the accuracy, and has a filter of its own.
 */
const filters: Record<RationaleFilter, string> = {
  all: 'SELECT example_id FROM completions WHERE extraction_id = @id',
  parsed: 'SELECT example_id FROM rationales WHERE extraction_id = @id AND parsed = 1',
  unparsed: 'SELECT example_id FROM rationales WHERE extraction_id = @id AND parsed = 0',
  wrong:
    'SELECT example_id FROM rationales WHERE extraction_id = @id AND parsed = 1 AND correct = 0',
  failed: 'SELECT example_id FROM completions WHERE extraction_id = @id AND failed = 1',
};

type Methods = 'summary' | 'page' | 'parsed' | 'partSummary';

/** What the completions were parsed into, counted and shown. */
export function rationaleRows(db: Db): Pick<ExtractionRows, Methods> {
  const selectCounts = db.prepare<[string], Counts>(
    `SELECT count(*) AS rows, coalesce(sum(parsed), 0) AS parsed,
       coalesce(sum(correct), 0) AS correct, count(correct) AS withGold
     FROM rationales WHERE extraction_id = ?`,
  );
  const selectDatasetCounts = db.prepare<[string, string], Counts>(
    `SELECT count(*) AS rows, coalesce(sum(r.parsed), 0) AS parsed,
       coalesce(sum(r.correct), 0) AS correct, count(r.correct) AS withGold
     FROM examples e JOIN rationales r ON r.example_id = e.id AND r.extraction_id = ?
     WHERE e.dataset_id = ?`,
  );
  const selectParsed = db.prepare<
    [string],
    { exampleId: number; label: string; rationale: string | null; correct: Flag | null }
  >(
    `SELECT example_id AS exampleId, label, rationale, correct FROM rationales
     WHERE extraction_id = ? AND parsed = 1 ORDER BY example_id`,
  );
  const selectPartCounts = db.prepare<
    { extractionId: string; splitId: string; part: Part },
    { rows: number; correct: number; unparsed: number }
  >(
    `SELECT count(*) AS rows, coalesce(sum(r.correct), 0) AS correct,
       count(*) - coalesce(sum(r.parsed), 0) AS unparsed
     FROM split_members m CROSS JOIN rationales r
       ON r.example_id = m.example_id AND r.extraction_id = @extractionId
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
  };
}

type PageOf = (
  extractionId: string,
  window: { offset: number; limit: number },
) => { rows: RationaleRow[]; total: number };

function pageReader(db: Db): Record<RationaleFilter, PageOf> {
  const reader = (filter: RationaleFilter): PageOf => {
    const ids = filters[filter];
    const count = db.prepare<{ id: string }, { total: number }>(
      `SELECT count(*) AS total FROM (${ids})`,
    );
    const select = db.prepare<{ id: string; offset: number; limit: number }, Row>(
      `SELECT e.id AS exampleId, e.external_id AS externalId, e.input, e.choices, e.gold,
         c.text AS completion, c.failure_message AS failure, r.rationale, r.label, r.correct
       FROM (${ids} ORDER BY example_id LIMIT @limit OFFSET @offset) shown
       JOIN examples e ON e.id = shown.example_id
       JOIN completions c ON c.example_id = e.id AND c.extraction_id = @id
       LEFT JOIN rationales r ON r.example_id = e.id AND r.extraction_id = @id
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

const toRationaleRow = (row: Row): RationaleRow => ({
  ...row,
  choices: toChoices(row.choices),
  correct: truth(row.correct),
});
