import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { calls } from '../../electron/contract/calls.ts';
import type { StudyPlan, StudyResult } from '../../electron/contract/entities.ts';
import type { JobRecord } from '../../electron/contract/jobs.ts';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import StudyScreen from '../../renderer/wizards/train/study/StudyScreen.svelte';
import { extraction, teacher } from './extraction-rows.ts';
import { FakeTransport, inApp } from './fakes.ts';
import type { Answers } from './fakes.ts';
import { NoResizeObserver } from './layout.ts';
import { job, overview } from './rows.ts';
import {
  cell,
  comparison,
  finetune,
  growth,
  interval,
  pair,
  rationaleInput,
  runSettings,
  stepByStep,
  study,
  sweep,
} from './study-rows.ts';

beforeEach(() => {
  i18n.use('en');
  vi.stubGlobal('ResizeObserver', NoResizeObserver);
});

interface Opening {
  readonly result: StudyResult;
  readonly plan?: StudyPlan;
  readonly job?: JobRecord;
  readonly answers?: Answers;
  readonly practice?: boolean;
}

async function open(opening: Opening): Promise<FakeTransport> {
  const shown = opening.plan ? study({ plan: opening.plan }) : study();
  const kind = opening.practice ? 'practice' : 'openai-compatible';
  const transport = new FakeTransport({
    'studies.list': () => [shown],
    'studies.result': () => opening.result,
    'runs.list': () => [],
    'extractions.list': () => [extraction({ id: 'e1', teacher: teacher({ kind }) })],
    ...opening.answers,
  });
  const { app, context } = inApp(transport);
  if (opening.job) app.jobs.take(opening.job);
  render(StudyScreen, { props: { overview: overview({ runs: 6 }), studyId: 'st1' }, context });
  await screen.findByTestId('study');
  return transport;
}

const textOf = (testId: string): string =>
  screen.getByTestId(testId).textContent.replace(/\s+/g, ' ');

describe('the result of a bake-off', () => {
  it('gives the verdict, each score with its seeds, and counts the looks', async () => {
    await open({ result: comparison() });
    expect(textOf('study-verdict')).toContain('(gold label) is better than Fine-tuning');
    expect(textOf('looks')).toContain('2 times');
    expect(screen.getAllByTestId('study-cell')).toHaveLength(2);
    const link = screen.getByRole('link', {
      name: 'Open the run Step-by-step (gold label), seed 1: 90.0%',
    });
    expect(link.getAttribute('href')).toContain('run%3Astep-by-step-gold-1');
    expect(textOf('study-pair')).toContain('better by 6.0 points (1.1 to 10.9)');
    expect(screen.queryByTestId('study-incomplete')).toBeNull();
    expect(screen.queryByTestId('one-seed')).toBeNull();
  });

  it('marks what is not complete, and what was not scored yet', async () => {
    const cells = [cell(stepByStep, [0.9, null]), cell(finetune, [null, null])];
    const result = comparison({ complete: false, cells, comparisons: [] });
    await open({ result, job: job({ id: 'j1', kind: 'study', title: 'Bake-off 1' }) });
    expect(textOf('study-incomplete')).toContain('may still change');
    expect(textOf('study-scores')).toContain('seed 2: not yet');
    expect(screen.getByTestId('job-card')).toBeTruthy();
  });

  it('waits for the first score without a verdict', async () => {
    const cells = [cell(stepByStep, [null]), cell(finetune, [null])];
    await open({ result: comparison({ complete: false, cells, comparisons: [] }) });
    expect(screen.queryByTestId('study-verdict')).toBeNull();
    expect(screen.getByText(/first result appears/)).toBeTruthy();
  });

  it('says that seeds were not varied where each arm has one', async () => {
    const cells = [cell(stepByStep, [0.9]), cell(finetune, [0.85])];
    await open({ result: comparison({ cells }) });
    expect(textOf('one-seed')).toContain('Seeds were not varied');
  });

  it('says who needs the teacher, and that the teacher is a practice one', async () => {
    const cells = [cell(rationaleInput, [0.95, 0.95]), cell(finetune, [0.85, 0.86])];
    await open({ result: comparison({ cells, comparisons: [] }), practice: true });
    expect(screen.getAllByText('needs the teacher when used').length).toBeGreaterThan(1);
    expect(screen.getByTestId('practice-notice')).toBeTruthy();
  });

  it('copies a table as CSV, or gives it to be copied by hand', async () => {
    const written: string[] = [];
    const clipboard = { writeText: (text: string) => Promise.resolve(void written.push(text)) };
    vi.stubGlobal('navigator', { ...navigator, languages: ['en'], clipboard });
    await open({ result: comparison() });
    await fireEvent.click(screen.getByRole('button', { name: 'Copy as CSV: Scores' }));
    await waitFor(() => expect(written[0]).toContain('Step-by-step (gold label),1600,0.91,'));
    clipboard.writeText = () => Promise.reject(new Error('denied'));
    await fireEvent.click(screen.getByRole('button', { name: 'Copy as text: Pair by pair' }));
    const area = await screen.findByRole<HTMLTextAreaElement>('textbox');
    expect(area.value).toContain('Step-by-step (gold label)\tFine-tuning\t0.06');
    vi.unstubAllGlobals();
  });

  it('is removed with its runs only where that was asked for', async () => {
    HTMLDialogElement.prototype.showModal = function show() {
      this.open = true;
    };
    const transport = await open({
      result: comparison(),
      answers: { 'studies.remove': () => ({}) },
    });
    await fireEvent.click(screen.getByTestId('remove-study'));
    await fireEvent.click(await screen.findByTestId('remove-with-runs'));
    await fireEvent.click(screen.getByTestId('confirm-remove-study'));
    await waitFor(() =>
      expect(transport.inputsOf('studies.remove')).toEqual([{ studyId: 'st1', withRuns: true }]),
    );
  });
});

