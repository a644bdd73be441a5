import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { everyRow } from '../../../electron/contract/entities.ts';
import type { Review, ReviewChange } from '../../../electron/contract/entities.ts';
import { Random } from '../../../electron/core/random.ts';
import type { Store } from '../../../electron/store/store.ts';
import {
  answered,
  exampleIds,
  newDataset,
  newExtraction,
  newPath,
  newProject,
  newSplit,
  newTeacher,
  opened,
  refusal,
  rows,
  watched,
} from './workspace.ts';

type Said = Omit<Review, 'reviewer' | 'updatedAt'>;

const silent: Said = {
  verdict: null,
  label: null,
  rationale: null,
  stale: false,
  note: '',
  tags: [],
};

/** Answers to all rows but the last; every fifth has no rationale that could be parsed. */
function reviewed(store: Store, count: number) {
  const project = newProject(store);
  newDataset(store, project, rows(count + 1));
  const extraction = newExtraction(store, project, newTeacher(store, project));
  const all = exampleIds(store, project);
  const ids = all.slice(0, count);
  store.extractions.saveCompletions(
    extraction.id,
    ids.map((id, index) => answered(id, index % 5 === 4 ? null : '7', index % 5 !== 4)),
  );
  return { project, extractionId: extraction.id, ids, unanswered: all[count] ?? 0 };
}

const saidOf = (store: Store, extractionId: string, id: number): Said => {
  const review = store.reviews.row(extractionId, id).review;
  if (review === null) return silent;
  const { verdict, label, rationale, stale, note, tags } = review;
  return { verdict, label, rationale, stale, note, tags };
};

/** What the contract says a change does, to a row whose teacher gave this label and rationale. */
function changed(
  before: Said,
  change: ReviewChange,
  teacher: { label: string | null; rationale: string | null },
): Said {
  switch (change.kind) {
    case 'verdict':
      return {
        ...before,
        verdict: change.verdict,
        stale: change.verdict === 'accepted' ? false : before.stale,
      };
    case 'note':
      return { ...before, note: change.note };
    case 'tag': {
      const others = before.tags.filter((tag) => tag !== change.tag);
      if (!change.add) return { ...before, tags: others };
      return before.tags.includes(change.tag)
        ? before
        : { ...before, tags: [...before.tags, change.tag] };
    }
    case 'edit': {
      const label = change.label === undefined ? before.label : change.label;
      const rationale = change.rationale === undefined ? before.rationale : change.rationale;
      return {
        ...before,
        label,
        rationale,
        stale: isStale(before, { label, rationale }, change, teacher),
      };
    }
  }
}

function isStale(
  before: Said,
  after: Pick<Said, 'label' | 'rationale'>,
  change: Extract<ReviewChange, { kind: 'edit' }>,
  teacher: { label: string | null; rationale: string | null },
): boolean {
  if (typeof change.rationale === 'string') return false;
  if (after.rationale === null && (after.label ?? teacher.label) === teacher.label) return false;
  if ((after.rationale ?? teacher.rationale) === null) return false;
  const standing = after.label ?? teacher.label;
  if (standing !== (before.label ?? teacher.label)) return true;
  return change.rationale === null ? standing !== teacher.label : before.stale;
}

function drawChange(random: Random): ReviewChange {
  const text = random.pick(['8', '7', null]);
  const edits: ReviewChange[] = [
    { kind: 'edit', label: text },
    { kind: 'edit', rationale: random.pick(['Because it is so.', null]) },
    { kind: 'edit', label: text, rationale: random.pick(['Both at once.', null]) },
  ];
  return random.pick<ReviewChange>([
    { kind: 'verdict', verdict: random.pick(['accepted', 'rejected', null] as const) },
    ...edits,
    { kind: 'tag', tag: random.pick(['unsure', 'it’s "odd"']), add: random.next() < 0.7 },
    { kind: 'note', note: random.pick(['', 'look again']) },
  ]);
}

