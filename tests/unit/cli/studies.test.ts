import { describe, expect, it } from 'vitest';
import type { Interval, StudyResult } from '../../../electron/contract/entities.ts';
import {
  readArms,
  readAxis,
  readSeeds,
  readShares,
  seedsOf,
} from '../../../electron/cli/study-options.ts';
import { studyReport } from '../../../electron/cli/study-report.ts';
import { studyForScripts } from '../../../electron/cli/study-scripts.ts';
import { verdictOf } from '../../../electron/core/study-statistics.ts';
import { wilson } from '../../../electron/core/statistics.ts';
import { bakeOff, distill, finetune, stepByStep } from '../study/settings.ts';

describe('the options of studies', () => {
  it('read methods with their labels, and without', () => {
    expect(readArms('finetune, step-by-step:teacher')).toEqual([
      { method: 'finetune', labelSource: null },
      { method: 'step-by-step', labelSource: 'teacher' },
    ]);
    expect(() => readArms('finetune,quick')).toThrow(/--methods takes finetune/);
    expect(() => readArms('step-by-step:silver')).toThrow(/gold, teacher; “silver”/);
  });

  it('read a number of seeds, or which', () => {
    expect(seedsOf(readSeeds('3'), 7)).toEqual([7, 8, 9]);
    expect(seedsOf(readSeeds('1,2,5'), 7)).toEqual([1, 2, 5]);
    expect(seedsOf(readSeeds('4,'), 7)).toEqual([4]);
    expect(() => readSeeds('0')).toThrow(/--seeds takes/);
    expect(() => readSeeds('1,x')).toThrow(/--seeds takes/);
  });

  it('read shares in percent', () => {
    expect(readShares('12.5,100')).toEqual([0.125, 1]);
    expect(() => readShares('50,101')).toThrow(/--shares takes/);
  });

  it('read what a sweep varies', () => {
    expect(readAxis('learning-rate=0.001,1e-4')).toEqual({
      ...{ kind: 'list', key: 'learningRate', values: [0.001, 1e-4] },
    });
    expect(readAxis('dropout=0..0.3')).toMatchObject({ low: 0, high: 0.3, scale: 'linear' });
    expect(readAxis('learning-rate=1e-5..1e-2:log')).toMatchObject({ low: 1e-5, scale: 'log' });
    expect(() => readAxis('seed=1,2')).toThrow(/not SETTING=VALUES/);
    expect(() => readAxis('lambda')).toThrow(/not SETTING=VALUES/);
    expect(() => readAxis('lambda=a')).toThrow(/--vary lambda takes/);
    expect(() => readAxis('lambda=1..2:cubic')).toThrow(/linear, log/);
  });
});

type Comparison = Extract<StudyResult, { kind: 'comparison' }>;

const between = (low: number, high: number): Interval => ({ value: (low + high) / 2, low, high });
const compared = (
  a: Comparison['comparisons'][number]['a'],
  b: Comparison['comparisons'][number]['b'],
  difference: Interval,
) => ({ a, b, difference, verdict: verdictOf(difference, 0.02, 10_000) });

const at = (arm: typeof stepByStep, share: number) => ({ arm, share });
const cell = (arm: typeof stepByStep, share: number, seeds: number) => ({
  ...at(arm, share),
  ...{ rows: 1_600 * share, mean: between(0.7, 0.8), seconds: 61 },
  scores: Array.from({ length: seeds }, (_, seed) => ({
    ...{ runId: `run ${seed}`, seed, score: wilson(150, 200) },
  })),
});
const result = (more: Partial<Comparison>): Comparison => ({
  ...{ kind: 'comparison', studyId: 's', complete: true, part: 'test', rows: 200, margin: 0.02 },
  ...{ looks: 2, teacher: null, comparisons: [], matches: [], growth: [] },
  cells: [cell(finetune, 1, 3), cell(stepByStep, 1, 3)],
  ...more,
});
const pair = (difference: Interval) =>
  studyReport(result({ comparisons: [compared(at(stepByStep, 1), at(finetune, 1), difference)] }));

