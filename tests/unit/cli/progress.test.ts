import { describe, expect, it } from 'vitest';
import { duration, progressLine } from '../../../electron/cli/progress.ts';
import { percent, table } from '../../../electron/cli/table.ts';
import type { JobRecord } from '../../../electron/contract/jobs.ts';

const job: JobRecord = {
  id: 'j',
  projectId: 'p',
  kind: 'train',
  subjectId: null,
  title: 'Train a',
  state: 'running',
  progress: { done: 25, total: 100, unit: 'steps', phase: 'working', rate: 2.5, secondsLeft: 90 },
  error: null,
  place: null,
  seq: 1,
  createdAt: '',
  startedAt: null,
  endedAt: null,
};

describe('a progress line', () => {
  it('says how far, what, how fast and how long', () => {
    expect(progressLine(job, 'label loss 1.0', 8)).toBe(
      'Train a [##......]  25/100 steps  label loss 1.0  2.5 steps/s  1:30 min left',
    );
  });

  it('leaves out what is not known', () => {
    const progress = { ...job.progress, total: null, rate: null, secondsLeft: null };
    expect(progressLine({ ...job, progress }, '', 8)).toBe('Train a  25 steps');
  });

  it('has no bar without a terminal, and stays whole when there is more done than expected', () => {
    const progress = { ...job.progress, done: 120, phase: 'evaluating' as const };
    expect(progressLine({ ...job, progress }, '', 0)).toMatch(
      /^Train a {2}120\/100 steps {2}evaluating/,
    );
    expect(progressLine({ ...job, progress }, '', 4)).toContain('[####]');
  });
});

it.each([
  [0, '0 s'],
  [59.4, '59 s'],
  [59.6, '1:00 min'],
  [185, '3:05 min'],
  [3_725, '1:02 h'],
])('%d seconds read %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

it('a table pads its columns, and numbers stand at the right', () => {
  expect(
    table(
      ['name', 'right'],
      [
        ['a', '10'],
        ['longer', '9'],
      ],
      ['left', 'right'],
    ),
  ).toBe(['  name    right', '  ------  -----', '  a          10', '  longer      9'].join('\n'));
});

it('shares are percentages with one decimal', () => {
  expect(percent(0.7406)).toBe('74.1%');
});
