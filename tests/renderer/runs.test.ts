import { describe, expect, it } from 'vitest';
import type { JobRecord } from '../../electron/contract/jobs.ts';
import { starvation, triesAfterDivergence } from '../../renderer/wizards/train/advice.ts';
import {
  curveOf,
  shareRange,
  stepsPerEpoch,
  validationBand,
} from '../../renderer/wizards/train/curve-kinds.ts';
import { mostOverlaid, overlaid, strokeOf } from '../../renderer/wizards/train/overlay.ts';
import { keyedPlace, queueOf } from '../../renderer/wizards/train/queue.ts';
import {
  groupRuns,
  keepsView,
  runState,
  workingJob,
} from '../../renderer/wizards/train/run-state.ts';
import { shownEvaluation, watchedAt } from '../../renderer/wizards/train/samples.ts';
import { settingChanges, settingGroups } from '../../renderer/wizards/train/settings-view.ts';
import { trainView } from '../../renderer/wizards/train/views.ts';
import { RunSettings } from '../../electron/contract/entities.ts';
import { job } from './rows.ts';
import { evaluated, point, run, samples, settings, study } from './run-rows.ts';

describe('the address of the train step', () => {
  it('names runs, wizards, plans and studies, and is the list of runs else', () => {
    expect(trainView(null)).toEqual({ at: 'runs', runId: null });
    expect(trainView('run:r:1')).toEqual({ at: 'runs', runId: 'r:1' });
    expect(trainView('new')).toEqual({ at: 'wizard', from: null });
    expect(trainView('again:r1')).toEqual({ at: 'wizard', from: 'r1' });
    expect(trainView('data-size')).toEqual({ at: 'plan', kind: 'data-size' });
    expect(trainView('study:d1')).toEqual({ at: 'study', studyId: 'd1' });
    for (const wrong of ['again:', 'study', 'x:1', ''])
      expect(trainView(wrong)).toEqual({ at: 'runs', runId: null });
  });
});

describe('a run that is in view while another one trains', () => {
  const ended = (reason: 'steps-done' | 'kept-best') =>
    run({ ended: { reason, step: 50, at: '2020-01-01T00:00:00.000Z' } });

  it('stays there when a person stopped it, or it failed', () => {
    for (const state of ['running', 'paused', 'failed', 'cancelled'] as const) {
      expect(keepsView(run(), state, null), state).toBe(true);
    }
    expect(keepsView(ended('kept-best'), 'succeeded', null)).toBe(true);
    expect(keepsView(run(), 'succeeded', null)).toBe(true);
    expect(keepsView(run(), 'queued', job())).toBe(true);
  });

  it('makes room at its own end, and before its beginning', () => {
    expect(keepsView(ended('steps-done'), 'succeeded', null)).toBe(false);
    expect(keepsView(run(), 'queued', null)).toBe(false);
    expect(keepsView(run(), 'interrupted', job())).toBe(false);
  });
});

describe('a run of a study', () => {
  const trained = run({ jobId: null, studyId: 'd1' });
  const jobs = (state: JobRecord['state']) => (id: string | null) =>
    id === 'jd' ? job({ id: 'jd', kind: 'study', state }) : null;

  it('is in the state of the study while that is at it', () => {
    const at = study({ currentRunId: 'r1' });
    for (const state of ['running', 'paused', 'interrupted', 'failed'] as const)
      expect(runState(trained, at, jobs(state))).toBe(state);
    expect(workingJob(trained, at, jobs('running'))?.id).toBe('jd');
    expect(workingJob(trained, study({ currentRunId: 'r2' }), jobs('running'))).toBeNull();
  });

  it('waits, was left, or has ended otherwise', () => {
    expect(runState(trained, study(), jobs('running'))).toBe('queued');
    expect(runState(trained, study(), jobs('cancelled'))).toBe('cancelled');
    expect(runState(trained, study(), jobs('succeeded'))).toBe('cancelled');
    const ended = (reason: 'diverged' | 'median-rule') =>
      run({ ...trained, ended: { reason, step: 9, at: '' } });
    expect(runState(ended('median-rule'), study(), jobs('running'))).toBe('succeeded');
    expect(runState(ended('diverged'), study(), jobs('running'))).toBe('failed');
  });

  it('stands under it in the table, the newest first', () => {
    const at = (minute: number) => `2026-01-01T00:0${minute}:00Z`;
    const groups = groupRuns(
      [
        run({ id: 'a', createdAt: at(0) }),
        run({ id: 'b', studyId: 'd1', createdAt: at(2) }),
        run({ id: 'c', studyId: 'd1', createdAt: at(3) }),
        run({ id: 'e', studyId: 'removed', createdAt: at(4) }),
      ],
      [study({ createdAt: at(1) })],
    );
    expect(
      groups.map((group) =>
        group.kind === 'run' ? group.run.id : [group.study.id, ...group.runs.map(({ id }) => id)],
      ),
    ).toEqual(['e', ['d1', 'b', 'c'], 'a']);
  });
});