describe('the printed result', () => {
  it('calls a gain real only where its interval leaves out 0', () => {
    expect(pair(between(0.01, 0.09))).toContain(
      'step-by-step (gold labels) is better than finetune: +5.0 points (+1.0 to +9.0).',
    );
    expect(pair(between(-0.03, 0.07))).toMatch(/Not shown which is better.*\+2\.0 points \(-3\.0/);
    expect(pair(between(-0.01, 0.07))).toContain('is no worse than finetune by 2 points or more');
    expect(pair(between(-0.09, -0.01))).toContain('is worse than finetune');
    expect(pair(between(-0.03, 0.07))).not.toContain('is better than');
  });

  it('says whether seeds were varied, and how often the test part was looked at', () => {
    expect(studyReport(result({}))).toContain('intervals are over rows and seeds');
    const one = result({ cells: [cell(finetune, 1, 1)], looks: 1 });
    expect(studyReport(one)).toContain('Seeds were not varied');
    expect(studyReport(one)).toContain('looked at once');
    expect(studyReport(result({ part: 'validation' }))).not.toContain('looked at');
  });

  it('says of a method that it needs the teacher to predict', () => {
    const arm = { method: 'rationale-input' as const, labelSource: 'gold' as const };
    const cells = [cell(arm, 1, 3), cell(finetune, 1, 3)];
    expect(studyReport(result({ cells }))).toContain('it needs the teacher to predict, too');
  });

  const matching = (half: Interval, quarter: Interval) =>
    studyReport(
      result({
        cells: [...[0.25, 0.5, 1].map((share) => cell(stepByStep, share, 3)), cell(finetune, 1, 3)],
        matches: [
          compared(at(stepByStep, 0.25), at(finetune, 1), quarter),
          compared(at(stepByStep, 0.5), at(finetune, 1), half),
        ],
      }),
    );

  it('says that fewer rows match all of them only where it is shown', () => {
    expect(matching(between(-0.01, 0.03), between(-0.06, 0.02))).toContain(
      'step-by-step (gold labels) at 50% (800 rows) matches finetune at 100% (1600 rows): +1.0 points (-1.0 to +3.0), margin 2 points.',
    );
    expect(matching(between(-0.01, 0.03), between(-0.01, 0.03))).toContain('at 25% (400 rows)');
    expect(matching(between(0.01, 0.03), between(-0.06, 0.02))).toContain(', and does better');
    // A small share that seems enough where a larger one does not is chance.
    const odd = matching(between(-0.06, 0.02), between(-0.01, 0.03));
    expect(odd).toContain('Not shown that step-by-step (gold labels) at 50%');
    expect(odd).not.toContain('at 25% (400 rows) matches');
  });

  it('tells what more rows are worth', () => {
    const growth = (advice: 'more' | 'enough' | 'unclear', costPerRationale: number | null) =>
      studyReport(
        result({
          growth: [
            {
              ...{ arm: distill, advice, costPerRationale, perDoubling: between(0.02, 0.08) },
              last: { fromRows: 800, toRows: 1_600, gain: between(0.02, 0.1) },
            },
          ],
        }),
      );
    expect(growth('more', 0.001)).toContain('More rows are worth having. As many answers again');
    expect(growth('more', 0.001)).toContain('$1.60');
    expect(growth('enough', null)).toContain('less than the margin');
    expect(growth('unclear', null)).toContain('is not shown');
    expect(growth('unclear', null)).not.toContain('$');
    expect(growth('unclear', null)).toContain('from 800 to 1600 rows +6.0 points');
  });

  it('of a study that is under way says so', () => {
    expect(studyReport(result({ complete: false }))).toContain('has not come to its end');
    const nothing = result({ cells: [{ ...cell(finetune, 1, 1), mean: null }] });
    expect(studyReport(nothing)).toBe('No run of this study has been decoded yet.');
  });

  it('of a sweep warns that the best of many is partly luck', () => {
    const trial = (runId: string, correct: number) => ({
      ...{ runId, validation: wilson(correct, 50), step: 4, ended: 'steps-done' as const },
      values: [{ key: 'learningRate' as const, value: 0.001 }],
    });
    const text = studyReport({
      ...{ kind: 'sweep', studyId: 's', complete: true, rows: 50, bestRunId: 'b' },
      trials: [trial('a', 20), trial('b', 30)],
      lead: { difference: between(-0.1, 0.3), verdict: 'not-shown' },
    });
    expect(text).toMatch(/best +0\.001 +60\.0%/);
    expect(text).toContain('partly luck');
    expect(text).toContain('it is not shown that the best is better');
  });
});

it('scripts get the figures under names that stay', () => {
  const study = {
    ...{ id: 's', projectId: 'p', splitId: 't', extractionId: null, name: 'bake-off 1' },
    ...{ plan: bakeOff(), jobId: null, currentRunId: null, createdAt: '' },
    runs: { planned: 6, ended: 6 },
  };
  const found = studyForScripts({
    study,
    result: result({
      comparisons: [compared(at(stepByStep, 1), at(finetune, 1), between(0.01, 0.09))],
    }),
  });
  expect(found).toMatchObject({
    ...{ study: 'bake-off 1', kind: 'bake-off', runs: 6, complete: true, rows: 200, part: 'test' },
    comparisons: [
      {
        a: { method: 'step-by-step', labels: 'gold', share: 1 },
        ...{ low: 0.01, high: 0.09, verdict: 'better' },
      },
    ],
  });
  expect(found).toHaveProperty('cells.0.seeds.0', { seed: 0, run: 'run 0', accuracy: 0.75 });
});
