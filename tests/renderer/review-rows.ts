import { calls } from '../../electron/contract/calls.ts';
import { flagWeights } from '../../electron/contract/entities.ts';
import type {
  ReviewAction,
  ReviewChange,
  ReviewRow,
  RowDetail,
  RowQuery,
} from '../../electron/contract/entities.ts';
import { changed } from '../../renderer/wizards/rationales/review/change.ts';
import type { Answers } from './fakes.ts';
import { createdAt, job } from './rows.ts';

export const reviewRow = (id: number, more: Partial<ReviewRow> = {}): ReviewRow => ({
  exampleId: id,
  externalId: `row-${id}`,
  input: `What colour has thing ${id}?`,
  choices: null,
  gold: 'red',
  label: id % 5 === 0 ? 'blue' : 'red',
  rationale: `Thing ${id} looks so.`,
  correct: id % 5 !== 0,
  failure: null,
  answered: true,
  agreement: null,
  flags: id % 5 === 0 ? ['wrong-label'] : [],
  suspicion: id % 5 === 0 ? flagWeights['wrong-label'] : 0,
  review: null,
  ...more,
});

/** Main as far as a review goes: rows in memory, verdicts that can be undone. */
export class FakeReview {
  rows: ReviewRow[];
  readonly actions: (ReviewAction & { before: ReviewRow[] })[] = [];
  searchReady = true;
  failing = false;

  constructor(count: number) {
    this.rows = Array.from({ length: count }, (_, at) => reviewRow(at + 1));
  }

  found({ text, verdict, flags, answers, tag, sort }: RowQuery): ReviewRow[] {
    const found = this.rows.filter(
      ({ input, review, flags: has, correct }) =>
        input.includes(text) &&
        (flags.length === 0 || flags.some((flag) => has.includes(flag))) &&
        (answers !== 'wrong' || correct === false) &&
        (tag === null || review?.tags.includes(tag) === true) &&
        (verdict === 'any' ||
          (verdict === 'none' ? !review?.verdict : review?.verdict === verdict)),
    );
    if (sort === 'order') return found;
    return [...found].sort((a, b) => (b.suspicion ?? 0) - (a.suspicion ?? 0));
  }

  verdicts(): (string | null)[] {
    return this.rows.map(({ review }) => review?.verdict ?? null);
  }

  #apply(ids: readonly number[], change: ReviewChange): void {
    this.rows = this.rows.map((row) => (ids.includes(row.exampleId) ? changed(row, change) : row));
  }

  #last(undone: boolean): (ReviewAction & { before: ReviewRow[] }) | undefined {
    return undone
      ? this.actions.find((action) => action.undone)
      : this.actions.findLast((action) => !action.undone);
  }

  #shown(action: ReviewAction | undefined): ReviewAction | null {
    if (!action) return null;
    const { id, change, rows, undone } = action;
    return { id, change, rows, undone, createdAt };
  }

  #step(undo: boolean): ReviewAction {
    const action = this.#last(!undo);
    if (!action) throw new Error('There is nothing to step back to.');
    const ids = action.before.map((row) => row.exampleId);
    if (undo) {
      this.rows = this.rows.map(
        (row) => action.before.find((each) => each.exampleId === row.exampleId) ?? row,
      );
    } else this.#apply(ids, action.change);
    action.undone = undo;
    return this.#shown(action) ?? action;
  }

  readonly answers: Answers = {
    'rows.page': (input) => {
      const { query, offset, limit } = calls['rows.page'].input.parse(input);
      const found = this.found(query);
      return {
        rows: found.slice(offset, offset + limit),
        total: found.length,
        searchReady: this.searchReady,
      };
    },
    'rows.detail': (input) => {
      const { exampleId } = calls['rows.detail'].input.parse(input);
      return detailOf(this.rows.find((row) => row.exampleId === exampleId) ?? reviewRow(exampleId));
    },
    'reviews.apply': (input) => {
      const { target, change } = calls['reviews.apply'].input.parse(input);
      if (this.failing) {
        return { failure: { code: 'disk-full', message: 'The disk is full.', hint: 'Free some.' } };
      }
      const ids =
        'query' in target
          ? this.found(target.query).map((row) => row.exampleId)
          : target.exampleIds;
      const before = this.rows.filter((row) => ids.includes(row.exampleId));
      this.#apply(ids, change);
      for (const action of this.actions.filter(({ undone }) => undone)) {
        this.actions.splice(this.actions.indexOf(action), 1);
      }
      const id = this.actions.length + 1;
      const action = { id, change, rows: ids.length, undone: false, createdAt, before };
      this.actions.push(action);
      return this.#shown(action) ?? action;
    },
    'reviews.undo': () => this.#step(true),
    'reviews.redo': () => this.#step(false),
    'reviews.progress': () => ({
      rows: this.rows.length,
      accepted: this.rows.filter(({ review }) => review?.verdict === 'accepted').length,
      rejected: this.rows.filter(({ review }) => review?.verdict === 'rejected').length,
      edited: this.rows.filter(({ review }) => review?.label ?? review?.rationale).length,
      stale: this.rows.filter(({ review }) => review?.stale).length,
      noted: this.rows.filter(({ review }) => review?.note).length,
      undo: this.#shown(this.#last(false)),
      redo: this.#shown(this.#last(true)),
    }),
    'reviews.tags': () => {
      const tags = this.rows.flatMap(({ review }) => review?.tags ?? []);
      return [...new Set(tags)].map((tag) => ({
        tag,
        rows: tags.filter((each) => each === tag).length,
      }));
    },
    'app.savePreferences': (input) => calls['app.savePreferences'].input.parse(input),
    'health.start': () => job({ kind: 'check', subjectId: 'x1', state: 'running' }),
    'views.list': () => [],
    'datasets.list': () => [],
    'splits.list': () => [],
  };
}

const detailOf = (row: ReviewRow): RowDetail => ({
  row,
  completion: `${row.rationale} So the answer is ${row.label}.`,
  finishReason: 'stop',
  rationaleAt: [0, row.rationale?.length ?? 0],
  answerAt: null,
  findings: row.flags.map((flag) => ({ flag, evidence: 'gold: red', at: [0, 5] })),
  samples: [],
  reviews: [],
  meta: { source: 'book' },
  dataset: 'Things',
});
