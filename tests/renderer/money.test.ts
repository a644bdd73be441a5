import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { calls } from '../../electron/contract/calls.ts';
import { costSettingsDefaults } from '../../electron/contract/entities.ts';
import type {
  Cascade,
  CascadeCurve,
  CascadePoint,
  CostReport,
  System,
  SystemCost,
} from '../../electron/contract/entities.ts';
import { formatsFor } from '../../renderer/lib/format.ts';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import { comparisonOf } from '../../renderer/wizards/compare/comparison.svelte.ts';
import { costLines } from '../../renderer/wizards/compare/money/lines.ts';
import MoneyView from '../../renderer/wizards/compare/money/MoneyView.svelte';
import { readinessOf } from '../../renderer/wizards/compare/money/readiness.ts';
import {
  breakEvenSentences,
  perThousandOf,
} from '../../renderer/wizards/compare/money/sentences.ts';
import { accuracy, studentSystem, teacherSystem } from './compare-rows.ts';
import { FakeTransport, inApp } from './fakes.ts';
import type { Answers } from './fakes.ts';
import { NoResizeObserver } from './layout.ts';
import { createdAt, job, overview } from './rows.ts';
import { run } from './run-rows.ts';

vi.mock('uplot', () => ({ default: vi.fn() }));
vi.mock('uplot/dist/uPlot.min.css', () => ({}));
vi.stubGlobal('matchMedia', () => new EventTarget());

beforeEach(() => {
  i18n.use('en');
  vi.stubGlobal('ResizeObserver', NoResizeObserver);
});

const cost = (more: Partial<SystemCost>): SystemCost => ({
  ...{ key: 'run:a', name: 'Student', kind: 'student', needsTeacher: false },
  ...{ perThousand: 0.01, basis: 'measured', breakEven: 1_240 },
  build: { rationales: 3, training: 0.05, trainingHours: 0.5, total: 3.05, unknown: [] },
  ...more,
});
const teacherCost = (more: Partial<SystemCost> = {}): SystemCost =>
  cost({
    ...{ key: 'teacher:e1', name: 'Teacher', kind: 'teacher', perThousand: 2.5, basis: 'saved' },
    ...{ build: null, breakEven: null },
    ...more,
  });
const report = (systems: SystemCost[], more: Partial<CostReport> = {}): CostReport => ({
  ...{ settings: costSettingsDefaults, saved: false, teacher: 'teacher:e1', systems },
  ...more,
});

const point = (
  coverage: number,
  right: number,
  more: Partial<CascadePoint> = {},
): CascadePoint => ({
  ...{ threshold: 1 - coverage, rows: 200, coverage, perThousand: 0.3, cheaper: 8.1 },
  ...{ student: accuracy(right, Math.round(200 * coverage)), together: accuracy(186) },
  ...more,
});
const curve = (more: Partial<CascadeCurve> = {}): CascadeCurve => ({
  ...{ runId: 'a', extractionId: 'e1', rows: 200, teacher: accuracy(188) },
  points: [point(1, 180), point(0.87, 164), point(0, 0, { student: accuracy(0, 1) })],
  chosen: point(0.87, 164),
  ...more,
});
const cascade = (more: Partial<Cascade> = {}): Cascade => ({
  ...{ id: 'c1', projectId: 'p1', runId: 'a', extractionId: 'e1', splitId: 's1', createdAt },
  ...{ target: { kind: 'student', accuracy: 0.94 }, threshold: 0.13 },
  ...{ validation: point(0.87, 164), test: point(0.87, 164), testTeacher: accuracy(188) },
  ...more,
});

interface Opening {
  readonly systems?: readonly System[];
  /** Of the validation part, where they are others than of the test part. */
  readonly validation?: readonly System[];
  readonly report?: CostReport;
  readonly answers?: Answers;
}

async function open({ systems = both, validation, ...opening }: Opening = {}) {
  const transport = new FakeTransport({
    'costs.report': () => opening.report ?? report([teacherCost(), cost({})]),
    'costs.save': (input) => calls['costs.save'].input.parse(input).settings,
    'compare.systems': (input) => {
      const { part } = calls['compare.systems'].input.parse(input);
      const shown = part === 'validation' ? (validation ?? systems) : systems;
      return { rows: 200, withGold: 200, looks: 2, systems: [...shown] };
    },
    'cascade.curve': () => curve(),
    'cascade.list': () => [],
    ...opening.answers,
  });
  const { app, context } = inApp(transport);
  const comparison = comparisonOf(app, 'p1');
  comparison.splitId = 's1';
  comparison.runs = [run({ id: 'a', extractionId: 'e1', splitId: 's1' })];
  comparison.all = { rows: 200, withGold: 200, looks: 2, systems: [...systems] };
  render(MoneyView, { props: { comparison, overview: overview({ runs: 1 }) }, context });
  await screen.findByTestId('costs');
  return transport;
}

