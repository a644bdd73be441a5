import { describe, expect, it } from 'vitest';
import { everyRow, flagWeights, healthFlags } from '../../../electron/contract/entities.ts';
import type {
  HealthFlag,
  Part,
  ReviewVerdict,
  RowQuery,
} from '../../../electron/contract/entities.ts';
import { Random } from '../../../electron/core/random.ts';
import { listTask } from '../../../electron/store/list-task.ts';
import type { RowsSeen, Store } from '../../../electron/store/store.ts';
import { card } from './data-card.ts';
import {
  answered,
  exampleIds,
  failed,
  newDataset,
  newExtraction,
  newPath,
  newProject,
  newSplit,
  newTeacher,
  opened,
  row,
  rows,
} from './workspace.ts';

/** A row as the test knows it, without asking the store. */
interface Known {
  exampleId: number;
  datasetId: string;
  gold: string | null;
  part: Part | null;
  answer: 'none' | 'parsed' | 'unparsed' | 'failed';
  label: string | null;
  correct: boolean | null;
  flags: readonly HealthFlag[] | null;
  verdict: ReviewVerdict | null;
  edited: boolean;
  noted: boolean;
  tags: readonly string[];
}

const golds = ['7', '8', 'seven', null];
const labels = ['7', '8', '9'];
const someFlags = ['wrong-label', 'truncated', 'other-language', 'no-rationale'] as const;
const tagNames = ['unsure', 'nice', '["odd" tag]'];
const parts: readonly Part[] = ['train', 'validation', 'test'];

/** A project of two data sets, beside another one, with answers, flags and reviews drawn with a seed. */
function drawn(store: Store, seed: number) {
  const random = new Random(seed);
  const project = newProject(store);
  const other = newProject(store, 'Pears');
  newDataset(
    store,
    project,
    Array.from({ length: 90 }, (_, i) => row(`a${i}`, { gold: random.pick(golds) })),
  );
  newDataset(store, other, rows(20));
  newDataset(
    store,
    project,
    Array.from({ length: 60 }, (_, i) => row(`b${i}`, { gold: random.pick(golds) })),
  );
  const teacher = newTeacher(store, project);
  const extraction = newExtraction(store, project, teacher);
  // Another extraction, whose answers and reviews must never be shown.
  const second = newExtraction(store, project, teacher, { temperature: 0.5 });

  const known: Known[] = [...store.data.examples(project.id)].map(({ id, datasetId, gold }) => {
    const answer = random.pick([
      'none',
      'parsed',
      'parsed',
      'parsed',
      'unparsed',
      'failed',
    ] as const);
    const label = answer === 'parsed' ? random.pick(labels) : null;
    const isAnswered = answer === 'parsed' || answer === 'unparsed';
    const correct = gold === null || !isAnswered ? null : label === gold;
    const flags =
      answer === 'parsed' && random.next() < 0.8
        ? someFlags.filter(() => random.next() < 0.3)
        : null;
    return {
      ...{ exampleId: id, datasetId, gold, answer, label, correct, flags },
      part: random.pick([...parts, null]),
      verdict: isAnswered ? random.pick(['accepted', 'rejected', null, null] as const) : null,
      edited: isAnswered && random.next() < 0.2,
      noted: isAnswered && random.next() < 0.2,
      tags: isAnswered ? tagNames.filter(() => random.next() < 0.2) : [],
    };
  });
  store.extractions.saveCompletions(
    extraction.id,
    known.flatMap(({ exampleId, answer, label, correct }) =>
      answer === 'none'
        ? []
        : [answer === 'failed' ? failed(exampleId) : answered(exampleId, label, correct)],
    ),
  );
  store.extractions.saveCompletions(
    second.id,
    known.map(({ exampleId }) => answered(exampleId, '1', false)),
  );
  store.reviews.apply(
    second.id,
    known.map(({ exampleId }) => exampleId),
    { kind: 'verdict', verdict: 'accepted' },
  );
  store.health.save(
    extraction.id,
    known.flatMap(({ exampleId, flags }) =>
      flags === null
        ? []
        : [{ exampleId, findings: flags.map((flag) => ({ flag, evidence: '', at: null })) }],
    ),
  );
  const split = newSplit(
    store,
    project,
    known.flatMap(({ exampleId, part }): [number, Part][] =>
      part === null ? [] : [[exampleId, part]],
    ),
  );
  review(store, extraction.id, known);
  return { project, extraction, split, known };
}

