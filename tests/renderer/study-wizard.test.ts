import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import { calls } from '../../electron/contract/calls.ts';
import type { ProjectOverview } from '../../electron/contract/calls.ts';
import type { Split, StudyPlan } from '../../electron/contract/entities.ts';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import type { StudyKind } from '../../renderer/wizards/train/views.ts';
import { allArms, lacks } from '../../renderer/wizards/train/study/arms.ts';
import {
  axisKeys,
  axisOf,
  numbersOf,
  suggestedAxis,
} from '../../renderer/wizards/train/study/axes.ts';
import { usualArms } from '../../renderer/wizards/train/study/draft.svelte.ts';
import StudyWizard from '../../renderer/wizards/train/study/StudyWizard.svelte';
import { extraction } from './extraction-rows.ts';
import { FakeTransport, inApp } from './fakes.ts';
import { createdAt, job, overview } from './rows.ts';
import { runSettings, stepByStep, study } from './study-rows.ts';

beforeEach(() => i18n.use('en'));

const split: Split = {
  ...{ id: 's1', projectId: 'p1', name: 'Split 1', settingsHash: 'h', leaks: null, looks: 0 },
  settings: {
    ...{ kind: 'random', validation: 0.1, test: 0.1, stratify: false, groupByMaskedText: true },
    ...{ seed: 1, maskNames: false, groupColumn: null, timeColumn: null, fold: null, move: null },
  },
  ...{ counts: { train: 800, validation: 100, test: 100 }, frozenAt: createdAt },
};
const all = { withGold: 1_000, parsed: 1_000, splits: 1 };

/** What the plan of a preview or a start was. */
const planOf = (input: unknown): StudyPlan => calls['studies.preview'].input.parse(input).plan;

async function open(kind: StudyKind, more: Partial<ProjectOverview> = all) {
  const transport = new FakeTransport({
    'splits.list': () => [split],
    'extractions.list': () => [extraction({ id: 'e1' })],
    'students.list': () => [],
    'engines.list': () => [],
    'runs.suggest': (input) => ({
      ...runSettings,
      method: calls['runs.suggest'].input.parse(input).method,
    }),
    'runs.rows': () => ({
      ...{ examples: 800, labels: 800, rationales: 800, explained: 800 },
      ...{ withoutLabel: 0, dropped: 0, reasons: [] },
    }),
    'studies.preview': (input) => {
      const plan = planOf(input);
      const shares = plan.kind === 'data-size' ? plan.shares : [1];
      const runs = plan.kind === 'sweep' ? 15 : plan.arms.length * plan.seeds.length;
      return {
        ...{ runs: runs * shares.length, existing: 2, steps: 900, seconds: null },
        rows: shares.map((share) => ({ share, rows: 800 * share })),
      };
    },
    'studies.list': () => [study({ id: 'other', name: 'Comparison of methods 1' })],
    'studies.start': () => ({ study: study(), job: job({ kind: 'study', subjectId: 'st1' }) }),
    'projects.overview': () => overview(all),
  });
  const { app, context } = inApp(transport);
  render(StudyWizard, { props: { overview: overview(more), kind }, context });
  await screen.findByTestId('arms');
  return { transport, app };
}

const box = (testId: string): HTMLInputElement => screen.getByTestId<HTMLInputElement>(testId);
const canGoOn = (): Promise<void> =>
  waitFor(() => {
    const next =
      screen.queryByTestId<HTMLButtonElement>('wizard-next') ??
      screen.getByTestId<HTMLButtonElement>('start-study');
    expect(next.disabled).toBe(false);
  });

async function next(): Promise<void> {
  await canGoOn();
  await fireEvent.click(screen.getByTestId('wizard-next'));
}

describe('the arms of a study', () => {
  it('are every method with each label that it can learn', () => {
    expect(allArms).toHaveLength(8);
    expect(allArms).not.toContainEqual({ method: 'finetune', labelSource: 'teacher' });
    expect(allArms).not.toContainEqual({ method: 'distill', labelSource: 'gold' });
  });

  it('lack gold or a teacher', () => {
    const none = { withGold: 0, parsed: 0 };
    expect(lacks(stepByStep, none)).toBe('gold');
    expect(lacks({ method: 'distill', labelSource: 'teacher' }, none)).toBe('teacher');
    expect(lacks({ method: 'finetune', labelSource: 'gold' }, { withGold: 1, parsed: 0 })).toBe(
      null,
    );
    expect(lacks(stepByStep, { withGold: 1, parsed: 0 })).toBe('teacher');
  });

  it('are chosen beforehand: all, the pair of the paper, or one', () => {
    expect(usualArms('bake-off', allArms)).toEqual(allArms);
    expect(usualArms('data-size', allArms).map(({ method }) => method)).toEqual([
      'step-by-step',
      'finetune',
    ]);
    const withoutGold = allArms.filter(({ labelSource }) => labelSource === 'teacher');
    expect(usualArms('data-size', withoutGold).map(({ method }) => method)).toEqual([
      'step-by-step',
      'distill',
    ]);
    expect(usualArms('sweep', allArms)).toEqual([stepByStep]);
  });
});

