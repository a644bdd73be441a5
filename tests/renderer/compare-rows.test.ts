import { configure, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import { calls } from '../../electron/contract/calls.ts';
import { CompareFilter } from '../../electron/contract/entities.ts';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import {
  activeParts,
  asFarAsCompared,
  lengthBands,
  outcomeOf,
  withOutcome,
} from '../../renderer/wizards/compare/rows/filters.ts';
import RowsView from '../../renderer/wizards/compare/rows/RowsView.svelte';
import { rowsOf, system, two } from './compared-rows.ts';
import { overview } from './rows.ts';

// Counts are asked for after a rest, and a busy machine takes its time.
configure({ asyncUtilTimeout: 5_000 });
beforeEach(() => i18n.use('en'));

const found = () => screen.getByTestId('rows-found').textContent.trim();
const toggle = (name: string) => screen.getByTestId(`filter-${name}`);
const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });
const opened = () => screen.getByTestId('row-detail').getAttribute('aria-label');

describe('filters of compared rows', () => {
  it('say how many rows each leaves, and are turned on and off', async () => {
    const { comparison } = await rowsOf();
    expect(found()).toBe('6 rows of 6');
    await waitFor(() =>
      expect(toggle('outcome-reference').getAttribute('aria-label')).toBe(
        'PaLM right, Small wrong: 2 rows',
      ),
    );
    await fireEvent.click(toggle('outcome-reference'));
    await waitFor(() => expect(found()).toBe('2 rows of 6'));
    expect(toggle('outcome-reference').getAttribute('aria-pressed')).toBe('true');
    expect(comparison.filter).toMatchObject({ right: ['teacher:t'], wrong: ['run:a'] });
    // The reverse takes its place: both at once would leave nothing.
    await fireEvent.click(toggle('outcome-other'));
    await waitFor(() => expect(found()).toBe('1 row of 6'));
    await fireEvent.click(toggle('outcome-other'));
    await waitFor(() => expect(found()).toBe('6 rows of 6'));
  });

  it('are listed while they are on, taken off one by one, and all at once', async () => {
    const { comparison } = await rowsOf(two, {
      ...{ disagree: true, terms: [{ kind: 'gold', label: 'yes' }] },
      unsure: { system: 'run:a', below: 0.4 },
      sort: { by: 'length' },
    });
    const chips = within(await screen.findByTestId('row-chips'));
    for (const words of ['They disagree', 'Small less than 40.0% sure', 'gold label yes']) {
      expect(chips.getByRole('button', { name: `Remove the filter ${words}` })).toBeTruthy();
    }
    await fireEvent.click(chips.getByRole('button', { name: /They disagree/ }));
    expect(comparison.filter.disagree).toBe(false);
    await fireEvent.click(screen.getByTestId('reset-filters'));
    expect(comparison.filter).toEqual(CompareFilter.parse({ sort: { by: 'length' } }));
    await waitFor(() => expect(screen.queryByTestId('row-chips')).toBeNull());
  });

  it('take a threshold of confidence, and go by class and length', async () => {
    const { comparison } = await rowsOf();
    await fireEvent.click(toggle('unsure'));
    expect(comparison.filter.unsure).toEqual({ system: 'run:a', below: 0.5 });
    await fireEvent.change(screen.getByTestId('threshold'), { target: { value: '20' } });
    expect(comparison.filter.unsure).toEqual({ system: 'run:a', below: 0.2 });
    await waitFor(() => expect(found()).toBe('2 rows of 6'));
    const golds = await screen.findByTestId<HTMLSelectElement>('filter-gold');
    const no = within(golds).getByRole<HTMLOptionElement>('option', { name: /^no/ });
    await fireEvent.change(golds, { target: { value: no.value } });
    expect(comparison.filter.terms).toEqual([{ kind: 'gold', label: 'no' }]);
    await waitFor(() => expect(found()).toBe('1 row of 6'));
    const lengths = screen.getByTestId<HTMLSelectElement>('filter-length');
    expect(within(lengths).getByRole('option', { name: /^up to 19 characters/ })).toBeTruthy();
    expect(within(lengths).getByRole('option', { name: /^40 characters and more/ })).toBeTruthy();
  });

  it('leave nothing with a word, and a way back', async () => {
    await rowsOf();
    await fireEvent.click(toggle('noted'));
    const note = await screen.findByTestId('no-rows');
    expect(note.textContent).toContain('No row fits');
    await fireEvent.click(within(note).getByRole('button', { name: 'Show all rows' }));
    await waitFor(() => expect(found()).toBe('6 rows of 6'));
  });

  it('drop what they ask of a system that is no longer compared', async () => {
    const { comparison } = await rowsOf([...two, system('run:b', { name: 'Other' })], {
      ...{ disagree: true, wrong: ['run:b'] },
    });
    comparison.turn(['run:b'], false);
    await waitFor(() => expect(comparison.filter.wrong).toEqual([]));
    expect(comparison.filter.disagree).toBe(true);
  });
});