const both = [teacherSystem('e1', { name: 'Teacher' }), studentSystem('a', { name: 'Student' })];
const textOf = (testId: string): string =>
  screen.getByTestId(testId).textContent.replace(/\s+/g, ' ').trim();

describe('what things cost', () => {
  it('stands in a table, with what a month costs and when a student pays off', async () => {
    await open();
    const [teacher, student] = screen.getAllByTestId('cost').map((row) => row.textContent);
    expect(teacher).toContain('saved answers and their price');
    expect(teacher).toContain('$250.00');
    expect(student).toContain('after 1,240 answers');
    expect(student).toContain('$3.05');
    expect(textOf('break-even')).toBe('Student is cheaper than Teacher after 1,240 answers.');
  });

  it('says that the hour is a suggestion until it is changed, and saves what is typed', async () => {
    const transport = await open();
    expect(textOf('suggested-hour')).toContain('suggestion');
    await fireEvent.input(screen.getByTestId('machine-hour'), { target: { value: '0.4' } });
    expect(screen.queryByTestId('suggested-hour')).toBeNull();
    await fireEvent.input(screen.getByTestId('volume'), { target: { value: '1000' } });
    expect(screen.getAllByTestId('cost')[0]?.textContent).toContain('$2.50');
    await waitFor(() =>
      expect(transport.inputsOf('costs.save')).toEqual([
        {
          projectId: 'p1',
          settings: { ...costSettingsDefaults, machineHour: 0.4, volume: 1_000 },
        },
      ]),
    );
  });

  it('asks for the price of recorded answers, and says that it is the person’s', async () => {
    const recorded = teacherSystem('e1', { name: 'PaLM', teacherKind: 'recorded' });
    await open({
      systems: [recorded, studentSystem('a')],
      report: report([
        teacherCost({ name: 'PaLM', perThousand: null, basis: 'unknown' }),
        cost({ breakEven: null }),
      ]),
    });
    expect(textOf('ask-price')).toContain('What 1,000 answers of PaLM cost is not known');
    expect(document.body.textContent).toContain('The figure counts as yours');
    expect(screen.queryByTestId('break-even')).toBeNull();
  });

  it('offers to measure a student whose speed is not known', async () => {
    const transport = await open({
      report: report([
        teacherCost(),
        cost({ perThousand: null, basis: 'unknown', breakEven: null }),
      ]),
      answers: { 'compare.start': () => job({ kind: 'evaluate' }) },
    });
    await fireEvent.click(screen.getByTestId('measure'));
    expect(transport.inputsOf('compare.start')).toMatchObject([{ runIds: ['a'], speed: true }]);
  });

  it('claims no more than is known', () => {
    const f = formatsFor('en');
    const partly = cost({
      build: {
        ...{ rationales: null, training: 0.05, trainingHours: 0.5, total: 0.05 },
        unknown: ['rationales'],
      },
    });
    const costly = cost({ name: 'Slow', perThousand: 3, breakEven: null });
    const unknown = cost({ name: 'New', perThousand: null, breakEven: null });
    const said = breakEvenSentences(
      ...([i18n.t.money, f, report([teacherCost(), partly, costly, unknown])] as const),
    );
    expect(said).toHaveLength(2);
    expect(said[0]).toContain('after at least 1,240 answers');
    expect(said[1]).toContain('Slow never gets cheaper than Teacher');
  });

  it('is drawn over volume, building included', () => {
    const lines = costLines(report([teacherCost(), cost({})]));
    expect(lines?.x[0]).toBe(0);
    expect(lines?.series.map(({ label }) => label)).toEqual(['Teacher', 'Student']);
    expect(lines?.series[0]?.values[8]).toBeCloseTo(0.025, 9);
    expect(lines?.series[1]?.values[0]).toBeCloseTo(3.05001, 9);
    expect(lines?.x.at(-1)).toBeGreaterThan(Math.log10(12 * 100_000));
    expect(costLines(report([cost({})], { teacher: null }))).toBeNull();
  });

  it('is suggested from a model’s price', () => {
    expect(perThousandOf({ input: 0.15, output: 0.6 }, 800, 100)).toBeCloseTo(0.18, 12);
  });
});