describe('reviews', () => {
  it('follow a model through changes, undoing and doing again, also across a restart', () => {
    const path = newPath();
    let store = opened(path);
    const { extractionId, ids } = reviewed(store, 20);
    const random = new Random(31);
    const teachers = new Map(
      ids.map((id) => {
        const { label, rationale } = store.reviews.row(extractionId, id);
        return [id, { label, rationale }];
      }),
    );
    type State = ReadonlyMap<number, Said>;
    const states: State[] = [new Map(ids.map((id) => [id, silent]))];
    let at = 0;
    for (let round = 0; round < 150; round++) {
      const dice = random.next();
      if (dice < 0.5) {
        const chosen = random.shuffle(ids).slice(0, random.integer(1, 20));
        const change = drawChange(random);
        const before = states[at] ?? new Map<number, Said>();
        const after = new Map(before);
        for (const id of chosen) {
          const teacher = teachers.get(id) ?? { label: null, rationale: null };
          after.set(id, changed(before.get(id) ?? silent, change, teacher));
        }
        const action = store.reviews.apply(extractionId, chosen, change);
        expect(action).toMatchObject({ change, rows: chosen.length, undone: false });
        states.splice(at + 1, states.length, after);
        at += 1;
      } else if (dice < 0.75) {
        if (at === 0)
          expect(refusal(() => store.reviews.undo(extractionId)).code).toBe('invalid-input');
        else {
          expect(store.reviews.undo(extractionId).undone).toBe(true);
          at -= 1;
        }
      } else if (at === states.length - 1) {
        expect(refusal(() => store.reviews.redo(extractionId)).code).toBe('invalid-input');
      } else {
        expect(store.reviews.redo(extractionId).undone).toBe(false);
        at += 1;
      }
      if (round % 50 === 49) {
        store.close();
        store = opened(path);
      }
      const now = states[at];
      for (const id of ids) expect(saidOf(store, extractionId, id)).toEqual(now?.get(id));
      const all = [...(now?.values() ?? [])];
      const count = (which: (said: Said) => boolean): number => all.filter(which).length;
      expect(store.reviews.progress(extractionId)).toMatchObject({
        rows: 20,
        accepted: count(({ verdict }) => verdict === 'accepted'),
        rejected: count(({ verdict }) => verdict === 'rejected'),
        edited: count(({ label, rationale }) => label !== null || rationale !== null),
        stale: count(({ stale }) => stale),
        noted: count(({ note }) => note !== ''),
      });
    }
    expect(states.length).toBeGreaterThan(5);
  });

  it('leave rows without an answer out, and refuse where none is left', () => {
    const store = opened();
    const { extractionId, ids, unanswered } = reviewed(store, 3);
    const accept: ReviewChange = { kind: 'verdict', verdict: 'accepted' };
    expect(store.reviews.apply(extractionId, [unanswered, ...ids, ...ids], accept).rows).toBe(3);
    expect(refusal(() => store.reviews.apply(extractionId, [unanswered], accept)).code).toBe(
      'rows-missing',
    );
    expect(refusal(() => store.reviews.apply(extractionId, [], accept)).code).toBe('rows-missing');
    expect(store.reviews.progress(extractionId)).toMatchObject({
      accepted: 3,
      undo: { rows: 3 },
      redo: null,
    });
  });

  it('keep what can be done again when a change is refused', () => {
    const store = opened();
    const { extractionId, ids, unanswered } = reviewed(store, 3);
    store.reviews.apply(extractionId, ids, { kind: 'note', note: 'first' });
    store.reviews.undo(extractionId);
    refusal(() =>
      store.reviews.apply(extractionId, [unanswered], { kind: 'note', note: 'second' }),
    );
    expect(store.reviews.redo(extractionId).change).toEqual({ kind: 'note', note: 'first' });
  });

  it('of many rows are changed step by step, and by nobody else meanwhile', () => {
    const store = opened();
    const { extractionId, ids } = reviewed(store, 1_200);
    const reject: ReviewChange = { kind: 'verdict', verdict: 'rejected' };
    const steps = store.reviews.applying(extractionId, ids, reject);
    expect(steps.next()).toEqual({ done: false, value: 500 });
    expect(store.reviews.progress(extractionId)).toMatchObject({ rejected: 500, undo: null });
    expect(refusal(() => store.reviews.undo(extractionId)).code).toBe('job-conflict');
    expect(refusal(() => store.reviews.apply(extractionId, ids, reject)).code).toBe('job-conflict');
    const values = [...steps];
    expect(values).toEqual([500, 200]);
    expect(store.reviews.progress(extractionId)).toMatchObject({
      rejected: 1_200,
      undo: { rows: 1_200 },
    });
    const undone = [...store.reviews.undoing(extractionId)];
    expect(undone).toEqual([500, 500, 200]);
    expect(store.reviews.progress(extractionId)).toMatchObject({
      rejected: 0,
      undo: null,
      redo: { rows: 1_200 },
    });
  });

  it.each(['applying', 'undoing', 'redoing'] as const)(
    'are as they were before a change whose process ended while it was %s',
    (kind) => {
      const path = newPath();
      const store = opened(path);
      const { extractionId, ids } = reviewed(store, 1_200);
      const first: ReviewChange = { kind: 'verdict', verdict: 'accepted' };
      store.reviews.apply(extractionId, ids.slice(0, 5), first);
      const reject: ReviewChange = { kind: 'verdict', verdict: 'rejected' };
      if (kind !== 'applying') store.reviews.apply(extractionId, ids, reject);
      if (kind === 'redoing') store.reviews.undo(extractionId);
      const steps =
        kind === 'applying'
          ? store.reviews.applying(extractionId, ids, reject)
          : store.reviews[kind](extractionId);
      steps.next();
      store.close();

      const { reviews } = opened(path);
      expect(reviews.progress(extractionId)).toMatchObject({
        accepted: 5,
        rejected: 0,
        undo: { change: first },
        redo: kind === 'applying' ? null : { change: reject, rows: 1_200 },
      });
      if (kind !== 'applying') reviews.redo(extractionId);
      expect(reviews.progress(extractionId).rejected).toBe(kind === 'applying' ? 0 : 1_200);
    },
  );

  it('are dropped after another change, however many rows they were about', () => {
    const path = newPath();
    const store = opened(path);
    const { extractionId, ids } = reviewed(store, 1_200);
    const changes = (): unknown =>
      new Database(path, { readonly: true })
        .prepare('SELECT count(*) FROM review_changes')
        .pluck()
        .get();
    for (let round = 0; round < 6; round++) {
      store.reviews.apply(extractionId, ids, { kind: 'tag', tag: `t${round}`, add: true });
    }
    for (let round = 0; round < 6; round++) store.reviews.undo(extractionId);
    expect(changes()).toBe(7_200);
    const note = (): unknown =>
      store.reviews.apply(extractionId, ids.slice(0, 1), { kind: 'note', note: 'x' });
    note();
    expect(store.reviews.progress(extractionId)).toMatchObject({ redo: null, undo: { rows: 1 } });
    note();
    note();
    expect(changes()).toBe(3);
  });

  it('are stale when another answer comes to stand for their row', () => {
    const store = opened();
    const { extractionId, ids } = reviewed(store, 8);
    const [accepted = 0, relabelled = 0, rewritten = 0, both = 0] = ids;
    const [, , , , unparsed = 0, rejected = 0, agreed = 0, silentId = 0] = ids;
    const apply = (id: number, change: ReviewChange): unknown =>
      store.reviews.apply(extractionId, [id], change);
    apply(accepted, { kind: 'verdict', verdict: 'accepted' });
    apply(relabelled, { kind: 'edit', label: '9', rationale: 'Nine.' });
    apply(relabelled, { kind: 'edit', rationale: null });
    apply(relabelled, { kind: 'verdict', verdict: 'accepted' });
    apply(rewritten, { kind: 'edit', rationale: 'Mine.' });
    apply(both, { kind: 'edit', label: '9', rationale: 'Nine.' });
    apply(rejected, { kind: 'verdict', verdict: 'rejected' });
    apply(agreed, { kind: 'edit', label: '8', rationale: 'Eight.' });
    apply(agreed, { kind: 'edit', rationale: null });
    apply(unparsed, { kind: 'verdict', verdict: 'accepted' });
    apply(silentId, { kind: 'note', note: 'look again' });
    apply(accepted, { kind: 'note', note: 'sure' });
    const stale = (): number[] =>
      ids.filter((id) => store.reviews.row(extractionId, id).review?.stale === true);
    expect(stale()).toEqual([agreed]);

    const parsed = (label: string | null, rationale: string | null) =>
      ids.map((exampleId) => ({ exampleId, sample: 0, label, rationale, correct: false }));
    // As they are: nothing changed for those that stay the same.
    store.extractions.saveRationales(
      extractionId,
      parsed('7', 'Because.').filter(({ exampleId }) => exampleId !== unparsed),
    );
    expect(stale()).toEqual([agreed]);
    store.extractions.saveRationales(extractionId, parsed('8', 'So it is 8.'));
    expect(stale()).toEqual([accepted, relabelled, rewritten, unparsed, agreed]);
    expect(store.reviews.progress(extractionId)).toMatchObject({ stale: 5, accepted: 3 });
    // Undoing what came after the verdict does not take the mark away.
    store.reviews.undo(extractionId);
    expect(saidOf(store, extractionId, accepted)).toMatchObject({ note: '', stale: true });
    apply(accepted, { kind: 'verdict', verdict: 'accepted' });
    expect(stale()).not.toContain(accepted);
  });

  it('can be changed again after a change that failed half-way', () => {
    const { store, db } = watched();
    const { extractionId, ids } = reviewed(store, 1_200);
    const { reviews } = store;
    const reject: ReviewChange = { kind: 'verdict', verdict: 'rejected' };
    db().exec('CREATE TEMP TABLE room (rows INTEGER NOT NULL)');
    db().exec(`CREATE TEMP TRIGGER takes_room BEFORE UPDATE ON main.extractions BEGIN
      UPDATE room SET rows = rows - 1;
      SELECT RAISE(ABORT, 'the disk is full') FROM room WHERE rows < 0; END`);
    const room = (rows: number): unknown =>
      db().exec(`REPLACE INTO room (rowid, rows) VALUES (1, ${rows})`);
    /** Fails after some 700 rows, and so does taking back what was done. */
    const fails = (steps: () => Iterable<unknown>): void => {
      room(700);
      expect(() => [...steps()]).toThrow('the disk is full');
      expect(reviews.progress(extractionId).rejected).toBe(steps === undo ? 700 : 500);
      room(1_000_000);
    };
    const apply = () => reviews.applying(extractionId, ids, reject);
    const undo = () => reviews.undoing(extractionId);
    const redo = () => reviews.redoing(extractionId);

    room(1_000_000);
    reviews.apply(extractionId, ids.slice(0, 1), { kind: 'note', note: 'first' });
    fails(apply);
    expect([...apply()]).toEqual([500, 500, 200]);
    fails(undo);
    // What was left half-way is undone now, and not also the change before it.
    expect([...undo()]).toEqual([]);
    expect(reviews.progress(extractionId)).toMatchObject({
      ...{ rejected: 0, noted: 1, undo: { change: { kind: 'note' } }, redo: { change: reject } },
    });
    fails(redo);
    expect([...redo()]).toEqual([500, 500, 200]);
    expect(reviews.progress(extractionId)).toMatchObject({ rejected: 1_200, redo: null });
  });

  it('go with the answer they are about', () => {
    const store = opened();
    const { project, extractionId, ids } = reviewed(store, 3);
    store.reviews.apply(extractionId, ids, { kind: 'verdict', verdict: 'accepted' });
    for (const { id } of store.data.list(project.id)) store.data.remove(id);
    expect(store.reviews.progress(extractionId)).toMatchObject({ rows: 0, accepted: 0 });
    // Nothing is left of the rows: undoing changes none.
    store.reviews.undo(extractionId);
    expect(store.reviews.progress(extractionId)).toMatchObject({ accepted: 0, undo: null });
  });

  it('count their tags, the commonest first', () => {
    const store = opened();
    const { extractionId, ids } = reviewed(store, 6);
    store.reviews.apply(extractionId, ids, { kind: 'tag', tag: 'seen', add: true });
    store.reviews.apply(extractionId, ids.slice(0, 2), { kind: 'tag', tag: 'odd', add: true });
    store.reviews.apply(extractionId, ids.slice(1, 2), { kind: 'tag', tag: 'seen', add: false });
    expect(store.reviews.tags(extractionId)).toEqual([
      { tag: 'seen', rows: 5 },
      { tag: 'odd', rows: 2 },
    ]);
  });

  it('are given with their rows, for a file', () => {
    const store = opened();
    const { extractionId, ids } = reviewed(store, 4);
    store.reviews.apply(extractionId, ids.slice(1, 3), {
      kind: 'edit',
      label: '12',
      rationale: 'Six twice.',
    });
    store.reviews.saveOthers(extractionId, 'Mina', [
      { exampleId: ids[0] ?? 0, review: { ...silent, updatedAt: '2026' } },
    ]);
    expect([...store.reviews.own(extractionId)]).toEqual(
      ['2', '3'].map((externalId) => ({
        externalId,
        input: `How many apples are in basket ${externalId}?`,
        choices: null,
        review: {
          ...silent,
          reviewer: '',
          label: '12',
          rationale: 'Six twice.',
          updatedAt: expect.any(String),
        },
      })),
    );
  });
});