describe('the table of compared rows', () => {
  it('names each system, and says right and wrong by a word, not by colour alone', async () => {
    await rowsOf();
    const table = within(screen.getByTestId('compared-rows'));
    expect(table.getAllByRole('columnheader').map((head) => head.textContent.trim())).toEqual([
      ...['Input', 'Gold label', 'PaLM', 'Small'],
    ]);
    const second = table.getByText('Input 2').closest('[role="row"]');
    const cells = [...(second?.querySelectorAll('[role="gridcell"]') ?? [])].map((cell) =>
      (cell.textContent ?? '').replaceAll(/\s+/g, ' ').trim(),
    );
    expect(cells).toEqual(['row-2 Input 2', 'no', 'right no', 'wrong yes Confidence 10.0%']);
  });

  it('shows the row that keys go to, whole', async () => {
    await rowsOf();
    expect(opened()).toBe('Row row-1');
    await press('j');
    await waitFor(() => expect(opened()).toBe('Row row-2'));
    expect(document.activeElement).toBe(screen.getByTestId('compared-rows'));
    await press('ArrowDown');
    await waitFor(() => expect(opened()).toBe('Row row-3'));
    await press('G');
    await fireEvent.keyDown(document.body, { key: 'g', shiftKey: true });
    await waitFor(() => expect(opened()).toBe('Row row-6'));
    await press('/');
    expect(document.activeElement).toBe(screen.getByTestId('search'));
  });

  it('sorts by the least sure', async () => {
    const { transport } = await rowsOf();
    await fireEvent.change(screen.getByTestId('filter-sort'), { target: { value: 'run:a' } });
    await waitFor(() => {
      const asked = transport.inputsOf('compare.rows').at(-1);
      expect(calls['compare.rows'].input.parse(asked).filter.sort).toEqual({
        by: 'confidence',
        system: 'run:a',
      });
    });
  });
});

describe('the chosen row', () => {
  it('has input, choices, columns and every rationale, set against the teacher’s', async () => {
    await rowsOf();
    const detail = within(screen.getByTestId('row-detail'));
    for (const text of ['Input 1, whole', 'yes · no', 'birds']) {
      expect(detail.getByText(text)).toBeTruthy();
    }
    expect(screen.getByTestId('diff-legend').textContent).toContain('the rationale of PaLM');
    const [teacher, student] = screen.getAllByTestId('system-card');
    expect(teacher?.querySelector('mark')).toBeNull();
    const marked = [...(student?.querySelectorAll('mark') ?? [])].map((each) => each.textContent);
    expect(marked.map((text) => text.trim())).toEqual(['swim,']);
    expect(student?.textContent).toContain('reads the teacher’s rationale');
    expect(within(student ?? document.body).getByTestId('wrong-arithmetic').textContent).toContain(
      '2 + 2 = 5 (4)',
    );
    expect(screen.getAllByTestId('leads-elsewhere')).toHaveLength(1);
  });

  it('is set against whom one chooses, or nobody', async () => {
    await rowsOf();
    const select = screen.getByTestId('diff-reference');
    await fireEvent.change(select, { target: { value: 'run:a' } });
    const [teacher, student] = screen.getAllByTestId('system-card');
    expect(teacher?.querySelector('mark')?.textContent.trim()).toBe('fly,');
    expect(student?.querySelector('mark')).toBeNull();
    await fireEvent.change(select, { target: { value: '' } });
    expect(screen.getByTestId('row-detail').querySelector('mark')).toBeNull();
  });
});

