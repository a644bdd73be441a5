import { describe, expect, it } from 'vitest';
import type { StudyPlan } from '../../../electron/contract/entities.ts';
import { planRuns } from '../../../electron/stages/study/index.ts';
import { bakeOff, dataSize, distill, finetune, settings, stepByStep, sweep } from './settings.ts';

const shortly = (plan: StudyPlan) =>
  planRuns(plan).map(({ method, labelSource, seed, trainShare }) => [
    `${method} ${labelSource}`,
    seed,
    trainShare,
  ]);

const refused = (plan: StudyPlan, sentence: RegExp) =>
  expect(() => planRuns(plan)).toThrow(
    expect.objectContaining({ code: 'invalid-input', message: expect.stringMatching(sentence) }),
  );

describe('a bake-off', () => {
  it('trains seed by seed over all arms', () => {
    expect(shortly(bakeOff({ arms: [finetune, distill, stepByStep] }))).toEqual([
      ['finetune gold', 1, 1],
      ['distill teacher', 1, 1],
      ['step-by-step gold', 1, 1],
      ['finetune gold', 2, 1],
      ['distill teacher', 2, 1],
      ['step-by-step gold', 2, 1],
    ]);
  });

  it('fine-tunes on gold labels and distills those of the teacher, whatever is asked for', () => {
    const arms = [
      { method: 'finetune', labelSource: 'teacher' },
      { method: 'distill', labelSource: 'gold' },
    ];
    expect(shortly(bakeOff({ arms, seeds: [1] }))).toEqual([
      ['finetune gold', 1, 1],
      ['distill teacher', 1, 1],
    ]);
  });

  it('differs in method, label and seed alone, but for what a method has no use for', () => {
    const shared = settings({ mutualInformation: 0.1, rationaleDropout: 0.2, rationaleCap: 8 });
    const [plain, explained] = planRuns(bakeOff({ settings: shared, seeds: [1] }));
    expect(explained).toEqual({ ...shared, seed: 1 });
    expect(plain).toEqual({
      ...shared,
      ...{ method: 'finetune', seed: 1 },
      ...{ mutualInformation: 0, rationaleDropout: 0, rationaleCap: null },
    });
  });

  it('is refused when it names something twice', () => {
    const both = [finetune, { method: 'finetune', labelSource: 'teacher' }];
    refused(bakeOff({ arms: both }), /names finetune twice/);
    refused(bakeOff({ arms: [stepByStep, stepByStep] }), /step-by-step \(gold\) twice/);
    refused(bakeOff({ seeds: [1, 2, 1] }), /seed 1 twice/);
  });
});

describe('a data-size curve', () => {
  it('goes from small shares to large ones within a seed', () => {
    expect(shortly(dataSize({ arms: [finetune], seeds: [1, 2] }))).toEqual([
      ['finetune gold', 1, 0.25],
      ['finetune gold', 1, 0.5],
      ['finetune gold', 1, 1],
      ['finetune gold', 2, 0.25],
      ['finetune gold', 2, 0.5],
      ['finetune gold', 2, 1],
    ]);
  });

  it('is refused when a share comes twice, or for too many runs', () => {
    refused(dataSize({ shares: [0.5, 0.5] }), /50% of the rows twice/);
    const arms = ['gold', 'teacher'].flatMap((labelSource) =>
      ['step-by-step', 'single-task', 'rationale-input'].map((method) => ({ method, labelSource })),
    );
    const seeds = Array.from({ length: 20 }, (_, seed) => seed);
    refused(dataSize({ arms, seeds, shares: [0.1, 0.2, 0.4, 0.6, 1] }), /600 runs; 500/);
  });
});

