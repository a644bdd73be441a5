import type { Part } from '../contract/entities.ts';
import { toMeta } from './examples.ts';
import { pageRows, truth } from './sql.ts';
import type { Db, Flag } from './sql.ts';
import type { SliceRows } from './store.ts';

interface TextRow {
  exampleId: number;
  input: string;
  meta: string | null;
}

/** What the rows of a part are about, read for slices. */
export function sliceRows(db: Db): SliceRows {
  const selectTexts = db.prepare<[string, Part, number, number], TextRow>(
    `SELECT m.example_id AS exampleId, e.input, e.meta
     FROM split_members m CROSS JOIN examples e ON e.id = m.example_id
     WHERE m.split_id = ? AND m.part = ? AND m.example_id > ?
     ORDER BY m.example_id LIMIT ?`,
  );
  const selectFlags = db.prepare<
    [string, string, Part, number, number],
    { exampleId: number; flagged: Flag }
  >(
    `SELECT m.example_id AS exampleId, h.flags <> 0 AS flagged
     FROM split_members m
     CROSS JOIN health h ON h.extraction_id = ? AND h.example_id = m.example_id
     WHERE m.split_id = ? AND m.part = ? AND m.example_id > ?
     ORDER BY m.example_id LIMIT ?`,
  );
  return {
    *texts(splitId, part) {
      for (const { input, meta } of afterEach((after) =>
        selectTexts.all(splitId, part, after, pageRows),
      )) {
        yield { input, meta: toMeta(meta) };
      }
    },
    *flagged(extractionId, splitId, part) {
      for (const { exampleId, flagged } of afterEach((after) =>
        selectFlags.all(extractionId, splitId, part, after, pageRows),
      )) {
        yield { exampleId, flagged: truth(flagged) === true };
      }
    },
  };
}

/** Rows in the order of their examples, a page at a time: nothing stays open between two of them. */
function* afterEach<Row extends { exampleId: number }>(
  next: (after: number) => Row[],
): Generator<Row, undefined, undefined> {
  let after = 0;
  for (;;) {
    const rows = next(after);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageRows) return;
    after = last.exampleId;
  }
}
