import { describe, expect, it } from 'vitest';
import { Random } from '../../../../electron/core/random.ts';
import {
  TrainedParameters,
  type UpdateSettings,
} from '../../../../electron/model/optimizer/index.ts';
import { fill, filled, flat, largestDifference, region } from './support.ts';

const update: UpdateSettings = { learningRate: 1e-2, weightDecay: 0.1, clipNorm: null, step: 1 };
const forms = ['torch', 'transformers'] as const;
const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];

/** One element in float64, written as the two libraries' documentation gives it. */
function reference(
  state: { p: number; m: number; v: number },
  g: number,
  { learningRate: lr, weightDecay, step }: UpdateSettings,
  form: (typeof forms)[number],
): void {
  state.m = beta1 * state.m + (1 - beta1) * g;
  state.v = beta2 * state.v + (1 - beta2) * g * g;
  const correction1 = 1 - beta1 ** step;
  const correction2 = 1 - beta2 ** step;
  if (form === 'torch') {
    state.p -= lr * weightDecay * state.p;
    const [mHat, vHat] = [state.m / correction1, state.v / correction2];
    state.p -= (lr * mHat) / (Math.sqrt(vHat) + epsilon);
  } else {
    const stepSize = (lr * Math.sqrt(correction2)) / correction1;
    state.p -= (stepSize * state.m) / (Math.sqrt(state.v) + epsilon);
    state.p -= lr * weightDecay * state.p;
  }
}

describe('AdamW', () => {
  it.each(forms)('follows the %s form in float64 over many steps, clipped or not', (form) => {
    const parameters = filled(1, { kind: 'adamw', form });
    const states = flat(parameters.values()).map((p) => ({ p, m: 0, v: 0 }));
    const random = new Random(2);
    for (let step = 1; step <= 30; step++) {
      fill(parameters.gradients(), random);
      parameters.gradientsChanged();
      const clipNorm = step % 3 === 0 ? 2 : null;
      const norm = Math.hypot(...flat(parameters.gradients()));
      const scale = clipNorm === null ? 1 : clipNorm / (norm + 1e-6);
      const now = { ...update, step, clipNorm };
      flat(parameters.gradients()).forEach((gradient, index) => {
        const state = states[index];
        if (state !== undefined) reference(state, gradient * scale, now, form);
      });
      parameters.update(now);
    }
    expect(states.length).toBe(717);
    const of = (key: 'p' | 'm' | 'v'): number[] => states.map((state) => state[key]);
    expect(largestDifference(flat(parameters.values()), of('p'))).toBeLessThan(5e-6);
    expect(largestDifference(flat(region(parameters, 'first')), of('m'))).toBeLessThan(5e-6);
    expect(largestDifference(flat(region(parameters, 'second')), of('v'))).toBeLessThan(5e-6);
  });

  it('tells the two forms apart when the gradient is as small as epsilon', () => {
    const moved = (form: (typeof forms)[number]): number => {
      const parameters = new TrainedParameters(new Map([['p', [4]]]), { kind: 'adamw', form });
      parameters.gradients().get('p')?.fill(1e-8);
      parameters.update(update);
      return parameters.values().get('p')?.[0] ?? Number.NaN;
    };
    // torch: lr g / (g + eps); transformers: eps is added before sqrt(1 - beta2) is divided away.
    expect(moved('torch')).toBeCloseTo(-5e-3, 6);
    expect(moved('transformers')).toBeCloseTo(-1e-2 * (0.0316228 / 1.0316228), 6);
  });

  it('takes other constants', () => {
    const settings = { kind: 'adamw', betas: [0, 0], epsilon: 1 } as const;
    const parameters = new TrainedParameters(new Map([['p', [1]]]), settings);
    parameters.gradients().get('p')?.fill(3);
    parameters.update({ ...update, weightDecay: 0 });
    // Without memory the step is lr g / (|g| + epsilon).
    expect(parameters.values().get('p')?.[0]).toBeCloseTo(-1e-2 * (3 / 4), 8);
  });

  it('lets moments of rows that are never seen again reach zero', () => {
    const parameters = filled(4, { kind: 'adamw' });
    parameters.update(update);
    for (const values of parameters.gradients().values()) values.fill(0);
    parameters.gradientsChanged();
    for (let step = 2; step <= 900; step++) parameters.update({ ...update, step });
    expect(flat(region(parameters, 'first')).every((value) => value === 0)).toBe(true);
    expect(flat(region(parameters, 'second')).some((value) => value > 0)).toBe(true);
  });
});
