import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Preferences } from '../../electron/contract/entities.ts';
import type { Run, RunSamples, Study } from '../../electron/contract/entities.ts';
import type { JobRecord } from '../../electron/contract/jobs.ts';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import { detailView } from '../../renderer/wizards/train/curve-view.svelte.ts';
import TrainScreen from '../../renderer/wizards/train/TrainScreen.svelte';
import { FakeTransport, inApp } from './fakes.ts';
import type { Answers } from './fakes.ts';
import { job, opening, overview, project } from './rows.ts';
import { evaluated, point, run, samples, settings, study } from './run-rows.ts';

// jsdom has no canvas: what is drawn is looked at in a browser, what is said is tested here.
vi.mock('uplot', () => ({ default: vi.fn() }));
vi.mock('uplot/dist/uPlot.min.css', () => ({}));
vi.stubGlobal(
  'ResizeObserver',
  class {
    observe = () => undefined;
    disconnect = () => undefined;
  },
);
vi.stubGlobal('matchMedia', () => new EventTarget());
Element.prototype.scrollIntoView = () => undefined;
HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close = function (this: HTMLDialogElement) {
  this.open = false;
};

interface Given {
  readonly runs?: Run[];
  readonly studies?: Study[];
  readonly jobs?: JobRecord[];
  readonly points?: ReturnType<typeof point>[];
  readonly samples?: RunSamples;
  readonly view?: string | null;
}

const points = [point(1), evaluated(25, 4), point(26), evaluated(50, 8)];

async function open(given: Given, more: Answers = {}) {
  const { runs = [], studies = [], jobs = [], view = null } = given;
  let preferences: Preferences | null = null;
  const transport = new FakeTransport({
    ...opening([project()], jobs),
    'app.savePreferences': (input) => (preferences = Preferences.parse(input)),
    'projects.overview': () => overview({ splits: 1, runs: runs.length }),
    'runs.list': () => runs,
    'studies.list': () => studies,
    'runs.metrics': () => given.points ?? points,
    'runs.samples': () => given.samples ?? samples(),
    ...more,
  });
  const { app, context } = inApp(transport);
  await app.open();
  const props = { overview: overview({ splits: 1, runs: runs.length }), view };
  const { container } = render(TrainScreen, { props, context });
  return { app, transport, container, saved: () => preferences };
}

const text = (testId: string): string =>
  screen.getByTestId(testId).textContent.replace(/\s+/g, ' ').trim();
const shows = (testId: string, words: string): Promise<void> =>
  waitFor(() => expect(text(testId)).toContain(words));

beforeEach(() => {
  i18n.use('en');
  detailView.tab = 'learning';
});