describe('choosing a cascade', () => {
  it('says what the chosen threshold does on validation, and asks again for another goal', async () => {
    const transport = await open();
    await waitFor(() =>
      expect(textOf('cascade-chosen')).toContain('answers 87.0% at 94.3% accuracy'),
    );
    expect(textOf('cascade-chosen')).toContain('8.1 times cheaper');
    await fireEvent.click(screen.getByTestId('tab-together'));
    await fireEvent.input(screen.getByTestId('cascade-goal'), { target: { value: '2' } });
    await waitFor(() =>
      expect(transport.inputsOf('cascade.curve').at(-1)).toMatchObject({
        target: { kind: 'together', loss: 0.02 },
      }),
    );
    expect(transport.inputsOf('cascade.save')).toEqual([]);
  });

  it('says where no threshold reaches the goal, and offers nothing to confirm', async () => {
    await open({ answers: { 'cascade.curve': () => curve({ chosen: null }) } });
    await waitFor(() => expect(textOf('cascade-chosen')).toContain('No threshold reaches this'));
    expect(screen.queryByTestId('confirm-cascade')).toBeNull();
  });

  it('says where the student’s own answers are few', async () => {
    const few = point(0.2, 39);
    await open({ answers: { 'cascade.curve': () => curve({ chosen: few }) } });
    expect((await screen.findByTestId('few-rows')).textContent).toContain('Only 40 answers');
  });

  it('confirms on test by a button that says it is a look', async () => {
    let saved: Cascade[] = [];
    const transport = await open({
      answers: {
        'cascade.save': () => {
          saved = [cascade()];
          return cascade();
        },
        'cascade.list': () => saved,
      },
    });
    const button = await screen.findByTestId('confirm-cascade');
    expect(button.parentElement?.textContent).toContain('looked at 2 times so far');
    await fireEvent.click(button);
    await waitFor(() =>
      expect(transport.inputsOf('cascade.save')).toEqual([
        {
          ...{ projectId: 'p1', splitId: 's1', runId: 'a', extractionId: 'e1' },
          target: { kind: 'student', accuracy: 0.9 },
        },
      ]),
    );
  });

  it('says what is missing on which part, and offers to evaluate it', async () => {
    const transport = await open({
      validation: [both[0] ?? teacherSystem('e1'), studentSystem('a', { withConfidence: 0 })],
      answers: { 'compare.start': () => job({ kind: 'evaluate' }) },
    });
    const missing = await screen.findByTestId('missing-validation');
    expect(missing.textContent).toContain('was not kept by an earlier version');
    expect(screen.queryByTestId('missing-test')).toBeNull();
    expect(transport.inputsOf('cascade.curve')).toEqual([]);
    await fireEvent.click(screen.getByTestId('evaluate-validation'));
    expect(transport.inputsOf('compare.start')).toMatchObject([
      { part: 'validation', runIds: ['a'] },
    ]);
  });

  it('offers no student that asks the teacher each time', async () => {
    await open({ systems: [teacherSystem('e1'), studentSystem('a', { needsTeacher: true })] });
    expect(textOf('no-cascade')).toContain('there is nothing to save with them');
  });
});

describe('what a cascade needs', () => {
  const systems = (more: System[]) => ({ rows: 200, withGold: 200, looks: 0, systems: more });
  const lacks = (more: System[]) =>
    readinessOf('test', systems(more), 'run:a', 'teacher:e1').lacks.map(({ kind }) => kind);

  it('is answers of both, with confidences', () => {
    expect(lacks([teacherSystem('e1'), studentSystem('a')])).toEqual([]);
    expect(lacks([studentSystem('a', { complete: false, answered: 20 })])).toEqual([
      ...['predictions', 'teacher'],
    ]);
    expect(lacks([teacherSystem('e1'), studentSystem('a', { withConfidence: 199 })])).toEqual([
      'confidence',
    ]);
    const some = [teacherSystem('e1', { answered: 150 }), studentSystem('a')];
    expect(readinessOf('test', systems(some), 'run:a', 'teacher:e1')).toMatchObject({
      ...{ isReady: true, lacks: [{ kind: 'some', asked: 150, rows: 200 }] },
    });
  });
});

describe('a confirmed cascade', () => {
  const shown = async (saved: Cascade) => {
    await open({ answers: { 'cascade.list': () => [saved] } });
    return within(await screen.findByTestId('saved-cascade'));
  };

  it('stands with validation beside test, and in a sentence', async () => {
    const card = await shown(cascade());
    expect(card.getByTestId('cascade-sentence').textContent).toBe(
      'The student answers 87.0% at 94.3% accuracy, the rest goes to the teacher: 8.1 times cheaper.',
    );
    expect(card.getAllByRole('row')).toHaveLength(3);
    expect(card.getByTestId('confirmation').textContent).toContain('bear it out');
    expect(card.getByText('goes into the export')).toBeTruthy();
  });

  it('says plainly where the test rows do not bear it out', async () => {
    const card = await shown(cascade({ test: point(0.87, 140) }));
    expect(card.getByTestId('confirmation').textContent).toContain('do not bear this out: 80.5%');
  });

  it('says where rows are few, and nothing of a price that is not known', async () => {
    const card = await shown(cascade({ test: point(0.2, 39, { cheaper: null }) }));
    expect(card.getByTestId('confirmation').textContent).toContain('Only 40 answers of its own');
    expect(card.getByTestId('cascade-sentence').textContent).not.toContain('cheaper');
  });

  it('is removed by its button', async () => {
    let saved = [cascade()];
    await open({
      answers: {
        'cascade.list': () => saved,
        'cascade.remove': () => {
          saved = [];
          return {};
        },
      },
    });
    const button = await screen.findByRole('button', { name: /^Remove the threshold of/ });
    await fireEvent.click(button);
    await waitFor(() => expect(screen.queryByTestId('saved-cascade')).toBeNull());
  });
});