describe('the wizard of a bake-off', () => {
  it('starts with what suits, in six steps, with all arms and three seeds', async () => {
    const { transport, app } = await open('bake-off');
    for (const at of [1, 2, 3, 4, 5]) {
      expect(screen.getByText(new RegExp(`Step ${at} of 6`))).toBeTruthy();
      await next();
    }
    await canGoOn();
    expect(screen.getByTestId('planned-runs').textContent).toBe('24');
    expect(screen.getByTestId('study-preview').textContent).toContain(
      '8 ways to train × 3 seeds = 24 runs',
    );
    expect(screen.getByTestId('existing-runs').textContent).toBe('2');
    await fireEvent.click(screen.getByTestId('start-study'));
    await waitFor(() => expect(app.router.route).toMatchObject({ view: 'study:st1' }));
    const [plan] = transport.inputsOf('studies.start').map(planOfStart);
    expect(transport.inputsOf('studies.start')).toMatchObject([
      { name: 'Comparison of methods 2' },
    ]);
    expect(plan).toMatchObject({
      ...{ kind: 'bake-off', arms: allArms, seeds: [1, 2, 3], part: 'test', margin: 0.02 },
    });
  });

  const planOfStart = (input: unknown): StudyPlan => calls['studies.start'].input.parse(input).plan;

  it('says why an arm can’t be chosen', async () => {
    await open('bake-off', { ...all, parsed: 0 });
    expect(box('arm-finetune-gold').checked).toBe(true);
    expect(box('arm-step-by-step-gold').disabled).toBe(true);
    expect(screen.getAllByText('No teacher has answered yet.').length).toBeGreaterThan(1);
    expect(screen.getByText('always gold')).toBeTruthy();
  });

  it('does not go on without gold labels, for nothing could be scored', async () => {
    await open('bake-off', { ...all, withGold: 0 });
    expect(screen.getByTestId('study-no-gold')).toBeTruthy();
    await waitFor(() => expect(screen.getByTestId('study-split').textContent).toContain('Split 1'));
    expect(screen.getByTestId<HTMLButtonElement>('wizard-next').disabled).toBe(true);
  });

  it('warns of a single seed', async () => {
    await open('bake-off');
    await next();
    expect(screen.getByTestId('seed-list').textContent).toContain('1, 2, and 3');
    await fireEvent.input(screen.getByTestId('seed-count'), { target: { value: '1' } });
    expect(await screen.findByTestId('one-seed')).toBeTruthy();
  });
});

describe('the wizard of a data-size curve', () => {
  it('needs two methods, and shows the rows of each share', async () => {
    await open('data-size');
    await fireEvent.click(box('arm-finetune-gold'));
    expect(screen.getByTestId('arms-missing').textContent).toContain('two or more');
    await fireEvent.click(box('arm-finetune-gold'));
    await next();
    await waitFor(() =>
      expect(screen.getAllByTestId('share-rows').map((each) => each.textContent.trim())).toEqual([
        ...['100 rows', '200 rows', '400 rows', '600 rows', '800 rows'],
      ]),
    );
    for (const share of ['0.125', '0.25', '0.5', '0.75']) {
      await fireEvent.click(box(`share-${share}`));
    }
    expect(screen.getByTestId<HTMLButtonElement>('wizard-next').disabled).toBe(true);
  });
});

describe('the axes of a sweep', () => {
  it('are those that the method takes note of', () => {
    expect(axisKeys('finetune')).not.toContain('lambda');
    expect(axisKeys('finetune')).not.toContain('rationaleDropout');
    expect(axisKeys('single-task')).toContain('rationaleDropout');
    expect(axisKeys('step-by-step')).toContain('mutualInformation');
  });

  it('suggest values that a run can be trained with', () => {
    for (const key of axisKeys('step-by-step')) {
      const axis = suggestedAxis(key, runSettings);
      expect(axisOf(axis, 'grid')).toMatchObject({ kind: 'list', key });
      expect(axisOf(axis, 'random')).not.toBeNull();
    }
    expect(axisOf(suggestedAxis('learningRate', runSettings), 'random')).toEqual({
      ...{ kind: 'range', key: 'learningRate', low: 3e-4, high: 3e-3, scale: 'log' },
    });
    expect(axisOf(suggestedAxis('dropout', runSettings), 'random')).toMatchObject({
      scale: 'linear',
    });
    expect(axisOf(suggestedAxis('batchSize', runSettings), 'random')).toMatchObject({
      kind: 'list',
    });
  });

  it('read numbers as they are typed, each once', () => {
    expect(numbersOf('lambda', ' 0.1, 1  1;5 ')).toEqual([0.1, 1, 5]);
    for (const typed of ['', 'a', '1 b', '-1', '101', '1e999']) {
      expect(numbersOf('lambda', typed)).toBeNull();
    }
    expect(numbersOf('batchSize', '8 16.5')).toBeNull();
    expect(
      numbersOf('lambda', Array.from({ length: 21 }, (_, index) => index).join(' ')),
    ).toBeNull();
  });

  it('are judged by validation alone, and hold up the wizard while one is wrong', async () => {
    const { transport } = await open('sweep');
    for (let step = 0; step < 4; step += 1) await next();
    await fireEvent.input(screen.getByTestId('values-lambda'), { target: { value: '1 two' } });
    expect(screen.getByTestId<HTMLButtonElement>('wizard-next').disabled).toBe(true);
    await fireEvent.input(screen.getByTestId('values-lambda'), { target: { value: '0.5 1' } });
    await next();
    await canGoOn();
    const plan = transport.inputsOf('studies.preview').map(planOf).at(-1);
    expect(plan).toMatchObject({
      ...{ kind: 'sweep', arm: stepByStep, medianRule: true, search: { kind: 'grid' } },
      axes: [
        { kind: 'list', key: 'learningRate', values: [0.0003, 0.001, 0.003] },
        { kind: 'list', key: 'lambda', values: [0.5, 1] },
      ],
    });
    expect(plan).not.toHaveProperty('part');
  });
});
