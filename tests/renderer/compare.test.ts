import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { calls } from '../../electron/contract/calls.ts';
import type { Split } from '../../electron/contract/entities.ts';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import CompareScreen from '../../renderer/wizards/compare/CompareScreen.svelte';
import { entry, scoreboard, studentSystem } from './compare-rows.ts';
import { FakeTransport, inApp } from './fakes.ts';
import { createdAt, job, overview } from './rows.ts';
import { run, settings, study } from './run-rows.ts';

vi.mock('uplot', () => ({ default: vi.fn() }));
vi.mock('uplot/dist/uPlot.min.css', () => ({}));

beforeEach(() => i18n.use('en'));

const split: Split = {
  ...{ id: 's1', projectId: 'p1', name: 'Split 1', settingsHash: 'h', leaks: null, looks: 0 },
  settings: {
    ...{ kind: 'random', validation: 0.1, test: 0.1, stratify: false, groupByMaskedText: true },
    ...{ seed: 1, maskNames: false, groupColumn: null, timeColumn: null, fold: null, move: null },
  },
  ...{ counts: { train: 100, validation: 20, test: 20 }, frozenAt: createdAt },
};

describe('the comparison of many students', () => {
  /** Two runs by themselves, eight of a bake-off, three of a search; the first ten have answers. */
  const runs = [
    run({ id: 'a', name: 'alone 1' }),
    run({ id: 'b', name: 'alone 2' }),
    ...Array.from({ length: 8 }, (_, at) => run({ id: `k${at}`, name: `k${at}`, studyId: 'd1' })),
    ...Array.from({ length: 3 }, (_, at) => run({ id: `t${at}`, name: `t${at}`, studyId: 'd2' })),
  ];
  const search = study({
    ...{ id: 'd2', name: 'Rates' },
    plan: {
      ...{ kind: 'sweep', arm: { method: 'finetune', labelSource: 'gold' }, settings: settings() },
      axes: [{ kind: 'list', key: 'learningRate', values: [0.1, 0.2, 0.3] }],
      ...{ search: { kind: 'grid' }, medianRule: true },
    },
  });

  const systems = runs.map(({ id, name, settings: { method } }, at) =>
    studentSystem(id, { name, method, complete: at < 10, answered: at < 10 ? 200 : 0 }),
  );

  async function open() {
    const transport = new FakeTransport({
      'runs.list': () => runs,
      'splits.list': () => [split],
      'studies.list': () => [study(), search],
      'extractions.list': () => [],
      'compare.systems': () => ({ rows: 20, withGold: 20, looks: 1, systems }),
      'compare.scoreboard': (input) => {
        const { systems: keys } = calls['compare.scoreboard'].input.parse(input);
        return scoreboard(
          systems.filter(({ key }) => keys.includes(key)).map((system) => entry([system], 100)),
        );
      },
      'compare.start': () => job({ kind: 'evaluate' }),
    });
    const { context } = inApp(transport);
    render(CompareScreen, {
      props: { overview: overview({ evaluations: 10 }), view: null },
      context,
    });
    await screen.findByTestId('scoreboard');
    return transport;
  }
  const scores = (): number => screen.getAllByTestId('score-student').length;
  const whole = (name: string) =>
    screen.getByRole<HTMLInputElement>('checkbox', { name: `All students of ${name}` });

  it('leaves the trials of a search out until somebody asks for them', async () => {
    const transport = await open();
    expect(whole('Two methods').checked).toBe(true);
    expect(whole('Rates').checked).toBe(false);
    expect(screen.queryByTestId('evaluate')).toBeNull();
    await fireEvent.click(screen.getByRole('checkbox', { name: /^t1/ }));
    expect(whole('Rates').indeterminate).toBe(true);
    await fireEvent.click(screen.getByTestId('evaluate'));
    expect(transport.inputsOf('compare.start')).toMatchObject([{ runIds: ['t1'] }]);
  });

  it('shows the scores of those that are chosen, a study at once', async () => {
    const transport = await open();
    expect(scores()).toBe(10);
    await fireEvent.click(whole('Two methods'));
    await waitFor(() => expect(scores()).toBe(2));
    const asked = transport
      .inputsOf('compare.scoreboard')
      .map((input) => calls['compare.scoreboard'].input.parse(input).systems);
    expect(asked.at(-1)).toEqual(['run:a', 'run:b']);
  });
});
