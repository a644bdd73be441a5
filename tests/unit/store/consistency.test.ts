import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { everyRow, healthFlags } from '../../../electron/contract/entities.ts';
import type { MappedRow, ReviewChange } from '../../../electron/contract/entities.ts';
import { Random } from '../../../electron/core/random.ts';
import { catchUp } from '../../../electron/store/search-index.ts';
import { searchPath } from '../../../electron/store/search-reader.ts';
import type { Store } from '../../../electron/store/store.ts';
import { card } from './data-card.ts';
import {
  answered,
  exampleIds,
  failed,
  newDataset,
  newExtraction,
  newProject,
  newSplit,
  newTeacher,
  opened,
  row,
} from './workspace.ts';

const words = ['pear', 'plum', 'fig', 'quince', 'lime'];

/** Rows of tables that say something of other rows which say otherwise; every query answers none. */
const contradictions = {
  'counters of reviews': `
    SELECT x.id FROM extractions x LEFT JOIN reviews v
      ON v.extraction_id = x.id AND v.reviewer = '' GROUP BY x.id
    HAVING x.accepted_rows <> count(iif(v.verdict = 'accepted', 1, NULL))
      OR x.rejected_rows <> count(iif(v.verdict = 'rejected', 1, NULL))
      OR x.edited_rows <> count(coalesce(v.label, v.rationale))
      OR x.stale_rows <> coalesce(sum(v.stale), 0)
      OR x.noted_rows <> count(iif(v.note <> '', 1, NULL))`,
  'counters of answers': `
    SELECT x.id FROM extractions x LEFT JOIN rationales r
      ON r.extraction_id = x.id AND r.chosen = 1 GROUP BY x.id
    HAVING x.answered_rows <> count(r.chosen) OR x.parsed_rows <> coalesce(sum(r.parsed), 0)
      OR x.gold_rows <> count(r.correct) OR x.correct_rows <> coalesce(sum(r.correct), 0)`,
  'counters of completions': `
    SELECT x.id FROM extractions x LEFT JOIN completions c ON c.extraction_id = x.id GROUP BY x.id
    HAVING x.completed <> count(c.text) OR x.failed <> coalesce(sum(c.failed), 0)`,
  'rows with another number of standing answers than one': `
    SELECT example_id FROM rationales GROUP BY extraction_id, example_id HAVING sum(chosen) <> 1`,
  'reviews without an answer': `
    SELECT example_id FROM reviews v WHERE NOT EXISTS (SELECT 1 FROM rationales
      WHERE example_id = v.example_id AND extraction_id = v.extraction_id)`,
  'flags without a parsed answer': `
    SELECT example_id FROM health h WHERE NOT EXISTS (SELECT 1 FROM rationales
      WHERE example_id = h.example_id AND extraction_id = h.extraction_id AND chosen = 1
        AND parsed = 1)`,
  'answers graded otherwise than gold says': `
    SELECT r.example_id FROM rationales r JOIN examples e ON e.id = r.example_id
    WHERE (r.correct IS NULL) <> (e.gold IS NULL) OR r.correct <> (r.label IS e.gold)`,
  'totals of data sets': `
    SELECT d.id FROM datasets d LEFT JOIN examples e ON e.dataset_id = d.id GROUP BY d.id
    HAVING d.rows <> count(e.id) OR d.with_gold <> count(e.gold)
      OR d.recorded <> coalesce(sum(e.recorded), 0)`,
  'actions under way': `
    SELECT id FROM review_actions WHERE state NOT IN ('done', 'undone', 'dropping')`,
};

/** What the index is to find: all that is said in a row, by whomever. */
function said(store: Store, projectId: string, extractionId: string): Map<number, string> {
  const seen = { projectId, extractionId, query: everyRow };
  return new Map(
    [...store.reviews.rows(seen)].map(({ exampleId, input, gold, label, rationale, review }) => [
      exampleId,
      [input, gold, label, rationale, review?.label, review?.rationale, review?.note].join(' '),
    ]),
  );
}

