import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Accuracy, Slices, System, WeakSlice } from '../../electron/contract/entities.ts';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import { Comparison } from '../../renderer/wizards/compare/comparison.svelte.ts';
import SlicesView from '../../renderer/wizards/compare/slices/SlicesView.svelte';
import { FakeTransport, inApp } from './fakes.ts';
import { overview } from './rows.ts';

beforeEach(() => i18n.use('en'));

const teacher: System = {
  ...{ key: 'teacher:x', kind: 'teacher', name: 'PaLM', teacherKind: 'recorded' },
  ...{ method: null, labelSource: null, seed: null, trainRows: null, studyId: null, group: null },
  ...{ imported: null, needsTeacher: false, answered: 200, withConfidence: 0, complete: true },
};
const studentOf = (name: string): System => ({
  ...teacher,
  ...{ key: `run:${name}`, kind: 'student', name, teacherKind: null, method: 'step-by-step' },
  ...{ labelSource: 'gold', seed: 1, trainRows: 100, group: name },
});
const accuracy = (correct: number, rows: number): Accuracy => ({
  ...{ correct, rows, accuracy: correct / rows },
  ...{ low: Math.max(0, correct / rows - 0.1), high: Math.min(1, correct / rows + 0.1) },
});
const weak = (more: Partial<WeakSlice>): WeakSlice => ({
  ...{ terms: [{ kind: 'word', word: 'buys' }], rows: 21, system: 'run:one' },
  ...{ scores: [accuracy(18, 21), accuracy(7, 21)], rest: accuracy(169, 179) },
  ...{ p: 1e-10, pCorrected: 2e-8 },
  ...more,
});
const slices = (more: Partial<Slices> = {}): Slices => ({
  looks: 3,
  groups: [
    {
      ...{ by: 'length', name: null },
      slices: [
        {
          ...{ terms: [{ kind: 'length', from: 0, to: 100 }], rows: 120 },
          scores: [accuracy(90, 120), null],
        },
        {
          ...{ terms: [{ kind: 'length', from: 100, to: null }], rows: 80 },
          scores: [accuracy(60, 80), accuracy(40, 80)],
        },
      ],
    },
  ],
  weak: [weak({})],
  ...{ tried: 431, fewestRows: 20 },
  ...more,
});

function open(found: Slices, { systems = [teacher, studentOf('one')], withGold = 200 } = {}) {
  const transport = new FakeTransport({
    'compare.slices': () => found,
    'datasets.list': () => [],
  });
  const { app, context } = inApp(transport);
  const comparison = new Comparison(app, 'p1');
  comparison.splitId = 's1';
  comparison.all = { rows: 200, withGold, looks: 0, systems };
  render(SlicesView, { props: { comparison, overview: overview({}) }, context });
  return { transport, comparison };
}

describe('slices', () => {
  it('say in a sentence where a student is weak, against its other rows', async () => {
    open(slices());
    const item = await screen.findByTestId('weak-sure');
    expect(item.textContent).toMatch(
      /The word “buys”: 33\.3% right \(7 of 21\)\.\s+On the other rows: 94\.4% \(169 of 179\)\./,
    );
    expect(item.textContent).toContain('weak beyond chance');
    expect(screen.getByTestId('slice-correction').textContent).toContain('431 slices were tried');
  });

  it('never call weak what the correction does not', async () => {
    open(slices({ weak: [weak({ p: 0.004, pCorrected: 1 })] }));
    const item = await screen.findByTestId('weak-perhaps');
    expect(item.textContent).toContain('might be chance: 431 slices were tried');
    expect(item.textContent).not.toContain('beyond chance');
    expect(screen.getByTestId('none-sure').textContent).toContain('Nothing is shown to be weak');
  });

  it('go to their rows', async () => {
    const { comparison } = open(slices());
    await fireEvent.click(await screen.findByRole('button', { name: /^Show 21 rows: The word/ }));
    expect(comparison.filter.terms).toEqual([{ kind: 'word', word: 'buys' }]);
    await fireEvent.click(
      screen.getByRole('button', { name: 'Show 120 rows: inputs below 100 characters' }),
    );
    expect(comparison.filter.terms).toEqual([{ kind: 'length', from: 0, to: 100 }]);
  });

  it('show groups with an interval for each system, and rows that one was not asked', async () => {
    open(slices());
    const table = await screen.findByTestId('group-length');
    expect(within(table).getAllByRole('img')).toHaveLength(3);
    expect(table.textContent).toContain('not asked');
    expect(screen.getByTestId('looks').textContent).toContain('3 times');
  });

  it('say how many rows a search needs where there are too few', async () => {
    open(slices({ weak: [], tried: 0 }), { withGold: 30 });
    const text = (await screen.findByTestId('too-few')).textContent;
    expect(text).toContain('so 40 rows with a gold label are the least. Here are 30.');
  });

  it('say that nothing can be scored without gold labels', async () => {
    open(slices({ weak: [], tried: 0 }), { withGold: 0 });
    await screen.findByTestId('no-gold');
    expect(screen.queryByTestId('groups')).toBeNull();
  });

  it('ask for four systems at first, and for more when somebody wants them', async () => {
    const systems = [teacher, ...['one', 'two', 'three', 'four'].map(studentOf)];
    const { transport } = open(slices({ weak: [], groups: [] }), { systems });
    const asked = () => transport.inputsOf('compare.slices').at(-1);
    await waitFor(() => expect(asked()).toMatchObject({ part: 'test' }));
    expect(asked()).toMatchObject({ systems: systems.slice(0, 4).map(({ key }) => key) });
    await fireEvent.click(screen.getByRole('checkbox', { name: 'four' }));
    await waitFor(() => expect(asked()).toMatchObject({ systems: systems.map(({ key }) => key) }));
  });

  it('are told in Korean too', async () => {
    i18n.use('ko');
    open(slices());
    const item = await screen.findByTestId('weak-sure');
    expect(item.textContent).toContain('낱말 “buys”: 33.3% 정답(21행 중 7행).');
  });
});
