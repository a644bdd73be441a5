import { describe, expect, it } from 'vitest';
import { presetDefaults } from '../../../electron/model/presets.ts';
import { evaluationInterval, suggestLearning } from '../../../electron/stages/train/learning.ts';
import type { LearningInput } from '../../../electron/stages/train/learning.ts';

const GB = 1e9;
const folder = (
  parameters: number,
  changes: Partial<LearningInput> & { needs?: number } = {},
): LearningInput => ({
  ...{ preset: 'folder', lora: false, rows: 1_600 },
  ...changes,
  student: {
    parameters,
    trainingBytes: { full: changes.needs ?? GB, lora: GB / 4 },
    memoryBytes: { available: 8 * GB, total: 16 * GB },
  },
});

describe('how a student from scratch learns', () => {
  it('micro keeps its measured recipe whatever the rows', () => {
    for (const rows of [1, 1_600, 1_000_000]) {
      const learning = suggestLearning({ preset: 'micro', student: null, lora: false, rows });
      expect(learning).toEqual({
        ...presetDefaults.micro,
        ...{ optimizer: 'adamw', schedule: 'linear', accumulate: 1, dropout: 0 },
        ...{ earlyStopping: null, lora: null },
      });
    }
  });

  it('larger ones see rows ten times, within bounds, and stop early when that is long', () => {
    const steps = (rows: number) =>
      suggestLearning({ preset: 'mini', student: null, lora: false, rows });
    expect(steps(100).steps).toBe(presetDefaults.mini.steps);
    expect(steps(100).evaluateEvery).toBe(presetDefaults.mini.evaluateEvery);
    expect(steps(16_000)).toMatchObject({ steps: 10_000, earlyStopping: { patience: 5 } });
    expect(steps(10_000_000).steps).toBe(20_000);
  });

  it('adapters get ten times the rate', () => {
    const whole = suggestLearning({ preset: 'micro', student: null, lora: false, rows: 10 });
    const adapted = suggestLearning({ preset: 'micro', student: null, lora: true, rows: 10 });
    expect(adapted.learningRate).toBeCloseTo(10 * whole.learningRate);
    expect(adapted.lora).toEqual({ rank: 16, alpha: 32 });
  });
});

describe('how a pretrained student learns', () => {
  it.each([
    [60e6, 3e-4, 1e-3],
    [250e6, 1e-4, 1e-3],
    [780e6, 5e-5, 5e-4],
  ])('%d parameters: %d, with adapters %d', (parameters, whole, adapted) => {
    expect(suggestLearning(folder(parameters)).learningRate).toBeCloseTo(whole);
    expect(suggestLearning(folder(parameters, { lora: true })).learningRate).toBeCloseTo(adapted);
  });

  it('has 32 rows a step, dropout, early stopping and steps by rows', () => {
    for (const parameters of [60e6, 780e6]) {
      const { batchSize, accumulate, dropout, earlyStopping } = suggestLearning(folder(parameters));
      expect(batchSize * accumulate).toBe(32);
      expect({ dropout, earlyStopping }).toEqual({ dropout: 0.1, earlyStopping: { patience: 5 } });
    }
    const steps = (rows: number) => suggestLearning(folder(60e6, { rows })).steps;
    expect([steps(10), steps(1_600), steps(1_000_000)]).toEqual([500, 1_500, 10_000]);
  });

  it('takes Adafactor at a constant rate where AdamW does not fit, and adapters never do', () => {
    const tight = { needs: 7 * GB };
    expect(suggestLearning(folder(780e6, tight))).toMatchObject({
      ...{ optimizer: 'adafactor', learningRate: 1e-3, schedule: 'constant' },
    });
    expect(suggestLearning(folder(780e6, { ...tight, lora: true })).optimizer).toBe('adamw');
  });
});

it('evaluates about fourteen times, at round numbers', () => {
  for (let steps = 100; steps <= 20_000; steps += 100) {
    const every = evaluationInterval(steps);
    const evaluations = Math.ceil(steps / every);
    expect(evaluations, `${steps}`).toBeGreaterThanOrEqual(10);
    expect(evaluations, `${steps}`).toBeLessThanOrEqual(20);
  }
  expect([1, 5, 12].map(evaluationInterval)).toEqual([1, 1, 1]);
});
