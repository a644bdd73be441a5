import { describe, expect, it } from 'vitest';
import { RowQuery, everyRow } from '../../electron/contract/entities.ts';
import type { ReviewRow } from '../../electron/contract/entities.ts';
import { stretchesOf } from '../../renderer/wizards/rationales/card/marks.ts';
import { strengthOf } from '../../renderer/wizards/rationales/people/kappa.ts';
import { changed } from '../../renderer/wizards/rationales/review/change.ts';
import { commandOf, isTaken } from '../../renderer/wizards/rationales/review/keys.ts';
import type { Press } from '../../renderer/wizards/rationales/review/keys.ts';
import { filtersOf, readView, writeView } from '../../renderer/wizards/rationales/review/view.ts';
import { reviewRow } from './review-rows.ts';

const full = RowQuery.parse({
  text: 'red & "blue paint" 50%',
  datasetId: 'd1',
  gold: 'a=b',
  split: { splitId: 's1', part: 'test' },
  answers: 'wrong',
  label: '초록 색',
  flags: ['truncated', 'identical'],
  verdict: 'none',
  tag: 'ask Kim',
  sort: 'suspicion',
});

describe('the view in the address', () => {
  it('comes back as it was written', () => {
    for (const page of ['rows', 'health', 'people'] as const) {
      const view = { page, extractionId: 'x1', query: full };
      expect(readView(writeView(view))).toEqual(view);
    }
  });

  it('is short where nothing is asked for', () => {
    expect(writeView({ page: 'rows', extractionId: null, query: everyRow })).toBeNull();
    expect(readView(null)).toEqual({ page: 'rows', extractionId: null, query: everyRow });
  });

  it('reads one word as a filter of answers, and leaves out what it does not understand', () => {
    expect(readView('unparsed').query.answers).toBe('unparsed');
    expect(readView('nonsense').query).toEqual(everyRow);
    expect(readView('page=moon&flags=purple&sort=suspicion&part=test').query).toEqual({
      ...everyRow,
      sort: 'suspicion',
    });
  });
});

describe('the filters that are on', () => {
  it('are told one by one, and each can be taken away alone', () => {
    const filters = filtersOf(full);
    expect(filters.map(({ kind, value }) => `${kind} ${value}`)).toEqual([
      'text red & "blue paint" 50%',
      'answers wrong',
      'verdict none',
      'flags truncated',
      'flags identical',
      'tag ask Kim',
      'label 초록 색',
      'gold a=b',
      'datasetId d1',
      'split test s1',
    ]);
    for (const filter of filters) expect(filtersOf(filter.without)).toHaveLength(9);
    const none = filters.reduce((query) => filtersOf(query)[0]?.without ?? query, full);
    expect(none).toEqual({ ...everyRow, sort: 'suspicion' });
  });
});

const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  code: '',
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  ...more,
});

describe('the keys', () => {
  it.each([
    ['j', {}, 'next'],
    ['ArrowUp', {}, 'previous'],
    ['g', {}, 'first'],
    ['G', { shiftKey: true }, 'last'],
    ['a', {}, 'accept'],
    ['A', {}, 'accept'],
    ['u', {}, 'undo'],
    ['U', { shiftKey: true }, 'redo'],
    ['z', { ctrlKey: true }, 'undo'],
    ['z', { metaKey: true }, 'undo'],
    ['Z', { ctrlKey: true, shiftKey: true }, 'redo'],
    ['/', {}, 'search'],
    ['?', { shiftKey: true }, 'keys'],
    ['ㅁ', { code: 'KeyA' }, 'accept'],
    ['Process', { code: 'KeyJ' }, 'next'],
    ['Ц', { code: 'KeyW', shiftKey: true }, null],
    ['a', { ctrlKey: true }, null],
    ['a', { altKey: true }, null],
    ['q', {}, null],
  ] as const)('%s %o is %s', (key, more, command) => {
    expect(commandOf(press(key, more))).toBe(command);
  });

  it('belong to a field that is being written in, and to an open dialog', () => {
    document.body.innerHTML =
      '<input id="text"><input id="box" type="checkbox"><textarea id="area"></textarea><select id="list"></select><button id="button"></button>';
    const taken = (id: string) => isTaken(document.getElementById(id));
    expect(['text', 'area', 'list'].map(taken)).toEqual([true, true, true]);
    expect(['box', 'button'].map(taken)).toEqual([false, false]);
    document.body.insertAdjacentHTML('beforeend', '<dialog open></dialog>');
    expect(taken('button')).toBe(true);
    document.body.innerHTML = '';
  });
});

describe('a change that is not saved yet', () => {
  const row = reviewRow(1);
  const edit = (from: ReviewRow, more: { label?: string | null; rationale?: string | null }) =>
    changed(from, { kind: 'edit', ...more });

  it('sets a verdict and takes it back', () => {
    const accepted = changed(row, { kind: 'verdict', verdict: 'accepted' });
    expect(accepted.review?.verdict).toBe('accepted');
    expect(changed(accepted, { kind: 'verdict', verdict: null }).review?.verdict).toBeNull();
  });

  it('makes the rationale stale with another label, until one of the ways out is taken', () => {
    const stale = edit(row, { label: 'green' });
    expect(stale.review).toMatchObject({ label: 'green', stale: true });
    expect(stale.label).toBe(row.label);
    expect(edit(stale, { rationale: 'Because of the leaves.' }).review?.stale).toBe(false);
    expect(edit(stale, { label: null }).review?.stale).toBe(false);
    expect(changed(stale, { kind: 'verdict', verdict: 'accepted' }).review?.stale).toBe(false);
    expect(changed(stale, { kind: 'verdict', verdict: 'rejected' }).review?.stale).toBe(true);
    expect(changed(stale, { kind: 'note', note: 'hm' }).review?.stale).toBe(true);
  });

  it('adds a tag once, and takes it away', () => {
    const tag = (from: ReviewRow, add: boolean) => changed(from, { kind: 'tag', tag: 'odd', add });
    const twice = tag(tag(row, true), true);
    expect(twice.review?.tags).toEqual(['odd']);
    expect(tag(twice, false).review?.tags).toEqual([]);
  });
});

describe('marks in a text', () => {
  it('cut it where they begin and end, overlapping or not', () => {
    expect(stretchesOf('abcdefgh', [[1, 4], null, [3, 6]])).toEqual([
      { text: 'a', marks: [] },
      { text: 'bc', marks: [0] },
      { text: 'd', marks: [0, 2] },
      { text: 'ef', marks: [2] },
      { text: 'gh', marks: [] },
    ]);
  });

  it('lose no character, wherever they reach', () => {
    for (const ranges of [[], [[0, 3]], [[-5, 99]], [[2, 2]], [[7, 9]]] as const) {
      expect(
        stretchesOf('abc', ranges)
          .map(({ text }) => text)
          .join(''),
      ).toBe('abc');
    }
    expect(stretchesOf('', [[0, 1]])).toEqual([]);
  });
});

describe('words for a kappa', () => {
  it('are those of Landis and Koch', () => {
    expect([-0.1, 0, 0.2, 0.21, 0.4, 0.6, 0.61, 0.8, 0.81, 1].map(strengthOf)).toEqual([
      'poor',
      'slight',
      'slight',
      'fair',
      'fair',
      'moderate',
      'substantial',
      'substantial',
      'perfect',
      'perfect',
    ]);
  });
});
