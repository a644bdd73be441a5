import { describe, expect, it } from 'vitest';
import { endOf, isEvaluated, isKept, judge } from '../../../electron/model/stopping.ts';
import type { Standing } from '../../../electron/model/stopping.ts';

const fresh: Standing = { best: null, stale: 0 };

/** After evaluations at steps 10, 20, … */
function after(validations: readonly number[], doubtfulFrom = Infinity): Standing {
  return validations.reduce<Standing>((standing, validation, index) => {
    const step = 10 * (index + 1);
    const { best, stale } = judge(standing, { step, validation, doubtful: step >= doubtfulFrom });
    return { best, stale };
  }, fresh);
}

describe('judge', () => {
  it('keeps the highest, the later among equals, and counts those that are no better', () => {
    expect(after([0.2, 0.5, 0.4])).toEqual({ best: { step: 20, validation: 0.5 }, stale: 1 });
    expect(after([0.2, 0.5, 0.5, 0.5])).toEqual({ best: { step: 40, validation: 0.5 }, stale: 2 });
    expect(after([0.2, 0.1, 0.1, 0.3])).toEqual({ best: { step: 40, validation: 0.3 }, stale: 0 });
  });

  it('puts no student whose loss runs away before a good one, but before none', () => {
    expect(after([0.2, 0.2, 0.9], 20)).toEqual({ best: { step: 10, validation: 0.2 }, stale: 2 });
    expect(after([0], 10)).toEqual({ best: { step: 10, validation: 0 }, stale: 0 });
  });
});

describe('endOf', () => {
  const settings = { steps: 100, earlyStopping: { patience: 3 } };

  it('ends when the steps are done, or patience is', () => {
    expect(endOf({ step: 99, stale: 2, unevaluated: null }, settings)).toBeNull();
    expect(endOf({ step: 99, stale: 3, unevaluated: null }, settings)).toBe('early-stopping');
    expect(endOf({ step: 100, stale: 3, unevaluated: null }, settings)).toBe('steps-done');
    const patient = { ...settings, earlyStopping: null };
    expect(endOf({ step: 99, stale: 50, unevaluated: null }, patient)).toBeNull();
  });

  it('waits for an evaluation that is due', () => {
    const point = {
      ...{ step: 100, labelLoss: 1, rationaleLoss: null, loss: 1, learningRate: 1 },
      ...{ gradientNorm: 1, tokensPerSecond: 1, validation: null, memoryBytes: null },
      ...{ mutualInformation: null, balance: null },
    };
    expect(endOf({ step: 100, stale: 3, unevaluated: point }, settings)).toBeNull();
  });
});

it('evaluates every n-th step and the last, and keeps every m-th of these', () => {
  const settings = { steps: 23, evaluateEvery: 5, keepEvery: 2 };
  const steps = Array.from({ length: 23 }, (_unused, index) => index + 1);
  expect(steps.filter((step) => isEvaluated(step, settings))).toEqual([5, 10, 15, 20, 23]);
  expect(steps.filter((step) => isKept(step, settings))).toEqual([10, 20]);
  expect(steps.some((step) => isKept(step, { ...settings, keepEvery: null }))).toBe(false);
});
