import { describe, expect, it } from 'vitest';
import { Random } from '../../../electron/core/random.ts';
import { Arena, type AdamWSettings } from '../../../electron/model/optimizer.ts';

const settings: AdamWSettings = {
  learningRate: 1e-2,
  weightDecay: 0.1,
  betas: [0.9, 0.999],
  epsilon: 1e-8,
  step: 1,
  gradientScale: 1,
  form: 'torch',
};

/** Sizes that are and are not whole vectors. */
const sizes = new Map([
  ['one', 1],
  ['seven', 7],
  ['many', 1_000],
]);

function filled(seed: number): Arena {
  const arena = new Arena(sizes);
  const random = new Random(seed);
  for (const region of ['parameters', 'gradients'] as const) {
    for (const values of arena.views[region].values()) {
      for (let i = 0; i < values.length; i++) values[i] = random.normal();
    }
  }
  return arena;
}

const flat = (views: ReadonlyMap<string, Float32Array>): number[] =>
  [...views.values()].flatMap((values) => [...values]);

/** One element in float64, written as the two libraries' documentation gives it. */
function reference(
  state: { p: number; m: number; v: number },
  gradient: number,
  { learningRate: lr, weightDecay, betas, epsilon, step, gradientScale, form }: AdamWSettings,
): void {
  const g = gradient * gradientScale;
  state.m = betas[0] * state.m + (1 - betas[0]) * g;
  state.v = betas[1] * state.v + (1 - betas[1]) * g * g;
  const correction1 = 1 - betas[0] ** step;
  const correction2 = 1 - betas[1] ** step;
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
  for (const form of ['torch', 'transformers'] as const) {
    it(`follows the ${form} form in float64 over many steps`, () => {
      const arena = filled(1);
      const states = flat(arena.views.parameters).map((p) => ({ p, m: 0, v: 0 }));
      const random = new Random(2);
      for (let step = 1; step <= 30; step++) {
        const now = { ...settings, form, step, gradientScale: step % 3 === 0 ? 0.25 : 1 };
        for (const values of arena.views.gradients.values()) {
          for (let i = 0; i < values.length; i++) values[i] = random.normal();
        }
        flat(arena.views.gradients).forEach((gradient, index) => {
          const state = states[index];
          if (state !== undefined) reference(state, gradient, now);
        });
        arena.adamw(now);
      }
      const compare = (views: ReadonlyMap<string, Float32Array>, key: 'p' | 'm' | 'v'): void => {
        flat(views).forEach((value, index) => {
          expect(Math.abs(value - (states[index]?.[key] ?? Number.NaN)), key).toBeLessThan(5e-6);
        });
      };
      expect(states.length).toBe(1_008);
      compare(arena.views.parameters, 'p');
      compare(arena.views.firstMoments, 'm');
      compare(arena.views.secondMoments, 'v');
    });
  }

  it('tells the two forms apart when the gradient is as small as epsilon', () => {
    const moved = (form: AdamWSettings['form']): number => {
      const arena = new Arena(new Map([['p', 4]]));
      arena.views.gradients.get('p')?.fill(1e-8);
      arena.adamw({ ...settings, form });
      return arena.views.parameters.get('p')?.[0] ?? Number.NaN;
    };
    // torch: lr g / (g + eps); transformers: eps is added before sqrt(1 - beta2) is divided away.
    expect(moved('torch')).toBeCloseTo(-5e-3, 6);
    expect(moved('transformers')).toBeCloseTo(-1e-2 * (0.0316228 / 1.0316228), 6);
  });

  it('leaves gradients as they are', () => {
    const arena = filled(3);
    const before = flat(arena.views.gradients);
    arena.adamw({ ...settings, gradientScale: 0.5 });
    expect(flat(arena.views.gradients)).toEqual(before);
  });

  it('lets moments of rows that are never seen again reach zero', () => {
    const arena = filled(4);
    arena.adamw(settings);
    for (const values of arena.views.gradients.values()) values.fill(0);
    for (let step = 2; step <= 900; step++) arena.adamw({ ...settings, step });
    expect(flat(arena.views.firstMoments).every((value) => value === 0)).toBe(true);
    expect(flat(arena.views.secondMoments).some((value) => value > 0)).toBe(true);
  });
});

describe('the gradient norm', () => {
  it('is the L2 norm over all parameters', () => {
    const arena = filled(5);
    const expected = Math.sqrt(flat(arena.views.gradients).reduce((sum, g) => sum + g * g, 0));
    expect(Math.abs(arena.gradientNorm() / expected - 1)).toBeLessThan(1e-12);
  });

  it('is summed finely enough for a million equal gradients', () => {
    const arena = new Arena(new Map([['p', 2 ** 20]]));
    arena.views.gradients.get('p')?.fill(0.1);
    expect(Math.abs(arena.gradientNorm() / (Math.fround(0.1) * 1024) - 1)).toBeLessThan(1e-10);
  });
});

describe('the arena', () => {
  it('keeps tensors apart', () => {
    const arena = new Arena(sizes);
    let next = 1;
    for (const views of Object.values(arena.views)) {
      for (const values of views.values()) values.fill(next++);
    }
    let expected = 1;
    for (const views of Object.values(arena.views)) {
      for (const values of views.values()) {
        expect(values.every((value) => value === expected)).toBe(true);
        expected++;
      }
    }
    expect(expected).toBe(13);
  });

  it('says how large a student it cannot hold', () => {
    const build = () => new Arena(new Map([['p', 300_000_000]]));
    expect(build).toThrow('A student of 300 million parameters needs more than the 4 GiB');
  });
});