function review(store: Store, extractionId: string, known: readonly Known[]): void {
  const ids = (which: (one: Known) => boolean): number[] =>
    known.filter(which).map(({ exampleId }) => exampleId);
  const { reviews } = store;
  for (const verdict of ['accepted', 'rejected'] as const) {
    reviews.apply(
      extractionId,
      ids((one) => one.verdict === verdict),
      { kind: 'verdict', verdict },
    );
  }
  reviews.apply(
    extractionId,
    ids((one) => one.edited),
    { kind: 'edit', rationale: 'Better so.' },
  );
  reviews.apply(
    extractionId,
    ids((one) => one.noted),
    { kind: 'note', note: 'See above.' },
  );
  for (const tag of tagNames) {
    reviews.apply(
      extractionId,
      ids((one) => one.tags.includes(tag)),
      { kind: 'tag', tag, add: true },
    );
  }
}

const suspicionOf = ({ flags }: Known): number =>
  flags === null ? -1 : flags.reduce((sum, flag) => sum + flagWeights[flag], 0);

/** What the contract says of a query, row by row. */
function naive(known: readonly Known[], query: RowQuery): number[] {
  const isSeen = (one: Known): boolean =>
    (query.datasetId === null || one.datasetId === query.datasetId) &&
    (query.gold === null || one.gold === query.gold) &&
    (query.split === null || one.part === query.split.part) &&
    isAnswered(one, query.answers) &&
    (query.label === null || one.label === query.label) &&
    (query.flags.length === 0 || query.flags.some((flag) => one.flags?.includes(flag))) &&
    isReviewed(one, query.verdict) &&
    (query.tag === null || one.tags.includes(query.tag));
  const seen = known.filter(isSeen);
  const ordered =
    query.sort === 'order'
      ? seen
      : seen.toSorted((a, b) => suspicionOf(b) - suspicionOf(a) || a.exampleId - b.exampleId);
  return ordered.map(({ exampleId }) => exampleId);
}

function isAnswered(one: Known, answers: RowQuery['answers']): boolean {
  if (answers === 'all') return true;
  if (answers === 'answered') return one.answer !== 'none';
  if (answers === 'wrong') return one.answer === 'parsed' && one.correct === false;
  return one.answer === answers;
}

function isReviewed(one: Known, verdict: RowQuery['verdict']): boolean {
  if (verdict === 'any') return true;
  if (verdict === 'none')
    return one.verdict === null && (one.answer === 'parsed' || one.answer === 'unparsed');
  if (verdict === 'edited') return one.edited;
  if (verdict === 'noted') return one.noted;
  return verdict === 'stale' ? false : one.verdict === verdict;
}

/** Each filter is on or off, and so are the others: every combination comes about. */
function drawQuery(random: Random, datasetIds: readonly string[], splitId: string): RowQuery {
  const often = <T>(value: T, otherwise: T, chance = 0.3): T =>
    random.next() < chance ? value : otherwise;
  return {
    ...everyRow,
    datasetId: often<string | null>(random.pick(datasetIds), null),
    gold: often<string | null>(random.pick(['7', '8', 'seven']), null, 0.2),
    split: often<RowQuery['split']>({ splitId, part: random.pick(parts) }, null),
    answers: random.pick([
      'all',
      'all',
      'answered',
      'parsed',
      'unparsed',
      'wrong',
      'failed',
    ] as const),
    label: often<string | null>(random.pick(labels), null, 0.2),
    flags: often<HealthFlag[]>(
      someFlags.filter(() => random.next() < 0.5),
      [],
    ),
    verdict: random.pick([
      'any',
      'any',
      'any',
      'accepted',
      'rejected',
      'none',
      'edited',
      'stale',
      'noted',
    ] as const),
    tag: often<string | null>(random.pick(tagNames), null, 0.15),
    sort: random.pick(['order', 'suspicion'] as const),
  };
}

