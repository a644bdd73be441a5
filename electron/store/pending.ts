import type { ExtractionSettings } from '../contract/entities.ts';
import type { FullExampleRow } from './examples.ts';
import { fullExampleColumns, shown, spread, toFullExample } from './examples.ts';
import type { Db, Flag } from './sql.ts';
import { found } from './sql.ts';
import type { PendingExample } from './store.ts';

/** What an extraction is to get. */
export interface Wanted {
  extractionId: string;
  projectId: string;
  /** Examples at most; null for all of them. */
  limit: number | null;
  /** A part whose examples are wanted in any case. */
  also: ExtractionSettings['also'];
  /** Whether only examples that came with a completion or a rationale are asked for. */
  recordedOnly: Flag;
  /** Answers for each. */
  samples: number;
}

/** Which examples a project has: another import or removal changes one of these. */
interface Extent {
  examples: number;
  /** Ids are never given twice. */
  newest: number | null;
}

type PendingRow = FullExampleRow & { saved: string | null; failed: Flag };
type Ordered = Pick<Wanted, 'projectId' | 'recordedOnly'>;
/** The part of {@link Wanted.also} as a query takes it. */
interface AlsoIn {
  splitId: string | null;
  part: string | null;
}

/** Every key of {@link spread} is at most this. */
const highestKey = 0xffff_ffff;

/**
 * Examples that lack an answer, in import order, with the samples that each lacks: the first `rows`
 * (-1: all) with an id above `after`.
 */
export function pendingReader(
  db: Db,
): (wanted: Wanted, after: number, rows: number) => PendingExample[] {
  const select = db.prepare<
    Omit<Wanted, 'limit' | 'also'> & AlsoIn & { lastKey: number; after: number; rows: number },
    PendingRow
  >(
    `SELECT ${fullExampleColumns},
       (SELECT group_concat(sample) FROM completions
        WHERE example_id = e.id AND extraction_id = @extractionId AND failed = 0) AS saved,
       EXISTS (SELECT 1 FROM completions
        WHERE example_id = e.id AND extraction_id = @extractionId AND failed = 1) AS failed
     FROM examples e
     WHERE e.project_id = @projectId AND e.id > @after AND ${shown('@projectId')}
       AND (e.recorded OR NOT @recordedOnly)
       AND (${spread('e.id')} <= @lastKey OR ${inPart('e.id')})
       AND @samples > (SELECT count(*) FROM completions
         WHERE example_id = e.id AND extraction_id = @extractionId AND failed = 0
           AND sample < @samples)
     ORDER BY e.id LIMIT @rows`,
  );
  const lastKeyOf = lastKeyReader(db);
  return ({ limit, also, ...wanted }, after, rows) =>
    select
      .all({ ...wanted, ...alsoIn(also), after, rows, lastKey: lastKeyOf(wanted, limit) })
      .map(({ saved, failed, ...row }) => ({
        ...toFullExample(row),
        failed: failed === 1,
        missing: missingSamples(saved, wanted.samples),
      }));
}

/**
 * Answers that are saved and asked for: some may be outside a limit or number of samples that was
 * larger before.
 */
export function savedReader(db: Db): (wanted: Wanted) => number {
  const count = db.prepare<
    Pick<Wanted, 'extractionId' | 'samples'> & AlsoIn & { lastKey: number },
    Count
  >(
    `SELECT count(*) AS saved FROM completions
     WHERE extraction_id = @extractionId AND failed = 0 AND sample < @samples
       AND (${spread('example_id')} <= @lastKey OR ${inPart('completions.example_id')})`,
  );
  const lastKeyOf = lastKeyReader(db);
  return ({ extractionId, samples, projectId, recordedOnly, limit, also }) => {
    const lastKey = lastKeyOf({ projectId, recordedOnly }, limit);
    const row = count.get({ extractionId, samples, lastKey, ...alsoIn(also) });
    return found(row, 'extraction').saved;
  };
}

interface Count {
  saved: number;
}

/** Examples that the part of {@link Wanted.also} adds to those within the limit. */
export function alsoReader(
  db: Db,
): (wanted: Pick<Wanted, 'projectId' | 'recordedOnly' | 'limit' | 'also'>) => number {
  const count = db.prepare<{ splitId: string; part: string; lastKey: number }, { rows: number }>(
    `SELECT count(*) AS rows FROM split_members
     WHERE split_id = @splitId AND part = @part AND ${spread('example_id')} > @lastKey`,
  );
  const lastKeyOf = lastKeyReader(db);
  return ({ projectId, recordedOnly, limit, also }) => {
    if (also === null || limit === null) return 0;
    const lastKey = lastKeyOf({ projectId, recordedOnly }, limit);
    return found(count.get({ ...also, lastKey }), 'split').rows;
  };
}

const alsoIn = (also: Wanted['also']): AlsoIn => also ?? { splitId: null, part: null };

const inPart = (exampleId: string): string =>
  `EXISTS (SELECT 1 FROM split_members
     WHERE split_id = @splitId AND part = @part AND example_id = ${exampleId})`;

/**
 * The key of the last example within a limit. Finding it reads all keys, so the latest is kept for
 * as long as the project's examples stay the same.
 */
function lastKeyReader(db: Db): (ordered: Ordered, limit: number | null) => number {
  const selectExtent = db.prepare<{ projectId: string }, Extent>(
    `SELECT (SELECT coalesce(sum(rows), 0) FROM datasets WHERE project_id = @projectId) AS examples,
       (SELECT max(id) FROM examples
        WHERE project_id = @projectId AND ${shown('@projectId', 'id')}) AS newest`,
  );
  const selectKey = db.prepare<Ordered & { before: number }, { key: number }>(
    `SELECT ${spread('id')} AS key FROM examples
     WHERE project_id = @projectId AND ${shown('@projectId', 'id')}
       AND (recorded OR NOT @recordedOnly)
     ORDER BY key LIMIT 1 OFFSET @before`,
  );
  let kept = { of: '', key: highestKey };
  return ({ projectId, recordedOnly }, limit) => {
    if (limit === null) return highestKey;
    const extent = found(selectExtent.get({ projectId }), 'project');
    const of = [projectId, recordedOnly, limit, extent.examples, extent.newest].join();
    if (kept.of !== of) {
      const last = selectKey.get({ projectId, recordedOnly, before: limit - 1 });
      kept = { of, key: last?.key ?? highestKey };
    }
    return kept.key;
  };
}

/** @param saved the samples that are there, as `0,2` */
function missingSamples(saved: string | null, samples: number): number[] {
  const there = new Set((saved ?? '').split(','));
  return Array.from({ length: samples }, (_, sample) => sample).filter(
    (sample) => !there.has(String(sample)),
  );
}
