import { configure, fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { everyRow } from '../../electron/contract/entities.ts';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import { reviewOf } from './review-screen.ts';

// Whole screens are slow to draw on a machine that is busy.
beforeAll(() => configure({ asyncUtilTimeout: 10_000 }));
// jsdom draws no dialogs: open ones are marked, as a browser marks them.
beforeAll(() => {
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
});
beforeEach(() => {
  i18n.use('en');
  document.body.innerHTML = '';
});

const settled = () => new Promise((done) => setTimeout(done, 20));

describe('reviewing by keyboard', () => {
  it('gives twenty rows their verdicts, one key each', async () => {
    const { main, press, card } = await reviewOf(20);
    const wanted = main.rows.map((row) => (row.correct ? 'accepted' : 'rejected'));
    for (const [at, verdict] of wanted.entries()) {
      await waitFor(() => expect(card()).toBe(`Row row-${at + 1}`));
      await press(verdict === 'accepted' ? 'a' : 'r');
    }
    await waitFor(() => expect(main.verdicts()).toEqual(wanted));
    await waitFor(() => {
      expect(screen.getByTestId('progress-accepted').textContent).toBe('16');
      expect(screen.getByTestId('progress-rejected').textContent).toBe('4');
      expect(screen.getByTestId('progress-left').textContent).toBe('0');
    });
    expect(card()).toBe('Row row-20');
  });

  it('undoes and redoes with the keys, and goes to the row it was about', async () => {
    const { main, press, card } = await reviewOf(5);
    await press('a');
    await press('r');
    await waitFor(() => expect(main.verdicts().slice(0, 2)).toEqual(['accepted', 'rejected']));
    await waitFor(() =>
      expect(screen.getByTestId('undo-what').textContent).toContain('reject 1 row'),
    );
    await press('u');
    await waitFor(() => expect(main.verdicts()[1]).toBeNull());
    await waitFor(() => expect(card()).toBe('Row row-2'));
    await press('z', { ctrlKey: true });
    await waitFor(() => expect(main.verdicts()[0]).toBeNull());
    await waitFor(() =>
      expect(screen.getByTestId('command-undo')).toHaveProperty('disabled', true),
    );
    await press('U', { shiftKey: true });
    await waitFor(() => expect(main.verdicts()[0]).toBe('accepted'));
    await press('Z', { ctrlKey: true, shiftKey: true });
    await waitFor(() => expect(main.verdicts()[1]).toBe('rejected'));
  });

  it('takes a verdict back with the same key', async () => {
    const { main, press, card } = await reviewOf(3);
    await press('a');
    await press('k');
    await waitFor(() => expect(card()).toBe('Row row-1'));
    await press('a');
    await waitFor(() => expect(main.actions).toHaveLength(2));
    expect(main.verdicts()[0]).toBeNull();
    expect(card()).toBe('Row row-1');
  });

  it('stands on the next row when the one that was judged leaves the list', async () => {
    const { main, press, card } = await reviewOf(6, { ...everyRow, verdict: 'none' });
    for (let at = 1; at <= 4; at += 1) {
      await waitFor(() => expect(card()).toBe(`Row row-${at}`));
      await press('a');
      await waitFor(() => expect(main.verdicts()[at - 1]).toBe('accepted'));
      await settled();
    }
    expect(card()).toBe('Row row-5');
    expect(screen.getByTestId('found').textContent).toContain('2 rows found');
  });

  it('moves with letters and goes to both ends', async () => {
    const { press, card } = await reviewOf(30);
    for (const key of ['j', 'j', 'k']) await press(key);
    expect(card()).toBe('Row row-2');
    await press('G', { shiftKey: true });
    expect(card()).toBe('Row row-30');
    await press('g');
    expect(card()).toBe('Row row-1');
  });

  it('edits a label: the rationale is stale, and the teacher’s stays within reach', async () => {
    const { main, press } = await reviewOf(3);
    await press('l');
    const field = await screen.findByTestId('edit-label');
    expect(document.activeElement).toBe(field);
    await fireEvent.input(field, { target: { value: 'green' } });
    await press('a');
    expect(main.verdicts()[0]).toBeNull();
    await press('Enter');
    await waitFor(() =>
      expect(main.rows[0]?.review).toMatchObject({ label: 'green', stale: true }),
    );
    expect(screen.getByTestId('card-label').textContent).toBe('green');
    expect(screen.getByTestId('row-card').textContent).toContain('The teacher said: red');
    expect(screen.getByTestId('stale').textContent).toContain('may argue for another answer');
    expect(document.activeElement).toBe(screen.getByTestId('review-table'));
  });

  it('edits a rationale, and leaves it as it was with Esc', async () => {
    const { main, press } = await reviewOf(3);
    await press('e');
    await fireEvent.input(await screen.findByTestId('edit-rationale'), { target: { value: 'X' } });
    await press('Escape');
    expect(main.actions).toHaveLength(0);
    await press('e');
    await fireEvent.input(await screen.findByTestId('edit-rationale'), {
      target: { value: 'Roses are red.' },
    });
    await press('Enter', { ctrlKey: true });
    await waitFor(() => expect(main.rows[0]?.review?.rationale).toBe('Roses are red.'));
    expect(main.rows[0]?.rationale).toBe('Thing 1 looks so.');
    expect(screen.getByTestId('card-rationale').textContent).toBe('Roses are red.');
  });

  it('does not lose a note when the person goes on in the middle of it', async () => {
    const { main, press, card } = await reviewOf(3);
    await press('n');
    await fireEvent.input(await screen.findByTestId('edit-note'), { target: { value: 'ask Kim' } });
    await fireEvent.click(screen.getByTestId('command-next'));
    await waitFor(() => expect(card()).toBe('Row row-2'));
    await waitFor(() => expect(main.rows[0]?.review?.note).toBe('ask Kim'));
    expect(main.rows[1]?.review).toBeNull();
    expect(screen.queryByTestId('edit-note')).toBeNull();
  });

  it('lets a person write on while rows are read anew', async () => {
    const { main, transport, app, press } = await reviewOf(3);
    const stop = app.start();
    await press('n');
    const field = await screen.findByTestId('edit-note');
    await fireEvent.input(field, { target: { value: 'half a sent' } });
    const before = transport.inputsOf('rows.page').length;
    const payload = { projectId: null, area: 'reviews', seq: 1 };
    transport.listener?.event({ name: 'saved', payload });
    await waitFor(() => expect(transport.inputsOf('rows.page').length).toBeGreaterThan(before));
    await settled();
    expect(screen.getByTestId('edit-note')).toBe(field);
    await press('Enter', { ctrlKey: true });
    await waitFor(() => expect(main.rows[0]?.review?.note).toBe('half a sent'));
    stop();
  });

  it('tags a row, and offers the tag to the next', async () => {
    const { main, press } = await reviewOf(3);
    await press('t');
    await fireEvent.input(await screen.findByTestId('edit-tag'), { target: { value: 'odd' } });
    await press('Enter');
    await waitFor(() => expect(main.rows[0]?.review?.tags).toEqual(['odd']));
    expect(screen.getByTestId('tags').textContent).toContain('odd');
    await fireEvent.click(screen.getByTestId('more-filters'));
    await waitFor(() => expect(screen.getByTestId('filter-tag').textContent).toContain('odd (1)'));
  });

  it('turns to the most suspicious rows without a verdict, and skips with the same key', async () => {
    const { press, card, queries } = await reviewOf(12);
    await press('s');
    expect(queries).toEqual([{ ...everyRow, sort: 'suspicion', verdict: 'none' }]);
    await waitFor(() => expect(card()).toBe('Row row-5'));
    await press('a');
    await waitFor(() => expect(card()).toBe('Row row-10'));
    await press('s');
    await waitFor(() => expect(card()).toBe('Row row-1'));
  });

  it('shows the list of keys, and nothing else happens while it is open', async () => {
    const { main, press } = await reviewOf(3);
    await press('?', { shiftKey: true });
    const keys = await screen.findByTestId('keys');
    expect(within(keys).getAllByRole('definition').length).toBe(16);
    await fireEvent.keyDown(keys, { key: 'a' });
    await settled();
    expect(main.actions).toHaveLength(0);
  });
});

describe('a change that can’t be saved', () => {
  it('is shown at once, then taken back with a word', async () => {
    const { main, app, press, card } = await reviewOf(3);
    main.failing = true;
    await press('a');
    await press('k');
    await waitFor(() => expect(card()).toBe('Row row-1'));
    await waitFor(() => expect(app.notices.list[0]?.text).toBe('The disk is full.'));
    expect(screen.getByTestId('verdict').textContent.trim()).toBe('');
    main.failing = false;
    await press('a');
    await waitFor(() => expect(main.verdicts()[0]).toBe('accepted'));
  });
});

describe('many rows at once', () => {
  it('chooses rows with keys, says how many, and changes them as one', async () => {
    const { main, press, app } = await reviewOf(10);
    await press('x');
    await press('j');
    await press('j');
    await press('x');
    await waitFor(() =>
      expect(screen.getByTestId('bulk-accept').textContent).toContain('Accept 2 rows'),
    );
    await press('r');
    await waitFor(() =>
      expect(main.verdicts().filter((each) => each === 'rejected')).toHaveLength(2),
    );
    expect(main.verdicts()[2]).toBe('rejected');
    expect(main.actions).toHaveLength(1);
    await waitFor(() => expect(app.notices.list.at(-1)?.text).toBe('Done: reject 2 rows'));
    expect(screen.queryByTestId('bulk-bar')).toBeNull();
  });

  it('rejects everything that is found, and takes it back from the notice', async () => {
    const { main, app } = await reviewOf(250, { ...everyRow, answers: 'wrong' });
    await fireEvent.click(screen.getByTestId('choose-all'));
    expect(screen.getByTestId('bulk-reject').textContent).toContain('Reject 50 rows');
    await fireEvent.click(screen.getByTestId('bulk-reject'));
    await waitFor(() =>
      expect(main.verdicts().filter((each) => each === 'rejected')).toHaveLength(50),
    );
    await waitFor(() => expect(app.notices.list.at(-1)?.action?.text).toBe('Undo'));
    app.notices.list.at(-1)?.action?.run();
    await waitFor(() => expect(main.verdicts().every((each) => each === null)).toBe(true));
  });

  it('chooses a range with Shift', async () => {
    const { press } = await reviewOf(20);
    screen.getByTestId('review-table').focus();
    for (let step = 0; step < 4; step += 1) await press('ArrowDown', { shiftKey: true });
    await waitFor(() => expect(screen.getByTestId('bulk-accept').textContent).toContain('5 rows'));
  });

  it('lets one row go of all that are found', async () => {
    const { main, press } = await reviewOf(12);
    screen.getByTestId('review-table').focus();
    await press('a', { ctrlKey: true });
    expect(screen.getByTestId('bulk-reject').textContent).toContain('Reject 12 rows');
    await press(' ');
    await waitFor(() =>
      expect(screen.getByTestId('bulk-reject').textContent).toContain('Reject 11 rows'),
    );
    await fireEvent.click(screen.getByTestId('bulk-reject'));
    await waitFor(() =>
      expect(main.verdicts().filter((each) => each === 'rejected')).toHaveLength(11),
    );
    expect(main.verdicts()[0]).toBeNull();
  });

  it('tags all chosen rows', async () => {
    const { main } = await reviewOf(6);
    await fireEvent.click(screen.getByTestId('choose-all'));
    await fireEvent.click(screen.getByTestId('bulk-tag'));
    const field = await screen.findByTestId('bulk-tag-name');
    await fireEvent.input(field, { target: { value: 'first look' } });
    await fireEvent.keyDown(field, { key: 'Enter' });
    await waitFor(() =>
      expect(main.rows.every(({ review }) => review?.tags.includes('first look'))).toBe(true),
    );
  });
});

describe('filters', () => {
  it('combine, show as chips, and go one by one', async () => {
    const { queries } = await reviewOf(20);
    await fireEvent.change(screen.getByTestId('filter-answers'), { target: { value: 'wrong' } });
    await fireEvent.change(screen.getByTestId('filter-flags'), {
      target: { value: 'wrong-label' },
    });
    await fireEvent.change(screen.getByTestId('filter-verdict'), { target: { value: 'none' } });
    await fireEvent.change(screen.getByTestId('filter-sort'), { target: { value: 'suspicion' } });
    expect(queries.at(-1)).toEqual({
      ...everyRow,
      answers: 'wrong',
      flags: ['wrong-label'],
      verdict: 'none',
      sort: 'suspicion',
    });
    await waitFor(() => expect(screen.getByTestId('found').textContent).toContain('4 rows found'));
    const chips = screen.getByTestId('chips');
    await fireEvent.click(within(chips).getByRole('button', { name: /wrong label/ }));
    expect(queries.at(-1)?.flags).toEqual([]);
    await fireEvent.click(screen.getByTestId('clear-filters'));
    expect(queries.at(-1)).toEqual({ ...everyRow, sort: 'suspicion' });
  });

  it('look for words a moment after the last one was typed', async () => {
    const { queries, press } = await reviewOf(20);
    await press('/');
    const search = screen.getByTestId('search');
    expect(document.activeElement).toBe(search);
    for (const value of ['t', 'th', 'thing 7'])
      await fireEvent.input(search, { target: { value } });
    expect(queries).toEqual([]);
    await waitFor(() => expect(queries.map(({ text }) => text)).toEqual(['thing 7']));
    await waitFor(() => expect(screen.getByTestId('found').textContent).toContain('1 row found'));
    await press('Enter');
    expect(document.activeElement).toBe(screen.getByTestId('review-table'));
  });

  it('say when words may be missing', async () => {
    const { main, press } = await reviewOf(5);
    main.searchReady = false;
    await press('/');
    await fireEvent.input(screen.getByTestId('search'), { target: { value: 'thing' } });
    expect((await screen.findByTestId('catching-up')).textContent).toContain('catching up');
  });

  it('say when nothing fits, and show all rows again', async () => {
    const { queries } = await reviewOf(5);
    await fireEvent.change(screen.getByTestId('filter-verdict'), { target: { value: 'accepted' } });
    const none = await screen.findByTestId('none-found');
    await fireEvent.click(within(none).getByRole('button'));
    expect(queries.at(-1)).toEqual(everyRow);
    await screen.findByTestId('row-card');
  });
});

describe('the table', () => {
  it('draws some rows of many, and says how many there are', async () => {
    await reviewOf(5_000);
    const table = screen.getByTestId('review-table');
    expect(table.getAttribute('aria-rowcount')).toBe('5001');
    const rows = within(table).getAllByRole('row');
    expect(rows.length).toBeLessThan(40);
    expect(rows[1]?.getAttribute('aria-rowindex')).toBe('2');
    const active = document.getElementById(table.getAttribute('aria-activedescendant') ?? '');
    expect(active?.textContent).toContain('row-1');
  });

  it('keeps the place of rows that are not there yet after a jump', async () => {
    const { press, card } = await reviewOf(5_000);
    screen.getByTestId('review-table').focus();
    await press('End');
    const table = screen.getByTestId('review-table');
    const waiting = within(table)
      .getAllByRole('row')
      .filter((row) => row.ariaBusy === 'true' || row.getAttribute('aria-busy') === 'true');
    expect(waiting.length).toBeGreaterThan(0);
    await waitFor(() => expect(card()).toBe('Row row-5000'));
    await press('PageUp');
    await waitFor(() => expect(card()).toBe('Row row-4989'));
  });
});

describe('the card', () => {
  it('marks what was found in its place and explains it', async () => {
    const { press, card } = await reviewOf(6);
    for (let step = 0; step < 4; step += 1) await press('j');
    expect(card()).toBe('Row row-5');
    const findings = await screen.findByTestId('findings');
    expect(findings.textContent).toContain('The teacher’s label is not the gold label.');
    expect(findings.textContent).toContain('gold: red');
    expect(findings.textContent).toContain('Reasons for a wrong answer teach wrong reasons.');
    expect(screen.getByTestId('suspicion').textContent).toBe('Suspicion 5 = 5');
    expect(screen.getByTestId('marked-text').querySelector('mark')?.textContent).toContain('Thing');
    expect(screen.getByTestId('completion').textContent).toBe(
      'Thing 5 looks so. So the answer is blue.',
    );
  });
});

describe('the room', () => {
  it('is the table’s alone while the card is closed, and the card’s again when it is needed', async () => {
    const { press, card } = await reviewOf(5);
    await press('Escape');
    await waitFor(() => expect(screen.queryByTestId('row-card')).toBeNull());
    expect(document.activeElement).toBe(screen.getByTestId('review-table'));
    await press('j');
    await press('Enter');
    await waitFor(() => expect(card()).toBe('Row row-2'));
    await fireEvent.click(screen.getByTestId('close-card'));
    await press('l');
    expect(await screen.findByTestId('edit-label')).toBe(document.activeElement);
  });
});