describe('the result of a data-size curve', () => {
  const shares = [0.5, 1];
  const plan: StudyPlan = {
    ...{ kind: 'data-size', arms: [stepByStep, finetune], shares, seeds: [1, 2] },
    ...{ settings: runSettings, part: 'test', margin: 0.02 },
  };
  const cells = [stepByStep, finetune].flatMap((arm) =>
    shares.map((share) => cell(arm, [0.8 + share / 10, 0.8], { share, rows: 1_600 * share })),
  );

  it('draws a curve for each method and ends in what it shows', async () => {
    const half = pair(stepByStep, finetune, interval(0.01, -0.01, 0.03), 'no-worse', [0.5, 1]);
    const other = pair(finetune, stepByStep, interval(-0.05, -0.1, 0), 'not-shown', [0.5, 1]);
    await open({ plan, result: comparison({ cells, matches: [half, other], growth: [growth()] }) });
    expect(screen.getAllByTestId('curve')).toHaveLength(2);
    expect(textOf('matches')).toContain('at 50% (800 rows) matches Fine-tuning at 100%');
    expect(textOf('matches')).toContain('Not shown that Fine-tuning matches');
    expect(textOf('growth')).toContain('More rows are worth getting');
    await fireEvent.click(screen.getByTestId('tab-linear'));
    expect(screen.getByTestId('tab-linear').getAttribute('aria-pressed')).toBe('true');
  });
});

describe('the result of a sweep', () => {
  const plan: StudyPlan = {
    ...{ kind: 'sweep', arm: stepByStep, settings: runSettings, medianRule: true },
    axes: [{ kind: 'list', key: 'learningRate', values: [3e-4, 1e-3, 3e-3, 1e-2] }],
    search: { kind: 'grid' },
  };
  const order = (): string[] =>
    screen
      .getAllByTestId('trial')
      .map((row) => row.querySelector('th a')?.textContent.trim() ?? '');

  it('lists trials best first, why each ended, and leads to a run with the best settings', async () => {
    await open({ plan, result: sweep() });
    expect(order()).toEqual(['Trial 2', 'Trial 1', 'Trial 3', 'Trial 4']);
    expect(textOf('trials')).toContain('behind the median');
    expect(textOf('trials')).toContain('the loss diverged');
    expect(screen.getByTestId('study-again').getAttribute('href')).toContain('again%3Ar2');
    expect(screen.queryByTestId('looks')).toBeNull();
  });

  it('sorts by any column, either way, trials without a value last', async () => {
    await open({ plan, result: sweep() });
    await fireEvent.click(screen.getByTestId('sort-learningRate'));
    expect(order()).toEqual(['Trial 1', 'Trial 2', 'Trial 3', 'Trial 4']);
    await fireEvent.click(screen.getByTestId('sort-learningRate'));
    expect(order()).toEqual(['Trial 4', 'Trial 3', 'Trial 2', 'Trial 1']);
    await fireEvent.click(screen.getByTestId('sort-validation'));
    await fireEvent.click(screen.getByTestId('sort-validation'));
    expect(order()).toEqual(['Trial 3', 'Trial 1', 'Trial 2', 'Trial 4']);
  });

  it('highlights the row that is pointed at in the plot, and the other way round', async () => {
    await open({ plan, result: sweep() });
    const slider = screen.getByTestId('choose-line');
    expect(slider.getAttribute('aria-valuetext')).toContain('Trial 2: learning rate 0.001; 90.0%');
    await fireEvent.input(slider, { target: { value: '1' } });
    expect(document.querySelector('tr.chosen')?.textContent).toContain('Trial 1');
    const [, , third] = screen.getAllByTestId('trial');
    if (third) await fireEvent.pointerEnter(third);
    expect(slider.getAttribute('aria-valuetext')).toContain('Trial 3');
  });
});

it('asks for results as the contract has them', () => {
  expect(calls['studies.result'].output.safeParse(comparison()).success).toBe(true);
  expect(calls['studies.result'].output.safeParse(sweep()).success).toBe(true);
});
