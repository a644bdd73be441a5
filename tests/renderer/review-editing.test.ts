import { configure, fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { everyRow } from '../../electron/contract/entities.ts';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import { Reviewing } from '../../renderer/wizards/rationales/review/review.svelte.ts';
import { extraction } from './extraction-rows.ts';
import { inApp } from './fakes.ts';
import { FakeReview } from './review-rows.ts';
import { SlowTransport, reviewOf } from './review-screen.ts';

// Whole screens are slow to draw on a machine that is busy.
beforeAll(() => configure({ asyncUtilTimeout: 10_000 }));
beforeEach(() => {
  i18n.use('en');
  document.body.innerHTML = '';
});

const queue = { ...everyRow, sort: 'suspicion', verdict: 'none' } as const;
const settled = () => new Promise((done) => setTimeout(done, 20));

describe('where the person stands', () => {
  async function reviewing(count: number) {
    const main = new FakeReview(count);
    const transport = new SlowTransport(main.answers);
    const { app } = inApp(transport);
    const review = new Reviewing(app.client, app.notices, extraction(), queue);
    await review.ask(queue);
    return { main, transport, review };
  }

  it('is never another row, not for a moment, while judged rows leave the list', async () => {
    const { main, review } = await reviewing(250);
    review.rows.show(0, 12);
    const seen: (number | undefined)[] = [];
    const saving = [review.judge('accepted'), review.judge('rejected'), review.judge('accepted')];
    let going = true;
    void Promise.all(saving).finally(() => (going = false));
    while (going) {
      seen.push(review.current?.exampleId);
      await Promise.resolve();
    }
    const [, , , fourth] = main.found({ ...queue, verdict: 'any' });
    expect(new Set(seen)).toEqual(new Set([fourth?.exampleId]));
    expect(review.cursor).toBe(0);
    expect(review.rows.total).toBe(247);
  });

  it('stays the same where the row is far from what is in view', async () => {
    const { main, transport, review } = await reviewing(1_000);
    review.rows.show(500, 512);
    await waitFor(() => expect(review.rows.row(505)).toBeDefined());
    review.go(505);
    const id = review.current?.exampleId;
    review.rows.show(0, 12);
    await settled();
    transport.hold('rows.page');
    const first = main.found(queue)[0];
    if (first)
      await Promise.race([
        review.apply(first, { kind: 'verdict', verdict: 'accepted' }),
        settled(),
      ]);
    expect([review.cursor, review.current?.exampleId]).toEqual([505, id]);
    transport.release();
    await waitFor(() => expect(review.rows.total).toBe(999));
    expect([review.cursor, review.current?.exampleId]).toEqual([504, id]);
  });

  it('shows what was said of a row until that is read back, though the answer is overtaken', async () => {
    const { transport, review } = await reviewing(5);
    review.goOn = false;
    await review.ask(everyRow);
    transport.hold('rows.page');
    void review.judge('accepted');
    await settled();
    void review.refresh();
    await settled();
    expect(review.current?.review?.verdict).toBe('accepted');
    transport.release();
    await settled();
    expect(review.current?.review?.verdict).toBe('accepted');
  });
});

describe('a text that is being written', () => {
  it('is not disturbed by the answers to verdicts that were given just before', async () => {
    const { main, transport, press } = await reviewOf(12, queue);
    transport.hold('rows.page');
    await press('a');
    await press('r');
    await waitFor(() => expect(main.actions).toHaveLength(2));
    await press('e');
    const field = screen.getByTestId('edit-rationale');
    expect(document.activeElement).toBe(field);
    await fireEvent.input(field, { target: { value: 'Because it is.' } });
    transport.release();
    await waitFor(() => expect(screen.getByTestId('found').textContent).toContain('10 rows'));
    expect(screen.getByTestId('edit-rationale')).toBe(field);
    expect(document.activeElement).toBe(field);
    await press('Enter', { ctrlKey: true });
    await waitFor(() => expect(main.rows[0]?.review?.rationale).toBe('Because it is.'));
    expect(main.rows.flatMap(({ review }) => review?.tags ?? [])).toEqual([]);
  });

  it('has the focus in the same step as its key, so that no letter becomes a command', async () => {
    const { main } = await reviewOf(3);
    for (const key of 'ear') {
      const target = document.activeElement ?? document.body;
      target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    }
    await settled();
    expect(document.activeElement).toBe(screen.getByTestId('edit-rationale'));
    expect(main.actions).toEqual([]);
  });

  it('stays open where filters no longer find its row, and where they find none', async () => {
    const { main, press, ask } = await reviewOf(12);
    await press('j');
    await press('l');
    const field = screen.getByTestId('edit-label');
    await fireEvent.input(field, { target: { value: 'green' } });
    await ask({ ...everyRow, answers: 'wrong' });
    await waitFor(() => expect(screen.getByTestId('found').textContent).toContain('2 rows'));
    expect(screen.getByTestId('row-card').textContent).toContain('no longer in this list');
    await ask({ ...everyRow, text: 'nowhere' });
    await screen.findByTestId('none-found');
    expect(screen.getByTestId('edit-label')).toBe(field);
    await fireEvent.keyDown(field, { key: 'Enter' });
    await waitFor(() => expect(main.rows[1]?.review?.label).toBe('green'));
    await waitFor(() => expect(screen.queryByTestId('row-card')).toBeNull());
  });

  it('waits for its row; what is typed meanwhile is no command', async () => {
    const { main, transport, press, ask } = await reviewOf(12);
    transport.hold('rows.page');
    await ask({ ...everyRow, answers: 'wrong' });
    for (const key of ['n', 'a', 'r', 't', 'u']) await press(key);
    expect(screen.queryByTestId('edit-note')).toBeNull();
    transport.release();
    const field = await screen.findByTestId('edit-note');
    expect(document.activeElement).toBe(field);
    expect(screen.getByTestId('row-card').getAttribute('aria-label')).toBe('Row row-5');
    await settled();
    expect(main.actions).toEqual([]);
  });

  it('takes up what is typed after the focus has gone elsewhere', async () => {
    const { main, press } = await reviewOf(3);
    await press('n');
    const field = screen.getByTestId('edit-note');
    field.blur();
    expect(document.activeElement).toBe(document.body);
    await press('a');
    expect(document.activeElement).toBe(field);
    await settled();
    expect(main.actions).toEqual([]);
  });

  it('is open again where it could not be saved', async () => {
    const { main, app, press } = await reviewOf(3);
    main.failing = true;
    await press('n');
    await fireEvent.input(screen.getByTestId('edit-note'), { target: { value: 'ask Kim' } });
    await press('Enter', { ctrlKey: true });
    await waitFor(() => expect(app.notices.list[0]?.text).toBe('The disk is full.'));
    const field = await screen.findByTestId('edit-note');
    expect(field).toHaveProperty('value', 'ask Kim');
    main.failing = false;
    await press('Enter', { ctrlKey: true });
    await waitFor(() => expect(main.rows[0]?.review?.note).toBe('ask Kim'));
    expect(screen.queryByTestId('edit-note')).toBeNull();
  });

  it('is not begun, and no verdict given, where there is no answer to review', async () => {
    const { main, press, ask } = await reviewOf(3);
    main.rows = main.rows.map((row) => ({ ...row, failure: 'Refused.', label: null }));
    await ask({ ...everyRow, text: 'thing' });
    await waitFor(() => expect(screen.getByTestId('verdict').textContent).toContain('no answer'));
    expect(screen.getByTestId('command-accept')).toHaveProperty('disabled', true);
    for (const key of ['a', 'e', 'l', 't', 'n', 'r']) await press(key);
    await settled();
    expect(main.actions).toEqual([]);
    expect(screen.queryByRole('textbox', { name: /Note|Tag|rationale/ })).toBeNull();
  });

  it('ends where the person goes to another row in the table', async () => {
    const { main, press, card } = await reviewOf(3);
    await press('n');
    await fireEvent.input(screen.getByTestId('edit-note'), { target: { value: 'look again' } });
    const rows = screen.getByTestId('review-table').querySelectorAll('[aria-rowindex="4"]');
    if (rows[0]) await fireEvent.click(rows[0]);
    expect(card()).toBe('Row row-3');
    expect(screen.queryByTestId('edit-note')).toBeNull();
    await waitFor(() => expect(main.rows[0]?.review?.note).toBe('look again'));
  });
});

describe('the order by suspicion', () => {
  it('says that it is none while no row was checked, and offers the check', async () => {
    const { main, transport, ask, card } = await reviewOf(3);
    main.rows = main.rows.map((row) => ({ ...row, suspicion: null, flags: [] }));
    await ask(queue);
    const note = await screen.findByTestId('unsorted');
    expect(note.textContent).toContain('stand in import order');
    await fireEvent.click(screen.getByTestId('check-now'));
    expect(transport.inputsOf('health.start')).toEqual([{ extractionId: 'x1', again: false }]);
    await waitFor(() => expect(note.textContent).toContain('are being checked'));
    expect(screen.queryByTestId('check-now')).toBeNull();
    main.rows = main.rows.map((row) => ({ ...row, suspicion: row.exampleId }));
    await fireEvent.click(screen.getByTestId('command-accept'));
    await waitFor(() => expect(screen.queryByTestId('unsorted')).toBeNull());
    await waitFor(() => expect(card()).toBe('Row row-3'));
  });
});

describe('a very long rationale', () => {
  it('is cut until it is asked for', async () => {
    const { main, ask } = await reviewOf(3);
    main.rows = main.rows.map((row) => ({ ...row, rationale: 'so '.repeat(20_000) }));
    await ask({ ...everyRow, text: 'thing 2' });
    await waitFor(() => expect(screen.getByTestId('found').textContent).toContain('1 row'));
    const shown = screen.getByTestId('card-rationale');
    expect(shown.textContent.length).toBeLessThan(3_200);
    await fireEvent.click(within(shown).getByRole('button', { name: 'Show all' }));
    expect(shown.textContent.length).toBeGreaterThan(59_000);
  });
});

describe('letters', () => {
  it('are no commands once they are switched off; buttons, arrows and Ctrl still are', async () => {
    const { main, app, press, card } = await reviewOf(3);
    app.preferences.current = { ...app.preferences.current, shortcuts: false };
    for (const key of ['a', 'r', 'j', 'e', '?', '/', 't']) await press(key);
    await settled();
    expect(main.actions).toEqual([]);
    expect(card()).toBe('Row row-1');
    expect(screen.getByTestId('command-accept').hasAttribute('aria-keyshortcuts')).toBe(false);
    expect(screen.getByTestId('command-accept').querySelector('kbd')).toBeNull();
    await press('ArrowDown');
    expect(card()).toBe('Row row-2');
    await fireEvent.click(screen.getByTestId('command-accept'));
    await waitFor(() => expect(main.verdicts()[1]).toBe('accepted'));
    await waitFor(() =>
      expect(screen.getByTestId('command-undo')).toHaveProperty('disabled', false),
    );
    await press('z', { ctrlKey: true });
    await waitFor(() => expect(main.verdicts()[1]).toBeNull());
  });

  it('are switched off in the list of keys, and that is kept', async () => {
    const { transport, press } = await reviewOf(3);
    HTMLDialogElement.prototype.showModal = function () {
      this.open = true;
    };
    await press('?', { shiftKey: true });
    await fireEvent.click(await screen.findByTestId('keys-on'));
    await waitFor(() =>
      expect(transport.inputsOf('app.savePreferences')).toMatchObject([{ shortcuts: false }]),
    );
    expect(screen.getByTestId('keys').querySelectorAll('.off').length).toBeGreaterThan(10);
  });
});
