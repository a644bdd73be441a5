import { shown } from './examples.ts';
import { reviewRowReader } from './review-rows.ts';
import { isEveryRow, rowLister } from './row-lists.ts';
import type { SearchReader } from './search-reader.ts';
import type { Db } from './sql.ts';
import { found, pageRows, toJson } from './sql.ts';
import type { ReviewRows, RowList, RowsSeen, Window } from './store.ts';

/** Ids of lists that are kept: about 32 MB. */
const idsKept = 4_000_000;

type Methods = 'page' | 'ids' | 'rows' | 'row' | 'isListed' | 'keepList';

/**
 * Rows that are searched and filtered, a page at a time. The ids of all rows that a query finds are
 * listed once, so that every later page, however far down, is read by its ids; the list is kept until
 * something that it depends on changes. A page of all rows can be read where it stands, too.
 */
export function rowPages(db: Db, search: SearchReader): Pick<ReviewRows, Methods> {
  const lister = rowLister(db, search);
  const lists = new KeptLists();
  const rowsOf = reviewRowReader(db);
  const everyRow = everyRowReader(db);

  /** The list that is kept, if it is up to date and holds the rows of a page, or all of them. */
  const keptList = (seen: RowsSeen, window?: Window): RowList | null => {
    const kept = lists.get(seen, lister.stamp(seen));
    if (kept === null) return null;
    const needed = window ? window.offset + window.limit : kept.total;
    return kept.ids.length >= Math.min(needed, kept.total) ? kept : null;
  };
  const makeList = (seen: RowsSeen): RowList => {
    const made = lister.list(seen);
    lists.keep(seen, made);
    return made;
  };
  const allIds = (seen: RowsSeen): Float64Array => (keptList(seen) ?? makeList(seen)).ids;
  return {
    page: (seen, { offset, limit }) => {
      const kept = keptList(seen, { offset, limit });
      const { ids, total } =
        kept === null && isEveryRow(seen)
          ? everyRow(seen.projectId, { offset, limit })
          : pageOf(kept ?? makeList(seen), { offset, limit });
      return {
        rows: rowsOf(seen.extractionId, ids),
        total,
        searchReady: search.isReady(seen.projectId, seen.extractionId),
      };
    },
    ids: (seen) => allIds(seen).values(),
    *rows(seen) {
      const ids = allIds(seen);
      for (let at = 0; at < ids.length; at += pageRows) {
        yield* rowsOf(seen.extractionId, [...ids.subarray(at, at + pageRows)]);
      }
    },
    row: (extractionId, exampleId) => found(rowsOf(extractionId, [exampleId])[0], 'row'),
    isListed: (seen, window) => keptList(seen, window) !== null,
    keepList: (seen, made) => lists.keep(seen, made),
  };
}

const pageOf = (
  { ids, total }: RowList,
  { offset, limit }: Window,
): { ids: number[]; total: number } => ({ ids: [...ids.subarray(offset, offset + limit)], total });

/** A page of all rows of a project, counted from whichever end is nearer. */
function everyRowReader(
  db: Db,
): (projectId: string, window: Window) => { ids: number[]; total: number } {
  const count = db
    .prepare<{ projectId: string }, number>(
      `SELECT coalesce(sum(rows), 0) FROM datasets
       WHERE project_id = @projectId AND id NOT IN (SELECT dataset_id FROM unfinished)`,
    )
    .pluck();
  const select = (direction: 'ASC' | 'DESC') =>
    db
      .prepare<{ projectId: string; offset: number; limit: number }, number>(
        `SELECT id FROM examples e WHERE project_id = @projectId AND ${shown('@projectId')}
         ORDER BY id ${direction} LIMIT @limit OFFSET @offset`,
      )
      .pluck();
  const rising = select('ASC');
  const falling = select('DESC');
  return (projectId, window) => {
    const total = found(count.get({ projectId }), 'project');
    const offset = Math.min(window.offset, total);
    const limit = Math.min(window.limit, total - offset);
    const after = total - offset - limit;
    const ids =
      offset <= after
        ? rising.all({ projectId, offset, limit })
        : falling.all({ projectId, offset: after, limit }).reverse();
    return { ids, total };
  };
}

/** Lists by their queries, those that were used last, up to {@link idsKept} ids. */
class KeptLists {
  readonly #lists = new Map<string, RowList>();

  /** Null when there is none, or it is out of date. */
  get(seen: RowsSeen, stamp: string): RowList | null {
    const key = keyOf(seen);
    const kept = this.#lists.get(key);
    if (kept?.stamp !== stamp) return null;
    this.#lists.delete(key);
    this.#lists.set(key, kept);
    return kept;
  }

  keep(seen: RowsSeen, list: RowList): void {
    const key = keyOf(seen);
    this.#lists.delete(key);
    this.#lists.set(key, list);
    let ids = 0;
    for (const { ids: each } of this.#lists.values()) ids += each.length;
    for (const [oldest, { ids: each }] of this.#lists) {
      if (ids <= idsKept || oldest === key) break;
      this.#lists.delete(oldest);
      ids -= each.length;
    }
  }
}

/** All rows are the same, with whichever extraction they are seen. */
const keyOf = (seen: RowsSeen): string =>
  toJson(isEveryRow(seen) ? [seen.projectId] : [seen.projectId, seen.extractionId, seen.query]);