describe('a sweep', () => {
  const list = (key: string, values: number[]) => ({ kind: 'list', key, values });
  const range = (key: string, low: number, high: number, scale = 'linear') => ({
    ...{ kind: 'range', key, low, high, scale },
  });
  const random = (trials: number, seed = 1) => ({ kind: 'random', trials, seed });

  it('as a grid tries every combination, the last setting turning fastest', () => {
    const axes = [list('learningRate', [1e-3, 1e-4]), list('lambda', [0.5, 1, 2])];
    const tried = planRuns(sweep({ axes })).map(({ learningRate, lambda }) => [
      learningRate,
      lambda,
    ]);
    expect(tried).toEqual([
      ...[0.5, 1, 2].map((lambda) => [1e-3, lambda]),
      ...[0.5, 1, 2].map((lambda) => [1e-4, lambda]),
    ]);
  });

  it('as a random search draws different trials, the same ones for a seed', () => {
    const axes = [range('learningRate', 1e-5, 1e-2, 'log'), list('batchSize', [8, 16])];
    const plan = sweep({ axes, search: random(40) });
    const trials = planRuns(plan);
    expect(trials).toEqual(planRuns(plan));
    expect(trials).not.toEqual(planRuns(sweep({ axes, search: random(40, 2) })));
    const rates = trials.map(({ learningRate }) => learningRate);
    expect(new Set(rates).size).toBe(40);
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(1e-5);
    expect(Math.max(...rates)).toBeLessThanOrEqual(1e-2);
    // On a logarithmic scale a third lies in each power of ten.
    const middle = rates.filter((rate) => rate > 1e-4 && rate < 1e-3).length;
    expect(middle).toBeGreaterThan(6);
    expect(middle).toBeLessThan(21);
    expect(rates.every((rate) => rate === Number(rate.toPrecision(3)))).toBe(true);
    expect(new Set(trials.map(({ batchSize }) => batchSize))).toEqual(new Set([8, 16]));
  });

  it('draws whole numbers of rows and steps, and evaluates a short trial once at its end', () => {
    const axes = [range('batchSize', 1, 64, 'log'), range('steps', 1, 100)];
    for (const trial of planRuns(sweep({ axes, search: random(30) }))) {
      expect(Number.isInteger(trial.batchSize) && Number.isInteger(trial.steps)).toBe(true);
      expect(trial.evaluateEvery).toBeLessThanOrEqual(trial.steps);
    }
  });

  it.each([
    [[list('lambda', [1]), list('lambda', [2])], /varies lambda twice/],
    [[list('lambda', [1, 1])], /lambda 1 twice/],
    [[list('learningRate', [0])], /learningRate 0/],
    [[list('batchSize', [2.5])], /batchSize 2.5/],
    [[list('dropout', [1])], /dropout 1/],
    [[range('lambda', 1, 2)], /grid tries listed values/],
  ])('as a grid is refused for values that make no sense', (axes, sentence) => {
    refused(sweep({ axes }), sentence);
  });

  it.each([
    [[range('lambda', 2, 1)], /ends at 1/],
    [[range('lambda', 0, 1, 'log')], /can't begin at 0/],
    [[range('learningRate', 0.1, 7)], /learningRate 7/],
    [[list('lambda', [1, 2]), list('dropout', [0, 0.1])], /5 different trials finds only 4/],
    [[range('batchSize', 1, 2)], /5 different trials finds only 2/],
  ])('as a random search is refused for values that make no sense', (axes, sentence) => {
    refused(sweep({ axes, search: random(5) }), sentence);
  });

  it('is refused for a setting that its method does not look at', () => {
    const axes = [list('lambda', [1, 2])];
    refused(sweep({ arm: finetune, axes }), /finetune has no use for lambda/);
    refused(sweep({ arm: { ...stepByStep, method: 'single-task' }, axes }), /no use for lambda/);
    const dropout = [list('rationaleDropout', [0, 0.5])];
    expect(
      planRuns(sweep({ arm: { ...stepByStep, method: 'single-task' }, axes: dropout })),
    ).toHaveLength(2);
    refused(sweep({ arm: distill, axes: dropout }), /distill has no use for rationaleDropout/);
  });

  it('is refused for too many combinations', () => {
    const twenty = Array.from({ length: 20 }, (_, index) => (index + 1) / 100);
    const axes = [list('lambda', twenty), list('learningRate', twenty), list('dropout', twenty)];
    refused(sweep({ axes }), /8000 combinations; 500/);
  });
});