describe('a note', () => {
  const write = (text: string) =>
    fireEvent.input(screen.getByTestId('note'), { target: { value: text } });

  it('saves itself, also when one goes on at once', async () => {
    const { main } = await rowsOf();
    await press('n');
    expect(document.activeElement).toBe(screen.getByTestId('note'));
    await write('Odd gold.');
    await fireEvent.keyDown(screen.getByTestId('note'), { key: 'Escape' });
    await press('j');
    await waitFor(() => expect(opened()).toBe('Row row-2'));
    await waitFor(() => expect(main.notes.get(1)).toBe('Odd gold.'));
    expect(screen.getByTestId<HTMLTextAreaElement>('note').value).toBe('');
    await press('k');
    await waitFor(() =>
      expect(screen.getByTestId<HTMLTextAreaElement>('note').value).toBe('Odd gold.'),
    );
  });

  it('is kept and tried again where it can’t be saved', async () => {
    const { main, app, comparison, unmount } = await rowsOf();
    main.refusal = { code: 'internal', message: 'The disk is full.', hint: 'Make room.' };
    await write('Not lost.');
    await fireEvent.blur(screen.getByTestId('note'));
    expect((await screen.findByText(/not saved yet/)).getAttribute('role')).toBe('alert');
    unmount();
    main.refusal = null;
    const props = { comparison, overview: overview() };
    const { appKey } = await import('../../renderer/lib/app.svelte.ts');
    render(RowsView, { props, context: new Map<symbol, unknown>([[appKey, app]]) });
    await waitFor(() =>
      expect(screen.getByTestId<HTMLTextAreaElement>('note').value).toBe('Not lost.'),
    );
    await fireEvent.blur(screen.getByTestId('note'));
    await waitFor(() => expect(main.notes.get(1)).toBe('Not lost.'));
  });
});

describe('the words of Korean', () => {
  it('name filters and rows', async () => {
    i18n.use('ko');
    await rowsOf();
    expect(found()).toBe('6행 중 6행');
    await waitFor(() =>
      expect(toggle('disagree').getAttribute('aria-label')).toMatch(/^답이 서로 다름: \d행$/),
    );
  });
});

describe('parts of a filter', () => {
  const pair = { reference: 'teacher:t', other: 'run:a' };

  it('are what is on, each with the filter that is left without it', () => {
    const filter = CompareFilter.parse({ noted: true, text: ' pears ', right: ['run:a', 'run:b'] });
    const parts = activeParts(filter);
    expect(parts.map(({ kind }) => kind)).toEqual(['text', 'right', 'right', 'noted']);
    expect(parts[1]?.without.right).toEqual(['run:b']);
    expect(activeParts(CompareFilter.parse({}))).toEqual([]);
  });

  it('know who of a pair is right', () => {
    const filter = withOutcome(CompareFilter.parse({}), 'neither', pair);
    expect(filter).toMatchObject({ right: [], wrong: ['teacher:t', 'run:a'] });
    expect(outcomeOf(filter, pair)).toBe('neither');
    expect(outcomeOf(CompareFilter.parse({}), pair)).toBeNull();
    expect(outcomeOf({ ...filter, wrong: ['run:a', 'teacher:t'] }, pair)).toBe('neither');
  });

  it('stay the same object where all systems are compared', () => {
    const filter = CompareFilter.parse({ said: { system: 'run:a', label: null } });
    expect(asFarAsCompared(filter, ['run:a'])).toBe(filter);
    expect(asFarAsCompared(filter, []).said).toBeNull();
  });

  it('divide lengths without a gap', () => {
    expect(lengthBands([20, 40])).toEqual([
      { kind: 'length', from: 0, to: 20 },
      { kind: 'length', from: 20, to: 40 },
      { kind: 'length', from: 40, to: null },
    ]);
    expect(lengthBands([])).toEqual([]);
  });
});