describe('the train screen', () => {
  it('offers four ways while nothing was trained', async () => {
    await open({});
    await screen.findByTestId('way-new');
    const links = within(screen.getByTestId('ways')).getAllByRole('link');
    expect(links.map((link) => link.getAttribute('href'))).toEqual(
      ['new', 'bake-off', 'data-size', 'sweep'].map((way) => `#/p/p1/train/${way}`),
    );
    expect(screen.queryByTestId('runs')).toBeNull();
  });

  it('offers them behind a button afterwards', async () => {
    await open({ runs: [run()], jobs: [job()] });
    await screen.findByTestId('runs');
    expect(screen.queryByTestId('ways')).toBeNull();
    await fireEvent.click(screen.getByTestId('new-training'));
    expect(screen.getByTestId('way-sweep')).toBeTruthy();
  });

  it('stays with the run that was paused while the next one trains', async () => {
    const runs = [run(), run({ id: 'r2', name: 'second', jobId: 'j2' })];
    const waiting = job({ id: 'j2', subjectId: 'r2', state: 'queued', seq: 1 });
    const { app } = await open({ runs, jobs: [job(), waiting] });
    await shows('job-card', 'first');
    app.jobs.take(job({ state: 'paused', seq: 9 }));
    app.jobs.take({ ...waiting, state: 'running', seq: 2 });
    await waitFor(() => expect(screen.getByTestId('job-card').dataset.state).toBe('paused'));
    expect(text('job-card')).toContain('first');
  });

  it('says where the run that trains stands', async () => {
    await open({ runs: [run(), run({ id: 'r2', name: 'second', jobId: null })], jobs: [job()] });
    await shows('job-card', 'working · 25 of 100 steps · 5/s · 15 sec left');
    await shows('fact-step', '50 of 100');
    expect(text('job-card')).toContain('Epoch 5 of 10');
    expect(text('fact-best')).toBe('40.0%');
    await waitFor(() => expect(screen.getByTestId('accuracy-chart')).toBeTruthy());
    const slider = within(screen.getByTestId('accuracy-chart')).getByRole('slider');
    expect(slider.getAttribute('aria-valuetext')).toBe('step 50, validation accuracy 40.0%');
    await fireEvent.keyDown(slider, { key: 'ArrowLeft' });
    expect(slider.getAttribute('aria-valuetext')).toBe('step 25, validation accuracy 20.0%');
    // The other charts are read at the same step.
    const losses = within(screen.getByTestId('loss-chart')).getByRole('slider');
    expect(losses.getAttribute('aria-valuetext')).toBe(
      'step 25, label loss 0.16, rationale loss 0.24',
    );
  });

  it('stops a run and keeps its best after a sentence', async () => {
    const done = job({ state: 'succeeded', seq: 2 });
    const { transport } = await open(
      { runs: [run()], jobs: [job()] },
      { 'runs.keepBest': () => done },
    );
    await fireEvent.click(await screen.findByTestId('keep-best'));
    expect(screen.getByText(/student of step 50 is kept, with 40.0% right/)).toBeTruthy();
    expect(transport.inputsOf('runs.keepBest')).toEqual([]);
    await fireEvent.click(screen.getByTestId('confirm-keep'));
    await waitFor(() => expect(transport.inputsOf('runs.keepBest')).toEqual([{ runId: 'r1' }]));
    await waitFor(() => expect(screen.queryByTestId('keep-best')).toBeNull());
  });

  it('says why a run ended, and what to try after divergence', async () => {
    const failed = job({ state: 'failed' });
    const ended = run({ ended: { reason: 'diverged', step: 31, at: '' } });
    await open({ runs: [ended], jobs: [failed] });
    await shows('run-end', 'At step 31 the loss or a gradient was no longer a number');
    expect(text('run-end')).toContain('A smaller learning rate: 3.0e−4 instead of 0.001.');
  });

  it('warns where one task starves the other, with the lambda that helps', async () => {
    const balance = { labelNorm: 1, rationaleNorm: 20 };
    await open({
      runs: [run({ settings: settings({ lambda: 10 }) })],
      jobs: [job()],
      points: [evaluated(25, 1, { balance }), evaluated(50, 1, { balance })],
    });
    await shows('starved', 'was 20 and 20 times that of the label loss');
    expect(text('starved')).toContain('λ is 10. With about 0.5 (α 0.667)');
    expect(within(screen.getByTestId('starved')).getByRole('link').getAttribute('href')).toBe(
      '#/p/p1/train/again%3Ar1',
    );
  });

  it('shows what the student writes, step by step', async () => {
    await open({ runs: [run()], jobs: [job()] });
    await fireEvent.click(await screen.findByTestId('tab-samples'));
    await shows('sample-place', 'Step 50, evaluation 2 of 2 · 1 of 2 right');
    const [first, second] = screen.getAllByTestId('sample-answer');
    expect(first?.textContent).toContain('right');
    expect(first?.textContent).toContain('now right');
    expect(first?.querySelector('mark')?.textContent.trim()).toBe('what comes.');
    expect(second?.textContent).toContain('now wrong');
    await fireEvent.click(screen.getByTestId('sample-before'));
    await shows('sample-place', 'Step 25, evaluation 1 of 2 · 1 of 2 right');
    expect(screen.queryByText('now right')).toBeNull();
  });

  it('shows the settings, and what differs from the run that they were made from', async () => {
    const child = run({
      ...{ id: 'r2', name: 'second', jobId: null, parentId: 'r1' },
      settings: settings({ lambda: 0.3 }),
    });
    await open({ runs: [run(), child], view: 'run:r2' });
    await fireEvent.click(await screen.findByTestId('tab-settings'));
    expect(text('parent-changes')).toContain('Made from “first”');
    expect(text('parent-changes')).toContain('λ: 0.3 instead of 1');
  });

  it('renames a run', async () => {
    const { transport } = await open(
      { runs: [run()], jobs: [job()] },
      { 'runs.rename': () => run({ name: 'better' }) },
    );
    await fireEvent.click(await screen.findByTestId('rename-run'));
    await fireEvent.input(screen.getByTestId('run-name'), { target: { value: ' better ' } });
    await fireEvent.submit(screen.getByTestId('run-name').closest('form') ?? document.body);
    await waitFor(() =>
      expect(transport.inputsOf('runs.rename')).toEqual([{ runId: 'r1', name: 'better' }]),
    );
  });

  it('lays the curves of chosen runs over each other', async () => {
    await open({ runs: [run(), run({ id: 'r2', name: 'second', jobId: null })], jobs: [job()] });
    await screen.findByTestId('runs');
    expect(screen.queryByTestId('overlay')).toBeNull();
    for (const box of screen.getAllByTestId('overlay-run')) await fireEvent.click(box);
    await shows('overlay', '2 runs over each other');
    await shows('overlay', 'first · Step-by-step · seed 1');
    await fireEvent.change(screen.getByTestId('overlay-curve'), { target: { value: 'labelLoss' } });
    await shows('overlay', 'second · Step-by-step · seed 1 0.08');
    await fireEvent.click(screen.getByText('Choose none'));
    expect(screen.queryByTestId('overlay')).toBeNull();
  });

  it('keeps runs of a study under it, with the state of its job', async () => {
    const of = (id: string, more: Partial<Run> = {}) =>
      run({ id, name: id, jobId: null, studyId: 'd1', ...more });
    await open({
      runs: [of('s1', { ended: { reason: 'steps-done', step: 100, at: '' } }), of('s2')],
      studies: [study({ currentRunId: 's2', runs: { planned: 2, ended: 1 } })],
      jobs: [job({ id: 'jd', kind: 'study', subjectId: 'd1', title: 'Two methods' })],
    });
    // It trains, so it is chosen and its study is open.
    await waitFor(() =>
      expect(screen.getAllByTestId('run-row').map((row) => row.dataset['state'])).toEqual([
        ...['succeeded', 'running'],
      ]),
    );
    expect(text('study-row')).toContain('1 of 2 done');
    expect(screen.getByTestId('open-study').getAttribute('href')).toBe('#/p/p1/train/study%3Ad1');
    expect(screen.queryByTestId('keep-best')).toBeNull();
    await fireEvent.click(screen.getByRole('button', { name: 'Runs of Two methods' }));
    expect(screen.queryAllByTestId('run-row')).toEqual([]);
  });
});