describe('reviews of others', () => {
  it('are kept apart, replaced as a whole, paired and forgotten', () => {
    const store = opened();
    const { extractionId, ids } = reviewed(store, 6);
    const [a = 0, b = 0, c = 0, d = 0] = ids;
    const said = (exampleId: number, verdict: Review['verdict']) => ({
      exampleId,
      review: { ...silent, verdict, updatedAt: '2026-11-21T10:00:00.000Z' },
    });
    store.reviews.saveOthers(extractionId, 'Mina', [said(d, 'rejected')]);
    store.reviews.saveOthers(extractionId, 'Mina', [
      said(a, 'accepted'),
      said(b, 'rejected'),
      said(c, null),
    ]);
    store.reviews.saveOthers(extractionId, 'Jun', [said(a, 'accepted'), said(b, 'accepted')]);
    store.reviews.apply(extractionId, [a, b, c, d], { kind: 'verdict', verdict: 'rejected' });

    expect(store.reviews.others(extractionId, a).map(({ reviewer }) => reviewer)).toEqual([
      'Jun',
      'Mina',
    ]);
    expect(store.reviews.others(extractionId, d)).toEqual([]);
    expect(store.reviews.progress(extractionId)).toMatchObject({ accepted: 0, rejected: 4 });
    expect(store.reviews.verdictPairs(extractionId)).toEqual([
      {
        a: '',
        b: 'Jun',
        counts: [
          [0, 0],
          [2, 0],
        ],
      },
      {
        a: '',
        b: 'Mina',
        counts: [
          [0, 0],
          [1, 1],
        ],
      },
      {
        a: 'Jun',
        b: 'Mina',
        counts: [
          [1, 1],
          [0, 0],
        ],
      },
    ]);
    store.reviews.forget(extractionId, 'Mina');
    store.reviews.forget(extractionId, '');
    expect(store.reviews.verdictPairs(extractionId)).toHaveLength(1);
    expect(store.reviews.progress(extractionId).rejected).toBe(4);
  });
});

