import { healthFlags } from '../contract/entities.ts';
import type { RowQuery } from '../contract/entities.ts';
import { shown } from './examples.ts';
import { rowsFailed } from './rationales.ts';
import type { RowSet } from './row-sets.ts';
import {
  difference,
  disjointUnion,
  intersection,
  membership,
  rowSet,
  sortedSet,
} from './row-sets.ts';
import type { SearchReader } from './search-reader.ts';
import type { Db } from './sql.ts';
import { found } from './sql.ts';
import type { RowList, RowsSeen } from './store.ts';

export interface RowLister {
  /**
   * Ids of the rows that are seen, in their order. Of those that are found by words alone, in their
   * import order, the first `most` will do: a common word stands in most of the rows.
   */
  list(seen: RowsSeen, most?: number): RowList;
  /** Changes whenever the list for a query may have: a list with another stamp is out of date. */
  stamp(seen: RowsSeen): string;
}

/** Bits of flags, in the order of the contract. */
export const flagBits = (flags: RowQuery['flags']): number =>
  flags.reduce((bits, flag) => bits | (1 << healthFlags.indexOf(flag)), 0);

/** Whether a query leaves nothing out and keeps the import order. */
export const isEveryRow = ({ query, extractionId }: RowsSeen): boolean =>
  query.text.trim() === '' &&
  query.datasetId === null &&
  query.gold === null &&
  query.split === null &&
  !isAboutAnswers(query) &&
  (query.sort === 'order' || extractionId === null);

const isByWordsAlone = (seen: RowsSeen): boolean =>
  !isEveryRow(seen) && isEveryRow({ ...seen, query: { ...seen.query, text: '' } });

/** Whether a query filters by what only an extraction has. */
const isAboutAnswers = (query: RowQuery): boolean =>
  query.answers !== 'all' ||
  query.label !== null ||
  query.flags.length > 0 ||
  query.verdict !== 'any' ||
  query.tag !== null;

/**
 * Lists rows. Each filter alone is one scan of an index that covers it, and gives ids in import
 * order; filters are combined by meeting these lists, which takes a few milliseconds for a million
 * ids. SQLite, asked for all at once, would look each row of one filter up in the tables of the
 * others: about ten times as long.
 */
export function rowLister(db: Db, search: SearchReader): RowLister {
  const filters = filterReader(db, search);
  const order = suspicionOrder(db);
  const stampOf = stamper(db, search);
  return {
    stamp: stampOf,
    list: (seen, most) => {
      const stamp = stampOf(seen);
      if (most !== undefined && isByWordsAlone(seen)) {
        const { projectId, extractionId, query } = seen;
        const first = search.first(projectId, extractionId, query.text, most);
        if (first !== null) return { stamp, ...first };
      }
      const ids = filters(seen);
      const isOrdered = seen.query.sort === 'order' || seen.extractionId === null;
      const ordered = isOrdered ? ids : order(seen.extractionId ?? '', ids);
      return { stamp, ids: ordered, total: ordered.length };
    },
  };
}

/** Ids in import order, by the filters of a query. */
function filterReader(db: Db, search: SearchReader): (seen: RowsSeen) => RowSet {
  const ofData = dataFilter(db);
  const ofSplit = db
    .prepare<[string, string, string], number>(
      `SELECT example_id FROM split_members
       WHERE split_id = (SELECT id FROM splits WHERE id = ? AND project_id = ?) AND part = ?
       ORDER BY example_id`,
    )
    .pluck();
  const ofAnswers = answerFilters(db);
  const ofReviews = reviewFilters(db);

  return (seen) => {
    const { projectId, extractionId, query } = seen;
    const sets: RowSet[] = [];
    if (query.text.trim() !== '') {
      const hits = search.ids(projectId, extractionId, query.text);
      if (hits !== 'every') sets.push(hits);
    }
    const { split } = query;
    if (split) sets.push(rowSet(ofSplit.all(split.splitId, projectId, split.part)));
    if (isAboutAnswers(query)) {
      if (extractionId === null) return new Float64Array();
      sets.push(...ofAnswers(extractionId, query), ...ofReviews(extractionId, query));
    }
    const needsData = query.datasetId !== null || query.gold !== null || sets.length === 0;
    if (needsData) sets.push(ofData(seen));
    return intersection(sets);
  };
}

/** Rows of a project, of one data set, with one gold label. */
function dataFilter(db: Db): (seen: RowsSeen) => RowSet {
  const select = (condition: string) =>
    db
      .prepare<{ projectId: string; datasetId: string | null; gold: string | null }, number>(
        `SELECT id FROM examples e WHERE project_id = @projectId AND ${shown('@projectId')}
           ${condition} ORDER BY id`,
      )
      .pluck();
  const all = select('');
  const some = select(
    `AND (@datasetId IS NULL OR dataset_id = @datasetId) AND (@gold IS NULL OR gold = @gold)`,
  );
  return ({ projectId, query: { datasetId, gold } }) =>
    rowSet((datasetId === null && gold === null ? all : some).all({ projectId, datasetId, gold }));
}

type ById = { id: string };

