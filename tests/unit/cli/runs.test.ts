import { describe, expect, it } from 'vitest';
import type { Preflight, Run } from '../../../electron/contract/entities.ts';
import type { JobRecord } from '../../../electron/contract/jobs.ts';
import { bytes, preflightLines } from '../../../electron/cli/commands/preflight.ts';
import { describeRun } from '../../../electron/cli/commands/runs.ts';
import { runSettings } from '../model/support.ts';

const at = '2026-01-01T00:00:00.000Z';
const run = (changes: Partial<Run>): Run => ({
  ...{ id: 'r', projectId: 'p', splitId: 's', extractionId: null, name: 'run 1' },
  ...{ settings: runSettings(), settingsHash: 'x', jobId: 'j', studyId: null, parentId: null },
  ...{ trainRows: 1, rationaleRows: 0, parameters: null, engine: null, bestStep: null },
  ...{ bestValidation: null, ended: null, imported: false, createdAt: at },
  ...changes,
});
const job: JobRecord = {
  ...{ id: 'j', projectId: 'p', kind: 'train', subjectId: 'r', title: 'Train run 1' },
  ...{ state: 'paused', place: null, seq: 1, error: null, createdAt: at, startedAt: at },
  progress: {
    ...{ done: 1, total: 2, unit: 'steps', phase: 'working', rate: null, secondsLeft: null },
  },
  endedAt: null,
};

describe('a run in the list', () => {
  it('has its job’s state, and how it ended', () => {
    expect(describeRun(run({}), [job])).toMatchObject({ state: 'paused', end: '' });
    const ended = { reason: 'early-stopping', step: 40, at } as const;
    expect(describeRun(run({ ended }), [{ ...job, state: 'succeeded' }])).toMatchObject({
      ...{ state: 'succeeded', end: 'stopped early (step 40)' },
    });
    expect(describeRun(run({ jobId: null, studyId: 's' }), []).state).toBe('part of a study');
  });

  it('that was imported says so, and where nothing is known of its training', () => {
    const ended = { reason: 'steps-done', step: 40, at } as const;
    const imported = run({ imported: true, jobId: null, ended });
    expect(describeRun(imported, [])).toMatchObject({ state: 'imported', end: '' });
    const stranger = { ...imported, trainRows: 0, ended: { ...ended, step: 0 } };
    expect(describeRun(stranger, [])).toMatchObject({
      ...{ state: 'imported', end: 'how it was trained is not known here' },
    });
  });
});

const preflight: Preflight = {
  ...{ engine: 'cpu', device: 'A processor', threads: 2, parameters: 1_000_000, trainable: 40_000 },
  batch: {
    ...{ wanted: 16, size: 4, accumulate: 4 },
    tried: [
      { rows: 4, bytes: 1e9, fits: true },
      { rows: 8, bytes: 9e9, fits: false },
    ],
  },
  memory: { needed: 1e9, available: 2e9, total: 4e9 },
  time: { step: 0.5, timedSteps: 5, evaluation: 3, total: 3_700, epochs: 2, busy: true },
  disk: { folder: '/w', bytes: 3e7, free: 2e7 },
  cut: { rows: 3, inputs: 1, labels: 0, rationales: 2 },
};

describe('what a preflight says', () => {
  it('has size, memory, time, disk and what is cut', () => {
    const text = preflightLines(preflight, runSettings({ batchSize: 16, steps: 100 })).join('\n');
    expect(text).toContain('1,000,000 parameters, 40,000 of them trained');
    expect(text).toContain('For 16 rows a step: --batch-size 4 --accumulate 4');
    expect(text).toContain('about 1:01 h for 100 steps');
    expect(text).toContain('Something else was computing meanwhile');
    expect(text).toContain('more than is free');
    expect(text).toContain('Cut, of 3 rows: 1 inputs, 0 labels, 2 rationales');
  });

  it('says so where nothing fits, and gives no time', () => {
    const tried = [{ rows: 1, bytes: 9e9, fits: false }];
    const nothing = {
      ...preflight,
      batch: { ...preflight.batch, tried },
      time: { ...preflight.time, timedSteps: 0, total: 0 },
    };
    const text = preflightLines(nothing, runSettings()).join('\n');
    expect(text).toContain('not even one row at a time fits');
    expect(text).toContain('Time: not known');
  });

  it('writes bytes as people read them', () => {
    expect([2_500, 2.5e6, 2.5e9].map(bytes)).toEqual(['3 kB', '3 MB', '2.5 GB']);
  });
});