describe('the queue', () => {
  const queued = (id: string, place: number, seq = 1): JobRecord =>
    job({ id, title: `Train ${id}`, state: 'queued', place, seq });
  const order = (): string[] =>
    screen.getAllByTestId('queued').map((item) => item.dataset['job'] ?? '');

  it('is put into another order by buttons and keys, and keeps the focus', async () => {
    let seq = 1;
    const { transport } = await open(
      { runs: [run()], jobs: [job(), queued('a', 0), queued('b', 1)] },
      {
        'queue.move': () => {
          seq += 1;
          return seq === 2
            ? [queued('b', 0, seq), queued('a', 1, seq)]
            : [queued('a', 0, seq), queued('b', 1, seq)];
        },
      },
    );
    await screen.findByTestId('queue');
    expect(order()).toEqual(['a', 'b']);
    const down = screen.getByRole('button', { name: 'Move Train a down' });
    down.focus();
    await fireEvent.click(down);
    await waitFor(() => expect(order()).toEqual(['b', 'a']));
    expect(transport.inputsOf('queue.move')).toEqual([{ jobId: 'a', place: 1 }]);
    expect(screen.getByText('Train a is now at place 2 of the queue.')).toBeTruthy();
    await waitFor(() =>
      expect(document.activeElement?.closest('[data-job]')?.getAttribute('data-job')).toBe('a'),
    );
    const [, last] = screen.getAllByTestId('queued');
    await fireEvent.keyDown(last ?? document.body, { key: 'ArrowUp', altKey: true });
    await waitFor(() => expect(order()).toEqual(['a', 'b']));
    expect(transport.inputsOf('queue.move').at(-1)).toEqual({ jobId: 'a', place: 0 });
  });

  it('lets a waiting training be dragged, and taken out after a question', async () => {
    const { transport } = await open(
      { runs: [run()], jobs: [job(), queued('a', 0), queued('b', 1)] },
      {
        'queue.move': () => [queued('b', 0, 2), queued('a', 1, 2)],
        'jobs.cancel': () => job({ ...queued('a', 1, 3), state: 'cancelled', place: null }),
      },
    );
    await screen.findByTestId('queue');
    const [first, second] = screen.getAllByTestId('queued');
    await fireEvent.dragStart(second ?? document.body);
    await fireEvent.drop(first ?? document.body);
    await waitFor(() => expect(order()).toEqual(['b', 'a']));
    expect(transport.inputsOf('queue.move')).toEqual([{ jobId: 'b', place: 0 }]);
    await fireEvent.click(screen.getByRole('button', { name: 'Take Train a out of the queue' }));
    expect(transport.inputsOf('jobs.cancel')).toEqual([]);
    await fireEvent.click(screen.getByTestId('confirm-unqueue'));
    await waitFor(() => expect(order()).toEqual(['b']));
  });

  it('is gone on with after a restart, by a button or from then on by itself', async () => {
    const left = (id: string, place: number) => job({ ...queued(id, place), state: 'interrupted' });
    const { transport, saved } = await open(
      { runs: [run()], jobs: [left('j1', 0), left('b', 1)] },
      { 'queue.resume': () => [job({ seq: 2 }), queued('b', 0, 2)] },
    );
    await shows('left-queue', '2 trainings were not finished when the studio was closed.');
    await fireEvent.click(screen.getByTestId('resume-queue'));
    await waitFor(() => expect(saved()).toMatchObject({ resumeQueue: true }));
    await fireEvent.click(screen.getByTestId('resume-left'));
    await waitFor(() => expect(screen.queryByTestId('left-queue')).toBeNull());
    expect(transport.inputsOf('queue.resume')).toEqual([{}]);
    expect(order()).toEqual(['b']);
  });

  it('speaks Korean', async () => {
    i18n.use('ko');
    await open(
      { runs: [run()], jobs: [job({ state: 'interrupted', place: 0 })] },
      {
        'app.preferences': () => ({
          ...{ language: 'ko', theme: 'system', reviewer: '', shortcuts: true, resumeQueue: false },
        }),
      },
    );
    await shows('left-queue', '스튜디오를 닫을 때 학습 1개가 끝나지 않았습니다.');
  });
});