describe('rows that could train', () => {
  it('come with answer, kept rationales, review and suspicion', () => {
    const store = opened();
    const { project, extractionId, ids, unanswered } = reviewed(store, 3);
    const [first = 0, second = 0, third = 0] = ids;
    const parse = (sample: number, rationale: string | null) => ({
      ...{ exampleId: first, sample, label: '7', rationale, correct: true },
    });
    store.extractions.saveCompletions(
      extractionId,
      [1, 2, 3].map((sample) => ({
        ...answered(first, '7', true, { sample }),
        rationale: parse(sample, sample === 3 ? '' : `Reason ${sample}.`),
      })),
      {
        decide: (exampleId, parses) => ({
          exampleId,
          chosen: 1,
          kept: [0, 1, 2, 3],
          votes: 4,
          answers: parses.length,
        }),
      },
    );
    store.reviews.apply(extractionId, [second], { kind: 'verdict', verdict: 'rejected' });
    store.health.save(extractionId, [
      { exampleId: second, findings: [{ flag: 'truncated', evidence: '', at: null }] },
    ]);
    const split = newSplit(store, project, [
      [first, 'train'],
      [second, 'train'],
      [unanswered, 'train'],
      [third, 'test'],
    ]);

    const candidates = store.reviews.training(split.id, 'train', extractionId);
    expect(candidates.map(({ example }) => example.id)).toEqual([first, second, unanswered]);
    expect(candidates[0]).toEqual({
      example: store.data.example(first),
      answer: { label: '7', rationale: 'Reason 1.', correct: true },
      kept: ['Reason 1.', 'Because.', 'Reason 2.'],
      review: null,
      suspicion: null,
    });
    expect(candidates[1]).toMatchObject({
      kept: ['Because.'],
      review: { verdict: 'rejected' },
      suspicion: 3,
    });
    expect(candidates[2]).toMatchObject({ answer: null, kept: [], review: null, suspicion: null });
    expect(
      store.reviews.training(split.id, 'train', null).every(({ answer }) => answer === null),
    ).toBe(true);
  });
});

describe('views', () => {
  it('are kept by name in the order of their making, replaced and removed', () => {
    const store = opened();
    const project = newProject(store);
    const save = (name: string, gold: string) =>
      store.reviews.saveView({ projectId: project.id, name, query: { ...everyRow, gold } });
    const first = save('Sevens', '7');
    const second = save('Eights', '8');
    const again = save('Sevens', 'seven');
    expect(again).toEqual({ ...first, query: { ...everyRow, gold: 'seven' } });
    expect(store.reviews.views(project.id)).toEqual([again, second]);
    store.reviews.removeView(first.id);
    expect(store.reviews.views(project.id)).toEqual([second]);
    expect(refusal(() => store.reviews.removeView(first.id)).code).toBe('not-found');
    expect(refusal(() => store.reviews.saveView({ ...second, projectId: first.id })).code).toBe(
      'not-found',
    );
  });
});
