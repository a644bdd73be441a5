import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { calls } from '../../electron/contract/calls.ts';
import { ExportProof } from '../../electron/contract/entities.ts';
import type { ExportRecord, Split } from '../../electron/contract/entities.ts';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import CompareScreen from '../../renderer/wizards/compare/CompareScreen.svelte';
import { predictCommand } from '../../renderer/wizards/export/command.ts';
import ExportScreen from '../../renderer/wizards/export/ExportScreen.svelte';
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

const helped = settings({ method: 'rationale-input' });

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

describe('the export of a student that needs the teacher', () => {
  const record: ExportRecord = {
    ...{ id: 'x1', projectId: 'p1', runId: 'h', folder: '/out/helped', files: [], createdAt },
    ...{ format: 'huggingface', step: 50 },
    proof: ExportProof.parse({ rows: 5, equal: 5 }),
  };

  async function open() {
    const transport = new FakeTransport({
      'runs.list': () => [
        run({ id: 'h', name: 'helped', settings: helped, bestValidation: 0.9 }),
        run({ id: 'a', name: 'alone', bestValidation: 0.4 }),
      ],
      'exports.list': () => [record],
      'exports.predict': () => ({ label: '', rationale: null, milliseconds: 5 }),
      'examples.page': () => ({ rows: [], total: 0 }),
    });
    const { context } = inApp(transport);
    render(ExportScreen, { props: { overview: overview({ exports: 1 }), view: null }, context });
    await screen.findByTestId('try-rationale');
    return transport;
  }

  it('is not suggested first, and says what it needs when it is chosen', async () => {
    await open();
    const select = screen.getByTestId<HTMLSelectElement>('export-run');
    expect(select.value).toBe('a');
    expect(screen.queryByTestId('export-needs-teacher')).toBeNull();
    await fireEvent.change(select, { target: { value: 'h' } });
    expect(screen.getByTestId('export-needs-teacher')).toBeTruthy();
  });

  it('is tried with a rationale, and an empty answer is called one', async () => {
    const transport = await open();
    await fireEvent.input(screen.getByTestId('try-input'), { target: { value: 'How many?' } });
    await fireEvent.input(screen.getByTestId('try-rationale'), { target: { value: ' 2 and 3 ' } });
    await fireEvent.click(screen.getByTestId('try-ask'));
    expect((await screen.findByTestId('try-answer')).textContent).toContain('no answer');
    expect(transport.inputsOf('exports.predict')).toEqual([
      { exportId: 'x1', text: 'How many?', teacherRationale: '2 and 3' },
    ]);
    expect(screen.getByTestId('export-command').textContent).toContain('--teacher-rationale');
  });

  it('has no rationale in the command of any other', () => {
    expect(predictCommand('/out/a')).toBe('npx stepwise predict /out/a "text"');
  });
});