/** By the answers that stand for rows, and by what they were flagged for. */
function answerFilters(db: Db): (extractionId: string, query: RowQuery) => RowSet[] {
  const ids = (sql: string) => db.prepare<ById, number>(sql).pluck();
  const standing = (condition: string): string =>
    `SELECT example_id FROM rationales
     WHERE extraction_id = @id AND chosen = 1 AND ${condition} ORDER BY example_id`;
  const select = {
    parsed: ids(standing('parsed = 1')),
    unparsed: ids(standing('parsed = 0')),
    wrong: ids(standing('parsed = 1 AND correct = 0')),
    failed: ids(`${rowsFailed} ORDER BY f.example_id`),
  };
  const withLabel = db
    .prepare<ById & { label: string }, number>(standing('parsed = 1 AND label = @label'))
    .pluck();
  const withFlags = db
    .prepare<ById & { bits: number }, number>(
      `SELECT example_id FROM health
       WHERE extraction_id = @id AND suspicion > 0 AND flags & @bits <> 0`,
    )
    .pluck();
  const inState = (id: string, state: Exclude<RowQuery['answers'], 'all'>): RowSet =>
    state === 'answered'
      ? disjointUnion(
          [select.parsed, select.unparsed, select.failed].map((each) => rowSet(each.all({ id }))),
        )
      : rowSet(select[state].all({ id }));

  return (id, { answers, label, flags }) => [
    ...(answers === 'all' ? [] : [inState(id, answers)]),
    ...(label === null ? [] : [rowSet(withLabel.all({ id, label }))]),
    ...(flags.length === 0 ? [] : [sortedSet(withFlags.all({ id, bits: flagBits(flags) }))]),
  ];
}

/** By what this workspace's person said of rows. Without a verdict: answered, and not judged yet. */
function reviewFilters(db: Db): (extractionId: string, query: RowQuery) => RowSet[] {
  const own = (condition: string) =>
    db
      .prepare<ById, number>(
        `SELECT example_id FROM reviews
         WHERE extraction_id = @id AND reviewer = '' AND ${condition} ORDER BY example_id`,
      )
      .pluck();
  const select = {
    accepted: own("verdict = 'accepted'"),
    rejected: own("verdict = 'rejected'"),
    edited: own('(label IS NOT NULL OR rationale IS NOT NULL)'),
    stale: own('stale = 1'),
    noted: own("note <> ''"),
  };
  const judged = own('verdict IS NOT NULL');
  const answered = db
    .prepare<ById, number>(
      'SELECT example_id FROM rationales WHERE extraction_id = @id AND chosen = 1',
    )
    .pluck();
  const withTag = db
    .prepare<ById & { tag: string }, number>(
      `SELECT example_id FROM reviews
       WHERE extraction_id = @id AND reviewer = '' AND tags <> '[]' AND tags IN (
         SELECT DISTINCT tags FROM reviews, json_each(tags)
         WHERE extraction_id = @id AND reviewer = '' AND tags <> '[]' AND value = @tag)`,
    )
    .pluck();
  const withVerdict = (id: string, verdict: Exclude<RowQuery['verdict'], 'any'>): RowSet =>
    verdict === 'none'
      ? difference(sortedSet(answered.all({ id })), rowSet(judged.all({ id })))
      : rowSet(select[verdict].all({ id }));

  return (id, { verdict, tag }) => [
    ...(verdict === 'any' ? [] : [withVerdict(id, verdict)]),
    ...(tag === null ? [] : [sortedSet(withTag.all({ id, tag }))]),
  ];
}

/** The most suspicious rows first; those that were not checked last. Of equal ones, in import order. */
function suspicionOrder(db: Db): (extractionId: string, ids: RowSet) => Float64Array {
  const checked = db
    .prepare<[string], number>(
      `SELECT example_id FROM health WHERE extraction_id = ?
       ORDER BY suspicion DESC, example_id`,
    )
    .pluck();
  return (extractionId, ids) => {
    const isSeen = membership(ids);
    const first = rowSet(checked.all(extractionId)).filter(isSeen);
    if (first.length === ids.length) return first;
    const rest = difference(ids, first.slice().sort());
    const all = new Float64Array(ids.length);
    all.set(first);
    all.set(rest, first.length);
    return all;
  };
}

/** What the lists of a query are read from, in short. Numbers that only rise, and totals. */
function stamper(db: Db, search: SearchReader): (seen: RowsSeen) => string {
  const ofData = db
    .prepare<{ projectId: string }, string>(
      `SELECT json_array(
         (SELECT group_concat(id || ' ' || rows || ' ' || settings_hash) FROM
           (SELECT * FROM datasets WHERE project_id = @projectId ORDER BY rowid)),
         (SELECT max(id) FROM examples e WHERE project_id = @projectId AND ${shown('@projectId')}),
         (SELECT group_concat(first_id) FROM unfinished WHERE project_id = @projectId))`,
    )
    .pluck();
  const ofAnswers = db
    .prepare<[string], string>(
      `SELECT json_array(completed, failed, answered_rows, parsed_rows, gold_rows, correct_rows,
         (SELECT seq FROM sqlite_sequence WHERE name = 'search_changes'))
       FROM extractions WHERE id = ?`,
    )
    .pluck();
  const ofHealth = db
    .prepare<[string], number>('SELECT health_revision FROM extractions WHERE id = ?')
    .pluck();
  const ofReviews = db
    .prepare<[string], number>('SELECT review_revision FROM extractions WHERE id = ?')
    .pluck();

  return ({ projectId, extractionId, query }) => {
    const parts: unknown[] = [found(ofData.get({ projectId }), 'project')];
    if (query.text.trim() !== '') parts.push(search.revision());
    if (extractionId !== null) {
      const isByAnswer =
        query.answers !== 'all' || query.label !== null || query.verdict === 'none';
      const isByHealth = query.flags.length > 0 || query.sort === 'suspicion';
      const isByReview = query.verdict !== 'any' || query.tag !== null;
      if (isByAnswer) parts.push(ofAnswers.get(extractionId));
      if (isByHealth) parts.push(ofHealth.get(extractionId));
      if (isByReview) parts.push(ofReviews.get(extractionId));
    }
    return JSON.stringify(parts);
  };
}