describe('the queue', () => {
  const queued = (id: string, place: number | null, more: Partial<JobRecord> = {}) =>
    job({ id, state: 'queued', place, ...more });

  it('is in the order of places; other lanes are no part of it', () => {
    const queue = queueOf([
      ...[queued('c', 2), queued('a', 0), queued('b', 1, { kind: 'study' })],
      ...[job({ id: 'now', state: 'running' }), job({ id: 'x', kind: 'extract' })],
      ...[queued('y', null, { kind: 'import' }), job({ id: 'p', state: 'paused' })],
    ]);
    expect(queue.now?.id).toBe('now');
    expect(queue.waiting.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(queue.left).toEqual([]);
  });

  it('keeps what the end of the app left, in its order', () => {
    const left = (id: string, place: number | null) => queued(id, place, { state: 'interrupted' });
    const queue = queueOf([left('b', 1), left('a', 0), left('other', null)]);
    expect(queue.left.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('is moved by keys within its ends', () => {
    expect(keyedPlace('ArrowUp', 1, 3)).toBe(0);
    expect(keyedPlace('ArrowDown', 1, 3)).toBe(2);
    expect(keyedPlace('ArrowUp', 0, 3)).toBeNull();
    expect(keyedPlace('ArrowDown', 2, 3)).toBeNull();
    expect(keyedPlace('Enter', 1, 3)).toBeNull();
  });
});

describe('a task that starves', () => {
  const balance = (labelNorm: number, rationaleNorm: number) => ({
    balance: { labelNorm, rationaleNorm },
  });

  it('is told with ratios, and the lambda that makes both alike', () => {
    const label = [evaluated(25, 1, balance(1, 20)), evaluated(50, 1, balance(1, 20))];
    expect(starvation(label, 10)).toEqual({ task: 'label', ratios: [20, 20], lambda: 0.5 });
    const rationale = [evaluated(25, 1, balance(12, 1)), evaluated(50, 1, balance(48, 1))];
    expect(starvation(rationale, 1)).toEqual({ task: 'rationale', ratios: [12, 48], lambda: 20 });
  });

  it('is not told of where nothing starves, or where rationales are left out on purpose', () => {
    expect(starvation([evaluated(25, 1, balance(1, 20))], 1)).toBeNull();
    const once = [evaluated(25, 1, balance(1, 20)), evaluated(50, 1, balance(1, 5))];
    expect(starvation(once, 1)).toBeNull();
    const silent = [evaluated(25, 1, balance(1, 0)), evaluated(50, 1, balance(1, 0))];
    expect(starvation(silent, 0)).toBeNull();
    expect(starvation(silent, 1)?.lambda).toBeNull();
  });

  it('after divergence, smaller steps and a longer warm-up are worth a try', () => {
    expect(triesAfterDivergence(settings())).toEqual([
      { what: 'rate', from: 1e-3, to: 3e-4 },
      { what: 'warmup', from: 0.05, to: 0.1 },
      { what: 'clip', from: 1, to: 0.5 },
    ]);
    expect(triesAfterDivergence(settings({ warmupShare: 0.5 })).map(({ what }) => what)).toEqual([
      ...['rate', 'clip'],
    ]);
  });
});

describe('curves of runs', () => {
  const points = [point(1), evaluated(2, 5), point(3), evaluated(4, 10)];

  it('leave out steps that can’t have a value', () => {
    expect(curveOf(points, 'labelLoss').x).toEqual([1, 2, 3, 4]);
    expect(curveOf(points, 'validation')).toEqual({ x: [2, 4], y: [0.25, 0.5] });
    expect(validationBand(points).low[1]).toBeCloseTo(0.3, 12);
    expect(validationBand(points).high).toEqual([0.45, 0.7]);
    expect(shareRange([0.45, 0.7])).toEqual([0, 0.7]);
    expect([shareRange([null, 0]), shareRange([1])]).toEqual([
      [0, 0.1],
      [0, 1],
    ]);
  });

  it('lie over each other by step or by epoch, each with a look of its own', () => {
    const slow = run({ id: 'slow', settings: settings({ batchSize: 8, accumulate: 1 }) });
    const runs = [
      { run: run(), points },
      { run: slow, points },
      { run: run({ id: 'plain' }), points: [point(1, { rationaleLoss: null })] },
    ];
    expect([stepsPerEpoch(run()), stepsPerEpoch(slow)]).toEqual([10, 20]);
    const found = overlaid(runs, 'rationaleLoss', 'epoch');
    expect(found.lines.map(({ curve }) => curve.x)).toEqual([
      [0.1, 0.2, 0.3, 0.4],
      [0.05, 0.1, 0.15, 0.2],
    ]);
    expect(found.without.map(({ id }) => id)).toEqual(['plain']);
    expect(overlaid(runs, 'loss', 'step').lines[0]?.curve.x).toEqual([1, 2, 3, 4]);
    const looks = Array.from({ length: mostOverlaid }, (_, index) => strokeOf(index));
    expect(new Set(looks.map(({ tone, dash }) => tone + dash)).size).toBe(mostOverlaid);
    expect(looks.every(({ dash }, at) => at === 0 || dash !== looks[at - 1]?.dash)).toBe(true);
  });
});

describe('watched rows', () => {
  it('say what has changed since the evaluation before', () => {
    const [first, second] = watchedAt(samples(), 1);
    expect(first).toMatchObject({ label: 'now-right', rationaleChanged: true });
    expect(first?.rationale?.map(({ text, changed }) => [text.trim(), changed])).toEqual([
      ['Add', false],
      ['what comes.', true],
    ]);
    expect(second).toMatchObject({ label: 'now-wrong', rationaleChanged: false });
    expect(second?.rationale).toEqual([{ text: 'Take away.', changed: false }]);
  });

  it('have nothing before the first evaluation, and no rationale where none is written', () => {
    expect(watchedAt(samples(), 0).map(({ label }) => label)).toEqual(['first', 'first']);
    const [plain] = watchedAt(
      {
        rows: samples().rows,
        evaluations: [
          { step: 1, answers: [{ label: 'a', rationale: null, correct: false }] },
          { step: 2, answers: [{ label: 'b', rationale: null, correct: false }] },
        ],
      },
      1,
    );
    expect(plain).toMatchObject({ label: 'other', rationale: null, rationaleChanged: false });
  });

  it('follow the newest evaluation until a person chooses one', () => {
    expect([null, 25, 50, 7].map((step) => shownEvaluation(samples(), step))).toEqual([1, 0, 1, 1]);
  });
});

describe('the settings of a run', () => {
  it('are shown whole, each once', () => {
    const shown = settingGroups.flatMap(({ keys }) => keys);
    expect([...shown].sort()).toEqual(Object.keys(RunSettings.shape).sort());
  });

  it('differ from its parent’s only where they do', () => {
    const changed = settings({ lambda: 0.3, earlyStopping: { patience: 2 } });
    expect(settingChanges(settings(), changed)).toEqual([
      { key: 'lambda', before: 1, after: 0.3 },
      { key: 'earlyStopping', before: null, after: { patience: 2 } },
    ]);
    expect(settingChanges(settings(), settings())).toEqual([]);
  });
});