it('whatever is done to rows in whatever order, tables and index tell the same', async () => {
  const store = opened();
  const random = new Random(71);
  const project = newProject(store);
  const db = new Database(store.path, { readonly: true });
  let named = 0;
  const word = (): string => random.pick(words);
  const gold = (): string | null => random.pick(['7', '8', null]);
  const newRow = (): MappedRow => {
    named += 1;
    const completion = random.next() < 0.3 ? `It is a ${word()}.` : null;
    return row(`r${named}`, { input: `${word()} ${word()}?`, gold: gold(), completion });
  };
  const some = <T>(most: number, make: () => T): T[] =>
    Array.from({ length: random.integer(1, most) }, make);
  newDataset(store, project, some(20, newRow));
  const extractions = (['practice', 'recorded'] as const).map(
    (kind) => newExtraction(store, project, newTeacher(store, project, kind)).id,
  );
  const ids = (): number[] => random.shuffle(exampleIds(store, project));
  const several = (): number[] => ids().slice(0, random.integer(1, 8));
  const goldOf = (id: number) => store.data.example(id).gold;
  const graded = (id: number, label: string | null, sample: number) => {
    const right = goldOf(id) === null ? null : label === goldOf(id);
    const { completion, rationale } = answered(id, label, right, { sample });
    return { completion, rationale: { ...rationale, rationale: label && `A ${word()}.` } };
  };
  const label = (): string | null => random.pick(['7', '8', '9', null]);
  const changes = (): ReviewChange =>
    random.pick<ReviewChange>([
      { kind: 'verdict', verdict: random.pick(['accepted', 'rejected', null] as const) },
      { kind: 'edit', label: random.pick(['7', word(), null]) },
      { kind: 'edit', rationale: random.pick([`Mine: ${word()}`, null]) },
      { kind: 'note', note: random.pick(['', word()]) },
      { kind: 'tag', tag: word(), add: random.next() < 0.6 },
    ]);

  const operations: Record<string, (extractionId: string) => void> = {
    answer: (id) =>
      store.extractions.saveCompletions(
        id,
        several().map((each) =>
          random.next() < 0.2 ? failed(each) : graded(each, label(), random.integer(0, 3)),
        ),
      ),
    parse: (id) =>
      store.extractions.saveRationales(
        id,
        several().flatMap((each) =>
          store.extractions
            .samples(id, each)
            .filter(({ failure }) => failure === null)
            .map(({ sample }) => graded(each, label(), sample).rationale),
        ),
      ),
    review: (id) => store.reviews.apply(id, several(), changes()),
    undo: (id) => store.reviews.undo(id),
    redo: (id) => store.reviews.redo(id),
    check: (id) => {
      const rows = [...store.health.checkable(id, random.pick(['all', 'unchecked'] as const))];
      store.health.save(
        id,
        rows.slice(0, 5).map(({ exampleId }) => ({
          exampleId,
          findings: some(2, () => ({ flag: random.pick(healthFlags), evidence: '', at: null })),
        })),
      );
    },
    others: (id) =>
      store.reviews.saveOthers(
        id,
        'Bo',
        [...store.reviews.own(id)].flatMap(({ review: { reviewer: _, ...rest } }, index) => {
          const exampleId = [...store.health.checkable(id, 'all')][index]?.exampleId;
          return exampleId === undefined ? [] : [{ exampleId, review: rest }];
        }),
      ),
    import: () => newDataset(store, project, some(5, newRow)),
    replace: () => {
      const dataset = random.pick(store.data.list(project.id));
      const rows = random.shuffle([...store.data.rowsOf(dataset.id)]);
      const changed = rows.slice(0, random.integer(0, 4)).map((before) => {
        const inputChanged = random.next() < 0.5;
        const input = inputChanged ? `${word()} anew?` : before.input;
        const completion = random.pick([before.recordedCompletion, `It is a ${word()}.`]);
        return {
          ...{ exampleId: before.id, inputChanged },
          row: row(before.externalId, { input, gold: gold(), completion }),
        };
      });
      const removed = rows.slice(4, 4 + random.integer(0, 2)).map((each) => each.id);
      const added = random.next() < 0.5 ? some(3, newRow) : [];
      store.data.replace(dataset.id, { added, changed, removed }, { ...dataset, card });
    },
    remove: () => {
      const list = store.data.list(project.id);
      if (list.length > 2) store.data.remove(random.pick(list).id);
    },
    split: () => {
      if (store.splits.list(project.id).length > 0) return;
      newSplit(
        store,
        project,
        several().map((each) => [each, random.pick(['train', 'test'])]),
      );
    },
  };

  const refusals = new Map<string, number>();
  for (let round = 0; round < 600; round++) {
    const name = random.pick(Object.keys(operations));
    try {
      operations[name]?.(random.pick(extractions));
    } catch (caught) {
      // What can't be done is refused in words, and leaves everything as it was.
      expect(caught, name).toHaveProperty('hint');
      refusals.set(name, (refusals.get(name) ?? 0) + 1);
    }
    for (const [what, query] of Object.entries(contradictions)) {
      expect(db.prepare(query).all(), `${what} after ${name} in round ${round}`).toEqual([]);
    }
    if (round % 20 !== 19) continue;
    expect(db.pragma('foreign_key_check')).toEqual([]);
    await catchUp(
      { store: store.path, index: searchPath(store.path), anew: false },
      ({ applied }) => {
        while (store.reviews.indexed(applied));
        return Promise.resolve();
      },
    );
    for (const extractionId of extractions) {
      const texts = [...said(store, project.id, extractionId)];
      for (const text of words) {
        const found = store.reviews.ids({
          ...{ projectId: project.id, extractionId },
          query: { ...everyRow, text },
        });
        const expected = texts.filter(([, all]) => all.includes(text)).map(([id]) => id);
        expect([...found], `“${text}” in round ${round}`).toEqual(expected);
      }
    }
  }
  db.close();
  expect(Math.max(...refusals.values())).toBeLessThan(60);
});