describe('rows that are filtered', () => {
  it('are those that a look at each row finds, in their order, however filters are combined', async () => {
    const path = newPath();
    const store = opened(path);
    const { project, extraction, split, known } = drawn(store, 21);
    const datasetIds = store.data.list(project.id).map(({ id }) => id);
    const random = new Random(5);
    let found = 0;
    for (let round = 0; round < 600; round++) {
      const query = drawQuery(random, datasetIds, split.id);
      const seen: RowsSeen = { projectId: project.id, extractionId: extraction.id, query };
      const expected = naive(known, query);
      found += expected.length;
      expect([...store.reviews.ids(seen)], JSON.stringify(query)).toEqual(expected);
      const window = { offset: random.integer(0, 40), limit: random.integer(1, 30) };
      const page = store.reviews.page(seen, window);
      expect(page.total).toBe(expected.length);
      expect(page.rows.map(({ exampleId }) => exampleId)).toEqual(
        expected.slice(window.offset, window.offset + window.limit),
      );
      // A thread with a connection of its own lists the same.
      if (round % 50 === 0)
        expect([...(await listTask.run({ path, seen, most: null })).ids]).toEqual(expected);
    }
    expect(found).toBeGreaterThan(2_000);
  });

  it('show what is known of each', () => {
    const store = opened();
    const { project, extraction, known } = drawn(store, 4);
    const seen = { projectId: project.id, extractionId: extraction.id, query: everyRow };
    const shown = [...store.reviews.rows(seen)];
    expect(shown.map(({ exampleId }) => exampleId)).toEqual(
      known.map(({ exampleId }) => exampleId),
    );
    for (const [index, one] of known.entries()) {
      expect(shown[index]).toMatchObject({
        gold: one.gold,
        label: one.label,
        correct: one.correct,
        answered: one.answer !== 'none',
        failure: one.answer === 'failed' ? 'Too many requests' : null,
        flags: healthFlags.filter((flag) => one.flags?.includes(flag)),
        suspicion: one.flags === null ? null : suspicionOf(one),
      });
      const said = one.verdict !== null || one.edited || one.noted || one.tags.length > 0;
      expect(shown[index]?.review ?? null).toEqual(
        said
          ? expect.objectContaining({
              reviewer: '',
              verdict: one.verdict,
              tags: one.tags,
              stale: false,
            })
          : null,
      );
      expect(store.reviews.row(extraction.id, one.exampleId)).toEqual(shown[index]);
    }
  });

  it('are data alone without an extraction: what is about answers finds nothing', () => {
    const store = opened();
    const { project, known } = drawn(store, 8);
    const page = (query: Partial<RowQuery>) =>
      store.reviews.page(
        { projectId: project.id, extractionId: null, query: { ...everyRow, ...query } },
        { offset: 0, limit: 500 },
      );
    expect(page({ sort: 'suspicion' }).rows.map(({ exampleId }) => exampleId)).toEqual(
      known.map(({ exampleId }) => exampleId),
    );
    expect(
      page({}).rows.every((one) => one.label === null && one.review === null && !one.answered),
    ).toBe(true);
    expect(page({ gold: '7' }).total).toBe(known.filter(({ gold }) => gold === '7').length);
    for (const query of [
      { answers: 'parsed' },
      { verdict: 'none' },
      { label: '7' },
      { tag: 'nice' },
    ] as const) {
      expect(page(query).total).toBe(0);
    }
  });

  it('are listed anew after each kind of change', () => {
    const store = opened();
    const { project, extraction, known } = drawn(store, 12);
    const total = (query: Partial<RowQuery>): number =>
      store.reviews.page(
        { projectId: project.id, extractionId: extraction.id, query: { ...everyRow, ...query } },
        { offset: 0, limit: 1 },
      ).total;
    const before = {
      none: total({ verdict: 'none' }),
      parsed: total({ answers: 'parsed' }),
      all: total({}),
    };
    const flagged = total({ flags: ['truncated'] });
    const isFresh = known.find(({ verdict, answer }) => verdict === null && answer === 'parsed');
    const isMissing = known.find(({ answer }) => answer === 'none');
    const clean = known.find(({ flags, answer }) => answer === 'parsed' && flags?.length === 0);
    if (!isFresh || !isMissing || !clean) throw new Error('the seed draws no such row');

    store.reviews.apply(extraction.id, [isFresh.exampleId], {
      kind: 'verdict',
      verdict: 'rejected',
    });
    expect(total({ verdict: 'none' })).toBe(before.none - 1);
    store.extractions.saveCompletions(extraction.id, [answered(isMissing.exampleId, '7', null)]);
    expect(total({ answers: 'parsed' })).toBe(before.parsed + 1);
    expect(total({ verdict: 'none' })).toBe(before.none);
    store.health.save(extraction.id, [
      { exampleId: clean.exampleId, findings: [{ flag: 'truncated', evidence: '', at: null }] },
    ]);
    expect(total({ flags: ['truncated'] })).toBe(flagged + 1);
    // Another label for the row takes its flags away.
    store.extractions.saveRationales(extraction.id, [
      {
        exampleId: clean.exampleId,
        sample: 0,
        label: 'none of it',
        rationale: null,
        correct: null,
      },
    ]);
    expect(total({ flags: ['truncated'] })).toBe(flagged);
    expect(total({ label: 'none of it' })).toBe(1);
    const sevens = total({ gold: '7' });
    newDataset(store, project, rows(5));
    expect(total({ gold: '7' })).toBe(sevens + 5);
    expect(total({})).toBe(before.all + 5);

    // The same file with another column for the label.
    const added = store.data.list(project.id).at(-1);
    const [seven] = [...store.data.rowsOf(added?.id ?? '')];
    if (!added || !seven) throw new Error('the data set is gone');
    const { externalId, input, choices } = seven;
    const relabelled = row(externalId, { input, choices, gold: '70' });
    store.data.replace(
      added.id,
      {
        ...{ added: [], removed: [] },
        changed: [{ exampleId: seven.id, row: relabelled, inputChanged: false }],
      },
      { ...added, mapping: { ...added.mapping, label: 'other' }, card },
    );
    expect(total({ gold: '7' })).toBe(sevens + 4);
  });

  it('do not show a data set that is still being imported', () => {
    const store = opened();
    const project = newProject(store);
    newDataset(store, project, rows(3));
    const writer = store.data.begin({
      ...{
        projectId: project.id,
        name: 'Growing',
        sourceName: 'g.csv',
        sourceSha256: 'b'.repeat(64),
      },
      ...{ mapping: store.data.list(project.id)[0]?.mapping ?? never(), givenPart: null, seed: 1 },
    });
    writer.add(rows(4));
    const seen = (query: Partial<RowQuery>): RowsSeen => ({
      projectId: project.id,
      extractionId: null,
      query: { ...everyRow, ...query },
    });
    const window = { offset: 0, limit: 50 };
    expect(store.reviews.page(seen({}), window)).toMatchObject({ total: 3 });
    expect(store.reviews.page(seen({ gold: '7' }), window)).toMatchObject({ total: 3 });
    expect(exampleIds(store, project)).toHaveLength(3);
  });
});

function never(): never {
  throw new Error('there is no data set');
}
