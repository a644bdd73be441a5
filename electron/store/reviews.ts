import type { Review, ReviewAgreement } from '../contract/entities.ts';
import { toChoices } from './examples.ts';
import type { SavedReview } from './review-rows.ts';
import { reviewColumns, toReview } from './review-rows.ts';
import { reviewHistory } from './review-history.ts';
import { reviewMatching } from './review-matching.ts';
import { rowPages } from './row-pages.ts';
import type { SearchReader } from './search-reader.ts';
import type { Db, Flag } from './sql.ts';
import { atomically, byPages, flag, pageRows, toJson } from './sql.ts';
import type { ReviewRows } from './store.ts';
import { trainingRows } from './training-rows.ts';
import { viewRows } from './views.ts';

type OwnRow = SavedReview & {
  id: number;
  externalId: string;
  input: string;
  choices: string | null;
};

type OthersRow = Omit<SavedReview, 'ownLabel' | 'ownRationale'> & {
  extractionId: string;
  exampleId: number;
  label: string | null;
  rationale: string | null;
};

interface Pair {
  extractionId: string;
  a: string;
  b: string;
}

/** Rows searched and filtered, and what people say of them. */
export function reviewRows(db: Db, search: SearchReader): ReviewRows & { recover(): void } {
  return {
    ...rowPages(db, search),
    ...reviewHistory(db),
    ...ownReviews(db),
    ...othersReviews(db),
    ...reviewMatching(db),
    ...trainingRows(db),
    ...viewRows(db),
    searchReady: ({ projectId, extractionId }) => search.isReady(projectId, extractionId),
    searchDamaged: () => search.isDamaged(),
    releaseSearch: () => search.close(),
    indexed: indexedWriter(db),
  };
}

/** Entries of the log of changes that are removed in one transaction. */
const entriesAtOnce = 5_000;

/** Removes entries of the log that the search index has taken in; false once none is left. */
function indexedWriter(db: Db): ReviewRows['indexed'] {
  const remove = db.prepare<[number, number]>(
    `DELETE FROM search_changes WHERE id <= min(?,
       (SELECT coalesce(min(id), 0) + ? FROM search_changes))`,
  );
  const isLeft = db.prepare<[number], { id: number }>(
    'SELECT id FROM search_changes WHERE id <= ? LIMIT 1',
  );
  return (applied) => {
    if (isLeft.get(applied) === undefined) return false;
    atomically(db, () => remove.run(applied, entriesAtOnce));
    return isLeft.get(applied) !== undefined;
  };
}

function ownReviews(db: Db): Pick<ReviewRows, 'own' | 'tags'> {
  const selectOwn = db.prepare<[string, number, number], OwnRow>(
    `SELECT e.id, e.external_id AS externalId, e.input, e.choices, ${reviewColumns}
     FROM reviews v CROSS JOIN examples e ON e.id = v.example_id
     WHERE v.extraction_id = ? AND v.reviewer = '' AND v.example_id > ?
     ORDER BY v.example_id LIMIT ?`,
  );
  // Rows have few different lists of tags: these are counted first, then taken apart.
  const selectTags = db.prepare<[string], { tag: string; rows: number }>(
    `SELECT value AS tag, sum(rows) AS rows FROM (
       SELECT tags, count(*) AS rows FROM reviews
       WHERE extraction_id = ? AND reviewer = '' AND tags <> '[]' GROUP BY tags) AS counted,
       json_each(counted.tags)
     GROUP BY value ORDER BY rows DESC, value`,
  );
  return {
    *own(extractionId) {
      for (const row of byPages((after) => selectOwn.all(extractionId, after, pageRows))) {
        const { externalId, input, choices } = row;
        yield { externalId, input, choices: toChoices(choices), review: toReview(row) };
      }
    },
    tags: (extractionId) => selectTags.all(extractionId),
  };
}

function othersReviews(
  db: Db,
): Pick<ReviewRows, 'others' | 'saveOthers' | 'forget' | 'verdictPairs'> {
  const select = db.prepare<[number, string], SavedReview>(
    `SELECT ${reviewColumns} FROM reviews v
     WHERE v.example_id = ? AND v.extraction_id = ? AND v.reviewer <> '' ORDER BY v.reviewer`,
  );
  const insert = db.prepare<OthersRow>(
    `INSERT INTO reviews (extraction_id, reviewer, example_id, verdict, stale, label, rationale,
       note, tags, updated_at)
     VALUES (@extractionId, @reviewer, @exampleId, @verdict, @stale, @label, @rationale, @note,
       @tags, @updatedAt)
     ON CONFLICT (extraction_id, reviewer, example_id) DO UPDATE SET
       verdict = excluded.verdict, stale = excluded.stale, label = excluded.label,
       rationale = excluded.rationale, note = excluded.note, tags = excluded.tags,
       updated_at = excluded.updated_at`,
  );
  const remove = db.prepare<[string, string]>(
    "DELETE FROM reviews WHERE extraction_id = ? AND reviewer = ? AND reviewer <> ''",
  );
  const selectReviewers = db
    .prepare<[string], string>(
      'SELECT DISTINCT reviewer FROM reviews WHERE extraction_id = ? ORDER BY reviewer',
    )
    .pluck();
  const countPair = db.prepare<Pair, { a: Flag; b: Flag; rows: number }>(
    `SELECT a.verdict = 'rejected' AS a, b.verdict = 'rejected' AS b, count(*) AS rows
     FROM reviews b CROSS JOIN reviews a ON a.extraction_id = @extractionId
       AND a.reviewer = @a AND a.example_id = b.example_id AND a.verdict IS NOT NULL
     WHERE b.extraction_id = @extractionId AND b.reviewer = @b AND b.verdict IS NOT NULL
     GROUP BY 1, 2`,
  );
  return {
    others: (extractionId, exampleId) => select.all(exampleId, extractionId).map(toReview),
    saveOthers: (extractionId, reviewer, rows) => {
      atomically(db, () => {
        remove.run(extractionId, reviewer);
        for (const { exampleId, review } of rows) {
          insert.run({ extractionId, ...toOthersRow(reviewer, exampleId, review) });
        }
      });
    },
    forget: (extractionId, reviewer) => {
      remove.run(extractionId, reviewer);
    },
    verdictPairs: (extractionId) =>
      pairsOf(selectReviewers.all(extractionId)).map(([a, b]) => {
        const counts: ReviewAgreement['counts'] = [
          [0, 0],
          [0, 0],
        ];
        for (const pair of countPair.all({ extractionId, a, b })) {
          counts[pair.a][pair.b] = pair.rows;
        }
        return { a, b, counts };
      }),
  };
}

const toOthersRow = (
  reviewer: string,
  exampleId: number,
  { stale, tags, ...review }: Omit<Review, 'reviewer'>,
): Omit<OthersRow, 'extractionId'> => ({
  ...review,
  reviewer,
  exampleId,
  stale: flag(stale),
  tags: toJson(tags),
});

const pairsOf = (names: readonly string[]): [string, string][] =>
  names.flatMap((a, index) => names.slice(index + 1).map((b): [string, string] => [a, b]));
